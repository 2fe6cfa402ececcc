"""The rest of what a figure says: metric, period, what one payment is for, under what, where."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from extract.figures.about.scope import BODIES, COUNTED, home
from extract.figures.about.turn import SEPARATORS, find_member, list_members
from extract.figures.around import Around, Verdict, find_list
from extract.figures.context import FigureClause, FigureContext, Number, Scene, Seen
from extract.model import Entity, EntityId, Kind
from extract.text.periods import TimeExpression, TimeUse
from ontology.lexicons import Lexicon

_WHOLE = re.compile(r"全(省|市|区|县|州|镇|乡|街道)")
_TO_MARK = re.compile(r'.*[、，,;；:《》()"\n]', re.DOTALL)
_METRIC = 24
"""Characters before a number that its metric may have."""
_DIGITS = "0123456789."
_WHEN = "于自"
"""What stands before a time inside a clause: (我局)于2024年底前."""
_AFTER_TIME = re.compile("[之以]?前|起|以来")
_EACH = "分别"
_OF = "的"
_ONE = ("1", "一")
_COUNTED_YEAR = re.compile("[第首次前后当]")
_RIGHT_BEFORE = re.compile(r"[^\d，,。;；、的]{0,6}")
"""What may stand between a year that is counted from an event and the value of it."""
_CLAUSE_END = re.compile("[,，。;；]")


class _Rules:
    def __init__(self, lex: Lexicon) -> None:
        config = lex.read_config("figures")
        self.strip_left = re.compile(config["metric"]["strip_left"])
        self.strip_right = re.compile(config["metric"]["strip_right"])
        self.goes_on = re.compile(config["metric"]["goes_on"])
        self.lasting = re.compile(config["metric"]["lasting"])
        self.former = re.compile(config["metric"]["former"])
        self.condition_left = re.compile(config["metric"]["condition_left"])
        self.condition_right = re.compile(config["metric"]["condition_right"])
        self.condition_empty = re.compile(config["metric"]["condition_empty"])
        self.gives: str = config["metric"]["gives"]
        self.empty = re.compile(config["metric"]["empty"])
        self.right = re.compile(config["metric"]["right"])
        self.right_count = re.compile(config["metric"]["right_count"])
        self.years = re.compile(config["periods"]["cues"]["listed_years"])
        self.each_year = re.compile(config["periods"]["cues"]["each_year"])
        self.yearly: str = config["periods"]["cues"]["every"][0]
        self.phase_after = re.compile(config["periods"]["cues"]["phase_after"])
        self.ground = re.compile(config["under"]["ground"])
        self.toward = re.compile(config["under"]["toward"])
        self.turns = re.compile(config["under"]["turns"])
        self.own_gift = re.compile(config["under"]["own_gift"])
        self.lists = re.compile(config["under"]["lists"])
        self.is_amount = re.compile(config["under"]["is_amount"])
        self.per = re.compile(config["per"]["pattern"])
        self.per_time: list[str] = config["per"]["time"]
        self.per_same: dict[str, str] = config["per"]["same"]


@lru_cache(maxsize=8)
def _rules(lex: Lexicon) -> _Rules:
    return _Rules(lex)


def metric(
    page: FigureContext, scene: Scene, number: Number, clause: FigureClause, a: Around, kind: Kind
) -> tuple[str, int, int]:
    """What is counted or paid, as printed, and the stretch that number and metric take up."""
    named, begin, end = _read_metric(page, scene, number, clause, a, kind)
    if kind is not Kind.CONDITION:
        return named, begin, end
    r = _rules(page.lex)
    words = r.condition_left.sub("", named)
    if words != named and page.text.startswith(named, begin):
        begin += len(named) - len(words)
        begin += page.text.startswith(_OF, begin)
    return r.condition_empty.sub("", r.condition_right.sub("", words)), begin, end


def _read_metric(
    page: FigureContext, scene: Scene, number: Number, clause: FigureClause, a: Around, kind: Kind
) -> tuple[str, int, int]:
    r = _rules(page.lex)
    begin, end = number.outer_begin, number.outer_end
    if kind is Kind.PROVISION and (m := r.right.match(a.right)):
        return r.strip_left.sub("", m[1]), begin, end + m.end()
    near_begin = max(number.begin - len(a.near), clause.begin)
    if lasting := r.lasting.search(page.text, clause.begin, near_begin):
        near_begin = lasting.start()
    near = page.text[near_begin : number.outer_begin]
    cut = _TO_MARK.match(near, 0, max(0, len(near) - 1))
    near = _paired(near[cut.end() :] if cut else near)
    near = near[_find_metric(page.text, scene, begin - len(near), begin) :]
    words = _paired(near[-_METRIC:].lstrip(_DIGITS) if len(near) > _METRIC else near)
    stripped = r.strip_left.sub("", words)
    first = begin - len(stripped)
    if stripped.count("”") > stripped.count("“"):  # the opening mark belongs to the name: “专精特新”企业
        first -= page.text.endswith("“", 0, first)  # the page may lack the opening mark
        stripped = "“" + stripped
    named = r.strip_right.sub("", stripped)
    if kind is Kind.PROVISION:
        named = named[named.rfind(r.gives) + len(r.gives) :] if r.gives in named[:-2] else named
    if len(named) >= 2 or r.goes_on.fullmatch(near):
        return named, first, end
    if number.quantity.kind == "money" and kind is Kind.CONDITION:
        return named, first, end  # 1亿元以上的企业: the firms are not what is compared
    if (m := r.right_count.match(a.right)) and len(counted := r.strip_left.sub("", m[1]).strip('“”"')) >= 2:
        return counted, first, end + m.end()
    return named, first, end


def _find_metric(text: str, scene: Scene, begin: int, end: int) -> int:
    """How many characters from *begin* on say when (于2024年底前+新建) or which of several (甲县分别+安排)."""
    start = begin
    for time in scene.times:
        at = time.span.begin
        if start <= at < end and (at == start or text[at - 1] in _WHEN):
            start = min(time.span.end, end)
            start = next((m.end() for m in [_AFTER_TIME.match(text, start, end)] if m), start)
    for name in scene.seen:
        if name.kind is Kind.PLACE and start <= name.end < end and text.startswith(_EACH, name.end):
            start = name.end + len(_EACH)
    return start - begin


def begin_behind_member(page: FigureContext, scene: Scene, number: Number, begin: int) -> int:
    """Return where the words of an amount begin that stands in turn: 公办机构分别+*补助5000元* is not for that one."""
    names = list_members(page, scene, find_list(scene, number), COUNTED | BODIES | {Kind.PLACE})
    mark = page.text.rfind(_EACH, begin, number.begin)
    shared = number.quantity.group and any(s.kind in COUNTED | BODIES and begin < s.end <= mark for s in scene.seen)
    if mark >= 0 and (names or shared):
        return mark + len(_EACH)
    return names[-1].end if names and begin < names[-1].end <= number.begin else begin


def _paired(words: str) -> str:
    """*words* from after a quotation mark that has no fellow in them."""
    opened, closed = words.count("“"), words.count("”")
    if opened == closed:
        return words
    return words[words.rfind("“" if opened > closed else "”", 0, len(words) - 1) + 1 :]


def says_nothing(words: str, lex: Lexicon) -> bool:
    """Whether a metric must be had from the number before: 由7天压缩至2.5天."""
    return _rules(lex).empty.match(words) is not None


def per(page: FigureContext, number: Number, clause: FigureClause, a: Around) -> str:
    """``人/年`` for 每人每年, ``平方米/月`` for 每月每平方米, ``月`` for 元/月."""
    return number.quantity.per or read_per(a.near[-24:], page.lex, a.before)


def read_per(words: str, lex: Lexicon, before: str = "") -> str:
    """What one payment is for by *words*: ``人/年`` for 每人每年; empty if they do not say.

    *before* is the clause before them, which may tell the event that is paid for.
    """
    r = _rules(lex)
    found: list[str] = []
    for m in r.per.finditer(words):
        unit = r.per_same.get(m[1], m[1])
        if unit not in found:
            found.append(unit)
    if all(unit in r.per_time for unit in found):
        found += _find_event_unit(r, before)
    found.sort(key=lambda u: u in r.per_time)
    return "/".join(found)


def _find_event_unit(r: _Rules, before: str) -> list[str]:
    """Return the unit of an event in the clause before, which has no other number: *每认定1家*绿色工厂，奖励50万元."""
    last = _CLAUSE_END.split(before.rstrip(",，"))[-1]
    events = [m for m in r.per.finditer(last) if m[0][: m.start(1) - m.start()].endswith(_ONE)]
    if len(events) != 1 or any(c in _DIGITS for c in last.replace(events[0][0], "")):
        return []
    return [r.per_same.get(events[0][1], events[0][1])]


def period(page: FigureContext, scene: Scene, number: Number, verdict: Verdict, carried: str) -> tuple[str, str]:
    """Period and frequency of a figure; the period of a promise is that of its item.

    A former value has only a time of its own (由2020年的62%): the times before it are those of the new value.
    """
    before = [t for t in scene.times if t.span.begin < number.begin]
    begin = scene.clause(number.begin).begin
    if verdict.rule == "former" and (since := _find_former(page, begin, number.begin)):
        before, carried = [t for t in before if t.span.begin >= since.start()], ""
    every = next((t.value for t in reversed(before) if t.use is TimeUse.EVERY and _holds(scene, t, number)), "")
    if verdict.kind in (Kind.PROVISION, Kind.CONDITION):
        here = [t for t in before if _limits_support(scene, t, number, page)]
        return (here[-1].value if here else ""), ""
    stated = [t for t in before if t.use in (TimeUse.AT, TimeUse.SINCE, TimeUse.BY)]
    value = stated[-1].value if stated else carried
    return value, every or (_repeat_yearly(page, stated[-1], number) if stated else "")


def _find_former(page: FigureContext, begin: int, end: int) -> re.Match[str] | None:
    """Return the words by which a value is an old one, from the last 由 or 从 on: 从2025年1月1日起*由每年*3000元."""
    found = _rules(page.lex).former.search(page.text, begin, end)
    while found is not None and (later := _rules(page.lex).former.search(page.text, found.start() + 1, end)):
        found = later
    return found


def _repeat_yearly(page: FigureContext, years: TimeExpression, number: Number) -> str:
    """Return the word for each year if a number holds for each of the years before it: 2023年、2024年*各*新建2个."""
    rules, (begin, end) = _rules(page.lex), years.span
    listed = not years.implied and end < number.begin and rules.years.fullmatch(page.text, begin, end) is not None
    return rules.yearly if listed and rules.each_year.match(page.text, end) else ""


def _holds(scene: Scene, every: TimeExpression, number: Number) -> bool:
    """每年 holds for its own clause; standing alone between commas, for the next one too."""
    own, clause = scene.clause(every.span.begin), scene.clause(number.begin)
    return own == clause or (own.end - own.begin < 6 and own.end == clause.begin)


def _limits_support(scene: Scene, time: TimeExpression, number: Number, page: FigureContext) -> bool:
    """Whether a time says when a support is given: 前3年给予…; 2024年6月1日至12月31日期间，对…给予….

    毕业6年内的 only says who gets it: such words stand neither at an end of their clause nor before a verb of giving.
    """
    own, clause = scene.clause(time.span.begin), scene.clause(number.begin)
    if own.segment != clause.segment:
        return False
    if time.implied:
        return time.span.end == number.begin or page.text[time.span.end : number.begin].isspace()
    if time.use is TimeUse.AT:
        return "/" in time.value
    if time.use is not TimeUse.PHASE:
        return False
    if _COUNTED_YEAR.match(page.text, time.span.begin) and _RIGHT_BEFORE.fullmatch(
        page.text, time.span.end, number.begin
    ):
        return True  # 第一年100%、第二年50%
    opens, closes = time.span.begin - own.begin <= 1, own.end - time.span.end <= 1
    gives = _rules(page.lex).phase_after.match(page.text, time.span.end, own.end) is not None
    return opens or closes or (own == clause and gives)


def last_period(times: Sequence[TimeExpression]) -> str:
    """What a sentence's times leave for the next one."""
    stated = [t for t in times if t.use in (TimeUse.AT, TimeUse.BY)]
    return stated[-1].value if stated else ""


def turns_to_other(page: FigureContext, begin: int, end: int) -> bool:
    """Whether a stretch gives something and turns to another receiver: 的小微企业*实行甲保险，对*中小企业给予."""
    r = _rules(page.lex)
    turn = max((m.start() for m in r.turns.finditer(page.text, begin, end)), default=begin)
    return r.own_gift.search(page.text, begin, turn) is not None


def granted_under(
    page: FigureContext, scene: Scene, number: Number, subject: Entity | None, own: EntityId | None
) -> EntityId | None:
    """The program, else the instrument, that the support runs under.

    In a policy text it is the policy itself, unless the segment of the amount, or a heading, names a program as the
    ground (从X专项资金中列支).
    """
    r, segment = _rules(page.lex), scene.clause(number.begin).segment
    before = [s for s in scene.seen if s.begin < number.begin]
    for kind in (Kind.PROGRAM, Kind.INSTRUMENT):
        for s in reversed(before):
            if s.kind is not kind or s.entity is subject or r.is_amount.match(page.text, s.end):
                continue
            grounded = r.ground.search(page.text[max(scene.begin, s.begin - 10) : s.begin])
            if r.toward.search(page.text, scene.begin, s.begin) and r.turns.search(page.text, s.end, number.begin):
                continue  # 对甲类实行X，对乙类给予…
            if own is None or (grounded and scene.clause(s.begin).segment == segment):
                return s.entity.id
        for part in scene.chain:
            named = {s.entity.id for s in page.heading_mentions(part) if s.kind is kind and s.entity is not subject}
            listed = own is not None and r.lists.search(page.heading(part)) is not None
            if named:
                return named.pop() if len(named) == 1 and not listed else own
    return own


def place(page: FigureContext, scene: Scene, number: Number) -> EntityId | None:
    """The place that a fact is told of."""
    clause = scene.clause(number.begin)
    named = [s for s in scene.seen if s.kind is Kind.PLACE and clause.begin <= s.begin < number.begin]
    if named:  # of several places in a list none is that of the number
        listed = len(named) > 1 and page.text[named[-2].end : named[-1].begin] in SEPARATORS
        return None if listed else named[-1].entity.id
    for m in _WHOLE.finditer(page.text, clause.begin, number.begin):
        found = home(page, scene, m[1])
        return found.id if found else None
    doer = find_member(page, scene, number, {Kind.AGENCY})
    return _find_place_of(page, doer) if doer is not None else None


def _find_place_of(page: FigureContext, agency: Seen) -> EntityId | None:
    """Return the division with which the name of an agency begins: 甲县 of *甲县*政府."""
    begin, end = page.folded.map_to_source(agency.begin, agency.end)
    places = (e for e in page.entities if e.kind is Kind.PLACE)
    return next((e.id for e in places if any(s.begin == begin and s.end <= end for s in e.spans)), None)
