"""What changed since a folder was last built: pure functions over what was found and what is on record.

A source is *gone* if the place that it was read from (a file, a member of an archive, a row of a list) lies in what was
looked through and is not there any more. What lies elsewhere, what is there and could not be read this time, and what
was never recorded is not gone. Of a place that is there under another id, because the folders were named otherwise, the
older id is gone.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from kg.errors import SourceError
from kg.ingest.fingerprint import Keys
from kg.ingest.report import Moved
from kg.read import Found, Listing, Lost, Print, fingerprint
from kg.read.found import BETWEEN
from kg.store.records import Record

Place = tuple[str, str]
"""Of a source: its file or address, and what it is in that."""


@dataclass(frozen=True, slots=True)
class Item:
    """A source that was found, and what tells whether it is to be read."""

    found: Found
    told: Print | None
    """None: its bytes cannot be had, and reading it will say why."""
    key: str


@dataclass(frozen=True, slots=True)
class News:
    """How what was found differs from what the store had."""

    gone: tuple[str, ...]
    """In the store, but not any more in what was looked through."""
    outlived: tuple[str, ...]
    """Those of them that the store can do without: what is there under another id is in it under that."""
    moved: tuple[Moved, ...]
    duplicates: tuple[tuple[str, ...], ...]


def plan(
    files: Iterable[Found], keys: Keys, records: Mapping[str, Record], stored: Collection[str], *, force: bool = False
) -> tuple[tuple[Item, ...], tuple[Item, ...]]:
    """Tell what has to be read from what the store has as it would be made now.

    Args:
        files: what was found.
        keys: makes the keys of this build.
        records: the records of the store.
        stored: ids of the sources that it has.
        force: read all.

    Returns:
        What is to be read, and what need not be.
    """
    todo: list[Item] = []
    unchanged: list[Item] = []
    for found in files:
        item = _item(found, keys)
        record = records.get(found.id)
        known = item.key and record is not None and record.key == item.key and found.id in stored
        (unchanged if known and not force else todo).append(item)
    return tuple(todo), tuple(unchanged)


def compare(
    listing: Listing,
    items: Collection[Item],
    records: Mapping[str, Record],
    stored: Collection[str],
    built: Collection[str],
) -> News:
    """How what was found differs from what the store had.

    Args:
        listing: what was found, and where.
        items: what of it is in the store as it is now, with its digests.
        records: the records of the store before the build.
        stored: ids of the sources that it had.
        built: ids of those that it got.
    """
    there = {*stored, *built}
    kept = {name: record for name, record in records.items() if name in stored}
    places = places_of(listing.files)
    missing = gone(listing, places, kept)
    pairs = moved([i for i in items if i.found.id in built and i.found.id not in stored], places, missing, kept)
    outlived = (m for m in missing if places.get((kept[m].origin, kept[m].member), m) in there)
    left = {*missing, *(pair.old for pair in pairs)}
    digests = {i.found.id: i.told.sha256 for i in items if i.told is not None}
    others = {name: record for name, record in kept.items() if name not in left}
    return News(missing, tuple(outlived), pairs, duplicates(digests, others))


def places_of(files: Iterable[Found]) -> dict[Place, str]:
    """The ids of what was found, by where it is."""
    return {(f.origin, f.member): f.id for f in files}


def gone(
    listing: Listing,
    places: Mapping[Place, str],
    records: Mapping[str, Record],
    exists: Callable[[str], bool] = os.path.lexists,
) -> tuple[str, ...]:
    """Ids of the recorded sources that were in what was looked through, and are not any more; sorted.

    Args:
        listing: what was looked through, and what could not be seen.
        places: what was found there (:func:`places_of`).
        records: the records of the store.
        exists: whether there is a file of a path.
    """
    ids = set(places.values())
    origins = {origin for origin, _ in places} | listing.opened

    def is_gone(record: Record) -> bool:
        if record.source in ids or not within(record.origin, listing.roots):
            return False
        if (record.origin, record.member) in places:
            return True  # it is there, under another id
        if any(_hides(lost, record) for lost in listing.lost):
            return False
        return record.origin in origins or is_address(record.origin) or not exists(record.origin)

    return tuple(sorted(r.source for r in records.values() if is_gone(r)))


def moved(
    new: Iterable[Item],
    places: Mapping[Place, str],
    missing: Collection[str],
    records: Mapping[str, Record],
    exists: Callable[[str], bool] = os.path.lexists,
) -> tuple[Moved, ...]:
    """Which sources are gone under one id and there under another; sorted.

    Args:
        new: sources that the store has now, and had not before.
        places: all that was found (:func:`places_of`).
        missing: ids of what is gone from there (:func:`gone`).
        records: the records of the store as they were before.
        exists: whether there is a file of a path; it tells what is gone from elsewhere.
    """
    ids = set(places.values())
    fresh: dict[str, list[str]] = {}
    for item in new:
        if item.told is not None:
            fresh.setdefault(item.told.sha256, []).append(item.found.id)
    pairs: list[Moved] = []
    left: dict[str, list[str]] = {}
    for record in records.values():
        here = record.source in missing
        if here and (now := places.get((record.origin, record.member))) is not None:
            pairs.append(Moved(record.source, now))
        elif record.sha256 in fresh and record.source not in ids and (here or _vanished(record, exists)):
            left.setdefault(record.sha256, []).append(record.source)
    taken = {pair.new for pair in pairs}
    for sha256, old in left.items():
        # of several copies, those of one name first
        free = [name for name in sorted(fresh[sha256]) if name not in taken]
        for name in sorted(old, key=lambda o: (_name(o) not in map(_name, free), o)):
            if free:
                best = next((f for f in free if _name(f) == _name(name)), free[0])
                free.remove(best)
                pairs.append(Moved(name, best))
    return tuple(sorted(pairs))


def duplicates(sha256: Mapping[str, str], records: Mapping[str, Record]) -> tuple[tuple[str, ...], ...]:
    """Sources of the same bytes, those first that stand first in the alphabet.

    Args:
        sha256: of the sources that were found and are in the store, by id.
        records: of the other sources that are in the store.
    """
    same: dict[str, set[str]] = {}
    for name, digest in sha256.items():
        same.setdefault(digest, set()).add(name)
    for record in records.values():
        if record.sha256 in same and record.source not in sha256:
            same[record.sha256].add(record.source)
    return tuple(sorted(tuple(sorted(names)) for names in same.values() if len(names) > 1))


def is_address(origin: str) -> bool:
    """Whether a source came over the net."""
    return origin.lower().startswith(("http://", "https://"))


def within(origin: str, roots: Iterable[str]) -> bool:
    """Whether a file or address is one of *roots*, or lies in one that is a folder."""
    if is_address(origin) or origin == "-":
        return origin in roots
    return any(origin == root or origin.startswith(root.rstrip(os.sep) + os.sep) for root in roots)


def _hides(lost: Lost, record: Record) -> bool:
    """Whether a source may well be where nothing can be seen now."""
    if lost.origin == record.origin:
        return not lost.member or record.member == lost.member or record.member.startswith(lost.member + BETWEEN)
    return record.origin.startswith(lost.origin.rstrip(os.sep) + os.sep) and not is_address(lost.origin)


def _vanished(record: Record, exists: Callable[[str], bool]) -> bool:
    """Whether the file that a source came from is not there any more, wherever that was."""
    return record.origin != "-" and not is_address(record.origin) and not exists(record.origin)


def _name(ident: str) -> str:
    return PurePosixPath(ident).name


def _item(found: Found, keys: Keys) -> Item:
    try:
        told = fingerprint(found)
    except SourceError:
        return Item(found, None, "")
    return Item(found, told, keys.of(found, told))
