"""SPARQL servers of this machine: the server of Oxigraph, and Virtuoso where it is installed."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

_SECONDS = 60
_VIRTUOSO = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
TempStorage = TempDatabase
FileExtend = 200
MaxCheckpointRemap = 2000
[TempDatabase]
DatabaseFile = {folder}/temp.db
TransactionFile = {folder}/temp.trx
MaxCheckpointRemap = 2000
[Parameters]
ServerPort = 127.0.0.1:{sql}
ServerThreads = 10
CheckpointInterval = 0
NumberOfBuffers = 4000
MaxDirtyBuffers = 3000
DirsAllowed = .
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = {folder}
MaxClientConnections = 5
[SPARQL]
ResultSetMaxRows = 100000000
"""
_SERVERS = {
    "oxigraph": shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph"),
    "virtuoso": shutil.which("virtuoso-t"),
}
ACCOUNT = {"KG_STORE_USER": "dba", "KG_STORE_PASSWORD": "dba"}
"""The account of a new Virtuoso."""


def is_installed(name: str) -> bool:
    """Return whether the server *name* is there."""
    return _SERVERS[name] is not None


@contextmanager
def run_endpoint(name: str, folder: Path) -> Iterator[str]:
    """Start the server *name* with its files in *folder*, and give the address of its queries."""
    folder.mkdir(parents=True, exist_ok=True)
    program, port = str(_SERVERS[name]), find_port()
    if name == "oxigraph":
        command = [program, "serve", "--location", str(folder), "--bind", f"127.0.0.1:{port}"]
        url = f"http://127.0.0.1:{port}"
    else:
        settings = folder / "virtuoso.ini"
        settings.write_text(_VIRTUOSO.format(folder=folder, port=port, sql=find_port()), encoding="utf-8")
        command = [program, "+foreground", "+configfile", str(settings)]
        url = f"http://127.0.0.1:{port}/sparql-auth"
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder)
    try:
        _wait(process, f"http://127.0.0.1:{port}/")
        yield url
    finally:
        process.kill()
        process.wait()


def find_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], url: str) -> None:
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end:
        assert process.poll() is None, "the server does not start"
        try:
            with urlopen(url, timeout=5):
                return
        except (URLError, OSError) as error:
            if getattr(error, "code", None) is not None:
                return  # it answers, with an error
        time.sleep(0.1)
    raise AssertionError("the server does not answer")
