"""``kg show``"""

from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.options import STORE, console, lang_option, store_option
from kg.cli.texts import help_of, language, say

if TYPE_CHECKING:
    from rich.text import Text

    from kg.graph.show import Line, Sheet
    from kg.graph.view import Passage

_LIMIT = 12
_LONGEST = 160
"""Code points of a quote; that of a whole part can be a page."""
_QUOTES = 2
"""Quotes shown for one line."""


def register(app: typer.Typer) -> None:
    @app.command("show", help=help_of("show"))
    def command(
        name: Annotated[str, typer.Argument(metavar="NAME", help=say("show.name"))],
        store: Annotated[str, store_option()] = STORE,
        limit: Annotated[int, typer.Option("--limit", metavar="N", min=0, help=say("show.limit"))] = _LIMIT,
        lang: Annotated[str | None, lang_option()] = None,
    ) -> None:
        from kg.graph.show import find, sheet
        from kg.graph.view import View
        from kg.store.store import Store

        with Store(store) as opened:
            view = View(opened)
            for iri in find(view, name):
                _print(sheet(view, iri, language()), limit)


def _print(sheet: "Sheet", limit: int) -> None:
    from rich.text import Text

    out = console()
    out.print(Text.assemble((sheet.name, "bold"), f"  [{sheet.kind}]"))
    if sheet.aliases:
        out.print(Text(say("show.aliases", names="、".join(sheet.aliases))))
    for key, group in groupby(sheet.lines, key=lambda line: (line.group, _heading(line))):
        lines = list(group)
        out.print(Text(f"\n{key[1]}", "bold cyan"))
        shown = lines if limit == 0 else lines[:limit]
        for line in shown:
            out.print(_line(line))
            for passage in line.passages[:_QUOTES]:
                out.print(_quoted(passage))
        if len(lines) > len(shown):
            out.print(Text(f"  {say('show.more', n=len(lines) - len(shown))}", "dim"))
    if sheet.mentions:
        out.print(Text(f"\n{say('show.mentions')}", "bold cyan"))
        for passage in sheet.mentions:
            out.print(_quoted(passage))
    out.print()


def _heading(line: "Line") -> str:
    from ontology.labels import name_class
    from ontology.terms import FIGURE_CLASSES

    if line.group == "facts":
        return say("show.facts")
    return name_class(line.group, language()) if line.group in FIGURE_CLASSES else line.label


def _line(line: "Line") -> "Text":
    from rich.text import Text

    return Text(f"  {line.value}" if line.label == _heading(line) else f"  {line.label}: {line.value}")


def _quoted(passage: "Passage") -> "Text":
    from rich.text import Text

    words = passage.text if len(passage.text) <= _LONGEST else passage.text[:_LONGEST] + "……"
    where = " ".join(filter(None, (passage.source, passage.locator)))
    parts = ("    “", passage.before, (words, "bold"), passage.after, f"” — {where}")
    return Text.assemble(*((p, "dim") if isinstance(p, str) else p for p in parts))
