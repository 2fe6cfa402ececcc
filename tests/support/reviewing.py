"""An invented letter, and answers of a model that reviews what the rules find in it."""

from __future__ import annotations

import json
from typing import Any

from extract.llm.report import LlmReport
from extract.llm.review import apply_review, make_sections, parse_review
from extract.llm.review.trust import ReviewTrust, trust_everything
from extract.model import Entity, Extraction, Figure
from ontology.lexicons import load_lexicon
from tests.support.reading import read, reply

LEX = load_lexicon()
ALL = trust_everything(LEX)
LISTS = (
    "drop", "rename", "retype", "same", "entities", "edges", "ladders", "numbers", "figures", "fields", "parts",
    "answers",
)  # fmt: skip
TEXT = reply(
    "一是优化服务。我局实施“青苗”计划，对国家级、省级云帆工坊分别给予20万元、10万元奖励。"
    "“青苗”计划在“霁企小站”平台申领。2025年共兑现资金300万元。\n　　"
    "二是加强管理。市科技局负责“远舟”专项，对高新技术企业给予5万元补助。市财政局不得实施“远舟”专项。"
    "霁川云端智造有限公司入选“远舟”专项。\n　　"
    "三是下一步，力争到2027年培育高新技术企业200家以上。"
)


def say(**lists: list[Any]) -> str:
    """An answer with these lists, and all others empty."""
    return json.dumps({name: [] for name in LISTS} | lists, ensure_ascii=False)


def review(answer: str, text: str = TEXT, trust: ReviewTrust = ALL) -> tuple[Extraction, LlmReport]:
    """The extraction of *text* with the changes of *answer* about its first section."""
    extraction = read(text)
    section = make_sections(extraction, LEX)[0]
    return apply_review(parse_review(answer, LEX), extraction, section, model="m", lex=LEX, trust=trust)


def why(report: LlmReport) -> list[str]:
    """The reasons of the refusals, in order."""
    return [refusal.reason for refusal in report.refusals]


def entity(label: str, extraction: Extraction | None = None) -> Entity:
    """The entity with that label or alias in the letter."""
    found = (extraction or read(TEXT)).find_entity(label)
    assert found is not None, label
    return found


def figure(words: str, extraction: Extraction | None = None) -> Figure:
    """The figure whose words contain *words*."""
    extraction = extraction or read(TEXT)
    return next(f for f in extraction.figures if words in f.span.of(extraction.source.text))


def statements(extraction: Extraction) -> set[tuple[str, str, str]]:
    """The relations between entities, by labels."""
    labels = {e.id: e.label for e in extraction.entities}
    return {(labels[r.subject], r.predicate, labels[r.object]) for r in extraction.relations
            if r.subject in labels and r.object in labels}  # fmt: skip
