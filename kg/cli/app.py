"""The commands, put together; one module each."""

from typing import Annotated

import typer

from kg.cli import (
    build,
    builds,
    diff,
    eval,
    export,
    gaps,
    query,
    remove,
    review,
    show,
    sources,
    stats,
    train,
    validate,
    viz,
)
from kg.cli.options import lang_option
from kg.cli.texts import say

COMMANDS = (
    build, query, export, viz, show, diff, builds, stats, validate, eval, gaps, review, sources, remove, train,
)  # fmt: skip


def _version(wanted: bool) -> None:
    if wanted:
        from kg.version import __version__

        typer.echo(f"kg {__version__}")
        raise typer.Exit


def make() -> typer.Typer:
    """The application, in the language in use."""
    app = typer.Typer(
        name="kg", help=say("app.help"), no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )  # fmt: skip

    @app.callback(help=say("app.help"))
    def top(
        version: Annotated[
            bool, typer.Option("--version", help=say("app.version"), is_eager=True, callback=_version)
        ] = False,
        lang: Annotated[str | None, lang_option()] = None,
    ) -> None:
        pass

    for module in COMMANDS:
        module.register(app)
    return app
