"""What the pages show: one state of the store with its view and its index, made anew when the store has changed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from kg.graph.stats import Stats, count_store
from kg.graph.view import View
from kg.serve.site.addresses import Addresses
from kg.serve.site.index import write_index
from kg.serve.site.search import SearchIndex
from kg.serve.snapshot import StoreCopies
from kg.store.records import SourceRecord, read_records
from kg.store.store import Store

_INDEX = "kg-search.sqlite"
_MOST_CACHED = 64
"""Reports and lists that are kept."""


class SiteState:
    """A state of the store, opened for reading.

    Attributes:
        number: the number of the state.
        store: the store.
        view: look-ups in it.
        index: the index of its names and texts.
        addresses: the addresses of its pages.
    """

    def __init__(self, folder: Path, number: int) -> None:
        self.number = number
        self.store = Store(folder)
        self.view = View(self.store)
        self.addresses = Addresses(self.store.base)
        file = folder / _INDEX
        if not file.exists():
            write_index(self.view, file)
        self.index = SearchIndex(file)
        self._cache: OrderedDict[tuple[object, ...], Any] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def is_ready(self) -> bool:
        """Whether what each page tells of the whole store is known, so that no page has to wait for it."""
        return {"stats", "sources"} <= vars(self).keys()

    @cached_property
    def stats(self) -> Stats:
        """The counts of the store."""
        return count_store(self.store)

    @cached_property
    def records(self) -> Mapping[str, SourceRecord]:
        """Where the sources came from, by their ids."""
        return read_records(self.store)

    @cached_property
    def sources(self) -> Mapping[str, str]:
        """The IRIs of the texts by the ids of the sources."""
        return self.store.list_sources()

    def remember(self, key: tuple[object, ...], make: Callable[[], Any]) -> Any:
        """Return what *make* returned for *key* in this state before, or now."""
        with self._lock:
            if key in self._cache:
                self._cache.move_to_end(key)
                return self._cache[key]
        made = make()
        with self._lock:
            self._cache[key] = made
            while len(self._cache) > _MOST_CACHED:
                self._cache.popitem(last=False)
        return made


class SiteStates:
    """The present state of a store. Its methods may be called from any thread."""

    def __init__(self, copies: StoreCopies) -> None:
        self._copies = copies
        self._lock = threading.Lock()
        self._state: SiteState | None = None

    @property
    def number(self) -> int:
        """The number of the present state of the store."""
        return int(self._copies.path.name)

    def get_newest(self) -> SiteState:
        """Return the state of the store as it is now, even if it was looked at a moment ago."""
        self._copies.forget_look()
        return self.get()

    def get_ready(self) -> SiteState | None:
        """Return the present state if pages can be made of it at once; None if something has to be made before."""
        state = self._state
        return state if state is not None and state.is_ready and state.number == self.number else None

    def get(self) -> SiteState:
        """Return the present state, and make it if the store has changed.

        A state before it is closed when no page uses it any more.
        """
        folder = self._copies.path
        number = int(folder.name)
        state = self._state
        if state is not None and state.number == number:
            return state
        with self._lock:
            if self._state is None or self._state.number != number:
                self._state = SiteState(folder, number)
            return self._state
