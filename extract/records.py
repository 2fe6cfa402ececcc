"""Helpers for records: values of dataclasses that have an id."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import MISSING, fields
from functools import cache
from operator import attrgetter
from typing import Any, Protocol, TypeVar

_Value = TypeVar("_Value")


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


_IdentifiedT = TypeVar("_IdentifiedT", bound=_Identified)


def find_by_id(values: Iterable[_IdentifiedT], ident: str) -> _IdentifiedT:
    """Return the record with an id.

    Raises:
        KeyError: none of *values* has it.
    """
    for value in values:
        if value.id == ident:
            return value
    raise KeyError(ident)


def make_next_id(prefix: str, used: Iterable[str]) -> str:
    """Return the id after the highest of the *used* ids with that prefix."""
    return f"{prefix}{max((int(i[1:]) for i in used if i[:1] == prefix and i[1:].isdigit()), default=0) + 1}"


def copy_with(value: _Value, **changes: object) -> _Value:
    """Return a copy of a dataclass instance with some fields changed; faster than ``dataclasses.replace``."""
    kind: Callable[..., _Value] = type(value)
    names, get = _list_fields(kind)
    return kind(*map(changes.get, names, get(value)))


@cache
def _list_fields(kind: Any) -> tuple[tuple[str, ...], Callable[[object], tuple[Any, ...]]]:
    """Return the names of a dataclass's fields, and a function that returns the values of all of them."""
    names = tuple(f.name for f in fields(kind))
    return names, attrgetter(*names)


def set_slots(kind: type[_Value]) -> type[_Value]:
    """Give a frozen dataclass with slots an ``__init__`` that needs half the time; for values that a page has many of.

    The one that ``dataclasses`` writes looks up each attribute by its name; this one calls the setters of the slots.
    """
    names: dict[str, object] = {}
    given: list[str] = []
    stored: list[str] = []
    for own in fields(kind):  # type: ignore[arg-type]
        name = own.name
        names[f"set_{name}"] = vars(kind)[name].__set__
        if own.default is not MISSING:
            names[f"default_{name}"] = own.default
            given.append(f"{name}=default_{name}")
        elif own.default_factory is not MISSING:
            names |= {f"make_{name}": own.default_factory, "MISSING": MISSING}
            given.append(f"{name}=MISSING")
            stored.append(f"if {name} is MISSING: {name} = make_{name}()")
        else:
            given.append(name)
        stored.append(f"set_{name}(self, {name})")
    exec(f"def __init__(self, {', '.join(given)}):\n    " + "\n    ".join(stored), names)
    written: Any = names["__init__"]
    written.__qualname__ = f"{kind.__qualname__}.__init__"
    kind.__init__ = written  # type: ignore[method-assign]
    return kind
