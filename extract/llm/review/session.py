"""Let a model review an extraction: send sections or find their answers on disk, and apply the changes."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from extract.llm.answer import AnswerError
from extract.llm.cache import AnswerCache, CachedAnswer, compute_answer_key
from extract.llm.client import AnswerForm, LlmClient
from extract.llm.report import LlmReport
from extract.llm.review.apply import apply_changes
from extract.llm.review.changes import ReviewAnswer, parse_review
from extract.llm.review.draft import Draft
from extract.llm.review.request import build_review_messages
from extract.llm.review.rules import compute_prompt_version, get_review_limit, read_rules
from extract.llm.review.schema import build_review_schema
from extract.llm.review.sections import Section, halve_section, make_sections
from extract.llm.review.trust import ReviewTrust
from extract.llm.settings import LlmSettings
from extract.model import Extraction
from ontology.lexicons import Lexicon


@dataclass(frozen=True, slots=True)
class SectionAnswer:
    """The answer about a section. None if there is none."""

    section: Section
    answer: ReviewAnswer | None
    costs: LlmReport
    text: str = ""
    """The text of the source as it was sent, if some of its characters were masked."""


@dataclass(frozen=True, slots=True)
class ReviewEstimate:
    """What a review would send. Tokens are estimated from characters."""

    requests: int = 0
    characters: int = 0
    tokens_in: int = 0
    tokens_out: int = 0

    def __add__(self, other: ReviewEstimate) -> ReviewEstimate:
        return ReviewEstimate(
            self.requests + other.requests, self.characters + other.characters,
            self.tokens_in + other.tokens_in, self.tokens_out + other.tokens_out,
        )  # fmt: skip


class ReviewSession:
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

    def review(
        self, extraction: Extraction, lex: Lexicon, trust: ReviewTrust, rejected: frozenset[str] = frozenset()
    ) -> tuple[Extraction, LlmReport]:
        """Return *extraction* with the changes of the model that the text supports and *trust* allows.

        Args:
            extraction: what the rules have found.
            lex: the lexicon.
            trust: which kinds of changes may override the rules.
            rejected: the changes that a person rejected (``make_revision_key``).

        Raises:
            LlmError: the cache cannot be written.
        """
        total = LlmReport(unchecked=not trust.checked)
        draft = Draft(extraction, self.settings.model, lex, trust)
        for found in self.ask(extraction, lex):
            total += found.costs
            if found.answer is not None:
                for _, verdict in apply_changes(found.answer, draft, found.section, found.text, rejected):
                    total += verdict
        return draft.build(), total

    def ask(self, extraction: Extraction, lex: Lexicon) -> list[SectionAnswer]:
        """Return the answers about all sections of *extraction*, in the order of the page.

        Raises:
            LlmError: the cache cannot be written.
        """
        sections = make_sections(extraction, lex)
        text = make_sent_text(extraction, lex, redact=self.settings.redact)
        with ThreadPoolExecutor(self.settings.concurrency) as pool:
            answers = pool.map(lambda section: self._ask_section(section, extraction, lex, text), sections)
            return [answer for group in answers for answer in group]

    def _ask_section(self, section: Section, extraction: Extraction, lex: Lexicon, text: str) -> list[SectionAnswer]:
        """Return the answer about *section*, or those about its halves if the answer was cut off."""
        content, costs, is_cut = self._get_answer(section, extraction, lex, text)
        if content is not None:
            return [SectionAnswer(section, parse_review(content, lex), costs, text)]
        halves = halve_section(section, extraction) if is_cut else (section,)
        if len(halves) < 2 or section.halvings >= get_review_limit("halvings", lex):
            return [SectionAnswer(section, None, costs)]
        answers = [answer for half in halves for answer in self._ask_section(half, extraction, lex, text)]
        costs = replace(costs, failed=0, error="", error_en="")
        return [SectionAnswer(section, None, costs), *answers]

    def _get_answer(
        self, section: Section, extraction: Extraction, lex: Lexicon, text: str
    ) -> tuple[str | None, LlmReport, bool]:
        """Return an answer that can be parsed, from the cache or the endpoint, or None; its costs; if it was cut."""
        messages, schema = build_review_messages(section, extraction, lex, text), build_review_schema(lex)
        key = compute_answer_key(self.settings.model, compute_prompt_version(lex), messages, schema)
        cached = self._cache.get(key)
        if cached is not None and not cached.content:  # it was cut off when it was asked for before
            return None, LlmReport(cached=1), True
        if cached is not None and _is_parsable(cached.content, lex):
            return cached.content, LlmReport(cached=1), False
        if self._given_up:
            return None, LlmReport(skipped=1), False
        tokens = get_review_limit("tokens", lex)
        reply = self._client.ask(messages, AnswerForm("review", schema, tokens, lambda x: parse_review(x, lex)))
        with self._lock:
            is_failure = reply.answer is None and not reply.cut
            self._failures = self._failures + 1 if is_failure else 0
            self._given_up = self._given_up or reply.fatal or self._failures >= self.settings.patience
        if reply.answer is not None:
            self._cache.put(key, reply.answer)
            return reply.answer.content, reply.report, False
        if reply.cut:
            self._cache.put(key, CachedAnswer(""))
        return None, reply.report, reply.cut


def make_sent_text(extraction: Extraction, lex: Lexicon, *, redact: bool) -> str:
    """Return the text of the source as it is sent. Masking keeps its length, so that all positions stay."""
    text = extraction.source.text
    if not redact:
        return text
    rules = read_rules(lex)["redact"]
    for pattern in rules["patterns"]:
        text = re.sub(pattern, lambda m: re.sub(r"\S", str(rules["mask"]), m[0]), text)
    return text


def estimate_review(extraction: Extraction, lex: Lexicon, *, redact: bool = False) -> ReviewEstimate:
    """Return what a review of *extraction* would send. Nothing is sent."""
    limits = read_rules(lex)["limits"]
    text = make_sent_text(extraction, lex, redact=redact)
    total = ReviewEstimate()
    for section in make_sections(extraction, lex):
        messages = build_review_messages(section, extraction, lex, text)
        characters = sum(len(message["content"]) for message in messages)
        own = sum(len(line.span) for line in section.lines)
        tokens = round(characters * float(limits["tokens_per_char"]))
        answer = round(own * float(limits["answer_share"]) * float(limits["tokens_per_char"]))
        total += ReviewEstimate(1, characters, tokens, answer)
    return total


def _is_parsable(content: str, lex: Lexicon) -> bool:
    try:
        parse_review(content, lex)
    except AnswerError:
        return False
    return True
