"""The page of a text: every word from which something was read is marked, and leads to what was read from it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from kg.graph.show import describe_figure, name_thing
from kg.graph.view import View
from kg.serve.site.things import describe_evidence
from ontology.labels import name_class, name_property, name_value
from ontology.terms import DCTERMS, DOCUMENT_CLASSES, FIGURE_CLASSES, NIF, PART_CLASSES, PK, PROV

LONGEST = 400_000
"""Characters of a text that a page shows."""


@dataclass(frozen=True, slots=True)
class MarkedSpan:
    """Words of a text, and what is quoted from them."""

    begin: int
    end: int
    iris: tuple[str, ...]
    kind: str
    """Class of the first thing; ``Evidence`` if only statements are quoted from the words."""


@dataclass(frozen=True, slots=True)
class MarkedRun:
    """A run of text with the same marks."""

    begin: int
    text: str
    span: MarkedSpan | None
    """The innermost span around it that names something."""
    part: MarkedSpan | None
    """The innermost part of the document that it stands in."""
    starts: bool
    """Whether a span begins here, so that the run is a place that addresses can name."""
    chosen: bool
    """Whether it belongs to the words that were asked for."""


@dataclass(frozen=True, slots=True)
class ReadFact:
    """Something that was read from words: a thing, a statement or a figure."""

    kind: str
    subject: str
    """IRI of the thing."""
    label: str
    words: str
    """The statement or figure in words; empty for a thing."""
    target: str
    """IRI of the other end of a statement."""
    target_label: str


class MarkedText:
    """The text of a source with its marks."""

    def __init__(self, view: View, context: str) -> None:
        self._view, self.context = view, context
        self.text = view.first_value(context, NIF + "isString")[:LONGEST]
        self.spans = tuple(self._find_spans())

    def make_runs(self, chosen: tuple[int, int] | None = None) -> list[list[MarkedRun]]:
        """Return the lines of the text as runs.

        Args:
            chosen: begin and end of words to point out; None for none.
        """
        edges = {0, len(self.text)} | {edge for span in self.spans for edge in (span.begin, span.end)}
        edges |= {at + 1 for at, sign in enumerate(self.text) if sign == "\n"} | set(chosen or ())
        cuts = sorted(edge for edge in edges if 0 <= edge <= len(self.text))
        names = [span for span in self.spans if span.kind not in PART_CLASSES]
        parts = [span for span in self.spans if span.kind in PART_CLASSES]
        begins = {span.begin for span in self.spans} | ({chosen[0]} if chosen else set())
        lines: list[list[MarkedRun]] = [[]]
        covering_names, covering_parts = _Sweep(names), _Sweep(parts)
        for begin, end in pairwise(cuts):
            words = self.text[begin:end]
            part = covering_parts.find(begin)
            inside = chosen is not None and chosen[0] <= begin < chosen[1]
            run = MarkedRun(
                begin, words.rstrip("\n"), covering_names.find(begin), part, begin in begins, inside
            )  # fmt: skip
            lines[-1].append(run)
            if words.endswith("\n"):
                lines.append([])
        return lines

    def list_facts(self, begin: int, end: int, lang: str) -> list[ReadFact]:
        """Return what was read from the words from *begin* to *end*, and from words inside of them."""
        found: dict[tuple[str, ...], ReadFact] = {}
        for span in self.spans:
            if span.begin < end and begin < span.end and (span.begin >= begin or span.end <= end):
                for iri in span.iris:
                    for fact in self._make_facts(iri, lang):
                        found.setdefault((fact.subject, fact.words, fact.target), fact)
        return sorted(found.values(), key=lambda fact: (bool(fact.words), fact.kind, fact.label))

    def list_all_facts(self, lang: str) -> list[tuple[int, int, list[ReadFact]]]:
        """Return begin and end of all words that something was read from, with what was read."""
        return [(span.begin, span.end, self.list_facts(span.begin, span.end, lang)) for span in self.spans]

    def _make_facts(self, iri: str, lang: str) -> Iterator[ReadFact]:
        view, kind = self._view, self._view.kind(iri)
        evidence = describe_evidence(view, iri)
        if evidence is not None:
            subject, prop, other = evidence
            if view.kind(subject) in FIGURE_CLASSES or prop == "sameAs":
                return
            is_value = other.startswith(PK)
            label = name_value(other[len(PK) :], lang) if is_value else name_thing(view, other, lang)
            yield ReadFact(
                view.kind(subject), subject, name_thing(view, subject, lang), name_property(prop, lang),
                "" if is_value else other, label,
            )  # fmt: skip
        elif kind in FIGURE_CLASSES:
            line = describe_figure(view, "", iri, lang)
            about = next((other for slot, other in view.figure(iri).slots if slot == "about"), "")
            yield ReadFact(kind, about, line.label, line.value, "", "")
        elif kind:
            yield ReadFact(kind, iri, view.label(iri), "", "", name_class(kind, lang))

    def _find_spans(self) -> list[MarkedSpan]:
        view = self._view
        spans: dict[tuple[int, int], list[str]] = {}
        for quad in view.store.find_statements(None, NIF + "referenceContext", self.context):
            span = getattr(quad.subject, "value", "")
            begin, _, end = span.rpartition("#char=")[2].partition(",")
            if not (begin.isdecimal() and end.isdecimal()):
                continue
            for quoted in view.store.find_statements(None, PROV + "wasQuotedFrom", span):
                iri = view.main_node(getattr(quoted.subject, "value", ""))
                spans.setdefault((int(begin), int(end)), []).append(iri)
        return [self._make_span(begin, end, iris) for (begin, end), iris in sorted(spans.items())]

    def _make_span(self, begin: int, end: int, iris: Iterable[str]) -> MarkedSpan:
        kinds = {iri: self._view.kind(iri) for iri in dict.fromkeys(iris)}
        ordered = sorted(kinds, key=lambda iri: (_rank_kind(kinds[iri]), iri))
        return MarkedSpan(begin, end, tuple(ordered), kinds[ordered[0]] or "Evidence")


class _Sweep:
    """The innermost of some spans at positions that only grow."""

    def __init__(self, spans: list[MarkedSpan]) -> None:
        self._spans = sorted(spans, key=lambda span: (span.begin, -span.end))
        self._begins = [span.begin for span in self._spans]
        self._open: list[MarkedSpan] = []
        self._at = 0

    def find(self, position: int) -> MarkedSpan | None:
        """Return the shortest span around *position*."""
        upto = bisect_right(self._begins, position)
        self._open = [span for span in (*self._open, *self._spans[self._at : upto]) if span.end > position]
        self._at = max(self._at, upto)
        return min(self._open, key=lambda span: (span.end - span.begin, span.begin), default=None)


def _rank_kind(kind: str) -> int:
    """Return which of several things quoted from the same words gives them their colour."""
    if kind in PART_CLASSES:
        return 0
    if kind in DOCUMENT_CLASSES:
        return 2
    return 1 if kind and kind not in FIGURE_CLASSES else 3 if kind else 4


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document in the list of documents."""

    iri: str
    kind: str
    title: str
    author: str
    date: str
    source: str


def list_documents(view: View) -> list[DocumentLine]:
    """Return the documents that were read, the newest first, then those without a date."""
    found = []
    for iri in view.find_by_class(*DOCUMENT_CLASSES):
        contexts = view.properties(iri).get(DCTERMS + "source", [])
        if not contexts:
            continue
        by = view.first_value(iri, PK + "issuedBy") or view.first_value(iri, PK + "submittedBy")
        found.append(DocumentLine(
            iri, view.kind(iri), view.label(iri), view.label(by) if by else "",
            view.first_value(iri, DCTERMS + "issued"), view.source(contexts[0])[0],
        ))  # fmt: skip
    dated = sorted((line for line in found if line.date), key=lambda line: (line.date, line.title), reverse=True)
    return [*dated, *sorted((line for line in found if not line.date), key=lambda line: line.title)]
