"""What a build needs of ``extract.llm``, for ``kg build --llm``.

Each process has one session: it remembers what the endpoint supports and whether it failed, for all sources. This
module is imported, and data is sent, only if a build is given settings of a language model.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from extract.corrections.model import Decision
from extract.llm.client import LlmClient
from extract.llm.report import LlmReport
from extract.llm.review.rules import compute_prompt_version
from extract.llm.review.session import ReviewSession
from extract.llm.review.trust import CHANGES, ReviewTrust, read_trust
from extract.llm.session import LlmSession
from extract.llm.settings import LlmSettings
from extract.model import Extraction
from kg.errors import SourceError
from kg.review.revisions import select_rejected
from ontology.lexicons import load_lexicon


def check_endpoint(settings: LlmSettings, lexicon_dir: str = "") -> Mapping[str, str]:
    """Check that the endpoint can be asked, without sending anything.

    Returns:
        The settings that graphs depend on.

    Raises:
        LlmError: httpx is not installed, the environment has no key, or the file of checks is damaged.
    """
    LlmClient(settings).close()
    values = dict(settings.list_graph_settings())
    if settings.mode == "review":
        trust = _read_trust(settings, lexicon_dir)
        trusted = [f"{name} {trust.get_confidence(name):g}" for name in CHANGES if trust.may_override(name)]
        values |= {"schema": compute_prompt_version(load_lexicon(lexicon_dir)), "trusted": ", ".join(trusted)}
        values |= {"redacted": "yes"} if settings.redact else {}
    return {f"llm_{name}": value for name, value in values.items()}


def enrich_extraction(
    extraction: Extraction, settings: LlmSettings, lexicon_dir: str, decisions: Iterable[Decision] = ()
) -> tuple[Extraction, LlmReport]:
    """Return *extraction* with what the model says and the text supports, and a report of the requests.

    What a person rejected in *decisions* is left out.

    Raises:
        LlmError: the cache cannot be written, or the file of checks is damaged.
    """
    lex = load_lexicon(lexicon_dir)
    if settings.mode == "add":
        return _get_session(settings).enrich(extraction, lex)
    rejected = select_rejected(decisions, extraction.source.id)
    return get_review_session(settings).review(extraction, lex, _read_trust(settings, lexicon_dir), rejected)


def describe_shortfall(report: LlmReport) -> SourceError | None:
    """Return an error about the pieces of text that the model did not read, or None if it read all."""
    if report.complete:
        return None
    missed = report.failed + report.skipped
    return SourceError(
        f"大模型接口：{missed} 段文字没有得到回答（{report.error}），只用了规则；可稍后重新运行，已有的回答不再请求",
        f"model endpoint: {missed} pieces of text got no answer ({report.error_en}); only the rules read them."
        " You can run the build again later: pieces with an answer are not sent again",
    )


@cache
def get_review_session(settings: LlmSettings) -> ReviewSession:
    """Return the session of this process for *settings*."""
    return ReviewSession(settings)


@cache
def _get_session(settings: LlmSettings) -> LlmSession:
    return LlmSession(settings)


def _read_trust(settings: LlmSettings, lexicon_dir: str) -> ReviewTrust:
    return read_trust(settings.checks, settings.model, load_lexicon(lexicon_dir))
