"""``kg sources``: list the sources in a store."""

from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.options import STORE, make_lang_option, make_store_option, open_output
from kg.cli.texts import build_help, get_language, get_text

if TYPE_CHECKING:
    from kg.ingest.sources import ListedSource

_FORMATS = ("table", "csv", "json")
_TABLE = ("source", "documents", "quads", "read", "from", "version", "state")
_CSV = (*_TABLE, "why", "sha256", "media_type")
_NUMBERS = frozenset({"documents", "quads"})


def register(app: typer.Typer) -> None:
    """Add ``kg sources`` to *app*."""

    @app.command("sources", help=build_help("sources"))
    def command(
        store: Annotated[str, make_store_option()] = STORE,
        form: Annotated[str, typer.Option("--format", metavar="FORMAT", help=get_text("sources.format"))] = "table",
        lang: Annotated[str | None, make_lang_option()] = None,
    ) -> None:
        import csv
        import json
        import sys

        from kg.errors import check_choice
        from kg.ingest.sources import list_sources
        from kg.store.store import Store

        check_choice(form, _FORMATS)
        with Store(store) as opened:
            listed = list_sources(opened)
        if form == "json":
            rows = [_make_cells(source) | {"documents": source.documents, "quads": source.quads} for source in listed]
            typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        elif form == "csv":
            writer = csv.writer(sys.stdout, lineterminator="\n")
            writer.writerow(get_text(f"sources.column_{name}") for name in _CSV)
            for source in listed:
                cells = _make_cells(source) | {"state": get_text(f"sources.{source.state.value}")}
                writer.writerow(cells[name] for name in _CSV)
        else:
            _print_sources(listed)


def _make_cells(source: "ListedSource") -> dict[str, str | int]:
    """Return everything that is known of *source*, by column; times in UTC, the state as its code."""
    record = source.record
    failure = record.failure if record else None
    return {
        "source": source.source,
        "documents": str(source.documents),
        "quads": str(source.quads),
        "read": record.read if record else "",
        "from": record.where if record else "",
        "version": source.version,
        "state": source.state.value,
        "why": (failure[0] if get_language() == "zh" else failure[1]) if failure else "",
        "sha256": record.sha256 if record else "",
        "media_type": record.media_type if record else "",
    }


def _print_sources(listed: "list[ListedSource]") -> None:
    from collections import Counter

    from rich.table import Table
    from rich.text import Text

    out = open_output()
    if not listed:
        out.print(get_text("app.empty"))
        return
    table = Table()
    for name in _TABLE:
        narrow = name in _NUMBERS
        table.add_column(
            get_text(f"sources.column_{name}"), justify="right" if narrow else "left", overflow="fold", no_wrap=narrow,
            min_width=10 if name == "read" else None,
        )  # fmt: skip
    for source in listed:
        cells = _make_cells(source)
        state = get_text(f"sources.{source.state.value}")
        if cells["why"]:
            state = get_text("sources.because", state=state, why=cells["why"])
        near = _shorten_path(str(cells["from"]))
        shown = cells | {"read": _format_local_time(str(cells["read"])), "from": near, "state": state}
        table.add_row(*(Text(str(shown[name])) for name in _TABLE))
    out.print(table)
    counts = Counter(source.state for source in listed)
    out.print(get_text("sources.summary", n=len(listed)), markup=False)
    if set(counts) != {"ok"}:
        for code, n in sorted(counts.items()):
            out.print(f"  {get_text(f'sources.{code.value}')}: {n}", markup=False)


def _format_local_time(moment: str) -> str:
    """Return *moment* (xsd:dateTime in UTC) in local time, to the minute."""
    from datetime import datetime

    return datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M") if moment else ""


def _shorten_path(where: str) -> str:
    """Return *where* relative to the working folder, if it is a path below that."""
    from pathlib import Path

    here = f"{Path.cwd()}/"
    return where.removeprefix(here) if here != "//" else where
