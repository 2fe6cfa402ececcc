"""The process that :mod:`kg.read.guard` starts: it reads documents one after another."""

from __future__ import annotations

import json
import os
import struct
import sys
from dataclasses import asdict
from importlib import import_module
from typing import Any, BinaryIO

from kg.errors import KgError
from kg.read.values import DocumentText, Limits


def serve_requests() -> None:
    """Answer requests until the input ends."""
    _limit_memory(int(sys.argv[1]))
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # libraries that print must not write between the answers
    while True:
        head = sys.stdin.buffer.read(16)
        if len(head) < 16:
            return
        sizes = struct.unpack(">QQ", head)
        request = json.loads(sys.stdin.buffer.read(sizes[0]))
        data = sys.stdin.buffer.read(sizes[1])
        _send_answer(answers, _answer_request(request, data))


def _answer_request(request: dict[str, Any], data: bytes) -> dict[str, Any]:
    module, _, name = request["function"].partition(":")
    try:
        result = getattr(import_module(module), name)(data, Limits(**request["limits"]), **request["options"])
    except KgError as error:
        return {"error": [error.zh, error.en]}
    except (MemoryError, RecursionError):
        return {"error": ["读取它需要过多内存，已放弃", "reading it takes too much memory; given up"]}
    except Exception as error:  # libraries raise many types for damaged documents
        text = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        return {"error": [f"文件损坏或格式不符（{text}）", f"damaged, or in another format ({text})"]}
    texts = [("", result)] if isinstance(result, DocumentText) else result
    return {"items": [
        (name, text.text, [(mark.offset, mark.label) for mark in text.marks], asdict(text.report))
        for name, text in texts
    ]}  # fmt: skip


def _send_answer(stream: BinaryIO, answer: dict[str, Any]) -> None:
    body = json.dumps(answer).encode()
    stream.write(struct.pack(">Q", len(body)) + body)
    stream.flush()


def _limit_memory(memory: int) -> None:
    """Limit the address space of this process and of its children to *memory* bytes, if the system can."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    except (ImportError, ValueError, OSError):
        return
