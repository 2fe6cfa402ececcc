"""A comparison as JSON, for programs, and as a table, for spreadsheets."""

from __future__ import annotations

import json
from typing import Any

from kg.compare.data import settings
from kg.compare.model import Change, Diff, Said
from kg.export.networks import csv_bytes
from ontology.labels import name_class


def as_json(diff: Diff) -> str:
    """All of *diff*: words, codes, and every quote with its place."""
    found = {
        "before": diff.before,
        "after": diff.after,
        "sources": {"added": diff.sources_added, "dropped": diff.sources_dropped},
        "summary": dict(diff.counts),
        "changes": [_change(c) for c in diff.changes],
    }
    return json.dumps(found, ensure_ascii=False, indent=1) + "\n"


def as_csv(diff: Diff, lang: str) -> bytes:
    """One row a change, heads in words of *lang*; UTF-8 with BOM."""
    heads = {name: entry[lang] for name, entry in settings()["columns"].items()}
    rows = [{heads[name]: text for name, text in _row(c, lang).items()} for c in diff.changes]
    return csv_bytes(tuple(heads.values()), rows)


def _row(c: Change, lang: str) -> dict[str, str]:
    quotes = [(s.passages[0].text, s.passages[0].source) if s and s.passages else ("", "") for s in (c.before, c.after)]
    return {
        "op": settings()["ops"][c.op][lang],
        "class": name_class(c.thing.kind, lang),
        "thing": c.thing.label,
        "label": c.label or settings()["words"]["class"][lang],
        "before": c.before.words if c.before else "",
        "after": c.after.words if c.after else "",
        "before_quote": quotes[0][0],
        "after_quote": quotes[1][0],
        "before_source": quotes[0][1],
        "after_source": quotes[1][1],
        "property": c.property,
        "iri": c.thing.iri,
    }


def _change(c: Change) -> dict[str, Any]:
    return {
        "change": c.op,
        "what": c.what,
        "thing": {"iri": c.thing.iri, "label": c.thing.label, "class": c.thing.kind},
        "property": c.property,
        "label": c.label,
        "words": c.words,
        "before": _said(c.before),
        "after": _said(c.after),
    }


def _said(said: Said | None) -> dict[str, Any] | None:
    if said is None:
        return None
    found: dict[str, Any] = {"words": said.words, "value": said.value}
    found |= {name: x for name, x in (("unit", said.unit), ("period", said.period)) if x}
    found["quotes"] = [
        {"text": p.text, "sentence": p.before + p.text + p.after, "source": p.source, "begin": p.begin,
         "end": p.begin + len(p.text)} | ({"locator": p.locator} if p.locator else {})
        for p in said.passages
    ]  # fmt: skip
    return found
