"""What of this machine takes part in reading a format: libraries and programs, and which ones they are."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from kg.read.settings import settings

LANGUAGE = "chi_sim"
"""Tesseract's name of simplified Chinese."""


@cache
def identity(kind: str) -> str:
    """What a text of format *kind* depends on besides its bytes and this package; the same as long as it is the same.

    Libraries count by their version; programs by their file, because asking LibreOffice would take as long as a build.

    Args:
        kind: a key of ``[kinds]`` in formats.toml; empty for what has been read already.
    """
    told = settings()["kinds"].get(kind, {})
    parts = [f"{name} {library(name)}" for name in told.get("libraries", ())]
    parts += [f"{name} {_program(name)}" for name in told.get("programs", ())]
    return "\n".join(parts)


def library(name: str) -> str:
    """The version of a distribution; empty if it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


@cache
def tesseract() -> tuple[str, str]:
    """The program, and the file of its model of simplified Chinese; the second is empty if it has none.

    Both are empty if it is not installed.
    """
    program = shutil.which("tesseract")
    if program is None:
        return "", ""
    try:
        said = subprocess.run([program, "--list-langs"], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return program, ""
    listed = said.stdout + said.stderr
    if LANGUAGE not in listed.split():
        return program, ""
    folder = re.search(r'"([^"]+)"', listed)
    return program, str(Path(folder[1] if folder else "", f"{LANGUAGE}.traineddata"))


def _program(name: str) -> str:
    if name == "tesseract":
        return " ".join(_file(part) for part in tesseract() if part)
    found = shutil.which(name)
    return _file(found) if found else ""


def _file(name: str) -> str:
    path = Path(name).resolve()
    try:
        told = path.stat()
    except OSError:
        return str(path)
    return f"{path} {told.st_size} {told.st_mtime_ns}"
