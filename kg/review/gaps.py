"""Gaps: sentences with words that make a reader expect a fact, but without a fact that covers them.

Such words are a number with a unit, a 文号, a title in 《》 and, in a reply, a verb of commitment (``gaps.toml``). A
number is covered by a figure that quotes it; a title or 文号 by a thing of that name anywhere in the source; a
commitment by a part of the reply. The numbers of a table whose unit nothing states are one gap.
Text outside of all letters is ignored, unless the page has no letter.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from extract.model import Extraction, Kind, Letter, LetterId, Outline, Part, Sentence, Span
from extract.structure.letters import split_letters
from extract.structure.outline import build_outline
from extract.text.cells import find_unitless
from extract.text.normalize import name_key, number_key, print_line
from extract.text.quantities import find_quantities
from extract.text.rows import find_tables
from extract.text.sentences import split_sentences
from kg.errors import NotFoundError
from kg.store.store import Store
from ontology.lexicons import Lexicon, join_alternatives, load_lexicon
from ontology.terms import DCTERMS, FIGURE_CLASSES, NIF, PK, PROV, RDF, RDFS, SKOS

_SPAN = re.compile(r"#char=(\d+),(\d+)$")
_MOST_NUMBERS = 12
"""Numbers of a table without a unit that are shown."""
_BRACKETS_AT_END = re.compile(r"[（(][^（）()]*[)）]$")


class Cue(StrEnum):
    """The kind of words that make a reader expect a fact. The value is the key of its message."""

    NUMBER = "number"
    DOCUMENT_NUMBER = "document_number"
    TITLE = "title"
    COMMITMENT = "commitment"
    BARE_NUMBER = "bare_number"


@dataclass(frozen=True, slots=True)
class Gap:
    """A sentence with words of one kind that no fact covers."""

    source: str
    """Id of the source."""
    letter: str
    """Number or title of the letter, else its class; empty on a page without letters."""
    span: Span
    """The sentence."""
    cue: Cue
    words: tuple[str, ...]
    """The words that no fact covers, each once, in order."""
    sentence: str


@dataclass(frozen=True, slots=True)
class StatedFacts:
    """The facts of a source that may cover words."""

    names: frozenset[str]
    """Folded names and titles of things and documents."""
    numbers: frozenset[str]
    """Folded 文号 and numbers of proposals."""
    figures: tuple[Span, ...]
    """Spans that figures are quoted from."""


def find_gaps(extraction: Extraction, lex: Lexicon | None = None) -> tuple[Gap, ...]:
    """Return the gaps of an extraction, in the order of the text.

    Args:
        extraction: the extraction of one source.
        lex: the lexicon (``gaps.toml``, ``figures.toml``); by default the project's.
    """
    source, facts = extraction.source, _collect_facts(extraction)
    return tuple(_find_in_text(source.id, source.text, extraction.outline, facts, lex or load_lexicon()))


def find_gaps_in_store(store: Store, source: str | None = None, lexicon_dir: str = "") -> tuple[Gap, ...]:
    """Return the gaps of the graphs of *store*, by source and in the order of its text.

    Args:
        store: an open store.
        source: id of one source; None for all sources.
        lexicon_dir: the user's lexicon folder that the store was built with.

    Raises:
        NotFoundError: the store has no such source.
    """
    sources = store.list_sources()
    if source is not None and source not in sources:
        raise NotFoundError(
            f"{source}：库里没有这个来源（用 kg sources 查看）", f"{source}: no such source (see kg sources)"
        )
    lex = load_lexicon(lexicon_dir)
    found: list[Gap] = []
    for source_id, graph in sources.items():
        if source in (None, source_id):
            text, facts = _read_facts(store, graph)
            outline = build_outline(text, split_letters(text, lex), lex)
            found += _find_in_text(source_id, text, outline, facts, lex)
    return tuple(found)


def _collect_facts(extraction: Extraction) -> StatedFacts:
    fields = [field for letter in extraction.outline.letters for field in letter.fields]
    names = {name for entity in extraction.entities for name in (entity.label, *entity.aliases)}
    names |= {field.value for field in fields if field.name == "title"}
    facts = [(fact.name, fact.value) for entity in extraction.entities for fact in entity.facts]
    facts += [(field.name, field.value) for field in fields]
    numbers = {value for name, value in facts if name in ("documentNumber", "proposalNumber")}
    figures = tuple(sorted(figure.span for figure in extraction.figures))
    return StatedFacts(_make_keys(names, name_key), _make_keys(numbers, number_key), figures)


def _read_facts(store: Store, graph: str) -> tuple[str, StatedFacts]:
    """Return the text of a source and its facts, in one pass over the graph."""
    text = ""
    names: set[str] = set()
    numbers: set[str] = set()
    figures: set[str] = set()
    quoted: dict[str, list[str]] = {}
    classes = {PK + name for name in FIGURE_CLASSES}
    for quad in store.read_quads(graph):
        predicate, value, subject = (
            quad.predicate.value,
            getattr(quad.object, "value", ""),
            getattr(quad.subject, "value", ""),
        )
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
    matches = (_SPAN.search(iri) for figure in figures for iri in quoted.get(figure, ()))
    spans = sorted(Span(int(m[1]), int(m[2])) for m in matches if m)
    return text, StatedFacts(_make_keys(names, name_key), _make_keys(numbers, number_key), tuple(spans))


def _make_keys(words: set[str], make_key: Callable[[str], str]) -> frozenset[str]:
    return frozenset(filter(None, map(make_key, words)))


def _find_in_text(source: str, text: str, outline: Outline, facts: StatedFacts, lex: Lexicon) -> Iterator[Gap]:
    patterns = _compile_patterns(lex)
    letters = {letter.id: letter for letter in outline.letters}
    parts: dict[str, Part] = {part.id: part for part in outline.parts}
    quantities = [(quantity.span, quantity.kind) for quantity in find_quantities(text, lex)]
    begins = [span.begin for span, _ in quantities]
    sentences = _list_sentences(text, outline)
    bare = dict(_find_bare_numbers(text, sentences, facts, lex))
    for sentence in sentences:
        span, letter = sentence.span, letters.get(sentence.letter)
        enclosing = list(_find_enclosing_parts(sentence, parts))
        inside = quantities[bisect_left(begins, span.begin) : bisect_left(begins, span.end)]
        for cue, words in (
            (Cue.NUMBER, patterns.find_numbers(text, span, inside, enclosing, facts)),
            (Cue.DOCUMENT_NUMBER, patterns.find_document_numbers(text, span, facts)),
            (Cue.TITLE, patterns.find_titles(text, span, facts)),
            (Cue.COMMITMENT, patterns.find_commitments(text, span, letter, enclosing)),
            (Cue.BARE_NUMBER, bare.get(span.begin, [])),
        ):
            if words:
                printed = print_line(span.of(text))
                yield Gap(source, _name_letter(letter), span, cue, tuple(dict.fromkeys(words)), printed)


def _find_bare_numbers(
    text: str, sentences: Sequence[Sentence], facts: StatedFacts, lex: Lexicon
) -> Iterator[tuple[int, list[str]]]:
    """Yield for each table with numbers without a unit where the row of the first one begins, and the numbers."""
    begins = [sentence.span.begin for sentence in sentences]
    tables = find_tables(text)
    for cells in find_unitless(text, tables, lex) if tables else ():
        left = [cell for cell in cells if not any(figure.overlaps(cell) for figure in facts.figures)]
        k = bisect_right(begins, left[0].begin) - 1 if left else -1
        if k >= 0 and left[0].end <= sentences[k].span.end:
            numbers = list(dict.fromkeys(cell.of(text) for cell in left))
            yield begins[k], [*numbers[:_MOST_NUMBERS], *("…" for _ in numbers[_MOST_NUMBERS : _MOST_NUMBERS + 1])]


def _list_sentences(text: str, outline: Outline) -> Sequence[Sentence]:
    if outline.letters:
        return sorted(outline.sentences, key=lambda sentence: sentence.span)
    lines = (Span(*m.span()) for m in re.finditer(r"[^\n]+", text))
    sentences = (sentence for line in lines for sentence in split_sentences(text, line))
    return [Sentence(span, LetterId(""), None, clauses) for span, clauses in sentences]


def _find_enclosing_parts(sentence: Sentence, parts: dict[str, Part]) -> Iterator[Part]:
    """Yield the parts around *sentence*, the innermost first."""
    part_id = sentence.part
    while part_id is not None and (part := parts.get(part_id)) is not None:
        yield part
        part_id = part.parent


def _name_letter(letter: Letter | None) -> str:
    if letter is None:
        return ""
    return letter.get_value("proposalNumber") or letter.get_value("title") or letter.kind.value


class _GapPatterns:
    """The patterns of ``gaps.toml``, compiled. Each method returns the words of a sentence that no fact covers."""

    def __init__(self, lex: Lexicon) -> None:
        config, titles = lex.read_config("gaps"), lex.read_config("instruments")
        self._title = re.compile(config["title"]["pattern"])
        self._least_title: int = config["title"]["least"]
        self._title_ends: tuple[str, ...] = tuple(titles["endings"]) + tuple(titles["reports"])
        self._other_ends: tuple[str, ...] = tuple(titles["others"])
        self._document_number = re.compile(config["document_number"]["pattern"])
        commitment = config["commitment"]
        self._committing_letters = {Kind(name) for name in commitment["letters"]}
        # words that are not verbs of commitment come first, so that the search passes over them
        other_words, verbs = join_alternatives(commitment["not"]), join_alternatives(commitment["verbs"])
        self._verb = re.compile(f"{self._title.pattern}|{commitment['quoted']}|{other_words}|(?P<verb>{verbs})")
        self._lead_ins, self._least_commitment = tuple(commitment["lead_in"]), int(commitment["least"])
        number = config["number"]
        self._masks = [re.compile(pattern) for pattern in number["masks"]]
        self._parts_without_numbers = {Kind(name) for name in number["not_in"]}
        self._ignored_quantities = frozenset(number["kinds_out"])

    def find_numbers(
        self, text: str, sentence: Span, quantities: list[tuple[Span, str]], parts: list[Part], facts: StatedFacts
    ) -> list[str]:
        if not quantities or any(part.kind in self._parts_without_numbers for part in parts):
            return []
        begin, end = sentence.begin, sentence.end
        covered = [Span(*m.span()) for mask in self._masks for m in mask.finditer(text, begin, end)]
        covered += [figure for figure in facts.figures if figure.overlaps(sentence)]
        return [
            span.of(text)
            for span, kind in quantities
            if kind not in self._ignored_quantities and not any(other.overlaps(span) for other in covered)
        ]

    def find_document_numbers(self, text: str, sentence: Span, facts: StatedFacts) -> list[str]:
        found = (m[0] for m in self._document_number.finditer(text, sentence.begin, sentence.end))
        # only the end is compared: a verb may stand directly before the sign of the issuer
        return [words for words in found if not any(number_key(words).endswith(number) for number in facts.numbers)]

    def find_titles(self, text: str, sentence: Span, facts: StatedFacts) -> list[str]:
        found = self._title.finditer(text, sentence.begin, sentence.end)
        return [m[0] for m in found if self._is_title(m["name"]) and not self._is_known(name_key(m["name"]), facts)]

    def find_commitments(self, text: str, sentence: Span, letter: Letter | None, parts: list[Part]) -> list[str]:
        if letter is None or letter.kind not in self._committing_letters or any(part.kind for part in parts):
            return []
        is_heading = any(part.heading is not None and part.heading.overlaps(sentence) for part in parts)
        if is_heading or len(sentence) < self._least_commitment or sentence.of(text).endswith(self._lead_ins):
            return []
        return [m["verb"] for m in self._verb.finditer(text, sentence.begin, sentence.end) if m["verb"]]

    def _is_title(self, name: str) -> bool:
        bare = _BRACKETS_AT_END.sub("", name)
        return bare.endswith(self._title_ends) or not bare.endswith(self._other_ends)

    def _is_known(self, name: str, facts: StatedFacts) -> bool:
        if name in facts.names:
            return True
        return any(
            min(len(known), len(name)) >= self._least_title and (known in name or name in known)
            for known in facts.names
        )


@lru_cache(maxsize=8)
def _compile_patterns(lex: Lexicon) -> _GapPatterns:
    return _GapPatterns(lex)
