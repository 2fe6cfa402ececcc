"""ZIP archives of documents: read in memory, never unpacked to disk; names as their makers meant them."""

from __future__ import annotations

import io
import re
import stat
import zipfile
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from kg.read.found import Found, too_large
from kg.read.office.package import bomb, member, open_zip
from kg.read.values import Limits, Unreadable

_UTF8_NAME = 0x800
"""Flag of a name that is UTF-8 (APPNOTE.TXT 4.4.4, bit 11)."""
_HIDDEN = re.compile(r"(?:^|/)(?:\.(?!\.)|~\$|__MACOSX/|Thumbs\.db$)")
_OUTSIDE = re.compile(r"(?:^|[/\\])\.\.(?:[/\\]|$)|^[/\\]|^[A-Za-z]:")


def members(found: Found, limits: Limits) -> tuple[list[Found], list[tuple[Found, Unreadable]]]:
    """What an archive holds, those of archives in it included; and what of it is refused, and why.

    Raises:
        Unreadable: the archive itself is damaged, or too large.
    """
    archive = _open(found.path, limits) if found.data is None else open_zip(io.BytesIO(found.data), limits)
    good: list[Found] = []
    refused: list[tuple[Found, Unreadable]] = []
    left = limits.archive_bytes
    for name, info in sorted(_named(archive), key=lambda pair: pair[0]):
        one = replace(found, id=f"{found.id}/{name}", inside=(name,))
        try:
            left -= _checked(name, info, limits)
            if left < 0:
                raise bomb(limits)
            if name.lower().endswith(".zip"):
                good += _inner(one, name, member(archive, info, limits), limits, refused)
            elif found.data is not None:
                good.append(replace(one, data=member(archive, info, limits), said=""))
            else:
                good.append(one)
        except Unreadable as error:
            refused.append((one, error))
    return good, refused


def content_of(path: Path, inside: tuple[str, ...], limits: Limits) -> bytes:
    """The bytes of a member, by the names that :func:`members` gave it.

    Raises:
        Unreadable: not there any more, damaged, encrypted, too large.
    """
    archive = _open(path, limits)
    data = b""
    for depth, name in enumerate(inside):
        if depth:
            archive = open_zip(io.BytesIO(data), limits)
        info = next((i for n, i in _named(archive) if n == name), None)
        if info is None:
            raise Unreadable("压缩包里没有这个文件", "not in the archive")
        data = member(archive, info, limits)
    return data


def _inner(
    outer: Found, name: str, data: bytes, limits: Limits, refused: list[tuple[Found, Unreadable]]
) -> list[Found]:
    """What an archive in an archive holds; archives in that one are refused."""
    good = []
    inner = open_zip(io.BytesIO(data), limits)
    for below, info in sorted(_named(inner), key=lambda pair: pair[0]):
        one = replace(outer, id=f"{outer.id}/{below}", inside=(name, below))
        try:
            _checked(below, info, limits)
            if below.lower().endswith(".zip"):
                raise Unreadable(
                    "压缩包里的压缩包只读一层，请先解压", "archives are read one level deep; unpack it first"
                )
            good.append(replace(one, data=member(inner, info, limits), said="") if outer.data is not None else one)
        except Unreadable as error:
            refused.append((one, error))
    return good


def _checked(name: str, info: zipfile.ZipInfo, limits: Limits) -> int:
    """The size that a member says it has, if it is one that may be read."""
    if _OUTSIDE.search(name):
        raise Unreadable("文件名指向压缩包之外，不安全，未读取", "its name points out of the archive; not read")
    if info.flag_bits & 1:
        raise Unreadable("有密码；请先去掉密码", "encrypted; remove its password first")
    if info.file_size > limits.file_bytes:
        raise bomb(limits)
    return info.file_size


def _named(archive: zipfile.ZipFile) -> list[tuple[str, zipfile.ZipInfo]]:
    """The files of an archive by their names; folders, links and hidden files left out."""
    out = []
    for info in archive.infolist():
        name = _name(info)
        kind = stat.S_IFMT(info.external_attr >> 16)
        if not info.is_dir() and kind in (0, stat.S_IFREG) and not _HIDDEN.search(name):
            out.append((name, info))
    return out


def _name(info: zipfile.ZipInfo) -> str:
    """A member's name: UTF-8 if it says so or is valid as that, else GB18030, which Windows writes in China."""
    name = info.orig_filename
    if not info.flag_bits & _UTF8_NAME:
        try:
            raw = name.encode("cp437")
        except UnicodeEncodeError:
            return name.replace("\\", "/")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.partition("\0")[0].replace("\\", "/")


def _open(path: Path, limits: Limits) -> zipfile.ZipFile:
    try:
        at = path.stat()
        if at.st_size > limits.archive_bytes:
            raise too_large(replace(limits, file_bytes=limits.archive_bytes))
        return _opened(path, at.st_mtime_ns, at.st_size, limits)
    except OSError as error:
        why = error.strerror
        raise Unreadable(f"读不了（{why}）", f"cannot be read ({why})") from error


@lru_cache(maxsize=1)
def _opened(path: Path, changed: int, size: int, limits: Limits) -> zipfile.ZipFile:
    """The last archive stays open: its members are read one after the other."""
    return open_zip(path.open("rb"), limits)
