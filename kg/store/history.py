"""The history of a store: what each build changed, in the store's own folder, so that earlier states can be restored.

A *step* is one opening of the store for writing. Its file in ``kg-history`` has an entry for each graph that was
changed, with the triples that were removed and added. A new graph needs no triples: to undo it, it is left out.

An entry is written before the store is changed, and the store changes a graph in one transaction. A killed process
leaves at most one last entry whose transaction was never committed. The content of the store shows that
(:meth:`History._drop_undone`), and the next writer deletes the entry. ``kg.store.snapshots`` restores states and
checks that the store fits the entries.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any, Protocol

from pyoxigraph import Quad

from kg.errors import StoreError
from kg.store.steps import (
    HistoryEntry,
    HistoryStep,
    encode_end,
    encode_entry,
    encode_head,
    hash_triples,
    make_damage_error,
    read_step,
)

HISTORY_FOLDER = "kg-history"
"""Folder of the steps, in the folder of the store."""
_SETTINGS = "settings.json"
_SUFFIX = ".step"


class GraphStore(Protocol):
    """What the history needs of its store."""

    path: Path

    @property
    def builds_graph(self) -> str: ...

    def list_graphs(self, *, links: bool = False, builds: bool = False) -> list[str]: ...

    def read_quads(self, graph: str) -> Iterator[Quad]: ...

    def flush(self) -> None: ...


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
        return self.store.path / HISTORY_FOLDER

    # writing

    @contextmanager
    def record_change(self, graph: str, old: Collection[Quad], new: Collection[Quad]) -> Iterator[None]:
        """Write an entry for a change of *graph*; the caller makes the change inside the ``with`` block.

        Args:
            graph: its IRI.
            old: its content before the change.
            new: its content after the change.

        Raises:
            StoreError: the entry cannot be written; the caller must not change the graph.
        """
        if graph == self.store.builds_graph or self.limit == 0:
            yield
            return
        try:
            out = self._open_step()
            begin = out.tell()
            out.write(encode_entry(graph, old, new))
            out.flush()
        except OSError as error:
            raise StoreError(
                f"{self.folder}：写不了（{error.strerror or error}）；库没有改动",
                f"{self.folder}: cannot be written ({error.strerror or error}); the store is unchanged",
            ) from error
        try:
            yield
        except BaseException:
            # an interruption can come after the transaction: only the content of the store shows whether it was made
            if hash_triples(q.triple for q in self.store.read_quads(graph)) == hash_triples(q.triple for q in old):
                out.truncate(begin)
                out.seek(begin)
            raise

    def close(self) -> None:
        """Complete the step, if one was begun, and delete steps beyond the limit."""
        if self._file is None:
            return
        file, self._file = self._file, None
        with file:
            # a completed step must not be on disk before its changes are
            self.store.flush()
            file.write(encode_end(count_graphs(self.store)))
        if self.limit is not None:
            self._delete_oldest(self.limit)

    def _open_step(self) -> IO[bytes]:
        if self._file is None:
            self.folder.mkdir(exist_ok=True)
            last = self._repair_last_step()
            file = (self.folder / f"{last + 1:08}{_SUFFIX}").open("wb")
            file.write(encode_head(count_graphs(self.store)))
            self._file = file
        return self._file

    def _repair_last_step(self) -> int:
        """Delete what a killed process wrote without committing its transaction; return the number of the last step."""
        paths = self._list_paths()
        number = int(paths[-1].stem) if paths else 0
        if paths:
            step = read_step(paths[-1])
            step = self._drop_undone(step) if step else None
            if step is None or not step.entries:
                paths[-1].unlink()
                number -= 1
            elif paths[-1].stat().st_size > step.end and not step.ended:
                with paths[-1].open("r+b") as file:
                    file.truncate(step.end)
        return max(number, int(self._read_settings().get("last", 0)))

    # reading

    def read_steps(self) -> tuple[HistoryStep, ...]:
        """Return the steps that are kept, in order.

        Raises:
            StoreError: a file of the history is damaged.
        """
        steps = []
        paths = self._list_paths()
        for path in paths:
            step = read_step(path)
            if step is not None and path == paths[-1]:
                step = self._drop_undone(step)
            if step is not None and step.entries:
                steps.append(step)
                # a killed process leaves an incomplete end, which the next writer cuts off; anywhere else it is damage
                whole = step.end == path.stat().st_size or (path == paths[-1] and not step.ended)
            else:
                whole = path == paths[-1]  # a process that was killed before its first change leaves the last file
            if not whole:
                raise make_damage_error(path)
        return tuple(steps)

    def _drop_undone(self, step: HistoryStep) -> HistoryStep:
        """Return *step* without last entries whose transaction was never committed."""
        entries = list(step.entries)
        while entries and not step.ended and not self._is_done(entries[-1]):
            entries.pop()
        if len(entries) == len(step.entries):
            return step
        end = step.entries[len(entries)].begin
        return replace(step, entries=tuple(entries), end=end, ended=False, graphs_after=None)

    def _is_done(self, entry: HistoryEntry) -> bool:
        """Return whether the graph has changed since before *entry*.

        ``kg.store.snapshots`` reports content that is neither that before the entry nor that after it.
        """
        return hash_triples(q.triple for q in self.store.read_quads(entry.graph)) != entry.was

    def _list_paths(self) -> list[Path]:
        return sorted(self.folder.glob(f"*{_SUFFIX}"))

    # how much is kept

    @property
    def limit(self) -> int | None:
        """How many steps are kept; None for all."""
        limit = self._read_settings().get("keep")
        return int(limit) if limit is not None else None

    def set_limit(self, limit: int | None) -> int:
        """Keep the last *limit* steps (None: all of them) from now on; the store must be open for writing.

        Returns:
            The number of steps deleted now.
        """
        self._write_settings(keep=limit)
        return self._delete_oldest(limit) if limit is not None else 0

    def delete_steps(self) -> int:
        """Delete all steps; the store must be open for writing.

        Returns:
            The number of steps deleted.
        """
        return self._delete_oldest(0)

    def _delete_oldest(self, limit: int) -> int:
        """Delete all steps but the last *limit*."""
        paths = self._list_paths()
        excess = paths[: len(paths) - limit] if limit else paths
        if excess:
            # no number is used twice, even if all steps are deleted
            self._write_settings(last=max(int(excess[-1].stem), int(self._read_settings().get("last", 0))))
        for path in excess:  # the oldest first: an interruption leaves no gap
            path.unlink()
        return len(excess)

    def _read_settings(self) -> dict[str, Any]:
        path = self.folder / _SETTINGS
        settings: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        return settings

    def _write_settings(self, **values: int | None) -> None:
        self.folder.mkdir(exist_ok=True)
        path = self.folder / _SETTINGS
        new = path.with_name(f"{path.name}.new")
        new.write_text(json.dumps({**self._read_settings(), **values}) + "\n", encoding="utf-8")
        new.replace(path)


def count_graphs(store: GraphStore) -> int:
    """Return the number of graphs of *store* that are not empty, without the log of builds."""
    return sum(1 for graph in store.list_graphs(links=True) if next(store.read_quads(graph), None) is not None)
