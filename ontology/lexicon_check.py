"""Checks of a user's lexicon: an error names the file and the line, before anything is read with it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ontology.errors import LexiconError


@dataclass(frozen=True, slots=True)
class _Columns:
    """What the cells of a table must be. Columns are counted from 0."""

    least: int = 1
    """How many cells a row needs."""
    closed: tuple[int, ...] = ()
    """Columns whose values are those of the project's table, or empty."""
    numbers: tuple[int, ...] = ()
    """Columns of whole numbers, or empty."""
    patterns: tuple[int, ...] = ()
    """Columns of regular expressions."""


_TABLES = {
    "agencies": _Columns(),
    "divisions": _Columns(least=3, closed=(2,)),
    "heads": _Columns(least=3, closed=(1, 2)),
    "national_organs": _Columns(),
    "structure_fields": _Columns(least=2, closed=(1, 2)),
    "structure_numbering": _Columns(least=5, closed=(4,), numbers=(1,), patterns=(2,)),
    "terms": _Columns(least=2, numbers=(2,)),
    "units": _Columns(least=2, closed=(1, 4), numbers=(3,)),
    "word_tags": _Columns(least=2),
    "words": _Columns(least=3, numbers=(1,)),
}


_KINDS = {"dict": ("表", "a table"), "list": ("列表", "a list"), "str": ("字符串", "a string")}
"""Types of TOML values, for messages."""


def check_lexicon(own: Path, project: Path) -> None:
    """Check the tables and TOML files in the folder *own* against those of the folder *project*.

    Raises:
        LexiconError: a file is none of the project's, a row does not fit its table, a value does not fit its key.
    """
    for path in sorted(own.iterdir()):
        if path.suffix not in {".tsv", ".toml"}:
            continue
        model = project / path.name
        if not model.exists() or not path.is_file():
            names = "、".join(p.name for p in sorted(project.glob(f"*{path.suffix}")))
            raise _make_error(path, f"没有这个词表（有：{names}）", f"no such lexicon file (there are: {names})")
        if path.suffix == ".tsv":
            _check_table(path, model, _TABLES.get(path.stem, _Columns()))
        else:
            _check_config(path, model)


def _check_table(path: Path, model: Path, columns: _Columns) -> None:
    allowed = {i: {row[i] for _, row in _read_rows(model) if i < len(row)} | {""} for i in columns.closed}
    width = max(len(row) for _, row in _read_rows(model))
    for line, row in _read_rows(path):
        if len(row) < columns.least or len(row) > width or not row[0]:
            raise _make_error(
                path,
                f"第 {line} 行：有 {len(row)} 格，应为 {columns.least} 到 {width} 格（用制表符隔开），第一格不能空",
                f"line {line}: {len(row)} cells, not {columns.least} to {width} (divided by tabs, the first not empty)",
            )
        for i, values in allowed.items():
            if i < len(row) and row[i] not in values:
                known = sorted(values - {""})
                raise _make_error(
                    path,
                    f"第 {line} 行：第 {i + 1} 格“{row[i]}”应为 {'、'.join(known)} 之一",
                    f"line {line}: cell {i + 1} “{row[i]}” must be one of {', '.join(known)}",
                )
        for i in columns.numbers:
            if i < len(row) and row[i] and not row[i].isdecimal():
                raise _make_error(
                    path,
                    f"第 {line} 行：第 {i + 1} 格“{row[i]}”应为整数",
                    f"line {line}: cell {i + 1} “{row[i]}” must be a whole number",
                )
        for i in columns.patterns:
            _check_pattern(path, line, row[i])


def _read_rows(path: Path) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield the rows of a table with their line numbers."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        at = error.start
        raise _make_error(path, f"第 {at} 字节处不是 UTF-8", f"not UTF-8 at byte {at}") from error
    for number, line in enumerate(text.splitlines(), 1):
        line = line.rstrip()
        if line and not line.startswith("#"):
            yield number, tuple(cell.strip() for cell in line.split("\t"))


def _check_config(path: Path, model: Path) -> None:
    try:
        text = path.read_text(encoding="utf-8")
        values = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _make_error(path, str(error), str(error)) from error
    known = tomllib.loads(model.read_text(encoding="utf-8"))
    lines = text.splitlines()
    for name, value, example in _pair_values(path, values, known, ()):
        if all(map(_is_pattern, _list_strings(example))):
            for string in _list_strings(value):
                number = next((i for i, line in enumerate(lines, 1) if string in line), 0)
                _check_pattern(path, number, string, name)


def _pair_values(
    path: Path, values: Mapping[str, Any], known: Mapping[str, Any], above: tuple[str, ...]
) -> Iterator[tuple[str, Any, Any]]:
    """Yield the full key, the value and the project's value of each key that the project has, too."""
    for key, value in values.items():
        model, name = known.get(key), ".".join((*above, key))
        if model is None:
            continue
        if type(value) is not type(model):
            zh, en = _KINDS.get(type(model).__name__, ("数", "a number"))
            raise _make_error(path, f"{name} 应为{zh}", f"{name} must be {en}")
        if isinstance(value, dict):
            yield from _pair_values(path, value, model, (*above, key))
        else:
            yield name, value, model


def _list_strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        # `near` lists plain words
        for one in [v for k, v in value.items() if k != "near"] if isinstance(value, dict) else value:
            yield from _list_strings(one)


def _is_pattern(string: str) -> bool:
    try:
        re.compile(string)
    except re.error:
        return False
    return True


def _check_pattern(path: Path, line: int, pattern: str, key: str = "") -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        zh, en = (f"第 {line} 行：", f"line {line}: ") if line else (f"{key}：", f"{key}: ")
        raise _make_error(
            path,
            f"{zh}“{pattern}”不是正则表达式（{error}）",
            f"{en}“{pattern}” is no regular expression ({error})",
        ) from error


def _make_error(path: Path, zh: str, en: str) -> LexiconError:
    return LexiconError(f"词表：{path}：{zh}", f"lexicon: {path}: {en}")
