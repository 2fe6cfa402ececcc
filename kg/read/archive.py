"""ZIP archives of documents: read in memory, never unpacked to disk, with names in the encoding of their makers."""

from __future__ import annotations

import io
import os
import re
import stat
import zipfile
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from kg.read.found import FoundSource, make_size_error
from kg.read.office.package import make_bomb_error, open_zip, unpack_member
from kg.read.paths import open_plain_file
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
    listing = _Listing(limits)
    listing.add_members(archive, found, ())
    return listing.members, listing.refused


class _Listing:
    """The members of an archive and of its inner archives; all that they unpack to counts against one bound."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.left = limits.archive_bytes
        self.members: list[FoundSource] = []
        self.refused: list[tuple[FoundSource, ReadError]] = []

    def add_members(self, archive: zipfile.ZipFile, found: FoundSource, above: tuple[str, ...]) -> None:
        """Add the members of *archive*, which is the member *above* of the archive *found* if that is not empty."""
        files, doubles = _list_files(archive)
        for name in doubles:
            member = replace(found, id=f"{found.id}/{name}~1", members=(*above, f"{name}~1"))
            reason = "several files in the archive have this name; only the last is read"
            self.refused.append((member, ReadError("压缩包里有几个文件同名，只读了最后一个", reason)))
        for name, info in sorted(files.items()):
            member = replace(found, id=f"{found.id}/{name}", members=(*above, name))
            try:
                self.add_member(archive, info, member)
            except ReadError as error:
                self.refused.append((member, error))

    def add_member(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo, member: FoundSource) -> None:
        """Add a member, or the members of it if it is an archive.

        Raises:
            ReadError: it must not be read.
        """
        name = member.members[-1]
        self.left -= _check_member(name, info, self.limits)
        if self.left < 0:
            raise make_bomb_error(self.limits)
        if name.lower().endswith(".zip"):
            if len(member.members) > 1:
                raise ReadError(
                    "压缩包里的压缩包只读一层，请先解压", "archives are read one level deep; unpack it first"
                )
            inner = open_zip(io.BytesIO(unpack_member(archive, info, self.limits)), self.limits)
            self.add_members(inner, member, member.members)
        elif member.data is not None:
            content = unpack_member(archive, info, self.limits)
            self.members.append(replace(member, data=content, declared_type=""))
        else:
            self.members.append(member)


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
        info = _list_files(archive)[0].get(name)
        if info is None:
            raise ReadError("压缩包里没有这个文件", "not in the archive")
        data = unpack_member(archive, info, limits)
    return data


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


def _list_files(archive: zipfile.ZipFile) -> tuple[dict[str, zipfile.ZipInfo], list[str]]:
    """Return the files of an archive by name, and the names that several have; the last of those is read.

    Folders, links and hidden files are left out.
    """
    files: dict[str, zipfile.ZipInfo] = {}
    doubles: list[str] = []
    for info in archive.infolist():
        name = _decode_name(info)
        kind = stat.S_IFMT(info.external_attr >> 16)
        if not info.is_dir() and kind in (0, stat.S_IFREG) and not _HIDDEN.search(name):
            if name in files:
                doubles.append(name)
            files[name] = info
    return files, sorted(set(doubles))


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
        with open_plain_file(path) as stream:
            status = os.fstat(stream.fileno())
        if status.st_size > limits.archive_bytes:
            raise make_size_error(replace(limits, file_bytes=limits.archive_bytes))
        return _open_cached(path, status.st_mtime_ns, status.st_size, limits)
    except OSError as error:
        why = error.strerror
        raise ReadError(f"读不了（{why}）", f"cannot be read ({why})") from error


@lru_cache(maxsize=1)
def _open_cached(path: Path, changed: int, size: int, limits: Limits) -> zipfile.ZipFile:
    """Return an archive; the last one stays open, because its members are read one after another."""
    return open_zip(open_plain_file(path), limits)
