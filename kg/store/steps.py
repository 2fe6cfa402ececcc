"""The files of the history: one file for each step, with an entry for each change of a graph.

A file begins with a line of JSON (time, version). An entry is a line of JSON, followed by the compressed triples that
were removed and added. The last line tells that the step was completed.
"""

from __future__ import annotations

import json
import lzma
import zlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import Any

from pyoxigraph import Quad, RdfFormat, Triple, parse, serialize

from kg.errors import StoreError
from kg.version import __version__

_FORMAT = 1
_PRESET = 1
"""LZMA preset: the removed and the added texts are nearly equal, and the window is wide enough to use that."""


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One change of a graph."""

    graph: str
    before: int
    """Number of quads before the change; 0 if the graph did not exist."""
    after: int
    """Number of quads after the change; 0 if the graph was removed."""
    was: str
    """Digest of the content before the change."""
    now: str
    """Digest of the content after the change."""
    removed: int
    """How many of the triples in the file were removed; the others, which follow, were added."""
    begin: int
    """Offset of the entry in the file, in bytes."""
    data: int
    """Offset of its triples in the file, in bytes."""
    size: int
    """Size of its triples, compressed, in bytes."""


@dataclass(frozen=True, slots=True)
class HistoryStep:
    """The changes that one build (or removal) made."""

    number: int
    path: Path
    time: datetime
    """When the first change was made (UTC)."""
    version: str
    """Version of the software."""
    graphs: int
    """Number of graphs in the store before the step."""
    entries: tuple[HistoryEntry, ...]
    end: int
    """Offset in the file after the last complete entry, or after the last line, in bytes."""
    ended: bool
    """Whether the step was completed; False if the process was killed."""
    graphs_after: int | None
    """Number of graphs in the store after the step, if it was completed."""

    def count_quads(self) -> dict[str, tuple[int, int]]:
        """Return the number of quads before and after the step, by graph."""
        counts: dict[str, tuple[int, int]] = {}
        for entry in self.entries:
            before = counts[entry.graph][0] if entry.graph in counts else entry.before
            counts[entry.graph] = (before, entry.after)
        return counts


def hash_triples(triples: Iterable[Triple]) -> str:
    """Return a digest of a set of triples in 16 hex digits, the same in any order."""
    return _format_hash(_sum_hashes(triples))


def _sum_hashes(triples: Iterable[Triple]) -> int:
    """Return the sum of the digests of triples: that of a changed set is known from what was removed and added."""
    data = serialize(triples, format=RdfFormat.N_TRIPLES) or b""
    lines = data.splitlines()  # N-Triples escapes all other line ends
    return sum([int.from_bytes(blake2b(line, digest_size=8).digest(), "big") for line in lines])


def _format_hash(total: int) -> str:
    return f"{total % (1 << 64):016x}"


def encode_head(graphs: int) -> bytes:
    """Return the first line of a step that begins now, in a store with so many *graphs*."""
    return _encode_line({"format": _FORMAT, "time": _format_now(), "version": __version__, "graphs": graphs})


def encode_end(graphs: int) -> bytes:
    """Return the last line of a step that is completed now, in a store with so many *graphs*."""
    return _encode_line({"end": _format_now(), "graphs": graphs})


def encode_entry(graph: str, old: Collection[Quad], new: Collection[Quad]) -> bytes:
    """Return the entry for a change of *graph*.

    Args:
        graph: its IRI.
        old: its content before the change; if empty, no triples are needed to undo the change.
        new: its content after the change.
    """
    count = 0
    data = b""
    if old:
        before, after = set(old), set(new)
        gone, come = before - after, after - before
        count = len(gone)
        data = lzma.compress(_encode_triples(gone) + _encode_triples(come), preset=_PRESET)
        was = _sum_hashes(q.triple for q in before)
        now = was - _sum_hashes(q.triple for q in gone) + _sum_hashes(q.triple for q in come)
    else:
        was, now = 0, _sum_hashes(q.triple for q in set(new))
    head = {
        "graph": graph, "before": len(old), "after": len(new), "was": _format_hash(was), "now": _format_hash(now),
        "removed": count, "bytes": len(data), "crc": zlib.crc32(data),
    }  # fmt: skip
    return _encode_line(head) + data


def read_step(path: Path) -> HistoryStep | None:
    """Return the step in a file up to the last complete entry; None if not even the first line is complete.

    Raises:
        StoreError: the file has another format.
    """
    data = path.read_bytes()
    at, head = _read_line(data, 0)
    if head is None:
        return None
    if head.get("format") != _FORMAT:
        raise StoreError(
            f"{path}：由其他版本写成，读不了；可用 kg builds --forget 丢弃改动历史",
            f"{path}: written by another version and cannot be read; kg builds --forget deletes the history",
        )
    entries: list[HistoryEntry] = []
    ended, graphs_after = False, None
    while at < len(data):
        start, line = _read_line(data, at)
        if line is None:
            break
        if "end" in line:
            at, ended, graphs_after = start, True, line.get("graphs")
            break
        entry = _read_entry(line, data, at, start)
        if entry is None:
            break
        entries.append(entry)
        at = entry.data + entry.size
    try:
        time = datetime.fromisoformat(head["time"])
        return HistoryStep(
            int(path.stem), path, time, head["version"], head["graphs"], tuple(entries), at, ended, graphs_after
        )
    except (KeyError, TypeError, ValueError):
        return None


def read_triples(step: HistoryStep, entry: HistoryEntry) -> tuple[set[Triple], set[Triple]]:
    """Return the triples that an entry added, and those that it removed.

    Raises:
        StoreError: the file is damaged.
    """
    with step.path.open("rb") as file:
        file.seek(entry.data)
        data = file.read(entry.size)
    try:
        triples = [q.triple for q in parse(lzma.decompress(data), format=RdfFormat.N_TRIPLES)] if data else []
    except (lzma.LZMAError, SyntaxError, ValueError) as error:
        raise make_damage_error(step.path) from error
    return set(triples[entry.removed :]), set(triples[: entry.removed])


def make_damage_error(path: Path) -> StoreError:
    """Return the error for a damaged file of the history."""
    return StoreError(
        f"{path}：改动历史损坏，回不到这以前；可用 kg builds --forget 丢弃它（图谱本身不受影响）",
        f"{path}: the history is damaged, and no state before this build can be restored; "
        "kg builds --forget deletes the history (the graph itself is not affected)",
    )


def _encode_line(values: dict[str, Any]) -> bytes:
    return json.dumps(values).encode("ascii") + b"\n"


def _encode_triples(quads: Iterable[Quad]) -> bytes:
    return b"".join(sorted((serialize([q.triple], format=RdfFormat.N_TRIPLES) or b"") for q in quads))


def _read_entry(line: dict[str, Any], data: bytes, begin: int, start: int) -> HistoryEntry | None:
    """Return the entry whose *line* is at *begin* and whose triples are at *start*; None if it is incomplete."""
    try:
        size, crc = int(line.pop("bytes")), int(line.pop("crc"))
        entry = HistoryEntry(**line, begin=begin, data=start, size=size)
    except (KeyError, TypeError, ValueError):
        return None
    if not 0 <= size <= len(data) - start or zlib.crc32(data[start : start + size]) != crc:
        return None
    return entry


def _read_line(data: bytes, at: int) -> tuple[int, dict[str, Any] | None]:
    """Return the offset after the line at *at*, and the JSON object in it; None if the line is incomplete."""
    end = data.find(b"\n", at)
    if end < 0:
        return len(data), None
    try:
        values = json.loads(data[at:end])
    except ValueError:
        return len(data), None
    return end + 1, values if isinstance(values, dict) else None


def _format_now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
