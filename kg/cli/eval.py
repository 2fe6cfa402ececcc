"""``kg eval``"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli.options import console, lang_option
from kg.cli.texts import help_of, language, say

if TYPE_CHECKING:
    from rich.table import Table as RichTable

    from kg.evaluate.report import Table


def register(app: typer.Typer) -> None:
    @app.command("eval", help=help_of("eval"))
    def command(
        gold: Annotated[list[Path], typer.Argument(metavar="GOLD…", help=say("eval.gold"))],
        source_dir: Annotated[
            Path | None, typer.Option("--source-dir", metavar="DIR", help=say("eval.source_dir"))
        ] = None,
        lexicon: Annotated[str, typer.Option("--lexicon", metavar="DIR", help=say("build.lexicon"))] = "",
        errors: Annotated[bool, typer.Option("--errors", help=say("eval.errors"))] = False,
        json_file: Annotated[Path | None, typer.Option("--json", metavar="F", help=say("eval.json"))] = None,
        html_file: Annotated[Path | None, typer.Option("--html", metavar="F", help=say("eval.html"))] = None,
        lang: Annotated[str | None, lang_option()] = None,
    ) -> None:
        from kg.evaluate import evaluate
        from kg.evaluate.report import as_json, summary, tables
        from kg.evaluate.report import errors as errors_of
        from kg.files import write_files

        result = evaluate(gold, source_dir, lexicon_dir=lexicon)
        out = console()
        for table in tables(result, language()):
            out.print(_rich(table))
        for line in summary(result, language()):
            out.print(line, markup=False)
        for file in result.files if errors else ():
            found = errors_of(file, language())
            out.print(f"\n{say('eval.file', gold=file.gold.name, n=len(found))}", markup=False, soft_wrap=True)
            for line in found:
                out.print(line, markup=False, soft_wrap=True)
        files: dict[Path, bytes] = {}
        if json_file is not None:
            files[json_file] = as_json(result).encode("utf-8")
        if html_file is not None:
            from kg.evaluate.html import render

            files[html_file] = render(result, language()).encode("utf-8")
        for path in write_files(files) if files else ():
            out.print(say("app.written", path=path), markup=False, soft_wrap=True)


def _rich(table: "Table") -> "RichTable":
    from rich.markup import escape
    from rich.table import Table as RichTable

    made = RichTable(title=escape(table.title))
    for i, column in enumerate(table.columns):
        made.add_column(escape(column), justify="left" if i < table.words else "right")
    for row in table.rows:
        made.add_row(*map(escape, row))
    return made
