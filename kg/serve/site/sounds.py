"""Names by their sound: kejiju, kjj and kjij all find 科技局. The rules are those of the graph pages."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence

from viz.payload import find_readings

_LETTERS = re.compile(r"[a-z]{2,40}\Z")
_TWO_LETTERS = ("zh", "ch", "sh")
_MOST_SKIPPED = 12
"""Characters that may stand between and after initials at most."""


class Sounds:
    """The readings of the characters of names."""

    def __init__(self, names: Iterable[str]) -> None:
        self._readings: Mapping[str, list[str]] = {c: r.split() for c, r in find_readings(names).items()}

    def rate(self, name: str, letters: str) -> float:
        """Return how well *letters* sound like *name*: 1 as its beginning, less for looser ways, 0 for none."""
        characters = [*name]
        for begin, character in enumerate(characters):
            if character in self._readings and self._read(characters, begin, letters):
                return 1.0 if begin == 0 else 0.8
        if self._read_through(characters, letters):
            return 0.5
        skipped = self._count_skipped(characters, letters)
        return 0.6 - skipped / 50 if 0 <= skipped <= _MOST_SKIPPED else 0.0

    def _read(self, characters: list[str], at: int, rest: str) -> bool:
        """Return whether *rest* is read out from *at* on: characters as a whole, by initials, or cut at the end."""
        if not rest:
            return True
        if at >= len(characters):
            return False
        said = self._readings.get(characters[at])
        if said is None:
            plain = unicodedata.normalize("NFKC", characters[at]).lower()
            if rest.startswith(plain):
                return self._read(characters, at + 1, rest[len(plain) :])
            return not characters[at].isalnum() and self._read(characters, at + 1, rest)
        for reading in said:
            if reading.startswith(rest):
                return True
            beginnings = (
                [reading, reading[:2], reading[0]] if reading.startswith(_TWO_LETTERS) else [reading, reading[0]]
            )
            for beginning in beginnings:
                if rest.startswith(beginning) and self._read(characters, at + 1, rest[len(beginning) :]):
                    return True
        return False

    def _count_skipped(self, characters: list[str], letters: str) -> int:
        """Return how many characters stand between and after those whose initials are the letters; -1 for none."""
        readings = self._readings
        return count_skipped(
            characters, letters, lambda character, letter: any(r[0] == letter for r in readings.get(character, ()))
        )

    def _read_through(self, characters: list[str], rest: str) -> bool:
        """Return whether whole readings of some characters, in order, are the letters: kejiju in 科学技术局."""
        reached = {rest}
        for character in characters:
            for reading in self._readings.get(character, ()):
                reached |= {letters[len(reading) :] for letters in reached if letters.startswith(reading)}
            if "" in reached:
                return True
        return False


def count_skipped(characters: Sequence[str], wanted: str, fits: Callable[[str, str], bool] = str.__eq__) -> int:
    """Return how many characters stand between and after those that fit the *wanted* ones in order; -1 for none."""
    left = len(wanted) - 1
    for at in range(len(characters) - 1, -1, -1):
        if fits(characters[at], wanted[left]):
            left -= 1
        if left < 0:
            return len(characters) - at - len(wanted)
    return -1


def read_letters(words: str) -> str:
    """Return *words* as letters that may be a sound: kejiju, ke ji ju; empty if they are none."""
    letters = unicodedata.normalize("NFKC", words).lower().replace(" ", "").replace("'", "").replace("ü", "v")
    return letters if _LETTERS.match(letters) else ""
