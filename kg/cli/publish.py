"""``kg publish``: write the site of a store as plain files."""

from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import STORE, check_folder, make_lang_option, make_store_option, open_errors
from kg.cli.texts import build_help, get_language, get_text


def register(app: typer.Typer) -> None:
    """Add ``kg publish`` to *app*."""

    @app.command("publish", help=build_help("publish"))
    def command(
        output: Annotated[str, typer.Option("--output", "-o", metavar="FOLDER", help=get_text("publish.output"))],
        store: Annotated[str, make_store_option()] = STORE,
        lang: Annotated[str | None, make_lang_option()] = None,
    ) -> None:
        from kg.cli.progress import show_progress
        from kg.cli.serve import check_server_software

        check_server_software()
        from kg.serve.publish.publish import publish_store

        check_folder(store)
        with show_progress() if open_errors().is_terminal else nullcontext() as progress:
            tell = (lambda done, total: progress(done, total, "")) if progress else None
            number = publish_store(Path(store), Path(output), get_language(), tell)
        typer.echo(get_text("publish.done", n=number, path=output))
