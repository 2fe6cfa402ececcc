"""Estimate what a model would be sent. Nothing is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from extract.llm.cache import AnswerCache, compute_answer_key
from extract.llm.chunks import make_chunks
from extract.llm.contract import build_answer_schema
from extract.llm.prompt import Message, build_messages
from extract.llm.redaction import make_redactor
from extract.llm.review.request import build_review_messages
from extract.llm.review.rules import compute_prompt_version, read_rules
from extract.llm.review.schema import build_review_schema
from extract.llm.review.sections import make_sections
from extract.llm.settings import LlmSettings, get_schema_version
from extract.model import Extraction
from ontology.lexicons import Lexicon


@dataclass(frozen=True, slots=True)
class CostEstimate:
    """What would be sent. Tokens are estimated from characters."""

    requests: int = 0
    characters: int = 0
    tokens_in: int = 0
    tokens_out: int = 0

    def __add__(self, other: CostEstimate) -> CostEstimate:
        return CostEstimate(
            self.requests + other.requests, self.characters + other.characters,
            self.tokens_in + other.tokens_in, self.tokens_out + other.tokens_out,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Request:
    messages: Sequence[Message]
    length: int
    """Characters of the text that it is about."""
    schema: Mapping[str, Any]
    version: str


def estimate_costs(
    extraction: Extraction, lex: Lexicon, settings: LlmSettings | None = None, *, redact: bool = False
) -> CostEstimate:
    """Return what would be sent about *extraction*.

    Args:
        extraction: what the rules have found.
        lex: the lexicon.
        settings: the model and mode; what its cache has is not counted. None: a review, of which nothing is in a cache.
        redact: whether numbers are masked, without *settings*.
    """
    limits = read_rules(lex)["limits"]
    per_character, share = float(limits["tokens_per_char"]), float(limits["answer_share"])
    cache = AnswerCache(settings.cache_dir if settings else "")
    list_requests = _list_chunks if settings and settings.mode == "add" else _list_sections
    total = CostEstimate()
    for request in list_requests(extraction, lex, settings.redact if settings else redact):
        model = settings.model if settings else ""
        key = compute_answer_key(model, request.version, request.messages, request.schema)
        if cache.get(key) is not None:
            continue
        characters = sum(len(message["content"]) for message in request.messages)
        tokens = round(characters * per_character), round(request.length * share * per_character)
        total += CostEstimate(1, characters, *tokens)
    return total


def _list_sections(extraction: Extraction, lex: Lexicon, redact: bool) -> Iterator[_Request]:
    redactor, schema, version = make_redactor(lex, redact=redact), build_review_schema(lex), compute_prompt_version(lex)
    for section in make_sections(extraction, lex):
        messages = build_review_messages(section, extraction, lex, redactor)
        yield _Request(messages, sum(len(line.span) for line in section.lines), schema, version)


def _list_chunks(extraction: Extraction, lex: Lexicon, redact: bool) -> Iterator[_Request]:
    redactor, schema, version = make_redactor(lex, redact=redact), build_answer_schema(lex), get_schema_version()
    for chunk in make_chunks(extraction):
        yield _Request(build_messages(chunk, extraction, lex, redactor), len(chunk.span), schema, version)
