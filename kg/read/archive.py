"""ZIP archives of documents: read in memory, never unpacked to disk, with names in the encoding of their makers."""

from __future__ import annotations

import io
import re
import stat
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from kg.read.found import FoundSource, make_size_error
from kg.read.office.package import make_bomb_error, open_zip, unpack_member
from kg.read.values import Limits, ReadError

_UTF8_NAME = 0x800
"""Flag of a name that is UTF-8 (APPNOTE.TXT 4.4.4, bit 11)."""
_HIDDEN = re.compile(r"(?:^|/)(?:\.(?!\.)|~\$|__MACOSX/|Thumbs\.db$)")
_OUTSIDE = re.compile(r"(?:^|[/\\])\.\.(?:[/\\]|$)|^[/\\]|^[A-Za-z]:")


def list_members(found: FoundSource, limits: Limits) -> tuple[list[FoundSource], list[tuple[FoundSource, ReadError]]]:
    """Return the members of an archive, including those of inner archives, and the refused ones with the reason.

    Raises:
        ReadError: the archive itself is damaged, or too large.
    """
    archive = _open(found.path, limits) if found.data is None else open_zip(io.BytesIO(found.data), limits)
    members: list[FoundSource] = []
    refused: list[tuple[FoundSource, ReadError]] = []
    left = limits.archive_bytes
    for name, info in sorted(_list_files(archive), key=lambda pair: pair[0]):
        member = replace(found, id=f"{found.id}/{name}", members=(name,))
        try:
            left -= _check_member(name, info, limits)
            if left < 0:
                raise make_bomb_error(limits)
            if name.lower().endswith(".zip"):
                inner = open_zip(io.BytesIO(unpack_member(archive, info, limits)), limits)
                for found_inside, reason in _list_inner(member, inner, limits):
                    if reason is None:
                        members.append(found_inside)
                    else:
                        refused.append((found_inside, reason))
            elif found.data is not None:
                members.append(replace(member, data=unpack_member(archive, info, limits), declared_type=""))
            else:
                members.append(member)
        except ReadError as error:
            refused.append((member, error))
    return members, refused


def read_member(path: Path, names: tuple[str, ...], limits: Limits) -> bytes:
    """Return the bytes of a member.

    Args:
        path: the archive.
        names: the names that :func:`list_members` returned for the member.
        limits: how large it can be.

    Raises:
        ReadError: missing, damaged, encrypted, or too large.
    """
    archive = _open(path, limits)
    data = b""
    for depth, name in enumerate(names):
        if depth:
            archive = open_zip(io.BytesIO(data), limits)
        info = next((info for member, info in _list_files(archive) if member == name), None)
        if info is None:
            raise ReadError("压缩包里没有这个文件", "not in the archive")
        data = unpack_member(archive, info, limits)
    return data


def _list_inner(
    outer: FoundSource, inner: zipfile.ZipFile, limits: Limits
) -> Iterator[tuple[FoundSource, ReadError | None]]:
    """Yield the members of an archive in an archive, with the reason if one is refused; archives are."""
    for name, info in sorted(_list_files(inner), key=lambda pair: pair[0]):
        member = replace(outer, id=f"{outer.id}/{name}", members=(*outer.members, name))
        try:
            _check_member(name, info, limits)
            if name.lower().endswith(".zip"):
                raise ReadError(
                    "压缩包里的压缩包只读一层，请先解压", "archives are read one level deep; unpack it first"
                )
            if outer.data is not None:
                member = replace(member, data=unpack_member(inner, info, limits), declared_type="")
            yield member, None
        except ReadError as error:
            yield member, error


def _check_member(name: str, info: zipfile.ZipInfo, limits: Limits) -> int:
    """Return the declared size of a member.

    Raises:
        ReadError: the member must not be read.
    """
    if _OUTSIDE.search(name):
        raise ReadError("文件名指向压缩包之外，不安全，未读取", "its name points out of the archive; not read")
    if info.flag_bits & 1:
        raise ReadError("有密码；请先去掉密码", "encrypted; remove its password first")
    if info.file_size > limits.file_bytes:
        raise make_bomb_error(limits)
    return info.file_size


def _list_files(archive: zipfile.ZipFile) -> list[tuple[str, zipfile.ZipInfo]]:
    """Return the files of an archive by name; folders, links and hidden files are left out."""
    named = []
    for info in archive.infolist():
        name = _decode_name(info)
        kind = stat.S_IFMT(info.external_attr >> 16)
        if not info.is_dir() and kind in (0, stat.S_IFREG) and not _HIDDEN.search(name):
            named.append((name, info))
    return named


def _decode_name(info: zipfile.ZipInfo) -> str:
    """Return a member's name: UTF-8 if flagged or valid as that, else GB18030, which Windows writes in China."""
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
        status = path.stat()
        if status.st_size > limits.archive_bytes:
            raise make_size_error(replace(limits, file_bytes=limits.archive_bytes))
        return _open_cached(path, status.st_mtime_ns, status.st_size, limits)
    except OSError as error:
        why = error.strerror
        raise ReadError(f"读不了（{why}）", f"cannot be read ({why})") from error


@lru_cache(maxsize=1)
def _open_cached(path: Path, changed: int, size: int, limits: Limits) -> zipfile.ZipFile:
    """Return an archive; the last one stays open, because its members are read one after another."""
    return open_zip(path.open("rb"), limits)
