"""Plan a build: which sources must be read, and what changed since the folders were read before.

These are pure functions of what was found and what is on record. A source is *gone* if its place (a file, a member of
an archive, a row of a list) is inside of what was searched and does not exist any more. A source is not gone if its
place is elsewhere, if its place exists but could not be read, or if it has no record. If the same place was found with
another id, because other folders were given, the old id is gone.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

from kg.errors import SourceError
from kg.ingest.fingerprint import GraphFingerprints
from kg.ingest.report import MovedSource
from kg.read import Fingerprint, FoundSource, SourceListing, UnreadableSource, compute_fingerprint
from kg.read.found import BETWEEN
from kg.store.records import SourceRecord

SourcePlace = tuple[str, str]
"""Place of a source: its file or address, and its path inside of that (a member of an archive, a row of a list)."""


@dataclass(frozen=True, slots=True)
class PlannedSource:
    """A source that was found, with what decides whether it must be read."""

    found: FoundSource
    content: Fingerprint | None
    """Fingerprint of its content; None if it cannot be read: then reading it raises the error to report."""
    graph_fingerprint: str
    """Fingerprint of its graph (``kg.ingest.fingerprint``); empty if *content* is None."""


@dataclass(frozen=True, slots=True)
class BuildPlan:
    """The sources that were found, by what a build does with them."""

    to_read: tuple[PlannedSource, ...]
    unchanged: tuple[PlannedSource, ...]
    """Sources that the store already has as they would be made now."""


@dataclass(frozen=True, slots=True)
class ListingChanges:
    """The differences between what was found and what the store had."""

    gone: tuple[str, ...]
    """Ids of the sources in the store whose place does not exist any more, or was found with another id."""
    removable: tuple[str, ...]
    """Those of them that can be removed: if the place was found with another id, the store must have it under that."""
    moved: tuple[MovedSource, ...]
    duplicates: tuple[tuple[str, ...], ...]
    """Ids of sources with the same bytes."""


def plan_build(
    files: Iterable[FoundSource],
    fingerprints: GraphFingerprints,
    records: Mapping[str, SourceRecord],
    stored: Collection[str],
    *,
    force: bool = False,
) -> BuildPlan:
    """Decide which sources must be read.

    Args:
        files: the sources that were found.
        fingerprints: computes the graph fingerprints of this build.
        records: the records of the store, by source id.
        stored: ids of the sources that the store has.
        force: read all sources.
    """
    to_read: list[PlannedSource] = []
    unchanged: list[PlannedSource] = []
    for found in files:
        source = _plan_source(found, fingerprints)
        record = records.get(found.id)
        is_current = source.graph_fingerprint and record is not None and record.key == source.graph_fingerprint
        (unchanged if is_current and found.id in stored and not force else to_read).append(source)
    return BuildPlan(tuple(to_read), tuple(unchanged))


def compare_listing(
    listing: SourceListing,
    current: Collection[PlannedSource],
    records: Mapping[str, SourceRecord],
    stored: Collection[str],
    built: Collection[str],
) -> ListingChanges:
    """Return the differences between what was found and what the store had.

    Args:
        listing: what was found, and where.
        current: the sources of it that the store has as they are now.
        records: the records of the store before the build, by source id.
        stored: ids of the sources that the store had before.
        built: ids of the sources that the build stored.
    """
    in_store = {*stored, *built}
    recorded = {name: record for name, record in records.items() if name in stored}
    places = index_places(listing.files)
    gone = find_gone(listing, places, recorded)
    new = [source for source in current if source.found.id in built and source.found.id not in stored]
    moved = find_moved(new, places, gone, recorded)
    removable = (name for name in gone if places.get(_get_place(recorded[name]), name) in in_store)
    left = {*gone, *(pair.old for pair in moved)}
    digests = {source.found.id: source.content.sha256 for source in current if source.content is not None}
    others = {name: record for name, record in recorded.items() if name not in left}
    return ListingChanges(gone, tuple(removable), moved, find_duplicates(digests, others))


def index_places(files: Iterable[FoundSource]) -> dict[SourcePlace, str]:
    """Return the ids of the sources that were found, by place."""
    return {(found.origin, found.member): found.id for found in files}


def find_gone(
    listing: SourceListing,
    places: Mapping[SourcePlace, str],
    records: Mapping[str, SourceRecord],
    exists: Callable[[str], bool] = os.path.lexists,
) -> tuple[str, ...]:
    """Return the ids of the recorded sources that are gone, sorted.

    Args:
        listing: what was searched, and what could not be read.
        places: ids of the sources that were found (:func:`index_places`).
        records: the records of the store, by source id.
        exists: returns whether a path exists.
    """
    ids = set(places.values())
    origins = {origin for origin, _ in places} | listing.opened

    def is_gone(record: SourceRecord) -> bool:
        if record.source in ids or not is_within(record.origin, listing.roots):
            return False
        if _get_place(record) in places:
            return True  # found with another id
        if any(_may_contain(lost, record) for lost in listing.unreadable):
            return False
        return record.origin in origins or is_address(record.origin) or not exists(record.origin)

    return tuple(sorted(record.source for record in records.values() if is_gone(record)))


def find_moved(
    new: Iterable[PlannedSource],
    places: Mapping[SourcePlace, str],
    gone: Collection[str],
    records: Mapping[str, SourceRecord],
    exists: Callable[[str], bool] = os.path.lexists,
) -> tuple[MovedSource, ...]:
    """Return the sources that were moved or renamed: one id is gone, and its place or its bytes have another id now.

    Args:
        new: the sources that the store has now and did not have before.
        places: ids of the sources that were found (:func:`index_places`).
        gone: ids of the sources that are gone (:func:`find_gone`).
        records: the records of the store before the build, by source id.
        exists: returns whether a path exists. It tells what is gone from outside of what was searched.

    Returns:
        Pairs of old and new id, sorted.
    """
    found_ids = set(places.values())
    new_ids: dict[str, list[str]] = {}
    for source in new:
        if source.content is not None:
            new_ids.setdefault(source.content.sha256, []).append(source.found.id)
    pairs: list[MovedSource] = []
    old_ids: dict[str, list[str]] = {}
    for record in records.values():
        is_gone = record.source in gone
        if is_gone and (now := places.get(_get_place(record))) is not None:
            pairs.append(MovedSource(record.source, now))
        elif record.sha256 in new_ids and record.source not in found_ids and (is_gone or _is_missing(record, exists)):
            old_ids.setdefault(record.sha256, []).append(record.source)
    taken = {pair.new for pair in pairs}
    for sha256, old in old_ids.items():
        free = [name for name in sorted(new_ids[sha256]) if name not in taken]
        pairs += _pair_copies(old, free)
    return tuple(sorted(pairs))


def _pair_copies(old: list[str], new: list[str]) -> Iterator[MovedSource]:
    """Yield pairs of old and new ids of one content; ids with the same file name are paired first."""
    free = list(new)
    file_names = {_get_file_name(name) for name in new}
    for name in sorted(old, key=lambda name: (_get_file_name(name) not in file_names, name)):
        if free:
            best = next((other for other in free if _get_file_name(other) == _get_file_name(name)), free[0])
            free.remove(best)
            yield MovedSource(name, best)


def find_duplicates(sha256: Mapping[str, str], records: Mapping[str, SourceRecord]) -> tuple[tuple[str, ...], ...]:
    """Return groups of ids of sources with the same bytes, sorted.

    Args:
        sha256: digests of the sources that were found and are in the store, by id.
        records: records of the other sources in the store, by id.
    """
    same: dict[str, set[str]] = {}
    for name, digest in sha256.items():
        same.setdefault(digest, set()).add(name)
    for record in records.values():
        if record.sha256 in same and record.source not in sha256:
            same[record.sha256].add(record.source)
    return tuple(sorted(tuple(sorted(names)) for names in same.values() if len(names) > 1))


def is_address(origin: str) -> bool:
    """Return whether a source was read from a web address."""
    return origin.lower().startswith(("http://", "https://"))


def is_within(origin: str, roots: Iterable[str]) -> bool:
    """Return whether a file or address is one of *roots*, or is inside of one that is a folder."""
    if is_address(origin) or origin == "-":
        return origin in roots
    return any(origin == root or origin.startswith(root.rstrip(os.sep) + os.sep) for root in roots)


def _may_contain(lost: UnreadableSource, record: SourceRecord) -> bool:
    """Return whether a source may be inside of something that could not be read."""
    if lost.origin == record.origin:
        return not lost.member or record.member == lost.member or record.member.startswith(lost.member + BETWEEN)
    return record.origin.startswith(lost.origin.rstrip(os.sep) + os.sep) and not is_address(lost.origin)


def _is_missing(record: SourceRecord, exists: Callable[[str], bool]) -> bool:
    """Return whether the file that a source was read from does not exist any more."""
    return record.origin != "-" and not is_address(record.origin) and not exists(record.origin)


def _get_place(record: SourceRecord) -> SourcePlace:
    return record.origin, record.member


def _get_file_name(ident: str) -> str:
    return PurePosixPath(ident).name


def _plan_source(found: FoundSource, fingerprints: GraphFingerprints) -> PlannedSource:
    try:
        content = compute_fingerprint(found)
    except SourceError:
        return PlannedSource(found, None, "")
    return PlannedSource(found, content, fingerprints.compute(found, content))
