"""Evaluation: graphs compared with annotated files, layer by layer.

    annotated file ──gold──▶ Gold ──────────┐
                                            ├─matching──▶ Judgement … ──report, html──▶ tables, JSON, HTML
    source ──extract──▶ reading: SourceGraph ┘

    from kg.evaluate import evaluate
    result = evaluate(["tests/gold"])
    print(result.total["edges"].f1)

docs/accuracy.md explains how files are annotated and what counts as found.
"""

from __future__ import annotations

from kg.evaluate.model import Evaluation, FileResult, Judgement, MatchVerdict, ScoreRow
from kg.evaluate.run import evaluate

__all__ = ["Evaluation", "FileResult", "Judgement", "MatchVerdict", "ScoreRow", "evaluate"]
