"""How good is what was extracted? Graphs held against annotated files, layer by layer.

    gold file ──gold──▶ Gold ┐
                             ├─matching──▶ Judgement … ──report, page──▶ tables, JSON, HTML
    source ──reading──▶ Reading ┘

    from kg.evaluate import evaluate
    result = evaluate(["tests/gold"])
    print(result.total["edges"].f1)

How files are annotated, and what counts as found, says docs/accuracy.md.
"""

from __future__ import annotations

from kg.evaluate.model import Evaluation, FileResult, Judgement, Row, Verdict
from kg.evaluate.run import evaluate

__all__ = ["Evaluation", "FileResult", "Judgement", "Row", "Verdict", "evaluate"]
