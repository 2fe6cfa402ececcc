"""Build a store: read and extract each source, and store its facts as one named graph.

A source that cannot be read is reported and left out; it never stops a build. A graph depends on its own source alone,
so that any number of processes gives the same result. A source that the store already has, as it would be made now, is
not read again (``kg.ingest.fingerprint``).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import RdfFormat, parse

from kg import read
from kg.errors import KgError, UsageError
from kg.ingest.fingerprint import GraphFingerprints
from kg.ingest.inputs import BuildInputs, read_inputs
from kg.ingest.log import BuildActivity
from kg.ingest.plan import BuildPlan, PlannedSource, compare_listing, plan_build
from kg.ingest.pool import choose_workers, process_sources
from kg.ingest.report import BuildReport, BuiltSource, FailedSource, decode_findings, encode_findings
from kg.ingest.session import BuildSession
from kg.ingest.worker import SourceResult, process_source
from kg.rdf import iri
from kg.rdf.identifiers import make_context_iri
from kg.store.endpoint import name_folder
from kg.store.store import DEFAULT, Store

if TYPE_CHECKING:
    from extract.corrections.model import Unapplied
    from extract.llm.report import LlmReport
    from extract.llm.settings import LlmSettings
    from kg.ingest.cluster import Cluster
    from kg.join import JoinSummary

BuildProgress = Callable[[int, int, str], None]
"""Called after each source with the number of sources done, the number of all sources, and the id of the source."""


def build(
    paths: Iterable[str | os.PathLike[str]] | str | os.PathLike[str],
    store: str | os.PathLike[str] = DEFAULT,
    *,
    workers: int | None = None,
    base: str | None = None,
    lexicon_dir: str | os.PathLike[str] = "",
    model: str | os.PathLike[str] = "",
    llm: LlmSettings | None = None,
    llm_limit: int = 2_000_000,
    decisions: str | os.PathLike[str] = "",
    allow_private: bool = False,
    force: bool = False,
    prune: bool = False,
    cluster: Cluster | None = None,
    progress: BuildProgress | None = None,
    approve: Callable[[Sequence[read.FoundSource]], None] | None = None,
) -> BuildReport:
    """Read files and folders into a store.

    A source that the store already has from the same bytes and with the same settings is not read again.

    Args:
        paths: files, folders and addresses; ``-`` is standard input.
        store: the folder of the store, made when the first source is ready, or the address of a SPARQL 1.1 server.
        workers: number of processes that extract. None: one for each core, but only this one for a few sources.
        base: what IRIs begin with. A store keeps the base that it was made with.
        lexicon_dir: a folder of your own lexicons, in addition to the built-in ones.
        model: the folder of a model made by ``kg train``. It proposes mentions in addition to the rules.
        llm: a language model that reads in addition to the rules (``extract.llm``). Without it nothing is sent.
        llm_limit: how many tokens may be sent, as estimated before anything is sent; 0 for any number.
        decisions: a file of decisions made by ``kg review --apply``, which are applied.
        allow_private: fetch addresses in private networks, too.
        force: read all sources, changed or not.
        prune: remove from the store what was read from *paths* before and is no longer there (``kg.ingest.plan``).
        cluster: read on the workers of a Dask cluster (``kg.ingest.cluster``). None: on this machine.
        progress: called after each source that is read.
        approve: called once with the sources that are about to be read. What it raises ends the build.

    Raises:
        SourceError: a path does not exist, or a folder has nothing to read.
        StoreError: the store is in use or damaged.
        UsageError: an argument has a wrong value, or does not fit the store; or more than *llm_limit* would be sent.
    """
    started = datetime.now(UTC)
    _check_options(workers, base)
    if cluster is not None:
        lexicon_dir, model, decisions = _resolve_for_cluster(lexicon_dir, model, decisions, llm)
    inputs = read_inputs(lexicon_dir, model, llm, decisions)
    listing = read.find_sources([paths] if isinstance(paths, str | os.PathLike) else paths, allow_private=allow_private)
    with ExitStack() as stack:
        session = BuildSession(stack, os.fspath(store), base, BuildActivity(started, inputs))
        fingerprints = GraphFingerprints(session.base, inputs)
        plan = plan_build(listing.files, fingerprints, session.records, session.stored, force=force)
        _approve(plan, approve, llm, llm_limit, str(lexicon_dir))
        running = _RunningBuild(session, inputs, listing, plan)
        with running.open_results(workers, cluster, Path(name_folder(store))) as results:
            running.store_results(results, progress)
        running.keep_unchanged()
        return running.finish(prune=prune)


def _check_options(workers: int | None, base: str | None) -> None:
    if workers is not None and workers < 1:
        raise UsageError(f"--workers {workers}：至少为 1", f"--workers {workers}: must be at least 1")
    if base is not None:
        iri.check_base(base)


def _approve(
    plan: BuildPlan, approve: Callable[[Sequence[read.FoundSource]], None] | None, llm: LlmSettings | None,
    llm_limit: int, lexicon_dir: str,
) -> None:  # fmt: skip
    """Check the limit of what is sent to a language model, and ask whether to read what the plan reads."""
    to_read = [source.found for source in plan.to_read]
    if llm is not None:
        from kg.ingest.llm_estimate import check_limit

        check_limit(to_read, llm_limit, lexicon_dir, llm)
    if approve is not None:
        approve(to_read)


def _resolve_for_cluster(
    lexicon_dir: str | os.PathLike[str], model: str | os.PathLike[str], decisions: str | os.PathLike[str],
    llm: LlmSettings | None,
) -> list[str]:  # fmt: skip
    """Return the full paths of what a build uses: workers have other working folders.

    Raises:
        UsageError: there is a language model, whose answers are kept on one machine.
    """
    if llm is not None:
        raise UsageError(
            "--engine dask 不能与 --llm 同用：大模型的回答保存在一台机器上",
            "--engine dask and --llm exclude each other: answers are kept on one machine",
        )
    return [str(Path(path).absolute()) if str(path) else "" for path in (lexicon_dir, model, decisions)]


def remove(source: str, store: Store, *, lexicon_dir: str | os.PathLike[str] = "") -> None:
    """Remove a source from *store* with everything that only it says, or the record of a file that could not be read.

    The letters of the other sources are matched with each other again.

    Args:
        source: id of the source.
        store: a store that is open for writing.
        lexicon_dir: the folder of the user's lexicons that the store was built with.

    Raises:
        NotFoundError: the store has no such source.
    """
    from kg.errors import NotFoundError
    from kg.join.graph import invalidate_links, join_letters, read_links_digest

    graph = store.list_sources().get(source) or make_context_iri(source, store.base)
    if not store.has_graph(graph):
        if not read_links_digest(store) and _was_removed_last(graph, store):
            join_letters(store, lexicon_dir=str(lexicon_dir))  # the removal was killed before it did this
            store.flush()
            return
        raise NotFoundError(
            f"{source}：库里没有这个来源（用 kg sources 查看）", f"{source}: no such source (see kg sources)"
        )
    invalidate_links(store)
    store.remove_graph(graph)
    join_letters(store, lexicon_dir=str(lexicon_dir))
    store.flush()


def _was_removed_last(graph: str, store: Store) -> bool:
    """Return whether the last change of *store* removed *graph*, as far as the history is kept."""
    steps = store.history.read_steps()
    return any(entry.graph == graph and not entry.after for entry in steps[-1].entries) if steps else False


class _RunningBuild:
    """One build while it runs, with what it has read so far."""

    def __init__(
        self, session: BuildSession, inputs: BuildInputs, listing: read.SourceListing, plan: BuildPlan
    ) -> None:
        self._session, self._inputs, self._listing, self._plan = session, inputs, listing, plan
        self._built: dict[str, BuiltSource] = {}
        self._unchanged: dict[str, BuiltSource] = {}
        self._failed: list[tuple[read.FoundSource | read.UnreadableSource, KgError]] = [
            (lost, lost.error) for lost in listing.unreadable
        ]
        self._llm_reports: list[LlmReport] = []
        self._unapplied: list[tuple[str, tuple[Unapplied, ...]]] = []

    @contextmanager
    def open_results(
        self, workers: int | None, cluster: Cluster | None, path: Path
    ) -> Iterator[Iterable[SourceResult]]:
        """Give the results of the sources that the plan says must be read, in order.

        Args:
            workers: number of processes.
            cluster: the cluster that reads them; None for this machine.
            path: the folder of the store.
        """
        sources = self._plan.to_read
        process = partial(process_source, base=self._session.base, inputs=self._inputs)
        if cluster is None or not sources:
            found = [source.found for source in sources]
            yield process_sources(process, found, choose_workers(len(found), workers))
            return
        from kg.ingest.cluster import open_cluster

        with open_cluster(cluster, path, process, len(sources), workers) as run:
            yield run.process(sources)

    def store_results(self, results: Iterable[SourceResult], progress: BuildProgress | None) -> None:
        """Store the results of the sources that the plan says must be read."""
        sources = self._plan.to_read
        for number, (source, result) in enumerate(zip(sources, results, strict=True), 1):
            if result.llm is not None:
                self._llm_reports.append(result.llm)
            if result.error is not None:
                self._failed.append((source.found, result.error))
            else:
                self._built[source.found.id] = self._store_result(source, result)
                self._unapplied.append((source.found.id, result.unapplied))
            if progress:
                progress(number, len(sources), source.found.id)
        self._session.store_waiting()
        if self._session.store is not None:
            self._session.store.flush()

    def keep_unchanged(self) -> None:
        """Take over the findings of the sources that need not be read again."""
        for source in self._plan.unchanged:
            record = self._session.renew_record(source)
            built, unapplied = decode_findings(record.source, self._session.stored[record.source], record.findings)
            self._unchanged[source.found.id] = built
            self._unapplied.append((source.found.id, unapplied))

    def finish(self, *, prune: bool) -> BuildReport:
        """Record failures, remove missing sources if *prune* says so, join letters, and return the report."""
        session = self._session
        session.record_failures(self._failed)
        session.forget_failures(self._listing.roots, {what.id for what, _ in self._failed})
        current = [*(source for source in self._plan.to_read if source.found.id in self._built), *self._plan.unchanged]
        changes = compare_listing(self._listing, current, session.records, session.stored, self._built)
        dropped = changes.removable if prune else ()
        session.drop_sources(dropped)
        changed = [built.graph for built in self._built.values() if built.changed]
        ended = datetime.now(UTC)
        session.finish_log(changed, len(self._built), ended)
        joined = self._join_letters(changed=bool(dropped or changed))
        session.finish(len(self._built))
        return BuildReport(
            built=tuple(self._built.values()),
            failed=tuple(FailedSource(what.where, error, what.id) for what, error in self._failed),
            skipped=tuple(map(str, self._listing.skipped)),
            seconds=(ended - session.activity.started).total_seconds(),
            llm=self._sum_llm_reports(),
            unapplied=self._find_unapplied(),
            joined=joined,
            unchanged=tuple(self._unchanged.values()),
            gone=tuple(source for source in changes.gone if source not in dropped),
            dropped=dropped,
            moved=changes.moved,
            duplicates=changes.duplicates,
        )

    def _store_result(self, source: PlannedSource, result: SourceResult) -> BuiltSource:
        graph = list(parse(result.nquads, format=RdfFormat.N_QUADS))
        built = BuiltSource(
            source.found.id, result.graph, len(graph), result.counts or {}, result.gaps,
            changed=True, cleaned=result.cleaned, omitted=result.omitted,
            replaced=source.found.id in self._session.stored,
        )  # fmt: skip
        # A source whose result is incomplete is read again in the next build.
        complete = result.intact and (result.llm is None or result.llm.complete) and not result.cleaned.unfinished
        findings = encode_findings(built, result.unapplied)
        changed = self._session.store_graph(
            source, graph, result.sha256, result.media_type, findings, complete=complete
        )
        return replace(built, changed=changed)

    def _join_letters(self, *, changed: bool) -> JoinSummary | None:
        """Match the letters of all sources with each other, and flush the store to disk, if there is one."""
        from kg.join import join_letters

        store = self._session.store
        if store is None:
            return None
        summary = join_letters(store, lexicon_dir=self._inputs.lexicon_dir, changed=changed)
        store.flush()
        return summary

    def _find_unapplied(self) -> tuple[Unapplied, ...]:
        """Return the decisions that changed nothing."""
        decisions_file, store = self._inputs.decisions_file, self._session.store
        if decisions_file is None or store is None:
            return ()
        from kg.review.decisions import find_unapplied

        return find_unapplied(decisions_file.decisions, self._unapplied, store.list_sources())

    def _sum_llm_reports(self) -> LlmReport | None:
        if self._inputs.llm is None:
            return None
        from extract.llm.report import sum_reports

        return sum_reports(self._llm_reports)
