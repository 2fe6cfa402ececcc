"""Which measure of a reply answers which suggestion of a proposal in another file.

The stage that finds answers on one page (``extract.relations.answers``) runs on the joined letters. The texts and
outlines of the reply and its proposals are put one after another, as if they were on one page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from extract.confidence import Calibrator
from extract.model import Field, Letter, LetterId, Outline, Part, PartId, Sentence, Span
from extract.relations.answers import find_answers
from extract.structure.cues import compile_cues
from extract.structure.letters import split_letters
from extract.structure.outline import build_outline, mark_repeated_headings
from kg.join.letters import StoredLetters
from kg.join.model import JoinLink, LetterNode, QuotedSpan, Sighting
from kg.rdf.parts import find_parent_ids, select_own_text
from ontology.lexicons import Lexicon
from ontology.terms import PART_CLASSES

_PREDICATES = frozenset({"respondsTo", "mayRespondTo"})


@dataclass(frozen=True, slots=True)
class _LetterOutline:
    """The outline of one letter, and the IRIs of its parts."""

    letter: Letter
    parts: tuple[Part, ...]
    sentences: tuple[Sentence, ...]
    iris: Mapping[str, str]
    """By id of the part. Parts that are not in the graph have none: headings, and parts that a person rejected."""


@dataclass(slots=True)
class _JointPage:
    """The reply and its proposals as one page. Ids of the proposals get a prefix, and their spans are shifted."""

    text: str
    reply: _LetterOutline
    letters: list[Letter] = field(default_factory=list)
    """The proposals."""
    parts: list[Part] = field(default_factory=list)
    iris: dict[str, str] = field(default_factory=dict)
    answered: list[Field] = field(default_factory=list)
    """Fields that say which proposals the reply answers."""
    origins: dict[str, tuple[Sighting, Span]] = field(default_factory=dict)
    """By id of a part of a proposal: its sighting, and its span in that source."""

    def __post_init__(self) -> None:
        self.parts += self.reply.parts
        self.iris |= self.reply.iris

    def add_proposal(self, sighting: Sighting, outline: _LetterOutline, text: str) -> None:
        """Add a proposal at the end of the page."""
        offset, prefix = len(self.text) + 1, f"q{len(self.letters)}."
        self.text = f"{self.text}\n{text}"
        self.answered.append(Field("repliesTo", prefix + outline.letter.id, self.reply.letter.span))
        self.letters.append(replace(outline.letter, id=LetterId(prefix + outline.letter.id), fields=()))
        self.parts += [_move_part(part, prefix, offset) for part in outline.parts]
        self.iris |= {prefix + ident: iri for ident, iri in outline.iris.items()}
        self.origins |= {prefix + part.id: (sighting, part.label_span) for part in outline.parts}

    def find_stored(self, part: str) -> list[str]:
        """Return the IRI of a part; if it is a heading that the graph does not have, those of the parts below it."""
        if part in self.iris:
            return [self.iris[part]]
        below = (other.id for other in self.reply.parts if other.parent == part)
        return [iri for ident in below for iri in self.find_stored(ident)]

    def make_outline(self, lex: Lexicon) -> Outline:
        """Return the outline of the page."""
        fields = [f for f in self.reply.letter.fields if f.name != "repliesTo"] + self.answered
        reply = replace(self.reply.letter, fields=tuple(fields))
        letters = (reply, *self.letters)
        parts = mark_repeated_headings(self.text, tuple(self.parts), letters, compile_cues(lex))
        return Outline(letters, parts, self.reply.sentences)


class AnswerFinder:
    """Finds answers between files. The outlines of texts are cached.

    Args:
        letters: the letters of the store.
        lex: the lexicon that the store was built with.
    """

    def __init__(self, letters: StoredLetters, lex: Lexicon) -> None:
        self._letters = letters
        self._lex = lex
        self._calibrator = Calibrator(lex)
        self._outlines: dict[str, Outline] = {}

    def find_answers(self, reply: LetterNode, proposals: list[list[LetterNode]]) -> Iterator[JoinLink]:
        """Yield the answers of *reply* to proposals in other files.

        Args:
            reply: a reply with text.
            proposals: the nodes of each proposal, the root first.
        """
        own = next(s for s in reply.sightings if s.has_text)
        reply_graphs = {s.graph for s in reply.sightings}
        asked = []
        for nodes in proposals:
            texts = [s for node in nodes for s in node.sightings if s.has_text]
            # answers within one page were found when the page was read
            if texts and not any(s.graph in reply_graphs for s in texts):
                asked.append(texts[0])
        reply_outline = self._read_outline(own) if asked else None
        outlines = [(s, outline) for s in asked if (outline := self._read_outline(s)) is not None]
        if reply_outline is None or not outlines:
            return
        page = _JointPage(self._letters.get_text(own.graph), reply_outline)
        for sighting, outline in outlines:
            page.add_proposal(sighting, outline, self._letters.get_text(sighting.graph))
        yield from self._find_on_page(own, page)

    def _find_on_page(self, own: Sighting, page: _JointPage) -> Iterator[JoinLink]:
        answers = find_answers(page.text, page.make_outline(self._lex), self._lex)
        for relation in self._calibrator.calibrate_relations(answers):
            if relation.predicate not in _PREDICATES or relation.object not in page.iris:
                continue
            sighting, span = page.origins[relation.object]
            quotes = (
                QuotedSpan(own.graph, relation.span.begin, relation.span.end),
                QuotedSpan(sighting.graph, span.begin, span.end),
            )
            for subject in page.find_stored(relation.subject):
                target = page.iris[relation.object]
                yield JoinLink(subject, relation.predicate, target, relation.rule, relation.confidence, quotes)

    def _read_outline(self, sighting: Sighting) -> _LetterOutline | None:
        """Return the outline of a letter; None if none of its parts is in the graph."""
        text = self._letters.get_text(sighting.graph)
        outline = self._outlines.get(sighting.graph)
        if outline is None:
            outline = build_outline(text, split_letters(text, self._lex), self._lex)
            self._outlines[sighting.graph] = outline
        iris_by_place = {
            (piece.kind, quote.begin, quote.end): piece.iri
            for piece in self._letters.find_letter_pieces(sighting)
            if piece.kind in PART_CLASSES
            for quote in piece.quotes
        }
        parent_ids = find_parent_ids(outline.parts)
        for letter in outline.letters:
            if letter.kind.value != sighting.kind:
                continue
            parts = tuple(part for part in outline.parts if part.letter == letter.id)
            iris: dict[str, str] = {}
            for part in parts:
                if part.kind is not None:
                    span = select_own_text(part, parent_ids)
                    iri = iris_by_place.get((part.kind.value, span.begin, span.end))
                    if iri:
                        iris[part.id] = iri
            if iris:
                sentences = tuple(sentence for sentence in outline.sentences if sentence.letter == letter.id)
                return _LetterOutline(letter, parts, sentences, iris)
        return None


def _move_part(part: Part, prefix: str, offset: int) -> Part:
    return replace(
        part, id=PartId(prefix + part.id), letter=LetterId(prefix + part.letter), span=_shift_span(part.span, offset),
        heading=part.heading and _shift_span(part.heading, offset), parent=part.parent and PartId(prefix + part.parent),
    )  # fmt: skip


def _shift_span(span: Span, offset: int) -> Span:
    return Span(span.begin + offset, span.end + offset)
