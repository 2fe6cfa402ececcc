"""A text that was found: where it lies, what it is called in the store. Nothing of it has been read yet."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from kg.read.values import Limits, Reading, Unreadable

LIMITS = Limits()
BETWEEN = " » "
"""Stands between a file and what is in it."""


@dataclass(frozen=True, slots=True)
class Found:
    """A text that was found: what it is called in the store, and where it lies."""

    id: str
    path: Path
    """The file; the address or ``-`` for what is no file."""
    inside: tuple[str, ...] = ()
    """Where in the file: names of members of an archive (one, or that of an archive in it and one in that)."""
    data: bytes | None = None
    """What came over the net or by standard input."""
    said: str = ""
    """Its media type, as a server says."""
    address: str = ""
    reading: Reading | None = None
    """Its text, if it had to be read to be found (a row of a list)."""
    cell: str = ""
    """What names it inside of its document: the row of a list."""
    media_type: str = ""
    """Of the list that it is a row of."""

    @property
    def origin(self) -> str:
        """Where it was read from, for the machine: the address, ``-``, or the file by its full path."""
        return self.address or origin_of(self.path)

    @property
    def member(self) -> str:
        """What it is in that: members of archives and the row of a list, outermost first; empty for all of it."""
        return BETWEEN.join([*self.inside, *filter(None, [self.cell])])

    @property
    def where(self) -> str:
        """For people: file, and place in it."""
        return BETWEEN.join([self.address or str(self.path), *filter(None, [self.member])])


def origin_of(path: Path) -> str:
    """The full path of a file or folder, without links on the way to it; ``-`` as it is."""
    if str(path) == "-":
        return "-"
    if path.name in ("", ".."):
        return str(path.resolve())
    return os.path.join(os.path.realpath(path.parent), path.name)  # noqa: PTH118 - thousands of them, one after another


def too_large(limits: Limits) -> Unreadable:
    """The error of what is larger than any document."""
    size = limits.file_bytes >> 20
    return Unreadable(f"文件过大（上限 {size} MB），未读取", f"too large (limit {size} MB); not read")


def suffix_of(found: Found) -> str:
    """The suffix of a document's own name."""
    name = found.inside[-1] if found.inside else found.path.name
    return Path(name.partition("?")[0]).suffix.lower()
