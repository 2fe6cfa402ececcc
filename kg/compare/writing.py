"""A comparison as JSON for programs, and as a table for spreadsheets."""

from __future__ import annotations

import json
from typing import Any

from kg.compare.data import load_settings
from kg.compare.model import Change, Diff, FactValue
from kg.export.networks import serialize_csv
from ontology.labels import name_class


def encode_diff_json(diff: Diff) -> str:
    """Return all of *diff* as JSON: words, codes, and each quote with its place."""
    found = {
        "before": diff.before,
        "after": diff.after,
        "sources": {"added": diff.sources_added, "dropped": diff.sources_dropped},
        "summary": dict(diff.counts),
        "changes": [_make_object(change) for change in diff.changes],
    }
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def encode_diff_csv(diff: Diff, lang: str) -> bytes:
    """Return *diff* as CSV (UTF-8 with BOM): a row for each change, column titles in *lang*."""
    heads = {name: entry[lang] for name, entry in load_settings()["columns"].items()}
    rows = [{heads[name]: text for name, text in _make_row(change, lang).items()} for change in diff.changes]
    return serialize_csv(tuple(heads.values()), rows)


def _make_row(change: Change, lang: str) -> dict[str, str]:
    quotes = [_get_first_quote(value) for value in (change.before, change.after)]
    return {
        "op": load_settings()["ops"][change.op][lang],
        "class": name_class(change.thing.kind, lang),
        "thing": change.thing.label,
        "label": change.label or load_settings()["words"]["class"][lang],
        "before": change.before.words if change.before else "",
        "after": change.after.words if change.after else "",
        "before_quote": quotes[0][0],
        "after_quote": quotes[1][0],
        "before_source": quotes[0][1],
        "after_source": quotes[1][1],
        "property": change.property,
        "iri": change.thing.iri,
    }


def _get_first_quote(value: FactValue | None) -> tuple[str, str]:
    """Return text and source of the first passage of *value*."""
    return (value.passages[0].text, value.passages[0].source) if value and value.passages else ("", "")


def _make_object(change: Change) -> dict[str, Any]:
    return {
        "change": change.op,
        "what": change.what,
        "thing": {"iri": change.thing.iri, "label": change.thing.label, "class": change.thing.kind},
        "property": change.property,
        "label": change.label,
        "words": change.words,
        "before": _make_value_object(change.before),
        "after": _make_value_object(change.after),
    }


def _make_value_object(value: FactValue | None) -> dict[str, Any] | None:
    if value is None:
        return None
    found: dict[str, Any] = {"words": value.words, "value": value.value}
    found |= {name: text for name, text in (("unit", value.unit), ("period", value.period)) if text}
    found["quotes"] = [
        {"text": passage.text, "sentence": passage.before + passage.text + passage.after, "source": passage.source,
         "begin": passage.begin, "end": passage.begin + len(passage.text)}
        | ({"locator": passage.locator} if passage.locator else {})
        for passage in value.passages
    ]  # fmt: skip
    return found
