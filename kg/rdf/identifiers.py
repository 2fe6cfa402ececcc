"""The IRIs of the things of one extraction, made from class, place and name, independent of earlier builds.

source/2023/20230368.txt                   a source's text, and its named graph
agency/澄溪市水利局                         entities, by class, place (where the name alone is ambiguous) and name
policy-instrument/澄溪市/关于…的若干措施    a title without a place: by the place of its issuer, by its number,
policy-instrument/澄府办202412号/关于…     or by the place of the letter that names it
agency/市水利局~1f0a3b22c9                  a name of a place that is not known: by its source
proposal/澄溪市/cppcc/20230368              proposals, by place, body and number (or title)
proposal/20230368/关于改造水渠的提案        the same where the place is not known; without a title, by the source
reply/澄溪市水利局/20230368/2023-06-19      replies, by issuer, proposals and date
…/20230368#suggestion-1f0a3b22c9           parts and figures, by their words and the part that they stand in
…/20230368.txt#char=10,25                  quoted words (RFC 5147)
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from extract.model import REPLY_KINDS, TITLED_KINDS, Entity, Extraction, Kind, Letter, Span
from extract.text.normalize import name_key, number_key
from kg.rdf import iri
from kg.rdf.parts import name_pieces

_CITY_ROLES = ("leadAgency", "issuedBy", "coAgency", "addressedTo", "submittedBy")
"""Relations of a proposal and its replies whose object shows the place of the proposal; the surest first."""
_LONG_NUMBER = 6
"""Number of digits from which a proposal's number contains its year, and is unique without a session."""
_TITLE_LENGTH = 8
"""Fewest characters of a title that is of one instrument of its issuer."""
_MANY = 3
"""Largest number of proposals named in the IRI of a reply; a longer list becomes a digest."""


@dataclass(frozen=True, slots=True)
class GraphNames:
    """The IRIs of one extraction."""

    context: str
    """The source's text, and the named graph."""
    iris: Mapping[str, str]
    """IRI by id of Letter, Part, Entity and Figure."""
    letter_entities: Mapping[str, str]
    """Id of the Entity by id of the Letter that is its text: policy texts have one IRI for both."""

    def make_span_iri(self, span: Span) -> str:
        """Return the IRI of quoted words (RFC 5147)."""
        return f"{self.context}#char={span.begin},{span.end}"

    def make_evidence_iri(self, subject: str, predicate: str, obj: str) -> str:
        """Return the IRI of the evidence for a statement in this source."""
        return f"{self.context}#e-{iri.hash_values(subject, predicate, obj, size=12)}"


@cache
def load_document_forms() -> Mapping[str, Any]:
    """Return the content of ``documents.toml``: how documents are labelled and distinguished."""
    return tomllib.loads((Path(__file__).parent / "documents.toml").read_text(encoding="utf-8"))


def make_context_iri(source_id: str, base: str = iri.BASE) -> str:
    """Return the IRI of a source's text, which is also the name of its graph."""
    segments = [iri.percent_encode(unicodedata.normalize("NFC", name)) for name in source_id.split("/")]
    return f"{base}source/" + "/".join(name.replace(".", "%2E") if set(name) <= {"."} else name for name in segments)


def mint_iris(extraction: Extraction, base: str = iri.BASE) -> GraphNames:
    """Return the IRIs of all things of *extraction*."""
    context = make_context_iri(extraction.source.id, base)
    outline = extraction.outline
    namer = _EntityNames(extraction, base)
    entities = [
        (entity.id, namer.make_entity_iri(entity), f"{entity.jurisdiction}\0{entity.named_in}\0{entity.label}")
        for entity in extraction.entities
    ]
    letter_entities: dict[str, str] = {
        letter.id: entity
        for letter in outline.letters
        if (entity := _find_entity_of_letter(letter, extraction)) is not None
    }
    names = _DocumentNames(extraction, base)
    documents = [
        (letter.id, names.make_document_iri(letter), names.make_place_name(letter))
        for letter in outline.letters
        if letter.id not in letter_entities
    ]
    iris = iri.assign_iris([*entities, *documents])
    iris |= {letter: iris[entity] for letter, entity in letter_entities.items()}
    letter_iris: dict[str, str] = {letter.id: iris[letter.id] for letter in outline.letters}
    iris |= iri.assign_iris(name_pieces(extraction, letter_iris, context))
    return GraphNames(context, iris, letter_entities)


def to_kebab_case(name: str) -> str:
    """Return ``PolicyInstrument`` as ``policy-instrument``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower()


def find_answered_proposals(letter: Letter, extraction: Extraction) -> list[str]:
    """Return the ids of the Letters that a reply answers, in the order of the page."""
    answered = {
        relation.object
        for relation in extraction.relations
        if relation.subject == letter.id and relation.predicate == "repliesTo"
    }
    answered |= {field.value for field in letter.get_fields("repliesTo")}
    return [other.id for other in extraction.outline.letters if other.id in answered]


def make_source_mark(source_id: str) -> str:
    """Return what distinguishes the things of a source that no place distinguishes. Rows of one list share it."""
    folder, _, _ = source_id.rpartition("/")
    is_row = bool(folder) and re.search(load_document_forms()["list"], folder) is not None
    return iri.MARK + iri.hash_values(folder if is_row else source_id)


class _EntityNames:
    """The IRIs of the entities of one extraction.

    A name that is of one thing everywhere is enough; else the place is a part of the IRI. Where the place is not known,
    an instrument has its number, and what has none is a thing of its source alone.
    """

    def __init__(self, extraction: Extraction, base: str) -> None:
        self.base = base
        self.source_mark = make_source_mark(extraction.source.id)
        entities: dict[str, Entity] = {entity.id: entity for entity in extraction.entities}
        self.issuers: dict[str, list[Entity]] = {}
        for relation in extraction.relations:
            if relation.predicate == "issuedBy" and (issuer := entities.get(relation.object)):
                self.issuers.setdefault(relation.subject, []).append(issuer)

    def make_entity_iri(self, entity: Entity) -> str:
        """Return the IRI of an entity."""
        name = iri.make_segment(entity.label)
        if entity.is_local and not entity.jurisdiction:
            name = self._name_local(entity, name)
        elif entity.kind is Kind.PLACE:
            name = iri.make_segment(_name_place(entity))
        elif entity.jurisdiction and name_key(entity.jurisdiction) not in name_key(entity.label):
            name = f"{iri.make_segment(entity.jurisdiction)}/{name}"
        return f"{self.base}{to_kebab_case(entity.kind.value)}/{name}"

    def _name_local(self, entity: Entity, name: str) -> str:
        """Return the name of an entity whose label is not enough, and whose place the page does not state."""
        if entity.kind in TITLED_KINDS:
            issuers = self.issuers.get(entity.id, []) if len(name_key(entity.label)) >= _TITLE_LENGTH else []
            if issuers and not issuers[0].is_local:
                place = issuers[0].jurisdiction
                return f"{iri.make_segment(place)}/{name}" if place else name
            if number := entity.get_fact("documentNumber"):
                return f"{iri.percent_encode(number_key(number))}/{name}"
        return f"{iri.make_segment(entity.named_in)}/{name}" if entity.named_in else name + self.source_mark


def _find_entity_of_letter(letter: Letter, extraction: Extraction) -> str | None:
    """Return the id of the entity that a policy text is: named by a relation, or with the same title."""
    if letter.kind is not Kind.INSTRUMENT:
        return None
    entities = {entity.id for entity in extraction.entities}
    for relation in extraction.relations:
        is_same = relation.predicate.rpartition(":")[2] in {"source", "sameAs"}
        if relation.subject == letter.id and is_same and relation.object in entities:
            return relation.object
    title = name_key(letter.get_value("title") or "")
    if title:
        for entity in extraction.entities:
            names = (entity.label, *entity.aliases)
            if entity.kind is Kind.INSTRUMENT and title in {name_key(name) for name in names}:
                return entity.id
    return None


class _DocumentNames:
    """The IRIs of the documents of one extraction."""

    def __init__(self, extraction: Extraction, base: str) -> None:
        self.extraction = extraction
        self.base = base
        self.letters: dict[str, Letter] = {letter.id: letter for letter in extraction.outline.letters}
        self.answered = {ident: find_answered_proposals(letter, extraction) for ident, letter in self.letters.items()}
        self.places = [entity for entity in extraction.entities if entity.kind is Kind.PLACE]
        entities: dict[str, Entity] = {entity.id: entity for entity in extraction.entities}
        self.objects: dict[tuple[str, str], list[Entity]] = {}
        """Entities by subject and predicate of the relations that have them as object."""
        for relation in extraction.relations:
            if entity := entities.get(relation.object):
                self.objects.setdefault((relation.subject, relation.predicate), []).append(entity)

    def make_document_iri(self, letter: Letter) -> str:
        if letter.kind in REPLY_KINDS:
            return self._make_reply_iri(letter)
        city = self._find_city(letter)
        place = [iri.make_segment(city)] if city else []
        name = self._name_document(letter, has_place=bool(city))
        return self.base + "/".join([to_kebab_case(letter.kind.value), *place, *self._find_body(letter), name])

    def _name_document(self, letter: Letter, *, has_place: bool) -> str:
        """Return the number of a proposal, else its title.

        A number is given anew in each city, and a short one in each session: without the place, or the session, the
        title is a part of the name, and without a title the source.
        """
        number, title = self._make_number(letter), _make_title(letter)
        if not number:
            return title or self.make_place_name(letter)
        if has_place and (_is_long(number) or letter.get_value("session")):
            return number
        return f"{number}/{title or iri.MARK + iri.hash_values(self.extraction.source.id)}"

    def make_place_name(self, letter: Letter) -> str:
        """Return a name made from the place of the document on its page, for one that has no number and no title."""
        return iri.MARK + iri.hash_values(self.extraction.source.id, f"{letter.span.begin},{letter.span.end}")

    def _make_reply_iri(self, letter: Letter) -> str:
        proposals = [self.letters[ident] for ident in self.answered[letter.id]]
        issuers = self.objects.get((letter.id, "issuedBy"), [])
        issued = letter.get_value("issued") or ""
        is_clear = any(map(self._has_place, issuers[:1]))
        names = [self._name_answered(x) if is_clear else self._name_document(x, has_place=False) for x in proposals]
        numbers = sorted(filter(None, names))
        about = "+".join(numbers) if len(numbers) <= _MANY else iri.MARK + iri.hash_values(*numbers)
        if not issuers or not (about or issued):
            return f"{self.base}reply/{self.make_place_name(letter)}"
        segments = ["reply", iri.make_segment(issuers[0].label), about, iri.percent_encode(issued)]
        return self.base + "/".join(filter(None, segments))

    def _has_place(self, agency: Entity) -> bool:
        return bool(agency.jurisdiction or self.objects.get((agency.id, "jurisdiction")))

    def _name_answered(self, proposal: Letter) -> str:
        """Return the name of a proposal in the IRI of its reply, whose issuer shows the place."""
        number, title = self._make_number(proposal), _make_title(proposal)
        is_clear = not number or _is_long(number) or proposal.get_value("session") or not title
        return (number or title) if is_clear else f"{number}/{title}"  # every session has a No. 12

    def _make_number(self, letter: Letter) -> str:
        """Return the number of a proposal, a short one behind its session; empty if it has none."""
        number = re.sub(r"^第|号$", "", number_key(letter.get_value("proposalNumber") or ""))
        if not number:
            return ""
        session = letter.get_value("session")
        name = iri.percent_encode(number)
        return f"{iri.make_segment(session)}/{name}" if session and not _is_long(number) else name

    def _find_body(self, letter: Letter) -> Iterator[str]:
        # a proposal that is only referred to: the words that name it, 市政协十四届二次会议第20230371号提案
        reference = "" if letter.body else letter.span.of(self.extraction.source.text)
        for words in (letter.get_value("session") or "", reference):
            for body in load_document_forms()["body"]:
                if any(word in words for word in body["words"]):
                    yield body["segment"]
                    return

    def _find_city(self, letter: Letter) -> str:
        session = letter.get_value("session") or ""
        named = [place for place in self.places if place.label in session]
        if named:  # the session's name contains the place: 政协青棠县第十一届委员会第二次会议
            return _name_place(max(named, key=lambda place: (len(place.label), place.label)))
        replies = [ident for ident, answered in self.answered.items() if letter.id in answered]
        others = [ident for ident, x in self.letters.items() if ident not in replies and x.kind in REPLY_KINDS]
        groups: list[Sequence[str]] = [[letter.id], replies, others]
        for group in groups:
            for role in _CITY_ROLES:
                for ident in group:
                    for agency in self.objects.get((ident, role), ()):
                        places = [*map(_name_place, self.objects.get((agency.id, "jurisdiction"), ()))]
                        if agency.jurisdiction or places:
                            return places[0] if places else agency.jurisdiction
        return ""


def _name_place(place: Entity) -> str:
    """Return the name of a place, after the division above it if its own name is not enough."""
    return place.label if place.label.startswith(place.jurisdiction) else place.jurisdiction + place.label


def _is_long(number: str) -> bool:
    return sum(char.isdigit() for char in number.rpartition("/")[2]) >= _LONG_NUMBER


def _make_title(letter: Letter) -> str:
    title = letter.get_value("title")
    return iri.make_segment(title) if title else ""
