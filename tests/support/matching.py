"""The rows of the report on a firm and its supports."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from kg.api import Graph
from kg.report.model import Amount

TODAY = date(2026, 11, 28)


def list_supports(graph: Graph, **filters: str) -> list[dict[str, Any]]:
    """Return the rows of the supports for a firm that the filters describe."""
    return graph.report("match", as_of=TODAY.isoformat(), **filters).get_table("supports").to_dicts()


def find_amount(rows: list[dict[str, Any]], amount: int) -> dict[str, Any]:
    """Return the row of a support with a sum of money."""
    return next(row for row in rows if isinstance(row["value"], Amount) and row["value"].value == Decimal(amount))
