"""Read an extraction a second time with a model: send chunks or find their answers on disk, and judge the answers."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from extract.llm.accept import accept_answer
from extract.llm.answer import parse_answer
from extract.llm.asking import Asked, AskingSession
from extract.llm.chunks import Chunk, make_chunks
from extract.llm.client import AnswerForm
from extract.llm.contract import build_answer_schema
from extract.llm.prompt import build_messages
from extract.llm.redaction import make_redactor
from extract.llm.report import LlmReport
from extract.llm.settings import get_limit, get_schema_version
from extract.model import Extraction
from ontology.lexicons import Lexicon


class LlmSession(AskingSession):
    """A session that reads an extraction a second time, chunk by chunk, and may only add."""

    def enrich(self, extraction: Extraction, lex: Lexicon) -> tuple[Extraction, LlmReport]:
        """Add to *extraction* the proposals of the model that the text confirms.

        Raises:
            LlmError: the cache cannot be written.
        """
        chunks = make_chunks(extraction)
        with ThreadPoolExecutor(self.settings.concurrency) as pool:
            answers = list(pool.map(lambda chunk: self._ask(chunk, extraction, lex), chunks))
        total = LlmReport()
        enriched = extraction
        for chunk, asked in zip(chunks, answers, strict=True):
            total += asked.costs
            if asked.content is not None:
                answer = parse_answer(asked.content)
                enriched, verdicts = accept_answer(answer, enriched, chunk, model=self.settings.model, lex=lex)
                total += verdicts
        return enriched, total

    def _ask(self, chunk: Chunk, extraction: Extraction, lex: Lexicon) -> Asked:
        form = AnswerForm("statements", build_answer_schema(lex), get_limit("tokens"), parse_answer)
        redact = make_redactor(lex, redact=self.settings.redact)
        return self.get_answer(build_messages(chunk, extraction, lex, redact), form, get_schema_version())
