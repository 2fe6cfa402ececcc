"""What a build needs of ``extract.llm``, for ``kg build --llm``.

Each process has one session: it remembers what the endpoint supports and whether it failed, for all sources. This
module is imported, and data is sent, only if a build is given settings of a language model.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from extract.llm.client import LlmClient
from extract.llm.report import LlmReport
from extract.llm.session import LlmSession
from extract.llm.settings import LlmSettings
from extract.model import Extraction
from kg.errors import SourceError
from ontology.lexicons import load_lexicon


def make_settings(url: str, model: str, key_env: str = "", cache_dir: str = "") -> LlmSettings:
    """Return the settings for the options of the command line.

    Raises:
        LlmError: the URL is not valid, or there is no model name.
    """
    return LlmSettings(url, model, key_env, cache_dir)


def check_endpoint(settings: LlmSettings) -> Mapping[str, str]:
    """Check that the endpoint can be asked, without sending anything.

    Returns:
        The settings that graphs depend on.

    Raises:
        LlmError: httpx is not installed, or the environment has no key.
    """
    LlmClient(settings).close()
    return {f"llm_{name}": value for name, value in settings.list_graph_settings().items()}


def enrich_extraction(extraction: Extraction, settings: LlmSettings, lexicon_dir: str) -> tuple[Extraction, LlmReport]:
    """Return *extraction* with the statements of the model that the text supports, and a report of the requests.

    Raises:
        LlmError: the cache cannot be written.
    """
    return _get_session(settings).enrich(extraction, load_lexicon(lexicon_dir))


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
def _get_session(settings: LlmSettings) -> LlmSession:
    return LlmSession(settings)
