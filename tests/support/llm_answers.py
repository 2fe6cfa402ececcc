"""A text and answers of a language model about it, right or wrong."""

from __future__ import annotations

import json
from collections.abc import Callable

from ontology.lexicons import load_lexicon
from tests.support.llm_server import Asked, Say
from tests.support.reading import reply

LEX = load_lexicon()
TEXT = reply(
    "一是优化服务。市算力调度所负责日常维护霁企小站，企业可扫码进入霁企小站报名春笋季。"
    "春笋季专帮独行侠，霁企小站月均访问过9百人次。\n　　"
    "二是加大扶持。我局实施“青苗”计划，对高新技术企业给予5万元奖励。尚未出台《霁川市算力券管理办法》。\n　　"
    "三是下一步，力争到2026年培育高新技术企业200家以上。"
)
SAYS_WHO = "市算力调度所负责日常维护霁企小站"


def entity(name: str, kind: str, quote: str) -> dict[str, str]:
    return {"name": name, "kind": kind, "quote": quote}


def edge(subject: str, predicate: str, obj: str, quote: str) -> dict[str, str]:
    return {"subject": subject, "predicate": predicate, "object": obj, "quote": quote}


def answer(**lists: list[dict[str, str]]) -> str:
    return json.dumps({"entities": [], "edges": [], "figures": []} | lists, ensure_ascii=False)


GOOD = answer(
    entities=[
        entity("市算力调度所", "Agency", SAYS_WHO),
        entity("霁企小站", "Platform", SAYS_WHO),
        entity("春笋季", "Program", "进入霁企小站报名春笋季"),
        entity("独行侠", "TargetGroup", "春笋季专帮独行侠"),
    ],
    edges=[
        edge("市算力调度所", "operates", "霁企小站", SAYS_WHO),
        edge("春笋季", "availableOn", "霁企小站", "进入霁企小站报名春笋季"),
        edge("春笋季", "supports", "独行侠", "春笋季专帮独行侠"),
    ],
)


def first(*says: Say) -> Callable[[Asked], Say]:
    """Each response in turn, the last one for ever."""
    return lambda asked: says[min(asked.number, len(says) - 1)]


def good_where_it_fits(asked: Asked) -> Say:
    return Say(GOOD if SAYS_WHO in asked.text else answer())
