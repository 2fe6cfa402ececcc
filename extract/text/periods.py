"""Times that a text states, resolved against the date of the letter.

The value of a time is ISO 8601 where possible (``2023``, ``2023-06``, ``2023-06-19``, ``2021/2023``); quarters and
half-years are ``2023-Q1`` and ``2023-H1``. Other times stay as printed (``前3年``, ``近五年``).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from extract.model import Span
from extract.text.numerals import parse_amount
from ontology.lexicons import Lexicon, join_alternatives


class TimeUse(StrEnum):
    """The role of a time in its sentence."""

    AT = "at"
    """A period or a day: 2022年, 截至2023年3月末."""
    SINCE = "since"
    """2022年以来."""
    BY = "by"
    """A deadline: 到2026年, 年底前."""
    BASE = "base"
    """The time that something is compared with: 较2020年."""
    EVERY = "every"
    """每年."""
    PHASE = "phase"
    """A length of time counted from an event: 前3年, 5年内."""
    ACT = "act"
    """The date of a legal act, not of a figure: 自2024年4月1日起施行."""


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """A time in a text."""

    span: Span
    value: str
    """Resolved, or as printed. For a deadline, the year or day that ends it."""
    use: TimeUse


_TAIL = (
    r"(?:度?(?:的)?(?P<{0}q>[一二三四1-4])季度|度?(?P<{0}h>[上下])半年|度?(?P<{0}q3>前三季度)"
    r"|(?P<{0}m1>\d{{1,2}})(?:月份?)?[-~至到](?P<{0}m2>\d{{1,2}})月(?:份)?"
    r"|(?P<{0}m>\d{{1,2}})月(?:份)?(?:(?P<{0}d>\d{{1,2}})[日号])?(?:[底末初]|中旬|上旬|下旬)?"
)
_EDGE = r"|度|[底末初])"


class _TimePatterns:
    def __init__(self, lex: Lexicon) -> None:
        config = lex.read_config("figures")["periods"]
        cues = config["cues"]
        self.years: dict[str, int] = config["years"]
        self.now = frozenset(config["now"])
        self.every = frozenset(cues["every"])
        number = r"[\d一二三四五六七八九十两]{1,4}"
        # Few characters can begin a time. Testing the first one before all else makes the search five times as fast.
        first = "".join(sorted({w[0] for w in (*self.now, *self.every, *self.years)}))
        self.time = re.compile(
            rf"(?=[{first}\d一二三四五六七八九十两前后近未今过最第这上下度])(?:"
            r"(?P<y1>(?:19|20)\d\d)年?[-~至到、和](?P<y2>(?:19|20)\d\d)年(?:度|底|末)?"
            r"|(?P<y>(?:19|20)\d\d)(?:年" + _TAIL.format("y") + _EDGE + r"?)"
            r"|(?P<iso>(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2})"
            rf"|(?P<now>(?<![项题])(?:{join_alternatives(self.now)}))"
            rf"|(?P<every>{join_alternatives(self.every)})"
            rf"|(?P<rel>(?<![每一\d多]){join_alternatives(self.years)})" + _TAIL.format("r") + _EDGE + "?"
            rf"|(?P<past>(?:这|近|过去|过去的|最近){number}个?年(?:来|以来)?|{number}年(?:来|以来))"
            rf"|(?P<phase>(?:前|后|未来|今后|第){number}个?年(?:内)?|{number}年内(?!容|部))"
            r"|(?P<plan>十[一二三四五六七])五[”’\"]?(?:时期|期间|规划期|以来|末)?"
            r"(?![\u4e00-\u9fff]{0,6}(?:规划|纲要))"
            r"|(?<![第\d一二三四年月])" + _TAIL.format("b") + "))"
        )
        self.per_before = re.compile(r"(?:每|单)[\u4e00-\u9fff]{1,3}$")
        self.titles = re.compile(r"《[^《》]{1,80}》|[〔\[【(（](?:19|20)\d\d[〕\]】)）]")
        self.base_before = re.compile(f"(?:{join_alternatives(cues['base_before'])})$")
        self.base_after = re.compile(f"(?:{join_alternatives(cues['base_after'][:2])})")
        self.by_before = re.compile(f"(?<!截)(?<!截至)(?:{join_alternatives(cues['by_before'])})$")
        self.by_after = re.compile(f"(?:{join_alternatives(cues['by_after'])})")
        self.since_after = re.compile(f"(?:{join_alternatives(cues['since_after'])})")
        acts = join_alternatives(cues["act_after"])
        self.act_after = re.compile(f"起?(?:正式)?(?:{acts})|起[^,，。;；]{{0,4}}(?:{acts})")


@lru_cache(maxsize=8)
def _compile_patterns(lex: Lexicon) -> _TimePatterns:
    return _TimePatterns(lex)


def find_times(text: str, issued: str, lex: Lexicon) -> list[TimeExpression]:
    """Return the times of *text*, in order.

    Args:
        text: a letter or a part of it, folded (:func:`extract.text.folding.fold_text`).
        issued: the letter's date in ISO 8601, as precise as it is known; empty if it is not known.
        lex: the lexicon (``figures.toml``).
    """
    patterns = _compile_patterns(lex)
    titles = [m.span() for m in patterns.titles.finditer(text)]
    begins = [begin for begin, _ in titles]
    issued_year = int(issued[:4]) if issued[:4].isdigit() else 0
    current_year = issued_year
    found = []
    for m in patterns.time.finditer(text):
        i = bisect_left(begins, m.start() + 1) - 1
        if i >= 0 and m.start() < titles[i][1]:
            continue
        if m["every"] and patterns.per_before.search(text, max(0, m.start() - 4), m.start()):
            continue  # 每人每年: the time that one payment is for
        resolved = _resolve(m, patterns, issued, issued_year, current_year)
        if resolved is None:
            continue
        value = resolved.value
        use = _classify_use(text, m, resolved.use, patterns)
        if use is TimeUse.SINCE and issued and "/" not in value:
            value = f"{value}/{issued}" if value != issued else value
        if resolved.year and use is not TimeUse.BASE:
            current_year = resolved.year
        found.append(TimeExpression(Span(m.start(), m.end()), value, use))
    return found


@dataclass(frozen=True, slots=True)
class _Resolved:
    value: str
    use: TimeUse = TimeUse.AT
    year: int = 0
    """The year that the words state, which later times without a year refer to; 0 for none."""


def _resolve(
    m: re.Match[str], patterns: _TimePatterns, issued: str, issued_year: int, current_year: int
) -> _Resolved | None:
    """Return the value of a match of ``patterns.time``, None if it has none.

    Args:
        issued: the letter's date; empty if it is not known.
        issued_year: its year, or 0.
        current_year: the year that the text stated last, or the year of the letter, or 0.
    """
    if m["y1"]:
        return _Resolved(f"{m['y1']}/{m['y2']}")
    if m["y"]:
        return _Resolved(m["y"] + _format_tail(m, "y"), TimeUse.AT, int(m["y"]))
    if m["iso"]:
        year, month, day = re.split(r"[-./]", m["iso"])
        return _Resolved(f"{year}-{int(month):02}-{int(day):02}")
    if m["now"]:
        return _Resolved(issued) if issued else None
    if m["every"]:
        return _Resolved(m["every"], TimeUse.EVERY)
    if m["rel"]:
        if not issued_year:
            return None
        stated = (current_year if m["rel"] == "全年" else issued_year) + patterns.years[m["rel"]]
        use = TimeUse.BY if m["rel"].endswith("前") else TimeUse.AT
        return _Resolved(f"{stated}{_format_tail(m, 'r')}", use, stated)
    if m["past"]:
        return _Resolved(m["past"])
    if m["phase"]:
        return _Resolved(m["phase"], TimeUse.PHASE)
    if m["plan"]:
        first = 2021 + 5 * (int(parse_amount(m["plan"]) or 14) - 14)
        return _Resolved(f"{first}/{first + 4}")
    tail = _format_tail(m, "b")
    return _Resolved(f"{current_year}{tail}") if current_year and tail else None


def _format_tail(m: re.Match[str], prefix: str) -> str:
    """Return what follows the year in ISO 8601 (``-06-19``, ``-Q1``); *prefix* is that of the groups of ``_TAIL``."""
    if quarter := m[f"{prefix}q"]:
        return f"-Q{int(parse_amount(quarter) or 0) if not quarter.isdigit() else quarter}"
    if half := m[f"{prefix}h"]:
        return "-H1" if half == "上" else "-H2"
    if m[f"{prefix}q3"]:
        return f"-01/{m[prefix]}-09" if prefix == "y" else ""
    if m[f"{prefix}m1"]:
        return ""
    if month := m[f"{prefix}m"]:
        if not 1 <= int(month) <= 12:
            return ""
        day = m[f"{prefix}d"]
        return f"-{int(month):02}" + (f"-{int(day):02}" if day else "")
    return ""


def _classify_use(text: str, m: re.Match[str], use: TimeUse, patterns: _TimePatterns) -> TimeUse:
    """Return the role of a time by the words around it; *use* is the role that its own words suggest."""
    before, after = text[max(0, m.start() - 4) : m.start()], text[m.end() : m.end() + 8]
    if use in (TimeUse.EVERY, TimeUse.PHASE):
        return use
    if patterns.act_after.match(after):
        return TimeUse.ACT
    if patterns.base_before.search(before) or patterns.base_after.match(after):
        return TimeUse.BASE
    if use is TimeUse.BY or patterns.by_after.match(after) or patterns.by_before.search(before):
        return TimeUse.BY
    if patterns.since_after.match(after):
        return TimeUse.SINCE
    return use
