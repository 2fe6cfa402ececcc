"""What ``kg build --llm`` would send about sources, and whether that need be estimated at all."""

from __future__ import annotations

from collections.abc import Sequence

from extract.llm.estimates import CostEstimate, estimate_costs
from extract.llm.settings import LlmSettings
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
