"""Files and folders in, :class:`~extract.model.Source` values out.

Text is decoded strictly (UTF-8 with or without a BOM, UTF-16 with a BOM, then GB18030, of which GBK and GB2312 are
parts), so a wrong guess never reaches the graph; newlines become ``\\n`` and nothing else is changed.
"""

from __future__ import annotations

import codecs
import os
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from extract.model import Source
from kg.errors import SourceError

MEDIA_TYPES = {".txt": "text/plain", ".text": "text/plain", ".md": "text/markdown"}
"""Suffixes that are read, and what they hold."""

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CONTROLS = frozenset(map(chr, range(32))) - set("\t\n\r\f\v\x1a")
_MOST_CONTROLS = 0.01
"""Share of control characters above which bytes are taken for something else than text."""


@dataclass(frozen=True, slots=True)
class Found:
    """A file that was found: what it is called in the store, and where it lies."""

    id: str
    path: Path


@dataclass(frozen=True, slots=True)
class Listing:
    """What lies under some paths: files to read, and files left aside because of their suffix."""

    files: tuple[Found, ...]
    skipped: tuple[Path, ...]


def find(paths: Iterable[str | os.PathLike[str]]) -> Listing:
    """The readable files under *paths*, sorted by id; folders are walked, hidden names left out.

    A file in a folder argument is named by its path from there, a file argument by its name. When two files would
    have the same id, the second argument's folder name goes before it.

    Raises:
        SourceError: a path that is not there, a file argument of an unknown kind, a folder with nothing to read.
    """
    files: dict[str, Path] = {}
    skipped: list[Path] = []
    for path in map(Path, paths):
        if path.is_dir():
            inside = list(_walk(path))
            good = [p for p in inside if p.suffix.lower() in MEDIA_TYPES]
            skipped += [p for p in inside if p.suffix.lower() not in MEDIA_TYPES]
            if not good:
                raise SourceError(
                    f"{path}：文件夹里没有可读的文件（支持 {_suffixes()}）",
                    f"{path}: nothing to read in this folder (it should hold {_suffixes()} files)",
                )
            for p in good:
                _add(files, p.relative_to(path).as_posix(), p, path.resolve().name)
        elif path.is_file():
            if path.suffix.lower() not in MEDIA_TYPES:
                raise SourceError(
                    f"{path}：不支持这种文件（支持 {_suffixes()}）",
                    f"{path}: cannot read this kind of file (only {_suffixes()})",
                )
            _add(files, path.name, path, path.resolve().parent.name)
        else:
            raise SourceError(f"{path}：找不到这个文件或文件夹", f"{path}: no such file or folder")
    found = tuple(Found(ident, files[ident]) for ident in sorted(files))
    return Listing(found, tuple(sorted(set(skipped))))


def read(path: str | os.PathLike[str], ident: str = "") -> Source:
    """The text of one file.

    Args:
        path: the file.
        ident: its id in the store; its name if empty.

    Raises:
        SourceError: missing, unreadable, empty, or not text.
    """
    path = Path(path)
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise SourceError(f"{path}：找不到这个文件", f"{path}: no such file") from error
    except OSError as error:
        why = error.strerror
        raise SourceError(f"{path}：读不了（{why}）", f"{path}: cannot be read ({why})") from error
    text = decode(data, str(path))
    if not text.strip():
        raise SourceError(f"{path}：文件是空的", f"{path}: the file is empty")
    name = unicodedata.normalize("NFC", ident or path.name)
    return Source(id=name, text=text, path=str(path), media_type=MEDIA_TYPES.get(path.suffix.lower(), "text/plain"))


def read_query(path: str) -> str:
    """The text of a file with a query.

    Raises:
        SourceError: missing, unreadable, or not text.
    """
    return read(path).text


def decode(data: bytes, where: str = "text") -> str:
    """*data* as text with ``\\n`` newlines and no BOM.

    Raises:
        SourceError: bytes that are no text in UTF-8, UTF-16 (with a BOM) or GB18030; the message names *where*.
    """
    encodings = ("utf-16",) if data.startswith(_UTF16) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _looks_like_text(text):
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise SourceError(
        f"{where}：不是文本文件（不是 UTF-8、UTF-16 或 GB18030 编码）",
        f"{where}: not a text file (neither UTF-8, UTF-16 nor GB18030)",
    )


def _looks_like_text(text: str) -> bool:
    if "\0" in text:
        return False
    controls = sum(c in _CONTROLS for c in text)
    # GB18030 can name code points that nobody has assigned or that are private: a page of those is no page.
    odd = sum("\ue000" <= c <= "\uf8ff" or c > "\U0002ffff" for c in text)
    return controls + odd <= _MOST_CONTROLS * len(text)


def _walk(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for name in sorted(names):
            if not name.startswith((".", "~$")):
                yield Path(root, name)


def _add(files: dict[str, Path], ident: str, path: Path, folder: str) -> None:
    ident = unicodedata.normalize("NFC", ident)
    if ident in files and files[ident].resolve() == path.resolve():
        return
    while ident in files:
        ident = f"{folder}/{ident}"
    files[ident] = path


def _suffixes() -> str:
    return " ".join(MEDIA_TYPES)
