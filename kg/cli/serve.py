"""``kg serve``: serve a store over HTTP."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.options import STORE, check_folder, make_lang_option, make_store_option
from kg.cli.texts import build_help, get_language, get_text

if TYPE_CHECKING:
    from kg.serve.settings import ServeSettings


def register(app: typer.Typer) -> None:
    """Add ``kg serve`` to *app*."""

    @app.command("serve", help=build_help("serve"))
    def command(
        store: Annotated[str, make_store_option()] = STORE,
        host: Annotated[str, typer.Option("--host", metavar="ADDRESS", help=get_text("serve.host"))] = "127.0.0.1",
        port: Annotated[int, typer.Option("--port", metavar="N", min=0, max=65535, help=get_text("serve.port"))] = 8642,
        public_url: Annotated[str, typer.Option("--public-url", metavar="URL", help=get_text("serve.public_url"))] = "",
        timeout: Annotated[float, typer.Option("--timeout", metavar="S", help=get_text("serve.timeout"))] = 30,
        rows: Annotated[int, typer.Option("--max-rows", metavar="N", help=get_text("serve.rows"))] = 500_000,
        size: Annotated[int, typer.Option("--max-mb", metavar="N", help=get_text("serve.size"))] = 256,
        memory: Annotated[int, typer.Option("--memory-mb", metavar="N", help=get_text("serve.memory"))] = 2000,
        at_once: Annotated[int, typer.Option("--queries", metavar="N", help=get_text("serve.at_once"))] = 4,
        endpoint: Annotated[str, typer.Option("--endpoint", metavar="URL", help=get_text("serve.endpoint"))] = "",
        refresh: Annotated[float, typer.Option("--refresh", metavar="S", min=1, help=get_text("serve.refresh"))] = 600,
        desk: Annotated[str | None, typer.Option("--desk", metavar="DIR", help=get_text("serve.desk"))] = None,
        show: Annotated[bool, typer.Option("--open", help=get_text("serve.open"))] = False,
        lang: Annotated[str | None, make_lang_option()] = None,
    ) -> None:
        check_server_software()
        from kg.cli import make_error
        from kg.errors import UsageError
        from kg.serve.settings import QueryLimits, ServeSettings

        check_folder(store)
        limits = QueryLimits(
            seconds=timeout, rows=rows, size=size * 1_000_000, memory=memory * 1_000_000, at_once=at_once
        )
        settings = ServeSettings(
            Path(store), get_language(), public_url.rstrip("/"), limits, endpoint=endpoint, refresh=refresh
        )
        if desk is not None and endpoint:
            raise make_error(UsageError, "serve.both")
        if desk is not None:
            settings = make_desk_settings(settings, desk)
        start_server(settings, host, port, show=show)


def make_desk_settings(settings: "ServeSettings", folder: str) -> "ServeSettings":
    """Return the settings of a server with a desk in *folder*."""
    from dataclasses import replace

    from kg.serve.desk.guard import make_secret

    return replace(settings, desk=Path(folder), secret=make_secret())


def start_server(settings: "ServeSettings", host: str, port: int, *, show: bool) -> None:
    """Serve until the process is interrupted; open the browser if *show* says so."""
    import webbrowser

    from kg.serve.run import run_server

    def announce(address: str) -> None:
        typer.echo(get_text("serve.ready", address=address))
        if show:
            webbrowser.open(address)

    run_server(settings, host, port, announce)


def check_server_software() -> None:
    """Check that what a server needs is installed.

    Raises:
        UsageError: it is not.
    """
    from importlib.util import find_spec

    from kg.cli import make_error
    from kg.errors import UsageError

    if missing := [name for name in ("starlette", "uvicorn", "anyio") if find_spec(name) is None]:
        raise make_error(UsageError, "serve.missing", names=", ".join(missing))
