"""The formats that are read: their settings (``formats.toml``), and which format a document has.

The first bytes of a document decide. Where they leave its format open, the suffix of its name decides.
"""

from __future__ import annotations

import io
import re
import tomllib
import zipfile
from functools import cache
from importlib.resources import files
from typing import Any

from kg.read.values import ReadError

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|meta\s|title)", re.IGNORECASE)
_MHT = re.compile(rb"^(?:[\w-]+:[^\n]*\r?\n(?:[ \t][^\n]*\r?\n)*)*?(?:mime-version|content-type)\s*:", re.IGNORECASE)
_WORD_XML = re.compile(
    rb"<\?mso-application\s+progid\s*=\s*[\"']Word\.Document|<(?:\w+:)?wordDocument\b|<(?:\w+:)?package\b[^>]*xmlPackage"
)
"""The beginning of a Word document that is one XML file: Word 2003 XML, or flat OPC."""
_HEAD = 2048
"""Number of bytes in which the beginning of a page is looked for."""


@cache
def load_settings() -> dict[str, Any]:
    """Return the content of ``formats.toml``."""
    text = (files(__package__) / "formats.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def compile_pattern(section: str, name: str) -> re.Pattern[str]:
    """Return a setting of ``formats.toml`` as one pattern; a list of patterns becomes alternatives."""
    patterns = load_settings()[section][name]
    return re.compile(patterns if isinstance(patterns, str) else "|".join(f"(?:{one})" for one in patterns))


@cache
def map_suffixes() -> dict[str, str]:
    """Return the format by suffix."""
    return {s: kind for kind, settings in load_settings()["kinds"].items() for s in settings["suffixes"]}


def get_media_type(kind: str, suffix: str = "") -> str:
    """Return the media type of a format; for a format with several media types, the one of *suffix*."""
    settings = load_settings()["kinds"][kind]
    return str(settings.get("media_types", {}).get(suffix.lower(), settings["media_type"]))


def detect_kind(data: bytes, suffix: str = "", declared_type: str = "") -> str:
    """Return the format of a document: a key of ``[kinds]`` in ``formats.toml``.

    Args:
        data: the document.
        suffix: the suffix of its name.
        declared_type: the media type that a server declared.

    Raises:
        ReadError: an encrypted Office document.
    """
    named = map_suffixes().get(suffix.lower()) or _find_kind_of_type(declared_type) or "text"
    if data.startswith(b"%PDF-") or (named == "pdf" and b"%PDF-" in data[:1024]):
        return "pdf"
    if data.startswith(b"PK\3\4") or data.startswith(b"PK\5\6"):
        return _detect_zip_kind(data, named)
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise ReadError("文件有密码；请先去掉密码", "encrypted; remove its password first")
        return "sheet" if named in ("sheet", "xlsx") or "Workbook".encode("utf-16-le") in data else "office"
    if data.startswith(b"{\\rtf"):
        return "office"
    if is_word_xml(data):
        return "docx"
    head = data[:_HEAD].replace(b"\0", b"")  # UTF-16
    if named in ("mht", "office", "html", "text", "docx") and _MHT.match(head) and b"multipart" in data[:8192].lower():
        return "mht"
    if named not in ("markdown", "csv", "text") and _HTML.search(head):
        return "html"
    if named in ("text", "csv") and re.match(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html)", head, re.IGNORECASE):
        return "html"
    return named


def is_word_xml(data: bytes) -> bool:
    """Return whether *data* begins like a Word document that is one XML file."""
    return bool(_WORD_XML.search(data[:_HEAD].replace(b"\0", b"")))


def _detect_zip_kind(data: bytes, named: str) -> str:
    try:
        names = set(zipfile.ZipFile(io.BytesIO(data)).namelist()[:2000])
    except Exception:  # the archive is damaged: the reader of the named format reports that
        return named if named in ("docx", "xlsx", "ofd", "zip") else "zip"
    if "[Content_Types].xml" in names:
        if any(name.startswith("xl/") for name in names):
            return "xlsx"
        if any(name.startswith("word/") for name in names):
            return "docx"
    if "OFD.xml" in names:
        return "ofd"
    if "mimetype" in names:
        return "sheet" if named == "sheet" else "office"
    return named if named in ("docx", "xlsx") and "[Content_Types].xml" in names else "zip"


def _find_kind_of_type(declared_type: str) -> str:
    plain = declared_type.partition(";")[0].strip().lower()
    if plain == "application/xhtml+xml":
        return "html"
    kinds = load_settings()["kinds"].items()
    return next((kind for kind, settings in kinds if settings["media_type"] == plain), "")
