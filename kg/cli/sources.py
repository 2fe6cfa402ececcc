"""``kg sources``"""

from typing import Annotated

import typer

from kg.cli.options import STORE, console, lang_option, store_option
from kg.cli.texts import help_of, say


def register(app: typer.Typer) -> None:
    @app.command("sources", help=help_of("sources"))
    def command(
        store: Annotated[str, store_option()] = STORE,
        lang: Annotated[str | None, lang_option()] = None,
    ) -> None:
        from rich.table import Table
        from rich.text import Text

        from kg.store import Store
        from ontology.terms import DCTERMS

        with Store(store) as opened:
            rows = []
            for ident, graph in opened.sources().items():
                quads = list(opened.quads(graph))
                documents = sum(q.predicate.value == DCTERMS + "source" for q in quads)
                rows.append((ident, str(documents), str(len(quads))))
        table = Table()
        table.add_column(say("sources.column_source"), overflow="fold")
        table.add_column(say("sources.column_documents"), justify="right")
        table.add_column(say("sources.column_quads"), justify="right")
        for row in rows:
            table.add_row(*map(Text, row))
        console().print(table if rows else say("app.empty"))
