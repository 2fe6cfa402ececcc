"""Which IRI each thing of an extraction has: from class, place and name, never from what was built before.

source/2023/20230368.txt                   the text (and its named graph)
agency/澄溪市水利局                         things, by class, place (where the name alone does not do) and name
proposal/澄溪市/cppcc/20230368              proposals, by place, body and number (or title)
reply/澄溪市水利局/20230368/2023-06-19      replies, by issuer, proposals and date
…/20230368#suggestion-1f0a3b22c9           parts and figures, by what they say
…/20230368.txt#char=10,25                  quoted words (RFC 5147)
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from extract.model import REPLIES, Entity, Extraction, Figure, Kind, Letter, Part, Span
from kg.rdf import iri

_CITY_ROLES = ("leadAgency", "issuedBy", "coAgency", "addressedTo", "submittedBy")
"""Relations of a proposal, then of its replies, whose object tells where the proposal was made; the surest first."""
_LONG_NUMBER = 6
"""Digits from which a proposal's number holds its year, and needs no session to be unique."""
_MANY = 3
"""Proposals named in the IRI of a reply; more of them become a digest."""


@dataclass(frozen=True, slots=True)
class Names:
    """The IRIs of one extraction."""

    context: str
    """The source's text, and the named graph."""
    things: Mapping[str, str]
    """By id of Letter, Part, Entity and Figure."""
    same: Mapping[str, str]
    """Id of the Entity that a Letter is, for policy texts."""

    def span(self, span: Span) -> str:
        """The IRI of quoted words (RFC 5147)."""
        return f"{self.context}#char={span.begin},{span.end}"

    def evidence(self, subject: str, predicate: str, obj: str) -> str:
        """The IRI of what backs a statement in this source."""
        return f"{self.context}#e-{iri.digest(subject, predicate, obj, size=12)}"


@cache
def settings() -> Mapping[str, Any]:
    """``data/documents.toml``: how documents are called and told apart."""
    return tomllib.loads((Path(__file__).parent / "documents.toml").read_text(encoding="utf-8"))


def context_iri(source_id: str, base: str = iri.BASE) -> str:
    """The IRI of a source's text, which also names its graph."""
    segments = [iri.encode(unicodedata.normalize("NFC", s)) for s in source_id.split("/")]
    return f"{base}source/" + "/".join(s.replace(".", "%2E") if set(s) <= {"."} else s for s in segments)


def mint(extraction: Extraction, base: str = iri.BASE) -> Names:
    """Name all things of *extraction*."""
    context = context_iri(extraction.source.id, base)
    entities = [(e.id, _entity(e, base), f"{e.jurisdiction}\0{e.label}") for e in extraction.entities]
    same = {x.id: e for x in extraction.outline.letters if (e := _entity_of(x, extraction)) is not None}
    minter = _Documents(extraction, base)
    letters = [x for x in extraction.outline.letters if x.id not in same]
    things = iri.distinct([*entities, *((x.id, minter.document(x), minter.place(x)) for x in letters)])
    things |= {letter: things[entity] for letter, entity in same.items()}
    of_letter = {x.id: things[x.id] for x in extraction.outline.letters}
    text = extraction.source.text
    parts = [(p.id, _part(p, of_letter.get(p.letter, context), text), "") for p in extraction.outline.parts]
    figures = [(f.id, _figure(f, extraction, of_letter, context), "") for f in extraction.figures]
    things |= iri.distinct([*parts, *figures])
    return Names(context, things, same)


def kebab(name: str) -> str:
    """``PolicyInstrument`` as ``policy-instrument``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()


def proposals_of(letter: Letter, extraction: Extraction) -> list[str]:
    """Ids of the Letters that a reply answers, in the order of the page."""
    answered = [r.object for r in extraction.relations if r.subject == letter.id and r.predicate == "repliesTo"]
    answered += [f.value for f in letter.all("repliesTo")]
    known = [x.id for x in extraction.outline.letters]
    return sorted({a for a in answered if a in known}, key=known.index)


def _entity(entity: Entity, base: str) -> str:
    name, place = iri.segment(entity.label), entity.jurisdiction
    if place and iri.fold(place) not in iri.fold(entity.label):
        name = f"{iri.segment(place)}/{name}"
    return f"{base}{kebab(entity.kind.value)}/{name}"


def _entity_of(letter: Letter, extraction: Extraction) -> str | None:
    """The entity that a policy text is: named by a relation, or of the same title."""
    if letter.kind is not Kind.INSTRUMENT:
        return None
    entities = {e.id for e in extraction.entities}
    for r in extraction.relations:
        if r.subject == letter.id and r.predicate.rpartition(":")[2] in {"source", "sameAs"} and r.object in entities:
            return r.object
    title = iri.fold(letter.first("title") or "")
    return next(
        (
            e.id
            for e in extraction.entities
            if e.kind is Kind.INSTRUMENT and title and title in {iri.fold(n) for n in (e.label, *e.aliases)}
        ),
        None,
    )


class _Documents:
    """The IRIs of documents of one extraction."""

    def __init__(self, extraction: Extraction, base: str) -> None:
        self.extraction = extraction
        self.base = base
        self.entities = {e.id: e for e in extraction.entities}

    def document(self, letter: Letter) -> str:
        if letter.kind in REPLIES:
            return self._reply(letter)
        name = self._number(letter) or _title(letter)
        segments = [kebab(letter.kind.value), *self._place_and_body(letter)]
        return f"{self.base}{'/'.join([*segments, name or self.place(letter)])}"

    def place(self, letter: Letter) -> str:
        """What tells a document without a name from others: where it stands."""
        return iri.MARK + iri.digest(self.extraction.source.id, f"{letter.span.begin},{letter.span.end}")

    def _reply(self, letter: Letter) -> str:
        by_id = {x.id: x for x in self.extraction.outline.letters}
        answered = [by_id[i] for i in proposals_of(letter, self.extraction)]
        numbers = sorted(n for x in answered if (n := self._number(x) or _title(x)))
        about = "+".join(numbers) if len(numbers) <= _MANY else iri.MARK + iri.digest(*numbers)
        issuer = next(iter(self._objects(letter.id, "issuedBy")), None)
        issued = letter.first("issued") or ""
        if issuer is None or not (about or issued):
            return f"{self.base}reply/{self.place(letter)}"
        segments = ["reply", *(s for s in (iri.segment(issuer.label), about, iri.encode(issued)) if s)]
        return self.base + "/".join(segments)

    def _number(self, letter: Letter) -> str:
        number = re.sub(r"^第|号$", "", iri.fold(letter.first("proposalNumber") or ""))
        if not number:
            return ""
        if sum(c.isdigit() for c in number) < _LONG_NUMBER:
            if session := letter.first("session"):
                return f"{iri.segment(session)}/{iri.segment(number)}"
            if title := _title(letter):
                return f"{iri.segment(number)}/{title}"  # each session has its No. 12: the title tells them apart
        return iri.segment(number)

    def _place_and_body(self, letter: Letter) -> Iterator[str]:
        if city := self._city(letter):
            yield iri.segment(city)
        # for a proposal that is only referred to, its own words: 市政协十四届二次会议第20230371号提案
        said = "" if letter.body else letter.span.of(self.extraction.source.text)
        for words in (letter.first("session") or "", said):
            for body in settings()["body"]:
                if any(w in words for w in body["words"]):
                    yield body["segment"]
                    return

    def _city(self, letter: Letter) -> str:
        session = letter.first("session") or ""
        named = [e.label for e in self.entities.values() if e.kind is Kind.PLACE and e.label in session]
        if named:  # 政协青棠县第十一届委员会第二次会议 says it itself
            return max(named, key=lambda name: (len(name), name))
        replies = [x.id for x in self.extraction.outline.letters if letter.id in proposals_of(x, self.extraction)]
        others = [x.id for x in self.extraction.outline.letters if x.id not in replies and x.kind in REPLIES]
        for group in ([letter.id], replies, others):
            for role in _CITY_ROLES:
                for ident in group:
                    for agency in self._objects(ident, role):
                        places = [p.label for p in self._objects(agency.id, "jurisdiction")]
                        if agency.jurisdiction or places:
                            return agency.jurisdiction or places[0]
        return ""

    def _objects(self, subject: str, predicate: str) -> Iterator[Entity]:
        for r in self.extraction.relations:
            if r.subject == subject and r.predicate == predicate and r.object in self.entities:
                yield self.entities[r.object]


def _title(letter: Letter) -> str:
    title = letter.first("title")
    return iri.segment(title) if title else ""


def _part(part: Part, document: str, text: str) -> str:
    kind = part.kind.value.lower() if part.kind else "heading"
    return f"{document}#{kind}-{iri.digest(part.number, iri.fold(part.span.of(text)))}"


def _figure(figure: Figure, extraction: Extraction, of_letter: Mapping[str, str], context: str) -> str:
    text = extraction.source.text
    holder = [x for x in extraction.outline.letters if x.body and x.span.contains(figure.span)]
    letter = min(holder, key=lambda x: len(x.span), default=None)
    sentence = next((s.span for s in extraction.outline.sentences if s.span.contains(figure.span)), figure.span)
    what = (figure.kind.value, f"{figure.value.normalize():f}", figure.unit, figure.metric, figure.period, figure.per)
    name = iri.digest(*what, iri.fold(figure.span.of(text)), iri.fold(sentence.of(text)))
    return f"{of_letter[letter.id] if letter else context}#{figure.kind.value.lower()}-{name}"
