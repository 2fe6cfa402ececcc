"""What each build changed: patches in the folder of the store, so that any earlier state can be had back.

A file of ``kg-history`` is a *step*: all that one opening of the store for writing changed. It begins with a line of
JSON (when, by which version), and has an entry for each graph that was changed: a line of JSON and, compressed, the
triples that went and those that came. A graph that is new needs no triples: going back before it is leaving it out.

An entry is written before the store is changed, and the store changes a graph in one transaction. A process that is
killed leaves at most a last entry that did not come to pass: the store itself tells (:meth:`History._settled`), and
the next writer strikes it out. ``kg.store.snapshots`` goes back, and checks on the way that
the store fits the entries.
"""

from __future__ import annotations

import json
import lzma
import zlib
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from typing import IO, Any, Protocol

from pyoxigraph import Quad, RdfFormat, Triple, parse, serialize

from kg.errors import StoreError
from kg.version import __version__

FOLDER = "kg-history"
"""Where a store's folder keeps its steps."""
_SETTINGS = "settings.json"
_SUFFIX = ".step"
_FORMAT = 1
_PRESET = 1
"""Of LZMA: the texts that go and come are nearly the same, and its window is wide enough to see that."""


class GraphStore(Protocol):
    """What the history needs of the store that it belongs to."""

    path: Path

    @property
    def builds_graph(self) -> str: ...

    def graphs(self, *, links: bool = False, builds: bool = False) -> list[str]: ...

    def quads(self, graph: str) -> Iterator[Quad]: ...

    def flush(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Entry:
    """One graph that a step changed."""

    graph: str
    before: int
    """Quads that it had; 0 if it was not there."""
    after: int
    """Quads that it has; 0 if it is gone."""
    was: str
    """Digest of what it held."""
    now: str
    """Digest of what it holds."""
    removed: int
    """How many of the triples in the file went; the others came."""
    begin: int
    """Byte of the file at which the entry begins."""
    data: int
    """Byte of the file at which its triples begin."""
    size: int
    """Bytes of its triples, compressed."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one build (or removal) changed."""

    number: int
    path: Path
    time: datetime
    """When it made its first change (UTC)."""
    version: str
    """Of the software."""
    graphs: int
    """Graphs in the store before it."""
    entries: tuple[Entry, ...]
    end: int
    """Byte of the file after its last whole entry."""
    ended: bool
    """Whether it came to its end; it was killed if not."""
    graphs_after: int | None
    """Graphs in the store after it, if it came to its end."""

    def net(self) -> dict[str, tuple[int, int]]:
        """Quads before and after, by graph."""
        found: dict[str, tuple[int, int]] = {}
        for e in self.entries:
            found[e.graph] = (found[e.graph][0] if e.graph in found else e.before, e.after)
        return found


@dataclass(slots=True)
class History:
    """The steps of a store.

    Attributes:
        store: the store, open.
    """

    store: GraphStore
    _file: IO[bytes] | None = field(default=None, init=False)

    @property
    def folder(self) -> Path:
        return self.store.path / FOLDER

    # writing

    @contextmanager
    def change(
        self,
        graph: str,
        old: Collection[Quad],
        new: Collection[Quad],
        added: Collection[Quad],
        removed: Collection[Quad],
    ) -> Iterator[None]:
        """Tell of a change of *graph*; the change itself is made inside the ``with`` block.

        Args:
            graph: its IRI.
            old: all that it holds.
            new: all that it shall hold.
            added: what is new of it.
            removed: what is not in it any more.

        Raises:
            StoreError: it cannot be written; then nothing is to be changed.
        """
        if graph == self.store.builds_graph or self.keep == 0:
            yield
            return
        try:
            out = self._opened()
            begin = out.tell()
            out.write(_entry(graph, old, new, added, removed))
            out.flush()
        except OSError as error:
            raise StoreError(
                f"{self.folder}：写不了（{error.strerror or error}）；库没有改动",
                f"{self.folder}: cannot be written ({error.strerror or error}); the store is unchanged",
            ) from error
        try:
            yield
        except BaseException:
            # an interruption may also come when the change is made already: the store knows
            if digest(q.triple for q in self.store.quads(graph)) == digest(q.triple for q in old):
                out.truncate(begin)
                out.seek(begin)
            raise

    def close(self) -> None:
        """End the step, if one was begun, and drop what is more than shall be kept."""
        if self._file is None:
            return
        file, self._file = self._file, None
        with file:
            # what is told to be done shall be on disk
            self.store.flush()
            end = {"end": _now(), "graphs": count_graphs(self.store)}
            file.write(json.dumps(end).encode("ascii") + b"\n")
        if self.keep is not None:
            self._drop(self.keep)

    def _opened(self) -> IO[bytes]:
        if self._file is None:
            self.folder.mkdir(exist_ok=True)
            last = self._settle()
            head = {"format": _FORMAT, "time": _now(), "version": __version__, "graphs": count_graphs(self.store)}
            file = (self.folder / f"{last + 1:08}{_SUFFIX}").open("wb")
            file.write(json.dumps(head).encode("ascii") + b"\n")
            self._file = file
        return self._file

    def _settle(self) -> int:
        """Strike out what a killed process told and did not do; the number of the last step."""
        paths = self._paths()
        number = int(paths[-1].stem) if paths else 0
        if paths:
            step = _read(paths[-1])
            step = self._settled(step) if step else None
            if step is None or not step.entries:
                paths[-1].unlink()
                number -= 1
            elif paths[-1].stat().st_size > step.end and not step.ended:
                with paths[-1].open("r+b") as file:
                    file.truncate(step.end)
        return max(number, int(self._settings().get("last", 0)))

    # reading

    def steps(self) -> tuple[Step, ...]:
        """The steps that are kept, in order.

        Raises:
            StoreError: a file of the history is damaged.
        """
        found = []
        paths = self._paths()
        for path in paths:
            step = _read(path)
            if step is not None and path == paths[-1]:
                step = self._settled(step)
            if step is not None and step.entries:
                found.append(step)
                # a killed process leaves a torn end, which the next one cuts off: any other is damage
                whole = step.end == path.stat().st_size or (path == paths[-1] and not step.ended)
            else:
                whole = path == paths[-1]  # only the last can be one that was killed before its first change
            if not whole:
                raise _damaged(path)
        return tuple(found)

    def triples(self, step: Step, entry: Entry) -> tuple[set[Triple], set[Triple]]:
        """What an entry added, and what it removed.

        Raises:
            StoreError: the file is damaged.
        """
        with step.path.open("rb") as file:
            file.seek(entry.data)
            data = file.read(entry.size)
        try:
            listed = [q.triple for q in parse(lzma.decompress(data), format=RdfFormat.N_TRIPLES)] if data else []
        except (lzma.LZMAError, SyntaxError, ValueError) as error:
            raise _damaged(step.path) from error
        return set(listed[entry.removed :]), set(listed[: entry.removed])

    def _settled(self, step: Step) -> Step:
        """*step* without last entries that the store knows nothing of: the process was killed before they were done."""
        entries = list(step.entries)
        while entries and not step.ended and not self._done(entries[-1]):
            entries.pop()
        if len(entries) == len(step.entries):
            return step
        end = step.entries[len(entries)].begin
        return Step(step.number, step.path, step.time, step.version, step.graphs, tuple(entries), end, False, None)

    def _done(self, entry: Entry) -> bool:
        """Whether the store holds what *entry* says. ``kg.store.snapshots`` reports a state that fits neither side."""
        return digest(q.triple for q in self.store.quads(entry.graph)) != entry.was

    def _paths(self) -> list[Path]:
        return sorted(self.folder.glob(f"*{_SUFFIX}"))

    # how much is kept

    @property
    def keep(self) -> int | None:
        """How many steps are kept; None for all."""
        found = self._settings().get("keep")
        return int(found) if found is not None else None

    def set_keep(self, keep: int | None) -> int:
        """Keep the last *keep* steps (None: all of them) from now on; the store must be open for writing.

        Returns:
            How many were dropped.
        """
        self._set(keep=keep)
        return self._drop(keep) if keep is not None else 0

    def forget(self) -> int:
        """Drop all steps; the store must be open for writing.

        Returns:
            How many were dropped.
        """
        return self._drop(0)

    def _drop(self, keep: int) -> int:
        paths = self._paths()
        dropped = paths[: len(paths) - keep] if keep else paths
        if dropped:
            # a number stands for one build only, even if all are forgotten
            self._set(last=max(int(dropped[-1].stem), int(self._settings().get("last", 0))))
        for path in dropped:  # the oldest first: what is left has no gap, whenever this is interrupted
            path.unlink()
        return len(dropped)

    def _settings(self) -> dict[str, Any]:
        path = self.folder / _SETTINGS
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        return found

    def _set(self, **values: int | None) -> None:
        self.folder.mkdir(exist_ok=True)
        path = self.folder / _SETTINGS
        new = path.with_name(f"{path.name}.new")
        new.write_text(json.dumps({**self._settings(), **values}) + "\n", encoding="utf-8")
        new.replace(path)


def count_graphs(store: GraphStore) -> int:
    """Return the number of graphs of *store* that hold something, without the log of builds."""
    return sum(1 for g in store.graphs(links=True) if next(store.quads(g), None) is not None)


def digest(triples: Iterable[Triple]) -> str:
    """A digest of a set of triples, whatever their order: what a graph holds, in 16 digits."""
    data = serialize(triples, format=RdfFormat.N_TRIPLES) or b""
    lines = data.splitlines()  # N-Triples escapes what else could end a line
    total = sum(int.from_bytes(blake2b(line, digest_size=8).digest(), "big") for line in lines)
    return f"{total % (1 << 64):016x}"


def _entry(
    graph: str, old: Collection[Quad], new: Collection[Quad], added: Collection[Quad], removed: Collection[Quad]
) -> bytes:
    data = b""
    if old:
        data = lzma.compress(_lines(removed) + _lines(added), preset=_PRESET)
    head = {
        "graph": graph, "before": len(old), "after": len(new), "was": digest(q.triple for q in old),
        "now": digest(q.triple for q in new), "removed": len(removed),
        "bytes": len(data), "crc": zlib.crc32(data),
    }  # fmt: skip
    return json.dumps(head).encode("ascii") + b"\n" + data


def _lines(quads: Iterable[Quad]) -> bytes:
    return b"".join(sorted((serialize([q.triple], format=RdfFormat.N_TRIPLES) or b"") for q in quads))


def _read(path: Path) -> Step | None:
    """A step as far as it is whole; None if not even its first line is.

    Raises:
        StoreError: it is of another format.
    """
    data = path.read_bytes()
    at, head = _line(data, 0)
    if head is None:
        return None
    if head.get("format") != _FORMAT:
        raise StoreError(
            f"{path}：由其他版本写成，读不了；可用 kg builds --forget 丢弃改动历史",
            f"{path}: written by another version and cannot be read; kg builds --forget drops the history",
        )
    entries: list[Entry] = []
    ended, after = False, None
    while at < len(data):
        start, line = _line(data, at)
        if line is None:
            break
        if "end" in line:
            at, ended, after = start, True, line.get("graphs")
            break
        try:
            size, crc = int(line.pop("bytes")), int(line.pop("crc"))
            entry = Entry(**line, begin=at, data=start, size=size)
        except (KeyError, TypeError, ValueError):
            break
        if not 0 <= size <= len(data) - start or zlib.crc32(data[start : start + size]) != crc:
            break
        entries.append(entry)
        at = start + size
    try:
        time = datetime.fromisoformat(head["time"])
        return Step(int(path.stem), path, time, head["version"], head["graphs"], tuple(entries), at, ended, after)
    except (KeyError, TypeError, ValueError):
        return None


def _line(data: bytes, at: int) -> tuple[int, dict[str, Any] | None]:
    """The line of JSON at a byte, and where the next begins; None if it is not whole."""
    end = data.find(b"\n", at)
    if end < 0:
        return len(data), None
    try:
        found = json.loads(data[at:end])
    except ValueError:
        return len(data), None
    return end + 1, found if isinstance(found, dict) else None


def _damaged(path: Path) -> StoreError:
    return StoreError(
        f"{path}：改动历史损坏，回不到这以前；可用 kg builds --forget 丢弃它（图谱本身不受影响）",
        f"{path}: the history is damaged, nothing before it can be had; "
        "kg builds --forget drops it (the graph itself is not touched)",
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")
