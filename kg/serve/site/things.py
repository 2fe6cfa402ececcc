"""The page of a thing: its facts, figures and statements with their sentences, and the documents that speak of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kg.graph.facts import Passage
from kg.graph.show import DescriptionLine, describe_thing
from kg.graph.view import View
from ontology.labels import name_class
from ontology.terms import DCTERMS, DOCUMENT_CLASSES, FIGURE_CLASSES, PART_CLASSES, PK, RDF

SHOWN = 25
"""Lines of a group that are shown at first."""
_PARTS = 200
"""Parts of a document that are shown at first."""
_MOST_QUOTES = 3
_PART_ORDER = ("Problem", "Suggestion", "Measure", "Commitment")


@dataclass(frozen=True, slots=True)
class ThingLine:
    """A line of the page: a fact, a figure or a statement."""

    label: str
    value: str
    target: str
    """IRI of the thing at its other end; empty for a plain fact."""
    kind: str
    """Class of that thing."""
    date: str
    """Date of that thing, if it is a document."""
    passages: tuple[Passage, ...]
    more: int
    """Number of passages that are not shown."""


@dataclass(frozen=True, slots=True)
class ThingGroup:
    """Lines under one heading."""

    heading: str
    key: str
    lines: tuple[ThingLine, ...]
    hidden: int
    """Number of lines that are not shown."""


@dataclass(frozen=True, slots=True)
class ThingPage:
    """All that the page of a thing shows."""

    iri: str
    name: str
    kind: str
    aliases: tuple[str, ...]
    facts: tuple[ThingLine, ...]
    figures: tuple[ThingGroup, ...]
    statements: tuple[ThingGroup, ...]
    parts: tuple[ThingGroup, ...]
    documents: tuple[ThingLine, ...]
    """The documents that speak of it, in the order of time."""
    mentions: tuple[Passage, ...]
    text: str
    """The words of a part, if they are more than its name."""
    sources: tuple[str, ...]
    """Ids of the sources that have the text of a document."""


class ThingPages:
    """A maker of pages of things."""

    def __init__(self, view: View, lang: str) -> None:
        self._view, self._lang = view, lang

    def make(self, iri: str, shown: int = SHOWN) -> ThingPage | None:
        """Return the page of a thing; None if the store does not have it.

        Args:
            iri: the thing.
            shown: how many lines of a group are shown.
        """
        view = self._view
        kind = view.kind(iri) or view.rule_class(iri)
        if not kind:
            return None
        description = describe_thing(view, iri, self._lang)
        facts = [line for line in description.lines if line.group == "facts"]
        figures = [line for line in description.lines if line.group in FIGURE_CLASSES]
        statements = [line for line in description.lines if line.group != "facts" and line.group not in FIGURE_CLASSES]
        parts = [line for line in statements if kind in DOCUMENT_CLASSES and self._is_part(line)]
        others = [line for line in statements if line not in parts] if parts else statements
        text = view.first_value(iri, PK + "text") if kind in PART_CLASSES else ""
        contexts = view.properties(iri).get(DCTERMS + "source", []) if kind in DOCUMENT_CLASSES else []
        return ThingPage(
            iri, description.name, kind, description.aliases,
            tuple(self._make_line(line) for line in facts),
            self._group(figures, lambda line: name_class(line.group, self._lang), shown),
            self._group(others, lambda line: line.label, shown),
            self._group(
                sorted(parts, key=self._rank_part), lambda line: self._name_class_of(line.target), max(shown, _PARTS)
            ),
            tuple(self._list_documents(description.lines, description.mentions, iri)),
            description.mentions[:shown], text if text != description.name else "",
            tuple(view.source(context)[0] for context in contexts),
        )  # fmt: skip

    def _is_part(self, line: DescriptionLine) -> bool:
        return line.group == "partOf" and self._view.kind(line.target) in PART_CLASSES

    def _rank_part(self, line: DescriptionLine) -> tuple[int, str, int]:
        kind = self._view.kind(line.target)
        first = next(iter(line.passages), None)
        place = (first.source, first.begin) if first else ("", 0)
        return (_PART_ORDER.index(kind) if kind in _PART_ORDER else 9, *place)

    def _name_class_of(self, iri: str) -> str:
        return name_class(self._view.kind(iri), self._lang)

    def _group(self, lines: Iterable[DescriptionLine], name: object, shown: int) -> tuple[ThingGroup, ...]:
        assert callable(name)
        groups: dict[str, list[DescriptionLine]] = {}
        for line in lines:
            groups.setdefault(name(line), []).append(line)
        return tuple(
            ThingGroup(heading, some[0].group, tuple(map(self._make_line, some[:shown])), max(0, len(some) - shown))
            for heading, some in groups.items()
        )

    def _make_line(self, line: DescriptionLine) -> ThingLine:
        view, is_figure = self._view, line.group in FIGURE_CLASSES
        kind = "" if is_figure or not line.target else view.kind(line.target) or view.rule_class(line.target)
        date = view.first_value(line.target, DCTERMS + "issued") if kind in DOCUMENT_CLASSES else ""
        target = self._find_subject(line.target) if is_figure else line.target
        shown = line.passages[:_MOST_QUOTES]
        return ThingLine(line.label, line.value, target, kind, date, shown, len(line.passages) - len(shown))

    def _find_subject(self, figure: str) -> str:
        """Return what a figure is about, for a link; empty if it says nothing of it."""
        return dict(self._view.figure(figure).slots).get("about", "")

    def _list_documents(
        self, lines: Iterable[DescriptionLine], mentions: Iterable[Passage], iri: str
    ) -> list[ThingLine]:
        passages = [*mentions, *(passage for line in lines for passage in line.passages)]
        first: dict[str, Passage] = {}
        for passage in passages:
            if passage.document and passage.document != iri:
                first.setdefault(passage.document, passage)
        found = [
            ThingLine(
                self._name_class_of(document), self._view.label(document), document, self._view.kind(document),
                self._view.first_value(document, DCTERMS + "issued"), (passage,), 0,
            )
            for document, passage in first.items()
        ]  # fmt: skip
        return sorted(found, key=lambda line: (not line.date, line.date, line.value))


def list_things_of_words(view: View, context: str, begin: int, end: int) -> list[str]:
    """Return the things and pieces of evidence that are quoted from words of a text, sorted."""
    span = f"{context}#char={begin},{end}"
    quoted = "http://www.w3.org/ns/prov#wasQuotedFrom"
    found = {getattr(quad.subject, "value", "") for quad in view.store.find_statements(None, quoted, span)}
    return sorted(view.main_node(iri) for iri in found if iri)


def describe_evidence(view: View, iri: str) -> tuple[str, str, str] | None:
    """Return subject, property (local name) and object of a piece of evidence; None if *iri* is none."""
    values = view.properties(iri)
    if PK + "Evidence" not in values.get(RDF + "type", ()):
        return None
    ends = [next(iter(values.get(RDF + name, ())), "") for name in ("subject", "predicate", "object")]
    return ends[0], ends[1].replace("/", "#").rpartition("#")[2], ends[2]
