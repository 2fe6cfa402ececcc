"""Reports as files: one module for each format, the format by the suffix of a file, and what fits where."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

from kg import files
from kg.errors import UsageError, check_choice
from kg.report.model import ReportContent

FORMATS = ("html", "xlsx", "docx", "csv", "md", "json", "ics")
SUFFIXES: Mapping[str, str] = {f".{form}": form for form in FORMATS} | {".htm": "html", ".markdown": "md"}
"""Format by suffix of a file."""
BINARY = frozenset({"xlsx", "docx"})
"""Formats that cannot be printed on a screen."""


def render_report(report: ReportContent, form: str, lang: str, template: str = "") -> bytes:
    """Return *report* as a file of the format *form*; equal reports give equal bytes.

    Args:
        report: the report.
        form: one of ``FORMATS``.
        lang: language of titles, notes and codes.
        template: a file that takes the place of the package's template (html, docx).

    Raises:
        UsageError: the format is unknown or does not fit the report, or the template cannot be used.
    """
    check_choice(form, FORMATS)
    if template and form not in ("html", "docx"):
        raise UsageError(
            f"--template 只用于 html 和 docx，不用于 {form}", f"--template is for html and docx only, not for {form}"
        )
    if form == "ics" and not report.events:
        raise UsageError(
            f"{report.name}：没有带日期的期限，没有可写入日历的内容",
            f"{report.name}: no deadlines with a date, so that there is nothing for a calendar",
        )
    options = {"template": template} if template else {}
    rendered: bytes = import_module(f"kg.report.writers.{form}").render(report, lang, **options)
    return rendered


def choose_format(form: str | None, output: str | None) -> str:
    """Return the format to write: *form*, else the one that the suffix of *output* means, else Markdown.

    Raises:
        UsageError: the format is unknown, or does not fit the screen or the name of the file.
    """
    if form is not None:
        check_choice(form, FORMATS)
    if output is None:
        if form in BINARY:
            raise UsageError(
                f"{form} 要写到文件，请加上 --output 文件.{form}", f"{form} needs a file: add --output FILE.{form}"
            )
        return form or "md"
    return files.choose_format(form, output, SUFFIXES)
