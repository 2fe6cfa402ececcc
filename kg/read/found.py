"""A text that was found: its id in the store, and where it is. It has not been read yet."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kg.read.paths import print_path
from kg.read.values import DocumentText, Limits, ReadError

LIMITS = Limits()
BETWEEN = " » "
"""Separator between a file and the place in it."""


@dataclass(frozen=True, slots=True)
class FoundSource:
    """A text that was found: its id in the store, and where it is."""

    id: str
    path: Path
    """The file; for other origins the last part of the address, or ``-``."""
    members: tuple[str, ...] = ()
    """Names of members of an archive: one, or that of an inner archive and one in that; empty for the whole file."""
    data: bytes | None = None
    """The bytes that came from the network or from standard input."""
    declared_type: str = ""
    """The media type that a server declared."""
    address: str = ""
    content: DocumentText | None = None
    """The text of the row of a list, which is read to find the row."""
    row: str = ""
    """Name of the row of a list; empty for a whole document."""
    media_type: str = ""
    """Media type of the list that contains the row."""

    @property
    def origin(self) -> str:
        """Where it comes from, in full: the address, ``-``, or the full path of the file."""
        return self.address or resolve_origin(self.path)

    @property
    def member(self) -> str:
        """Place in the file: members of archives and the row of a list, outermost first; empty for the whole file."""
        return BETWEEN.join([*self.members, *filter(None, [self.row])])

    @property
    def where(self) -> str:
        """File and place in it, for people."""
        return BETWEEN.join([self.address or print_path(self.path), *filter(None, [self.member])])


def resolve_origin(path: Path) -> str:
    """Return the full path of a file or folder as text, with links in its folder resolved; ``-`` as it is."""
    if str(path) == "-":
        return "-"
    if path.name in ("", ".."):
        return print_path(path.resolve())
    # os.path: called thousands of times
    return print_path(os.path.join(resolve_folder(str(path.parent), os.getcwd()), path.name))  # noqa: PTH109, PTH118


@lru_cache(maxsize=4096)
def resolve_folder(folder: str, working_folder: str) -> str:
    """Return the full path of a folder, with links resolved; the same until ``find_sources`` is called again."""
    return os.path.realpath(folder)


def make_size_error(limits: Limits) -> ReadError:
    """Return the error for a document that is too large."""
    size = limits.file_bytes >> 20
    return ReadError(f"文件过大（上限 {size} MB），未读取", f"too large (limit {size} MB); not read")


def get_suffix(found: FoundSource) -> str:
    """Return the suffix of the document's own name, in lower case."""
    name = found.members[-1] if found.members else found.path.name
    return Path(name.partition("?")[0]).suffix.lower()
