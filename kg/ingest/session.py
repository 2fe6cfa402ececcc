"""The store during one build: the state before it, and the changes that it makes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from pyoxigraph import Quad

from kg.errors import KgError
from kg.ingest.log import BuildActivity
from kg.ingest.plan import PlannedSource, is_within
from kg.ingest.pool import get_memory
from kg.rdf import iri
from kg.rdf.identifiers import make_context_iri
from kg.read import FoundSource, UnreadableSource
from kg.store.compact import compact_store, restore_store
from kg.store.endpoint import is_address
from kg.store.records import SourceRecord, format_timestamp, make_record_quads, read_records, refresh_record
from kg.store.store import NewGraph, Store

GROUP = 20
"""How many new sources are stored together, at most: an interrupted build reads so many again, at most. After so many
replaced sources the store is flushed. Both keep memory flat."""
_REWRITING = 4 << 30
"""Bytes of memory that a machine must have for a store to be written anew; it takes about one of the four."""
_LARGEST_GROUP = 200_000
"""How many quads are stored together, at most, unless one source has more."""


class BuildSession:
    """The store during one build.

    An existing store is opened at once. A new one is made when there is something to store, so that a build that fails
    leaves no store.

    Attributes:
        activity: the build, for the log.
        records: the records of the store before the build, by source id.
        stored: IRIs of the graphs of the store before the build, by source id.
    """

    def __init__(self, stack: ExitStack, path: str | Path, base: str | None, activity: BuildActivity) -> None:
        """Open the store if it exists.

        Args:
            stack: closes the store at the end.
            path: the folder of the store, or its address.
            base: what the IRIs of a new store begin with; None for the default.
            activity: the build, for the log.
        """
        self._stack, self._path, self._base, self.activity = stack, path, base, activity
        self._store: Store | None = None
        self._links_invalidated = False
        self.records: Mapping[str, SourceRecord] = {}
        self.stored: Mapping[str, str] = {}
        self._is_rewritten = False
        stack.callback(self._compact)  # the last callback: the store is closed then
        if not is_address(path):
            restore_store(Path(path))
        if is_address(path) or Path(path).exists():
            opened = self._open_store()
            self.records, self.stored = read_records(opened), opened.list_sources()
        self._waiting: list[NewGraph] = []
        self._unflushed = 0
        self._current = set(self.stored)
        """Ids of the sources that the store has now."""

    @property
    def base(self) -> str:
        """What IRIs begin with."""
        # len(store) scans all quads: test "is None", never truthiness
        return self._store.base if self._store is not None else (self._base or iri.BASE)

    @property
    def store(self) -> Store | None:
        """The store; None if it does not exist yet."""
        return self._store

    def store_graph(
        self, source: PlannedSource, quads: list[Quad], sha256: str, media_type: str, findings: str, *, complete: bool
    ) -> bool:
        """Replace the graph of a source with *quads*, and its record.

        Args:
            source: the source as it was found.
            quads: its graph.
            sha256: SHA-256 of the bytes that were read.
            media_type: media type of the original.
            findings: what to report about the source (``kg.ingest.report``).
            complete: whether the same bytes and settings would give the same graph again. If not, the source is read
                again in the next build.

        Returns:
            Whether the graph changed.
        """
        store, found = self._open_store(), source.found
        # The file may have been written to between being found and being read. Then it is read again next time.
        same_bytes = source.content is not None and source.content.sha256 == sha256
        record = SourceRecord(
            found.id, found.origin, found.member, sha256, media_type,
            key=source.graph_fingerprint if complete and same_bytes else "",
            read=format_timestamp(datetime.now(UTC)), build=self.activity.begin(store), findings=findings,
        )  # fmt: skip
        self._current.add(found.id)
        self._invalidate_links(store)
        graph = NewGraph(make_context_iri(found.id, store.base), quads, make_record_quads(record, store))
        if found.id not in self.stored and found.id not in self.records:
            self._waiting.append(graph)
            if len(self._waiting) >= GROUP or sum(len(waiting.quads) for waiting in self._waiting) >= _LARGEST_GROUP:
                self.store_waiting()
            return True
        changed = store.replace_graph(graph.name, graph.quads, graph.record)
        self._unflushed += 1
        if self._unflushed >= GROUP:
            store.flush()
            self._unflushed = 0
        return changed

    def store_waiting(self) -> None:
        """Store the graphs of new sources that wait to be stored together."""
        waiting, self._waiting = self._waiting, []
        if waiting and self._store is not None:
            self._store.add_graphs(waiting)

    def renew_record(self, source: PlannedSource) -> SourceRecord:
        """Return the record of a source that need not be read again, with its present place."""
        before = self.records[source.found.id]
        now = refresh_record(before, source.found)
        if now != before:
            self._replace_record(now)
        return now

    def record_failures(self, failures: Iterable[tuple[FoundSource | UnreadableSource, KgError]]) -> None:
        """Record what could not be read, and why. The graph that the store has of it stays.

        Nothing is recorded if there is no store.
        """
        for what, error in failures:
            if (store := self._store) is not None:
                now = format_timestamp(datetime.now(UTC))
                new = SourceRecord(what.id, what.origin, what.member, read=now, build=self.activity.begin(store))
                before = self.records.get(what.id)
                record = before if before is not None and what.id in self.stored else new
                self._replace_record(replace(record, failure=(error.zh, error.en)))

    def forget_failures(self, roots: Iterable[str], failed: Collection[str]) -> None:
        """Remove the records of earlier failures in *roots*, except for the ids in *failed*, which failed again."""
        for record in self.records.values():
            known = record.source in self._current or record.source in failed
            if not known and is_within(record.origin, roots):
                self._open_store().remove_graph(make_context_iri(record.source, self.base))

    def drop_sources(self, sources: Iterable[str]) -> None:
        """Remove the graphs and records of *sources*."""
        for source in sources:
            self._invalidate_links(self._open_store())
            self._open_store().remove_graph(self.stored[source])
            self._current.discard(source)

    def finish_log(self, graphs: Iterable[str], sources: int, ended: datetime) -> None:
        """Write the end of the build to the log. It is on disk when the links of the build are.

        Args:
            graphs: IRIs of the graphs that changed.
            sources: number of sources that were read.
            ended: time of the end.
        """
        if self._store is not None:
            self.activity.end(self._store, ended, graphs, sources)

    def finish(self, stored: int) -> None:
        """Have the store written anew when it is closed, if at least half of its sources are the *stored* new ones."""
        is_new = self._store is not None and 2 * stored >= len(self._current)
        self._is_rewritten = is_new and get_memory() >= _REWRITING

    def _compact(self) -> None:
        if self._is_rewritten and not is_address(self._path):
            compact_store(Path(self._path))

    def _invalidate_links(self, store: Store) -> None:
        """Mark the links between sources as out of date, once, before the first source is changed."""
        from kg.join.graph import invalidate_links

        if not self._links_invalidated:
            invalidate_links(store)
            self._links_invalidated = True

    def _open_store(self) -> Store:
        if self._store is None:
            self._store = self._stack.enter_context(Store(self._path, write=True, base=self._base))
            self._stack.callback(self.store_waiting)  # an interrupted build keeps what it has read
        return self._store

    def _replace_record(self, record: SourceRecord) -> None:
        store = self._open_store()
        quads = make_record_quads(record, store, has_graph=record.source in self._current)
        store.replace_record(make_context_iri(record.source, store.base), quads)
