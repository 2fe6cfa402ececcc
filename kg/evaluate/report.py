"""An evaluation as tables, lines of errors, and JSON. The rows are named as in annotated files."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from kg.evaluate.model import LAYERS, SLOTS, Evaluation, EvidenceCheck, FileResult, MatchVerdict, ScoreRow
from ontology.labels import name_class, name_fact, name_property

_ROW_NAMES = {"entities": "entity", "edges": "edge", "slots": "slot", "documents": "document", "parts": "part",
              "attributes": "attribute", "figures": "figure", "responds": "responds"}  # fmt: skip
_SIGNS = {MatchVerdict.MISSED: "-", MatchVerdict.WRONG: "+"}


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """A table with a title. The first ``words`` columns are words, the others are numbers."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: int = 1


@cache
def load_texts() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Return the words of reports (``texts.toml``), by table, name and language."""
    return tomllib.loads((Path(__file__).parent / "texts.toml").read_text(encoding="utf-8"))


def get_text(table: str, name: str, lang: str, **values: object) -> str:
    """Return an entry of ``texts.toml`` in *lang*, with *values* filled in."""
    return load_texts()[table][name][lang].format(**values)


def describe_key(layer: str, key: str, lang: str) -> str:
    """Return a class, property or slot in words."""
    if layer == SLOTS or key in load_texts()["slots"]:
        return get_text("slots", key, lang)
    names = (name(key, lang) for name in (name_class, name_property))
    return next((name for name in names if name != key), name_fact(key, lang))


def make_tables(result: Evaluation, lang: str) -> Iterator[ScoreTable]:
    """Yield the tables of scores by layer, by class and property, and of slots."""
    words = {name: entry[lang] for name, entry in load_texts()["table"].items()}
    measures = tuple(words[name] for name in ("precision", "recall", "f1", "tp", "fp", "fn"))
    rows = [(get_text("layers", layer, lang), *_format_cells(result.total.get(layer, ScoreRow()))) for layer in LAYERS]
    yield ScoreTable(words["title"].format(n=len(result.files)), (words["layer"], *measures), tuple(rows))
    details = [
        (get_text("layers", layer, lang), key, describe_key(layer, key, lang), *_format_cells(row))
        for layer, key, row in _split_keys(result.total)
        if layer != SLOTS and not row.empty
    ]
    yield ScoreTable(words["details"], (words["layer"], words["detail"], "", *measures), tuple(details), words=3)
    slots = [
        (describe_key(layer, key, lang), f"{row.recall:.3f}", str(row.tp), str(row.tp + row.fn))
        for layer, key, row in _split_keys(result.total)
        if layer == SLOTS
    ]
    if slots:
        columns = tuple(words[name] for name in ("slot", "right", "tp", "of"))
        yield ScoreTable(words["slots"], columns, tuple(slots))


def summarize_evaluation(result: Evaluation, lang: str) -> list[str]:
    """Return what is in no table, as lines: the check of quotes, and the mean of the layers."""
    check = result.evidence
    counts = {"good": check.good, "wrong": len(check.wrong), "missing": len(check.missing)}
    return [
        get_text("table", "evidence", lang, **counts),
        get_text("table", "macro", lang, n=len(result.present), value=f"{result.macro_f1:.3f}"),
    ]


def list_errors(file: FileResult, lang: str) -> list[str]:
    """Return a line for each thing that was missed (-) or is wrong (+), by layer, then for faulty quotes (!)."""
    lines = []
    for layer in (*LAYERS, SLOTS):
        for verdict, sign in _SIGNS.items():
            lines += [
                f"{sign} {get_text('layers', layer, lang)} · {get_text('verdicts', verdict, lang)} · {j.description}"
                for j in file.judgements
                if j.layer == layer and j.verdict is verdict
            ]
    return lines + [f"! {line}" for line in (*file.evidence.wrong, *file.evidence.missing)]


def format_json(result: Evaluation) -> str:
    """Return scores and errors as JSON, of all files together and of each; equal results give equal text."""
    files = [
        {
            "gold": str(f.gold.path),
            "source": f.gold.source,
            "scores": collect_scores(f.rows, f.evidence),
            "errors": [
                {"layer": j.layer, "key": j.key, "verdict": j.verdict.value, "what": j.description}
                for j in f.judgements
                if j.verdict in _SIGNS
            ],
        }
        for f in result.files
    ]
    total = collect_scores(result.total, result.evidence) | {"macro_f1": result.macro_f1}
    return json.dumps({"total": total, "files": files}, ensure_ascii=False, indent=1) + "\n"


def collect_scores(rows: Mapping[str, ScoreRow], evidence: EvidenceCheck) -> dict[str, Any]:
    """Return counts and measures by name (``edges``, ``edge:supports``, ``slot:about``); for slots the right share."""
    scores: dict[str, Any] = {layer: _collect_measures(rows.get(layer, ScoreRow())) for layer in LAYERS}
    for layer, key, row in _split_keys(rows):
        scores[f"{_ROW_NAMES[layer]}:{key}"] = row.recall if layer == SLOTS else _collect_measures(row)
    scores["evidence"] = {"good": evidence.good, "wrong": len(evidence.wrong), "missing": len(evidence.missing)}
    return scores


def _split_keys(rows: Mapping[str, ScoreRow]) -> Iterator[tuple[str, str, ScoreRow]]:
    for name, row in rows.items():
        layer, colon, key = name.partition(":")
        if colon:
            yield layer, key, row


def _format_cells(row: ScoreRow) -> tuple[str, ...]:
    measures = (row.precision, row.recall, row.f1)
    printed = ("–" if row.empty else f"{measure:.3f}" for measure in measures)
    return (*printed, str(row.tp), str(row.fp), str(row.fn))


def _collect_measures(row: ScoreRow) -> dict[str, float | int]:
    return {
        "tp": row.tp, "fp": row.fp, "fn": row.fn, "precision": row.precision, "recall": row.recall, "f1": row.f1,
    }  # fmt: skip
