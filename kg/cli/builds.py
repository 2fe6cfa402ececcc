"""``kg builds``: list the builds that changed a store, or limit its history."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.options import STORE, check_folder, make_lang_option, make_store_option, open_output
from kg.cli.texts import build_help, get_text

if TYPE_CHECKING:
    from kg.store.snapshots import Snapshot

FORMATS = ("table", "csv", "json")
_ALL = "all"
_COLUMNS = ("number", "time", "version", "added", "replaced", "removed", "size", "note")
_KILO = 1024


def register(app: typer.Typer) -> None:
    """Add ``kg builds`` to *app*."""

    @app.command("builds", help=build_help("builds"))
    def command(
        store: Annotated[str, make_store_option()] = STORE,
        form: Annotated[
            str, typer.Option("--format", "-f", metavar="FORMAT", help=get_text("builds.format"))
        ] = "table",
        keep: Annotated[str | None, typer.Option("--keep", metavar="N|all", help=get_text("builds.keep"))] = None,
        forget: Annotated[bool, typer.Option("--forget", help=get_text("builds.forget"))] = False,
        lang: Annotated[str | None, make_lang_option()] = None,
    ) -> None:
        from kg.cli import make_error
        from kg.errors import UsageError, check_choice

        check_choice(form, FORMATS)
        check_folder(store)
        if keep is not None and forget:
            raise make_error(UsageError, "builds.one")
        if keep is not None or forget:
            _limit_history(store, keep)
        else:
            _list_builds(store, form)


def _limit_history(store: str, keep: str | None) -> None:
    """Keep the history of *keep* builds (a number or ``all``); delete all of it if *keep* is None."""
    from kg.cli import make_error
    from kg.errors import UsageError
    from kg.store.store import Store

    if keep is not None and keep != _ALL and not (keep.isascii() and keep.isdecimal()):
        raise make_error(UsageError, "builds.bad_keep", keep=keep)
    Store(store).close()  # raises an error if there is no store; opening it for writing would make one
    with Store(store, write=True) as opened:
        if keep is None:
            dropped = opened.history.delete_steps()
        else:
            dropped = opened.history.set_limit(None if keep == _ALL else int(keep))
    typer.echo(get_text("builds.dropped", n=dropped))
    if keep is not None:
        typer.echo(get_text("builds.kept_all") if keep == _ALL else get_text("builds.kept", n=keep))


def _list_builds(store: str, form: str) -> None:
    from kg.store.snapshots import list_snapshots
    from kg.store.store import Store

    with Store(store) as opened:
        snapshots = list_snapshots(opened)
        keeps = opened.history.limit != 0
        empty = bool(snapshots) and opened.history.read_steps()[0].graphs == 0
    if form != "table":
        _write_builds(snapshots, form)
    elif not snapshots:
        open_output().print(get_text("builds.none" if keeps else "builds.off"), markup=False)
    else:
        _print_table(snapshots)
        key = "builds.earliest_empty" if empty else "builds.earliest"
        open_output().print(get_text(key, store=store, n=snapshots[0].number - 1), markup=False)


def _write_builds(snapshots: "Sequence[Snapshot]", form: str) -> None:
    """Write *snapshots* as ``json`` or ``csv`` to standard output."""
    import csv
    import json
    import sys

    if form == "json":
        rows = [
            {
                "number": snapshot.number,
                "time": snapshot.time.isoformat(),
                "version": snapshot.version,
                "added": snapshot.added,
                "replaced": snapshot.replaced,
                "removed": snapshot.removed,
                "bytes": snapshot.size,
                "interrupted": snapshot.interrupted,
            }
            for snapshot in snapshots
        ]
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        csv.writer(sys.stdout, lineterminator="\n").writerows([_make_head(), *map(_make_row, snapshots)])


def _print_table(snapshots: "Sequence[Snapshot]") -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table()
    for name, head in zip(_COLUMNS, _make_head(), strict=True):
        table.add_column(head, justify="left" if name in {"time", "version", "note"} else "right")
    for snapshot in snapshots:
        table.add_row(*map(Text, _make_row(snapshot)))
    open_output().print(table)


def _make_head() -> list[str]:
    return [get_text(f"builds.column_{name}") for name in _COLUMNS]


def _make_row(snapshot: "Snapshot") -> list[str]:
    return [
        str(snapshot.number),
        f"{snapshot.time.astimezone():%Y-%m-%d %H:%M:%S}",
        snapshot.version,
        *(str(count) for count in (snapshot.added, snapshot.replaced, snapshot.removed)),
        f"{snapshot.size / _KILO:,.1f} KB",
        get_text("builds.interrupted") if snapshot.interrupted else "",
    ]
