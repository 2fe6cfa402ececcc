"""Labels for what has no name of its own: documents, and parts of documents."""

from __future__ import annotations

import re

from extract.model import ENTITY_KINDS, REPLY_KINDS, Extraction, Kind, Letter
from extract.text.normalize import print_line
from kg.rdf.identifiers import find_answered_proposals, load_document_forms

_LONGEST = 40
"""Largest number of code points of a label made of running text."""
_SHORTEST = 6
"""Number of code points before which no clause ends: 下一步 alone is no label."""
_CLAUSE_END = re.compile(r"[。；;！!？?]|[,，：:](?!(?<=\d.)\d)")
"""A comma inside a number (12，345.6万元) ends no clause."""
_CUT_NUMBER = re.compile(r"[\d.,，、]+$")
"""A number at the end of a label that is cut, which may not be whole."""


def shorten_text(text: str) -> str:
    """Return the first clause of *text* that is long enough for a label, on one line, cut if it is too long."""
    flat = print_line(text)
    end = next((m.start() for m in _CLAUSE_END.finditer(flat) if m.start() >= _SHORTEST), len(flat))
    if end > _LONGEST:
        return _CUT_NUMBER.sub("", flat[: _LONGEST - 1]) + "…"
    return flat[:end].rstrip("，,。；;：:") or flat


def label_document(letter: Letter, extraction: Extraction) -> str:
    """Return the label of a document: its title or number; for a reply its issuer and the proposals it answers."""
    forms = load_document_forms()["label"]
    if letter.kind in REPLY_KINDS:
        return _label_reply(letter, extraction)
    if title := letter.get_value("title"):
        return str(forms[letter.kind.value]).format(title=title)
    if letter.kind is not Kind.PROPOSAL:  # its first words are no title: 为贯彻落实…
        number, name = letter.get_value("documentNumber"), extraction.source.id.rpartition("/")[2]
        return str(forms["untitled"]).format(name=number or name)
    number = letter.get_value("proposalNumber") or ""
    return str(forms["Proposal_numbered" if number else "Proposal_unknown"]).format(number=number)


def _label_reply(letter: Letter, extraction: Extraction) -> str:
    forms = load_document_forms()["label"]
    by_id: dict[str, Letter] = {other.id: other for other in extraction.outline.letters}
    answered = [by_id[ident] for ident in find_answered_proposals(letter, extraction)]
    about = forms["separator"].join(_name_proposal(proposal) for proposal in answered) or forms["about_unknown"]
    entities: dict[str, str] = {
        entity.id: entity.label
        for entity in extraction.entities if entity.kind in ENTITY_KINDS
    }  # fmt: skip
    issuers = [
        entities[relation.object]
        for relation in extraction.relations
        if relation.subject == letter.id and relation.predicate == "issuedBy" and relation.object in entities
    ]
    issuer = forms["separator"].join(dict.fromkeys(issuers)) or letter.get_value("issuedBy") or forms["issuer_unknown"]
    return str(forms[letter.kind.value]).format(issuer=issuer, about=about)


def _name_proposal(proposal: Letter) -> str:
    forms = load_document_forms()["label"]
    if number := proposal.get_value("proposalNumber"):
        return str(forms["about_numbered"]).format(number=number)
    if title := proposal.get_value("title"):
        return str(forms["about_titled"]).format(title=title)
    return str(forms["about_unknown"])
