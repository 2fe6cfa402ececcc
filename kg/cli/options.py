"""Options that several commands share, and where they write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from kg.cli.texts import say

if TYPE_CHECKING:
    from rich.console import Console

STORE = "./kg-store"
"""Default of ``--store``."""
_PIPE_WIDTH = 200
"""Columns of a table that goes into a file or a pipe."""


def store_option() -> Any:
    """``--store DIR``."""
    return typer.Option("--store", metavar="DIR", help=say("option.store"))


def lang_option() -> Any:
    """``--lang zh|en``; it is read before the commands are made, see ``texts.choose``."""
    return typer.Option("--lang", metavar="zh|en", help=say("option.lang"))


def console() -> Console:
    """Standard output, as wide as the terminal."""
    from rich.console import Console

    plain = Console(highlight=False)
    return plain if plain.is_terminal else Console(highlight=False, width=_PIPE_WIDTH, soft_wrap=False)


def errors() -> Console:
    """Standard error."""
    from rich.console import Console

    return Console(stderr=True, highlight=False, soft_wrap=True)


def decisions_of(given: str | None) -> str:
    """The decisions file: the one that was given, else the default one if it is there, else none."""
    from pathlib import Path

    from kg.review.decided import DEFAULT

    if given is not None:
        return given
    return DEFAULT if Path(DEFAULT).is_file() else ""
