"""Only some changes: those that have to do with one thing, or with things of one class."""

from __future__ import annotations

from collections.abc import Iterable

from kg.compare.index import Index
from kg.compare.model import Change
from kg.errors import NotFoundError, UsageError
from kg.graph.show import find
from kg.graph.view import NODE_CLASSES
from kg.rdf.iri import fold
from ontology.labels import name_class
from ontology.terms import ABSTRACT_CLASSES, FIGURE_CLASSES

_LANGUAGES = ("zh", "en")


def selected(changes: Iterable[Change], a: Index, b: Index, about: str | None, kind: str) -> tuple[Change, ...]:
    """Those of *changes* that have to do with what is called *about*, and with the class *kind*.

    Raises:
        NotFoundError: nothing is called so on either side.
    """
    things = _named(about, a, b) if about is not None else set()
    return tuple(
        c for c in changes
        if (about is None or c.things & things) and (not kind or kind in {c.thing.kind, *_own_kind(c)})
    )  # fmt: skip


def class_named(name: str) -> str:
    """The local name of a class that a user names in any language.

    Raises:
        UsageError: there is none of that name.
    """
    known = sorted((NODE_CLASSES | FIGURE_CLASSES) - ABSTRACT_CLASSES - {"Reply"})
    for kind in known:
        if fold(name) in {fold(kind), *(fold(name_class(kind, lang)) for lang in _LANGUAGES)}:
            return kind
    zh, en = ("、".join(f"{k}" + (f" {name_class(k, 'zh')}" if zh else "") for k in known) for zh in (True, False))
    raise UsageError(f"--kind {name}：没有这个类别（有：{zh}）", f"--kind {name}: no such class (there are: {en})")


def _own_kind(c: Change) -> tuple[str, ...]:
    """Of a part or a figure its class; facts and statements have none of their own."""
    return (c.property,) if c.what in ("part", "figure", "thing") else ()


def _named(name: str, a: Index, b: Index) -> set[str]:
    found: set[str] = set()
    missing: NotFoundError | None = None
    for index in (b, a):
        try:
            found.update(find(index, name))
        except NotFoundError as error:
            missing = missing or error
    if not found and missing:
        raise missing
    return found
