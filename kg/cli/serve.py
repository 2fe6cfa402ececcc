"""``kg serve``: serve a store over HTTP."""

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import STORE, make_lang_option, make_store_option
from kg.cli.texts import build_help, get_language, get_text


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
        show: Annotated[bool, typer.Option("--open", help=get_text("serve.open"))] = False,
        lang: Annotated[str | None, make_lang_option()] = None,
    ) -> None:
        import webbrowser

        check_server_software()
        from kg.serve.run import run_server
        from kg.serve.settings import QueryLimits, ServeSettings

        def announce(address: str) -> None:
            typer.echo(get_text("serve.ready", address=address))
            if show:
                webbrowser.open(address)

        limits = QueryLimits(
            seconds=timeout, rows=rows, size=size * 1_000_000, memory=memory * 1_000_000, at_once=at_once
        )
        settings = ServeSettings(Path(store), get_language(), public_url.rstrip("/"), limits)
        run_server(settings, host, port, announce)


def check_server_software() -> None:
    """Check that what a server needs is installed.

    Raises:
        UsageError: it is not.
    """
    from importlib.util import find_spec

    from kg.cli import make_error
    from kg.errors import UsageError

    if missing := [name for name in ("starlette", "uvicorn", "python_multipart") if find_spec(name) is None]:
        raise make_error(UsageError, "serve.missing", names=", ".join(missing))
