"""``kg desk``: the desk of one person: files in, a graph, answers out, in the browser."""

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import make_lang_option
from kg.cli.texts import build_help, get_language, get_text


def register(app: typer.Typer) -> None:
    """Add ``kg desk`` to *app*."""

    @app.command("desk", help=build_help("desk"))
    def command(
        folder: Annotated[str, typer.Argument(metavar="FOLDER", help=get_text("desk.folder"))] = "kg-desk",
        port: Annotated[int, typer.Option("--port", metavar="N", min=0, max=65535, help=get_text("desk.port"))] = 8642,
        quiet: Annotated[bool, typer.Option("--no-open", help=get_text("desk.no_open"))] = False,
        lang: Annotated[str | None, make_lang_option()] = None,
    ) -> None:
        from kg.cli.serve import check_server_software, make_desk_settings, start_server

        check_server_software()
        from kg.serve.settings import HOST, ServeSettings

        settings = make_desk_settings(ServeSettings(Path(folder) / "store", get_language()), folder)
        start_server(settings, HOST, port, show=not quiet)
