"""``kg gaps``"""

from typing import Annotated

import typer

from kg.cli.options import STORE, console, lang_option, store_option
from kg.cli.texts import help_of, say

_FORMATS = ("table", "csv", "json")
_WIDTHS = (2, 2, None, 2, 5)
"""Shares of the columns of the table."""


def register(app: typer.Typer) -> None:
    @app.command("gaps", help=help_of("gaps"))
    def command(
        store: Annotated[str, store_option()] = STORE,
        source: Annotated[str | None, typer.Option("--source", metavar="ID", help=say("gaps.source"))] = None,
        form: Annotated[str, typer.Option("--format", metavar="FORMAT", help=say("gaps.format"))] = "table",
        lexicon: Annotated[str, typer.Option("--lexicon", metavar="DIR", help=say("build.lexicon"))] = "",
        lang: Annotated[str | None, lang_option()] = None,
    ) -> None:
        import csv
        import json
        import sys

        from kg.cli import error
        from kg.errors import UsageError
        from kg.review.gaps import gaps_of
        from kg.store.store import Store

        if form not in _FORMATS:
            raise error(UsageError, "gaps.no_format", format=form)
        with Store(store) as opened:
            found = gaps_of(opened, source, lexicon)
        if form == "json":
            rows = [
                {"source": g.source, "letter": g.letter, "begin": g.span.begin, "end": g.span.end,
                 "cue": g.cue.value, "words": list(g.words), "sentence": g.sentence}
                for g in found
            ]  # fmt: skip
            typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
            return
        heads = [say(f"gaps.column_{name}") for name in ("source", "letter", "position", "cue", "sentence")]
        lines = [
            [g.source, g.letter, str(g.span.begin), f"{say(f'gaps.{g.cue.value}')} {'、'.join(g.words)}", g.sentence]
            for g in found
        ]
        if form == "csv":
            writer = csv.writer(sys.stdout, lineterminator="\n")
            writer.writerows([heads, *lines])
            return
        from rich.table import Table
        from rich.text import Text

        out = console()
        if not found:
            out.print(say("gaps.none"), markup=False)
            return
        table = Table(show_lines=True)
        for head, ratio in zip(heads, _WIDTHS, strict=True):
            table.add_column(head, overflow="fold", ratio=ratio)
        for line in lines:
            table.add_row(*map(Text, line))
        out.print(table)
        out.print(say("app.rows", n=len(found)), markup=False)
