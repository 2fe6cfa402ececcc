"""Atomic writing of files, and text that XML can hold."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

from kg.errors import UsageError

# each character is replaced by one character, so that positions stay valid
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_files(files: Mapping[Path, bytes]) -> tuple[Path, ...]:
    """Write files atomically: all are written under temporary names before the first one is renamed.

    Args:
        files: content by path; missing folders are created.

    Returns:
        The paths.

    Raises:
        UsageError: a file cannot be written.
    """
    temporary: list[tuple[Path, Path]] = []
    path = Path()
    try:
        for path, data in files.items():
            if path.is_dir():
                raise IsADirectoryError(None, "is a folder")
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
            temporary.append((Path(name), path))
            with os.fdopen(handle, "wb") as out:
                out.write(data)
            Path(name).chmod(0o666 & ~_read_umask())
        for part, path in temporary:
            part.replace(path)
    except OSError as error:
        raise UsageError(
            f"{path}：写不了（{error.strerror or error}）", f"{path}: cannot be written ({error.strerror or error})"
        ) from error
    finally:
        for part, _ in temporary:
            part.unlink(missing_ok=True)
    return tuple(files)


def make_xml_safe(text: str) -> str:
    """Return *text* with each character that XML 1.0 cannot hold replaced by U+FFFD."""
    return _NOT_XML.sub("\ufffd", text)


def _read_umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
