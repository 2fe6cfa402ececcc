"""What joining found out about single sources and proposals, kept for the next build beside the store.

Most of the work concerns one source, one proposal with its replies, or one pair of texts. Its result depends on the
rules, on what it is given, and on the content of a few sources. It is kept with a digest of all three, and computed
again only if that differs: a build that changes one source reads the others no more. The version of a source is its
record, which each build that reads the source writes anew. A source without a record has no version, and what depends
on it is not kept.

The file is not part of the store: it may be deleted, and a damaged one is made anew.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path
from typing import Any

from kg.join.model import JoinLink, QuotedSpan

_WAITING = 2000
"""So many new results are written together."""
_TABLE = "CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, digest BLOB, value TEXT) WITHOUT ROWID"


class KeptResults:
    """Results of earlier builds, and those of this one. Without a file nothing is kept."""

    def __init__(self, path: Path | None = None, rules: str = "", versions: Mapping[str, str] | None = None) -> None:
        """Open the file.

        Args:
            path: the file; None to keep nothing.
            rules: a digest of the rules and words that all results depend on.
            versions: versions of the sources, by graph.
        """
        self._rules = rules
        self._versions = dict(versions or {})
        self._used: set[str] = set()
        self._waiting: dict[str, tuple[bytes, str]] = {}
        self._file = _open_file(path) if path is not None else None

    def get(
        self, key: str, graphs: Collection[str], compute: Callable[[], Any], given: object = None,
    ) -> Any:  # fmt: skip
        """Return a result as JSON gives it back, kept or computed.

        Args:
            key: what it is, and about which thing.
            graphs: the graphs of the sources that it depends on.
            compute: computes it.
            given: what else it depends on; its ``repr`` must say all of it.
        """
        versions = [self._versions.get(graph, "") for graph in graphs]
        if self._file is None or not all(versions):
            return compute()
        inputs = repr((self._rules, list(zip(graphs, versions, strict=True)), given))
        digest = blake2b(inputs.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        self._used.add(key)
        with suppress(sqlite3.Error):
            found = self._file.execute("SELECT value FROM kept WHERE key = ? AND digest = ?", (key, digest)).fetchone()
            if found is not None:
                return json.loads(found[0])
        value = compute()
        self._waiting[key] = digest, json.dumps(value, ensure_ascii=False)
        if len(self._waiting) >= _WAITING:
            self._write()
        return value

    def close(self) -> None:
        """Write what is new, and delete what was not asked for."""
        if self._file is None:
            return
        self._write()
        with suppress(sqlite3.Error):
            unused = [row for row in self._file.execute("SELECT key FROM kept") if row[0] not in self._used]
            with self._file:
                self._file.executemany("DELETE FROM kept WHERE key = ?", unused)
        self._file.close()
        self._file = None

    def _write(self) -> None:
        """Write what is new. A full disk loses it, and it is computed again."""
        rows = [(key, digest, value) for key, (digest, value) in self._waiting.items()]
        self._waiting.clear()
        if self._file is not None:
            with suppress(sqlite3.Error, UnicodeError), self._file:
                self._file.executemany("INSERT OR REPLACE INTO kept VALUES (?, ?, ?)", rows)


def encode_links(links: Iterable[JoinLink], words: Callable[[QuotedSpan], str]) -> list[Any]:
    """Return links as JSON, with the quoted words."""
    return [
        (
            x.subject,
            x.predicate,
            x.object,
            x.rule,
            x.confidence,
            [(q.graph, q.begin, q.end, words(q)) for q in x.quotes],
        )
        for x in links
    ]


def decode_links(values: Iterable[Any], keep: Callable[[QuotedSpan, str], None]) -> list[JoinLink]:
    """Return links from JSON, and give each quote with its words to *keep*."""
    found = []
    for subject, predicate, obj, rule, confidence, quotes in values:
        spans = []
        for graph, begin, end, words in quotes:
            span = QuotedSpan(graph, begin, end)
            keep(span, words)
            spans.append(span)
        found.append(JoinLink(subject, predicate, obj, rule, confidence, tuple(spans)))
    return found


def _open_file(path: Path) -> sqlite3.Connection | None:
    """Return the file, made anew if it is damaged; None if there cannot be one."""
    for _ in range(2):
        try:
            file = sqlite3.connect(path)
            file.execute(_TABLE)
            file.execute("SELECT key, digest, value FROM kept LIMIT 1").fetchone()
        except sqlite3.Error:
            with suppress(OSError):
                path.unlink()
        else:
            return file
    return None
