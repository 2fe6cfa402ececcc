"""What ``kg build --llm`` and ``kg llm check`` would send about sources, and whether that is above a limit."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from extract.llm.estimates import CostEstimate, estimate_costs
from extract.llm.settings import LlmSettings
from kg.errors import KgError, UsageError
from kg.ingest import worker
from kg.read import FoundSource, load_document
from kg.read.found import get_suffix
from ontology.lexicons import load_lexicon

_PLAIN = frozenset({".txt", ".md", ".html", ".htm"})
_TOKENS_PER_FILE = 8000
_TOKENS_PER_BYTE = 10
"""More tokens than a file in plain text and each of its bytes give: a page of 3,000 bytes may have three letters, each
sent with the prompt."""


def estimate_source(
    found: FoundSource, lexicon_dir: str, settings: LlmSettings | None = None, *, redact: bool = False
) -> CostEstimate:
    """Return what would be sent about a source (``estimate_costs``). The rules read it; nothing is sent.

    Raises:
        SourceError: it cannot be read.
    """
    extraction = worker.extract_source(load_document(found).source, lexicon_dir)
    return estimate_costs(extraction, load_lexicon(lexicon_dir), settings, redact=redact)


def estimate_files(
    files: Sequence[FoundSource], lexicon_dir: str, settings: LlmSettings | None = None, *, redact: bool = False
) -> CostEstimate:
    """Return what would be sent about *files*. What cannot be read is left out: the build reports it."""
    total = CostEstimate()
    for found in files:
        with suppress(KgError):
            total += estimate_source(found, lexicon_dir, settings, redact=redact)
    return total


def find_excess(
    files: Sequence[FoundSource], limit: int, lexicon_dir: str, settings: LlmSettings
) -> CostEstimate | None:
    """Return what would be sent about *files* if it is more than *limit* tokens, else None. 0 is no limit."""
    if not limit or not may_exceed(files, limit):
        return None
    estimate = estimate_files(files, lexicon_dir, settings)
    return estimate if estimate.tokens_in + estimate.tokens_out > limit else None


def check_limit(files: Sequence[FoundSource], limit: int, lexicon_dir: str, settings: LlmSettings) -> None:
    """Check that no more than *limit* tokens would be sent about *files*. 0 is no limit.

    Raises:
        UsageError: more would be sent, or *limit* is negative.
    """
    if limit < 0:
        raise UsageError(f"llm_limit {limit}：至少为 0", f"llm_limit {limit}: must be at least 0")
    excess = find_excess(files, limit, lexicon_dir, settings)
    if excess is not None:
        tokens = excess.tokens_in + excess.tokens_out
        raise UsageError(
            f"预计 {tokens} 词元，超过 llm_limit {limit}，没有发送；可加大这个数或设为 0",
            f"{tokens} tokens are estimated, more than llm_limit {limit}; nothing was sent; raise it or set it to 0",
        )


def may_exceed(files: Sequence[FoundSource], limit: int) -> bool:
    """Return whether more than *limit* tokens may be sent about *files*. If not, nothing need be estimated.

    Files in plain text are bounded by their size. Anything else may be much larger than it looks.
    """
    most = 0
    for found in files:
        if found.members or found.row or found.data is not None or get_suffix(found) not in _PLAIN:
            return True
        most += _TOKENS_PER_FILE + _TOKENS_PER_BYTE * (found.path.stat().st_size if found.path.is_file() else 0)
    return most > limit
