"""The libraries and programs of this machine that read a format, and their versions."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from kg.read.formats import load_settings

LANGUAGE = "chi_sim"
"""Tesseract's name for simplified Chinese."""
_OCR_MODELS = {"Det": "*_det_*.onnx", "Rec": "*_rec_*.onnx"}
"""File names of RapidOCR's models: one finds lines, the other reads them."""


@cache
def identify_software(kind: str) -> str:
    """Return the versions of the libraries and programs that the text of a document depends on.

    Libraries are identified by their version. Programs are identified by their file, because to ask LibreOffice for
    its version takes as long as a build.

    Args:
        kind: a key of ``[kinds]`` in ``formats.toml``; empty for the row of a list, which is read already.
    """
    settings = load_settings()["kinds"].get(kind, {})
    parts = [f"{name} {find_version(name)}" for name in settings.get("libraries", ())]
    parts += [f"{name} {_identify_program(name)}" for name in settings.get("programs", ())]
    return "\n".join(parts)


def find_version(name: str) -> str:
    """Return the version of a distribution; empty if it is not installed."""
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


@cache
def find_tesseract() -> tuple[str, str]:
    """Return the path of Tesseract and of its model of simplified Chinese; a path is empty if that is missing."""
    program = shutil.which("tesseract")
    if program is None:
        return "", ""
    try:
        done = subprocess.run([program, "--list-langs"], capture_output=True, text=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return program, ""
    listed = done.stdout + done.stderr
    if LANGUAGE not in listed.split():
        return program, ""
    folder = re.search(r'"([^"]+)"', listed)
    return program, str(Path(folder[1] if folder else "", f"{LANGUAGE}.traineddata"))


@cache
def find_ocr_models() -> dict[str, str]:
    """Return the paths of the models in the package of RapidOCR by task; empty if it is not installed with models."""
    package = find_spec("rapidocr")
    if package is None or not package.origin or find_spec("onnxruntime") is None:
        return {}
    folder = Path(package.origin).parent / "models"
    found = {task: sorted(folder.glob(pattern)) for task, pattern in _OCR_MODELS.items()}
    return {task: str(paths[-1]) for task, paths in found.items()} if all(found.values()) else {}


def _identify_program(name: str) -> str:
    if name == "tesseract":
        return " ".join(_identify_file(part) for part in find_tesseract() if part)
    found = shutil.which(name)
    return _identify_file(found) if found else ""


def _identify_file(name: str) -> str:
    path = Path(name).resolve()
    try:
        status = path.stat()
    except OSError:
        return str(path)
    return f"{path} {status.st_size} {status.st_mtime_ns}"
