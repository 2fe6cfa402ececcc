"""``kg sources``"""

from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.options import STORE, console, lang_option, store_option
from kg.cli.texts import help_of, language, say

if TYPE_CHECKING:
    from kg.ingest.sources import Listed

_FORMATS = ("table", "csv", "json")
_TABLE = ("source", "documents", "quads", "read", "from", "version", "state")
_CSV = (*_TABLE, "why", "sha256", "media_type")
_NUMBERS = frozenset({"documents", "quads"})


def register(app: typer.Typer) -> None:
    @app.command("sources", help=help_of("sources"))
    def command(
        store: Annotated[str, store_option()] = STORE,
        form: Annotated[str, typer.Option("--format", metavar="FORMAT", help=say("sources.format"))] = "table",
        lang: Annotated[str | None, lang_option()] = None,
    ) -> None:
        import csv
        import json
        import sys

        from kg.errors import check_choice
        from kg.ingest.sources import listed
        from kg.store.store import Store

        check_choice(form, _FORMATS)
        with Store(store) as opened:
            found = listed(opened)
        if form == "json":
            rows = [_cells(one) | {"documents": one.documents, "quads": one.quads} for one in found]
            typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        elif form == "csv":
            writer = csv.writer(sys.stdout, lineterminator="\n")
            writer.writerow(say(f"sources.column_{name}") for name in _CSV)
            for one in found:
                cells = _cells(one) | {"state": say(f"sources.{one.state.value}")}
                writer.writerow(cells[name] for name in _CSV)
        else:
            _print(found)


def _cells(one: "Listed") -> dict[str, str | int]:
    """All that is to be told of a source, for machines."""
    record = one.record
    failure = record.failure if record else None
    return {
        "source": one.source, "documents": str(one.documents), "quads": str(one.quads),
        "read": record.read if record else "", "from": record.where if record else "", "version": one.version,
        "state": one.state.value, "why": (failure[0] if language() == "zh" else failure[1]) if failure else "",
        "sha256": record.sha256 if record else "", "media_type": record.media_type if record else "",
    }  # fmt: skip


def _print(found: "list[Listed]") -> None:
    from collections import Counter

    from rich.table import Table
    from rich.text import Text

    out = console()
    if not found:
        out.print(say("app.empty"))
        return
    table = Table()
    for name in _TABLE:
        narrow = name in _NUMBERS
        table.add_column(
            say(f"sources.column_{name}"), justify="right" if narrow else "left", overflow="fold", no_wrap=narrow,
            min_width=10 if name == "read" else None,
        )  # fmt: skip
    for one in found:
        cells = _cells(one)
        said = say(f"sources.{one.state.value}")
        state = say("sources.because", state=said, why=cells["why"]) if cells["why"] else said
        shown = cells | {"read": _local(str(cells["read"])), "from": _near(str(cells["from"])), "state": state}
        table.add_row(*(Text(str(shown[name])) for name in _TABLE))
    out.print(table)
    counts = Counter(one.state for one in found)
    out.print(say("sources.summary", n=len(found)), markup=False)
    if set(counts) != {"ok"}:
        for state, n in sorted(counts.items()):
            out.print(f"  {say(f'sources.{state.value}')}: {n}", markup=False)


def _local(moment: str) -> str:
    """A moment as the clock on the wall said it."""
    from datetime import datetime

    return datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M") if moment else ""


def _near(where: str) -> str:
    """A place as seen from the working folder, if it is in that."""
    from pathlib import Path

    here = f"{Path.cwd()}/"
    return where.removeprefix(here) if here != "//" else where
