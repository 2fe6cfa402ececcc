"""Readers of files that go wrong, for the process that reads them."""

from __future__ import annotations

import os
import time

from kg.read.values import DocumentText, Limits


def forever(data: bytes, limits: Limits) -> DocumentText:
    while True:
        time.sleep(0.01)


def greedy(data: bytes, limits: Limits) -> DocumentText:
    return DocumentText("x" * (1 << 40))


def crash(data: bytes, limits: Limits) -> DocumentText:
    os._exit(1)


def chatty(data: bytes, limits: Limits) -> DocumentText:
    print("a library says something")
    return DocumentText(data.decode())
