"""The other side of :mod:`kg.read.guard`: reads documents one after the other, as they come in."""

from __future__ import annotations

import json
import os
import struct
import sys
from dataclasses import asdict
from importlib import import_module
from typing import Any, BinaryIO

from kg.errors import KgError
from kg.read.values import Limits, Reading


def serve() -> None:
    """Answer until the input ends."""
    _bounded(int(sys.argv[1]))
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get among the answers
    while True:
        head = sys.stdin.buffer.read(16)
        if len(head) < 16:
            return
        sizes = struct.unpack(">QQ", head)
        asked = json.loads(sys.stdin.buffer.read(sizes[0]))
        data = sys.stdin.buffer.read(sizes[1])
        _send(answers, _answer(asked, data))


def _answer(asked: dict[str, Any], data: bytes) -> dict[str, Any]:
    module, _, name = asked["function"].partition(":")
    try:
        made = getattr(import_module(module), name)(data, Limits(**asked["limits"]), **asked["options"])
    except KgError as error:
        return {"error": [error.zh, error.en]}
    except (MemoryError, RecursionError):
        return {"error": ["读取它需要过多内存，已放弃", "reading it takes too much memory; given up"]}
    except Exception as error:  # whatever a library raises on a damaged document
        said = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        return {"error": [f"文件损坏或格式不符（{said}）", f"damaged, or not in the format that it should be ({said})"]}
    items = [("", made)] if isinstance(made, Reading) else made
    return {"items": [(n, r.text, [(m.offset, m.label) for m in r.marks], asdict(r.report)) for n, r in items]}


def _send(stream: BinaryIO, answer: dict[str, Any]) -> None:
    body = json.dumps(answer).encode()
    stream.write(struct.pack(">Q", len(body)) + body)
    stream.flush()


def _bounded(memory: int) -> None:
    """Hold this process, and what it starts, to *memory* bytes of addresses, where the system can."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    except (ImportError, ValueError, OSError):
        return
