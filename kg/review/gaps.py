"""What was left out: sentences with words that make a reader expect a fact, and no fact that holds them.

Such words are a number with a unit, a 文号, a title in 《》 and, in a reply, a verb of commitment (``gaps.toml``). A
number is kept by a figure that quotes it; a title or 文号 by a thing of that name anywhere in the source; a commitment
by a part of the reply. What stands outside of every letter is furniture, unless the page has no letter at all.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from extract.model import Extraction, Kind, Letter, Outline, Part, Sentence, Span
from extract.structure.letters import split
from extract.structure.outline import outline
from extract.text.quantities import quantities
from extract.text.sentences import sentence_spans
from kg.rdf.iri import fold
from kg.store.store import Store
from ontology.lexicons import Lexicon, alternation, lexicon
from ontology.terms import DCTERMS, FIGURE_CLASSES, NIF, PK, PROV, RDF, RDFS, SKOS


class Cue(StrEnum):
    """Why a fact is expected; the value is its key in the messages."""

    NUMBER = "number"
    DOCUMENT_NUMBER = "document_number"
    TITLE = "title"
    COMMITMENT = "commitment"


@dataclass(frozen=True, slots=True)
class Gap:
    """A sentence that says something of one kind which is in no fact."""

    source: str
    """Id of the source."""
    letter: str
    """The letter's own number or title, else its class; empty on a page without letters."""
    span: Span
    """The sentence."""
    cue: Cue
    words: tuple[str, ...]
    """What makes a reader expect a fact, each once, in order."""
    sentence: str


@dataclass(frozen=True, slots=True)
class Said:
    """What the facts of a source hold."""

    names: frozenset[str]
    """Folded names and titles of things and documents."""
    numbers: frozenset[str]
    """Folded 文号 and numbers of proposals."""
    figures: tuple[Span, ...]
    """Where figures are quoted from."""


def gaps(extraction: Extraction, lex: Lexicon | None = None) -> tuple[Gap, ...]:
    """What *extraction* leaves out, in the order of the text.

    Args:
        extraction: what was read out of one source.
        lex: the lexicon (``gaps.toml``, ``figures.toml``); by default the project's.
    """
    return tuple(_find(extraction.source.id, extraction.source.text, extraction.outline, _said(extraction), lex))


def gaps_of(store: Store, source: str | None = None, lexicon_dir: str = "") -> tuple[Gap, ...]:
    """What the graphs of *store* leave out, by source and in the order of its text.

    Args:
        store: an open store.
        source: id of one source; all of them without it.
        lexicon_dir: the user's lexicon folder that the store was built with.

    Raises:
        NotFoundError: the store has no such source.
    """
    from kg.errors import NotFoundError

    sources = store.sources()
    if source is not None and source not in sources:
        raise NotFoundError(
            f"{source}：库里没有这个来源（用 kg sources 查看）", f"{source}: no such source (see kg sources)"
        )
    lex = lexicon(lexicon_dir)
    found: list[Gap] = []
    for ident, graph in sources.items():
        if source in (None, ident):
            text, said = _stored(store, graph)
            found += _find(ident, text, outline(text, split(text, lex), lex), said, lex)
    return tuple(found)


def _said(x: Extraction) -> Said:
    names = {n for e in x.entities for n in (e.label, *e.aliases)}
    names |= {f.value for letter in x.outline.letters for f in letter.fields if f.name == "title"}
    facts = [(f.name, f.value) for e in x.entities for f in e.facts]
    facts += [(f.name, f.value) for letter in x.outline.letters for f in letter.fields]
    numbers = {v for name, v in facts if name in ("documentNumber", "proposalNumber")}
    return Said(_folded(names), _folded(numbers), tuple(sorted(f.span for f in x.figures)))


def _stored(store: Store, graph: str) -> tuple[str, Said]:
    """A source's text, and what its graph says, in one pass over the graph."""
    text = ""
    names: set[str] = set()
    numbers: set[str] = set()
    figures: set[str] = set()
    quoted: dict[str, list[str]] = {}
    classes = {PK + c for c in FIGURE_CLASSES}
    for q in store.quads(graph):
        predicate, value, subject = q.predicate.value, getattr(q.object, "value", ""), getattr(q.subject, "value", "")
        if predicate in (RDFS + "label", SKOS + "altLabel", DCTERMS + "title"):
            names.add(value)
        elif predicate in (PK + "documentNumber", PK + "proposalNumber"):
            numbers.add(value)
        elif predicate == RDF + "type" and value in classes:
            figures.add(subject)
        elif predicate == PROV + "wasQuotedFrom":
            quoted.setdefault(subject, []).append(value)
        elif predicate == NIF + "isString":
            text = value
    spans = (s for f in figures for iri in quoted.get(f, ()) if (s := _span_of(iri)) is not None)
    return text, Said(_folded(names), _folded(numbers), tuple(sorted(spans)))


def _span_of(iri: str) -> Span | None:
    found = re.search(r"#char=(\d+),(\d+)$", iri)
    return Span(int(found[1]), int(found[2])) if found else None


def _folded(names: set[str]) -> frozenset[str]:
    return frozenset(f for n in names if (f := fold(n)))


def _find(source: str, text: str, plan: Outline, said: Said, lex: Lexicon | None) -> Iterator[Gap]:
    rules = _rules(lex or lexicon())
    letters = {x.id: x for x in plan.letters}
    parts = {p.id: p for p in plan.parts}
    counted = [(q.span, q.kind) for q in quantities(text, rules.lex)]
    starts = [span.begin for span, _ in counted]
    for sentence in _sentences(text, plan):
        letter, chain = letters.get(sentence.letter), list(_chain(sentence, parts))
        here = counted[bisect_left(starts, sentence.span.begin) : bisect_left(starts, sentence.span.end)]
        for cue, words in (
            (Cue.NUMBER, rules.numbers(text, sentence.span, here, chain, said)),
            (Cue.DOCUMENT_NUMBER, rules.document_numbers(text, sentence.span, said)),
            (Cue.TITLE, rules.titles(text, sentence.span, said)),
            (Cue.COMMITMENT, rules.commitments(text, sentence.span, letter, chain)),
        ):
            if words:
                flat = " ".join(sentence.span.of(text).split())
                yield Gap(source, _called(letter), sentence.span, cue, tuple(dict.fromkeys(words)), flat)


def _sentences(text: str, plan: Outline) -> Sequence[Sentence]:
    if plan.letters:
        return sorted(plan.sentences, key=lambda s: s.span)
    lines = (Span(m.start(), m.end()) for m in re.finditer(r"[^\n]+", text))
    return [Sentence(s, "", None, c) for line in lines for s, c in sentence_spans(text, line)]


def _chain(sentence: Sentence, parts: dict[str, Part]) -> Iterator[Part]:
    """The parts that *sentence* stands in, the innermost first."""
    ident = sentence.part
    while ident is not None and (part := parts.get(ident)) is not None:
        yield part
        ident = part.parent


def _called(letter: Letter | None) -> str:
    if letter is None:
        return ""
    return letter.first("proposalNumber") or letter.first("title") or letter.kind.value


class _Rules:
    """``gaps.toml``, compiled."""

    def __init__(self, lex: Lexicon) -> None:
        self.lex = lex
        config, titles = lex.config("gaps"), lex.config("instruments")
        self.title = re.compile(config["title"]["pattern"])
        self.least: int = config["title"]["least"]
        self.other_ends: tuple[str, ...] = tuple(titles["others"])
        self.known_ends: tuple[str, ...] = tuple(titles["endings"]) + tuple(titles["reports"])
        self.document_number = re.compile(config["document_number"]["pattern"])
        self.letters = {Kind(k) for k in config["commitment"]["letters"]}
        promise = config["commitment"]
        # what is no verb comes first, so that it is passed over
        none, verbs = alternation(promise["not"]), alternation(promise["verbs"])
        self.verb = re.compile(f"{self.title.pattern}|{promise['quoted']}|{none}|(?P<verb>{verbs})")
        self.lead_in, self.least_promise = tuple(promise["lead_in"]), int(promise["least"])
        self.masks = [re.compile(p) for p in config["number"]["masks"]]
        self.number_not_in = {Kind(k) for k in config["number"]["not_in"]}
        self.kinds_out = frozenset(config["number"]["kinds_out"])

    def numbers(
        self, text: str, sentence: Span, here: list[tuple[Span, str]], chain: list[Part], said: Said
    ) -> list[str]:
        if not here or any(p.kind in self.number_not_in for p in chain):
            return []
        masked = [Span(*m.span()) for mask in self.masks for m in mask.finditer(text, sentence.begin, sentence.end)]
        taken = [*masked, *(f for f in said.figures if f.overlaps(sentence))]
        return [
            span.of(text) for span, kind in here
            if kind not in self.kinds_out and not any(s.overlaps(span) for s in taken)
        ]  # fmt: skip

    def document_numbers(self, text: str, sentence: Span, said: Said) -> list[str]:
        found = (m[0] for m in self.document_number.finditer(text, sentence.begin, sentence.end))
        # a verb may stand right before the issuer's sign, so a known number is one at the end
        return [w for w in found if not any(fold(w).endswith(n) for n in said.numbers)]

    def titles(self, text: str, sentence: Span, said: Said) -> list[str]:
        found = list(self.title.finditer(text, sentence.begin, sentence.end))
        return [m[0] for m in found if self._is_title(m["name"]) and not self._known(fold(m["name"]), said)]

    def _is_title(self, name: str) -> bool:
        bare = re.sub(r"[（(][^（）()]*[)）]$", "", name)
        return bare.endswith(self.known_ends) or not bare.endswith(self.other_ends)

    def _known(self, name: str, said: Said) -> bool:
        if name in said.names:
            return True
        return any(min(len(n), len(name)) >= self.least and (n in name or name in n) for n in said.names)

    def commitments(self, text: str, sentence: Span, letter: Letter | None, chain: list[Part]) -> list[str]:
        if letter is None or letter.kind not in self.letters or any(p.kind is not None for p in chain):
            return []
        heading = any(p.heading is not None and p.heading.overlaps(sentence) for p in chain)
        if heading or len(sentence) < self.least_promise or sentence.of(text).endswith(self.lead_in):
            return []
        return [m["verb"] for m in self.verb.finditer(text, sentence.begin, sentence.end) if m["verb"]]


@lru_cache(maxsize=8)
def _rules(lex: Lexicon) -> _Rules:
    return _Rules(lex)
