"""``kg gaps``: list sentences that should have given a fact and gave none."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.options import STORE, make_lang_option, make_store_option, open_output
from kg.cli.texts import build_help, get_language, get_text

if TYPE_CHECKING:
    from kg.review.gaps import Gap

_FORMATS = ("table", "csv", "json")
_WIDTHS = (2, 2, None, 2, 5)
"""Relative widths of the columns of the table; None: as wide as its content."""


def register(app: typer.Typer) -> None:
    """Add ``kg gaps`` to *app*."""

    @app.command("gaps", help=build_help("gaps"))
    def command(
        store: Annotated[str, make_store_option()] = STORE,
        source: Annotated[str | None, typer.Option("--source", metavar="ID", help=get_text("gaps.source"))] = None,
        form: Annotated[str, typer.Option("--format", metavar="FORMAT", help=get_text("gaps.format"))] = "table",
        lexicon: Annotated[str, typer.Option("--lexicon", metavar="DIR", help=get_text("build.lexicon"))] = "",
        lang: Annotated[str | None, make_lang_option()] = None,
    ) -> None:
        from kg.cli import make_error
        from kg.errors import UsageError
        from kg.review.gaps import find_gaps_in_store
        from kg.store.store import Store

        if form not in _FORMATS:
            raise make_error(UsageError, "gaps.no_format", format=form)
        with Store(store) as opened:
            found = find_gaps_in_store(opened, source, lexicon)
        if form == "table":
            _print_gaps(found)
        else:
            _write_gaps(found, form)


def _write_gaps(found: "Sequence[Gap]", form: str) -> None:
    """Write *found* as ``json`` or ``csv`` to standard output."""
    import csv
    import json
    import sys

    if form == "json":
        rows = [
            {"source": gap.source, "letter": gap.letter, "begin": gap.span.begin, "end": gap.span.end,
             "cue": gap.cue.value, "words": list(gap.words), "sentence": gap.sentence}
            for gap in found
        ]  # fmt: skip
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        csv.writer(sys.stdout, lineterminator="\n").writerows([_make_head(), *map(_make_row, found)])


def _print_gaps(found: "Sequence[Gap]") -> None:
    from rich.table import Table
    from rich.text import Text

    out = open_output()
    if not found:
        out.print(get_text("gaps.none"), markup=False)
        return
    table = Table(show_lines=True)
    for head, ratio in zip(_make_head(), _WIDTHS, strict=True):
        table.add_column(head, overflow="fold", ratio=ratio)
    for gap in found:
        table.add_row(*map(Text, _make_row(gap)))
    out.print(table)
    out.print(get_text("app.rows", n=len(found)), markup=False)


def _make_head() -> list[str]:
    return [get_text(f"gaps.column_{name}") for name in ("source", "letter", "position", "cue", "sentence")]


def _make_row(gap: "Gap") -> list[str]:
    from ontology.labels import name_class

    reason = f"{get_text(f'gaps.{gap.cue.value}')} {'、'.join(gap.words)}"
    return [gap.source, name_class(gap.letter, get_language()), str(gap.span.begin), reason, gap.sentence]
