"""``kg train``"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.options import console, errors, lang_option
from kg.cli.texts import help_of, language, say

if TYPE_CHECKING:
    from kg.train import TrainReport


def register(app: typer.Typer) -> None:
    @app.command("train", help=help_of("train"))
    def command(
        output: Annotated[str, typer.Option("--output", metavar="DIR", help=say("train.output"))],
        paths: Annotated[list[str] | None, typer.Argument(metavar="[PATH]...", help=say("train.paths"))] = None,
        gold: Annotated[list[str] | None, typer.Option("--gold", metavar="GOLD.json", help=say("train.gold"))] = None,
        epochs: Annotated[int | None, typer.Option("--epochs", metavar="N", help=say("train.epochs"))] = None,
        seed: Annotated[int, typer.Option("--seed", metavar="N", help=say("train.seed"))] = 0,
        lexicon: Annotated[str, typer.Option("--lexicon", metavar="DIR", help=say("build.lexicon"))] = "",
        lang: Annotated[str | None, lang_option()] = None,
    ) -> int:
        from kg.train import train

        with _bar() if errors().is_terminal else nullcontext() as progress:
            report = train(
                paths or [], gold or [], output, epochs=epochs, seed=seed, lexicon_dir=lexicon, progress=progress
            )
        _print(report)
        for _, error in report.failed:
            errors().print(say("app.error", message=error.message(language())), markup=False)
        return report.failed[0][1].exit_code if report.failed else 0


@contextmanager
def _bar() -> Iterator[Callable[[int, int, float], None]]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=errors(), transient=True) as bar:
        task = bar.add_task(say("train.progress"), total=None)
        yield lambda done, total, loss: bar.update(task, completed=done, total=total)


def _print(report: "TrainReport") -> None:
    from rich.table import Table

    out = console()
    held = [one["source"] for one in report.meta["heldOut"]]
    if held:
        table = Table(say("train.column_who"), title=say("train.title", n=len(held)))
        for column in ("precision", "recall", "f1"):
            table.add_column(say(f"train.column_{column}"), justify="right")
        for who, score in report.meta["scores"].items():
            table.add_row(say(f"train.{who}"), *(f"{score[c]:.3f}" for c in ("precision", "recall", "f1")))
        out.print(table)
        out.print(say("train.held_out", sources=", ".join(held)), markup=False, soft_wrap=True)
    else:
        out.print(say("train.no_scores"), markup=False)
    taught = report.meta["trainedOn"]
    out.print(say("train.taught", gold=len(taught["gold"]), silver=len(taught["silver"])), markup=False)
    seconds = f"{report.seconds:.1f}"
    out.print(say("train.done", name=report.name, seconds=seconds, output=report.output), markup=False)
