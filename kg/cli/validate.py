"""``kg validate``"""

from typing import Annotated

import typer

from kg.cli.options import STORE, console, lang_option, store_option
from kg.cli.texts import help_of, language, say

_LIMIT = 20


def register(app: typer.Typer) -> None:
    @app.command("validate", help=help_of("validate"))
    def command(
        store: Annotated[str, store_option()] = STORE,
        shapes: Annotated[bool, typer.Option("--shapes/--no-shapes", help=say("validate.shapes"))] = True,
        limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help=say("validate.limit"))] = _LIMIT,
        lang: Annotated[str | None, lang_option()] = None,
    ) -> None:
        from kg.cli import error
        from kg.errors import ValidationFailed
        from kg.graph.validate import validate
        from kg.store.store import Store

        with Store(store) as opened:
            findings = validate(opened, shapes=shapes)
            size = len(opened)
        out = console()
        for finding in findings[:limit]:
            out.print(f"- {finding.message(language())}", markup=False, soft_wrap=True)
        if len(findings) > limit:
            out.print(say("validate.more", n=len(findings) - limit), markup=False)
        if findings:
            raise error(ValidationFailed, "validate.bad", n=len(findings))
        out.print(say("validate.good", quads=size), markup=False)
