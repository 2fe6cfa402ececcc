"""Read documents in a separate process with bounded memory and time, so that a hostile file ends only that process.

One process reads many documents, one after another. It is started for the first document, and again after it ended.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import struct
import subprocess
import sys
import threading
from dataclasses import asdict
from pathlib import Path
from typing import Any

from extract.model import Mark
from kg.read.values import CleanReport, DocumentText, Limits, NamedText, ReadError

_process: subprocess.Popen[bytes] | None = None
_lock = threading.Lock()


def run_guarded(function: str, data: bytes, limits: Limits, **options: str) -> list[NamedText]:
    """Call ``module:function(data, limits, **options)`` in the other process.

    Args:
        function: the function; it returns a :class:`DocumentText` or a list of :data:`NamedText`.
        data: the document.
        limits: ``seconds`` and ``memory`` are the limits of the process.
        options: further arguments.

    Raises:
        ReadError: the function raised an error, took too long or too much memory, or crashed.
    """
    with _lock:
        process = _start_process(limits)
        head = json.dumps({"function": function, "limits": asdict(limits), "options": options}).encode()
        answer: list[bytes] = []
        worker = threading.Thread(target=_exchange, args=(process, head, data, answer), daemon=True)
        worker.start()
        worker.join(limits.seconds)
        late = worker.is_alive()
        if late or not answer:
            stop_process()
            worker.join()
        if late and not answer:
            raise ReadError(
                f"读取超过 {limits.seconds:g} 秒，已放弃", f"given up after {limits.seconds:g} seconds of reading it"
            )
        if not answer:
            raise ReadError(
                "读取时内存不足或程序崩溃，文件可能已损坏", "reading it ran out of memory or crashed; it may be damaged"
            )
    return _decode_answer(json.loads(answer[0]))


def stop_process() -> None:
    """Kill the process, if there is one."""
    global _process
    if _process is not None:
        _process.kill()
        _process.wait()
        for pipe in (_process.stdin, _process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        _process = None


atexit.register(stop_process)


def _start_process(limits: Limits) -> subprocess.Popen[bytes]:
    global _process
    if _process is None or _process.poll() is not None:
        path = os.pathsep.join(p or str(Path.cwd()) for p in sys.path)
        environment = {**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"}
        _process = subprocess.Popen(
            [sys.executable, "-c", "from kg.read.guarded import serve_requests; serve_requests()", str(limits.memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
    return _process


def _exchange(process: subprocess.Popen[bytes], head: bytes, data: bytes, answer: list[bytes]) -> None:
    assert process.stdin is not None and process.stdout is not None
    try:
        process.stdin.write(struct.pack(">QQ", len(head), len(data)))
        process.stdin.write(head)
        process.stdin.write(data)
        process.stdin.flush()
        size = process.stdout.read(8)
        if len(size) == 8:
            (length,) = struct.unpack(">Q", size)
            body = process.stdout.read(length)
            if len(body) == length:
                answer.append(body)
    except (OSError, ValueError):
        return  # the process has ended: there is no answer


def _decode_answer(answer: dict[str, Any]) -> list[NamedText]:
    if "error" in answer:
        raise ReadError(*answer["error"])
    texts: list[NamedText] = []
    for name, text, marks, report in answer["items"]:
        cleaned = CleanReport(report["kind"], report["encoding"], report["changes"], tuple(report["warnings"]))
        texts.append((name, DocumentText(text, tuple(Mark(at, label) for at, label in marks), cleaned)))
    return texts
