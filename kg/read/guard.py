"""Reading in a process of its own, with bounded memory and time: a hostile file takes that down and nothing else.

One process serves many documents, one after the other; it is started when first needed, and again after it was lost.
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
from kg.read.values import CleanReport, Limits, Reading, Unreadable

Item = tuple[str, Reading]
"""A text with what names it inside of its document: empty, if the document is one text."""

_process: subprocess.Popen[bytes] | None = None
_lock = threading.Lock()


def run(function: str, data: bytes, limits: Limits, **options: str) -> list[Item]:
    """Call ``module:function(data, limits, **options)`` in the other process.

    Args:
        function: what to call; it gives a :class:`Reading` or a list of :data:`Item`.
        data: the document.
        limits: ``seconds`` and ``memory`` hold for the process.
        options: further arguments.

    Raises:
        Unreadable: what the function raised; or it took too long, too much memory, or crashed.
    """
    with _lock:
        process = _started(limits)
        head = json.dumps({"function": function, "limits": asdict(limits), "options": options}).encode()
        answer: list[bytes] = []
        worker = threading.Thread(target=_talk, args=(process, head, data, answer), daemon=True)
        worker.start()
        worker.join(limits.seconds)
        late = worker.is_alive()
        if late or not answer:
            stop()
            worker.join()
        if late and not answer:
            raise Unreadable(
                f"读取超过 {limits.seconds:g} 秒，已放弃", f"given up after {limits.seconds:g} seconds of reading it"
            )
        if not answer:
            raise Unreadable(
                "读取时内存不足或程序崩溃，文件可能已损坏", "reading it ran out of memory or crashed; it may be damaged"
            )
    return _items(json.loads(answer[0]))


def stop() -> None:
    """End the process, if there is one."""
    global _process
    if _process is not None:
        _process.kill()
        _process.wait()
        for pipe in (_process.stdin, _process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()
        _process = None


atexit.register(stop)


def _started(limits: Limits) -> subprocess.Popen[bytes]:
    global _process
    if _process is None or _process.poll() is not None:
        path = os.pathsep.join(p or str(Path.cwd()) for p in sys.path)
        environment = {**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"}
        _process = subprocess.Popen(
            [sys.executable, "-c", "from kg.read.guarded import serve; serve()", str(limits.memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
    return _process


def _talk(process: subprocess.Popen[bytes], head: bytes, data: bytes, answer: list[bytes]) -> None:
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
        return  # it is gone: no answer says so


def _items(answer: dict[str, Any]) -> list[Item]:
    if "error" in answer:
        raise Unreadable(*answer["error"])
    out: list[Item] = []
    for name, text, marks, report in answer["items"]:
        made = CleanReport(report["kind"], report["encoding"], report["changes"], tuple(report["warnings"]))
        out.append((name, Reading(text, tuple(Mark(at, label) for at, label in marks), made)))
    return out
