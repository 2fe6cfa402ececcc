"""``kg eval``: measure the extraction against annotated files."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.options import make_force_option, make_lang_option, open_output
from kg.cli.texts import build_help, get_language, get_text

if TYPE_CHECKING:
    from rich.table import Table as RichTable

    from kg.evaluate.report import ScoreTable


def register(app: typer.Typer) -> None:
    """Add ``kg eval`` to *app*."""

    @app.command("eval", help=build_help("eval"))
    def command(
        gold: Annotated[list[Path], typer.Argument(metavar="GOLD…", help=get_text("eval.gold"))],
        source_dir: Annotated[
            Path | None, typer.Option("--source-dir", metavar="DIR", help=get_text("eval.source_dir"))
        ] = None,
        lexicon: Annotated[str, typer.Option("--lexicon", metavar="DIR", help=get_text("build.lexicon"))] = "",
        errors: Annotated[bool, typer.Option("--errors", help=get_text("eval.errors"))] = False,
        json_file: Annotated[Path | None, typer.Option("--json", metavar="F", help=get_text("eval.json"))] = None,
        html_file: Annotated[Path | None, typer.Option("--html", metavar="F", help=get_text("eval.html"))] = None,
        force: Annotated[bool, make_force_option()] = False,
        lang: Annotated[str | None, make_lang_option()] = None,
    ) -> None:
        from kg.evaluate import evaluate
        from kg.evaluate.report import format_json, make_tables, summarize_evaluation
        from kg.evaluate.report import list_errors as errors_of
        from kg.files import check_free, choose_format, write_files

        for form, file_name in (("json", json_file), ("html", html_file)):
            if file_name is not None:
                choose_format(form, file_name, {f".{form}": form})
        check_free([path for path in (json_file, html_file) if path is not None], replace=force)
        result = evaluate(gold, source_dir, lexicon_dir=lexicon)
        out = open_output()
        for table in make_tables(result, get_language()):
            out.print(_make_rich_table(table))
        for line in summarize_evaluation(result, get_language()):
            out.print(line, markup=False)
        for file in result.files if errors else ():
            found = errors_of(file, get_language())
            out.print(f"\n{get_text('eval.file', gold=file.gold.name, n=len(found))}", markup=False, soft_wrap=True)
            for line in found:
                out.print(line, markup=False, soft_wrap=True)
        files: dict[Path, bytes] = {}
        if json_file is not None:
            files[json_file] = format_json(result).encode("utf-8")
        if html_file is not None:
            from kg.evaluate.html import render_evaluation

            files[html_file] = render_evaluation(result, get_language()).encode("utf-8")
        for path in write_files(files) if files else ():
            out.print(get_text("app.written", path=path), markup=False, soft_wrap=True)


def _make_rich_table(table: "ScoreTable") -> "RichTable":
    from rich.markup import escape
    from rich.table import Table as RichTable

    rich_table = RichTable(title=escape(table.title))
    for i, column in enumerate(table.columns):
        rich_table.add_column(escape(column), justify="left" if i < table.words else "right")
    for row in table.rows:
        rich_table.add_row(*map(escape, row))
    return rich_table
