"""``kg stats``: count the things and statements in a store."""

from typing import Annotated

import typer

from kg.cli.options import STORE, make_lang_option, make_store_option, open_output
from kg.cli.texts import build_help, get_language, get_text


def register(app: typer.Typer) -> None:
    """Add ``kg stats`` to *app*."""

    @app.command("stats", help=build_help("stats"))
    def command(
        store: Annotated[str, make_store_option()] = STORE,
        lang: Annotated[str | None, make_lang_option()] = None,
    ) -> None:
        from rich.table import Table

        from kg.graph.stats import count_store
        from kg.store.store import Store
        from ontology.labels import name_class, name_property

        with Store(store) as opened:
            found = count_store(opened)
        out = open_output()
        things = Table(get_text("stats.column_class"), title=get_text("stats.classes"))
        statements = Table(get_text("stats.column_predicate"), title=get_text("stats.predicates"))
        for table, counts, name_term in (
            (things, found.classes, name_class),
            (statements, found.predicates, name_property),
        ):
            table.add_column(get_text("stats.column_count"), justify="right")
            for name, count in counts.items():
                table.add_row(name_term(name, get_language()), str(count))
            out.print(table)
        out.print(get_text("stats.summary", sources=found.sources, quads=found.quads), markup=False)
