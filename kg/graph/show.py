"""The description of one thing in words: its facts, figures and statements, each with its sentences."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from extract.text.normalize import name_key
from kg.errors import NotFoundError
from kg.graph.facts import Passage, Statement
from kg.graph.view import NODE_CLASSES, View
from kg.graph.wording import format_figure
from ontology.labels import name_class, name_fact, name_property, name_value
from ontology.terms import PK

_MOST_SUGGESTIONS = 5
_LEAST_SIMILARITY = 0.5
_AGENCY_ROLES = frozenset({"leadAgency", "coAgency", "issuedBy"})
_QUOTED_FACTS = frozenset({"replyState"})
"""Facts that are shown with their own passages. All others stand where the thing itself is quoted from."""


@dataclass(frozen=True, slots=True)
class DescriptionLine:
    """A fact in words, with the passages that state it."""

    group: str
    """``facts``, the class of a figure, or a predicate."""
    label: str
    value: str
    passages: tuple[Passage, ...] = ()
    target: str = ""
    """IRI of the figure, or of the thing at the other end of a statement; empty for a plain fact."""


@dataclass(frozen=True, slots=True)
class Description:
    """All that a store knows about one thing."""

    iri: str
    name: str
    kind: str
    """The class, in words."""
    aliases: tuple[str, ...]
    lines: tuple[DescriptionLine, ...]
    mentions: tuple[Passage, ...]


class NameLookup(Protocol):
    """An index of names: a :class:`kg.graph.view.View`, or one side of a comparison."""

    @property
    def iris_by_name(self) -> Mapping[str, list[str]]: ...

    def main_node(self, iri: str) -> str: ...

    def kind(self, iri: str) -> str: ...

    def label(self, iri: str) -> str: ...


def find_things(view: NameLookup, name: str) -> list[str]:
    """Return the IRIs of the things called *name*.

    *name* is an IRI or any name of the thing; width, quotation marks and white space are ignored. If no name is equal,
    the one entity with a name that contains *name* is returned.

    Raises:
        NotFoundError: there is no such thing; the message suggests similar names.
    """
    is_iri = name.startswith(("http://", "https://", "urn:")) and " " not in name
    if is_iri and view.kind(view.main_node(name)):
        return [view.main_node(name)]
    key = name_key(name)
    exact = [iri for iri in view.iris_by_name.get(key, ()) if view.kind(iri) in NODE_CLASSES]
    if exact:
        return exact
    longer_names = (iris for known, iris in view.iris_by_name.items() if key and key in known)
    containing = sorted({iri for iris in longer_names for iri in iris if _is_entity(view, iri)})
    if len(containing) == 1:
        return containing
    similar = containing or _find_similar(view, key)
    listed = sorted({view.label(iri) for iri in similar}, key=lambda label: (len(label), label))[:_MOST_SUGGESTIONS]
    if listed:
        raise NotFoundError(
            f"{name}：没有找到；是不是：{'、'.join(listed)}", f"{name}: not found; did you mean: {', '.join(listed)}"
        )
    raise NotFoundError(
        f"{name}：没有找到；可用 kg stats 看库里有什么", f"{name}: not found; kg stats shows what the store holds"
    )


def name_thing(view: View, iri: str, lang: str) -> str:
    """Return the name of a thing. A rule about supports has none of its own: it is called by what it says."""
    if not view.rule_class(iri):
        return view.label(iri)
    said = [view.first_value(iri, PK + name) for name in ("stackingKind", "groupKind")]
    name = next((name_value(value.removeprefix(PK), lang) for value in said if value), view.label(iri))
    needed, of = (view.first_value(iri, PK + name) for name in ("needed", "outOf"))
    return f"{name} ({needed}/{of})" if needed and of else name


def describe_thing(view: View, iri: str, lang: str = "zh") -> Description:
    """Return the description of the thing *iri* in *lang*."""
    lines = [
        *_describe_facts(view, iri, lang),
        *_describe_figures(view, iri, lang),
        *_describe_statements(view, iri, lang),
    ]
    kind = name_class(view.kind(iri) or view.rule_class(iri), lang)
    mentions = _skip_repeated(view.passages(iri))
    return Description(iri, name_thing(view, iri, lang), kind, tuple(view.aliases(iri)), tuple(lines), mentions)


def _describe_facts(view: View, iri: str, lang: str) -> Iterator[DescriptionLine]:
    for name, value in view.literals(iri):
        passages = view.fact_passages(iri, name, value) if name in _QUOTED_FACTS else ()
        yield DescriptionLine("facts", name_fact(name, lang), name_value(value, lang), passages)


def describe_figure(view: View, iri: str, figure_iri: str, lang: str) -> DescriptionLine:
    """Return a figure as a line of the description of the thing *iri*."""
    figure = view.figure(figure_iri)
    slots = dict(reversed(figure.slots))
    place = view.label(slots["place"]) if "place" in slots and slots["place"] != iri else ""
    about = view.label(slots["about"]) if "about" in slots and slots["about"] != iri else ""
    label = " · ".join(filter(None, (about, figure.metric))) or name_class(figure.kind, lang)
    return DescriptionLine(figure.kind, label, format_figure(figure, lang, place), figure.passages, figure_iri)


def _describe_figures(view: View, iri: str, lang: str) -> Iterator[DescriptionLine]:
    for figure in view.figures(iri):
        yield describe_figure(view, iri, figure.iri, lang)


def _describe_statements(view: View, iri: str, lang: str) -> Iterator[DescriptionLine]:
    def sort_key(statement: Statement) -> tuple[bool, str, str]:
        inverse = statement.subject != iri
        return inverse, statement.predicate, view.label(statement.subject if inverse else statement.object)

    statements = {*_drop_short_names(view, view.statements(iri)), *view.links(iri)}
    for statement in sorted(statements, key=sort_key):
        inverse = statement.subject != iri
        other = statement.subject if inverse else statement.object
        label = name_property(statement.predicate, lang, inverse=inverse)
        yield DescriptionLine(
            statement.predicate, label, name_thing(view, other, lang), _skip_repeated(statement.passages), other
        )


def _drop_short_names(view: View, statements: Collection[Statement]) -> Iterator[Statement]:
    """Yield *statements* without those to an agency that another one names in full for the same words.

    The short name may be that of other agencies elsewhere: then it stays a thing of its own, but here both are one.
    """

    def is_short(short: Statement, full: Statement) -> bool:
        return (
            (short.subject, short.predicate) == (full.subject, full.predicate)
            and short.object != full.object
            and bool(short.passages)
            and set(short.passages) <= set(full.passages)
            and len(view.label(short.object)) < len(view.label(full.object))
        )

    for statement in statements:
        if statement.predicate not in _AGENCY_ROLES or not any(is_short(statement, other) for other in statements):
            yield statement


def _skip_repeated(passages: Iterable[Passage]) -> tuple[Passage, ...]:
    """Return *passages*, of those in one sentence the first."""
    found: dict[tuple[str, str], Passage] = {}
    for passage in passages:
        found.setdefault((passage.source, passage.before + passage.text + passage.after), passage)
    return tuple(found.values())


def _is_entity(view: NameLookup, iri: str) -> bool:
    return view.kind(iri) in NODE_CLASSES and "#" not in iri


def _find_similar(view: NameLookup, key: str) -> list[str]:
    near = difflib.get_close_matches(key, view.iris_by_name, n=_MOST_SUGGESTIONS, cutoff=_LEAST_SIMILARITY)
    return [i for name in near for i in view.iris_by_name[name] if _is_entity(view, i)]
