"""Names of files as a browser tells them, made safe for a folder of this computer."""

from __future__ import annotations

import re
import unicodedata

from kg.errors import UsageError

_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"|?*\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]')
"""Control characters, signs that change the direction of a text, and what Windows does not allow."""
_RESERVED = re.compile(r"(?i:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?\Z")
_LONGEST_BYTES = 200
_MOST_FOLDERS = 12
_HIDDEN = re.compile(r"(?i:\..*|~\$.*|thumbs\.db|desktop\.ini|__macosx)\Z")


def is_hidden(name: str) -> bool:
    """Return whether a file is one that programs leave behind, not a document of a person."""
    return any(_HIDDEN.match(part) for part in name.replace("\\", "/").split("/") if part not in ("", ".", ".."))


def make_safe_name(name: str) -> str:
    """Return the path of a file below the folder of files, with ``/`` between its parts.

    Args:
        name: name or relative path, as the browser tells it. Parts that would lead elsewhere are left out.

    Raises:
        UsageError: nothing is left of the name.
    """
    text = unicodedata.normalize("NFC", name).replace("\\", "/")
    parts = [_clean_part(part) for part in text.split("/")]
    kept = [part for part in parts if part][-_MOST_FOLDERS:]
    if not kept:
        shown = _NOT_IN_NAMES.sub("", name)[:80]
        raise UsageError(f"“{shown}”：不能用作文件名", f"“{shown}” cannot be the name of a file")
    return "/".join(kept)


def _clean_part(part: str) -> str:
    cleaned = _NOT_IN_NAMES.sub("", part).strip().rstrip(". ")
    if not cleaned.strip("."):
        return ""
    if _RESERVED.match(cleaned):
        cleaned = f"_{cleaned}"
    return _shorten(cleaned.lstrip("~"))


def _shorten(part: str) -> str:
    """Return a name that file systems can hold, with its suffix."""
    if len(part.encode()) <= _LONGEST_BYTES:
        return part
    stem, dot, suffix = part.rpartition(".")
    if not dot or len(suffix) > 10:
        stem, suffix = part, ""
    room = _LONGEST_BYTES - len(f"{dot}{suffix}".encode()) if suffix else _LONGEST_BYTES
    return stem.encode()[:room].decode("utf-8", "ignore") + (f".{suffix}" if suffix else "")
