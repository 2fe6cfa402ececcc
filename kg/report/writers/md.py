"""A report as Markdown, which is also what the screen shows."""

from __future__ import annotations

from collections.abc import Iterator

from kg.report.model import Column, Count, Excerpt, ReportContent, Table, Value
from kg.report.texts import Texts


def render(report: ReportContent, lang: str) -> bytes:
    """Return *report* as Markdown with one table for each answer, and the notes below them."""
    texts = Texts(lang)
    about = texts.filters(report.filters) or texts.get("words", "everything")
    lines = [f"# {texts.title(report.name)}", "", about, ""]
    for table in report.tables:
        lines += [f"## {texts.table(report.name, table.key)}", "", *_write_table(table, texts), ""]
    lines += [f"## {texts.get('words', 'notes')}", "", *(f"- {texts.note(note)}" for note in report.notes)]
    return ("\n".join(lines) + "\n").encode("utf-8")


def _write_table(table: Table, texts: Texts) -> Iterator[str]:
    for note in table.notes:
        yield texts.note(note)
        yield ""
    if not table.rows:
        yield texts.get("words", "empty")
        return
    titles = [texts.get("words", "number"), *(texts.column(column.key) for column in table.columns)]
    yield f"| {' | '.join(titles)} |"
    yield f"| {' | '.join('---' for _ in titles)} |"
    for number, row in enumerate(table.rows, 1):
        cells = [_write_cell(c, v, texts) for c, v in zip(table.columns, row.values, strict=True)]
        yield f"| {' | '.join([str(number), *cells])} |"


def _write_cell(column: Column, value: Value, texts: Texts) -> str:
    if isinstance(value, Excerpt):
        before, words, after = map(_escape, texts.quote(value))
        return f"{before}**{words}**{after}<br>（{_escape(texts.place(value))}）"
    if isinstance(value, Count) and value.rows:
        return f"{value.number}（{texts.get('words', 'rows', rows=texts.rows(value))}）"
    return _escape(texts.plain(value, column.kind))


def _escape(text: str) -> str:
    for sign in "\\`*_|<>[]":
        text = text.replace(sign, f"\\{sign}")
    return text
