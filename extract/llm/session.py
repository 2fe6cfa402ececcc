"""An extraction, read a second time by a model: pieces are sent (or found on disk), answers are judged in order."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from extract.llm.accept import accept
from extract.llm.answer import AnswerError, parse
from extract.llm.cache import Cache, key_of
from extract.llm.chunks import Chunk, chunks
from extract.llm.client import Client
from extract.llm.contract import answer_schema
from extract.llm.prompt import messages
from extract.llm.report import Report
from extract.llm.settings import LlmSettings, schema_version
from extract.model import Extraction
from ontology.lexicons import Lexicon


class Session:
    """One endpoint with its cache, for any number of extractions.

    After ``settings.patience`` failures in a row, or one that cannot be mended, nothing more is sent.

    Args:
        settings: endpoint, model and cache.
        client: another client than the standard one.

    Raises:
        LlmError: the model cannot be asked at all (no httpx, no key).
    """

    def __init__(self, settings: LlmSettings, client: Client | None = None) -> None:
        self.settings = settings
        self._client = client or Client(settings)
        self._cache = Cache(settings.cache_dir)
        self._lock = threading.Lock()
        self._failures = 0
        self._given_up = False

    def close(self) -> None:
        self._client.close()

    def enrich(self, extraction: Extraction, lex: Lexicon) -> tuple[Extraction, Report]:
        """Add to *extraction* what the model reads and the text bears out.

        Raises:
            LlmError: the cache cannot be written.
        """
        pieces = chunks(extraction)
        with ThreadPoolExecutor(self.settings.concurrency) as pool:
            replies = list(pool.map(lambda c: self._content(c, extraction, lex), pieces))
        total = Report()
        found = extraction
        for chunk, (content, report) in zip(pieces, replies, strict=True):
            total += report
            if content is not None:
                found, verdict = accept(parse(content), found, chunk, model=self.settings.model, lex=lex)
                total += verdict
        return found, total

    def _content(self, chunk: Chunk, extraction: Extraction, lex: Lexicon) -> tuple[str | None, Report]:
        """The answer for a piece, from disk or from the endpoint; it can be parsed."""
        asked, schema = messages(chunk, extraction, lex), answer_schema(lex)
        key = key_of(self.settings.model, schema_version(), asked, schema)
        kept = self._cache.get(key)
        if kept is not None and _readable(kept.content):
            return kept.content, Report(cached=1)
        if self._given_up:
            return None, Report(skipped=1)
        reply = self._client.ask(asked, schema)
        with self._lock:
            self._failures = 0 if reply.kept else self._failures + 1
            self._given_up = self._given_up or reply.fatal or self._failures >= self.settings.patience
        if reply.kept is None:
            return None, reply.report
        self._cache.put(key, reply.kept)
        return reply.kept.content, replace(reply.report)


def _readable(content: str) -> bool:
    try:
        parse(content)
    except AnswerError:
        return False
    return True
