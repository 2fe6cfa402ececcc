"""Numbers with a unit, wherever they stand: value, unit and bound.

``quantities(text, lex)`` finds them; what they mean is for :mod:`extract.figures` to say. Dates, document numbers,
list numbers, names (“十四五”, 500强, 12345) and the like are no quantities: ``numbers.masks`` in ``figures.toml``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from extract.model import Bound, Span
from extract.text.folding import Folded, fold
from extract.text.numerals import DIGITS, parse_amount
from extract.text.search import matches
from ontology.lexicons import Lexicon, alternation

_TIMES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_LONGEST = 20
"""Characters of a number: what is longer is a code."""

_NUMBER = re.compile(
    r"(?=[\d零〇一二两三四五六七八九十百千万亿半])(?:(?P<arabic>(?<![\d.])(?:\d{1,3}(?:,\d{3})+(?![\d,])|\d+)(?:\.\d+)?)"
    r"|(?P<percent>百分之[零〇一二两三四五六七八九十百]+(?:点[零〇一二三四五六七八九]+)?)"
    r"|(?P<part>[一二两三四五六七八九十百]+分之[一二两三四五六七八九十]+)"
    r"|(?P<han>半|[零〇一二两三四五六七八九十百千万亿]+))"
)
_RATIO = re.compile(r"(?<![\d.:])(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)(?![\d.:])")
_RATIO_MARK = re.compile(r"\d:\d")
_TIMES_AFTER = re.compile(r"[百千]?万亿|[十百千]?[万亿]|[百千]")
_RANGE = re.compile(r"(?:[-~]{1,2}|至|到)$")
_LIST = re.compile(r"(?:、|或者?|和|及|,)(?:最高|分别)?$")
_CHANGE = re.compile(r"[由从自]$")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit as the text gives it."""

    span: Span
    """Number and unit."""
    outer: Span
    """These with the words at either side that bound the value (``不少于``, ``以上``)."""
    value: Decimal
    """In the unit's base: 2.97亿元 is 297000000."""
    unit: str
    """``CNY`` and other ISO 4217 codes for money, ``%``, else as printed; empty for ratios."""
    kind: str
    """Of the unit: see ``units.tsv``; ``ratio``, and ``bare`` where a large number has none (420万困难群众)."""
    bound: Bound = Bound.EXACTLY
    per: str = ""
    """What stands after a slash in money: 元/月 has ``月``."""
    spelled: bool = False
    """Written in Chinese numerals."""
    group: int = 0
    """Same number for the members of one list (50万元、20万元) or range; 0 alone."""
    ranged: bool = False
    """One end of a range."""


@dataclass(slots=True)
class _Token:
    begin: int
    end: int
    number: Decimal
    spelled: bool
    times: int = 1
    over: bool = False
    unit: str = ""
    kind: str = ""
    factor: int = 1
    per: str = ""
    after: Bound | None = None
    before: Bound | None = None
    outer_begin: int = -1
    outer_end: int = -1
    group: int = 0
    ranged: str = ""


class _Rules:
    """What the lexicon says about numbers, compiled once."""

    def __init__(self, lex: Lexicon) -> None:
        self.units: dict[str, tuple[str, str, int, bool]] = {}
        for unit, kind, symbol, factor, han in lex.table("units"):
            self.units[unit] = (kind, symbol or unit, int(factor or 1), han == "y")
        self.longest = max(map(len, self.units), default=0)
        self.first = frozenset(unit[0] for unit in self.units)
        numbers, bounds = lex.config("figures")["numbers"], lex.config("figures")["bounds"]
        # One by one they run twice as fast as in one alternation.
        self.masks = tuple(
            (re.compile(m["is"]), tuple(m["near"])) if isinstance(m, dict) else (re.compile(m), ())
            for m in numbers["masks"]
        )
        self.per = re.compile(f"/({alternation(numbers['per'])})(?![A-Za-z])")
        self.over = re.compile(f"(?:{alternation(numbers['over'])})")
        self.people = re.compile(
            f"[\u4e00-\u9fff]{{0,8}}?(?:{alternation(numbers['people'])})|(?:以上|左右|以下)?[,，。;；、)]|$"
        )
        self.bare = re.compile(f"(?:{alternation(numbers['bare_before'])})$")
        self.bounds = {
            w: b
            for key, b in (("at_most", Bound.AT_MOST), ("at_least", Bound.AT_LEAST), ("about", Bound.ABOUT))
            for w in bounds[f"{key}_before"]
        }
        self.after = {
            w: b
            for key, b in (("at_most", Bound.AT_MOST), ("at_least", Bound.AT_LEAST), ("about", Bound.ABOUT))
            for w in bounds[f"{key}_after"]
        }
        self.within = frozenset(bounds["within_after"])
        self.false_before = tuple(bounds["false_before"])
        self.before_re = re.compile(f"(?:{alternation(self.bounds)})$")
        self.after_re = re.compile(f"(?:\\([^()]{{1,6}}\\))?({alternation([*self.after, *self.within])})")
        width = int(bounds["reach_width"])
        self.width = width + 12
        self.reach_re = re.compile(
            f"({alternation(bounds['reach'])})(?!人民法院|人民检察院|法院|检察院|点)[^,，。;；、:：\\d\\n]{{0,{width}}}$"
        )


@lru_cache(maxsize=8)
def _rules(lex: Lexicon) -> _Rules:
    return _Rules(lex)


def quantities(text: str, lex: Lexicon) -> list[Quantity]:
    """All quantities of *text*, in order.

    Args:
        text: any Chinese text; spans refer to it as it is.
        lex: the lexicon (``units.tsv``, ``figures.toml``).
    """
    return scan(fold(text), lex)


def scan(folded: Folded, lex: Lexicon) -> list[Quantity]:
    """The same for text that is folded already."""
    rules = _rules(lex)
    text = folded.text
    tokens = _tokens(text, rules)
    _share(text, tokens)
    found = []
    for t in tokens:
        if not t.kind:
            continue
        _bound(text, t, rules)
        found.append(t)
    _pass_on(text, found)
    return [_quantity(folded, t) for t in found]


def _tokens(text: str, rules: _Rules) -> list[_Token]:
    """Numbers outside of masks, with the unit that follows, if one does."""
    tokens: list[_Token] = []
    masks = sorted(
        m.span() for mask, near in rules.masks for m in (matches(mask, text, near) if near else mask.finditer(text))
    )
    at = reach = 0
    ratios = {m.start(): m for m in matches(_RATIO, text, (":",))} if _RATIO_MARK.search(text) else {}
    skip = 0
    for m in _NUMBER.finditer(text):
        begin, end = m.span()
        if begin < skip:
            continue
        while at < len(masks) and masks[at][0] < end:
            reach = max(reach, masks[at][1])
            at += 1
        if reach > begin:
            continue
        token: _Token | None
        if begin in ratios:
            ratio = ratios[begin]
            token, skip = _ratio(ratio), ratio.end()
        elif m.lastgroup == "arabic":
            token = _arabic(text, m, rules)
        else:
            token = _han(text, m, rules)
        if token is not None:
            tokens.append(token)
            skip = max(skip, token.end)
    return tokens


def _ratio(m: re.Match[str]) -> _Token | None:
    first, second = Decimal(m[1]), Decimal(m[2])
    if not second:
        return None
    value = first / second
    return _Token(m.start(), m.end(), round(value, 6).normalize() + 0, False, kind="ratio")


def _arabic(text: str, m: re.Match[str], rules: _Rules) -> _Token | None:
    begin, end = m.span()
    if end - begin > _LONGEST:
        return None
    joined = begin > 0 and text[begin - 1].isascii() and (text[begin - 1].isalpha() or text[begin - 1] in "_#@")
    if (
        begin > 1
        and text[begin - 1] == "-"
        and text[begin - 2].isascii()
        and text[begin - 2].isalnum()
        and (text[begin - 2].isalpha())
    ):
        return None
    token = _Token(begin, end, Decimal(m[0].replace(",", "")), False)
    _unit(text, token, rules)
    if joined and (not token.kind or token.kind in {"data", "part", "bare"}):
        return None
    return token


def _han(text: str, m: re.Match[str], rules: _Rules) -> _Token | None:
    words = m[0]
    if len(words) > _LONGEST:
        return None
    begin = m.start()
    if m.lastgroup == "percent":
        whole, _, rest = words[3:].partition("点")
        number = parse_amount(whole)
        if number is None:
            return None
        if rest:
            number += Decimal("0." + "".join(str(DIGITS[c]) for c in rest))
        return _Token(begin, m.end(), number, True, unit="%", kind="percent")
    if m.lastgroup == "part":
        below, above = (parse_amount(w) for w in words.split("分之"))
        if not below or above is None:
            return None
        return _Token(begin, m.end(), round(above / below, 6), True, kind="ratio")
    if words[0] in "百千万亿":
        if len(words) > 2 or not rules.bare.search(text, max(0, begin - 2), begin):
            return None
        value = Decimal(1)
        for c in words:
            value *= _TIMES[c]
        token = _Token(begin, m.end(), value, True)
    else:
        number = parse_amount(words)
        if number is None:
            return None
        token = _Token(begin, m.end(), number, True)
    _unit(text, token, rules)
    if not token.kind or not rules.units.get(token.unit, ("", "", 1, True))[3]:
        return None
    return token


def _unit(text: str, t: _Token, rules: _Rules) -> None:
    """Read multiplier and unit behind the number."""
    p = t.end
    if m := rules.over.match(text, p):
        t.over, p = True, m.end()
    hit = _known(text, p, rules)
    if hit is None and (m := _TIMES_AFTER.match(text, p)):
        for c in m[0]:
            t.times *= _TIMES[c]
        p = m.end()
        t.end = p
        if not t.over and (o := rules.over.match(text, p)):
            t.over, p = True, o.end()
        hit = _known(text, p, rules)
    if hit is None:
        if t.times >= 10**4 and not t.spelled and rules.people.match(text, p):
            t.kind, t.end = "bare", p
        return
    word, (kind, symbol, factor, _) = hit
    if kind == "place" and t.times == 1 and 1900 <= t.number < 2100:
        return  # 2022城市…: a year
    t.kind, t.unit, t.factor, t.end = kind, symbol, factor, p + len(word)
    if kind == "money":
        while m := rules.per.match(text, t.end):
            t.per, t.end = f"{t.per}/{m[1]}".strip("/"), m.end()
    elif kind != "percent" and text[t.end : t.end + 1] == "/" and (inner := _known(text, t.end + 1, rules)):
        t.end += 1 + len(inner[0])
        t.unit = f"{word}/{inner[0]}"


def _known(text: str, p: int, rules: _Rules) -> tuple[str, tuple[str, str, int, bool]] | None:
    if text[p : p + 1] not in rules.first:
        return None
    for size in range(min(rules.longest, len(text) - p), 0, -1):
        word = text[p : p + size]
        if word in rules.units:
            return word, rules.units[word]
    return None


def _share(text: str, tokens: list[_Token]) -> None:
    """Ranges and lists: 1-2个工作日, 3亿、10亿、20亿元, 分别给予50万元、20万元."""
    group = 0
    for left, right in zip(reversed(tokens[:-1]), reversed(tokens[1:]), strict=True):
        between = text[left.end : right.begin]
        if right.kind in ("", "ratio", "bare") or len(between) > 4 or left.kind == "ratio":
            continue
        ranged = _RANGE.fullmatch(between) and not _CHANGE.search(text[max(0, left.begin - 1) : left.begin])
        listed = _LIST.fullmatch(between)
        if not ranged and not (listed and (between[0] != "," or (left.kind and left.unit == right.unit))):
            continue
        if left.kind in ("", "bare"):
            if left.spelled and not right.spelled:
                continue
            left.kind, left.unit, left.factor, left.per = right.kind, right.unit, right.factor, right.per
            if left.times == 1 and (not ranged or left.number < right.number):
                left.times = right.times
        if left.unit != right.unit:
            continue
        if not right.group:
            group += 1
            right.group = group
        left.group = right.group
        if ranged:
            left.ranged, right.ranged = "low", "high"
            left.end = right.end


def _bound(text: str, t: _Token, rules: _Rules) -> None:
    """The words at either side that bound the value."""
    t.outer_begin, t.outer_end = t.begin, t.end
    if m := rules.after_re.match(text, t.end):
        word = m[1]
        if word not in rules.within:
            t.after, t.outer_end = rules.after[word], m.end()
        elif t.kind == "time" and not text.startswith("内容", m.start(1)):
            t.after, t.outer_end = Bound.AT_MOST, m.end()
    start = max(0, t.begin - rules.width)
    if text[max(0, t.begin - 2) : t.begin].endswith(rules.false_before):
        return
    if m := rules.before_re.search(text, max(0, t.begin - 5), t.begin):
        t.before, t.outer_begin = rules.bounds[m[0]], m.start()
    elif m := rules.reach_re.search(text, start, t.begin):
        t.before, t.outer_begin = rules.bounds[m[1]], m.start()


def _pass_on(text: str, found: list[_Token]) -> None:
    """In a list the first member's bound goes for all: 分别最高给予600万元、1000万元."""
    for left, right in pairwise(found):
        if left.group and left.group == right.group and right.before is None and left.before is not None:
            right.before = left.before


def _plain(value: Decimal) -> Decimal:
    """Without trailing zeros, and without an exponent."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def _quantity(folded: Folded, t: _Token) -> Quantity:
    bound = t.before or t.after or (Bound.AT_LEAST if t.over else Bound.EXACTLY)
    if t.ranged and bound is Bound.EXACTLY:
        bound = Bound.AT_LEAST if t.ranged == "low" else Bound.AT_MOST
    return Quantity(
        span=folded.source(t.begin, t.end),
        outer=folded.source(t.outer_begin, t.outer_end),
        value=_plain(t.number * t.times * t.factor),
        unit=t.unit,
        kind=t.kind,
        bound=bound,
        per=t.per,
        spelled=t.spelled,
        group=t.group,
        ranged=bool(t.ranged),
    )
