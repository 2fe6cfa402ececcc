"""Older documents (.doc, .wps, .rtf, .odt) and spreadsheets (.xls, .et), through programs that read them.

LibreOffice makes .docx or .xlsx of them, which keeps tables and numbers; Antiword reads the text of .doc where there is
no LibreOffice. Both run without a network connection of ours, in a folder of their own, for a bounded time.
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

from kg.read.values import Limits, Unreadable

_OFFICE = ("soffice", "libreoffice")
_FIB = b"\xec\xa5"
"""First bytes of the text stream of a Word 97 document ([MS-DOC] 2.5.1); its 12th byte has the flag of encryption."""
_SECTOR = 512
_MEMORY_FACTOR = 2


def converted(data: bytes, suffix: str, kind: str, limits: Limits) -> tuple[bytes, str]:
    """*data* in a format that is read here, and which.

    Args:
        data: the document.
        suffix: of its name.
        kind: ``office`` or ``sheet``.
        limits: how long it may take.

    Raises:
        Unreadable: no program for it, encrypted, damaged, or it took too long.
    """
    if _encrypted(data):
        raise Unreadable("文件有密码；请先去掉密码", "encrypted; remove its password first")
    suffix = suffix if suffix not in ("", ".docx", ".xlsx", ".txt") else {"office": ".doc", "sheet": ".xls"}[kind]
    program = next((found for name in _OFFICE if (found := shutil.which(name))), None)
    if program:
        return _by_office(program, data, suffix, kind, limits)
    antiword = shutil.which("antiword")
    if antiword and kind == "office" and data.startswith(b"\xd0\xcf\x11\xe0"):
        return _by_antiword(antiword, data, limits), "text"
    raise Unreadable(
        f"读 {suffix} 需要 LibreOffice（或 antiword），本机没有；请安装，或另存为 .docx / .xlsx",
        f"{suffix} needs LibreOffice (or antiword), which is not installed; install it, or save as .docx / .xlsx",
    )


def _by_office(program: str, data: bytes, suffix: str, kind: str, limits: Limits) -> tuple[bytes, str]:
    target = "docx" if kind == "office" else "xlsx"
    with tempfile.TemporaryDirectory(prefix="kg-") as folder:
        source = Path(folder, "in" + suffix)
        source.write_bytes(data)
        call = [
            program, f"-env:UserInstallation={_profile().as_uri()}", "--headless", "--norestore", "--nolockcheck",
            "--convert-to", target, "--outdir", folder, str(source),
        ]  # fmt: skip
        _run(call, folder, limits)
        made = Path(folder, f"in.{target}")
        if not made.is_file() or not made.stat().st_size:
            raise _unconverted()
        if made.stat().st_size > limits.file_bytes:
            raise Unreadable("转换后过大，未读取", "too large once converted; not read")
        return made.read_bytes(), target


def _by_antiword(program: str, data: bytes, limits: Limits) -> bytes:
    with tempfile.TemporaryDirectory(prefix="kg-") as folder:
        source = Path(folder, "in.doc")
        source.write_bytes(data)
        out = _run([program, "-w", "0", "-m", "UTF-8.txt", str(source)], folder, limits)
    if not out.strip():
        raise _unconverted()
    return out


def _run(call: list[str], folder: str, limits: Limits) -> bytes:
    """What a program prints; it and all that it starts end in time."""
    environment = {**os.environ, "HOME": folder, "TMPDIR": folder, "LC_ALL": "C.UTF-8"}
    process = subprocess.Popen(
        call, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        start_new_session=True,
    )  # fmt: skip
    _limit(process.pid, limits.memory * _MEMORY_FACTOR)
    try:
        out, _ = process.communicate(timeout=limits.convert_seconds)
    except subprocess.TimeoutExpired as error:
        with contextlib.suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
        process.communicate()
        raise Unreadable(
            f"转换超过 {limits.convert_seconds:g} 秒，已放弃",
            f"given up after {limits.convert_seconds:g} seconds of converting it",
        ) from error
    return out[: limits.file_bytes]


def _unconverted() -> Unreadable:
    return Unreadable(
        "文件损坏、有密码或格式不符，转换不了", "damaged, encrypted or in another format; cannot be converted"
    )


def _limit(pid: int, memory: int) -> None:
    try:
        import resource

        resource.prlimit(pid, resource.RLIMIT_AS, (memory, memory))
    except (ImportError, AttributeError, OSError, ValueError):
        return  # not a system that can


@cache
def _profile() -> Path:
    """A profile of our own for this process: no macros, no links followed, nobody's settings."""
    folder = Path(tempfile.mkdtemp(prefix="kg-office-"))
    # not atexit: worker processes end without it
    Finalize(None, shutil.rmtree, args=(folder,), kwargs={"ignore_errors": True}, exitpriority=10)
    user = folder / "user"
    user.mkdir()
    settings = (files(__package__) / "office_profile.xcu").read_bytes()
    (user / "registrymodifications.xcu").write_bytes(settings)
    return folder


def _encrypted(data: bytes) -> bool:
    """Whether this is a Word 97 document with a password."""
    at = data.find(_FIB, _SECTOR)
    while 0 <= at < len(data) - 12:
        if at % _SECTOR == 0:
            return bool(data[at + 11] & 0x01)
        at = data.find(_FIB, at + 1)
    return False
