"""Read files, folders, archives, lists and addresses as :class:`~extract.model.Source` values.

    find_sources(paths)   ─▶ SourceListing(files: FoundSource, skipped, unreadable)   what there is to read
    load_document(found)  ─▶ Document(source, report)                                 its text, what was changed
    read_source(path)     ─▶ Source                                                   one file as one text

Text is decoded strictly (UTF-8 with or without a BOM, UTF-16, then GB18030, which includes GBK and GB2312), so that
text in a wrong encoding never reaches the graph. In plain text only newlines are changed: they become ``\\n``. Other
formats are read in a separate process with bounded memory and time; see docs/formats.md.
"""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

from extract.model import Source
from kg.read.decoding import decode_text
from kg.read.find import MEDIA_TYPES, SourceListing, UnreadableSource, find_sources
from kg.read.found import FoundSource
from kg.read.load import Document, Fingerprint, compute_digest, compute_fingerprint, load_document
from kg.read.values import CleanReport, Limits, ReadError

__all__ = [
    "MEDIA_TYPES",
    "CleanReport",
    "Document",
    "Fingerprint",
    "FoundSource",
    "Limits",
    "SourceListing",
    "UnreadableSource",
    "compute_digest",
    "compute_fingerprint",
    "decode_bytes",
    "find_sources",
    "load_document",
    "read_query",
    "read_source",
]


def read_source(path: str | os.PathLike[str], ident: str = "") -> Source:
    """Return the text of one file; the rows of a list are joined to one text.

    Args:
        path: the file.
        ident: id of the source in the store; if empty, the name of the file.

    Raises:
        SourceError: missing, unreadable, empty, or not text.
    """
    path = Path(path)
    return load_document(FoundSource(unicodedata.normalize("NFC", ident or path.name), path)).source


def read_query(path: str) -> str:
    """Return the text of a file with a query.

    Raises:
        SourceError: missing, unreadable, or not text.
    """
    return read_source(path).text


def decode_bytes(data: bytes, where: str = "text") -> str:
    """Return *data* as text with ``\\n`` newlines and no BOM.

    Args:
        data: text in UTF-8, UTF-16 or GB18030.
        where: the name of the text in error messages.

    Raises:
        SourceError: *data* is not text in one of these encodings.
    """
    try:
        return decode_text(data)[0]
    except ReadError as error:
        raise error.add_place(where) from error
