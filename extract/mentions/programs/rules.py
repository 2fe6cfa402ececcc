"""The rules by which programs and platforms are found: patterns and words from ``programs.toml``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from extract.text.normalize import search_fold
from ontology.lexicons import Lexicon, join_alternatives


@dataclass(frozen=True, slots=True)
class ProgramRules:
    """The patterns and words of ``programs.toml``, compiled."""

    after_platform: re.Pattern[str]
    after_program: re.Pattern[str]
    inner_program: re.Pattern[str]
    inner_platform: re.Pattern[str]
    verb: re.Pattern[str]
    platform_verb: re.Pattern[str]
    boundary: re.Pattern[str]
    bare: frozenset[str]
    platform_bare: frozenset[str]
    ending: re.Pattern[str]
    honour: re.Pattern[str]
    planned: re.Pattern[str]
    """Verbs that plan a platform rather than name one."""
    strong: tuple[str, ...]
    products: tuple[str, ...]
    """What the names of loans, vouchers, cards … end in: with more behind it, “惠企贷”风险补偿资金 is another thing."""
    product_kind: re.Pattern[str]
    """What only says what kind of product it is: “惠企贷”产品."""
    needs_before: frozenset[str]


def _boundary(words: Sequence[str]) -> re.Pattern[str]:
    """What a name cannot hold. Most characters begin none of the words, which the first look rules out."""
    first = "".join(sorted({re.escape(w[0]) for w in words}))
    marks = r"，,。；;：:、！？（()）《》【】\s"
    return re.compile(rf"(?=[{first}{marks}\d.])(?:{join_alternatives(words)}|[{marks}]|[\d.]+[年个项批家名万亿元%]*)")


@cache
def compile_program_rules(lex: Lexicon) -> ProgramRules:
    """Return the rules of *lex*."""
    config = lex.read_config("programs")
    return ProgramRules(
        re.compile(rf"(?:[一-龥]{{0,9}}?)(?:{join_alternatives(config['after_platform'])})"),
        re.compile(rf"(?:{join_alternatives(config['after_program'])})"),
        re.compile(rf"(?:{join_alternatives(config['quoted_program_endings'])})$"),
        re.compile(rf"(?:{join_alternatives(config['quoted_platform_endings'])})$"),
        re.compile(rf"(?:{join_alternatives(config['verbs'])})(?:了|好|的)?$"),
        re.compile(rf"(?:{join_alternatives(config['platform_verbs'])})(?:了|好)?$"),
        _boundary(config["boundaries"]),
        frozenset(config["bare"]),
        frozenset(config["platform_bare"]),
        re.compile(rf"(?:{join_alternatives(w for w in config['endings'] if len(w) > 1)})$"),
        re.compile(
            rf"(?:(?:{join_alternatives(config['winning'])})(?:为|了)?(?:首批|第[一二三四五六七八九十]+批)?|为(?:首批|第[一二三四五六七八九十]+批))(?P<name>(?:国家级?|全国|省级?|市级?)[^，,。；;：:、\s的]{{2,20}}?(?:{join_alternatives(config['honours'])}))(?![一-龥]?[市县镇])"
        ),
        re.compile(rf"^(?:{join_alternatives(config['platform_plans'])})"),
        tuple(search_fold(w) for w in config["strong"]),
        tuple(config["products"]),
        re.compile(rf"(?:{join_alternatives(config['product_kinds'])})?$"),
        frozenset(config["needs_before"]),
    )
