"""Tables as readable lines: a header table as 标签：值, any other row by row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from kg.read.settings import pattern, settings
from kg.read.values import Writer

_LABEL = 12
"""Characters of a cell that can be the label of the next one."""
_LONG = 60
"""Characters of a cell that holds running text."""
_SHORT = 80
"""Characters of a line that can be boilerplate."""
_SQUEEZE = re.compile(r"[\s:：\u3000\xa0【】\[\]]+")
_SEPARATOR = " | "


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell; lines inside it are kept."""

    text: str
    head: bool = False
    """Marked as a heading."""


def table_lines(out: Writer, rows: list[list[Cell]], number: int = 0) -> None:
    """Write a table.

    Pairs of label and value become a line each, cells with running text stand on lines of their own, other rows are
    one line each with `` | `` between cells. Cells are marked as ``表1 B2``, if the table has a *number*.
    """
    for y, row in enumerate(rows, 1):
        pairs = _pairs(row)
        if pairs:
            for column, name, value in pairs:
                _mark(out, number, column, y)
                if value:
                    out.line(f"{name}：{value}" if "\n" not in value else f"{name}：\n{value}")
            continue
        written = False
        for x, cell in enumerate(row, 1):
            if not cell.text or is_boilerplate(cell.text):
                continue
            running = len(cell.text) > _LONG and "\n" in cell.text
            if written:
                out.write("\n" if running else _SEPARATOR)
            _mark(out, number, x, y)
            if running:
                out.line(cell.text)
                written = False
            else:
                out.write(" ".join(cell.text.split()))
                written = True
        if written:
            out.write("\n")
    if number:
        out.mark("")


def is_boilerplate(line: str) -> bool:
    """Whether a line of text is all furniture: 字号：大 中 小, 上一篇：…"""
    return len(line) <= _SHORT and bool(pattern("html", "drop_lines").search(line))


@cache
def labels() -> frozenset[str]:
    """Labels of the tables that stand above articles, without padding."""
    return frozenset(settings()["html"]["header_labels"])


def match_label(cell: str) -> str:
    """The label that a cell is, without padding; empty if it is none."""
    squeezed = _SQUEEZE.sub("", cell)
    return squeezed if squeezed in labels() else ""


def column_name(column: int) -> str:
    """1 → A, 27 → AA."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def _mark(out: Writer, number: int, column: int, row: int) -> None:
    if number:
        out.mark(f"表{number} {column_name(column)}{row}")


def _pairs(row: list[Cell]) -> list[tuple[int, str, str]]:
    """Column, label and value of the pairs that a row is made of; none if it is made of anything else."""
    out: list[tuple[int, str, str]] = []
    x = 0
    while x < len(row):
        words = row[x].text.strip()
        if not words:
            x += 1
            continue
        name = words.rstrip("：: ")
        colon = name != words
        if len(name) <= _LABEL and "\n" not in words and (match_label(name) or colon) and x + 1 < len(row):
            out.append((x + 2, match_label(name) or name, row[x + 1].text.strip()))
            x += 2
        elif _self_contained(words):
            out.append((x + 1, *_split(words)))
            x += 1
        else:
            return []
    return out


def _self_contained(words: str) -> bool:
    """A cell that holds label and value: 索引号：000014349/2023-00001."""
    head, colon, _ = words.partition("：") if "：" in words[: _LABEL + 6] else words.partition(":")
    return bool(colon) and bool(match_label(head))


def _split(words: str) -> tuple[str, str]:
    head, _, value = words.partition("：") if "：" in words[: _LABEL + 6] else words.partition(":")
    return match_label(head), value.strip()
