"""Which measure of a reply answers which suggestion of a proposal in another file.

The stage that finds answers on one page (``extract.relations.answers``) runs on the joined letters: the outline of the
reply and those of its proposals are laid one after another, as if they stood on one page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from extract.confidence import Calibrator
from extract.model import Field, Outline, Part, Sentence, Span
from extract.model import Letter as OutlineLetter
from extract.relations.answers import answers
from extract.structure.letters import split
from extract.structure.outline import outline
from kg.join.letters import Letter, Letters, Quote, Sighting
from kg.join.values import Link
from kg.rdf.graph import text_of, with_children
from ontology.lexicons import Lexicon
from ontology.terms import PART_CLASSES

_PREDICATES = frozenset({"respondsTo", "mayRespondTo"})


@dataclass(frozen=True, slots=True)
class _Read:
    """The outline of one letter, and the IRIs of its parts."""

    letter: OutlineLetter
    parts: tuple[Part, ...]
    sentences: tuple[Sentence, ...]
    iris: Mapping[str, str]
    """By id of the part; parts that are not in the graph (headings, what a person struck out) have none."""


class Answering:
    """Finds answers between files; what was read of a text is kept.

    Args:
        letters: the letters of the store.
        lex: the lexicon that the store was built with.
    """

    def __init__(self, letters: Letters, lex: Lexicon) -> None:
        self._letters = letters
        self._lex = lex
        self._calibrator = Calibrator(lex)
        self._outlines: dict[str, Outline] = {}

    def between(self, reply: Letter, proposals: list[list[Letter]]) -> Iterator[Link]:
        """Answers of *reply* to proposals in other files.

        Args:
            reply: a reply with text.
            proposals: the nodes of each proposal, that which stands for it first.
        """
        own = next(s for s in reply.sightings if s.text)
        here = {s.graph for s in reply.sightings}
        asked = []
        for nodes in proposals:
            texts = [s for x in nodes for s in x.sightings if s.text]
            if texts and not any(s.graph in here for s in texts):  # a page with both was read as one
                asked.append(texts[0])
        read = self._read(own) if asked else None
        others = [(s, found) for s in asked if (found := self._read(s)) is not None]
        if read is None or not others:
            return
        yield from self._answers(own, read, others)

    def _answers(self, own: Sighting, read: _Read, others: list[tuple[Sighting, _Read]]) -> Iterator[Link]:
        text = self._letters.text(own.graph)
        named = [f for f in read.letter.fields if f.name != "repliesTo"]
        letters, parts = [], list(read.parts)
        iris = dict(read.iris)
        graphs: dict[str, tuple[Sighting, Span]] = {}
        for number, (sighting, other) in enumerate(others):
            shift, prefix = len(text) + 1, f"q{number}."
            text = f"{text}\n{self._letters.text(sighting.graph)}"
            named.append(Field("repliesTo", prefix + other.letter.id, read.letter.span))
            letters.append(replace(other.letter, id=prefix + other.letter.id, fields=()))
            parts += [_moved(p, prefix, shift) for p in other.parts]
            iris |= {prefix + ident: iri for ident, iri in other.iris.items()}
            graphs |= {prefix + p.id: (sighting, p.own) for p in other.parts}
        joint = Outline((replace(read.letter, fields=tuple(named)), *letters), tuple(parts), read.sentences)
        found = self._calibrator.relations(answers(text, joint, self._lex))
        for r in found:
            if r.predicate in _PREDICATES and r.subject in iris and r.object in iris:
                sighting, words = graphs[r.object]
                quotes = (Quote(own.graph, *_ends(r.span)), Quote(sighting.graph, *_ends(words)))
                yield Link(iris[r.subject], r.predicate, iris[r.object], r.rule, r.confidence, quotes)

    def _read(self, sighting: Sighting) -> _Read | None:
        """The outline of a letter; None if none of its parts is in the graph."""
        text = self._letters.text(sighting.graph)
        plan = self._outlines.get(sighting.graph)
        if plan is None:
            plan = self._outlines[sighting.graph] = outline(text, split(text, self._lex), self._lex)
        there = {(p.kind, q.begin, q.end): p.iri for p in self._letters.pieces_of(sighting)
                 if p.kind in PART_CLASSES for q in p.quotes}  # fmt: skip
        above = with_children(plan.parts)
        for letter in plan.letters:
            if letter.kind.value != sighting.kind:
                continue
            mine = tuple(p for p in plan.parts if p.letter == letter.id)
            iris = {p.id: iri for p in mine if p.kind is not None
                    and (iri := there.get((p.kind.value, *_ends(text_of(p, above)))))}  # fmt: skip
            if iris:
                return _Read(letter, mine, tuple(s for s in plan.sentences if s.letter == letter.id), iris)
        return None


def _moved(part: Part, prefix: str, shift: int) -> Part:
    return replace(
        part, id=prefix + part.id, letter=prefix + part.letter, span=_shifted(part.span, shift),
        heading=part.heading and _shifted(part.heading, shift), parent=part.parent and prefix + part.parent,
    )  # fmt: skip


def _shifted(span: Span, shift: int) -> Span:
    return Span(span.begin + shift, span.end + shift)


def _ends(span: Span) -> tuple[int, int]:
    return span.begin, span.end
