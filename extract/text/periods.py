"""When: the times that a text states, resolved against the day that the letter was written.

A time's value is ISO 8601 where it can be (``2023``, ``2023-06``, ``2023-06-19``, ``2021/2023``), with ``2023-Q1`` and
``2023-H1`` for quarters and halves, and as printed where it cannot (``前3年``, ``近五年``).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from extract.model import Span
from extract.text.numerals import parse_amount
from ontology.lexicons import Lexicon, alternation


class Use(StrEnum):
    """What a time is stated for."""

    AT = "at"
    """A period or a day: 2022年, 截至2023年3月末."""
    SINCE = "since"
    """2022年以来."""
    BY = "by"
    """A deadline: 到2026年, 年底前."""
    BASE = "base"
    """What something is compared with: 较2020年."""
    EVERY = "every"
    """每年."""
    PHASE = "phase"
    """A stretch counted from some event: 前3年, 5年内."""
    ACT = "act"
    """The day of an act, not of a figure: 自2024年4月1日起施行."""


@dataclass(frozen=True, slots=True)
class Time:
    """A time as the text states it."""

    span: Span
    value: str
    """Resolved, or as printed; for BY the year or day that ends it."""
    use: Use


_TAIL = (
    r"(?:度?(?:的)?(?P<{0}q>[一二三四1-4])季度|度?(?P<{0}h>[上下])半年|度?(?P<{0}q3>前三季度)"
    r"|(?P<{0}m1>\d{{1,2}})(?:月份?)?[-~至到](?P<{0}m2>\d{{1,2}})月(?:份)?"
    r"|(?P<{0}m>\d{{1,2}})月(?:份)?(?:(?P<{0}d>\d{{1,2}})[日号])?(?:[底末初]|中旬|上旬|下旬)?"
)
_EDGE = r"|度|[底末初])"


class _Rules:
    def __init__(self, lex: Lexicon) -> None:
        config = lex.config("figures")["periods"]
        cues = config["cues"]
        self.years: dict[str, int] = config["years"]
        self.now = frozenset(config["now"])
        self.every = frozenset(cues["every"])
        number = r"[\d一二三四五六七八九十两]{1,4}"
        # Few characters can begin a time: looking at the first one only makes this five times as fast.
        first = "".join(sorted({w[0] for w in (*self.now, *self.every, *self.years)}))
        self.time = re.compile(
            rf"(?=[{first}\d一二三四五六七八九十两前后近未今过最第这上下度])(?:"
            r"(?P<y1>(?:19|20)\d\d)年?[-~至到、和](?P<y2>(?:19|20)\d\d)年(?:度|底|末)?"
            r"|(?P<y>(?:19|20)\d\d)(?:年" + _TAIL.format("y") + _EDGE + r"?)"
            r"|(?P<iso>(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2})"
            rf"|(?P<now>(?<![项题])(?:{alternation(self.now)}))"
            rf"|(?P<every>{alternation(self.every)})"
            rf"|(?P<rel>(?<![每一\d多]){alternation(self.years)})" + _TAIL.format("r") + _EDGE + "?"
            rf"|(?P<past>(?:这|近|过去|过去的|最近){number}个?年(?:来|以来)?|{number}年(?:来|以来))"
            rf"|(?P<phase>(?:前|后|未来|今后|第){number}个?年(?:内)?|{number}年内(?!容|部))"
            r"|(?P<plan>十[一二三四五六七])五[”’\"]?(?:时期|期间|规划期|以来|末)?"
            r"(?![\u4e00-\u9fff]{0,6}(?:规划|纲要))"
            r"|(?<![第\d一二三四年月])" + _TAIL.format("b") + "))"
        )
        self.per_before = re.compile(r"(?:每|单)[\u4e00-\u9fff]{1,3}$")
        self.titles = re.compile(r"《[^《》]{1,80}》|[〔\[【(（](?:19|20)\d\d[〕\]】)）]")
        self.base_before = re.compile(f"(?:{alternation(cues['base_before'])})$")
        self.base_after = re.compile(f"(?:{alternation(cues['base_after'][:2])})")
        self.by_before = re.compile(f"(?<!截)(?<!截至)(?:{alternation(cues['by_before'])})$")
        self.by_after = re.compile(f"(?:{alternation(cues['by_after'])})")
        self.since_after = re.compile(f"(?:{alternation(cues['since_after'])})")
        acts = alternation(cues["act_after"])
        self.act_after = re.compile(f"起?(?:正式)?(?:{acts})|起[^,，。;；]{{0,4}}(?:{acts})")


@lru_cache(maxsize=8)
def _rules(lex: Lexicon) -> _Rules:
    return _Rules(lex)


def times(text: str, issued: str, lex: Lexicon) -> list[Time]:
    """The times of *text*, in order.

    Args:
        text: of one letter, or a stretch of it; widths folded (:func:`extract.text.folding.fold`).
        issued: the letter's date in ISO 8601, as precise as it is known; empty when it is not.
        lex: the lexicon (``figures.toml``).
    """
    rules = _rules(lex)
    titles = [m.span() for m in rules.titles.finditer(text)]
    begins = [b for b, _ in titles]
    this = int(issued[:4]) if issued[:4].isdigit() else 0
    year = this
    found = []
    for m in rules.time.finditer(text):
        i = bisect_left(begins, m.start() + 1) - 1
        if i >= 0 and m.start() < titles[i][1]:
            continue
        if m["every"] and rules.per_before.search(text, max(0, m.start() - 4), m.start()):
            continue  # 每人每年: what one payment is for
        value, use, stated = _value(m, rules, issued, this, year)
        if not value:
            continue
        use = _use(text, m, use, rules)
        if use is Use.SINCE and issued and "/" not in value:
            value = f"{value}/{issued}" if value != issued else value
        if stated and use is not Use.BASE:
            year = stated
        found.append(Time(Span(m.start(), m.end()), value, use))
    return found


def _value(m: re.Match[str], rules: _Rules, issued: str, this: int, year: int) -> tuple[str, Use, int]:
    """Value, use, and the year that it states (0 for none)."""
    if m["y1"]:
        return f"{m['y1']}/{m['y2']}", Use.AT, 0
    if m["y"]:
        return m["y"] + _tail(m, "y"), Use.AT, int(m["y"])
    if m["iso"]:
        y, mo, d = re.split(r"[-./]", m["iso"])
        return f"{y}-{int(mo):02}-{int(d):02}", Use.AT, 0
    if m["now"]:
        return issued, Use.AT, 0
    if m["every"]:
        return m["every"], Use.EVERY, 0
    if m["rel"]:
        if not this:
            return "", Use.AT, 0
        stated = (year if m["rel"] == "全年" else this) + rules.years[m["rel"]]
        return f"{stated}{_tail(m, 'r')}", Use.BY if m["rel"].endswith("前") else Use.AT, stated
    if m["past"]:
        return m["past"], Use.AT, 0
    if m["phase"]:
        return m["phase"], Use.PHASE, 0
    if m["plan"]:
        first = 2021 + 5 * (int(parse_amount(m["plan"]) or 14) - 14)
        return f"{first}/{first + 4}", Use.AT, 0
    tail = _tail(m, "b")
    return (f"{year}{tail}" if year and tail else ""), Use.AT, 0


def _tail(m: re.Match[str], g: str) -> str:
    if q := m[f"{g}q"]:
        return f"-Q{int(parse_amount(q) or 0) if not q.isdigit() else q}"
    if h := m[f"{g}h"]:
        return "-H1" if h == "上" else "-H2"
    if m[f"{g}q3"]:
        return f"-01/{m[g]}-09" if g == "y" else ""
    if m[f"{g}m1"]:
        return ""
    if month := m[f"{g}m"]:
        if not 1 <= int(month) <= 12:
            return ""
        day = m[f"{g}d"]
        return f"-{int(month):02}" + (f"-{int(day):02}" if day else "")
    return ""


def _use(text: str, m: re.Match[str], use: Use, rules: _Rules) -> Use:
    before, after = text[max(0, m.start() - 4) : m.start()], text[m.end() : m.end() + 8]
    if use in (Use.EVERY, Use.PHASE):
        return use
    if rules.act_after.match(after):
        return Use.ACT
    if rules.base_before.search(before) or rules.base_after.match(after):
        return Use.BASE
    if use is Use.BY or rules.by_after.match(after) or rules.by_before.search(before):
        return Use.BY
    if rules.since_after.match(after):
        return Use.SINCE
    return use
