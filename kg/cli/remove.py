"""``kg remove``"""

from typing import Annotated

import typer

from kg.cli.options import STORE, lang_option, store_option
from kg.cli.texts import help_of, say


def register(app: typer.Typer) -> None:
    @app.command("remove", help=help_of("remove"))
    def command(
        source: Annotated[str, typer.Argument(metavar="SOURCE", help=say("remove.source"))],
        store: Annotated[str, store_option()] = STORE,
        lexicon: Annotated[str, typer.Option("--lexicon", metavar="DIR", help=say("build.lexicon"))] = "",
        lang: Annotated[str | None, lang_option()] = None,
    ) -> None:
        from kg.ingest.build import remove
        from kg.store.store import Store

        Store(store).close()  # a store that is not there shall not be made
        with Store(store, write=True) as opened:
            remove(source, opened, lexicon_dir=lexicon)
        typer.echo(say("remove.done", source=source))
