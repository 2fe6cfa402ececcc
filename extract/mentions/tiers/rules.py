"""The patterns with which classes of firms that an authority recognises are found."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from extract.mentions.classes.expansion import COUNTED_LEVELS
from ontology.lexicons import Lexicon, join_alternatives


@dataclass(frozen=True, slots=True)
class TierRules:
    """The patterns and words of ``tiers.toml``."""

    levels: dict[str, str]
    level: re.Pattern[str]
    recognised: re.Pattern[str]
    rank: re.Pattern[str]
    ranked: re.Pattern[str]
    counted: re.Pattern[str]
    """The same after levels with their number: 省、市两级+工程研究中心."""
    awarded: re.Pattern[str]
    """Any class with a level that is paid for its recognition: 对新认定的国家级、+省级非遗工坊+，给予…."""
    numbered: re.Pattern[str]
    """Any class with a level that is counted: +省级乡村振兴示范村+8个."""
    honoured: re.Pattern[str]
    """Any class with a level that somebody becomes: 获评+国家级青少年体育俱乐部."""
    people: re.Pattern[str]
    """Ends of classes of people and of honours, which are no tiers."""
    ladder: re.Pattern[str]
    joint: re.Pattern[str]
    """The end of one rung and the mark after it."""
    separator: re.Pattern[str]
    vague: re.Pattern[str]
    head: re.Pattern[str]
    institution: re.Pattern[str]
    recognition: re.Pattern[str]
    local: re.Pattern[str]
    graded: re.Pattern[str]
    """Several grades of one class: 三星级、四星级、五星级的物流企业."""
    plain: frozenset[str]
    """Names of firms that nobody recognises."""
    not_firms: re.Pattern[str]
    """Words before a quoted short form that is the honour of something else."""
    named: re.Pattern[str]
    """A distinguished class, behind a place or level, and the word of recognition before it."""
    other_word: re.Pattern[str]
    """What follows a short form when it is the begin of another word: 瞪羚贷."""


@cache
def read_rules(lex: Lexicon) -> TierRules:
    """Return the patterns and words of the lexicon."""
    config = lex.read_config("tiers")
    levels = dict(config["levels"])
    patterns = config["patterns"]
    marks = "|".join(re.escape(s) for s in sorted(patterns["ladder_separators"], key=len, reverse=True) if s != "至")
    local = join_alternatives(patterns["local"])
    item = rf"[一-龥“”\"]{{2,16}}?(?:企业|工厂|强|机构|高企|小巨人|瞪羚|独角兽|冠军|{local})"
    heads = join_alternatives(patterns["heads"][:4])
    grades = join_alternatives(w for w in levels if w.endswith("级"))
    honours = join_alternatives(patterns["honours"])
    inside = "[^，,。；;：:（）()\\s、的和与及等“”]"
    word = "[^，,。；;：:（）()\\s、的和与及等“”\\d每向]"
    tail = (
        rf"{inside}{{0,8}}?(?:(?:{join_alternatives(patterns['distinctions'])}){inside}{{0,4}}?(?:{heads})"
        rf"|(?:{join_alternatives(patterns['institutions'])}))"
    )
    return TierRules(
        levels,
        re.compile(rf"(?:{join_alternatives(levels)})[“\"]?$"),
        re.compile(
            rf"(?:{join_alternatives(patterns['recognised'])})(?:了|为)?(?P<name>(?!的|奖|条件|标准|名单|工作|管理)[^，,。；;：:（）()\s的了]{{2,40}}?(?:的[^，,。；;：:（）()\s的了]{{2,6}}?)?(?:{heads}))(?=[^一-龥、]|的|后|每|称号|资格|名单|等|给予)"
        ),
        re.compile(patterns["ranks"]),
        re.compile(rf"(?:{grades}){tail}"),
        re.compile(rf"{COUNTED_LEVELS}{tail}"),
        re.compile(
            rf"(?:{join_alternatives(patterns['recognised'])})(?:了|为|的)?(?:(?:{grades})[、和及或])*"
            rf"(?P<name>(?:{grades}){word}{{2,14}}?)(?=(?:{honours})*的?[，,]?(?:{join_alternatives(patterns['paid'])}))"
        ),
        re.compile(
            rf"(?P<name>(?:{grades}){word}{{2,14}}?)(?=(?:{join_alternatives(patterns['amounting'])})*"
            rf"\d[\d,.]*余?(?:{join_alternatives(patterns['counters'])})(?!月|工作日))"
        ),
        re.compile(
            rf"(?:{join_alternatives(patterns['honoured'])})(?P<name>(?:{grades}){word}{{3,14}}?)"
            rf"(?=(?:{honours})*(?:[。，；,;、）)\n]|\Z))"
        ),
        re.compile(rf"(?:{join_alternatives(patterns['people'])})\Z"),
        re.compile(rf"{item}(?:\s*(?:{marks})\s*{item})+"),
        re.compile(rf"(?:企业|工厂|强|机构|高企|小巨人|瞪羚|独角兽|冠军|{local})[”\"]?\s*(?:{marks})"),
        re.compile(rf"\s*(?:{marks})\s*"),
        re.compile(join_alternatives(patterns["vague"])),
        re.compile(rf"(?:{heads})$"),
        re.compile(rf"(?:{join_alternatives(patterns['institutions'])})$"),
        re.compile(join_alternatives(patterns["recognition"])),
        re.compile(local),
        re.compile(
            rf"(?P<grades>(?:[一二三四五六]星级[、和及或]|[1-5]A级[、和及或]|[1-5]A[、和及或]){{1,4}}(?:[一二三四五六]星级|[1-5]A级))(?:的)?"
            rf"(?P<class>[^，,。；;：:（）()\s、的和与及等“”]{{0,10}}?(?:{heads}))"
        ),
        frozenset(patterns["plain"]),
        re.compile(rf"(?:{join_alternatives(patterns['not_firms'])})[“\"]\Z"),
        re.compile(
            rf"(?<!作)(?:{join_alternatives(patterns['named'])})[“\"]?(?=(?P<name>[一-龥]{{3,22}}?"
            rf"(?:{join_alternatives(patterns['distinctions'])})企业)(?=[”\"]?(?:[。，；;,、（(\n]|的通知|称号|\Z)))"
        ),
        re.compile(rf"[{patterns['not_before']}]"),
    )
