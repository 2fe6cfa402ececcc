"""One thing in words: its facts, its figures, what it has to do with others, and the sentences that say so."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from kg.errors import NotFoundError
from kg.graph.view import NODE_CLASSES, Passage, Statement, View
from kg.graph.wording import format_figure
from kg.rdf.iri import fold
from ontology.labels import name_class, name_fact, name_property, name_value

_MOST_NEAR = 5
_NEAR = 0.5
_SAID = frozenset({"replyState"})
"""Facts whose words are shown: others stand where the thing is quoted from."""


@dataclass(frozen=True, slots=True)
class Line:
    """A fact in words, with the passages that say it."""

    group: str
    """``facts``, a figure's class, or the predicate."""
    label: str
    value: str
    passages: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """All about one thing."""

    iri: str
    name: str
    kind: str
    """Its class, in words."""
    aliases: tuple[str, ...]
    lines: tuple[Line, ...]
    mentions: tuple[Passage, ...]


class Names(Protocol):
    """What names are looked up in: a :class:`kg.graph.view.View`, or a side of a comparison."""

    @property
    def names(self) -> Mapping[str, list[str]]: ...

    def main(self, iri: str) -> str: ...

    def kind(self, iri: str) -> str: ...

    def label(self, iri: str) -> str: ...


def find(view: Names, name: str) -> list[str]:
    """IRIs of the things called *name*: by any of its names, whatever the width, quotes and white space, or by IRI.

    Raises:
        NotFoundError: nothing has that name; the message names what comes near.
    """
    if view.kind(view.main(name)) if name.startswith(("http://", "https://", "urn:")) and " " not in name else "":
        return [view.main(name)]
    key = fold(name)
    exact = [i for i in view.names.get(key, ()) if view.kind(i) in NODE_CLASSES]
    if exact:
        return exact
    holding = sorted({i for n, iris in view.names.items() if key and key in n for i in iris if _is_entity(view, i)})
    if len(holding) == 1:
        return holding
    near = holding or _similar(view, key)
    listed = sorted({view.label(i) for i in near}, key=lambda label: (len(label), label))[:_MOST_NEAR]
    if listed:
        raise NotFoundError(
            f"{name}：没有找到；是不是：{'、'.join(listed)}", f"{name}: not found; did you mean: {', '.join(listed)}"
        )
    raise NotFoundError(
        f"{name}：没有找到；可用 kg stats 看库里有什么", f"{name}: not found; kg stats says what the store holds"
    )


def sheet(view: View, iri: str, lang: str = "zh") -> Sheet:
    """All about *iri* in words of *lang*."""
    lines = [
        *_facts(view, iri, lang),
        *_figures(view, iri, lang),
        *_statements(view, iri, lang),
    ]
    kind = name_class(view.kind(iri), lang)
    return Sheet(iri, view.label(iri), kind, tuple(view.aliases(iri)), tuple(lines), view.passages(iri))


def _facts(view: View, iri: str, lang: str) -> Iterator[Line]:
    for name, value in view.literals(iri):
        passages = view.fact_passages(iri, name, value) if name in _SAID else ()
        yield Line("facts", name_fact(name, lang), name_value(value, lang), passages)


def figure_line(view: View, iri: str, figure_iri: str, lang: str) -> Line:
    """A figure as a line of the thing *iri*."""
    f = view.figure(figure_iri)
    slots = dict(reversed(f.slots))
    place = view.label(slots["place"]) if "place" in slots and slots["place"] != iri else ""
    about = view.label(slots["about"]) if "about" in slots and slots["about"] != iri else ""
    label = " · ".join(x for x in (about, f.metric) if x) or name_class(f.kind, lang)
    return Line(f.kind, label, format_figure(f, lang, place), f.passages)


def _figures(view: View, iri: str, lang: str) -> Iterator[Line]:
    for f in view.figures(iri):
        yield figure_line(view, iri, f.iri, lang)


def _statements(view: View, iri: str, lang: str) -> Iterator[Line]:
    def order(s: Statement) -> tuple[bool, str, str]:
        inverse = s.subject != iri
        return inverse, s.predicate, view.label(s.subject if inverse else s.object)

    for s in sorted({*view.statements(iri), *view.links(iri)}, key=order):
        inverse = s.subject != iri
        other = s.subject if inverse else s.object
        yield Line(s.predicate, name_property(s.predicate, lang, inverse=inverse), view.label(other), s.passages)


def _is_entity(view: Names, iri: str) -> bool:
    return view.kind(iri) in NODE_CLASSES and "#" not in iri


def _similar(view: Names, key: str) -> list[str]:
    near = difflib.get_close_matches(key, view.names, n=_MOST_NEAR, cutoff=_NEAR)
    return [i for n in near for i in view.names[n] if _is_entity(view, i)]
