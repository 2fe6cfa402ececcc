"""The rows of named queries as tables that people read: codes in words, quotes in one line, amounts as people write.

In files a number stays a number, with its unit and bound beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from pyoxigraph import Literal

from extract.text.normalize import join_lines
from kg.graph.result import Result, Term, load_columns, translate_codes
from kg.graph.wording import format_amount, name_unit

_VALUE, _UNIT, _BOUND, _AMOUNT = "value", "unit", "bound", "amount"
Row = Sequence[Term | None]


def present_result(result: Result, lang: str, *, numbers: bool, titles: bool = True) -> Result:
    """Return the result of a named query for readers.

    Args:
        result: the rows of a named query.
        lang: ``zh`` or ``en``.
        numbers: whether value, unit and bound stay as columns beside the amount in words.
        titles: whether the columns have titles instead of their names.
    """
    texts = load_columns()
    names, rows = result.variables, result.rows
    if _VALUE in names:
        names, rows = _write_amounts(names, rows, lang, numbers=numbers)
    joined = frozenset(texts["joined"])
    joins = [name in joined for name in names]
    rows = tuple(tuple(_join(term) if join else term for term, join in zip(row, joins, strict=True)) for row in rows)
    return translate_codes(Result(names, rows, result.truth, result.triples), lang, titles=titles)


def _join(term: Term | None) -> Term | None:
    return Literal(join_lines(term.value)) if isinstance(term, Literal) else term


def _write_amounts(
    names: tuple[str, ...], rows: Sequence[Row], lang: str, *, numbers: bool
) -> tuple[tuple[str, ...], tuple[tuple[Term | None, ...], ...]]:
    """Put the amount in words before the first of value, unit and bound, or in their place."""
    parts = [name for name in (_VALUE, _UNIT, _BOUND) if name in names]
    first = min(names.index(name) for name in parts)
    kept = [i for i, name in enumerate(names) if numbers or name not in parts]
    made = []
    for row in rows:
        cells = dict(zip(names, row, strict=True))
        others = [_name_unit(row[i], lang) if names[i] == _UNIT else row[i] for i in kept]
        at = sum(i < first for i in kept)
        made.append((*others[:at], _describe(cells, lang), *others[at:]))
    at = sum(i < first for i in kept)
    kept_names = [names[i] for i in kept]
    return (*kept_names[:at], _AMOUNT, *kept_names[at:]), tuple(made)


def _describe(cells: dict[str, Term | None], lang: str) -> Term | None:
    """Return the amount of a row in words; the value as it is if it is no number; None without a value."""
    value, unit, bound = (cells.get(name) for name in (_VALUE, _UNIT, _BOUND))
    if not isinstance(value, Literal):
        return value
    try:
        number = Decimal(value.value)
    except InvalidOperation:
        return value
    words = [term.value if isinstance(term, Literal) else "" for term in (unit, bound)]
    return Literal(format_amount(number, words[0], words[1] or "Exactly", lang))


def _name_unit(term: Term | None, lang: str) -> Term | None:
    return Literal(name_unit(term.value, lang)) if isinstance(term, Literal) else term
