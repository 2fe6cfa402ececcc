"""The errors of ``ontology.errors``, re-exported for users of ``kg``, and a check of choices."""

from __future__ import annotations

from collections.abc import Sequence

from ontology.errors import (
    KgError,
    LexiconError,
    LlmError,
    ModelError,
    NotFoundError,
    QueryError,
    SourceError,
    StoreError,
    UsageError,
    ValidationFailed,
)

__all__ = [
    "KgError",
    "LexiconError",
    "LlmError",
    "ModelError",
    "NotFoundError",
    "QueryError",
    "SourceError",
    "StoreError",
    "UsageError",
    "ValidationFailed",
    "check_choice",
]


def check_choice(form: str, formats: Sequence[str]) -> str:
    """Return *form* if it is one of *formats*.

    Raises:
        UsageError: it is not.
    """
    if form not in formats:
        raise UsageError(
            f"{form}：没有这种格式（有：{'、'.join(formats)}）",
            f"{form}: no such format (there are: {', '.join(formats)})",
        )
    return form
