"""Lexicons: the words that the rules run on, as files that a user can read and extend.

A lexicon is a folder of ``*.tsv`` (tables: ``#`` starts a comment, cells are split at tabs) and ``*.toml`` (patterns,
lists, settings). The project's own stands in ``ontology/lexicon/``. A user's folder is laid over it: rows of a table
of the same name are added, or, if it has a line ``#!replace``, stand in place of ours; keys of a TOML file of the same
name replace or, for lists, extend.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from ontology.errors import LexiconError

HOME = Path(__file__).parent / "lexicon"
_REPLACE = "#!replace"
"""Line of a user's table that does away with the project's rows; a table of this line alone is empty."""


class Lexicon:
    """The lexicon files of one or two folders, read once, by name.

    Args:
        extra: a user's folder to lay over the project's own, or None.
    """

    def __init__(self, extra: Path | None = None) -> None:
        if extra is not None and not extra.is_dir():
            raise LexiconError(f"词表：{extra}：不是文件夹", f"lexicon: {extra}: not a folder")
        self.folders: tuple[Path, ...] = (HOME,) if extra is None else (HOME, extra)
        self._tables: dict[str, tuple[tuple[str, ...], ...]] = {}
        self._configs: dict[str, Mapping[str, Any]] = {}

    def table(self, name: str) -> tuple[tuple[str, ...], ...]:
        """The rows of ``NAME.tsv``; missing trailing cells are empty strings."""
        if name not in self._tables:
            rows: list[tuple[str, ...]] = []
            for folder in self.folders:
                path = folder / f"{name}.tsv"
                if path.exists():
                    replaces, own = _rows(path)
                    rows = own if replaces else rows + own
            width = max((len(r) for r in rows), default=0)
            self._tables[name] = tuple(r + ("",) * (width - len(r)) for r in rows)
        return self._tables[name]

    def words(self, name: str) -> tuple[str, ...]:
        """The first column of ``NAME.tsv``."""
        return tuple(row[0] for row in self.table(name))

    def config(self, name: str) -> Mapping[str, Any]:
        """The content of ``NAME.toml``."""
        if name not in self._configs:
            merged: dict[str, Any] = {}
            for folder in self.folders:
                path = folder / f"{name}.toml"
                if path.exists():
                    try:
                        _merge(merged, tomllib.loads(path.read_text(encoding="utf-8")))
                    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
                        raise LexiconError(f"词表：{path}：{error}", f"lexicon: {path}: {error}") from error
            self._configs[name] = merged
        return self._configs[name]

    @property
    def extra(self) -> str:
        """The user's folder, or an empty string."""
        return str(self.folders[1]) if len(self.folders) > 1 else ""

    @cached_property
    def digest(self) -> str:
        """SHA-256 of all the files: part of what a graph depends on."""
        sha = hashlib.sha256((HOME.parent / "tiers.ttl").read_bytes())
        for folder in self.folders:
            for path in sorted(p for p in folder.rglob("*") if p.suffix in {".tsv", ".toml", ".ttl"}):
                sha.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
        return sha.hexdigest()


@cache
def lexicon(extra: str = "") -> Lexicon:
    """The lexicon with the user's folder *extra* (a path, or empty for none), read once a process."""
    return Lexicon(Path(extra) if extra else None)


def alternation(words: Iterable[str]) -> str:
    """A regular expression that matches any of *words*, the longest first."""
    return "|".join(re.escape(w) for w in sorted(set(words), key=lambda w: (-len(w), w)))


def _rows(path: Path) -> tuple[bool, list[tuple[str, ...]]]:
    """Whether the table replaces others of its name, and its rows."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise LexiconError(
            f"词表：{path}：第 {error.start} 字节处不是 UTF-8", f"lexicon: {path}: not UTF-8 at byte {error.start}"
        ) from error
    rows, replaces = [], False
    for line in text.splitlines():
        line = line.rstrip()
        replaces = replaces or line == _REPLACE
        if line and not line.startswith("#"):
            rows.append(tuple(cell.strip() for cell in line.split("\t")))
    return replaces, rows


def _merge(into: dict[str, Any], new: Mapping[str, Any]) -> None:
    for key, value in new.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge(into[key], value)
        elif isinstance(value, list) and isinstance(into.get(key), list):
            into[key] = [*into[key], *value]
        else:
            into[key] = value
