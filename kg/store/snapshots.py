"""Earlier states of a store: which there are, and what it held then."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from pyoxigraph import NamedNode, Quad, Triple

from kg.errors import NotFoundError, StoreError
from kg.store.history import Step, count_graphs, digest
from kg.store.store import Store

_SOURCES = "source/"
"""Graphs of sources begin with this, after the base; others (the log, links) are no sources."""
_LAST, _PREVIOUS = "last", "previous"


@dataclass(frozen=True, slots=True)
class PastBuild:
    """A build, or a removal, that changed something."""

    number: int
    """From 1; it is never given twice, even if earlier ones are forgotten."""
    time: datetime
    """When it made its first change, with time zone."""
    version: str
    """Of the software."""
    added: int
    """Sources that were new."""
    replaced: int
    """Sources that were there and have changed."""
    removed: int
    """Sources that were taken out."""
    size: int
    """Bytes that going back before it takes on disk."""
    interrupted: bool
    """Whether it was killed before its end."""


def builds(store: Store) -> tuple[PastBuild, ...]:
    """Builds whose changes *store* remembers, in order; those that changed nothing are not among them.

    Raises:
        StoreError: the history is damaged.
    """
    return tuple(_build(store, step) for step in store.history.steps())


def chosen(store: Store, words: str) -> int:
    """The number of the build that *words* name: the state after it is meant.

    Args:
        store: the store.
        words: ``3``, ``-1`` (the last), ``last``, ``previous`` (the state before the last build), or a date or time
            (ISO 8601, local unless it says otherwise): the state at that time, or at the end of that day. ``0`` is
            the state before the first build.

    Raises:
        NotFoundError: there is no such build, or it cannot be gone back to.
        StoreError: the history is damaged.
    """
    steps = store.history.steps()
    if not steps:
        raise NotFoundError(
            f"{store.path}：没有改动历史（由旧版本建立，或已清除），回不到以前；今后的 kg build 会记下改动",
            f"{store.path}: has no history (made by an earlier version, or forgotten); "
            "changes are kept from the next kg build on",
        )
    first, last = steps[0].number - 1, steps[-1].number
    known = {first, *(s.number for s in steps)}
    if words == _LAST:
        return last
    if words == _PREVIOUS:
        return steps[-2].number if len(steps) > 1 else first
    if re.fullmatch(r"-[1-9][0-9]*", words) and int(words[1:]) <= len(steps):
        return steps[int(words)].number
    if re.fullmatch(r"[0-9]{1,7}", words) and int(words) in known:
        return int(words)
    if (moment := _moment(words)) is not None:
        before = [s.number for s in steps if s.time <= moment]
        if before:
            return before[-1]
    raise NotFoundError(
        f"{store.path}@{words}：没有这次建库；有第 {first} 至第 {last} 次，"
        "或写 previous、last、日期（kg builds 列出全部）",
        f"{store.path}@{words}: no such build; there are {first} to {last}, "
        "or say previous, last or a date (kg builds lists them)",
    )


def before_last(store: Store) -> int:
    """The number of the state before the last build, for comparing it with what is there now.

    Raises:
        NotFoundError: the store was empty then, or remembers no build.
        StoreError: the history is damaged.
    """
    number = chosen(store, _PREVIOUS)
    [*_, last] = store.history.steps()
    if last.graphs == 0:
        raise NotFoundError(
            f"{store.path}：只建过一次，没有更早的可比；再建一次之后，或给出另一个库、文件来比",
            f"{store.path}: built once only, there is nothing earlier to compare with; "
            "build again, or name another store or file",
        )
    return number


def state(store: Store, number: int) -> Iterator[Quad]:
    """The quads of the sources of *store* after build *number*.

    Raises:
        StoreError: the history is damaged, or does not fit what the store holds: nothing is guessed.
    """
    steps = store.history.steps()
    now: dict[str, set[Triple]] = {}

    def graph(name: str) -> set[Triple]:
        if name not in now:
            now[name] = {q.triple for q in store.quads(name)}
        return now[name]

    count = count_graphs(store)
    for step in reversed([s for s in steps if s.number > number]):
        if step.graphs_after not in (None, count):
            raise _unfit(store, step)
        for entry in reversed(step.entries):
            found = graph(entry.graph)
            if digest(found) != entry.now:
                raise _unfit(store, step)
            added, removed = store.history.triples(step, entry)
            now[entry.graph] = (found - added) | removed if entry.before else set()
            if digest(now[entry.graph]) != entry.was:
                raise _unfit(store, step)
            count += bool(entry.before) - bool(entry.after)
        if count != step.graphs:
            raise _unfit(store, step)
    # what was written last, as the history tells, is what must be there
    told = {entry.graph: (entry.now, step) for step in steps if step.number <= number for entry in step.entries}
    for name in sorted({*store.graphs(links=True), *now, *told}):
        found = graph(name)
        if name in told and digest(found) != told[name][0]:
            raise _unfit(store, told[name][1])
        node = NamedNode(name)
        yield from (Quad(t.subject, t.predicate, t.object, node) for t in found)
        now.pop(name, None)


def _build(store: Store, step: Step) -> PastBuild:
    counts = {"added": 0, "replaced": 0, "removed": 0}
    for name, (before, after) in step.net().items():
        if name.startswith(store.base + _SOURCES) and (before or after):
            counts["added" if not before else "replaced" if after else "removed"] += 1
    return PastBuild(
        step.number, step.time, step.version, size=step.path.stat().st_size, interrupted=not step.ended, **counts
    )


def _moment(words: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(words)
    except ValueError:
        return None
    if re.fullmatch(r"\d{4}-\d\d-\d\d|\d{8}", words):  # the whole day
        moment = datetime.combine(moment.date(), time()) + timedelta(days=1, microseconds=-1)
    return moment.astimezone(UTC)


def _unfit(store: Store, step: Step) -> StoreError:
    return StoreError(
        f"{store.path}：改动历史与库里的内容对不上（第 {step.number} 次建库前后，可能有不记历史的程序改过库），"
        "无法还原；可用 kg builds --forget 从头记起",
        f"{store.path}: the history does not fit what the store holds (around build {step.number}; "
        "a program that keeps no history may have changed it), so it cannot be gone back; "
        "kg builds --forget starts afresh",
    )
