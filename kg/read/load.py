"""The text of a document that was found, read by the reader of its format with bounded memory and time."""

from __future__ import annotations

import hashlib
import json
import os
import unicodedata
from dataclasses import asdict, dataclass
from pathlib import Path

from extract.model import Source
from kg.read import guard
from kg.read.decoding import decode_text
from kg.read.formats import detect_kind, get_media_type
from kg.read.found import LIMITS, FoundSource, get_suffix, make_size_error
from kg.read.paths import open_plain_file, print_path
from kg.read.values import CleanReport, DocumentText, Limits, NamedText, ReadError, TextWriter

_READERS = {
    "html": "kg.read.web.html:read_html",
    "mht": "kg.read.web.html:read_mht",
    "docx": "kg.read.office.docx:read_docx",
    "pdf": "kg.read.pdf.pdf:read_pdf",
    "ofd": "kg.read.ofd.ofd:read_ofd",
    "xlsx": "kg.read.office.sheets:read_xlsx",
    "csv": "kg.read.office.sheets:read_csv",
}
"""The function that reads a format in a separate process."""


@dataclass(frozen=True, slots=True)
class Document:
    """A source, and what reading changed."""

    source: Source
    report: CleanReport
    sha256: str
    """Digest of the bytes that were read; see :func:`compute_digest`."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a text depends on: if it is the same as before, the document need not be read again."""

    sha256: str
    """Digest of the bytes; for the row of a list, digest of its text."""
    kind: str
    """Format of the document; empty for the row of a list, which is read already."""
    context: str
    """What else the text depends on: suffix and charset; for a row, the digest of its text, marks and report."""


def load_document(found: FoundSource, limits: Limits = LIMITS) -> Document:
    """Return the text of what was found.

    Raises:
        SourceError: missing, unreadable, empty, too large or hostile; the message is one line and names the file.
    """
    try:
        if found.content is not None:
            kind, text, sha256 = found.content.report.kind, found.content, _hash_text(found.content)
        else:
            data = read_content(found, limits)
            kind, sha256 = detect_kind(data, get_suffix(found), found.declared_type), hashlib.sha256(data).hexdigest()
            text = join_texts([text for _, text in read_texts(data, kind, limits, found)])
        _check_text(text, limits)
    except ReadError as error:
        raise error.add_place(found.where) from error
    where = found.where if found.members or found.row or found.address else print_path(found.path)
    media_type = found.media_type or get_media_type(kind, get_suffix(found))
    ident = unicodedata.normalize("NFC", found.id)
    source = Source(id=ident, text=text.text, path=where, media_type=media_type, marks=text.marks)
    return Document(source, text.report, sha256)


def compute_digest(found: FoundSource, limits: Limits = LIMITS) -> str:
    """Return the SHA-256 of the bytes of a document; for the row of a list, of its text.

    Raises:
        SourceError: the bytes cannot be read.
    """
    return compute_fingerprint(found, limits).sha256


def compute_fingerprint(found: FoundSource, limits: Limits = LIMITS) -> Fingerprint:
    """Return what the text of *found* depends on; the document is not parsed.

    Raises:
        SourceError: the bytes cannot be read.
    """
    try:
        if (text := found.content) is not None:
            # the marks count too: quotes name their cells
            whole = json.dumps(asdict(text), sort_keys=True, ensure_ascii=False)
            return Fingerprint(_hash_text(text), "", hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest())
        data = read_content(found, limits)
        kind = detect_kind(data, get_suffix(found), found.declared_type)
    except ReadError as error:
        raise error.add_place(found.where) from error
    context = f"{get_suffix(found)} {_parse_charset(found.declared_type)}".rstrip()
    return Fingerprint(hashlib.sha256(data).hexdigest(), kind, context)


def read_content(found: FoundSource, limits: Limits) -> bytes:
    """Return the bytes of what was found.

    Raises:
        ReadError: missing, unreadable, or too large.
    """
    if found.data is not None:
        return found.data
    if found.members:
        from kg.read.archive import read_member

        return read_member(found.path, found.members, limits)
    return read_file(found.path, limits)


def read_file(path: Path, limits: Limits) -> bytes:
    """Return the bytes of a file.

    Raises:
        ReadError: missing, unreadable, too large, or not a plain file.
    """
    try:
        with open_plain_file(path) as stream:
            if os.fstat(stream.fileno()).st_size > limits.file_bytes:
                raise make_size_error(limits)
            data = stream.read(limits.file_bytes + 1)
    except FileNotFoundError as error:
        raise ReadError("找不到这个文件", "no such file") from error
    except OSError as error:
        why = error.strerror
        raise ReadError(f"读不了（{why}）", f"cannot be read ({why})") from error
    if len(data) > limits.file_bytes:
        raise make_size_error(limits)
    return data


def read_texts(data: bytes, kind: str, limits: Limits, found: FoundSource) -> list[NamedText]:
    """Return the texts of a document: one, or one for each row of a list.

    Raises:
        ReadError: see :func:`load_document`.
    """
    if not data.strip(b"\0 \t\r\n") or data == b"\xef\xbb\xbf":
        raise ReadError("文件是空的", "the file is empty")
    if kind in ("text", "markdown"):
        text, encoding = decode_text(data)
        return [("", DocumentText(text, (), CleanReport(kind, encoding)))]
    if kind in ("office", "sheet"):
        from kg.read.office.convert import convert_document

        data, kind = convert_document(data, get_suffix(found), kind, limits)
    if kind == "zip":
        raise ReadError("压缩包里的压缩包只读一层，请先解压", "archives are read one level deep; unpack it first")
    if kind == "text":
        text, encoding = decode_text(data)
        return [("", DocumentText(text, (), CleanReport("office", encoding)))]
    options = {"charset": _parse_charset(found.declared_type)} if kind == "html" and found.declared_type else {}
    texts = guard.run_guarded(_READERS[kind], data, limits, **options)
    if kind == "pdf" and any(document.report.warnings for _, document in texts):
        from kg.read.pdf.ocr import add_scanned_text

        texts = [(name, add_scanned_text(data, document, limits)) for name, document in texts]
    return texts


def join_texts(texts: list[DocumentText]) -> DocumentText:
    """Return several texts as one, with a blank line between them."""
    if len(texts) == 1:
        return texts[0]
    out = TextWriter(texts[0].report.kind if texts else "text")
    for document in texts:
        out.write_blank()
        out.append(document)
    return out.finish()


def _hash_text(document: DocumentText) -> str:
    return hashlib.sha256(document.text.encode("utf-8", "surrogatepass")).hexdigest()


def _parse_charset(declared_type: str) -> str:
    return declared_type.partition("charset=")[2].partition(";")[0].strip(" \"'")


def _check_text(document: DocumentText, limits: Limits) -> None:
    """Raise an error for a text that is empty or too long."""
    if not document.text.strip():
        if document.report.kind == "pdf":
            from kg.read.pdf.ocr import make_unread_error

            if error := make_unread_error(document.report.warnings):
                raise error
        raise ReadError("文件是空的", "the file is empty")
    size = len(document.text)
    if size > limits.text_chars:
        raise ReadError(
            f"文字过多（{size} 字，上限 {limits.text_chars} 字），未读取；请拆分后再读",
            f"too much text ({size} characters, limit {limits.text_chars}); split it",
        )
