"""Atomic writing of files, the formats that their suffixes mean, and text that XML can hold."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from kg.errors import UsageError

# each character is replaced by one character, so that positions stay valid
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_OTHER_SUFFIXES = frozenset({
    ".csv", ".doc", ".docx", ".gexf", ".graphml", ".gz", ".htm", ".html", ".ics", ".jpg", ".json", ".jsonl", ".jsonld",
    ".markdown", ".md", ".n3", ".nq", ".nt", ".ods", ".odt", ".pdf", ".png", ".rdf", ".svg", ".trig", ".tsv", ".ttl",
    ".xls", ".xlsx", ".xml", ".zip",
})  # fmt: skip
"""Suffixes by which programs know a format: a file of another format must not have one of them."""


def choose_format(
    form: str | None, output: str | os.PathLike[str], suffixes: Mapping[str, str], *, has_option: bool = True
) -> str:
    """Return the format of the file *output*: *form*, or else the one that its suffix means.

    With *form* the file may have no suffix, or one that means no format (``.txt``).

    Args:
        form: the format that the user asked for, if any.
        output: the name of the file.
        suffixes: format by suffix.
        has_option: whether the user can give the format by ``--format``.

    Raises:
        UsageError: the suffix is unknown, or means another format than *form*.
    """
    suffix = Path(output).suffix.lower()
    if form is None:
        if suffix not in suffixes:
            known = " ".join(suffixes)
            other = ("，或用 --format 指定", ", or give --format") if has_option else ("", "")
            raise UsageError(
                f"{output}：不知道写成什么格式；文件名请以 {known} 结尾{other[0]}",
                f"{output}: the format is not known; let the name end with one of {known}{other[1]}",
            )
        return suffixes[suffix]
    if suffixes.get(suffix, form if suffix not in _OTHER_SUFFIXES else None) != form:
        own = " ".join(name for name, meant in suffixes.items() if meant == form)
        raise UsageError(
            f"{output}：后缀 {suffix} 不是 {form} 的后缀（{own}）；请改文件名或格式",
            f"{output}: {suffix} is not a suffix of {form} ({own}); change the name or the format",
        )
    return form


def check_free(paths: Iterable[Path], *, replace: bool) -> None:
    """Check that a command may write to *paths*: no file stands there, or the user wants it to be replaced.

    Raises:
        UsageError: there is a file.
    """
    taken = [] if replace else [path for path in paths if path.is_file()]
    if taken:
        names = [str(path) for path in taken]
        raise UsageError(
            f"{'、'.join(names)}：文件已存在，没有改动；换一个名字，或加 --force 替换它",
            f"{', '.join(names)}: the file exists and was left alone; choose another name, or replace it with --force",
        )


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
