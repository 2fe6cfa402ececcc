"""What format a document is in: its first bytes decide, its suffix where they leave it open."""

from __future__ import annotations

import io
import re
import zipfile
from functools import cache

from kg.read.settings import settings
from kg.read.values import Unreadable

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta\s|title)", re.IGNORECASE)
_MHT = re.compile(rb"^(?:[\w-]+:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*)*?(?:mime-version|content-type)\s*:", re.IGNORECASE)
_HEAD = 2048


@cache
def kinds() -> dict[str, str]:
    """Suffix → format."""
    return {s: kind for kind, told in settings()["kinds"].items() for s in told["suffixes"]}


def media_type(kind: str, suffix: str = "") -> str:
    """The media type of a format; of several that are read alike, the one of *suffix*."""
    told = settings()["kinds"][kind]
    return str(told.get("media_types", {}).get(suffix.lower(), told["media_type"]))


def kind_of(data: bytes, suffix: str = "", said: str = "") -> str:
    """The format of a document: a key of ``[kinds]`` in formats.toml.

    Args:
        data: the document.
        suffix: of its name.
        said: the media type that a server gave.

    Raises:
        Unreadable: an encrypted Office document.
    """
    named = kinds().get(suffix.lower()) or _by_media_type(said) or "text"
    if data.startswith(b"%PDF-") or (named == "pdf" and b"%PDF-" in data[:1024]):
        return "pdf"
    if data.startswith(b"PK\3\4") or data.startswith(b"PK\5\6"):
        return _zipped(data, named)
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Unreadable("文件有密码；请先去掉密码", "encrypted; remove its password first")
        return "sheet" if named in ("sheet", "xlsx") or "Workbook".encode("utf-16-le") in data else "office"
    if data.startswith(b"{\\rtf"):
        return "office"
    head = data[:_HEAD].replace(b"\0", b"")  # UTF-16
    if named in ("mht", "office", "html", "text", "docx") and _MHT.match(head) and b"multipart" in data[:8192].lower():
        return "mht"
    if named not in ("markdown", "csv", "text") and _HTML.search(head):
        return "html"
    if named in ("text", "csv") and re.match(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html)", head, re.IGNORECASE):
        return "html"
    return named


def _zipped(data: bytes, named: str) -> str:
    try:
        names = set(zipfile.ZipFile(io.BytesIO(data)).namelist()[:2000])
    except Exception:  # damaged: the reader that the suffix names says so
        return named if named in ("docx", "xlsx", "zip") else "zip"
    if "[Content_Types].xml" in names:
        if any(n.startswith("xl/") for n in names):
            return "xlsx"
        if any(n.startswith("word/") for n in names):
            return "docx"
    if "mimetype" in names:
        return "sheet" if named == "sheet" else "office"
    return named if named in ("docx", "xlsx") and "[Content_Types].xml" in names else "zip"


def _by_media_type(said: str) -> str:
    plain = said.partition(";")[0].strip().lower()
    if plain in ("application/xhtml+xml",):
        return "html"
    return next((k for k, told in settings()["kinds"].items() if told["media_type"] == plain), "")
