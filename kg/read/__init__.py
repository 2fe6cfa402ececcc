"""Files, folders, archives, lists and addresses in, :class:`~extract.model.Source` values out.

    find(paths) ─▶ Listing(files: Found, skipped, lost)      what there is to read
    load(found) ─▶ Document(source, report)                  its text, and what cleaning changed
    read(path)  ─▶ Source                                    one file, as one text

Text is decoded strictly (UTF-8 with or without a BOM, UTF-16, then GB18030, of which GBK and GB2312 are parts), so a
wrong guess never reaches the graph; in plain text newlines become ``\\n`` and nothing else is changed. Other formats
are read in a process of its own with bounded memory and time; see docs/formats.md.
"""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

from extract.model import Source
from kg.read.decoding import decode_text
from kg.read.find import MEDIA_TYPES, Listing, Lost, find
from kg.read.found import Found
from kg.read.load import Document, Print, digest, fingerprint, load
from kg.read.values import CleanReport, Limits, Unreadable

__all__ = [
    "MEDIA_TYPES",
    "CleanReport",
    "Document",
    "Found",
    "Limits",
    "Listing",
    "Lost",
    "Print",
    "decode",
    "digest",
    "find",
    "fingerprint",
    "load",
    "read",
    "read_query",
]


def read(path: str | os.PathLike[str], ident: str = "") -> Source:
    """The text of one file; all rows of a list as one text.

    Args:
        path: the file.
        ident: its id in the store; its name if empty.

    Raises:
        SourceError: missing, unreadable, empty, or not text.
    """
    path = Path(path)
    return load(Found(unicodedata.normalize("NFC", ident or path.name), path)).source


def read_query(path: str) -> str:
    """The text of a file with a query.

    Raises:
        SourceError: missing, unreadable, or not text.
    """
    return read(path).text


def decode(data: bytes, where: str = "text") -> str:
    """*data* as text with ``\\n`` newlines and no BOM.

    Raises:
        SourceError: bytes that are no text in UTF-8, UTF-16 or GB18030; the message names *where*.
    """
    try:
        return decode_text(data)[0]
    except Unreadable as error:
        raise error.at(where) from error
