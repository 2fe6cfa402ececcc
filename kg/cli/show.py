"""``kg show``: show everything known about one entity."""

from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.options import STORE, make_lang_option, make_store_option, open_output
from kg.cli.texts import build_help, get_language, get_text

if TYPE_CHECKING:
    from rich.text import Text

    from kg.graph.facts import Passage
    from kg.graph.show import Description, DescriptionLine

_LIMIT = 12
_LONGEST = 160
"""Code points of a quote after which it is cut; the quote of a whole part can be a page long."""
_QUOTES = 2
"""How many quotes are shown below one line."""


def register(app: typer.Typer) -> None:
    """Add ``kg show`` to *app*."""

    @app.command("show", help=build_help("show"))
    def command(
        name: Annotated[str, typer.Argument(metavar="NAME", help=get_text("show.name"))],
        store: Annotated[str, make_store_option()] = STORE,
        limit: Annotated[int, typer.Option("--limit", metavar="N", min=0, help=get_text("show.limit"))] = _LIMIT,
        lang: Annotated[str | None, make_lang_option()] = None,
    ) -> None:
        from kg.graph.show import describe_thing, find_things
        from kg.graph.view import View
        from kg.store.store import Store

        with Store(store) as opened:
            view = View(opened)
            for iri in find_things(view, name):
                _print_description(describe_thing(view, iri, get_language()), limit)


def _print_description(description: "Description", limit: int) -> None:
    from rich.text import Text

    out = open_output()
    out.print(Text.assemble((description.name, "bold"), f"  [{description.kind}]"))
    if description.aliases:
        out.print(Text(get_text("show.aliases", names="、".join(description.aliases))))
    for (_, heading), group in groupby(description.lines, key=lambda line: (line.group, _get_heading(line))):
        lines = list(group)
        out.print(Text(f"\n{heading}", "bold cyan"))
        shown = lines if limit == 0 else lines[:limit]
        for line in shown:
            out.print(_make_line(line))
            for passage in line.passages[:_QUOTES]:
                out.print(_make_quote(passage))
        if len(lines) > len(shown):
            out.print(Text(f"  {get_text('show.more', n=len(lines) - len(shown))}", "dim"))
    if description.mentions:
        out.print(Text(f"\n{get_text('show.mentions')}", "bold cyan"))
        for passage in description.mentions:
            out.print(_make_quote(passage))
    out.print()


def _get_heading(line: "DescriptionLine") -> str:
    from ontology.labels import name_class
    from ontology.terms import FIGURE_CLASSES

    if line.group == "facts":
        return get_text("show.facts")
    return name_class(line.group, get_language()) if line.group in FIGURE_CLASSES else line.label


def _make_line(line: "DescriptionLine") -> "Text":
    from rich.text import Text

    from extract.text.normalize import print_line

    value = print_line(line.value)
    return Text(f"  {value}" if line.label == _get_heading(line) else f"  {line.label}: {value}")


def _make_quote(passage: "Passage") -> "Text":
    from rich.text import Text

    from extract.text.normalize import join_lines

    words = join_lines(passage.text)
    words = words if len(words) <= _LONGEST else words[:_LONGEST] + "……"
    where = " ".join(filter(None, (passage.source, passage.locator)))
    parts = ("    “", join_lines(passage.before), (words, "bold"), join_lines(passage.after), f"” — {where}")
    return Text.assemble(*((part, "dim") if isinstance(part, str) else part for part in parts))
