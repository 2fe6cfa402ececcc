"""ZIP-based documents (OOXML), opened safely: bounded sizes and depth, no encryption, no DTD."""

from __future__ import annotations

import io
import zipfile
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from kg.read.values import Limits, ReadError

_DEPTH = 300
_RATIO_FROM = 1 << 20
"""Bytes from which the packing ratio of a member is checked."""
_CENTRAL = 8 << 20
"""Largest size of the central directory, in bytes."""
_END = 65_557
"""Largest size of the end record with its comment, in bytes (APPNOTE.TXT 4.3.16)."""


def open_zip(stream: BinaryIO, limits: Limits) -> zipfile.ZipFile:
    """Return the archive in *stream*, after a check of its central directory.

    Raises:
        ReadError: damaged, or too many members.
    """
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - _END))
    tail = stream.read(_END)
    begin = tail.rfind(b"PK\5\6")
    if begin >= 0 and int.from_bytes(tail[begin + 12 : begin + 16], "little") > _CENTRAL:
        raise _make_count_error(limits)
    stream.seek(0)
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError, OSError) as error:
        raise ReadError("文件损坏或不完整", "damaged or truncated file") from error
    if len(archive.infolist()) > limits.archive_members:
        raise _make_count_error(limits)
    return archive


def unpack_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: Limits) -> bytes:
    """Return the content of a member; its declared size is not trusted.

    Raises:
        ReadError: too large, suspiciously small when packed, damaged, or encrypted.
    """
    most = limits.file_bytes
    if info.flag_bits & 1:
        raise ReadError("有密码；请先去掉密码", "encrypted; remove its password first")
    packed = max(info.compress_size, 1)
    if info.file_size > most or (info.file_size > _RATIO_FROM and info.file_size / packed > limits.archive_ratio):
        raise make_bomb_error(limits)
    try:
        with archive.open(info) as stream:
            data = stream.read(most + 1)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise ReadError("文件损坏或不完整", "damaged or truncated file") from error
    except Exception as error:  # zlib.error, lzma.LZMAError: each packing method has its own
        raise ReadError("文件损坏或不完整", "damaged or truncated file") from error
    if len(data) > most or (len(data) > _RATIO_FROM and len(data) / packed > limits.archive_ratio):
        raise make_bomb_error(limits)
    return data


def make_bomb_error(limits: Limits) -> ReadError:
    """Return the error for a member that unpacks to too much."""
    size = limits.file_bytes >> 20
    return ReadError(
        f"解压后过大（上限 {size} MB）或压缩率异常，疑为压缩炸弹，未读取",
        f"unpacks to too much (limit {size} MB) or is packed suspiciously small; not read",
    )


def _make_count_error(limits: Limits) -> ReadError:
    return ReadError(
        f"压缩包内文件过多（上限 {limits.archive_members}）", f"too many files in it (limit {limits.archive_members})"
    )


class OfficePackage:
    """An OOXML document."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self.limits = limits
        self._archive = open_zip(io.BytesIO(data), limits)
        self._infos = {info.filename.replace("\\", "/").lstrip("/"): info for info in self._archive.infolist()}
        self._left = limits.archive_bytes

    def list_names(self) -> list[str]:
        """Return the names of its parts."""
        return list(self._infos)

    def read_part(self, name: str) -> Element | None:
        """Return the root of an XML part; None if there is no such part.

        Raises:
            ReadError: damaged, too large, too deep, or with a DTD (which OOXML forbids).
        """
        data = self.read_bytes(name)
        return None if data is None else parse_xml(data)

    def read_bytes(self, name: str) -> bytes | None:
        """Return the content of a part; None if there is no such part.

        Raises:
            ReadError: damaged, or too large.
        """
        info = self._infos.get(name)
        if info is None:
            return None
        data = unpack_member(self._archive, info, self.limits)
        self._left -= len(data)
        if self._left < 0:
            raise make_bomb_error(self.limits)
        return data


class _SafeTreeBuilder(TreeBuilder):
    """Builds a tree; raises an error for a DTD and for a tree that is too deep."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def start(self, tag: str, attrs: dict[str, str]) -> Element:
        self._depth += 1
        if self._depth > _DEPTH:
            raise ReadError(f"嵌套过深（超过 {_DEPTH} 层）", f"nested too deeply (more than {_DEPTH} levels)")
        return super().start(tag, attrs)

    def end(self, tag: str) -> Element:
        self._depth -= 1
        return super().end(tag)

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise ReadError(
            "含有外部实体或 DTD 声明，不安全，未读取", "has a DTD or external entities, which is unsafe; not read"
        )


def parse_xml(data: bytes) -> Element:
    """Return the root element of *data*.

    Raises:
        ReadError: see :meth:`OfficePackage.read_part`.
    """
    parser = XMLParser(target=_SafeTreeBuilder())
    try:
        parser.feed(data)
        root: Element = parser.close()
    except (ParseError, ValueError, LookupError, AssertionError) as error:
        raise ReadError("文件损坏或不完整（XML 有错）", "damaged or truncated file (broken XML)") from error
    return root
