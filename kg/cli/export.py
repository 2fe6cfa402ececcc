"""``kg export``: write a graph to a file."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import STORE, make_force_option, make_lang_option, make_store_option
from kg.cli.texts import build_help, get_text


def register(app: typer.Typer) -> None:
    """Add ``kg export`` to *app*."""

    @app.command("export", help=build_help("export"))
    def command(
        output: Annotated[str, typer.Option("--output", "-o", metavar="FILE", help=get_text("export.output"))],
        form: Annotated[
            str | None, typer.Option("--format", "-f", metavar="FORMAT", help=get_text("export.format"))
        ] = None,
        store: Annotated[str, make_store_option()] = STORE,
        force: Annotated[bool, make_force_option()] = False,
        with_builds: Annotated[bool, typer.Option("--with-builds", help=get_text("export.with_builds"))] = False,
        lang: Annotated[str | None, make_lang_option()] = None,
    ) -> None:
        from kg.cli import make_error
        from kg.errors import UsageError
        from kg.export.rdf import FORMATS, SUFFIXES, check_format, export_store, list_outputs
        from kg.files import check_free, choose_format
        from kg.store.store import Store

        if form is not None:
            check_format(form)
        elif output == "-" or not Path(output).suffix:
            raise make_error(UsageError, "export.no_format", formats=" ".join(FORMATS))
        chosen = form if form and (output == "-" or Path(output).is_dir()) else choose_format(form, output, SUFFIXES)
        target = None if output == "-" else output
        check_free(list_outputs(chosen, target), replace=force)
        with Store(store) as opened:
            written = export_store(opened, chosen, target, with_builds=with_builds)
        if isinstance(written, str):
            sys.stdout.write(written)
            sys.stdout.flush()
            return
        for path in written:
            typer.echo(get_text("app.written", path=path))
