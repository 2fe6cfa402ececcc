"""Which measure answers which suggestion: said by the text (respondsTo), or likely from wording (mayRespondTo)."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from operator import add

from extract.model import REPLY_KINDS, Kind, Letter, Outline, Part, PartId, Relation, Span
from extract.structure.cues import StructureCues, compile_cues
from extract.structure.references import SuggestionReference, find_requests, find_suggestion_references
from extract.text.normalize import title_key, unwrap
from extract.text.numerals import parse_ordinal
from ontology.lexicons import Lexicon

_EXACT, _PARAPHRASE = 0.6, 0.7
"""Share of the (weighted) character bigrams of quoted or of paraphrased words that a suggestion must hold."""
_LIKELY, _MARGIN = 0.30, 0.03
"""Least similarity, and least lead over the next suggestion, for an answer that only the wording shows."""
_IN_ORDER = 0.25
"""Share of the (weighted) bigrams of a section's heading that the suggestion of its number must hold."""
_LEAD = 60
"""Characters at a part's begin that show what it is about."""
_STOP = re.compile(r"[。！？\n]")
_ACTS = frozenset({Kind.MEASURE, Kind.COMMITMENT})


@dataclass(frozen=True, slots=True)
class _Asked:
    """A suggestion with the folded words that it can be known by."""

    part: Part
    own: str
    all: str
    grams: frozenset[str]
    lead: frozenset[str]
    """The bigrams of its first own words."""
    mass: float
    """What these weigh together."""


def find_answers(text: str, outline: Outline, lex: Lexicon) -> tuple[Relation, ...]:
    """Relations from measures and commitments to the suggestions that they answer.

    ``respondsTo`` where the text quotes or names the suggestion, has it as its heading, or takes up all suggestions of
    a list in their order, each under a heading about it; ``mayRespondTo`` for parts
    without one where the wording is alike, with the similarity as confidence. A part below one that answers is not
    repeated.
    """
    c = compile_cues(lex)
    text = unwrap(text, (sentence.span for sentence in outline.sentences))
    parts: dict[str, Part] = {p.id: p for p in outline.parts}
    weights = _weights(text, outline.parts)
    suggestions: dict[str, list[_Asked]] = {}
    for p in outline.parts:
        if p.kind is Kind.SUGGESTION:
            suggestions.setdefault(p.letter, []).append(_asked(text, p, weights))
    out: list[Relation] = []
    for letter in outline.letters:
        if letter.kind not in REPLY_KINDS:
            continue
        targets = {f.value for f in letter.get_fields("repliesTo")}
        asked = [x for ident, theirs in suggestions.items() if ident in targets for x in theirs]
        mine = [p for p in outline.parts if p.letter == letter.id]
        if not asked or not mine:
            continue
        said = _ReplyReader(text, letter, asked, c).read_relations(outline, mine, weights)
        out += said
        silent = _without(mine, parts, {r.subject for r in said})
        out += _likely(text, silent, asked, weights)
    return tuple(out)


class _ReplyReader:
    """Finds which suggestions the parts of one reply say that they answer."""

    def __init__(self, text: str, letter: Letter, asked: Sequence[_Asked], cues: StructureCues) -> None:
        self.text, self.letter, self.asked, self.cues = text, letter, asked, cues
        self.found: list[Relation] = []
        self._done: set[tuple[str, str]] = set()
        self._speaking: set[str] = set()
        """Parts that name what they answer."""
        self._heirs: dict[str, list[Part]] = {}
        self._parents: dict[str, PartId | None] = {}

    def read_relations(self, outline: Outline, mine: Sequence[Part], weights: dict[str, float]) -> list[Relation]:
        self._parents = {p.id: p.parent for p in mine}
        for p in mine:
            if p.parent:
                self._heirs.setdefault(p.parent, []).append(p)
        for part in mine:
            self._read_part(part, weights)
        roots = [p for p in mine if p.parent is None]
        self._read_openings(outline, roots, weights)
        self._read_order([p for p in roots if p.number and p.heading], weights)
        return self.found

    def _add(self, part: Part, target: _Asked, span: Span, rule: str, confidence: float) -> None:
        at: str | None = part.id
        while at is not None:
            if (at, target.part.id) in self._done:
                return
            at = self._parents.get(at)
        self._done.add((part.id, target.part.id))
        self.found.append(Relation(part.id, "respondsTo", target.part.id, span, rule, confidence))

    def _read_part(self, part: Part, weights: dict[str, float]) -> None:
        """What a part names in its own words, or by its heading."""
        own = self._heirs.get(part.id, [])
        lead = Span(part.span.begin, min([part.span.end, part.span.begin + 400, *(h.span.begin for h in own)]))
        if not own:
            lead = _first_sentences(self.text, lead, part)
        taken_up = find_suggestion_references(self.text, lead, self.cues)
        if not own:
            told = [request for request in find_requests(self.text, part.span, self.cues) if len(request.span) >= 4]
            known = {reference.span for reference in taken_up}
            taken_up += [request for request in told if request.span not in known]
        groups = [(taken_up, own), *self._find_lead_ins(own)] if own else [(taken_up, own)]
        limited = len(groups) > 1
        for k, (found, below) in enumerate(groups):
            led = below[: len(below) - len(groups[k + 1][1])] if k + 1 < len(groups) else below
            for taken in found:
                for target, confidence in _targets(self.text, taken, self.asked, weights):
                    self._speaking.add(part.id)
                    if led and self._turns_before(taken.whole.end, led[0].span.begin):
                        continue  # the list below it tells what will be done about everything
                    acts = [a for p in led for a in _acts(p, self._heirs)] if limited else _acts(part, self._heirs)
                    for act in acts:
                        self._add(act, target, taken.whole, "answers:names", confidence)
        if part.id in self._speaking or part.kind not in _ACTS or part.heading is None:
            return
        whole = title_key(part.heading.of(self.text))
        same = self.cues.patterns["heading_frame"].sub("", whole)
        for x in self.asked:
            if len(same) >= 6 and (x.own == same or (x.own.startswith(same) and same != whole)):
                self._speaking.add(part.id)
                self._add(part, x, part.heading, "answers:same-heading", 0.9)

    def _find_lead_ins(self, own: Sequence[Part]) -> Iterator[tuple[list[SuggestionReference], Sequence[Part]]]:
        """Yield what paragraphs between the parts of a section take up, with the parts from there on."""
        for k, (before, after) in enumerate(pairwise(own), 1):
            if found := find_suggestion_references(self.text, Span(before.span.end, after.span.begin), self.cues):
                yield found, own[k:]

    def _turns_before(self, begin: int, end: int) -> bool:
        """Whether a sentence between *begin* and *end* turns to what will be done in general."""
        starts = (m.end() for m in self.cues.patterns["sentence_begin"].finditer(self.text, begin, end))
        return any(self.cues.kinds["commit_start"].match(self.text, start, end) for start in starts)

    def _read_openings(self, outline: Outline, roots: Sequence[Part], weights: dict[str, float]) -> None:
        """What sentences between the parts name: the parts up to the next such sentence answer it."""
        thanks = self.cues.kinds["thanks_for_advice"]
        loose = [s.span for s in outline.sentences if s.letter == self.letter.id and s.part is None]
        told = [
            (s, found)
            for s in loose
            if not thanks.search(s.of(self.text)) and (found := find_suggestion_references(self.text, s, self.cues))
        ]
        for k, (span, found) in enumerate(told):
            limit = told[k + 1][0].begin if k + 1 < len(told) else self.letter.span.end
            below = [p for p in roots if span.begin <= p.span.begin < limit]
            led = [p for p in below if not _speaks(p, self._speaking, self._heirs)]
            numbered = [p for p in led if p.number]
            for taken in found:
                for target, confidence in _targets(self.text, taken, self.asked, weights):
                    for act in [a for part in numbered or led for a in _acts(part, self._heirs)]:
                        self._add(act, target, taken.whole, "answers:opening", confidence)

    def _read_order(self, sections: Sequence[Part], weights: dict[str, float]) -> None:
        """What numbered sections answer whose headings go one by one with the suggestions of a list.

        Each heading has its number in the list, and shares more words with that suggestion than with any other.
        """
        lists: dict[tuple[str, str | None], list[_Asked]] = {}
        for x in self.asked:
            lists.setdefault((x.part.letter, x.part.parent), []).append(x)
        answered = {relation.subject for relation in self.found}
        for listed in lists.values():
            pairs = list(zip(sections, listed, strict=False))
            if len(listed) < 2 or len(pairs) < len(listed):
                continue
            if not all(_ordinal(p) == _ordinal(x.part) == k for k, (p, x) in enumerate(pairs, 1)):
                continue
            acts = [[a for a in _acts(p, self._heirs) if a.id not in answered] for p, _ in pairs]
            if all(self._is_about(p, x, listed, weights) for p, x in pairs):
                for (section, x), mine in zip(pairs, acts, strict=True):
                    for act in mine:
                        self._add(act, x, section.label_span, "answers:same-order", 0.85)

    def _is_about(self, section: Part, own: _Asked, listed: Sequence[_Asked], weights: dict[str, float]) -> bool:
        """Whether a heading is about the suggestion *own* rather than about the others of its list."""
        words = self.cues.patterns["heading_frame"].sub("", title_key(section.label_span.of(self.text)))
        grams, weights = _bigrams(words), _Weights(weights, 1.0)
        shares = {x.part.id: _mass(grams & x.grams, weights) for x in listed}
        best = shares.pop(own.part.id)
        return best > max(shares.values()) and best >= _IN_ORDER * _mass(grams, weights)


def _ordinal(part: Part) -> int | None:
    return parse_ordinal(part.number.rpartition(".")[2].strip("()（）第其"))


def _speaks(part: Part, speaking: set[str], heirs: dict[str, list[Part]]) -> bool:
    """Whether a part, or one below it, names what it answers itself."""
    return part.id in speaking or any(_speaks(p, speaking, heirs) for p in heirs.get(part.id, []))


def _acts(part: Part, heirs: dict[str, list[Part]]) -> list[Part]:
    """The part itself, or, where it is a mere heading, the measures right below."""
    if part.kind in _ACTS:
        return [part]
    return [a for p in heirs.get(part.id, []) for a in _acts(p, heirs)]


def _first_sentences(text: str, span: Span, part: Part) -> Span:
    """Heading and first sentence of a part."""
    begin = part.heading.end + 1 if part.heading and part.heading.begin == span.begin else span.begin
    stop = _STOP.search(text, begin, span.end)
    return Span(span.begin, stop.end() if stop else span.end)


def _asked(text: str, part: Part, weights: dict[str, float]) -> _Asked:
    words, own = title_key(part.span.of(text)), title_key(part.label_span.of(text))
    lead = _bigrams(own[:_LEAD])
    return _Asked(part, own, words, _bigrams(words), lead, _mass(lead, weights))


def _mass(grams: Iterable[str], weights: dict[str, float]) -> float:
    """What *grams* weigh together; exact, so that the order of a set does not show."""
    return math.fsum(map(weights.__getitem__, grams))


class _Weights(dict[str, float]):
    """Weights of bigrams."""

    def __init__(self, weights: Mapping[str, float], unknown: float) -> None:
        super().__init__(weights)
        self._unknown = unknown

    def __missing__(self, gram: str) -> float:
        return self._unknown


def _targets(
    text: str, taken: SuggestionReference, asked: Sequence[_Asked], weights: dict[str, float]
) -> list[tuple[_Asked, float]]:
    """The suggestions that words take up: the one they quote, else the one that holds nearly all of them."""
    if taken.ordinal:
        want = parse_ordinal(taken.ordinal)
        top = [x for x in asked if x.part.parent is None and parse_ordinal(x.part.number.strip("()（）第其")) == want]
        return [(top[0], 0.85)] if len(top) == 1 else []
    words = title_key(taken.span.of(text)).removesuffix("的")
    if len(words) < 4:
        return []
    same = [x for x in asked if x.own == words]
    if same:
        return [(same[0], 0.95)]
    inside = [x for x in asked if words in x.all]
    if inside:
        return [(min(inside, key=lambda x: len(x.all)), 0.9)]
    around = [x for x in asked if len(x.own) >= 6 and x.own in words]
    if around:
        return [(x, 0.85) for x in around]
    grams = _bigrams(words)
    weights = _Weights(weights, 1.0)
    total = _mass(grams, weights)
    scored = sorted(
        ((_mass(grams & x.grams, weights) / total, -len(x.all), i) for i, x in enumerate(asked)), reverse=True
    )
    share, _, best = scored[0]
    if share < (_EXACT if taken.exact else _PARAPHRASE):
        return []
    return [(asked[best], round(min(0.9, share), 2))]


def _bigrams(words: str) -> frozenset[str]:
    return frozenset(map(add, words, words[1:]))


def _weights(text: str, parts: Sequence[Part]) -> dict[str, float]:
    """Inverse document frequency of the character bigrams, each part's label one document."""
    labels = [_bigrams(title_key(p.label_span.of(text)[:200])) for p in parts]
    seen = Counter(chain.from_iterable(labels))
    rarity = [math.log((1 + len(labels)) / max(n, 1)) for n in range(max(seen.values(), default=0) + 1)]
    return _Weights({g: rarity[n] for g, n in seen.items()}, 0.0)


def _without(mine: Sequence[Part], parts: dict[str, Part], answered: set[str]) -> list[Part]:
    """Leaves that do not answer, nor stand below or above a part that does."""
    above = {p.parent for p in mine if p.parent}
    out = []
    for p in mine:
        if p.kind not in _ACTS or p.id in above:
            continue
        at: Part | None = p
        while at is not None and at.id not in answered:
            at = parts[at.parent] if at.parent else None
        if at is None:
            out.append(p)
    return out


def _likely(text: str, silent: Sequence[Part], asked: Sequence[_Asked], weights: dict[str, float]) -> list[Relation]:
    out = []
    leaves = [x for x in asked if len(x.all) >= 4]
    for part in silent:
        words = _bigrams(title_key(part.label_span.of(text)[:_LEAD]))
        mass = _mass(words, weights)
        if not mass:
            continue
        scored = []
        for i, x in enumerate(leaves):
            if x.mass:
                scored.append((_mass(words & x.lead, weights) / math.sqrt(mass * x.mass), -i))
        scored.sort(reverse=True)
        if not scored or scored[0][0] < _LIKELY or (len(scored) > 1 and scored[0][0] - scored[1][0] < _MARGIN):
            continue
        similarity, best = scored[0]
        target = leaves[-best].part
        out.append(
            Relation(
                part.id, "mayRespondTo", target.id, part.label_span, "answers:wording", round(min(0.9, similarity), 2)
            )
        )
    return out
