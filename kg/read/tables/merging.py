"""Rows of one proposal, one for each organ, become one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kg.read.tables.organs import says_answered, says_undue, split_organs
from kg.read.tables.rows import RowContent, RowText

_ORGANS = ("lead", "co", "handlers", "submitter", "cosigner")
"""Columns with names, of which each row of a proposal may have other ones."""


def merge_rows(rows: Sequence[RowContent]) -> RowContent:
    """Return what several rows say of one proposal, as lists print it that have a row for each organ."""
    if len(rows) == 1:
        return rows[0]
    values: dict[str, str] = {}
    cells: dict[str, str] = {}
    statements: dict[str, list[RowText]] = {}
    for row in map(_read_state_as_statement, rows):
        for name, value in row.values.items():
            known = values.setdefault(name, value)
            if name in _ORGANS and value not in known.split("、"):
                values[name] = f"{known}、{value}"
        cells = row.cells | cells
        for name, stated in row.statements.items():
            own = split_organs(row.values.get("lead" if name == "reply" else "co", ""))
            for one in stated:
                known_words = {(other.words, other.organs) for other in statements.get(name, ())}
                said = one if one.organs or len(own) != 1 else replace(one, organs=tuple(own))
                if (said.words, said.organs) not in known_words:
                    statements.setdefault(name, []).append(said)
    replies = statements.get("reply", [])
    if replies and len(split_organs(values.get("lead", ""))) < 2 and all(says_answered(one.words) for one in replies):
        del statements["reply"]  # that there is a reply, and no words of it
        values.setdefault("told", replies[0].words)
        cells["told"] = replies[0].cell
    impossible = tuple(one for row in rows for one in row.impossible)
    unread, silent = (tuple(one for row in rows for one in getattr(row, name)) for name in ("unread", "silent"))
    return RowContent(values, statements, cells, impossible, unread, tuple(dict.fromkeys(silent)))


def _read_state_as_statement(row: RowContent) -> RowContent:
    """Return a row of one organ whose state (已答复, 退回) is what this organ says."""
    lead, co = (split_organs(row.values.get(name, "")) for name in ("lead", "co"))
    named = next((name for name in ("told", "status") if name in row.values), "status")
    status = row.values.get(named, "")
    is_undue = says_undue(status) and bool(lead)
    values = {name: value for name, value in row.values.items() if name not in ("status", "told") or is_undue}
    tells = says_answered(status) or (says_undue(status) and not is_undue)
    if row.statements or len([*lead, *co]) != 1 or not tells:
        return replace(row, values=values)
    said = RowText(status, row.cells.get(named, ""), (*lead, *co))
    return replace(row, values=values, statements={"reply" if lead else "opinion": [said]})
