"""``kg viz``: make the interactive page of a store."""

from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import STORE, make_force_option, make_lang_option, make_store_option
from kg.cli.texts import build_help, get_language, get_text


def register(app: typer.Typer) -> None:
    """Add ``kg viz`` to *app*."""

    @app.command("viz", help=build_help("viz"))
    def command(
        output: Annotated[str, typer.Option("--output", "-o", metavar="FILE.html", help=get_text("viz.output"))],
        store: Annotated[str, make_store_option()] = STORE,
        about: Annotated[str | None, typer.Option("--about", metavar="NAME", help=get_text("viz.about"))] = None,
        hops: Annotated[int, typer.Option("--hops", metavar="N", min=0, help=get_text("viz.hops"))] = 1,
        view: Annotated[str, typer.Option("--view", metavar="NAME", help=get_text("viz.view"))] = "graph",
        embed: Annotated[bool, typer.Option("--embed", help=get_text("viz.embed"))] = False,
        look: Annotated[str | None, typer.Option("--look", metavar="DIR", help=get_text("viz.look"))] = None,
        show: Annotated[bool, typer.Option("--open", help=get_text("viz.open"))] = False,
        force: Annotated[bool, make_force_option()] = False,
        lang: Annotated[str | None, make_lang_option()] = None,
    ) -> None:
        import webbrowser

        from kg.export.page import SUFFIXES, PageOptions, render_page
        from kg.files import check_free, choose_format, write_files
        from kg.store.store import Store

        choose_format(None, output, SUFFIXES, has_option=False)
        check_free([Path(output)], replace=force)
        options = PageOptions(lang=get_language(), view=view, embed=embed, look=look)
        with Store(store) as opened:
            html = render_page(opened, about, hops, options)
        write_files({Path(output): html.encode("utf-8")})
        typer.echo(get_text("app.written", path=output))
        if show:
            webbrowser.open(Path(output).resolve().as_uri())
