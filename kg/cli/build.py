"""``kg build``: read files and folders into a store."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.cli import llm as llm_options
from kg.cli.options import (
    STORE,
    find_decisions,
    make_lang_option,
    make_store_option,
    open_errors,
    open_output,
    print_error,
)
from kg.cli.progress import show_progress
from kg.cli.texts import build_help, get_language, get_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from kg.cli.progress import BuildProgress
    from kg.ingest.cluster import Cluster
    from kg.ingest.report import BuildReport
    from kg.join import JoinSummary
    from kg.read import CleanReport, FoundSource

_MOST_GAPS = 10
"""How many sources with unrecognised parts are listed."""
_MOST_MOVES = 20
"""How many missing, moved or identical sources are listed."""
_ENGINES = ("processes", "dask")
_MOST_UNAPPLIED = 20
"""How many decisions that could not be applied are listed."""


def _make_option(name: str, metavar: str) -> Any:
    return typer.Option(f"--{name}", metavar=metavar, help=get_text(f"build.{name}"))


def register(app: typer.Typer) -> None:
    """Add ``kg build`` to *app*."""

    @app.command("build", help=build_help("build"))
    def command(
        paths: Annotated[list[str], typer.Argument(metavar="PATH...", help=get_text("build.paths"))],
        store: Annotated[str, make_store_option()] = STORE,
        workers: Annotated[int | None, typer.Option("--workers", metavar="N", help=get_text("build.workers"))] = None,
        base: Annotated[str | None, typer.Option("--base", metavar="IRI", help=get_text("build.base"))] = None,
        lexicon: Annotated[str, typer.Option("--lexicon", metavar="DIR", help=get_text("build.lexicon"))] = "",
        model: Annotated[str, typer.Option("--model", metavar="DIR", help=get_text("build.model"))] = "",
        allow_private: Annotated[bool, typer.Option("--allow-private", help=get_text("build.allow_private"))] = False,
        force: Annotated[bool, typer.Option("--force", help=get_text("build.force"))] = False,
        prune: Annotated[bool, typer.Option("--prune", help=get_text("build.prune"))] = False,
        engine: Annotated[str, _make_option("engine", "processes|dask")] = _ENGINES[0],
        scheduler: Annotated[str, _make_option("scheduler", "ADDRESS")] = "",
        shared: Annotated[str, _make_option("shared", "DIR")] = "",
        verbose: Annotated[bool, typer.Option("--verbose", help=get_text("build.verbose"))] = False,
        llm: Annotated[str, llm_options.make_option("llm", "URL")] = "",
        llm_model: Annotated[str, llm_options.make_option("llm-model", "NAME")] = "",
        llm_key_env: Annotated[str, llm_options.make_option("llm-key-env", "VAR")] = "",
        llm_cache: Annotated[str, llm_options.make_option("llm-cache", "DIR")] = "",
        llm_mode: Annotated[str, llm_options.make_option("llm-mode", "review|add|off")] = "review",
        llm_checks: Annotated[str, llm_options.make_option("llm-checks", "FILE")] = llm_options.CHECKS_FILE,
        llm_redact: Annotated[bool, llm_options.make_redact_option()] = False,
        llm_timeout: Annotated[float, llm_options.make_option("llm-timeout", "SECONDS")] = llm_options.TIMEOUT,
        llm_jobs: Annotated[int, llm_options.make_option("llm-jobs", "N")] = llm_options.JOBS,
        llm_limit: Annotated[int, llm_options.make_option("llm-limit", "TOKENS")] = llm_options.LIMIT,
        llm_prices: Annotated[str, llm_options.make_option("llm-prices", "IN,OUT")] = "",
        decisions: Annotated[
            str | None, typer.Option("--decisions", metavar="FILE", help=get_text("build.decisions"))
        ] = None,
        lang: Annotated[str | None, make_lang_option()] = None,
    ) -> int:
        from kg.ingest.build import build

        options = {
            "url": llm, "model": llm_model, "key_env": llm_key_env, "cache": llm_cache, "mode": llm_mode,
            "checks": llm_checks, "redact": llm_redact, "timeout": llm_timeout, "jobs": llm_jobs,
        }  # fmt: skip
        settings, prices = llm_options.read_settings(options, store), llm_options.read_prices(llm_prices)
        approve = llm_options.make_approval(lexicon, settings, llm_limit) if settings else None
        with show_progress() if open_errors().is_terminal else nullcontext() as progress:
            report = build(
                paths, store, workers=workers, base=base, lexicon_dir=lexicon, model=model, llm=settings, llm_limit=0,
                allow_private=allow_private, decisions=find_decisions(decisions), force=force, prune=prune,
                cluster=_choose_cluster(engine, scheduler, shared), progress=progress,
                approve=_make_approval(approve, progress),
            )  # fmt: skip
        if report.built or report.unchanged or report.dropped:
            _print_report(report, store, verbose)
        asked = report.llm if report.built else None
        shortfall = llm_options.print_report(asked, prices, verbose=verbose) if asked else None
        errors = [failed.error for failed in report.failed] + ([shortfall] if shortfall else [])
        for error in errors:
            print_error(error)
        return errors[0].exit_code if errors else 0


def _choose_cluster(engine: str, scheduler: str, shared: str) -> "Cluster | None":
    """Return the cluster that the options name; None for the processes of this machine."""
    from kg.cli import make_error
    from kg.errors import UsageError, check_choice

    if check_choice(engine, _ENGINES) == "dask":
        from kg.ingest.cluster import Cluster

        return Cluster(scheduler, shared)
    if scheduler or shared:
        raise make_error(UsageError, "build.needs_engine")
    return None


def _make_approval(
    approve: "Callable[[Sequence[FoundSource]], None] | None", progress: "BuildProgress | None"
) -> "Callable[[Sequence[FoundSource]], None]":
    """Return what is called with the sources before they are read."""

    def begin(sources: "Sequence[FoundSource]") -> None:
        if approve is not None:
            approve(sources)
        if progress is not None:
            progress.expect(sources)

    return begin


def _print_report(report: "BuildReport", store: str, verbose: bool) -> None:
    open_output().print(_make_table(report))
    _print_moves(report)
    if verbose:
        _print_cleaning(report)
    _print_gaps(report)
    _print_unapplied(report)
    if report.joined:
        _print_joined(report.joined)
    key = "build.done_again" if report.unchanged else "build.done"
    counts = {"sources": len(report.built), "unchanged": len(report.unchanged), "seconds": f"{report.seconds:.1f}"}
    open_output().print(get_text(key, **counts, store=store), markup=False)


def _make_table(report: "BuildReport") -> "Table":
    from rich.table import Table

    from ontology.labels import name_class

    table = Table(get_text("build.column_class"), title=get_text("build.title"), caption=get_text("build.counted"))
    table.add_column(get_text("build.column_count"), justify="right")
    table.add_row(get_text("build.sources"), str(len(report.sources)))
    for key, number in (
        ("kept", len(report.unchanged)),
        ("replaced", sum(source.changed for source in report.built if source.replaced)),
        ("unchanged", sum(not source.changed for source in report.built)),
    ):
        if number:
            table.add_row(f"  {get_text(f'build.{key}')}", str(number))
    for kind, count in sorted(report.counts.items(), key=lambda item: (-item[1], item[0])):
        label = get_text("build.statements") if kind == "statement" else name_class(kind, get_language())
        table.add_row(label, str(count))
    table.add_row(get_text("build.quads"), str(report.quads))
    table.add_row(get_text("build.omitted"), str(sum(source.omitted for source in report.sources)))
    table.add_section()
    table.add_row(get_text("build.skipped"), str(len(report.skipped)))
    table.add_row(get_text("build.failed"), str(len(report.failed)))
    if report.dropped:
        table.add_row(get_text("build.dropped"), str(len(report.dropped)))
    if report.joined:
        _add_joined_rows(table, report.joined)
    return table


def _add_joined_rows(table: "Table", joined: "JoinSummary") -> None:
    """Add a row for each state of the replies and for each kind of connection between files."""
    from ontology.labels import name_value

    table.add_section()
    for state, count in joined.states.items():
        table.add_row(get_text("build.state", state=name_value(state, get_language())), str(count))
    for name in ("replies", "answers", "doubles"):
        if count := getattr(joined, name):
            table.add_row(get_text(f"build.joined_{name}"), str(count))


def _print_moves(report: "BuildReport") -> None:
    """Print the sources that are missing, were moved, or have the same content as another."""
    old = {pair.old for pair in report.moved}
    given = {*report.gone, *report.dropped}
    moved = [
        get_text("build.moved" if pair.old in given else "build.moved_kept", old=pair.old, new=pair.new)
        for pair in report.moved
    ]
    for key, lines in (
        ("build.moved_list", moved),
        ("build.dropped_list", [name for name in report.dropped if name not in old]),
        ("build.gone_list", report.gone),
        ("build.duplicates", [" = ".join(names) for names in report.duplicates]),
    ):
        if lines:
            open_output().print(get_text(key), markup=False)
            _print_lines(lines, _MOST_MOVES, "build.more")


def _print_cleaning(report: "BuildReport") -> None:
    """Print for each source that was read what cleaning its text left out or repaired."""
    out = open_output()
    out.print(get_text("build.cleaned"), markup=False)
    for source in report.built:
        out.print(f"  {source.source}: {_describe_cleaning(source.cleaned)}", markup=False)


def _describe_cleaning(report: "CleanReport") -> str:
    phrases = [get_text(f"clean.{what}", n=times) for what, times in report.changes.items()]
    if report.encoding:
        phrases.insert(0, get_text("clean.encoding", n=report.encoding))
    return "; ".join(phrases) or get_text("clean.nothing")


def _print_gaps(report: "BuildReport") -> None:
    """Print the sources of which a part was not recognised."""
    out = open_output()
    sources = [source for source in report.sources if source.gaps]
    if sources:
        out.print(get_text("build.gaps", n=len(sources)), markup=False)
    for source in sources[:_MOST_GAPS]:
        phrases = "; ".join(get_text(f"gap.{gap.partition(':')[0]}", id=gap.partition(":")[2]) for gap in source.gaps)
        out.print(f"  {source.source}: {phrases}", markup=False)
    if len(sources) > _MOST_GAPS:
        out.print(f"  {get_text('build.more', n=len(sources) - _MOST_GAPS)}", markup=False)


def _print_unapplied(report: "BuildReport") -> None:
    """Print the decisions that could not be applied, each with the reason."""
    if not report.unapplied:
        return
    from kg.review.wording import describe_decision

    open_output().print(get_text("build.unapplied", n=len(report.unapplied)), markup=False)
    lines = [
        f"{describe_decision(left.decision, get_language())} — {get_text(f'decisions.{left.reason.value}')}"
        for left in report.unapplied
    ]
    _print_lines(lines, _MOST_UNAPPLIED, "review.more")


def _print_joined(joined: "JoinSummary") -> None:
    """Print the proposals that may be one of several, and those whose reply file could not be read."""
    ambiguous = [
        get_text("build.ambiguous_one", name=proposal.name, names="、".join(proposal.candidates))
        for proposal in joined.ambiguous
    ]
    unreadable = [f"{name}: {'、'.join(files)}" for name, files in joined.unreadable]
    for key, lines in (("build.ambiguous", ambiguous), ("build.unreadable", unreadable)):
        if lines:
            open_output().print(get_text(key, n=len(lines)), markup=False)
            _print_lines(lines, _MOST_GAPS, "build.more_proposals")


def _print_lines(lines: "Sequence[str]", limit: int, more: str) -> None:
    """Print the first *limit* of *lines*, and with the text of *more* how many follow."""
    out = open_output()
    for line in lines[:limit]:
        out.print(f"  {line}", markup=False, soft_wrap=True)
    if len(lines) > limit:
        out.print(f"  {get_text(more, n=len(lines) - limit)}", markup=False)
