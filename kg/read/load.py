"""One found document → its text: the reader of its format, in bounded memory and time."""

from __future__ import annotations

import hashlib
import json
import os
import unicodedata
from dataclasses import asdict, dataclass
from pathlib import Path

from extract.model import Source
from kg.errors import SourceError
from kg.read import guard
from kg.read.decoding import decode_text
from kg.read.found import LIMITS, Found, suffix_of, too_large
from kg.read.sniff import kind_of, media_type
from kg.read.values import CleanReport, Limits, Reading, Unreadable

_READERS = {
    "html": "kg.read.web.html:read",
    "mht": "kg.read.web.mht:read",
    "docx": "kg.read.office.docx:read",
    "pdf": "kg.read.pdf.pdf:read",
    "xlsx": "kg.read.office.sheets:read_xlsx",
    "csv": "kg.read.office.sheets:read_csv",
}
"""Formats and what reads them, in a process of its own."""


@dataclass(frozen=True, slots=True)
class Document:
    """A source, and what reading it changed."""

    source: Source
    report: CleanReport
    digest: str
    """What :func:`digest` says of the very bytes that were read."""


@dataclass(frozen=True, slots=True)
class Print:
    """What tells whether a document is still the one that was read before."""

    sha256: str
    """Of its bytes; of its text, if it is a row of a list."""
    kind: str
    """Its format; empty for a row of a list, which has been read already."""
    how: str
    """What else its reading depends on: suffix and charset; for a row, all that was read of it."""


def load(found: Found, limits: Limits = LIMITS) -> Document:
    """The text of what was found.

    Raises:
        SourceError: missing, unreadable, empty, too large, hostile; the message is one line and names the file.
    """
    try:
        if found.reading is not None:
            kind, reading, sha256 = found.reading.report.kind, found.reading, _of_text(found.reading)
        else:
            data = content(found, limits)
            kind, sha256 = kind_of(data, suffix_of(found), found.said), hashlib.sha256(data).hexdigest()
            reading = joined([r for _, r in texts(data, kind, limits, found)])
        _check(reading, limits)
    except Unreadable as error:
        raise error.at(found.where) from error
    name = unicodedata.normalize("NFC", found.id)
    where = found.where if found.inside or found.cell or found.address else str(found.path)
    media = found.media_type or media_type(kind, suffix_of(found))
    source = Source(id=name, text=reading.text, path=where, media_type=media, marks=reading.marks)
    return Document(source, reading.report, sha256)


def digest(found: Found, limits: Limits = LIMITS) -> str:
    """SHA-256 of the bytes that a text is made from: it changes if, and only if, they do.

    Raises:
        SourceError: they cannot be read.
    """
    return fingerprint(found, limits).sha256


def fingerprint(found: Found, limits: Limits = LIMITS) -> Print:
    """What tells whether *found* must be read again; nothing is parsed for it.

    Raises:
        SourceError: its bytes cannot be read.
    """
    try:
        if (reading := found.reading) is not None:
            # the text alone is not all of it: quotes say the cells that they stand in
            whole = json.dumps(asdict(reading), sort_keys=True, ensure_ascii=False)
            return Print(_of_text(reading), "", hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest())
        data = content(found, limits)
        kind = kind_of(data, suffix_of(found), found.said)
    except Unreadable as error:
        raise error.at(found.where) from error
    return Print(hashlib.sha256(data).hexdigest(), kind, f"{suffix_of(found)} {_charset(found.said)}".rstrip())


def content(found: Found, limits: Limits) -> bytes:
    """The bytes of what was found.

    Raises:
        Unreadable: missing, unreadable, too large.
    """
    if found.data is not None:
        return found.data
    if found.inside:
        from kg.read.archive import content_of

        return content_of(found.path, found.inside, limits)
    return file_content(found.path, limits)


def file_content(path: Path, limits: Limits) -> bytes:
    """All of a file.

    Raises:
        Unreadable: missing, unreadable, no plain file, too large.
    """
    try:
        if not path.is_file() and path.exists():
            raise Unreadable("不是普通文件", "not a plain file")
        with path.open("rb") as stream:
            if os.fstat(stream.fileno()).st_size > limits.file_bytes:
                raise too_large(limits)
            data = stream.read(limits.file_bytes + 1)
    except FileNotFoundError as error:
        raise Unreadable("找不到这个文件", "no such file") from error
    except OSError as error:
        why = error.strerror
        raise Unreadable(f"读不了（{why}）", f"cannot be read ({why})") from error
    if len(data) > limits.file_bytes:
        raise too_large(limits)
    return data


def texts(data: bytes, kind: str, limits: Limits, found: Found) -> list[guard.Item]:
    """The texts of a document: one, or the rows of a list.

    Raises:
        Unreadable: see :func:`load`.
    """
    if not data.strip(b"\0 \t\r\n") or data == b"\xef\xbb\xbf":
        raise Unreadable("文件是空的", "the file is empty")
    if kind in ("text", "markdown"):
        text, encoding = decode_text(data)
        return [("", Reading(text, (), CleanReport(kind, encoding)))]
    if kind in ("office", "sheet"):
        from kg.read.office.convert import converted

        data, kind = converted(data, suffix_of(found), kind, limits)
    if kind == "zip":
        raise Unreadable("压缩包里的压缩包只读一层，请先解压", "archives are read one level deep; unpack it first")
    if kind == "text":
        text, encoding = decode_text(data)
        return [("", Reading(text, (), CleanReport("office", encoding)))]
    options = {"charset": _charset(found.said)} if kind == "html" and found.said else {}
    made = guard.run(_READERS[kind], data, limits, **options)
    if kind == "pdf" and any(r.report.warnings for _, r in made):
        from kg.read.pdf.ocr import with_scans

        made = [(name, with_scans(data, reading, limits)) for name, reading in made]
    return made


def joined(readings: list[Reading]) -> Reading:
    """Several texts as one, a blank line between them."""
    if len(readings) == 1:
        return readings[0]
    from kg.read.values import Writer

    out = Writer(readings[0].report.kind if readings else "text")
    for reading in readings:
        out.blank()
        at = 0
        for mark in reading.marks:
            out.write(reading.text[at : mark.offset])
            out.mark(mark.label)
            at = mark.offset
        out.write(reading.text[at:])
        out.mark("")
        out.changes.update(reading.report.changes)
        for warning in reading.report.warnings:
            out.warn(warning)
    return out.finish()


def _of_text(reading: Reading) -> str:
    return hashlib.sha256(reading.text.encode("utf-8", "surrogatepass")).hexdigest()


def _charset(said: str) -> str:
    return said.partition("charset=")[2].partition(";")[0].strip(" \"'")


def _check(reading: Reading, limits: Limits) -> None:
    if not reading.text.strip():
        told = next((w for w in reading.report.warnings if w.startswith("scanned:")), "")
        if told:
            raise Unreadable(
                "是扫描件，没有文字层；安装 tesseract 及 chi_sim 语言包后可识别",
                "scanned, without text; it can be read once tesseract with chi_sim is installed",
            )
        raise Unreadable("文件是空的", "the file is empty")
    size = len(reading.text)
    if size > limits.text_chars:
        raise Unreadable(
            f"文字过多（{size} 字，上限 {limits.text_chars} 字），未读取；请拆分后再读",
            f"too much text ({size} characters, limit {limits.text_chars}); split it",
        )


def source_error(where: str, zh: str, en: str) -> SourceError:
    """An error of *where*."""
    return Unreadable(zh, en).at(where)
