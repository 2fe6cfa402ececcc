"""Lexicons: the words and patterns of the rules, in files that a user can read and extend.

A lexicon is a folder of ``*.tsv`` files (tables: ``#`` starts a comment, tabs separate cells) and ``*.toml`` files
(patterns, lists, settings). The project's lexicon is ``ontology/lexicon/``. A user's folder is merged with it:

* The rows of a table are added to the project's table of the same name. A table with the line ``#!replace`` replaces
  it.
* The keys of a TOML file replace those of the project's file of the same name. Lists are extended.
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
from ontology.lexicon_check import check_lexicon

LEXICON_FOLDER = Path(__file__).parent / "lexicon"
"""The lexicon of the project."""
_REPLACE = "#!replace"
"""Line of a user's table that replaces the project's table. With this line alone the table becomes empty."""


_OTHER_SPACES = [char for char in map(chr, range(0x3001)) if char.isspace() and char not in " \t\n"]
"""White space and ends of lines that tables seldom have."""


class Lexicon:
    """The lexicon files of the project and of a user. Each file is read once, when it is first used.

    Args:
        extra: the user's folder, or None.

    Raises:
        LexiconError: *extra* is not a folder, or a file in it does not fit the project's file of the same name.
    """

    def __init__(self, extra: Path | None = None) -> None:
        if extra is not None and not extra.is_dir():
            raise LexiconError(f"词表：{extra}：不是文件夹", f"lexicon: {extra}: not a folder")
        if extra is not None:
            check_lexicon(extra, LEXICON_FOLDER)
        self.folders: tuple[Path, ...] = (LEXICON_FOLDER,) if extra is None else (LEXICON_FOLDER, extra)
        self._tables: dict[str, tuple[tuple[str, ...], ...]] = {}
        self._configs: dict[str, Mapping[str, Any]] = {}

    def read_table(self, name: str) -> tuple[tuple[str, ...], ...]:
        """Return the rows of ``NAME.tsv``. Missing cells at the end of a row are empty strings."""
        if name not in self._tables:
            rows: list[tuple[str, ...]] = []
            for folder in self.folders:
                path = folder / f"{name}.tsv"
                if path.exists():
                    replaces, own = _read_rows(path)
                    rows = own if replaces else rows + own
            width = max((len(row) for row in rows), default=0)
            self._tables[name] = tuple([row if len(row) == width else row + ("",) * (width - len(row)) for row in rows])
        return self._tables[name]

    def read_words(self, name: str) -> tuple[str, ...]:
        """Return the first column of ``NAME.tsv``."""
        return tuple(row[0] for row in self.read_table(name))

    def read_config(self, name: str) -> Mapping[str, Any]:
        """Return the content of ``NAME.toml``."""
        if name not in self._configs:
            merged: dict[str, Any] = {}
            for folder in self.folders:
                path = folder / f"{name}.toml"
                if path.exists():
                    try:
                        _merge_tables(merged, tomllib.loads(path.read_text(encoding="utf-8")))
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
        """SHA-256 of all files. A graph depends on it."""
        sha = hashlib.sha256((LEXICON_FOLDER.parent / "tiers.ttl").read_bytes())
        for folder in self.folders:
            for path in sorted(p for p in folder.rglob("*") if p.suffix in {".tsv", ".toml", ".ttl"}):
                sha.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
        return sha.hexdigest()


@cache
def load_lexicon(extra: str = "") -> Lexicon:
    """Return the lexicon with the user's folder *extra* (empty: none). It is the same object within a process."""
    return Lexicon(Path(extra) if extra else None)


def join_alternatives(words: Iterable[str]) -> str:
    """Return a regular expression that matches any of *words*, the longest first."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))


def _read_rows(path: Path) -> tuple[bool, list[tuple[str, ...]]]:
    """Return whether the table replaces that of the project, and its rows."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise LexiconError(
            f"词表：{path}：第 {error.start} 字节处不是 UTF-8", f"lexicon: {path}: not UTF-8 at byte {error.start}"
        ) from error
    lines = [line for line in map(str.rstrip, text.splitlines()) if line]
    rows = [tuple(line.split("\t")) for line in lines if line[0] != "#"]
    if _is_padded(text):
        rows = [tuple([cell.strip() for cell in row]) for row in rows]
    return _REPLACE in lines, rows


def _is_padded(text: str) -> bool:
    """Whether a cell of a table may begin or end with white space. Most tables have none, and some have 70,000 rows."""
    if any(space in text for space in _OTHER_SPACES) or text[:1] == " ":
        return True
    return any(edge in text for edge in (" \t", "\t ", "\n "))


def _merge_tables(into: dict[str, Any], new: Mapping[str, Any]) -> None:
    for key, value in new.items():
        if isinstance(value, dict) and isinstance(into.get(key), dict):
            _merge_tables(into[key], value)
        elif isinstance(value, list) and isinstance(into.get(key), list):
            into[key] = [*into[key], *value]
        else:
            into[key] = value
