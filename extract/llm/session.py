"""Read an extraction a second time with a model: send chunks or find their answers on disk, and judge the answers."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from extract.llm.accept import accept_answer
from extract.llm.answer import AnswerError, parse_answer
from extract.llm.cache import AnswerCache, compute_answer_key
from extract.llm.chunks import Chunk, make_chunks
from extract.llm.client import AnswerForm, LlmClient
from extract.llm.contract import build_answer_schema
from extract.llm.prompt import build_messages
from extract.llm.report import LlmReport
from extract.llm.settings import LlmSettings, get_limit, get_schema_version
from extract.model import Extraction
from ontology.lexicons import Lexicon


class LlmSession:
    """One endpoint with its cache, for any number of extractions.

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

    def enrich(self, extraction: Extraction, lex: Lexicon) -> tuple[Extraction, LlmReport]:
        """Add to *extraction* the proposals of the model that the text confirms.

        Raises:
            LlmError: the cache cannot be written.
        """
        chunks = make_chunks(extraction)
        with ThreadPoolExecutor(self.settings.concurrency) as pool:
            answers = list(pool.map(lambda chunk: self._get_answer(chunk, extraction, lex), chunks))
        total = LlmReport()
        enriched = extraction
        for chunk, (content, costs) in zip(chunks, answers, strict=True):
            total += costs
            if content is not None:
                answer = parse_answer(content)
                enriched, verdicts = accept_answer(answer, enriched, chunk, model=self.settings.model, lex=lex)
                total += verdicts
        return enriched, total

    def _get_answer(self, chunk: Chunk, extraction: Extraction, lex: Lexicon) -> tuple[str | None, LlmReport]:
        """Return an answer that can be parsed, from the cache or the endpoint, or None; and its costs."""
        messages, schema = build_messages(chunk, extraction, lex), build_answer_schema(lex)
        key = compute_answer_key(self.settings.model, get_schema_version(), messages, schema)
        cached = self._cache.get(key)
        if cached is not None and _is_parsable(cached.content):
            return cached.content, LlmReport(cached=1)
        if self._given_up:
            return None, LlmReport(skipped=1)
        reply = self._client.ask(messages, AnswerForm("statements", schema, get_limit("tokens"), parse_answer))
        with self._lock:
            self._failures = 0 if reply.answer else self._failures + 1
            self._given_up = self._given_up or reply.fatal or self._failures >= self.settings.patience
        if reply.answer is None:
            return None, reply.report
        self._cache.put(key, reply.answer)
        return reply.answer.content, reply.report


def _is_parsable(content: str) -> bool:
    try:
        parse_answer(content)
    except AnswerError:
        return False
    return True
