"""An invented letter with facts in it, and answers of a model that reviews them.

Letters and parts are found by the rules. The facts are given here, so that the tests do not depend on what the rules
find.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

from extract.llm.report import LlmReport
from extract.llm.review import apply_review, make_sections, parse_review
from extract.llm.review.trust import ReviewTrust, trust_everything
from extract.model import Bound, Entity, EntityId, Extraction, Figure, FigureId, Kind, Relation, Span
from extract.text.normalize import find_occurrences, include_quotes
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


def make_extraction(
    text: str,
    entities: Sequence[tuple[Kind, str, tuple[str, ...]]],
    relations: Sequence[tuple[str, str, str, str]] = (),
    figures: Sequence[Figure] = (),
) -> Extraction:
    """The letters and parts of *text*, with entities ``e1``, ``e2`` … of these classes, labels and aliases, and
    relations between ids with the words that state them."""
    base = read(text)
    made = []
    for number, (kind, label, aliases) in enumerate(entities, 1):
        spans = {include_quotes(text, span) for name in (label, *aliases) for span in find_occurrences(text, name)}
        ident, places = EntityId(f"e{number}"), tuple(sorted(spans))
        made.append(Entity(ident, kind, label, aliases, places, rule="made", confidence=0.95))
    stated = [Relation(s, p, o, find(text, words), "made.rule", 0.9) for s, p, o, words in relations]
    return replace(base, entities=tuple(made), relations=tuple(stated), figures=tuple(figures))


def find(text: str, words: str) -> Span:
    """The first place of *words*."""
    at = text.index(words)
    return Span(at, at + len(words))


def _figure(number: int, kind: Kind, words: str, value: int, unit: str, **slots: Any) -> Figure:
    return Figure(
        FigureId(f"f{number}"), kind, find(TEXT, words), Decimal(value), unit, Bound.EXACTLY, rule="made.figure",
        confidence=0.9, **slots,
    )  # fmt: skip


@cache
def letter() -> Extraction:
    """The letter ``TEXT`` with its facts."""
    return make_extraction(
        TEXT,
        [
            (Kind.AGENCY, "霁川市工业和信息化局", ("市工业和信息化局",)), (Kind.PLACE, "霁川市", ()),
            (Kind.PROGRAM, "“青苗”计划", ()), (Kind.PLATFORM, "“霁企小站”平台", ()),
            (Kind.AGENCY, "霁川市科学技术局", ("市科技局",)), (Kind.PROGRAM, "“远舟”专项", ()),
            (Kind.TIER, "高新技术企业", ()), (Kind.AGENCY, "霁川市财政局", ("市财政局",)),
            (Kind.ENTERPRISE, "霁川云端智造有限公司", ()),
        ],
        [
            ("d1", "issuedBy", "e5", "霁川市科学技术局"), ("d1", "addressedTo", "e1", "市工业和信息化局"),
            ("e5", "jurisdiction", "e2", "霁川市科学技术局"), ("e5", "administers", "e3", "我局实施“青苗”计划"),
            ("e5", "administers", "e6", "市科技局负责“远舟”专项"), ("e6", "supports", "e7", "对高新技术企业给予"),
            ("e3", "availableOn", "e4", "“青苗”计划在“霁企小站”平台申领"),
        ],
        [
            _figure(1, Kind.PROVISION, "20万元", 200000, "CNY", about="e3"),
            _figure(2, Kind.PROVISION, "10万元奖励", 100000, "CNY", about="e3"),
            _figure(3, Kind.OBSERVATION, "兑现资金300万元", 3000000, "CNY", about="e3", period="2025"),
            _figure(4, Kind.PROVISION, "5万元补助", 50000, "CNY", about="e7", granted_under="e6"),
            _figure(5, Kind.TARGET, "培育高新技术企业200家以上", 200, "家", about="e7", period="2027", deadline="2027"),
        ],
    )  # fmt: skip


def say(**lists: list[Any]) -> str:
    """An answer with these lists, and all others empty."""
    return json.dumps({name: [] for name in LISTS} | lists, ensure_ascii=False)


def review(answer: str, extraction: Extraction | None = None, trust: ReviewTrust = ALL) -> tuple[Extraction, LlmReport]:
    """The extraction, by default that of the letter, with the changes of *answer* about its first section."""
    extraction = extraction or letter()
    section = make_sections(extraction, LEX)[0]
    return apply_review(parse_review(answer, LEX), extraction, section, model="m", lex=LEX, trust=trust)


def why(report: LlmReport) -> list[str]:
    """The reasons of the refusals, in order."""
    return [refusal.reason for refusal in report.refusals]


def entity(label: str, extraction: Extraction | None = None) -> Entity:
    """The entity with that label or alias, by default of the letter."""
    found = (extraction or letter()).find_entity(label)
    assert found is not None, label
    return found


def figure(words: str, extraction: Extraction | None = None) -> Figure:
    """The figure whose words contain *words*."""
    extraction = extraction or letter()
    return next(f for f in extraction.figures if words in f.span.of(extraction.source.text))


def statements(extraction: Extraction) -> set[tuple[str, str, str]]:
    """The relations between entities, by labels."""
    labels = {e.id: e.label for e in extraction.entities}
    return {(labels[r.subject], r.predicate, labels[r.object]) for r in extraction.relations
            if r.subject in labels and r.object in labels}  # fmt: skip
