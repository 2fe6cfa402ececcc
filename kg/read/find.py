"""Find the texts to read in files, folders, archives, lists, addresses and standard input."""

from __future__ import annotations

import os
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from kg.errors import SourceError
from kg.read.formats import compile_pattern, detect_kind, get_media_type, is_word_xml, load_settings, map_suffixes
from kg.read.found import LIMITS, FoundSource, get_suffix, make_size_error, resolve_folder, resolve_origin
from kg.read.load import read_content, read_texts
from kg.read.office.package import OfficePackage
from kg.read.paths import make_kind_error, print_path
from kg.read.values import Limits, ReadError
from kg.read.web.content import may_list_proposals

MEDIA_TYPES = {suffix: get_media_type(kind, suffix) for suffix, kind in map_suffixes().items()}
"""Media type by suffix, for the suffixes that are read."""
_LISTS = frozenset({"xlsx", "csv", "sheet"})
_MAY_LIST = frozenset({"html", "docx"})
"""Formats whose documents can have tables that list proposals."""


@dataclass(frozen=True, slots=True)
class UnreadableSource:
    """What was found and cannot be read, and why."""

    where: str
    error: SourceError
    origin: str = ""
    """Full path, or address."""
    member: str = ""
    """Place in the file; empty for the whole file."""
    id: str = ""
    """Id that it would have in the store; its address or path, where that is not known."""


@dataclass(frozen=True, slots=True)
class SourceListing:
    """The content of some paths: texts to read, files skipped because of their suffix, files that cannot be opened."""

    files: tuple[FoundSource, ...]
    skipped: tuple[Path, ...]
    unreadable: tuple[UnreadableSource, ...] = ()
    roots: tuple[str, ...] = ()
    """Full paths of the folders and files, and addresses, that were searched; without standard input."""
    opened: frozenset[str] = frozenset()
    """Full paths or addresses of the archives and lists whose content was listed."""


def find_sources(
    paths: Iterable[str | os.PathLike[str]], *, limits: Limits = LIMITS, allow_private: bool = False
) -> SourceListing:
    """Return the readable texts under *paths*, sorted by id; hidden files and folders are left out.

    The id of a file is its path relative to the folder that was given, or its name if the file itself was given. The
    id of a member of an archive or of a row of a list is the id of the file and its own name. If two files would have
    one id, the second gets the name of its folder before its id. ``-`` is standard input. Addresses (``http://``,
    ``https://``) are fetched.

    Args:
        paths: files, folders, addresses, ``-``.
        limits: how large one document can be.
        allow_private: also fetch from private address ranges.

    Raises:
        SourceError: a path does not exist, a given file is of an unknown kind, or a folder has nothing to read.
    """
    resolve_folder.cache_clear()
    collection = _Collection(limits)
    for path in paths:
        text = os.fspath(path)
        if text == "-":
            collection.expand(_read_standard_input(limits))
        elif text.lower().startswith(("http://", "https://")):
            collection.roots.append(text)
            collection.fetch(text, allow_private)
        else:
            is_folder = Path(path).is_dir()
            collection.roots.append(print_path(Path(path).resolve()) if is_folder else resolve_origin(Path(path)))
            _add_path(Path(path), collection)
    return SourceListing(
        tuple(collection.files[ident] for ident in sorted(collection.files)),
        tuple(sorted(set(collection.skipped))),
        tuple(collection.unreadable),
        tuple(dict.fromkeys(collection.roots)),
        frozenset(collection.opened),
    )


class _Collection:
    """Collects what is found."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.files: dict[str, FoundSource] = {}
        self.skipped: list[Path] = []
        self.unreadable: list[UnreadableSource] = []
        self.roots: list[str] = []
        self.opened: set[str] = set()

    def add(self, found: FoundSource, folder: str = "") -> None:
        """Add a text; if its id is taken by another one, make a new id with the name of its *folder*."""
        ident = unicodedata.normalize("NFC", found.id)
        present = self.files.get(ident)
        if present is not None and _is_same(present, found):
            return
        number = 2
        while ident in self.files:
            ident, number = (f"{folder}/{ident}", number) if folder else (f"{found.id}~{number}", number + 1)
        self.files[ident] = replace(found, id=ident)

    def add_unreadable(self, found: FoundSource, error: ReadError) -> None:
        self.unreadable.append(
            UnreadableSource(found.where, error.add_place(found.where), found.origin, found.member, found.id)
        )

    def add_unreadable_folder(self, path: Path, error: OSError) -> None:
        why = error.strerror
        reason = ReadError(f"文件夹读不了（{why}）", f"this folder cannot be read ({why})")
        place = print_path(path)
        origin = print_path(path.resolve())
        self.unreadable.append(UnreadableSource(place, reason.add_place(place), origin, "", place))

    def is_document(self, found: FoundSource) -> bool:
        """Return whether a file in a folder or archive is read: by its suffix, and unless it describes the others.

        A README, an index or a license describes the files beside it; of XML files, only Word documents are read.
        """
        name = Path(found.members[-1] if found.members else found.path.name).name
        suffix = Path(name).suffix.lower()
        if suffix not in MEDIA_TYPES or compile_pattern("folders", "not_documents").fullmatch(name):
            return False
        try:
            return suffix != ".xml" or is_word_xml(read_content(found, self.limits))
        except ReadError:
            return True  # the error is reported when the document is read

    def expand(self, found: FoundSource, folder: str = "") -> None:
        """Add *found*, or its members or rows if it is an archive or a list."""
        kind = map_suffixes().get(Path(found.members[-1] if found.members else found.path.name).suffix.lower(), "")
        if found.data is not None:
            try:
                kind = detect_kind(found.data, Path(found.id).suffix, found.declared_type)
            except ReadError:
                kind = ""  # the error is reported when the document is read
        if kind == "zip":
            self._add_archive(found, folder)
        elif kind in _LISTS or (kind in _MAY_LIST and self._may_list(found, kind)):
            self._add_list(found, folder)
        else:
            self.add(found, folder)

    def fetch(self, address: str, allow_private: bool) -> None:
        from kg.read.web.fetch import fetch_page

        try:
            self.expand(fetch_page(address, self.limits, allow_private=allow_private))
        except ReadError as error:
            self.unreadable.append(UnreadableSource(address, error.add_place(address), address, "", address))

    def _add_archive(self, found: FoundSource, folder: str) -> None:
        from kg.read.archive import list_members

        try:
            members, refused = list_members(found, self.limits)
        except ReadError as error:
            self.add_unreadable(found, error)
            return
        self.opened.add(found.origin)
        for member, reason in refused:
            self.add_unreadable(member, reason)
        for member in members:
            suffix = Path(member.members[-1]).suffix.lower()
            if not self.is_document(member):
                self.skipped.append(Path(print_path(found.path), *member.members))
            elif map_suffixes()[suffix] == "zip":
                self.add(member, folder)
            else:
                self.expand(member, folder)

    def _may_list(self, found: FoundSource, kind: str) -> bool:
        """Return whether a page or Word document has the words of a list of proposals in a table."""
        try:
            data = read_content(found, self.limits)
            if kind == "docx" and data.startswith(b"PK"):
                data = OfficePackage(data, self.limits).read_bytes("word/document.xml") or b""
            return may_list_proposals(data)
        except ReadError:
            return False  # the error is reported when the document is read

    def _add_list(self, found: FoundSource, folder: str) -> None:
        try:
            data = read_content(found, self.limits)
            kind = detect_kind(data, Path(found.id).suffix, found.declared_type)
            rows = read_texts(data, kind, self.limits, found)
        except ReadError as error:
            self.add_unreadable(found, error)
            return
        if kind in _MAY_LIST and len(rows) == 1 and not rows[0][0]:
            self.add(found, folder)
            return
        self.opened.add(found.origin)
        whole = replace(found, data=None, media_type=get_media_type(kind, get_suffix(found)))
        times: Counter[str] = Counter()
        for name, text in rows:
            times[name] += 1  # two tables of a file may have rows with one number
            name = f"{name}~{times[name]}" if times[name] > 1 else name
            self.add(replace(whole, id=f"{found.id}/{name}" if name else found.id, content=text, row=name), folder)


def _add_path(path: Path, collection: _Collection) -> None:
    place = print_path(path)
    if path.is_dir():
        paths = list(_walk_folder(path, collection))
        readable = [p for p in paths if collection.is_document(FoundSource(p.name, p))]
        collection.skipped += [Path(print_path(p)) for p in sorted(set(paths) - set(readable))]
        if not readable:
            raise SourceError(
                f"{place}：文件夹里没有可读的文件（支持 {_list_suffixes()}）",
                f"{place}: no readable files in this folder (supported: {_list_suffixes()})",
            )
        for file in readable:
            ident = unicodedata.normalize("NFC", print_path(file.relative_to(path).as_posix()))
            collection.expand(FoundSource(ident, file), print_path(path.resolve().name))
    elif path.is_file():
        if path.suffix.lower() not in MEDIA_TYPES:
            raise SourceError(
                f"{place}：不支持这种文件（支持 {_list_suffixes()}）",
                f"{place}: this kind of file is not supported (supported: {_list_suffixes()})",
            )
        ident = unicodedata.normalize("NFC", print_path(path.name))
        collection.expand(FoundSource(ident, path), print_path(path.resolve().parent.name))
    elif path.exists():
        raise make_kind_error().add_place(place)
    else:
        raise SourceError(f"{place}：找不到这个文件或文件夹", f"{place}: no such file or folder")


def _read_standard_input(limits: Limits) -> FoundSource:
    data = sys.stdin.buffer.read(limits.file_bytes + 1)
    if len(data) > limits.file_bytes:
        raise make_size_error(limits).add_place("-")
    try:
        kind = detect_kind(data)
    except ReadError as error:
        raise error.add_place("-") from error
    suffix = load_settings()["kinds"][kind]["suffixes"][0]
    return FoundSource("stdin" + suffix, Path("-"), data=data, declared_type=get_media_type(kind))


def _walk_folder(folder: Path, collection: _Collection) -> Iterator[Path]:
    def add_error(error: OSError) -> None:
        collection.add_unreadable_folder(Path(error.filename or folder), error)

    for root, folders, names in os.walk(folder, onerror=add_error):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith((".", "~$")):
                yield Path(root, name)


def _is_same(one: FoundSource, other: FoundSource) -> bool:
    if (one.members, one.row, one.address, one.data) != (other.members, other.row, other.address, other.data):
        return False
    return one.path.resolve() == other.path.resolve()


def _list_suffixes() -> str:
    return " ".join(MEDIA_TYPES)
