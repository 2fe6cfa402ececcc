"""``kg validate``: check a store for errors."""

from typing import Annotated

import typer

from kg.cli.options import STORE, make_lang_option, make_store_option, open_output
from kg.cli.texts import build_help, get_language, get_text

_LIMIT = 20


def register(app: typer.Typer) -> None:
    """Add ``kg validate`` to *app*."""

    @app.command("validate", help=build_help("validate"))
    def command(
        store: Annotated[str, make_store_option()] = STORE,
        shapes: Annotated[bool, typer.Option("--shapes/--no-shapes", help=get_text("validate.shapes"))] = True,
        limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help=get_text("validate.limit"))] = _LIMIT,
        lang: Annotated[str | None, make_lang_option()] = None,
    ) -> None:
        from kg.cli import make_error
        from kg.errors import ValidationFailed
        from kg.graph.validate import validate_store
        from kg.store.store import Store

        with Store(store) as opened:
            findings = validate_store(opened, shapes=shapes)
            size = len(opened)
        out = open_output()
        for finding in findings[:limit]:
            out.print(f"- {finding.message(get_language())}", markup=False, soft_wrap=True)
        if len(findings) > limit:
            out.print(get_text("validate.more", n=len(findings) - limit), markup=False)
        if findings:
            raise make_error(ValidationFailed, "validate.bad", n=len(findings))
        out.print(get_text("validate.good", quads=size), markup=False)
