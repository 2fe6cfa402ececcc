"""An evaluation as tables, lines of errors, and JSON. Names of rows are the same as in annotated files."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kg.evaluate.model import LAYERS, SLOTS, Evaluation, Evidence, FileResult, Row, Verdict
from ontology.labels import name_class, name_fact, name_property

_ROW_NAMES = {"entities": "entity", "edges": "edge", "slots": "slot", "documents": "document", "parts": "part",
              "attributes": "attribute", "figures": "figure", "responds": "responds"}  # fmt: skip
_SIGNS = {Verdict.MISSED: "-", Verdict.WRONG: "+"}


@dataclass(frozen=True, slots=True)
class Table:
    """A titled table; the first ``words`` columns are words, the others figures."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: int = 1


@cache
def texts() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """The words of reports: ``texts.toml``."""
    return tomllib.loads((Path(__file__).parent / "texts.toml").read_text(encoding="utf-8"))


def word(table: str, name: str, lang: str, **values: object) -> str:
    """A word of ``texts.toml``, with *values* filled in."""
    return texts()[table][name][lang].format(**values)


def key_word(layer: str, key: str, lang: str) -> str:
    """A class, property or slot in words."""
    if layer == SLOTS or key in texts()["slots"]:
        return word("slots", key, lang)
    found = name_class(key, lang)
    found = found if found != key else name_property(key, lang)
    return found if found != key else name_fact(key, lang)


def tables(result: Evaluation, lang: str) -> Iterator[Table]:
    """Scores by layer, by class and property, and of slots."""
    w = {name: entry[lang] for name, entry in texts()["table"].items()}
    measures = (w["precision"], w["recall"], w["f1"], w["tp"], w["fp"], w["fn"])
    rows = [(word("layers", layer, lang), *_cells(result.total.get(layer, Row()))) for layer in LAYERS]
    yield Table(w["title"].format(n=len(result.files)), (w["layer"], *measures), tuple(rows))
    details = [
        (word("layers", layer, lang), key, key_word(layer, key, lang), *_cells(row))
        for layer, key, row in _keyed(result.total)
        if layer != SLOTS and not row.empty
    ]
    yield Table(w["details"], (w["layer"], w["detail"], "", *measures), tuple(details), words=3)
    slots = [
        (key_word(layer, key, lang), f"{row.recall:.3f}", str(row.tp), str(row.tp + row.fn))
        for layer, key, row in _keyed(result.total)
        if layer == SLOTS
    ]
    if slots:
        yield Table(w["slots"], (w["slot"], w["right"], w["tp"], w["of"]), tuple(slots))


def summary(result: Evaluation, lang: str) -> list[str]:
    """What no table holds: the mean, and whether quotes quote."""
    e = result.evidence
    return [
        word("table", "evidence", lang, good=e.good, wrong=len(e.wrong), missing=len(e.missing)),
        word("table", "macro", lang, n=len(result.present), value=f"{result.macro_f1:.3f}"),
    ]


def errors(file: FileResult, lang: str) -> list[str]:
    """One line for each thing that was missed (-) or is wrong (+), by layer."""
    lines = []
    for layer in (*LAYERS, SLOTS):
        for verdict, sign in _SIGNS.items():
            lines += [
                f"{sign} {word('layers', layer, lang)} · {word('verdicts', verdict, lang)} · {j.what}"
                for j in file.judgements
                if j.layer == layer and j.verdict is verdict
            ]
    return lines + [f"! {line}" for line in (*file.evidence.wrong, *file.evidence.missing)]


def as_json(result: Evaluation) -> str:
    """All figures, of all files together and of each, and each judgement; sorted, the same text for the same result."""
    files = [
        {
            "gold": str(f.gold.path),
            "source": f.gold.source,
            "scores": scores(f.rows, f.evidence),
            "errors": [
                {"layer": j.layer, "key": j.key, "verdict": j.verdict.value, "what": j.what}
                for j in f.judgements
                if j.verdict in _SIGNS
            ],
        }
        for f in result.files
    ]
    total = scores(result.total, result.evidence) | {"macro_f1": result.macro_f1}
    return json.dumps({"total": total, "files": files}, ensure_ascii=False, indent=1) + "\n"


def scores(rows: Mapping[str, Row], evidence: Evidence) -> dict[str, Any]:
    """Rows by name (``edges``, ``edge:supports``, ``slot:about``): counts and measures; for slots the share right."""
    out: dict[str, Any] = {layer: _measures(rows.get(layer, Row())) for layer in LAYERS}
    for layer, key, row in _keyed(rows):
        out[f"{_ROW_NAMES[layer]}:{key}"] = row.recall if layer == SLOTS else _measures(row)
    out["evidence"] = {"good": evidence.good, "wrong": len(evidence.wrong), "missing": len(evidence.missing)}
    return out


def _keyed(rows: Mapping[str, Row]) -> Iterator[tuple[str, str, Row]]:
    for name, row in rows.items():
        layer, colon, key = name.partition(":")
        if colon:
            yield layer, key, row


def _cells(row: Row) -> tuple[str, ...]:
    measures = (row.precision, row.recall, row.f1)
    return (*("–" if row.empty else f"{m:.3f}" for m in measures), str(row.tp), str(row.fp), str(row.fn))


def _measures(row: Row) -> dict[str, float | int]:
    return {
        "tp": row.tp, "fp": row.fp, "fn": row.fn, "precision": row.precision, "recall": row.recall, "f1": row.f1,
    }  # fmt: skip
