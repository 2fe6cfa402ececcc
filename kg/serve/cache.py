"""A cache of finished answers, bounded in bytes. A state of the store never changes, so that its answers stay valid."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class BoundedCache(Generic[T]):
    """The answers that were given last. Its methods may be called from any thread.

    Args:
        most: bytes of all answers together.
        largest: bytes of one answer; larger ones are not kept.
    """

    def __init__(self, most: int, largest: int) -> None:
        self._most, self._largest = most, largest
        self._entries: OrderedDict[Hashable, tuple[T, int]] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> T | None:
        """Return the answer for *key*; None if there is none."""
        with self._lock:
            found = self._entries.get(key)
            if found is None:
                return None
            self._entries.move_to_end(key)
            return found[0]

    def put(self, key: Hashable, answer: T, size: int) -> None:
        """Keep an answer of *size* bytes, if it is small enough; the oldest ones make room for it."""
        if size > self._largest:
            return
        with self._lock:
            if key in self._entries:
                self._size -= self._entries.pop(key)[1]
            self._entries[key] = (answer, size)
            self._size += size
            while self._size > self._most:
                self._size -= self._entries.popitem(last=False)[1][1]
