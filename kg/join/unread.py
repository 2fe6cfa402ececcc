"""Files that could not be read, until they are read, gone or taken out: what is on record of failures."""

from __future__ import annotations

from kg.store.records import records
from kg.store.store import Store


def known(store: Store) -> tuple[str, ...]:
    """Ids of the files that could not be read, and are in the store by no earlier reading."""
    stored = store.sources()
    return tuple(r.source for r in records(store).values() if r.failure is not None and r.source not in stored)
