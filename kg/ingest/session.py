"""The store as one build sees and changes it: what was there before, what is put in, found again, failed, dropped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from pyoxigraph import Quad

from kg.errors import KgError
from kg.ingest.log import Activity
from kg.ingest.plan import Item, within
from kg.rdf import iri
from kg.rdf.identifiers import context_iri
from kg.read import Found, Lost
from kg.store.records import Record, again, moment, quads_of, records
from kg.store.store import Store


class Keeper:
    """Opens the store at once if it is there, else when there is something to put in: a failed build leaves none.

    Args:
        stack: closes the store.
        path: its folder.
        base: what IRIs shall begin with, if it is new.
        activity: the build, for the log.

    Attributes:
        records: what was on record before the build, by source id.
        stored: the graphs that were there before, by source id.
    """

    def __init__(self, stack: ExitStack, path: Path, base: str | None, activity: Activity) -> None:
        self._stack, self._path, self._base, self._activity = stack, path, base, activity
        self._store: Store | None = None
        self._outdated = False
        self.records: Mapping[str, Record] = {}
        self.stored: Mapping[str, str] = {}
        if path.exists():
            opened = self._open()
            self.records, self.stored = records(opened), opened.sources()
        self._now = set(self.stored)

    @property
    def base(self) -> str:
        """What IRIs begin with."""
        # a store has a length, and telling it takes seconds: never ask whether it is true
        return self._store.base if self._store is not None else (self._base or iri.BASE)

    @property
    def store(self) -> Store | None:
        """The store; None as long as there is none."""
        return self._store

    def put(self, item: Item, quads: list[Quad], sha256: str, media_type: str, findings: str, *, settled: bool) -> bool:
        """Make *quads* the graph of a source, and put down where they came from.

        Args:
            item: the source as it was found.
            quads: its graph.
            sha256: of the bytes that were read in the end.
            media_type: of the original.
            findings: what is to be told of it (``kg.ingest.report``).
            settled: whether the same bytes and settings would give the same again.

        Returns:
            Whether its graph changed.
        """
        store, found = self._open(), item.found
        # a file that was written to since it was found is read again next time
        same = item.told is not None and item.told.sha256 == sha256
        told = Record(
            found.id, found.origin, found.member, sha256, media_type, item.key if settled and same else "",
            moment(datetime.now(UTC)), self._activity.begin(store), findings,
        )  # fmt: skip
        self._now.add(item.found.id)
        self._outdate(store)
        return store.replace(context_iri(item.found.id, store.base), quads, quads_of(told, store))

    def found_again(self, item: Item) -> Record:
        """Of a source that need not be read again: what is on record; where it is now, is put down if it moved."""
        before = self.records[item.found.id]
        now = again(before, item.found)
        if now != before:
            self._note(now)
        return now

    def fail(self, failures: Iterable[tuple[Found | Lost, KgError]]) -> None:
        """Put down what could not be read, and why; what the store has of it stays.

        Nothing is put down in a store that is not there.
        """
        for what, error in failures:
            if (store := self._store) is not None:
                now = moment(datetime.now(UTC))
                new = Record(what.id, what.origin, what.member, read=now, build=self._activity.begin(store))
                before = self.records.get(what.id)
                kept = before is not None and what.id in self.stored
                self._note(replace(before if before and kept else new, failure=(error.zh, error.en)))

    def forget_failures(self, roots: Iterable[str], but: Iterable[str]) -> None:
        """Forget what could not be read from *roots* before, and did not fail now; *but* names what did."""
        there = self._now | set(but)
        for record in self.records.values():
            if record.source not in there and within(record.origin, roots):
                self._open().remove(context_iri(record.source, self.base))

    def drop(self, sources: Iterable[str]) -> None:
        """Take *sources* out, each with its record."""
        for source in sources:
            self._outdate(self._open())
            self._open().remove(self.stored[source])
            self._now.discard(source)

    def end(self, graphs: Iterable[str], sources: int, ended: datetime) -> None:
        """Put down in the log what the build did, and see that all is on disk."""
        if self._store is not None:
            self._activity.end(self._store, ended, graphs, sources)
            self._store.flush()

    def _outdate(self, store: Store) -> None:
        """Once, before the first source is changed: what joins them does not count until it is made anew."""
        from kg.join.graph import invalidate_links

        if not self._outdated:
            invalidate_links(store)
            self._outdated = True

    def _open(self) -> Store:
        if self._store is None:
            self._store = self._stack.enter_context(Store(self._path, write=True, base=self._base))
        return self._store

    def _note(self, record: Record) -> None:
        store = self._open()
        kept = record.source in self._now
        store.record(context_iri(record.source, store.base), quads_of(record, store, kept=kept))
