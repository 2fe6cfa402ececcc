"""A dictionary of bounded size, for what look-ups have found."""

from __future__ import annotations

from collections.abc import Hashable
from itertools import islice
from typing import TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Remembered(dict[K, V]):
    """What was found before: it forgets the older half when it is full, so that a long-lived server does not grow.

    Args:
        most: how many entries it has at most.
    """

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def keep(self, key: K, found: V) -> V:
        """Remember what was found for *key*, and return it. Several threads may do so at once."""
        if len(self) >= self._most:
            for old in list(islice(self, self._most // 2)):
                self.pop(old, None)
        self[key] = found
        return found
