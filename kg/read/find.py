"""Files, folders, archives, lists, addresses, standard input → the texts that there are to read, in order."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from kg.errors import SourceError
from kg.read.found import LIMITS, Found, origin_of, suffix_of, too_large
from kg.read.load import content, texts
from kg.read.settings import settings
from kg.read.sniff import kind_of, kinds, media_type
from kg.read.values import Limits, Unreadable

MEDIA_TYPES = {s: media_type(kind, s) for s, kind in kinds().items()}
"""Suffixes that are read, and what they hold."""
_LISTS = frozenset({"xlsx", "csv", "sheet"})


@dataclass(frozen=True, slots=True)
class Lost:
    """What was found and cannot be read, and why."""

    where: str
    error: SourceError
    origin: str = ""
    """Its full path, or its address."""
    member: str = ""
    """What it is in that; empty for all of it."""
    id: str = ""
    """What it would be called in the store; its address or path, where that is not known."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What lies under some paths: texts to read, files left aside for their suffix, files that cannot be opened."""

    files: tuple[Found, ...]
    skipped: tuple[Path, ...]
    lost: tuple[Lost, ...] = ()
    roots: tuple[str, ...] = ()
    """What was looked through: full paths of folders and files, and addresses; not standard input."""
    opened: frozenset[str] = frozenset()
    """Archives and lists that were looked into, by their full paths or addresses."""


def find(paths: Iterable[str | os.PathLike[str]], *, limits: Limits = LIMITS, allow_private: bool = False) -> Listing:
    """The readable texts under *paths*, sorted by id; folders are walked, hidden names left out.

    A file in a folder argument is named by its path from there, a file argument by its name; what is in an archive or
    a list by the name of that, and its own. When two files would have the same id, the second argument's folder name
    goes before it. ``-`` is standard input; addresses (``http://``, ``https://``) are fetched.

    Args:
        paths: files, folders, addresses, ``-``.
        limits: how much one document may take.
        allow_private: fetch from private address ranges, too.

    Raises:
        SourceError: a path that is not there, a file argument of an unknown kind, a folder with nothing to read.
    """
    collected = _Collection(limits)
    for given in paths:
        text = os.fspath(given)
        if text == "-":
            collected.expand(_standard_input(limits))
        elif text.lower().startswith(("http://", "https://")):
            collected.roots.append(text)
            collected.fetch(text, allow_private)
        else:
            collected.roots.append(str(Path(given).resolve() if Path(given).is_dir() else origin_of(Path(given))))
            _local(Path(given), collected)
    found = tuple(collected.files[ident] for ident in sorted(collected.files))
    return Listing(
        found, tuple(sorted(set(collected.skipped))), tuple(collected.lost),
        tuple(dict.fromkeys(collected.roots)), frozenset(collected.opened),
    )  # fmt: skip


class _Collection:
    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.files: dict[str, Found] = {}
        self.skipped: list[Path] = []
        self.lost: list[Lost] = []
        self.roots: list[str] = []
        self.opened: set[str] = set()

    def add(self, found: Found, folder: str = "") -> None:
        ident = unicodedata.normalize("NFC", found.id)
        there = self.files.get(ident)
        if there is not None and _same(there, found):
            return
        more = 2
        while ident in self.files:
            ident, more = (f"{folder}/{ident}", more) if folder else (f"{found.id}~{more}", more + 1)
        self.files[ident] = replace(found, id=ident)

    def lose(self, found: Found, error: Unreadable) -> None:
        self.lost.append(Lost(found.where, error.at(found.where), found.origin, found.member, found.id))

    def lose_folder(self, path: Path, error: OSError) -> None:
        why = error.strerror
        said = Unreadable(f"文件夹读不了（{why}）", f"this folder cannot be read ({why})")
        self.lost.append(Lost(str(path), said.at(str(path)), str(path.resolve()), "", str(path)))

    def expand(self, found: Found, folder: str = "") -> None:
        """Add *found*, or what is in it, if it is an archive or a list."""
        kind = kinds().get(Path(found.inside[-1] if found.inside else found.path.name).suffix.lower(), "")
        if found.data is not None:
            try:
                kind = kind_of(found.data, Path(found.id).suffix, found.said)
            except Unreadable:
                kind = ""  # reading it says so
        if kind == "zip":
            self._archive(found, folder)
        elif kind in _LISTS:
            self._list(found, folder)
        else:
            self.add(found, folder)

    def _archive(self, found: Found, folder: str) -> None:
        from kg.read.archive import members

        try:
            inside, refused = members(found, self.limits)
        except Unreadable as error:
            self.lose(found, error)
            return
        self.opened.add(found.origin)
        for one, why in refused:
            self.lose(one, why)
        for one in inside:
            suffix = Path(one.inside[-1]).suffix.lower()
            if suffix in MEDIA_TYPES:
                self.expand(one, folder) if kinds()[suffix] != "zip" else self.add(one, folder)
            else:
                self.skipped.append(Path(found.path, *one.inside))

    def _list(self, found: Found, folder: str) -> None:
        try:
            data = content(found, self.limits)
            kind = kind_of(data, Path(found.id).suffix, found.said)
            rows = texts(data, kind, self.limits, found)
        except Unreadable as error:
            self.lose(found, error)
            return
        self.opened.add(found.origin)
        whole = replace(found, data=None, media_type=media_type(kind, suffix_of(found)))
        for name, reading in rows:
            self.add(replace(whole, id=f"{found.id}/{name}" if name else found.id, reading=reading, cell=name), folder)

    def fetch(self, address: str, allow_private: bool) -> None:
        from kg.read.web.fetch import fetch

        try:
            self.expand(fetch(address, self.limits, allow_private=allow_private))
        except Unreadable as error:
            self.lost.append(Lost(address, error.at(address), address, "", address))


def _local(path: Path, collected: _Collection) -> None:
    if path.is_dir():
        inside = list(_walk(path, collected))
        good = [p for p in inside if p.suffix.lower() in MEDIA_TYPES]
        collected.skipped += [p for p in inside if p.suffix.lower() not in MEDIA_TYPES]
        if not good:
            raise SourceError(
                f"{path}：文件夹里没有可读的文件（支持 {_suffixes()}）",
                f"{path}: nothing to read in this folder (it should hold {_suffixes()} files)",
            )
        for p in good:
            collected.expand(Found(_name(p.relative_to(path).as_posix()), p), path.resolve().name)
    elif path.is_file():
        if path.suffix.lower() not in MEDIA_TYPES:
            raise SourceError(
                f"{path}：不支持这种文件（支持 {_suffixes()}）",
                f"{path}: cannot read this kind of file (only {_suffixes()})",
            )
        collected.expand(Found(_name(path.name), path), path.resolve().parent.name)
    else:
        raise SourceError(f"{path}：找不到这个文件或文件夹", f"{path}: no such file or folder")


def _standard_input(limits: Limits) -> Found:
    data = sys.stdin.buffer.read(limits.file_bytes + 1)
    if len(data) > limits.file_bytes:
        raise too_large(limits).at("-")
    try:
        kind = kind_of(data)
    except Unreadable as error:
        raise error.at("-") from error
    suffix = settings()["kinds"][kind]["suffixes"][0]
    return Found("stdin" + suffix, Path("-"), data=data, said=media_type(kind))


def _walk(folder: Path, collected: _Collection) -> Iterator[Path]:
    def lose(error: OSError) -> None:
        collected.lose_folder(Path(error.filename or folder), error)

    for root, folders, names in os.walk(folder, onerror=lose):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in sorted(names):
            if not name.startswith((".", "~$")):
                yield Path(root, name)


def _name(ident: str) -> str:
    return unicodedata.normalize("NFC", ident)


def _same(one: Found, other: Found) -> bool:
    if (one.inside, one.cell, one.address, one.data) != (other.inside, other.cell, other.address, other.data):
        return False
    return one.path.resolve() == other.path.resolve()


def _suffixes() -> str:
    return " ".join(MEDIA_TYPES)
