"""Searches in the index of a site: by names, by their sound, and by words of texts, narrowed by facets."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from extract.text.normalize import name_key
from kg.serve.site.index import FACETS
from kg.serve.site.sounds import Sounds, count_skipped, read_letters
from kg.serve.site.words import cut_snippet, make_query

PAGE = 20
"""Results of a page."""
_MOST = 5000
"""Results that are counted at most."""
_MOST_VALUES = 12
"""Values of a facet that are shown."""
_LONGEST_QUERY = 200
_WEIGHT = 3
"""A class weighs so much less than a name that fits."""
_LEAST_SHORT, _LONGEST_FULL = 2, 20
"""Characters of a short name (科技局), and of a full name (科学技术局) that it may stand for."""
_SHARE_OF_NAMES = 10.0
"""A name that contains the words stands before texts that do."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A result of a search."""

    iri: str
    kind: str
    label: str
    snippet: tuple[tuple[str, bool], ...]
    """Pieces of text, and whether each is one of the words."""
    source: str
    begin: int


@dataclass(frozen=True, slots=True)
class NameMatch:
    """A thing with how well its name fits: 6 for an equal name."""

    hit: Hit
    score: float


@dataclass(frozen=True, slots=True)
class SearchResult:
    """A page of results."""

    total: int
    hits: tuple[Hit, ...]
    facets: tuple[tuple[str, tuple[tuple[str, int], ...]], ...]
    """Name and values of each facet, with the number of results that have each value."""


class SearchIndex:
    """The index in one file. Its methods may be called from any thread."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def search(self, words: str, chosen: Mapping[str, str], page: int = 1, size: int = PAGE) -> SearchResult:
        """Return a page of the results for *words* that have the *chosen* values of facets.

        Args:
            words: what is looked for; empty for everything.
            chosen: values by facet.
            page: number of the page, from 1.
            size: results of a page.
        """
        words = words.strip()[:_LONGEST_QUERY]
        with closing(self.connect()) as connection:
            connection.execute("CREATE TEMP TABLE found (unit INTEGER PRIMARY KEY, score REAL)")
            self._find(connection, words)
            for name, value in chosen.items():
                if name in FACETS and value:
                    connection.execute(
                        "DELETE FROM found WHERE unit NOT IN (SELECT unit FROM facet WHERE name = ? AND value = ?)",
                        (name, value),
                    )
            [(total,)] = connection.execute("SELECT COUNT(*) FROM found")
            rows = connection.execute(
                "SELECT iri, class, label, body, source, begin FROM found JOIN unit ON unit.id = found.unit "
                "ORDER BY score DESC, LENGTH(label), label, unit.id LIMIT ? OFFSET ?",
                (size, (max(page, 1) - 1) * size),
            ).fetchall()
            facets = tuple((name, self._count_facet(connection, name)) for name in FACETS)
        hits = tuple(_make_hit(row, words) for row in rows)
        return SearchResult(total, hits, facets)

    def suggest(self, words: str, number: int = 8) -> tuple[Hit, ...]:
        """Return the things whose names fit best, for suggestions while somebody types."""
        with closing(self.connect()) as connection:
            scores = self._rate_names(words.strip()[:_LONGEST_QUERY])
            best = sorted(scores, key=lambda unit: (-scores[unit], unit))[:number]
            marks = ",".join("?" * len(best))
            rows = {row[0]: row[1:] for row in connection.execute(
                f"SELECT id, iri, class, label, '', source, begin FROM unit WHERE id IN ({marks})", best
            )}  # fmt: skip
        return tuple(_make_hit(rows[unit], "") for unit in best)

    def match(self, words: str, kinds: Sequence[str], place: str, number: int) -> tuple[NameMatch, ...]:
        """Return the things whose names fit best, with how well they fit.

        Args:
            words: a name.
            kinds: the classes that count; empty for all.
            place: the name of a place that the things belong to; empty for any.
            number: how many are returned at most.
        """
        with closing(self.connect()) as connection:
            scores = self._rate_names(words.strip()[:_LONGEST_QUERY], weighed=False)
            found = []
            for unit in sorted(scores, key=lambda unit: (-scores[unit], unit)):
                row = connection.execute(
                    "SELECT iri, class, label, '', source, begin FROM unit WHERE id = ?", (unit,)
                ).fetchone()
                belongs = (
                    not place
                    or connection.execute(
                        "SELECT 1 FROM facet WHERE unit = ? AND name = 'place' AND value = ?", (unit, place)
                    ).fetchone()
                )
                if belongs and (not kinds or row[1] in kinds):
                    found.append(NameMatch(_make_hit(row, ""), scores[unit]))
                    if len(found) == number:
                        break
        return tuple(found)

    def connect(self) -> sqlite3.Connection:
        """Return a connection to the index, for reading; the caller closes it."""
        return sqlite3.connect(f"file:{self._path}?mode=ro&immutable=1", uri=True)

    def _find(self, connection: sqlite3.Connection, words: str) -> None:
        """Fill the table of results."""
        if not words:
            connection.execute("INSERT INTO found SELECT id, weight FROM unit WHERE class != 'Text' LIMIT ?", (_MOST,))
            return
        query = make_query(words)
        if query:
            connection.execute(
                "INSERT INTO found SELECT unit.id, unit.weight - rank / 10 "
                "FROM words JOIN unit ON unit.id = words.rowid WHERE words MATCH ? LIMIT ?",
                (query, _MOST),
            )
        connection.executemany(
            "INSERT INTO found VALUES (?, ?) ON CONFLICT DO UPDATE SET score = MAX(score, excluded.score)",
            ((unit, _SHARE_OF_NAMES + score) for unit, score in self._rate_names(words).items()),
        )

    def _rate_names(self, words: str, *, weighed: bool = True) -> dict[int, float]:
        """Return how well a name of each thing fits, by the number of the thing; those that do not are left out.

        Args:
            words: what is looked for.
            weighed: whether important classes stand before others.
        """
        key, letters = name_key(words), read_letters(words)
        found: dict[int, float] = {}
        for unit, name, folded, weight in self._names:
            score = _rate_name(folded, key)
            if not score and letters:
                score = 2 * self._sounds.rate(name, letters)
            if score:
                found[unit] = max(found.get(unit, 0.0), score + (weight / _WEIGHT if weighed else 0))
        return found

    @cached_property
    def _names(self) -> Sequence[tuple[int, str, str, float]]:
        with closing(self.connect()) as connection:
            rows = connection.execute("SELECT unit, name, weight FROM name JOIN unit ON unit.id = unit").fetchall()
        return [(unit, name, name_key(name), weight) for unit, name, weight in rows]

    @cached_property
    def _sounds(self) -> Sounds:
        return Sounds(name for _, name, _, _ in self._names)

    def _count_facet(self, connection: sqlite3.Connection, name: str) -> tuple[tuple[str, int], ...]:
        rows = connection.execute(
            "SELECT value, COUNT(*) AS n FROM found JOIN facet ON facet.unit = found.unit WHERE name = ? "
            "GROUP BY value ORDER BY n DESC, value LIMIT ?",
            (name, _MOST_VALUES),
        )
        found = [(value, number) for value, number in rows]
        return tuple(sorted(found, reverse=True) if name == "year" else found)


def _rate_name(name: str, key: str) -> float:
    if not key or key not in name:
        return _rate_short_name(name, key)
    if name == key:
        return 6.0
    return (4.0 if name.startswith(key) or name.endswith(key) else 3.0) + len(key) / len(name)


def _rate_short_name(name: str, key: str) -> float:
    """Return how well a short name (科技局) fits a full one (科学技术局) that has its characters in order."""
    if len(key) < _LEAST_SHORT or len(name) > _LONGEST_FULL or key.isascii():
        return 0.0
    skipped = count_skipped(name, key)
    return 1.5 - skipped / 20 if 0 <= skipped <= 2 * len(key) + 1 else 0.0


def _make_hit(row: Sequence[object], words: str) -> Hit:
    iri, kind, label, body, source, begin = row
    snippet = tuple(cut_snippet(str(body), words)) if body else ()
    return Hit(str(iri), str(kind), str(label), snippet, str(source), int(str(begin)))
