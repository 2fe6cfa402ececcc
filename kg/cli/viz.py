"""``kg viz``"""

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import STORE, lang_option, store_option
from kg.cli.texts import help_of, language, say


def register(app: typer.Typer) -> None:
    @app.command("viz", help=help_of("viz"))
    def command(
        output: Annotated[str, typer.Option("--output", "-o", metavar="FILE.html", help=say("viz.output"))],
        store: Annotated[str, store_option()] = STORE,
        about: Annotated[str | None, typer.Option("--about", metavar="NAME", help=say("viz.about"))] = None,
        hops: Annotated[int, typer.Option("--hops", metavar="N", min=0, help=say("viz.hops"))] = 1,
        show: Annotated[bool, typer.Option("--open", help=say("viz.open"))] = False,
        lang: Annotated[str | None, lang_option()] = None,
    ) -> None:
        import webbrowser

        from kg.export import write_all
        from kg.graphdata import page_data
        from kg.store import Store
        from viz.page import render

        with Store(store) as opened:
            data = page_data(opened, about, hops, language())
        write_all({Path(output): render(data, lang=language()).encode("utf-8")})
        typer.echo(say("app.written", path=output))
        if show:
            webbrowser.open(Path(output).resolve().as_uri())
