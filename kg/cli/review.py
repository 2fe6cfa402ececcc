"""``kg review``"""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import STORE, console, decisions_of, lang_option, store_option
from kg.cli.texts import help_of, language, say


def register(app: typer.Typer) -> None:
    @app.command("review", help=help_of("review"))
    def command(
        store: Annotated[str, store_option()] = STORE,
        output: Annotated[str, typer.Option("--output", metavar="FILE.xlsx", help=say("review.output"))] = "",
        apply: Annotated[str, typer.Option("--apply", metavar="FILE.xlsx", help=say("review.apply"))] = "",
        decisions: Annotated[
            str | None, typer.Option("--decisions", metavar="FILE", help=say("review.decisions"))
        ] = None,
        lexicon: Annotated[str, typer.Option("--lexicon", metavar="DIR", help=say("build.lexicon"))] = "",
        lang: Annotated[str | None, lang_option()] = None,
    ) -> None:
        from kg.cli import error
        from kg.errors import UsageError

        if bool(output) == bool(apply):
            raise error(UsageError, "review.one")
        if output:
            _write(store, output, decisions_of(decisions), lexicon)
        else:
            _apply(apply, decisions)


def _write(store: str, output: str, decisions: str, lexicon: str) -> None:
    from kg.review.decided import load
    from kg.review.doubts import doubts
    from kg.review.words import say as word
    from kg.review.writing import write
    from kg.store.store import Store

    decided = load(decisions) if decisions and Path(decisions).exists() else ()
    with Store(store) as opened:
        rows = doubts(opened, decided, lexicon_dir=lexicon, lang=language())
    write(rows, output, language())
    out = console()
    for sheet, n in Counter(r.sheet for r in rows).items():
        out.print("  " + say("review.rows", sheet=word("sheets", sheet, language()), n=n), markup=False)
    out.print(say("app.written", path=output), markup=False)
    out.print(say("review.next", path=output), markup=False)


def _apply(path: str, decisions: str | None) -> None:
    from extract.corrections.model import update
    from kg.review.decided import DEFAULT, load, save
    from kg.review.reading import read

    target = decisions or DEFAULT
    new = read(path)
    if not new:
        console().print(say("review.none", path=target), markup=False)
        return
    old = load(target) if Path(target).exists() else ()
    kept = update(old, new)
    if kept != old:
        save(target, kept)
    console().print(say("review.kept", n=len(new), path=target, total=len(kept)), markup=False)
