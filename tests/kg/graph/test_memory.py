"""What look-ups remember stays within its bound."""

from __future__ import annotations

from kg.graph.memory import Remembered


def test_the_older_half_is_forgotten_when_the_memory_is_full() -> None:
    known = Remembered[int, str](10)
    for number in range(25):
        assert known.keep(number, str(number)) == str(number)
        assert len(known) <= 10
    assert known[24] == "24" and 3 not in known
