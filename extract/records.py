"""Helpers for records: values of dataclasses that have an id."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields
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
