"""``kg report``: answers that can be put in front of somebody, as pages, spreadsheets and documents."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from kg.cli.options import STORE, make_force_option, make_lang_option, make_store_option, open_output
from kg.cli.texts import build_help, get_language, get_text


def _make_option(name: str, text: str, metavar: str = "TEXT") -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(name, metavar=metavar, help=get_text(f"report.{text}"))
    return option


def register(app: typer.Typer) -> None:
    """Add ``kg report`` to *app*."""

    @app.command("report", help=build_help("report"))
    def command(
        name: Annotated[str | None, typer.Argument(metavar="NAME", help=get_text("report.name"))] = None,
        store: Annotated[str, make_store_option()] = STORE,
        listing: Annotated[bool, typer.Option("--list", help=get_text("report.list"))] = False,
        form: Annotated[str | None, _make_option("--format", "format", "FORMAT")] = None,
        output: Annotated[
            str | None, typer.Option("--output", "-o", metavar="F", help=get_text("option.output"))
        ] = None,
        force: Annotated[bool, make_force_option()] = False,
        proposal: Annotated[str, _make_option("--proposal", "proposal")] = "",
        agency: Annotated[str, _make_option("--agency", "agency")] = "",
        place: Annotated[str, _make_option("--place", "place")] = "",
        year: Annotated[str, _make_option("--year", "year")] = "",
        tier: Annotated[str, _make_option("--tier", "tier")] = "",
        metric: Annotated[str, _make_option("--metric", "metric")] = "",
        as_of: Annotated[str, _make_option("--as-of", "as_of", "DATE")] = "",
        limits: Annotated[str, _make_option("--limits", "limits", "F")] = "",
        session: Annotated[str, _make_option("--session", "session", "F")] = "",
        profile: Annotated[str, _make_option("--profile", "profile", "F")] = "",
        facts: Annotated[str, _make_option("--facts", "facts", "K=V")] = "",
        template: Annotated[str, _make_option("--template", "template", "F")] = "",
        lang: Annotated[str | None, make_lang_option()] = None,
    ) -> None:
        if listing:
            _print_reports()
            return
        from kg.cli import make_error
        from kg.errors import UsageError
        from kg.files import check_free
        from kg.report import make_report
        from kg.report.writers import choose_format
        from kg.store.store import Store

        if name is None:
            raise make_error(UsageError, "report.no_name")
        output = None if output == "-" else output
        chosen = choose_format(form, output)
        check_free([Path(output)] if output else [], replace=force)
        filters = {"proposal": proposal, "agency": agency, "place": place, "year": year, "tier": tier,
                   "metric": metric, "as_of": as_of, "limits": limits, "session": session, "profile": profile,
                   "facts": facts}  # fmt: skip
        with Store(store) as opened:
            report = make_report(opened, name, get_language(), **filters)
        data = report.render(chosen, template=template)
        _write(data, output)


def _write(data: bytes, output: str | None) -> None:
    """Write *data* to the file *output*, or as text to the screen."""
    from kg.files import write_files

    if output is None:
        sys.stdout.write(data.decode("utf-8-sig"))
        sys.stdout.flush()
        return
    write_files({Path(output): data})
    typer.echo(get_text("app.written", path=output))


def _print_reports() -> None:
    from rich.table import Table

    from kg.report.catalog import list_filters, list_reports

    table = Table(get_text("report.column_name"), get_text("report.column_shows"), get_text("report.column_filters"))
    for name, shows in list_reports(get_language()).items():
        table.add_row(name, shows, "\n".join(f"--{key}".replace("_", "-") for key in list_filters(name)))
    open_output().print(table)
