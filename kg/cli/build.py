"""``kg build``"""

from collections.abc import Callable
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli import llm as llm_options
from kg.cli.options import STORE, console, decisions_of, errors, lang_option, store_option
from kg.cli.texts import help_of, language, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.table import Table

    from kg.ingest.report import BuildReport
    from kg.join import Joined
    from kg.read import CleanReport

_MOST_GAPS = 10
"""Sources with gaps that are listed."""
_MOST_MOVES = 20
"""Sources that are gone, moved or the same that are listed."""
_MOST_UNAPPLIED = 20
"""Decisions that did not apply that are listed."""


def register(app: typer.Typer) -> None:
    @app.command("build", help=help_of("build"))
    def command(
        paths: Annotated[list[str], typer.Argument(metavar="PATH...", help=say("build.paths"))],
        store: Annotated[str, store_option()] = STORE,
        workers: Annotated[int, typer.Option("--workers", metavar="N", help=say("build.workers"))] = 1,
        base: Annotated[str | None, typer.Option("--base", metavar="IRI", help=say("build.base"))] = None,
        lexicon: Annotated[str, typer.Option("--lexicon", metavar="DIR", help=say("build.lexicon"))] = "",
        model: Annotated[str, typer.Option("--model", metavar="DIR", help=say("build.model"))] = "",
        allow_private: Annotated[bool, typer.Option("--allow-private", help=say("build.allow_private"))] = False,
        force: Annotated[bool, typer.Option("--force", help=say("build.force"))] = False,
        prune: Annotated[bool, typer.Option("--prune", help=say("build.prune"))] = False,
        verbose: Annotated[bool, typer.Option("--verbose", help=say("build.verbose"))] = False,
        llm: Annotated[str, llm_options.option("llm", "URL")] = "",
        llm_model: Annotated[str, llm_options.option("llm-model", "NAME")] = "",
        llm_key_env: Annotated[str, llm_options.option("llm-key-env", "VAR")] = "",
        llm_cache: Annotated[str, llm_options.option("llm-cache", "DIR")] = "",
        decisions: Annotated[
            str | None, typer.Option("--decisions", metavar="FILE", help=say("build.decisions"))
        ] = None,
        lang: Annotated[str | None, lang_option()] = None,
    ) -> int:
        from kg.ingest.build import build

        asked = llm_options.chosen(llm, llm_model, llm_key_env, llm_cache, store)
        with _bar() if errors().is_terminal else nullcontext() as progress:
            report = build(
                paths, store, workers=workers, base=base, lexicon_dir=lexicon, model=model, llm=asked,
                allow_private=allow_private, decisions=decisions_of(decisions), force=force, prune=prune,
                progress=progress,
            )  # fmt: skip
        if report.built or report.unchanged or report.dropped:
            _print(report, store, verbose)
        unread = llm_options.show(report.llm) if report.llm and report.built else None
        for failed in report.failed:
            errors().print(say("app.error", message=failed.error.message(language())), markup=False)
        if unread:
            errors().print(say("app.error", message=unread.message(language())), markup=False)
        return report.failed[0].error.exit_code if report.failed else unread.exit_code if unread else 0


@contextmanager
def _bar() -> "Iterator[Callable[[int, int, str], None]]":
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=errors(), transient=True) as bar:
        task = bar.add_task(say("build.progress"), total=None)
        yield lambda done, total, name: bar.update(task, completed=done, total=total)


def _print(report: "BuildReport", store: str, verbose: bool) -> None:
    from rich.table import Table

    from ontology.labels import name_class

    out = console()
    table = Table(say("build.column_class"), title=say("build.title"))
    table.add_column(say("build.column_count"), justify="right")
    table.add_row(say("build.sources"), str(len(report.sources)))
    for key, number in (
        ("kept", len(report.unchanged)),
        ("replaced", sum(b.changed for b in report.built if b.replaced)),
        ("unchanged", sum(not b.changed for b in report.built)),
    ):
        if number:
            table.add_row(f"  {say(f'build.{key}')}", str(number))
    for kind, count in sorted(report.counts.items(), key=lambda item: (-item[1], item[0])):
        table.add_row(say("build.statements") if kind == "statement" else name_class(kind, language()), str(count))
    table.add_row(say("build.quads"), str(report.quads))
    table.add_row(say("build.omitted"), str(sum(b.omitted for b in report.sources)))
    table.add_section()
    table.add_row(say("build.skipped"), str(len(report.skipped)))
    table.add_row(say("build.failed"), str(len(report.failed)))
    if report.dropped:
        table.add_row(say("build.dropped"), str(len(report.dropped)))
    if report.joined:
        _joined_rows(table, report.joined)
    out.print(table)
    _print_moves(report)
    if verbose:
        out.print(say("build.cleaned"), markup=False)
        for one in report.built:
            out.print(f"  {one.source}: {_cleaned(one.cleaned)}", markup=False)
    gaps = [b for b in report.sources if b.gaps]
    if gaps:
        out.print(say("build.gaps", n=len(gaps)), markup=False)
        for one in gaps[:_MOST_GAPS]:
            said = "; ".join(say(f"gap.{g.partition(':')[0]}", id=g.partition(":")[2]) for g in one.gaps)
            out.print(f"  {one.source}: {said}", markup=False)
        if len(gaps) > _MOST_GAPS:
            out.print(f"  {say('build.more', n=len(gaps) - _MOST_GAPS)}", markup=False)
    if report.unapplied:
        from kg.review.words import describe

        out.print(say("build.unapplied", n=len(report.unapplied)), markup=False)
        for left in report.unapplied[:_MOST_UNAPPLIED]:
            why = say(f"decisions.{left.reason.value}")
            out.print(f"  {describe(left.decision, language())} — {why}", markup=False, soft_wrap=True)
        if len(report.unapplied) > _MOST_UNAPPLIED:
            out.print(f"  {say('review.more', n=len(report.unapplied) - _MOST_UNAPPLIED)}", markup=False)
    if report.joined:
        _joined_lists(report.joined)
    key = "build.done_again" if report.unchanged else "build.done"
    told = {"sources": len(report.built), "unchanged": len(report.unchanged), "seconds": f"{report.seconds:.1f}"}
    out.print(say(key, **told, store=store), markup=False)


def _print_moves(report: "BuildReport") -> None:
    """Sources that are gone, were moved, or are there twice."""
    old = {one.old for one in report.moved}
    here = {*report.gone, *report.dropped}
    _list(
        "build.moved_list",
        [say("build.moved" if m.old in here else "build.moved_kept", old=m.old, new=m.new) for m in report.moved],
    )
    _list("build.dropped_list", [name for name in report.dropped if name not in old])
    _list("build.gone_list", report.gone)
    separator = " = "
    _list("build.duplicates", [separator.join(names) for names in report.duplicates])


def _list(key: str, lines: "Sequence[str]") -> None:
    """A heading and the first of *lines* under it; nothing without any."""
    out = console()
    if lines:
        out.print(say(key), markup=False)
        for line in lines[:_MOST_MOVES]:
            out.print(f"  {line}", markup=False, soft_wrap=True)
        if len(lines) > _MOST_MOVES:
            out.print(f"  {say('build.more', n=len(lines) - _MOST_MOVES)}", markup=False)


def _joined_rows(table: "Table", joined: "Joined") -> None:
    """What is known of the replies, and what was joined between files, as rows of the closing table."""
    from ontology.labels import name_value

    table.add_section()
    for state, count in joined.states.items():
        table.add_row(say("build.state", state=name_value(state, language())), str(count))
    for name in ("replies", "answers", "doubles"):
        if count := getattr(joined, name):
            table.add_row(say(f"build.joined_{name}"), str(count))


def _joined_lists(joined: "Joined") -> None:
    """Proposals that nothing tells apart, and those whose reply could not be read."""
    out = console()
    ambiguous = [say("build.ambiguous_one", name=a.name, names="、".join(a.candidates)) for a in joined.ambiguous]
    unread = [f"{name}: {'、'.join(files)}" for name, files in joined.unreadable]
    for key, lines in (("build.ambiguous", ambiguous), ("build.unreadable", unread)):
        if lines:
            out.print(say(key, n=len(lines)), markup=False)
        for line in lines[:_MOST_GAPS]:
            out.print(f"  {line}", markup=False, soft_wrap=True)
        if len(lines) > _MOST_GAPS:
            out.print(f"  {say('build.more_proposals', n=len(lines) - _MOST_GAPS)}", markup=False)


def _cleaned(report: "CleanReport") -> str:
    """What reading a source changed, in words."""
    said = [say(f"clean.{what}", n=times) for what, times in report.changes.items()]
    if report.encoding:
        said.insert(0, say("clean.encoding", n=report.encoding))
    return "; ".join(said) or say("clean.nothing")
