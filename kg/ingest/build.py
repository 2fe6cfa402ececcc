"""Files in, a store out: each file is read, extracted and put into the store as one named graph.

A file that cannot be read is reported and left out; it never stops a build. Files go through any number of processes
with the same result, because a graph depends on its own source alone. One that is in the store already, as it would be
made now (``kg.ingest.fingerprint``), is not read again.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import RdfFormat, parse

from kg import read
from kg.errors import KgError, SourceError, UsageError
from kg.ingest.fingerprint import Keys
from kg.ingest.inputs import Inputs, inputs
from kg.ingest.log import Activity
from kg.ingest.plan import Item, compare, plan
from kg.ingest.report import BuildReport, Built, Failed, decode_findings, encode_findings
from kg.ingest.session import Keeper
from kg.ingest.worker import SourceResult, process_source
from kg.rdf import iri
from kg.rdf.identifiers import context_iri
from kg.store.store import DEFAULT, Store

if TYPE_CHECKING:
    from extract.corrections.model import Unapplied
    from extract.llm.report import Report
    from extract.llm.settings import LlmSettings
    from kg.join import Joined
    from kg.review.decided import Decided

Progress = Callable[[int, int, str], None]
"""Called with files done, files in all, and the id of the one just done."""


def build(
    paths: Iterable[str | os.PathLike[str]] | str | os.PathLike[str],
    store: str | os.PathLike[str] = DEFAULT,
    *,
    workers: int = 1,
    base: str | None = None,
    lexicon_dir: str | os.PathLike[str] = "",
    model: str | os.PathLike[str] = "",
    llm: LlmSettings | None = None,
    decisions: str | os.PathLike[str] = "",
    allow_private: bool = False,
    force: bool = False,
    prune: bool = False,
    progress: Progress | None = None,
) -> BuildReport:
    """Read files and folders into a store. What it has already, from the same bytes and settings, is not read again.

    Args:
        paths: files, folders, addresses; ``-`` is standard input.
        store: the folder of the store; made when the first source is ready for it.
        workers: processes that extract at the same time.
        base: what IRIs begin with; a store keeps the base it was made with.
        lexicon_dir: a folder of your own lexicons, laid over the project's.
        model: the folder of a model that ``kg train`` made: it proposes mentions beside the rules.
        llm: a language model to read beside the rules (``extract.llm``); without it nothing is ever sent anywhere.
        decisions: a file of decisions that ``kg review --apply`` made: they are honoured.
        allow_private: fetch addresses of private networks, too.
        force: read all sources, changed or not.
        prune: take out of the store what was read from *paths* before and is not there any more (``kg.ingest.plan``).
        progress: called after each source that is read.

    Raises:
        SourceError: a path that is not there, or nothing readable in a folder.
        StoreError, UsageError: the store or an argument does not fit.
    """
    started = datetime.now(UTC)
    if workers < 1:
        raise UsageError(f"--workers {workers}：至少为 1", f"--workers {workers}: must be at least 1")
    if base is not None:
        iri.checked_base(base)
    given = inputs(lexicon_dir, model, llm, decisions)
    one = isinstance(paths, str | os.PathLike)
    listing = read.find([paths] if one else paths, allow_private=allow_private)  # type: ignore[list-item, arg-type]
    built: dict[str, Built] = {}
    failed: list[tuple[read.Found | read.Lost, KgError]] = [(lost, lost.error) for lost in listing.lost]
    asked: list[Report] = []
    left: list[tuple[str, tuple[Unapplied, ...]]] = []
    with ExitStack() as stack:
        kept = Keeper(stack, Path(store), base, Activity(started, given))
        keys = Keys(kept.base, given)
        todo, unchanged = plan(listing.files, keys, kept.records, kept.stored, force=force)
        work = partial(process_source, base=kept.base, inputs=given)
        for number, (item, done) in enumerate(zip(todo, _each(work, todo, workers), strict=True), 1):
            if done.llm is not None:
                asked.append(done.llm)
            if done.error is not None:
                failed.append((item.found, done.error))
            else:
                built[item.found.id] = _keep(kept, item, done)
                left.append((item.found.id, done.unapplied))
            if progress:
                progress(number, len(todo), item.found.id)
        same = {item.found.id: _again(kept, item) for item in unchanged}
        left += [(name, decisions_left) for name, (_, decisions_left) in same.items()]
        kept.fail(failed)
        kept.forget_failures(listing.roots, (what.id for what, _ in failed))
        good = [*(item for item in todo if item.found.id in built), *unchanged]
        news = compare(listing, good, kept.records, kept.stored, built)
        dropped = news.outlived if prune else ()
        kept.drop(dropped)
        ended = datetime.now(UTC)
        kept.end((b.graph for b in built.values() if b.changed), len(built), ended)
        joined = _join(kept.store, given, changed=bool(dropped) or any(b.changed for b in built.values()))
        unapplied = _unapplied(given.decided, left, kept.store)
    return BuildReport(
        tuple(built.values()), tuple(Failed(what.where, error, what.id) for what, error in failed),
        tuple(map(str, listing.skipped)), (ended - started).total_seconds(), _sum(asked, llm), unapplied, joined,
        tuple(one for one, _ in same.values()), tuple(g for g in news.gone if g not in dropped), dropped,
        news.moved, news.duplicates,
    )  # fmt: skip


def remove(source: str, store: Store, *, lexicon_dir: str | os.PathLike[str] = "") -> None:
    """Take a source out of *store*, with all that only it says; or forget a file that could not be read.

    Args:
        source: its id.
        store: an open store that can be written to.
        lexicon_dir: the user's lexicon folder that the store was built with: letters left are joined anew.

    Raises:
        NotFoundError: the store has no such source.
    """
    from kg.errors import NotFoundError
    from kg.join.graph import invalidate_links, join

    graph = store.sources().get(source) or context_iri(source, store.base)
    if not store.has(graph):
        raise NotFoundError(
            f"{source}：库里没有这个来源（用 kg sources 查看）", f"{source}: no such source (see kg sources)"
        )
    invalidate_links(store)
    store.remove(graph)
    join(store, lexicon_dir=str(lexicon_dir))
    store.flush()


def _join(store: Store | None, given: Inputs, *, changed: bool) -> Joined | None:
    """Join the letters of the store anew, if there is one."""
    from kg.join import join

    if store is None:
        return None
    found = join(store, lexicon_dir=given.lexicon_dir, changed=changed)
    store.flush()
    return found


def _keep(kept: Keeper, item: Item, done: SourceResult) -> Built:
    """Put into the store what was made of a source."""
    graph = list(parse(done.nquads, format=RdfFormat.N_QUADS))
    built = Built(
        item.found.id, done.graph, len(graph), done.counts or {}, done.gaps, True, done.cleaned, done.omitted,
        item.found.id in kept.stored,
    )  # fmt: skip
    # what has no answer yet is asked again
    settled = done.intact and (done.llm is None or done.llm.complete) and not done.cleaned.unfinished
    told = encode_findings(built, done.unapplied)
    return replace(built, changed=kept.put(item, graph, done.sha256, done.media_type, told, settled=settled))


def _again(kept: Keeper, item: Item) -> tuple[Built, tuple[Unapplied, ...]]:
    """What is to be told of a source that need not be read again."""
    record = kept.found_again(item)
    return decode_findings(record.source, kept.stored[record.source], record.findings)


def _each(work: Callable[[read.Found], SourceResult], items: tuple[Item, ...], workers: int) -> Iterator[SourceResult]:
    files = [item.found for item in items]
    if workers == 1 or len(files) < 2:
        yield from map(work, files)
        return
    # spawn: a process with an open store and its threads must not be forked
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(workers, len(files)), mp_context=context) as pool:
        try:
            yield from pool.map(work, files)
        except BrokenProcessPool as error:
            raise SourceError(
                "一个处理进程意外结束（可能内存不足）；请用 --workers 1 重试",
                "a worker process died (out of memory?); try again with --workers 1",
            ) from error


def _unapplied(
    decided: Decided | None, left: list[tuple[str, tuple[Unapplied, ...]]], store: Store | None
) -> tuple[Unapplied, ...]:
    """Decisions that changed nothing."""
    if decided is None or store is None:
        return ()
    from kg.review.decided import unapplied

    return unapplied(decided.decisions, left, store.sources())


def _sum(asked: list[Report], llm: LlmSettings | None) -> Report | None:
    if llm is None:
        return None
    from extract.llm.report import total

    return total(asked)
