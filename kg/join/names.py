"""Names of agencies with and without their place: 市民政局, 民政局 and 霁川市民政局."""

from __future__ import annotations

from functools import lru_cache

from kg.join.settings import compile_pattern

_LEAST_CORE = 2
"""Least number of code points of a name without its place: 市局 names no agency."""
_LEAST_SHORTENED = 3
"""Least number of code points of a name whose words are shortened: 工信局."""


@lru_cache(maxsize=200_000)  # the proposals of a city name the same agencies
def is_full_name(whole: str, short: str, place: str = "") -> bool:
    """Return whether *whole* is a place and *short*: 霁川市民政局 for 市民政局 or 民政局, but never for 县民政局.

    Args:
        whole: the name that may be the full one.
        short: another name.
        place: the place that the agency *whole* governs, if it is known. Then *short* may shorten the words after the
            place, too: 市工信局 for 霁川市工业和信息化局.
    """
    whole, short = (compile_pattern("agency", "party").sub("", name) for name in (whole, short))
    if whole == short:
        return False
    if short and whole.endswith(short) and _is_place(whole[: -len(short)]):
        return True
    level = compile_pattern("agency", "level").match(short)
    rank = level[0] if level else ""
    core = short[len(rank) :]
    if len(core) < _LEAST_CORE:
        return False
    if whole.endswith(core):
        before = whole[: -len(core)]
        return bool(rank) and len(before) > len(rank) and before.endswith(rank)
    return bool(place) and place.endswith(rank) and whole.startswith(place) and _shortens(core, whole[len(place) :])


def _is_place(words: str) -> bool:
    """Return whether *words* end with the name of a division."""
    return bool(compile_pattern("agency", "division").search(words))


def _shortens(core: str, words: str) -> bool:
    """Return whether *core* has the first and last characters of *words* and some between them, in order."""
    if len(core) < _LEAST_SHORTENED or core[0] != words[:1] or core[-1] != words[-1:]:
        return False
    characters = iter(words)
    return all(character in characters for character in core)
