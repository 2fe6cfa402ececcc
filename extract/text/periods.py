"""Times that a text states, resolved against the date of the letter.

The value of a time is ISO 8601 where possible (``2023``, ``2023-06``, ``2023-06-19``, ``2021/2023``); quarters and
half-years are ``2023-Q1`` and ``2023-H1``, 前三季度 is ``2023-Q1/2023-Q3``. Other times stay as printed (``前3年``,
``近五年``).

Some numbers have another time than the one that is printed before them: the members of 2022年、2023年分别为3家、5家,
and the second number of 2023年由2020年的62%提高到81%. For these, a time that is only implied stands before the number.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from extract.model import Span
from extract.text.dates import is_impossible_date, join_days, parse_date
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
    """Its words. A time that is only implied has the words before the number that it is for."""
    value: str
    """Resolved, or as printed. For a deadline, the year or day that ends it."""
    use: TimeUse
    implied: bool = False
    """Whether it is that of the next number only, by its place in a list: 第一年、第二年分别给予5万元、*3万元*."""


_TAIL = (
    r"(?:度?(?:的)?(?P<{0}q>[一二三四1-4])(?:[、和至-](?P<{0}q2>[二三四2-4]))?季度|度?(?P<{0}h>[上下])半年|度?前(?P<{0}qs>[二两三23])个?季度"
    r"|(?P<{0}m1>\d{{1,2}})(?:月份?)?[-~至到](?P<{0}m2>\d{{1,2}})月(?:份)?"
    r"|(?P<{0}m>\d{{1,2}})月(?:份)?(?:(?P<{0}d>\d{{1,2}})[日号])?(?:[底末初]|中旬|上旬|下旬)?"
)
_EDGE = r"|度|[底末初])"
_FIRST_MONTHS = r"(?:度?前(?P<ms>\d{1,2}|[二两三四五六七八九十]{1,2})个月)"
_YEAR = r"(?:19|20)\d\d"
_SENTENCE_END = re.compile("[。；;！？\n]")
_QUARTERS = "一二三四1234"
_REACH = 120
"""Characters behind a time in which the numbers that it is for are looked for."""


class _TimePatterns:
    def __init__(self, lex: Lexicon) -> None:
        config = lex.read_config("figures")["periods"]
        cues = config["cues"]
        self.yearly = re.compile(cues["yearly"])
        self.years: dict[str, int] = config["years"]
        self.year_parts = frozenset(config["year_parts"])
        self.following = frozenset(config["following"])
        self.now, self.every = frozenset(config["now"]), frozenset(cues["every"])
        number = r"[\d一二三四五六七八九十两]{1,4}"
        # Few characters can begin a time. Testing the first one before all else makes the search five times as fast.
        first = "".join(sorted({w[0] for w in (*self.now, *self.every, *self.years, *cues["phases"])}))
        self.time = re.compile(
            rf"(?=[{first}\d一二三四五六七八九十两前后近未今过最第这上下度])(?:"
            rf"(?P<first>{_YEAR}年\d{{1,2}}月\d{{1,2}}日)起?[-~至到](?P<last>(?:{_YEAR}年)?\d{{1,2}}月\d{{1,2}}日)"
            rf"|(?P<from>{_YEAR}年\d{{1,2}}月)(?:份|底|末)?[-~至到](?P<to>{_YEAR}年\d{{1,2}}月)(?:份|底|末)?(?!\d)"
            rf"|(?P<years>(?:{_YEAR}年?(?:[、和及与]|以及)){{1,9}}{_YEAR})年(?:度|底|末)?(?![一二三四上下前\d])"
            rf"|(?P<y1>{_YEAR})年?[-~至到](?P<y2>{_YEAR})年(?:度|底|末)?"
            rf"|(?P<y>{_YEAR})(?:年(?:{_FIRST_MONTHS}|{_TAIL.format('y')}{_EDGE})?)"
            r"|(?P<iso>(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2})"
            rf"|(?P<now>(?<![项题])(?:{join_alternatives(self.now)})(?!年))"
            rf"|(?P<every>{join_alternatives(self.every)})"
            rf"|(?P<rel>(?<![每一二两三四五六七八九十半几数\d多])(?:{join_alternatives(self.years)}))"
            rf"{_TAIL.format('r')}{_EDGE}?"
            rf"|(?P<past>(?:这|近|过去|过去的|最近){number}个?年(?:来|以来)?|{number}年(?:来|以来))"
            rf"|(?P<phase>第{number}年?[-~至到]第?{number}个?年度?|(?:前|后|未来|今后|第){number}个?年(?:内)?"
            rf"|{number}年内(?!容|部)|{'|'.join(cues['phases'])})"
            r"|(?P<plan>十[一二三四五六七])五[”’\"]?(?:时期|期间|规划期|以来|末)?"
            r"(?![\u4e00-\u9fff]{0,6}(?:规划|纲要))"
            r"|(?<![第\d一二三四年月])" + _TAIL.format("b") + "))"
        )
        self.per_before = re.compile(r"(?:每|单)[\u4e00-\u9fff]{1,3}$")
        self.titles = re.compile(r"《[^《》]{1,80}》|[〔\[【(（](?:19|20)\d\d[〕\]】)）]")
        self.base_before = re.compile(f'(?:{join_alternatives(cues["base_before"])})[“‘"]?$')
        self.base_after = re.compile(f"{join_alternatives(cues['base_after'])}|{cues['multiple']}")
        self.by_before = re.compile(f"(?<!截)(?<!截至)(?:{join_alternatives(cues['by_before'])})$")
        self.by_after = re.compile(f"(?:{join_alternatives(cues['by_after'])})")
        self.since_after = re.compile(f"(?:{join_alternatives(cues['since_after'])})")
        self.multiple = re.compile(cues["multiple"])
        self.changed = re.compile(f"{cues['changed']}$")
        self.old_value = re.compile(r"的?(?:约|近|超过|仅)?\d+(?:[.,]\d+)*[^\d、，,。；;\n]")
        self.change = re.compile(rf"[^。；;\n]{{0,24}}?({cues['changed']})")
        self.number = re.compile(r"\d+(?:[.,]\d+)*")
        item = r"\d+(?:[.,]\d+)*[^\d、，。；;\n和及与]{0,8}"
        numbers = rf"[^\d。；;\n]{{0,12}}{item}"
        numbers += rf"(?:(?:，[^\d。；;，\n]{{0,4}}|(?:[、和及与]|以及)[^\d。；;，\n]{{0,10}}){item})*"
        self.listed = re.compile("(?:内|度|[之以]?前)?(?:[、和与及]|以及)")
        self.each_after = re.compile(cues["each_after"])
        self.listed_numbers = re.compile(
            rf"[^\d，,。；;\n]{{0,12}}{item}(?:(?:[、和及与]|以及)[^\d。；;，,、\n]{{0,10}}{item})+"
        )
        self.side_by_side = re.compile(rf"[^\d，,。；;\n]{{0,12}}{item}(?:[、和及与]{item})+")
        words = join_alternatives(cues["respectively"])
        self.respectively = re.compile(f"(?:{words}){numbers}")
        self.respectively_before = re.compile(f"(?:{words})[在于按]?$")
        self.numbers = re.compile(numbers)
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
    current_year, year_end = issued_year, -1
    found: list[TimeExpression] = []
    for m in patterns.time.finditer(text):
        i = bisect_left(begins, m.start() + 1) - 1
        if i >= 0 and m.start() < titles[i][1]:
            continue
        if m["every"] and patterns.per_before.search(text, max(0, m.start() - 4), m.start()):
            continue  # 每人每年: the time that one payment is for
        stated_here = year_end >= 0 and not _SENTENCE_END.search(text, year_end, m.start())
        stated_near = year_end >= 0 and "\n" not in text[year_end : m.start()]
        resolved = _resolve(m, patterns, issued, _Years(issued_year, current_year, stated_here, stated_near))
        use = _classify_use(text, m, resolved.use, patterns) if resolved else None
        if resolved is None or use is None or (use is TimeUse.AT and _recurs(text, m, resolved, patterns)):
            continue
        value = resolved.value
        if any(map(is_impossible_date, value.split("/"))):  # 2024年2月30日: its month is stated
            value = "/".join(part[:7] if is_impossible_date(part) else part for part in value.split("/"))
        if use is TimeUse.SINCE and issued and "/" not in value:
            value = f"{value}/{issued}" if value != issued else value
        if resolved.year and use is not TimeUse.BASE:
            current_year, year_end = resolved.year, m.end()
        time = TimeExpression(Span(m.start(), m.end()), value, use)
        if years := _list_years(m):
            found += [time, *_imply_in_turn(text, time.span, years, use, patterns)]
        else:
            found += _imply_times(text, time, found, patterns)
    found += _imply_listed(text, found, patterns)
    return sorted(found, key=lambda time: time.span.begin)


def _imply_listed(text: str, found: Sequence[TimeExpression], patterns: _TimePatterns) -> list[TimeExpression]:
    """Return the time of each number that is listed for one of several times: 第一年、第二年分别给予5万元、3万元."""
    printed = [time for time in found if not time.implied]
    implied: list[TimeExpression] = []
    begin = 0
    while begin < len(printed):
        first, end = printed[begin], begin + 1
        while end < len(printed) and _are_alike(first, printed[end]) and _is_next(text, printed, end, patterns):
            end += 1
        if end - begin > 1:
            whole = Span(first.span.begin, printed[end - 1].span.end)
            values = [time.value for time in printed[begin:end]]
            implied += _imply_in_turn(text, whole, values, first.use, patterns)
        begin = end
    return implied


def _are_alike(one: TimeExpression, two: TimeExpression) -> bool:
    dated = (TimeUse.AT, TimeUse.BY)
    return one.use is two.use or (one.use in dated and two.use in dated)


def _is_next(text: str, times: Sequence[TimeExpression], i: int, patterns: _TimePatterns) -> bool:
    """Whether only a separator stands between a time and the one before it."""
    return patterns.listed.fullmatch(text, times[i - 1].span.end, times[i].span.begin) is not None


def _list_years(m: re.Match[str]) -> list[str]:
    """Return the years that a match names together: 2021年、2022年; 2021-2023年."""
    if m["years"]:
        return re.findall(_YEAR, m["years"])
    return [str(year) for year in range(int(m["y1"]), int(m["y2"]) + 1)] if m["y1"] else []


def _imply_in_turn(
    text: str, whole: Span, values: Sequence[str], use: TimeUse, patterns: _TimePatterns
) -> Iterator[TimeExpression]:
    """Yield the time of each number that is listed for one of several times: 2022年、2023年分别为3家、5家.

    Args:
        text: the text.
        whole: where the list of times stands in it.
        values: the times.
        use: their role.
        patterns: what tells that values stand in turn; without such a word, only lengths of time have their numbers
            right behind them (第一年、第二年给予5万元、3万元).
    """
    begin, end = whole.end, _find_sentence_end(text, whole.end)
    runs = list(patterns.respectively.finditer(text, begin, end))
    near = patterns.respectively_before.search(text, max(0, whole.begin - 3), whole.begin)
    after = patterns.numbers if near else patterns.listed_numbers if use is TimeUse.PHASE and not runs else None
    if not runs and patterns.each_after.match(text, begin, end):
        after = patterns.side_by_side
    if after is not None and (run := after.match(text, begin, end)) is not None:
        runs.append(run)
    for run in runs:
        offsets = [run.start() + n.start() for n in patterns.number.finditer(run[0])]
        if len(offsets) > len(values):  # 分别为3家、5家，年均增长8%: behind the comma another thing is told
            listed = run[0].split("，")[0]
            offsets = [run.start() + n.start() for n in patterns.number.finditer(listed)]
        if len(offsets) == len(values):
            for offset, value in zip(offsets, values, strict=True):
                yield TimeExpression(Span(offset - 1, offset), value, use, implied=True)


def _imply_times(
    text: str, time: TimeExpression, earlier: list[TimeExpression], patterns: _TimePatterns
) -> list[TimeExpression]:
    """Return *time* and, if it is only that of an old value, the time that holds again behind this value.

    由2020年的62%提高到81%, 较2020年的62%提高19个百分点: the second number has the time stated before.
    """
    old = patterns.old_value.match(text, time.span.end)
    if old is None or time.use not in (TimeUse.AT, TimeUse.BASE) or patterns.multiple.match(text, time.span.end):
        return [time]
    if time.use is TimeUse.BASE:
        behind = Span(old.end() - 1, old.end())
        time = TimeExpression(time.span, time.value, TimeUse.AT)
    else:
        begins = text[max(0, time.span.begin - 1) : time.span.begin] in ("由", "从", "自")
        change = patterns.change.match(text, time.span.end) if begins else None
        if change is None:
            return [time]
        behind = Span(change.start(1), change.end(1))
    held = [t for t in earlier[-4:] if t.use in (TimeUse.AT, TimeUse.SINCE, TimeUse.BY)]
    if not held or _SENTENCE_END.search(text, held[-1].span.end, time.span.begin):
        return [time, TimeExpression(behind, "", TimeUse.AT)]
    return [time, TimeExpression(behind, held[-1].value, held[-1].use)]


def _recurs(text: str, m: re.Match[str], resolved: _Resolved, patterns: _TimePatterns) -> bool:
    """Whether a time without a year comes again each year: 每年3月、*9月*."""
    return (
        not resolved.year
        and "月" in m[0]
        and patterns.yearly.search(text, max(0, m.start() - 14), m.start()) is not None
    )


def _find_sentence_end(text: str, begin: int) -> int:
    """Return where the sentence ends that *begin* is in, or the end of the reach."""
    found = _SENTENCE_END.search(text, begin, begin + _REACH)
    return found.start() if found else min(len(text), begin + _REACH)


class _Years(NamedTuple):
    """The years that a time without a year can refer to; 0 for none."""

    issued: int
    """The year of the letter."""
    current: int
    """The year that the text stated last, else the year of the letter."""
    stated_here: bool
    """Whether the sentence itself stated the current year."""
    stated_near: bool
    """Whether the paragraph stated it."""


@dataclass(frozen=True, slots=True)
class _Resolved:
    value: str
    use: TimeUse = TimeUse.AT
    year: int = 0
    """The year that the words state, which later times without a year refer to; 0 for none."""


def _resolve(m: re.Match[str], patterns: _TimePatterns, issued: str, years: _Years) -> _Resolved | None:
    """Return the value of a match of ``patterns.time``, None if it has none.

    Args:
        issued: the letter's date; empty if it is not known.
    """
    if m["first"]:
        year = m["last"][:4] if "年" in m["last"] else m["first"][:4]
        begin, end = parse_date(m["first"]), parse_date(m["last"] if "年" in m["last"] else f"{year}年{m['last']}")
        return _Resolved(join_days(begin, end), year=int(year)) if begin and end else None
    if m["from"]:
        first, last = (parse_date(m[name]) for name in ("from", "to"))
        return _Resolved(join_days(first, last), year=int(m["to"][:4])) if first and last else None
    if listed := _list_years(m):
        ends = f"{listed[0]}/{listed[-1]}"
        as_range = m["y1"] or int(listed[-1]) - int(listed[0]) == len(listed) - 1
        return _Resolved(ends if as_range else m[0], year=int(listed[-1]) if m["years"] else 0)
    if m["y"]:
        months = m["ms"] and int(m["ms"] if m["ms"].isdigit() else parse_amount(m["ms"]) or 0)
        value = f"{m['y']}-01/{m['y']}-{months:02}" if months and months <= 12 else _format_period(m["y"], m, "y")
        return _Resolved(value, TimeUse.AT, int(m["y"]))
    if m["iso"]:
        year, month, day = re.split(r"[-./]", m["iso"])
        return _Resolved(f"{year}-{int(month):02}-{int(day):02}")
    if m["now"]:
        return _Resolved(issued) if issued else None
    if m["every"]:
        return _Resolved(m["every"], TimeUse.EVERY)
    if m["rel"]:
        if m["rel"] in patterns.following:
            stated = years.current + 1 if years.stated_here else 0
            return _Resolved(str(stated), year=stated) if stated else _Resolved(m["rel"], TimeUse.PHASE)
        if not years.issued:
            return None
        own = years.stated_here and m["rel"] in patterns.year_parts
        if m["rel"] == "全年" and not own:
            # The year under report: what the paragraph states, or what the text stated last, if it can still be meant.
            own = years.stated_near or 0 <= years.issued - years.current <= 1
            if not own:
                return None
        stated = (years.current if own else years.issued) + patterns.years[m["rel"]]
        use = TimeUse.BY if m["rel"].endswith("前") else TimeUse.AT
        return _Resolved(_format_period(str(stated), m, "r"), use, stated)
    if m["past"]:
        return _Resolved(m["past"])
    if m["phase"]:
        return _Resolved(m["phase"], TimeUse.PHASE)
    if m["plan"]:
        start = 2021 + 5 * (int(parse_amount(m["plan"]) or 14) - 14)
        return _Resolved(f"{start}/{start + 4}")
    if not years.current:
        return None
    value = _format_period(str(years.current), m, "b")
    return _Resolved(value) if len(value) > 4 else None


def _format_period(year: str, m: re.Match[str], prefix: str) -> str:
    """Return *year* with what follows it in ISO 8601 (``2023-06-19``, ``2023-Q1``, ``2023-01/2023-03``).

    Args:
        prefix: that of the groups of ``_TAIL``.
    """
    if quarter := m[f"{prefix}q"]:
        begin, end = (_QUARTERS.find(q) % 4 + 1 for q in (quarter, m[f"{prefix}q2"] or quarter))
        return f"{year}-Q{begin}/{year}-Q{end}" if begin < end else f"{year}-Q{begin}"
    if half := m[f"{prefix}h"]:
        return f"{year}-H1" if half == "上" else f"{year}-H2"
    if quarters := m[f"{prefix}qs"]:
        return f"{year}-Q1/{year}-Q{3 if quarters in '三3' else 2}"
    if m[f"{prefix}m1"]:
        begin, end = int(m[f"{prefix}m1"]), int(m[f"{prefix}m2"])
        return f"{year}-{begin:02}/{year}-{end:02}" if 1 <= begin < end <= 12 else year
    month = int(m[f"{prefix}m"] or 0)
    if not 1 <= month <= 12:
        return year
    day = m[f"{prefix}d"]
    return f"{year}-{month:02}" + (f"-{int(day):02}" if day else "")


def _classify_use(text: str, m: re.Match[str], use: TimeUse, patterns: _TimePatterns) -> TimeUse:
    """Return the role of a time by the words around it; *use* is the role that its own words suggest."""
    before, after = text[max(0, m.start() - 4) : m.start()], text[m.end() : m.end() + 8]
    if use in (TimeUse.EVERY, TimeUse.PHASE):
        return use
    if patterns.act_after.match(after):
        return TimeUse.ACT
    if after.startswith("的") and patterns.changed.search(before):
        return use  # 提高到2023年的81%
    if patterns.base_before.search(before) or patterns.base_after.match(after):
        return TimeUse.BASE
    if use is TimeUse.BY or patterns.by_after.match(after) or patterns.by_before.search(before):
        return TimeUse.BY
    if patterns.since_after.match(after):
        return TimeUse.SINCE
    return use
