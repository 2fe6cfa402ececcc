"""``kg review``: write doubtful facts to a spreadsheet, and read the decisions filled in there."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import STORE, find_decisions, make_force_option, make_lang_option, make_store_option, open_output
from kg.cli.texts import build_help, get_language, get_text


def register(app: typer.Typer) -> None:
    """Add ``kg review`` to *app*."""

    @app.command("review", help=build_help("review"))
    def command(
        store: Annotated[str, make_store_option()] = STORE,
        output: Annotated[str, typer.Option("--output", metavar="FILE.xlsx", help=get_text("review.output"))] = "",
        apply: Annotated[str, typer.Option("--apply", metavar="FILE.xlsx", help=get_text("review.apply"))] = "",
        decisions: Annotated[
            str | None, typer.Option("--decisions", metavar="FILE", help=get_text("review.decisions"))
        ] = None,
        force: Annotated[bool, make_force_option()] = False,
        lexicon: Annotated[str, typer.Option("--lexicon", metavar="DIR", help=get_text("build.lexicon"))] = "",
        lang: Annotated[str | None, make_lang_option()] = None,
    ) -> None:
        from kg.cli import make_error
        from kg.errors import UsageError
        from kg.files import check_free, choose_format

        if bool(output) == bool(apply):
            raise make_error(UsageError, "review.one")
        if output:
            choose_format(None, output, {".xlsx": "xlsx"}, has_option=False)
            check_free([Path(output)], replace=force)
            _write_doubts(store, output, find_decisions(decisions), lexicon)
        else:
            _save_decisions(apply, decisions)


def _write_doubts(store: str, output: str, decisions: str, lexicon: str) -> None:
    """Write what is doubtful in *store*, and not decided yet, to the spreadsheet *output*."""
    from kg.review.decisions import read_decisions
    from kg.review.doubts import find_doubts
    from kg.review.wording import get_text as word
    from kg.review.writing import write_spreadsheet
    from kg.store.store import Store

    decided = read_decisions(decisions) if decisions and Path(decisions).exists() else ()
    with Store(store) as opened:
        rows = find_doubts(opened, decided, lexicon_dir=lexicon, lang=get_language())
    write_spreadsheet(rows, output, get_language())
    out = open_output()
    for sheet, n in Counter(row.sheet for row in rows).items():
        out.print("  " + get_text("review.rows", sheet=word("sheets", sheet, get_language()), n=n), markup=False)
    out.print(get_text("app.written", path=output), markup=False)
    out.print(get_text("review.next", path=output), markup=False)


def _save_decisions(path: str, decisions: str | None) -> None:
    """Add the decisions in the spreadsheet *path* to the decisions file."""
    from extract.corrections.model import update_decisions
    from kg.review.decisions import DEFAULT_FILE, read_decisions, write_decisions
    from kg.review.reading import read_spreadsheet

    target = decisions or DEFAULT_FILE
    new = read_spreadsheet(path)
    if not new:
        open_output().print(get_text("review.none", path=target), markup=False)
        return
    old = read_decisions(target) if Path(target).exists() else ()
    kept = update_decisions(old, new)
    if kept != old:
        write_decisions(target, kept)
    open_output().print(get_text("review.kept", n=len(new), path=target, total=len(kept)), markup=False)
