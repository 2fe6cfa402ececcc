"""The index of a published site: names, texts and facets, for a search in the browser."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from contextlib import closing
from pathlib import Path
from typing import Any

from kg.serve.publish.paths import make_link
from kg.serve.site.index import FACETS, LINE
from kg.serve.site.state import SiteState
from kg.serve.site.texts import SiteTexts
from viz.payload import find_readings

_UNSAFE = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


def make_index_script(state: SiteState, texts: SiteTexts) -> str:
    """Return the index as a script. Rows are link, class, label, other names, facets, text and source.

    A script rather than JSON: a page that is opened as a file can load nothing else.
    """
    with closing(state.index.connect()) as connection:
        names: dict[int, list[str]] = defaultdict(list)
        for unit, name in connection.execute("SELECT unit, name FROM name"):
            names[unit].append(name)
        facets: dict[int, dict[str, list[str]]] = defaultdict(dict)
        for unit, name, value in connection.execute("SELECT unit, name, value FROM facet WHERE name != 'class'"):
            facets[unit].setdefault(name, []).append(value)
        rows = [_make_row(state, row, names, facets) for row in _read_units(connection)]
    kinds = sorted({row[1] for row in rows})
    data = {
        "rows": rows,
        "classes": {kind: texts.get_class(kind) for kind in kinds},
        "facets": {name: texts(f"facets.{name}") for name in FACETS},
        "line": LINE,
        "pinyin": find_readings(name for some in names.values() for name in some),
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_UNSAFE)
    return f"window.KG_INDEX = {text};\n"


def read_pinyin_script() -> str:
    """Return the script that compares names by their sound, as the graph pages have it."""
    import viz

    folder = Path(viz.__file__).parent / "templates" / "js"
    script = (folder / "pinyin.js").read_text(encoding="utf-8")
    readings = "new Map(Object.entries(KG_INDEX.pinyin).map(([c, r]) => [c, r.split(' ')]))"
    return f"window.KG = {{ pinyin: {readings} }};\n{script}"


def _read_units(connection: sqlite3.Connection) -> list[tuple[Any, ...]]:
    return connection.execute(
        "SELECT id, iri, class, label, body, source, begin FROM unit ORDER BY weight DESC, label, id"
    ).fetchall()


def _make_row(
    state: SiteState, row: tuple[Any, ...], names: dict[int, list[str]], facets: dict[int, dict[str, list[str]]]
) -> list[Any]:
    unit, iri, kind, label, body, source, begin = row
    address = state.addresses.document(source, begin, begin + 1) if kind == LINE else state.addresses.thing(iri)
    others = [name for name in names.get(unit, ()) if name != label]
    return [make_link(address, "search.html"), kind, label, others, facets.get(unit, {}), body, source]
