"""A report as JSON: keys instead of words, quotes with source and position, notes in the chosen language."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from kg.report.model import Amount, Code, Count, Excerpt, Note, ReportContent, Value
from kg.report.texts import Texts


def render(report: ReportContent, lang: str) -> bytes:
    """Return *report* as one object: tables with rows as objects, notes, filters, build and queries."""
    texts = Texts(lang)
    data = {
        "report": report.name,
        "title": texts.title(report.name),
        "filters": dict(report.filters.items()),
        "notes": [texts.note(note) for note in report.notes],
        "tables": [
            {
                "key": table.key,
                "title": texts.table(report.name, table.key),
                "notes": [texts.note(note) for note in table.notes],
                "columns": [
                    {"key": column.key, "kind": column.kind, "title": texts.column(column.key)}
                    for column in table.columns
                ],
                "rows": [{key: _encode(value, texts) for key, value in row.items()} for row in table.to_dicts()],
            }
            for table in report.tables
        ],
        "build": asdict(report.build),
        "queries": dict(report.queries),
    }
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _encode(value: Value, texts: Texts) -> Any:
    if isinstance(value, Excerpt):
        return asdict(value) | {"sentence": value.sentence}
    if isinstance(value, Code):
        return value.key
    if isinstance(value, Count):
        return {"number": value.number, "table": value.table, "rows": list(value.rows)}
    if isinstance(value, Amount):
        return {"value": _encode_number(value.value), "unit": value.unit, "bound": value.bound}
    if isinstance(value, Note):
        return texts.note(value)
    if isinstance(value, date):
        return value.isoformat()
    return _encode_number(value) if isinstance(value, Decimal) else value


def _encode_number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
