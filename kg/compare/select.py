"""Select the changes that involve one thing, or things of one class."""

from __future__ import annotations

from collections.abc import Iterable

from extract.text.normalize import name_key
from kg.compare.index import FactIndex
from kg.compare.model import Change
from kg.errors import NotFoundError, UsageError
from kg.graph.show import find_things
from kg.graph.view import NODE_CLASSES
from ontology.labels import name_class
from ontology.terms import ABSTRACT_CLASSES, FIGURE_CLASSES

_LANGUAGES = ("zh", "en")


def select_changes(
    changes: Iterable[Change], old: FactIndex, new: FactIndex, about: str | None, kind: str
) -> tuple[Change, ...]:
    """Return the changes that involve the thing named *about* and are of the class *kind*.

    Args:
        changes: the changes to select from.
        old: the first side.
        new: the second side.
        about: name of the thing; None for all things.
        kind: local name of the class; empty for all classes.

    Raises:
        NotFoundError: no thing has the name *about* on either side.
    """
    things = _find_on_both_sides(about, old, new) if about is not None else set()
    return tuple(
        change for change in changes
        if (about is None or change.things & things)
        and (not kind or kind in {change.thing.kind, *_list_own_classes(change)})
    )  # fmt: skip


def find_class(name: str) -> str:
    """Return the local name of the class with the name *name*, which may be Chinese or English.

    Raises:
        UsageError: there is no such class.
    """
    known = sorted((NODE_CLASSES | FIGURE_CLASSES) - ABSTRACT_CLASSES - {"Reply"})
    for kind in known:
        if name_key(name) in {name_key(kind), *(name_key(name_class(kind, lang)) for lang in _LANGUAGES)}:
            return kind
    zh = "、".join(f"{kind} {name_class(kind, 'zh')}" for kind in known)
    en = ", ".join(known)
    raise UsageError(f"--kind {name}：没有这个类别（有：{zh}）", f"--kind {name}: no such class (there are: {en})")


def _list_own_classes(change: Change) -> tuple[str, ...]:
    """Return the class of a thing, part or figure; nothing for a fact or statement."""
    return (change.property,) if change.what in ("part", "figure", "thing") else ()


def _find_on_both_sides(name: str, old: FactIndex, new: FactIndex) -> set[str]:
    found: set[str] = set()
    missing: NotFoundError | None = None
    for index in (new, old):
        try:
            found.update(find_things(index, name))
        except NotFoundError as error:
            missing = missing or error
    if not found and missing:
        raise missing
    return found
