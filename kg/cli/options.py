"""What several commands share: options, the consoles they print to, and the printing of an error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from kg.cli.texts import get_language, get_text

if TYPE_CHECKING:
    from rich.console import Console

    from kg.errors import KgError

STORE = "./kg-store"
"""Default of ``--store``."""
_PIPE_WIDTH = 200
"""Width in columns of a table that is written to a file or a pipe."""


def make_store_option() -> Any:
    """Return the option ``--store DIR``."""
    return typer.Option("--store", metavar="DIR", help=get_text("option.store"))


def check_folder(store: str) -> None:
    """Check that a store is in a folder.

    Raises:
        UsageError: it is behind the address of a server.
    """
    from kg.cli import make_error
    from kg.errors import UsageError
    from kg.store.endpoint import is_address

    if is_address(store):
        raise make_error(UsageError, "option.only_folder", store=store)


def make_lang_option() -> Any:
    """Return the option ``--lang zh|en``. ``texts.choose_language`` reads its value before the commands are made."""
    return typer.Option("--lang", metavar="zh|en", help=get_text("option.lang"))


def make_force_option() -> Any:
    """Return the option ``--force`` of the commands that write a file."""
    return typer.Option("--force", help=get_text("option.force"))


def open_output() -> Console:
    """Return standard output as a console, as wide as the terminal if it is one."""
    from rich.console import Console

    plain = Console(highlight=False)
    return plain if plain.is_terminal else Console(highlight=False, width=_PIPE_WIDTH, soft_wrap=False)


def open_errors() -> Console:
    """Return standard error as a console."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, soft_wrap=True)


def print_error(error: KgError) -> None:
    """Print *error* as one line on standard error, in the language in use."""
    message = get_text("app.error", message=error.message(get_language()))
    open_errors().print(" ".join(message.split("\n")), markup=False)


def find_decisions(given: str | None) -> str:
    """Return the path of the decisions file: *given*, or else the default file if it exists, or else ``""``."""
    from pathlib import Path

    from kg.review.decisions import DEFAULT_FILE

    if given is not None:
        return given
    return DEFAULT_FILE if Path(DEFAULT_FILE).is_file() else ""
