"""``kg query``: ask a store in SPARQL or by the name of a query."""

import os
import signal
import socket
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.options import STORE, make_force_option, make_lang_option, make_store_option, open_output
from kg.cli.texts import build_help, get_language, get_text

if TYPE_CHECKING:
    from kg.graph.result import Result

_TIMEOUT = 60
"""Default of ``--timeout``, in seconds."""


def register(app: typer.Typer) -> None:
    """Add ``kg query`` to *app*."""

    @app.command("query", help=build_help("query"))
    def command(
        sparql: Annotated[str | None, typer.Argument(metavar="SPARQL", help=get_text("query.sparql"))] = None,
        store: Annotated[str, make_store_option()] = STORE,
        file: Annotated[str | None, typer.Option("--file", metavar="F", help=get_text("query.file"))] = None,
        name: Annotated[str | None, typer.Option("--name", metavar="NAME", help=get_text("query.name"))] = None,
        param: Annotated[list[str] | None, typer.Option("--param", metavar="K=V", help=get_text("query.param"))] = None,
        listing: Annotated[bool, typer.Option("--list", help=get_text("query.list"))] = False,
        form: Annotated[str | None, typer.Option("--format", metavar="FORMAT", help=get_text("query.format"))] = None,
        output: Annotated[str | None, typer.Option("--output", metavar="FILE", help=get_text("query.output"))] = None,
        force: Annotated[bool, make_force_option()] = False,
        timeout: Annotated[float, typer.Option("--timeout", metavar="S", help=get_text("query.timeout"))] = _TIMEOUT,
        lang: Annotated[str | None, make_lang_option()] = None,
    ) -> None:
        if listing:
            _print_named_queries()
            return
        from kg.files import check_free
        from kg.graph.presentation import present_result
        from kg.graph.query import run_query
        from kg.graph.result import choose_format
        from kg.store.store import Store

        output = None if output == "-" else output
        chosen = choose_format(form, output)
        check_free([Path(output)] if output else [], replace=force)
        text = _get_query(sparql, file, name, dict(map(_parse_parameter, param or ())))
        with Store(store) as opened, _Timeout(timeout), _Interruption():
            result = run_query(opened, text)
        if name is not None and chosen in {"table", "csv", "xlsx"}:
            result = present_result(result, get_language(), numbers=chosen != "table")
        if output is not None:
            _write_result(result, chosen, output, name or "")
        elif chosen == "table" and result.triples is None:
            _print_table(result)
        else:
            _print_text(result, "turtle" if chosen == "table" else chosen)


def _write_result(result: "Result", form: str, output: str, title: str) -> None:
    """Write *result* to the file *output* in the format *form*."""
    from kg.files import write_files
    from kg.graph.result import serialize_result

    if form == "xlsx":
        from kg.graph.spreadsheet import make_spreadsheet

        data = make_spreadsheet(result, title)
    else:
        # A spreadsheet reads Chinese in a CSV file only if the file begins with a BOM.
        data = serialize_result(result, form).encode("utf-8-sig" if form == "csv" else "utf-8")
    write_files({Path(output): data})
    typer.echo(get_text("app.written", path=output))


def _print_text(result: "Result", form: str) -> None:
    from kg.graph.result import serialize_result

    sys.stdout.write(serialize_result(result, form))
    sys.stdout.flush()


def _get_query(sparql: str | None, file: str | None, name: str | None, params: dict[str, str]) -> str:
    """Return the SPARQL given as text, in a file, by standard input or by name, with *params* filled in."""
    from kg.cli import make_error
    from kg.errors import UsageError
    from kg.graph.query import fill_parameters, list_named_queries, load_named_query
    from kg.read import read_query

    if sum(given is not None for given in (sparql, file, name)) != 1:
        raise make_error(UsageError, "query.one")
    if name is not None:
        return load_named_query(name, params)
    if sparql in list_named_queries():
        raise make_error(UsageError, "query.by_name", name=sparql)
    text = sparql if sparql not in (None, "-") else None
    if text is None:
        text = sys.stdin.read() if file in (None, "-") else read_query(str(file))
    return fill_parameters(text, params)


def _parse_parameter(text: str) -> tuple[str, str]:
    """Return key and value of ``KEY=VALUE``."""
    from kg.cli import make_error
    from kg.errors import UsageError

    key, equals, value = text.partition("=")
    if not equals or not key:
        raise make_error(UsageError, "query.param_form", text=text)
    return key, value


def _print_named_queries() -> None:
    from rich.table import Table

    from kg.graph.query import list_named_queries

    table = Table(get_text("query.column_name"), get_text("query.column_title"), get_text("query.column_params"))
    for named in list_named_queries().values():
        params = "\n".join(
            f"{param.name}: {param.zh if get_language() == 'zh' else param.en}" for param in named.params
        )
        table.add_row(named.name, named.title(get_language()), params)
    open_output().print(table)


def _print_table(result: "Result") -> None:
    from rich.markup import escape
    from rich.table import Table
    from rich.text import Text

    from kg.graph.result import format_term

    out = open_output()
    if result.truth is not None:
        out.print(str(result.truth).lower())
        return
    if not result.rows:
        out.print(get_text("app.empty"), markup=False)
        return
    table = Table(*(escape(name) for name in result.variables))
    for column in table.columns:
        column.overflow = "fold"
    for row in result.rows:
        table.add_row(*(Text("" if term is None else format_term(term)) for term in row))
    out.print(table)
    out.print(get_text("app.rows", n=len(result.rows)), markup=False)


class _Timeout:
    """A time limit that ends the process: the query engine cannot be stopped in any other way."""

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

        print(
            get_text("app.error", message=get_text("query.timed_out", seconds=f"{seconds:g}")),
            file=sys.stderr,
            flush=True,
        )
        os._exit(QueryError.exit_code)  # safe: the store is open for reading only


class _Interruption:
    """Lets Ctrl+C end the process while the query engine runs: Python would handle the signal only afterwards."""

    def __enter__(self) -> None:
        self._previous: int | None = None
        if threading.current_thread() is not threading.main_thread():
            return  # only the main thread gets signals
        self._ours, theirs = socket.socketpair()
        theirs.setblocking(False)
        self._theirs = theirs
        self._previous = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
        threading.Thread(target=self._wait, args=[self._ours], daemon=True).start()

    def __exit__(self, *_: object) -> None:
        if self._previous is not None:
            signal.set_wakeup_fd(self._previous)
            self._theirs.close()

    @staticmethod
    def _wait(ours: socket.socket) -> None:
        with ours:
            while number := ours.recv(1):
                if number[0] == signal.SIGINT:
                    print(get_text("app.interrupted"), file=sys.stderr, flush=True)
                    os._exit(130)  # safe: the store is open for reading only
