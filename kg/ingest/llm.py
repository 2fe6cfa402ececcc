"""``kg build --llm``: what a build needs of ``extract.llm``.

One session a process: the endpoint's habits and its failures are remembered over all sources. Nothing here is imported,
and nothing is ever sent, unless a build is given settings.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from extract.llm.client import Client
from extract.llm.report import Report
from extract.llm.session import Session
from extract.llm.settings import LlmSettings
from extract.model import Extraction
from kg.errors import SourceError
from ontology.lexicons import lexicon


def settings(url: str, model: str, key_env: str = "", cache_dir: str = "") -> LlmSettings:
    """Settings from the command line's options.

    Raises:
        LlmError: a URL that is none, or no model.
    """
    return LlmSettings(url, model, key_env, cache_dir)


def checked(wanted: LlmSettings) -> Mapping[str, str]:
    """What graphs depend on, once it is sure that the endpoint can be asked at all; nothing is sent.

    Raises:
        LlmError: httpx is not installed, or the environment has no key.
    """
    Client(wanted).close()
    return {f"llm_{name}": value for name, value in wanted.key().items()}


def enrich(extraction: Extraction, wanted: LlmSettings, lexicon_dir: str) -> tuple[Extraction, Report]:
    """*extraction* with what the model reads and the text bears out.

    Raises:
        LlmError: the cache cannot be written.
    """
    return _session(wanted).enrich(extraction, lexicon(lexicon_dir))


def shortfall(report: Report) -> SourceError | None:
    """One line about the pieces of text that no model has read; None if there are none."""
    if report.complete:
        return None
    missed = report.failed + report.skipped
    return SourceError(
        f"大模型接口：{missed} 段文字没有得到回答（{report.error}），只用了规则；可稍后重新运行，已有的回答不再请求",
        f"model endpoint: {missed} pieces of text got no answer ({report.error_en}) and were read by rules alone;"
        " run again later, answers that are there are not asked for again",
    )


@cache
def _session(wanted: LlmSettings) -> Session:
    return Session(wanted)
