"""``kg export``"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import STORE, lang_option, store_option
from kg.cli.texts import help_of, say


def register(app: typer.Typer) -> None:
    @app.command("export", help=help_of("export"))
    def command(
        output: Annotated[str, typer.Option("--output", "-o", metavar="FILE", help=say("export.output"))],
        form: Annotated[str | None, typer.Option("--format", "-f", metavar="FORMAT", help=say("export.format"))] = None,
        store: Annotated[str, store_option()] = STORE,
        with_builds: Annotated[bool, typer.Option("--with-builds", help=say("export.with_builds"))] = False,
        lang: Annotated[str | None, lang_option()] = None,
    ) -> None:
        from kg.cli import error
        from kg.errors import UsageError
        from kg.export import rdf as export
        from kg.store.store import Store

        chosen = form or export.SUFFIXES.get(Path(output).suffix.lower())
        if chosen is None:
            raise error(UsageError, "export.no_format", formats=" ".join(export.FORMATS))
        export.check_format(chosen)
        with Store(store) as opened:
            made = export.export(opened, chosen, None if output == "-" else output, with_builds=with_builds)
        if isinstance(made, str):
            sys.stdout.write(made)
            sys.stdout.flush()
            return
        for path in made:
            typer.echo(say("app.written", path=path))
