"""``kg builds``"""

from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.options import STORE, console, lang_option, store_option
from kg.cli.texts import help_of, say

if TYPE_CHECKING:
    from kg.store.snapshots import PastBuild

FORMATS = ("table", "csv", "json")
_ALL = "all"
_COLUMNS = ("number", "time", "version", "added", "replaced", "removed", "size", "note")
_KILO = 1024


def register(app: typer.Typer) -> None:
    @app.command("builds", help=help_of("builds"))
    def command(
        store: Annotated[str, store_option()] = STORE,
        form: Annotated[str, typer.Option("--format", "-f", metavar="FORMAT", help=say("builds.format"))] = "table",
        keep: Annotated[str | None, typer.Option("--keep", metavar="N|all", help=say("builds.keep"))] = None,
        forget: Annotated[bool, typer.Option("--forget", help=say("builds.forget"))] = False,
        lang: Annotated[str | None, lang_option()] = None,
    ) -> None:
        from kg.cli import error
        from kg.errors import UsageError, check_choice

        check_choice(form, FORMATS)
        if keep is not None and forget:
            raise error(UsageError, "builds.one")
        if keep is not None or forget:
            _drop(store, keep)
        else:
            _list(store, form)


def _drop(store: str, keep: str | None) -> None:
    """Cap the history, or with None forget it."""
    from kg.cli import error
    from kg.errors import UsageError
    from kg.store.store import Store

    if keep is not None and keep != _ALL and not (keep.isascii() and keep.isdecimal()):
        raise error(UsageError, "builds.bad_keep", keep=keep)
    Store(store).close()  # a store that is not there shall not be made
    with Store(store, write=True) as opened:
        if keep is None:
            dropped = opened.history.forget()
        else:
            dropped = opened.history.set_keep(None if keep == _ALL else int(keep))
    typer.echo(say("builds.dropped", n=dropped))
    if keep is not None:
        typer.echo(say("builds.kept_all") if keep == _ALL else say("builds.kept", n=keep))


def _list(store: str, form: str) -> None:
    import csv
    import json
    import sys

    from kg.store.snapshots import builds
    from kg.store.store import Store

    with Store(store) as opened:
        listed = builds(opened)
        keeps = opened.history.keep != 0
        empty = bool(listed) and opened.history.steps()[0].graphs == 0
    if form == "json":
        rows = [
            {"number": b.number, "time": b.time.isoformat(), "version": b.version, "added": b.added,
             "replaced": b.replaced, "removed": b.removed, "bytes": b.size, "interrupted": b.interrupted}
            for b in listed
        ]  # fmt: skip
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    heads = [say(f"builds.column_{name}") for name in _COLUMNS]
    if form == "csv":
        csv.writer(sys.stdout, lineterminator="\n").writerows([heads, *map(_row, listed)])
        return
    from rich.table import Table
    from rich.text import Text

    out = console()
    if not listed:
        out.print(say("builds.none" if keeps else "builds.off"), markup=False)
        return
    table = Table()
    for name, head in zip(_COLUMNS, heads, strict=True):
        table.add_column(head, justify="left" if name in {"time", "version", "note"} else "right")
    for b in listed:
        table.add_row(*map(Text, _row(b)))
    out.print(table)
    key = "builds.earliest_empty" if empty else "builds.earliest"
    out.print(say(key, store=store, n=listed[0].number - 1), markup=False)


def _row(b: "PastBuild") -> list[str]:
    size = f"{b.size / _KILO:,.1f} KB"
    return [
        str(b.number), f"{b.time.astimezone():%Y-%m-%d %H:%M:%S}", b.version,
        *(str(n) for n in (b.added, b.replaced, b.removed)), size, say("builds.interrupted") if b.interrupted else "",
    ]  # fmt: skip
