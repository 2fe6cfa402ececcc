"""``kg query``"""

import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.options import STORE, console, lang_option, store_option
from kg.cli.texts import help_of, language, say

if TYPE_CHECKING:
    from kg.graph.query import Result

_TIMEOUT = 300


def register(app: typer.Typer) -> None:
    @app.command("query", help=help_of("query"))
    def command(
        sparql: Annotated[str | None, typer.Argument(metavar="SPARQL", help=say("query.sparql"))] = None,
        store: Annotated[str, store_option()] = STORE,
        file: Annotated[str | None, typer.Option("--file", metavar="F", help=say("query.file"))] = None,
        name: Annotated[str | None, typer.Option("--name", metavar="NAME", help=say("query.name"))] = None,
        param: Annotated[list[str] | None, typer.Option("--param", metavar="K=V", help=say("query.param"))] = None,
        listing: Annotated[bool, typer.Option("--list", help=say("query.list"))] = False,
        form: Annotated[str, typer.Option("--format", metavar="FORMAT", help=say("query.format"))] = "table",
        output: Annotated[str | None, typer.Option("--output", metavar="FILE", help=say("option.output"))] = None,
        timeout: Annotated[float, typer.Option("--timeout", metavar="S", help=say("query.timeout"))] = _TIMEOUT,
        lang: Annotated[str | None, lang_option()] = None,
    ) -> None:
        if listing:
            _list()
            return
        from kg.graph import query
        from kg.store.store import Store

        query.check_format(form)
        text = _text(sparql, file, name, dict(map(_pair, param or ())))
        with Store(store) as opened, _Watch(timeout):
            result = query.run(opened, text)
        if name is not None and form in {"table", "csv"}:
            result = query.in_words(result, language(), titles=True)
        if form == "table" and result.triples is not None:
            form = "turtle"
        if form == "table":
            _table(result)
            return
        said = query.serialize(result, form)
        if output is None:
            sys.stdout.write(said)
            sys.stdout.flush()
        else:
            from kg.files import write_files

            # spreadsheets take a CSV file for Chinese only if it begins with a BOM
            write_files({Path(output): said.encode("utf-8-sig" if form == "csv" else "utf-8")})
            typer.echo(say("app.written", path=output))


def _text(sparql: str | None, file: str | None, name: str | None, params: dict[str, str]) -> str:
    from kg.cli import error
    from kg.errors import UsageError
    from kg.graph import query
    from kg.read import read_query

    if sum(x is not None for x in (sparql, file, name)) != 1:
        raise error(UsageError, "query.one")
    if name is not None:
        return query.named(name, params)
    text = sparql if sparql not in (None, "-") else None
    if text is None:
        text = sys.stdin.read() if file in (None, "-") else read_query(str(file))
    return query.fill(text, params)


def _pair(text: str) -> tuple[str, str]:
    from kg.cli import error
    from kg.errors import UsageError

    key, equals, value = text.partition("=")
    if not equals or not key:
        raise error(UsageError, "query.param_form", text=text)
    return key, value


def _list() -> None:
    from rich.table import Table

    from kg.graph.query import named_queries

    table = Table(say("query.column_name"), say("query.column_title"), say("query.column_params"))
    for q in named_queries().values():
        params = "\n".join(f"{p.name}: {p.zh if language() == 'zh' else p.en}" for p in q.params)
        table.add_row(q.name, q.title(language()), params)
    console().print(table)


def _table(result: "Result") -> None:
    from rich.markup import escape
    from rich.table import Table
    from rich.text import Text

    from kg.graph.query import plain

    out = console()
    if result.truth is not None:
        out.print(str(result.truth).lower())
        return
    if not result.rows:
        out.print(say("app.empty"), markup=False)
        return
    table = Table(*(escape(v) for v in result.variables))
    for column in table.columns:
        column.overflow = "fold"
    for row in result.rows:
        table.add_row(*(Text("" if t is None else plain(t)) for t in row))
    out.print(table)
    out.print(say("app.rows", n=len(result.rows)), markup=False)


class _Watch:
    """Ends the process when a query takes too long: the engine cannot be asked to stop."""

    def __init__(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._end, [seconds]) if seconds > 0 else None

    def __enter__(self) -> None:
        if self._timer:
            self._timer.daemon = True
            self._timer.start()

    def __exit__(self, *_: object) -> None:
        if self._timer:
            self._timer.cancel()

    @staticmethod
    def _end(seconds: float) -> None:
        from kg.errors import QueryError

        print(say("app.error", message=say("query.timed_out", seconds=f"{seconds:g}")), file=sys.stderr, flush=True)
        os._exit(QueryError.exit_code)  # the store is open for reading only: nothing can be left half-written
