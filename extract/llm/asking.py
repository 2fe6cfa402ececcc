"""What sessions of all modes share: a client, a cache of answers, and giving up after too many failures."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from extract.llm.answer import AnswerError
from extract.llm.cache import AnswerCache, CachedAnswer, compute_answer_key
from extract.llm.client import CUT, AnswerForm, LlmClient
from extract.llm.prompt import Message
from extract.llm.report import LlmReport
from extract.llm.settings import LlmSettings


@dataclass(frozen=True, slots=True)
class Asked:
    """The result of one request, from the cache or the endpoint."""

    content: str | None
    """An answer that can be parsed, or None."""
    costs: LlmReport
    cut: bool = False
    """Whether the answer was cut off because of its length."""


class AskingSession:
    """One endpoint with its cache, for any number of extractions. Several threads may use it.

    After ``settings.patience`` failures in a row, or after a fatal one, nothing more is sent.

    Args:
        settings: endpoint, model and cache.
        client: the client to use. None: a new one for *settings*.

    Raises:
        LlmError: requests are not possible, because httpx is not installed or there is no key.
    """

    def __init__(self, settings: LlmSettings, client: LlmClient | None = None) -> None:
        self.settings = settings
        self._client = client or LlmClient(settings)
        self._cache = AnswerCache(settings.cache_dir)
        self._lock = threading.Lock()
        self._failures = 0
        self._given_up = False

    def close(self) -> None:
        self._client.close()

    def get_answer(self, messages: Sequence[Message], form: AnswerForm, version: str) -> Asked:
        """Return the stored answer to *messages*, else that of the endpoint, which is stored.

        It is stored, too, that an answer was cut off after all tokens that it may have: it would be cut off again.

        Args:
            messages: what to send.
            form: what the answer must be like.
            version: version of the prompt.

        Raises:
            LlmError: the cache cannot be written.
        """
        key = compute_answer_key(self.settings.model, version, messages, form.schema)
        cached = self._cache.get(key)
        if cached is not None and _is_parsable(cached.content, form.parse):
            return Asked(cached.content, LlmReport(cached=1))
        cut_key = compute_answer_key(self.settings.model, f"{version} {form.tokens}", messages, form.schema)
        if self._cache.get(cut_key) is not None:
            return Asked(None, LlmReport(cached=1, failed=1, error=CUT[0], error_en=CUT[1]), cut=True)
        if self._given_up:
            return Asked(None, LlmReport(skipped=1))
        reply = self._client.ask(messages, form)
        with self._lock:
            is_failure = reply.answer is None and not reply.cut
            self._failures = self._failures + 1 if is_failure else 0
            self._given_up = self._given_up or reply.fatal or self._failures >= self.settings.patience
        if reply.answer is not None:
            self._cache.put(key, reply.answer)
            return Asked(reply.answer.content, reply.report)
        if reply.lasting:
            self._cache.put(cut_key, CachedAnswer(""))
        return Asked(None, reply.report, reply.cut)


def _is_parsable(content: str, parse: Callable[[str], object]) -> bool:
    try:
        parse(content)
    except AnswerError:
        return False
    return True
