"""ZIP-based documents (OOXML), opened with care: bounded sizes, no encryption, no DTD, no depth without end."""

from __future__ import annotations

import io
import zipfile
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from kg.read.values import Limits, Unreadable

_DEPTH = 300
_RATIO_FROM = 1 << 20
"""Bytes from which on a member's packing ratio says something."""
_CENTRAL = 8 << 20
"""Bytes of a table of contents."""
_END = 65_557
"""Bytes that the end record with its comment takes at most (APPNOTE.TXT 4.3.16)."""


def open_zip(stream: BinaryIO, limits: Limits) -> zipfile.ZipFile:
    """An archive whose table of contents is sound and bounded.

    Raises:
        Unreadable: damaged, or too many members.
    """
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - _END))
    tail = stream.read(_END)
    at = tail.rfind(b"PK\5\6")
    if at >= 0 and int.from_bytes(tail[at + 12 : at + 16], "little") > _CENTRAL:
        raise _too_many(limits)
    stream.seek(0)
    try:
        archive = zipfile.ZipFile(stream)
    except (zipfile.BadZipFile, ValueError, OverflowError, NotImplementedError, OSError) as error:
        raise Unreadable("文件损坏或不完整", "damaged or truncated file") from error
    if len(archive.infolist()) > limits.archive_members:
        raise _too_many(limits)
    return archive


def member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: Limits) -> bytes:
    """What is packed in *info*, whatever size it says that it has.

    Raises:
        Unreadable: too large, packed suspiciously small, damaged, encrypted.
    """
    most = limits.file_bytes
    if info.flag_bits & 1:
        raise Unreadable("有密码；请先去掉密码", "encrypted; remove its password first")
    packed = max(info.compress_size, 1)
    if info.file_size > most or (info.file_size > _RATIO_FROM and info.file_size / packed > limits.archive_ratio):
        raise bomb(limits)
    try:
        with archive.open(info) as stream:
            out = stream.read(most + 1)
    except (zipfile.BadZipFile, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise Unreadable("文件损坏或不完整", "damaged or truncated file") from error
    except Exception as error:  # zlib.error, lzma.LZMAError: whatever the packing method raises
        raise Unreadable("文件损坏或不完整", "damaged or truncated file") from error
    if len(out) > most or (len(out) > _RATIO_FROM and len(out) / packed > limits.archive_ratio):
        raise bomb(limits)
    return out


def bomb(limits: Limits) -> Unreadable:
    """The error of what unpacks to far more than it is."""
    size = limits.file_bytes >> 20
    return Unreadable(
        f"解压后过大（上限 {size} MB）或压缩率异常，疑为压缩炸弹，未读取",
        f"unpacks to too much (limit {size} MB) or is packed suspiciously small; not read",
    )


def _too_many(limits: Limits) -> Unreadable:
    return Unreadable(
        f"压缩包内文件过多（上限 {limits.archive_members}）", f"too many files in it (limit {limits.archive_members})"
    )


class Package:
    """An OOXML document: its parts by name."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self.limits = limits
        self._archive = open_zip(io.BytesIO(data), limits)
        self._infos = {i.filename.replace("\\", "/").lstrip("/"): i for i in self._archive.infolist()}
        self._left = limits.archive_bytes

    def names(self) -> list[str]:
        return list(self._infos)

    def part(self, name: str) -> Element | None:
        """The root of an XML part; None if there is no such part.

        Raises:
            Unreadable: damaged, too large, too deep, or with a DTD (which OOXML forbids).
        """
        info = self._infos.get(name)
        if info is None:
            return None
        data = member(self._archive, info, self.limits)
        self._left -= len(data)
        if self._left < 0:
            raise bomb(self.limits)
        return parse_xml(data)


class _Target(TreeBuilder):
    """Builds a tree, unless it has what no sound document has."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0

    def start(self, tag: str, attrs: dict[str, str]) -> Element:
        self._depth += 1
        if self._depth > _DEPTH:
            raise Unreadable(f"嵌套过深（超过 {_DEPTH} 层）", f"nested too deeply (more than {_DEPTH} levels)")
        return super().start(tag, attrs)

    def end(self, tag: str) -> Element:
        self._depth -= 1
        return super().end(tag)

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise Unreadable(
            "含有外部实体或 DTD 声明，不安全，未读取", "has a DTD or external entities, which is unsafe; not read"
        )


def parse_xml(data: bytes) -> Element:
    """The root element of *data*.

    Raises:
        Unreadable: see :meth:`Package.part`.
    """
    parser = XMLParser(target=_Target())
    try:
        parser.feed(data)
        root: Element = parser.close()
    except (ParseError, ValueError, LookupError, AssertionError) as error:
        raise Unreadable("文件损坏或不完整（XML 有错）", "damaged or truncated file (broken XML)") from error
    return root
