"""Let a model review an extraction: send sections or find their answers on disk, and apply the changes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from extract.llm.asking import AskingSession
from extract.llm.client import AnswerForm
from extract.llm.redaction import Redact, make_redactor
from extract.llm.report import LlmReport
from extract.llm.review.apply import apply_changes
from extract.llm.review.changes import ReviewAnswer, parse_review
from extract.llm.review.draft import Draft
from extract.llm.review.request import build_review_messages
from extract.llm.review.rules import compute_prompt_version, get_review_limit
from extract.llm.review.schema import build_review_schema
from extract.llm.review.sections import Section, halve_section, make_sections
from extract.llm.review.trust import ReviewTrust
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


class ReviewSession(AskingSession):
    """A session that lets a model review whole letters with what the rules have found."""

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
        redact = make_redactor(lex, redact=self.settings.redact)
        with ThreadPoolExecutor(self.settings.concurrency) as pool:
            answers = pool.map(lambda section: self._ask_section(section, extraction, lex, redact), sections)
            return [answer for group in answers for answer in group]

    def _ask_section(
        self, section: Section, extraction: Extraction, lex: Lexicon, redact: Redact
    ) -> list[SectionAnswer]:
        """Return the answer about *section*, or those about its halves if the answer was cut off."""
        tokens, schema = get_review_limit("tokens", lex), build_review_schema(lex)
        form = AnswerForm("review", schema, tokens, lambda content: parse_review(content, lex))
        messages = build_review_messages(section, extraction, lex, redact)
        asked = self.get_answer(messages, form, compute_prompt_version(lex))
        if asked.content is not None:
            return [
                SectionAnswer(section, parse_review(asked.content, lex), asked.costs, redact(extraction.source.text))
            ]
        halves = halve_section(section, extraction) if asked.cut else (section,)
        if len(halves) < 2 or section.halvings >= get_review_limit("halvings", lex):
            return [SectionAnswer(section, None, asked.costs)]
        answers = [answer for half in halves for answer in self._ask_section(half, extraction, lex, redact)]
        costs = replace(asked.costs, failed=0, error="", error_en="")
        return [SectionAnswer(section, None, costs), *answers]
