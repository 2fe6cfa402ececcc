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
        view: Annotated[str, typer.Option("--view", metavar="NAME", help=say("viz.view"))] = "graph",
        embed: Annotated[bool, typer.Option("--embed", help=say("viz.embed"))] = False,
        look: Annotated[str | None, typer.Option("--look", metavar="DIR", help=say("viz.look"))] = None,
        show: Annotated[bool, typer.Option("--open", help=say("viz.open"))] = False,
        lang: Annotated[str | None, lang_option()] = None,
    ) -> None:
        import webbrowser

        from kg.export.page import page
        from kg.files import write_files
        from kg.store.store import Store

        with Store(store) as opened:
            html = page(opened, about, hops, lang=language(), view=view, embed=embed, look=look)
        write_files({Path(output): html.encode("utf-8")})
        typer.echo(say("app.written", path=output))
        if show:
            webbrowser.open(Path(output).resolve().as_uri())
