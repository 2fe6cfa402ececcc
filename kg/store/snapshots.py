"""Earlier states of a store: which ones can be restored, and the quads of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from pyoxigraph import NamedNode, Quad, Triple

from kg.errors import NotFoundError, StoreError
from kg.store.history import count_graphs
from kg.store.steps import HistoryStep, hash_triples, read_triples
from kg.store.store import Store

_SOURCES = "source/"
"""After the base, the graphs of sources begin with this; other graphs (log, links) do not."""
_LAST, _PREVIOUS = "last", "previous"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The state of a store after a build (or removal) that changed something, and what that build changed."""

    number: int
    """Number of the build, from 1; no number is used twice, even if the history is deleted."""
    time: datetime
    """When the build made its first change, with time zone."""
    version: str
    """Version of the software."""
    added: int
    """Number of new sources."""
    replaced: int
    """Number of sources whose graph was changed."""
    removed: int
    """Number of sources that were removed."""
    size: int
    """Size on disk of what is needed to undo the build, in bytes."""
    interrupted: bool
    """Whether the build was killed before its end."""


def list_snapshots(store: Store) -> tuple[Snapshot, ...]:
    """Return a snapshot for each build in the history, in order; builds that changed nothing have none.

    Raises:
        StoreError: the history is damaged.
    """
    return tuple(_make_snapshot(store, step) for step in store.history.read_steps())


def find_snapshot(store: Store, words: str) -> int:
    """Return the number of the build after which the store had the state that *words* name.

    Args:
        store: the store.
        words: ``3``, ``-1`` (the last), ``last``, ``previous`` (the state before the last build), or a date or time
            (ISO 8601, local unless it has a time zone): the state at that time, or at the end of that day. ``0`` is
            the state before the first build.

    Raises:
        NotFoundError: there is no such build, or its state cannot be restored.
        StoreError: the history is damaged.
    """
    steps = store.history.read_steps()
    if not steps:
        raise NotFoundError(
            f"{store.path}：没有改动历史（由旧版本建立，或已清除），回不到以前；今后的 kg build 会记下改动",
            f"{store.path}: has no history (made by an earlier version, or deleted); "
            "changes are recorded from the next kg build on",
        )
    first, last = steps[0].number - 1, steps[-1].number
    known = {first, *(step.number for step in steps)}
    if words == _LAST:
        return last
    if words == _PREVIOUS:
        return steps[-2].number if len(steps) > 1 else first
    if re.fullmatch(r"-[1-9][0-9]*", words) and int(words[1:]) <= len(steps):
        return steps[int(words)].number
    if re.fullmatch(r"[0-9]{1,7}", words) and int(words) in known:
        return int(words)
    if (moment := _parse_time(words)) is not None:
        before = [step.number for step in steps if step.time <= moment]
        if before:
            return before[-1]
    raise NotFoundError(
        f"{store.path}@{words}：没有这次建库；有第 {first} 至第 {last} 次，"
        "或写 previous、last、日期（kg builds 列出全部）",
        f"{store.path}@{words}: no such build; there are {first} to {last}, "
        "or use previous, last or a date (kg builds lists them)",
    )


def find_previous_snapshot(store: Store) -> int:
    """Return the number of the state before the last build, to compare it with the present state.

    If only the first build has changed the store, this is the state after it: nothing has changed since.

    Raises:
        NotFoundError: the store has no history.
        StoreError: the history is damaged.
    """
    number = find_snapshot(store, _PREVIOUS)
    [*_, last] = store.history.read_steps()
    return last.number if last.graphs == 0 else number


def read_snapshot(store: Store, number: int) -> Iterator[Quad]:
    """Yield the quads of all graphs but the log of builds, as they were after build *number*.

    Raises:
        StoreError: the history is damaged, or does not fit the content of the store.
    """
    steps = store.history.read_steps()
    graphs = _undo_steps(store, [step for step in steps if step.number > number])
    # the last entry of a graph up to the build says what the graph must hold now
    expected = {entry.graph: (entry.now, step) for step in steps if step.number <= number for entry in step.entries}
    for name in sorted({*store.list_graphs(links=True), *graphs, *expected}):
        triples = graphs.pop(name, None)
        if triples is None:
            triples = {q.triple for q in store.read_quads(name)}
        if name in expected and hash_triples(triples) != expected[name][0]:
            raise _make_mismatch_error(store, expected[name][1])
        node = NamedNode(name)
        yield from (Quad(t.subject, t.predicate, t.object, node) for t in triples)


def _undo_steps(store: Store, steps: list[HistoryStep]) -> dict[str, set[Triple]]:
    """Return the graphs that *steps* changed, as they were before.

    Raises:
        StoreError: the content of the store, or the number of graphs in it, is not what the steps say.
    """
    graphs: dict[str, set[Triple]] = {}
    count = count_graphs(store)
    for step in reversed(steps):
        if step.graphs_after not in (None, count):
            raise _make_mismatch_error(store, step)
        for entry in reversed(step.entries):
            triples = graphs.get(entry.graph)
            if triples is None:
                triples = {q.triple for q in store.read_quads(entry.graph)}
            if hash_triples(triples) != entry.now:
                raise _make_mismatch_error(store, step)
            added, removed = read_triples(step, entry)
            graphs[entry.graph] = (triples - added) | removed if entry.before else set()
            if hash_triples(graphs[entry.graph]) != entry.was:
                raise _make_mismatch_error(store, step)
            count += bool(entry.before) - bool(entry.after)
        if count != step.graphs:
            raise _make_mismatch_error(store, step)
    return graphs


def _make_snapshot(store: Store, step: HistoryStep) -> Snapshot:
    counts = {"added": 0, "replaced": 0, "removed": 0}
    for name, (before, after) in step.count_quads().items():
        if name.startswith(store.base + _SOURCES) and (before or after):
            counts["added" if not before else "replaced" if after else "removed"] += 1
    return Snapshot(
        step.number, step.time, step.version, size=step.path.stat().st_size, interrupted=not step.ended, **counts
    )


def _parse_time(words: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(words)
    except ValueError:
        return None
    if re.fullmatch(r"\d{4}-\d\d-\d\d|\d{8}", words):  # the whole day
        moment = datetime.combine(moment.date(), time()) + timedelta(days=1, microseconds=-1)
    return moment.astimezone(UTC)


def _make_mismatch_error(store: Store, step: HistoryStep) -> StoreError:
    return StoreError(
        f"{store.path}：改动历史与库里的内容对不上（第 {step.number} 次建库前后，可能有不记历史的程序改过库），"
        "无法还原；可用 kg builds --forget 从头记起",
        f"{store.path}: the history does not fit the content of the store (around build {step.number}; "
        "a program that keeps no history may have changed the store), so the state cannot be restored; "
        "kg builds --forget starts a new history",
    )
