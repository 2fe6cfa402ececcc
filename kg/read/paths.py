"""Files and their names: names in any encoding become text, and only plain files are opened."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import BinaryIO

from kg.read.values import ReadError

_ENCODINGS = ("utf-8", "gb18030")


def print_path(path: str | os.PathLike[str]) -> str:
    """Return a path as text that can be stored and printed, the same under every locale.

    The name of a folder or file that is not UTF-8 is read as GB18030, which Windows writes in China. Bytes that are
    neither are written as ``\\xff``.
    """
    text = os.fspath(path)
    if sys.getfilesystemencoding().lower() == "utf-8" and _is_plain(text):
        return text
    try:
        raw = os.fsencode(text)
    except UnicodeEncodeError:
        return text  # a name that never was bytes of this system
    return "/".join(map(_decode_name, raw.split(b"/")))


def open_plain_file(path: Path) -> BinaryIO:
    """Return the opened file; a pipe, device or socket is never waited for.

    Raises:
        ReadError: not a plain file.
        OSError: missing, or it cannot be opened.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise make_kind_error()
    # what has the name can have changed since: the kind of the open file counts
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    stream = os.fdopen(os.open(path, flags), "rb")
    if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
        stream.close()
        raise make_kind_error()
    return stream


def make_kind_error() -> ReadError:
    """Return the error for a pipe, device or socket."""
    return ReadError("不是普通文件（是管道、设备或套接字）", "not a plain file (but a pipe, device or socket)")


def _is_plain(text: str) -> bool:
    return not any(0xD800 <= ord(c) <= 0xDFFF for c in text)


def _decode_name(raw: bytes) -> str:
    for encoding in _ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("utf-8", "backslashreplace")
