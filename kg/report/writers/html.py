"""A report as one HTML page that loads nothing: light and dark, for screens, phones and A4 paper, with bars as SVG."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kg.errors import UsageError
from kg.report.model import Chart, Count, Excerpt, ReportContent, Table, Value
from kg.report.texts import Texts
from kg.report.writers.blocks import split_blocks

_TEMPLATES = Path(__file__).parent.parent / "templates"
_WIDE = 7
"""Columns from which a page is printed in landscape format."""
_BAR, _BAR_HEIGHT, _LABEL, _GAP = 520, 16, 230, 9
"""Measures of a chart, in units of its drawing."""
_LONGEST_LABEL = 18
_MOST_BARS = 40


@dataclass(frozen=True, slots=True)
class _Part:
    x: float
    width: float
    number: int
    key: str
    shade: int


@dataclass(frozen=True, slots=True)
class _Bar:
    label: str
    title: str
    y: int
    parts: tuple[_Part, ...]
    total: int


def render(report: ReportContent, lang: str, template: str = "") -> bytes:
    """Return the page as UTF-8.

    Args:
        report: the report.
        lang: language of its words.
        template: a Jinja file that takes the place of ``templates/report.html``.

    Raises:
        UsageError: the template cannot be read or filled in.
    """
    from jinja2 import TemplateError

    try:
        page: str = _load_template(template or "report.html").render(**_make_context(report, lang), css=_read_css())
    except (OSError, UnicodeDecodeError, TemplateError) as error:
        if not template:
            raise
        raise UsageError(
            f"{template}：不能用作模板（{error}）", f"{template}: cannot be used as a template ({error})"
        ) from error
    return page.encode("utf-8", "replace")


def render_fragment(report: ReportContent, lang: str) -> str:
    """Return only the tables of a report with their style, for a notebook."""
    return f'<div class="kg-report"><style>{_read_css()}</style>{render_tables(report, lang)}</div>'


def render_tables(report: ReportContent, lang: str, locate: Callable[[Excerpt], str] | None = None) -> str:
    """Return only the tables of a report, for a page that has their style.

    Args:
        report: the report.
        lang: language of its words.
        locate: returns the address of the words of a quote; None for no links.
    """
    context = _make_context(report, lang) | ({"locate": locate} if locate else {})
    text: str = _load_template("tables.html").render(**context)
    return text


def _make_context(report: ReportContent, lang: str) -> dict[str, Any]:
    texts = Texts(lang)
    build = report.build
    return {
        "report": report,
        "lang": "zh-CN" if lang == "zh" else lang,
        "t": texts,
        "about": texts.filters(report.filters) or texts.get("words", "everything"),
        "state": texts.get("words", "state", number=build.number, last=build.last or "–"),
        "blocks": {table.key: list(split_blocks(table, texts)) for table in report.tables},
        "charts": {table.key: draw_chart(table, table.chart, texts) for table in report.tables if table.chart},
        "bar": {"width": _LABEL + _BAR + 50, "label": _LABEL - 8, "height": _BAR_HEIGHT},
        "landscape": any(len(table.columns) >= _WIDE for table in report.tables),
        "failures": [(s, s.failure[0 if lang == "zh" else 1] if s.failure else "") for s in build.sources],
        "is_quote": lambda value: isinstance(value, Excerpt),
        "is_count": lambda value: isinstance(value, Count),
        "locate": lambda value: "",
    }


def draw_chart(table: Table, chart: Chart, texts: Texts) -> list[_Bar]:
    """Return the bars of a table: each as long as its share of the longest one, in parts."""
    label, parts = table.get_position(chart.label), [table.get_position(key) for key in chart.parts]
    counted = [(texts.plain(row.values[label]), [_get_number(row.values[p]) for p in parts]) for row in table.rows]
    shown = [(name, numbers) for name, numbers in counted if sum(numbers)][:_MOST_BARS]
    longest = max((sum(numbers) for _, numbers in shown), default=0)
    bars = []
    for position, (name, numbers) in enumerate(shown):
        x, found = float(_LABEL), []
        for key, shade, number in zip(chart.parts, chart.shades, numbers, strict=False):
            width = _BAR * number / longest
            if number:
                found.append(_Part(round(x, 1), round(width, 1), number, key, shade))
            x += width
        short = name if len(name) <= _LONGEST_LABEL else name[: _LONGEST_LABEL - 1] + "…"
        bars.append(_Bar(short, name, position * (_BAR_HEIGHT + _GAP), tuple(found), sum(numbers)))
    return bars


def _get_number(value: Value) -> int:
    if isinstance(value, Count):
        return value.number
    return value if isinstance(value, int) else 0


def _load_template(name: str) -> Any:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    def load(wanted: str) -> str:
        own = _TEMPLATES / wanted
        return (own if own.is_file() else Path(wanted)).read_text(encoding="utf-8")

    env = Environment(
        loader=FunctionLoader(load), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return env.get_template(name)


@cache
def _read_css() -> Any:
    from markupsafe import Markup

    return Markup((_TEMPLATES / "report.css").read_text(encoding="utf-8"))
