"""``kg stats``"""

from typing import Annotated

import typer

from kg.cli.options import STORE, console, lang_option, store_option
from kg.cli.texts import help_of, language, say


def register(app: typer.Typer) -> None:
    @app.command("stats", help=help_of("stats"))
    def command(
        store: Annotated[str, store_option()] = STORE,
        lang: Annotated[str | None, lang_option()] = None,
    ) -> None:
        from rich.table import Table

        from kg.graph.stats import stats
        from kg.store.store import Store
        from ontology.labels import name_class, name_property

        with Store(store) as opened:
            found = stats(opened)
        out = console()
        things = Table(say("stats.column_class"), title=say("stats.classes"))
        statements = Table(say("stats.column_predicate"), title=say("stats.predicates"))
        for table, counts, word in (
            (things, found.classes, name_class),
            (statements, found.predicates, name_property),
        ):
            table.add_column(say("stats.column_count"), justify="right")
            for name, count in counts.items():
                table.add_row(word(name, language()), str(count))
            out.print(table)
        out.print(say("stats.summary", sources=found.sources, quads=found.quads), markup=False)
