"""``kg remove``: take a source out of a store."""

from typing import Annotated

import typer

from kg.cli.options import STORE, make_lang_option, make_store_option
from kg.cli.texts import build_help, get_text


def register(app: typer.Typer) -> None:
    """Add ``kg remove`` to *app*."""

    @app.command("remove", help=build_help("remove"))
    def command(
        source: Annotated[str, typer.Argument(metavar="SOURCE", help=get_text("remove.source"))],
        store: Annotated[str, make_store_option()] = STORE,
        lexicon: Annotated[str, typer.Option("--lexicon", metavar="DIR", help=get_text("build.lexicon"))] = "",
        lang: Annotated[str | None, make_lang_option()] = None,
    ) -> None:
        from kg.ingest.build import remove
        from kg.store.store import Store

        Store(store).close()  # raises an error if there is no store; opening it for writing would make one
        with Store(store, write=True) as opened:
            remove(source, opened, lexicon_dir=lexicon)
        typer.echo(get_text("remove.done", source=source))
