"""The ``kg`` application, put together from one module for each command."""

from typing import Annotated

import typer

from kg.cli import (
    ask,
    build,
    builds,
    desk,
    diff,
    eval,
    export,
    gaps,
    llm,
    publish,
    query,
    remove,
    report,
    review,
    serve,
    show,
    sources,
    stats,
    train,
    validate,
    viz,
)
from kg.cli.options import make_lang_option
from kg.cli.texts import get_text

COMMANDS = (
    build, query, ask, report, serve, desk, publish, export, viz, show, diff, builds, stats, validate, eval, gaps,
    review, sources, remove, train, llm,
)  # fmt: skip
"""The command modules, in the order of ``--help``. Each has ``register(app)``, which adds its command."""


def make_app() -> typer.Typer:
    """Return the application with its texts in the language in use."""
    app = typer.Typer(
        name="kg",
        help=get_text("app.help"),
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )

    @app.callback(help=get_text("app.help"))
    def top(
        version: Annotated[
            bool, typer.Option("--version", help=get_text("app.version"), is_eager=True, callback=_print_version)
        ] = False,
        lang: Annotated[str | None, make_lang_option()] = None,
    ) -> None:
        pass

    for module in COMMANDS:
        module.register(app)
    return app


def _print_version(wanted: bool) -> None:
    if wanted:
        from kg.version import __version__

        typer.echo(f"kg {__version__}")
        raise typer.Exit
