"""Conversion of older documents (.doc, .wps, .rtf, .odt) and spreadsheets (.xls, .et) by other programs.

LibreOffice converts them to .docx or .xlsx, which keeps tables and numbers. Without LibreOffice, Antiword reads the
text of .doc. Both run in a temporary folder for a bounded time.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from functools import cache
from importlib.resources import files
from multiprocessing.util import Finalize
from pathlib import Path

from kg.read.values import Limits, ReadError

_OFFICE = ("soffice", "libreoffice")
_FIB = b"\xec\xa5"
"""First bytes of the text stream of a Word 97 document ([MS-DOC] 2.5.1); its 12th byte has the encryption flag."""
_SECTOR = 512
_MEMORY_FACTOR = 2


def convert_document(data: bytes, suffix: str, kind: str, limits: Limits) -> tuple[bytes, str]:
    """Return *data* converted to a format that this package reads, and that format.

    Args:
        data: the document.
        suffix: suffix of its name.
        kind: ``office`` or ``sheet``.
        limits: how long the conversion can take.

    Raises:
        ReadError: no program for it, encrypted, damaged, or the conversion took too long.
    """
    if _is_encrypted(data):
        raise ReadError("文件有密码；请先去掉密码", "encrypted; remove its password first")
    suffix = suffix if suffix not in ("", ".docx", ".xlsx", ".txt") else {"office": ".doc", "sheet": ".xls"}[kind]
    program = next(filter(None, map(shutil.which, _OFFICE)), None)
    if program:
        return _convert_with_office(program, data, suffix, kind, limits)
    antiword = shutil.which("antiword")
    if antiword and kind == "office" and data.startswith(b"\xd0\xcf\x11\xe0"):
        return _convert_with_antiword(antiword, data, limits), "text"
    raise ReadError(
        f"读 {suffix} 需要 LibreOffice（或 antiword），本机没有；请安装，或另存为 .docx / .xlsx",
        f"{suffix} needs LibreOffice (or antiword), which is not installed; install it, or save as .docx / .xlsx",
    )


def _convert_with_office(program: str, data: bytes, suffix: str, kind: str, limits: Limits) -> tuple[bytes, str]:
    target = "docx" if kind == "office" else "xlsx"
    with tempfile.TemporaryDirectory(prefix="kg-") as folder:
        source = Path(folder, "in" + suffix)
        source.write_bytes(data)
        call = [
            program, f"-env:UserInstallation={_make_profile().as_uri()}", "--headless", "--norestore", "--nolockcheck",
            "--convert-to", target, "--outdir", folder, str(source),
        ]  # fmt: skip
        _run_program(call, folder, limits)
        result = Path(folder, f"in.{target}")
        if not result.is_file() or not result.stat().st_size:
            raise _make_conversion_error()
        if result.stat().st_size > limits.file_bytes:
            raise ReadError("转换后过大，未读取", "too large once converted; not read")
        return result.read_bytes(), target


def _convert_with_antiword(program: str, data: bytes, limits: Limits) -> bytes:
    with tempfile.TemporaryDirectory(prefix="kg-") as folder:
        source = Path(folder, "in.doc")
        source.write_bytes(data)
        out = _run_program([program, "-w", "0", "-m", "UTF-8.txt", str(source)], folder, limits)
    if not out.strip():
        raise _make_conversion_error()
    return out


def _run_program(call: list[str], folder: str, limits: Limits) -> bytes:
    """Return the output of a program; it and its children are killed when their time is over."""
    environment = {**os.environ, "HOME": folder, "TMPDIR": folder, "LC_ALL": "C.UTF-8"}
    process = subprocess.Popen(
        call, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    _limit_memory(process.pid, limits.memory * _MEMORY_FACTOR)
    try:
        out, _ = process.communicate(timeout=limits.convert_seconds)
    except subprocess.TimeoutExpired as error:
        with contextlib.suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
        process.communicate()
        raise ReadError(
            f"转换超过 {limits.convert_seconds:g} 秒，已放弃",
            f"given up after {limits.convert_seconds:g} seconds of converting it",
        ) from error
    return out[: limits.file_bytes]


def _make_conversion_error() -> ReadError:
    return ReadError(
        "文件损坏、有密码或格式不符，转换不了", "damaged, encrypted or in another format; cannot be converted"
    )


def _limit_memory(pid: int, memory: int) -> None:
    try:
        import resource

        resource.prlimit(pid, resource.RLIMIT_AS, (memory, memory))
    except (ImportError, AttributeError, OSError, ValueError):
        return  # the system cannot limit it


@cache
def _make_profile() -> Path:
    """Return a profile for this process, without macros, followed links and settings of the user."""
    folder = Path(tempfile.mkdtemp(prefix="kg-office-"))
    # not atexit: worker processes end without its handlers
    Finalize(None, shutil.rmtree, args=(folder,), kwargs={"ignore_errors": True}, exitpriority=10)
    user = folder / "user"
    user.mkdir()
    settings = (files(__package__) / "office_profile.xcu").read_bytes()
    (user / "registrymodifications.xcu").write_bytes(settings)
    return folder


def _is_encrypted(data: bytes) -> bool:
    """Return whether *data* is a Word 97 document with a password."""
    begin = data.find(_FIB, _SECTOR)
    while 0 <= begin < len(data) - 12:
        if begin % _SECTOR == 0:
            return bool(data[begin + 11] & 0x01)
        begin = data.find(_FIB, begin + 1)
    return False
