"""Read bytes as a file of a certain name."""

from __future__ import annotations

import shutil
from pathlib import Path

from kg import read

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


def document(path: Path, data: bytes | str) -> read.Document:
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read.load_document(read.FoundSource(path.name, path))


def text(path: Path, data: bytes | str) -> str:
    return document(path, data).source.text
