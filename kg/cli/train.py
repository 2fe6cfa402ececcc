"""``kg train``: train a small model that proposes names."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.options import make_lang_option, open_errors, open_output, print_error
from kg.cli.texts import build_help, get_text

if TYPE_CHECKING:
    from kg.train import TrainReport

_SCORES = ("precision", "recall", "f1")


def register(app: typer.Typer) -> None:
    """Add ``kg train`` to *app*."""

    @app.command("train", help=build_help("train"))
    def command(
        output: Annotated[str, typer.Option("--output", metavar="DIR", help=get_text("train.output"))],
        paths: Annotated[list[str] | None, typer.Argument(metavar="[PATH]...", help=get_text("train.paths"))] = None,
        gold: Annotated[
            list[str] | None, typer.Option("--gold", metavar="GOLD.json", help=get_text("train.gold"))
        ] = None,
        epochs: Annotated[int | None, typer.Option("--epochs", metavar="N", help=get_text("train.epochs"))] = None,
        seed: Annotated[int, typer.Option("--seed", metavar="N", help=get_text("train.seed"))] = 0,
        lexicon: Annotated[str, typer.Option("--lexicon", metavar="DIR", help=get_text("build.lexicon"))] = "",
        lang: Annotated[str | None, make_lang_option()] = None,
    ) -> int:
        from kg.train import TrainOptions, train_model

        with _show_progress() if open_errors().is_terminal else nullcontext() as progress:
            options = TrainOptions(epochs, seed, lexicon)
            report = train_model(paths or [], gold or [], output, options, progress)
        _print_report(report)
        for _, error in report.failed:
            print_error(error)
        return report.failed[0][1].exit_code if report.failed else 0


@contextmanager
def _show_progress() -> Iterator[Callable[[int, int, float], None]]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=open_errors(), transient=True) as bar:
        task = bar.add_task(get_text("train.progress"), total=None)
        yield lambda done, total, loss: bar.update(task, completed=done, total=total)


def _print_report(report: "TrainReport") -> None:
    from rich.table import Table

    out = open_output()
    held_out = [page["source"] for page in report.meta["heldOut"]]
    if held_out:
        table = Table(get_text("train.column_who"), title=get_text("train.title", n=len(held_out)))
        for column in _SCORES:
            table.add_column(get_text(f"train.column_{column}"), justify="right")
        for who, score in report.meta["scores"].items():
            table.add_row(get_text(f"train.{who}"), *(f"{score[column]:.3f}" for column in _SCORES))
        out.print(table)
        out.print(get_text("train.held_out", sources=", ".join(held_out)), markup=False, soft_wrap=True)
    else:
        out.print(get_text("train.no_scores"), markup=False)
    learnt = report.meta["trainedOn"]
    out.print(get_text("train.taught", gold=len(learnt["gold"]), silver=len(learnt["silver"])), markup=False)
    seconds = f"{report.seconds:.1f}"
    out.print(get_text("train.done", name=report.name, seconds=seconds, output=report.output), markup=False)
