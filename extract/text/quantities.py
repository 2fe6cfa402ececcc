"""Quantities: numbers with their units and bounds, anywhere in a text.

``find_quantities`` finds them; :mod:`extract.figures` decides what they mean. Dates, document numbers, list numbers,
names (“十四五”, 500强, 12345) and the like are no quantities; ``numbers.masks`` in ``figures.toml`` lists them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from extract.model import Bound, Span
from extract.text.folding import FoldedText, fold_text
from extract.text.numerals import (
    FORMAL_DIGITS,
    FORMAL_UNITS,
    parse_amount,
    parse_decimal,
    parse_formal,
    parse_magnitudes,
)
from extract.text.search import find_matches
from extract.text.units import UnitTable
from ontology.lexicons import Lexicon, join_alternatives

_TIMES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_LONGEST = 20
"""Most digits of a number; a longer one is a code."""
_LONGEST_SPELLED = 48
"""Most characters of a number in Chinese numerals; a longer run of them is no number."""

_NUMBER = re.compile(
    rf"(?=[\d零〇一二两三四五六七八九十百千万亿半{FORMAL_DIGITS}])(?:"
    r"(?P<arabic>(?<![\d.])(?:(?<!,\d{3},)\d{1,3}(?:,\d{3}){1,6}(?![\d,])|\d+)(?:\.\d+)?)"
    r"|(?P<percent>百分之[零〇一二两三四五六七八九十百]+(?:点[零〇一二三四五六七八九]+)?)"
    r"|(?P<part>[一二两三四五六七八九十百]+分之[一二两三四五六七八九十]+)"
    r"|(?P<decimal>[零一二两三四五六七八九十百]{1,7}点[零〇一二三四五六七八九]{1,4}(?=[万亿倍成]))"
    r"|(?P<han>半|[零〇一二两三四五六七八九十百千万亿]+)"
    rf"|(?P<formal>[{FORMAL_DIGITS}][零{FORMAL_DIGITS}{FORMAL_UNITS}万亿]+))"
)
_RATIO = re.compile(r"(?<![\d.:])(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)(?![\d.:])")
_RATIO_MARK = re.compile(r"\d:\d")
_TIMES_AFTER = re.compile(r"[百千]?万亿|[十百千]?[万亿]|[百千]")
_LOWER_PARTS = re.compile(
    r"(?:\d{1,4}(?:\.\d+)?[十百千]?[万亿]|\d{1,4}(?:\.\d+)?[十百千])+(?:\d{2,4})?(?!\d)|\d{2,4}(?!\d)"
)
"""What follows a number with a magnitude and belongs to it: 3亿 *5000万*, 13万 *2千*."""
_SPELLED_RANGE = re.compile("[至到~-][零一二两三四五六七八九十]")
_GROUPED_BEFORE = re.compile(r"(?<!\d)\d{1,3}[ \xa0]$")
_RANGE = re.compile(r"(?:[-~]{1,2}|至|到)$")
_LIST = re.compile(r"(?:、|或者?|和|及|,)(?:最高|分别)?$")
_CHANGE = re.compile(r"[由从自]$")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, as the text states it."""

    span: Span
    """The number and its unit."""
    outer: Span
    """The same with the words on either side that bound the value (``不少于``, ``以上``)."""
    value: Decimal
    """In the base unit: 2.97亿元 is 297000000."""
    unit: str
    """An ISO 4217 code for money (``CNY``), ``%``, or as printed; ``:2`` for the ratio 1:2; empty for fractions."""
    kind: str
    """The kind of the unit in ``units.tsv``; ``ratio`` for ratios and fractions; ``bare`` for a large number without a
    unit (420万困难群众)."""
    bound: Bound = Bound.EXACTLY
    per: str = ""
    """What follows the slash of a sum of money: ``月`` for 元/月."""
    spelled: bool = False
    """Whether it is written in Chinese numerals."""
    group: int = 0
    """The same number for all members of one list (50万元、20万元) or range; 0 if it stands alone."""
    ranged: bool = False
    """Whether it is one end of a range."""

    def shift(self, offset: int) -> Quantity:
        """Return the same quantity in a longer text, in which its own text begins at *offset*."""
        span, outer = (Span(s.begin + offset, s.end + offset) for s in (self.span, self.outer))
        return replace(self, span=span, outer=outer)


@dataclass(slots=True)
class _Token:
    """A number in the folded text, while its unit and bounds are found."""

    begin: int
    end: int
    number: Decimal
    spelled: bool
    times: int = 1
    over: bool = False
    """Followed by 多 or 余: 30余万."""
    unit: str = ""
    kind: str = ""
    factor: int = 1
    per: str = ""
    bound_after: Bound | None = None
    bound_before: Bound | None = None
    outer_begin: int = -1
    outer_end: int = -1
    group: int = 0
    ranged: str = ""
    """``low`` or ``high`` for an end of a range."""


class _QuantityPatterns:
    """What the lexicon says about numbers, compiled once."""

    def __init__(self, lex: Lexicon) -> None:
        self.units = UnitTable(lex)
        numbers, bounds = lex.read_config("figures")["numbers"], lex.read_config("figures")["bounds"]
        # Several patterns run twice as fast as one alternation of all.
        self.masks = tuple(
            (re.compile(m["is"]), tuple(m["near"])) if isinstance(m, dict) else (re.compile(m), ())
            for m in numbers["masks"]
        )
        self.per = re.compile(f"/({join_alternatives(numbers['per'])})(?![A-Za-z])")
        self.over = re.compile(f"(?:{join_alternatives(numbers['over'])})")
        self.people = re.compile(
            f"[\u4e00-\u9fff]{{0,8}}?(?:{join_alternatives(numbers['people'])})|(?:以上|左右|以下)?[,，。;；、)]|$"
        )
        self.series = frozenset(numbers["series_units"])
        self.bare = re.compile(f"(?:{join_alternatives(numbers['bare_before'])})$")
        keys = (("at_most", Bound.AT_MOST), ("at_least", Bound.AT_LEAST), ("about", Bound.ABOUT))
        self.bounds_before = {word: bound for key, bound in keys for word in bounds[f"{key}_before"]}
        self.bounds_after = {word: bound for key, bound in keys for word in bounds[f"{key}_after"]}
        self.within = frozenset(bounds["within_after"])
        self.false_before = tuple(bounds["false_before"])
        self.before = re.compile(f"(?:{join_alternatives(self.bounds_before)})$")
        self.after = re.compile(f"(?:\\([^()]{{1,6}}\\))?({join_alternatives([*self.bounds_after, *self.within])})")
        width = int(bounds["reach_width"])
        self.reach_width = width + 12
        self.reach = re.compile(
            f"({join_alternatives(bounds['reach'])})(?!人民法院|人民检察院|法院|检察院|点)[^,，。;；、:：\\d\\n]{{0,{width}}}$"
        )


@lru_cache(maxsize=8)
def _compile_patterns(lex: Lexicon) -> _QuantityPatterns:
    return _QuantityPatterns(lex)


def find_quantities(text: str, lex: Lexicon) -> list[Quantity]:
    """Return all quantities of *text*, in order.

    Args:
        text: any Chinese text; spans are offsets in it.
        lex: the lexicon (``units.tsv``, ``figures.toml``).
    """
    return find_folded_quantities(fold_text(text), lex)


def find_folded_quantities(folded: FoldedText, lex: Lexicon) -> list[Quantity]:
    """Return all quantities of a text that is folded already; spans are offsets in its source."""
    patterns = _compile_patterns(lex)
    text = folded.text
    tokens = _find_tokens(text, patterns)
    _share_units(text, tokens, patterns)
    with_unit = [token for token in tokens if token.kind]
    for token in with_unit:
        _read_bounds(text, token, patterns)
    _share_bounds(with_unit)
    return [_make_quantity(folded, token) for token in with_unit]


def _find_tokens(text: str, patterns: _QuantityPatterns) -> list[_Token]:
    """Find the numbers outside of masks, each with the unit that follows it, if any."""
    tokens: list[_Token] = []
    masks = sorted(
        m.span()
        for mask, near in patterns.masks
        for m in (find_matches(mask, text, near) if near else mask.finditer(text))
    )
    next_mask = masked_until = 0
    ratios = {m.start(): m for m in find_matches(_RATIO, text, (":",))} if _RATIO_MARK.search(text) else {}
    read_until = 0
    for m in _NUMBER.finditer(text):
        begin, end = m.span()
        if begin < read_until:
            continue
        # A mask never begins behind the first character of a Chinese numeral: 三十一家 has no 一家, 三万一千 no 万一.
        reach = end if m.lastgroup == "arabic" else begin + 1
        while next_mask < len(masks) and masks[next_mask][0] < reach:
            masked_until = max(masked_until, masks[next_mask][1])
            next_mask += 1
        if masked_until > begin:
            continue
        token: _Token | None
        if begin in ratios:
            ratio = ratios[begin]
            token, read_until = _read_ratio(ratio), ratio.end()
        elif m.lastgroup == "arabic":
            token = _read_arabic(text, m, patterns)
        else:
            token = _read_spelled(text, m, patterns)
        if token is not None:
            tokens.append(token)
            read_until = max(read_until, token.end)
    return tokens


def _read_ratio(m: re.Match[str]) -> _Token | None:
    first, second = Decimal(m[1]), Decimal(m[2])
    if not second:
        return None
    return _Token(m.start(), m.end(), first, False, kind="ratio", unit=f":{m[2]}")


def _read_arabic(text: str, m: re.Match[str], patterns: _QuantityPatterns) -> _Token | None:
    begin, end = m.span()
    if end - begin > _LONGEST:
        return None
    joined = begin > 0 and text[begin - 1].isascii() and (text[begin - 1].isalpha() or text[begin - 1] in "_#@")
    if begin > 1 and text[begin - 1] == "-" and text[begin - 2].isascii() and text[begin - 2].isalpha():
        return None  # GB-50016: a code
    if end - begin == 3 and text[begin - 1 : begin] in (" ", "\xa0") and _GROUPED_BEFORE.search(text, begin - 5, begin):
        return None  # 甲县 12 350万元: one number or two
    token = _Token(begin, end, Decimal(m[0].replace(",", "")), False)
    _read_unit(text, token, patterns)
    if joined and (not token.kind or token.kind in {"data", "part", "bare"}):
        return None
    return token


def _read_spelled(text: str, m: re.Match[str], patterns: _QuantityPatterns) -> _Token | None:
    """Read a number in Chinese numerals. A number without a unit is none, except at the low end of a range."""
    words, begin = m[0], m.start()
    if len(words) > _LONGEST_SPELLED:
        return None
    if m.lastgroup == "percent":
        number = parse_decimal(words[3:])
        return None if number is None else _Token(begin, m.end(), number, True, unit="%", kind="percent")
    if m.lastgroup == "part":
        below, above = (parse_amount(amount) for amount in words.split("分之"))
        if not below or above is None:
            return None
        return _Token(begin, m.end(), round(above / below, 6), True, kind="ratio")
    number = _read_amount(text, m, patterns)
    if number is None:
        return None
    token = _Token(begin, m.end(), number, True)
    _read_unit(text, token, patterns)
    unit = patterns.units.rows.get(token.unit)
    if not token.kind:
        return token if _SPELLED_RANGE.match(text, token.end) else None
    if m.lastgroup == "formal" and token.kind != "money" and not any(c in FORMAL_UNITS for c in words):
        return None
    return token if unit is None or unit.after_han else None


def _read_amount(text: str, m: re.Match[str], patterns: _QuantityPatterns) -> Decimal | None:
    """Return the value of the numerals themselves, without what follows them."""
    words = m[0]
    if m.lastgroup == "formal":
        return parse_formal(words)
    if m.lastgroup == "decimal":
        return parse_decimal(words)
    if words[0] not in "百千万亿":
        return parse_amount(words)
    if len(words) > 2 or any(character not in _TIMES for character in words):
        return None
    if not patterns.bare.search(text, max(0, m.start() - 2), m.start()):
        return None
    number = Decimal(1)
    for character in words:
        number *= _TIMES[character]
    return number


def _read_unit(text: str, token: _Token, patterns: _QuantityPatterns) -> None:
    """Read the multiplier and the unit that follow the number."""
    position = token.end
    if m := patterns.over.match(text, position):
        token.over, position = True, m.end()
    unit = patterns.units.match(text, position)
    if unit is None and (m := _TIMES_AFTER.match(text, position)):
        for character in m[0]:
            token.times *= _TIMES[character]
        token.end = position = m.end()
        if not (token.over or token.spelled) and (more := _LOWER_PARTS.match(text, position)):
            whole = parse_magnitudes(text[token.begin : more.end()].replace(",", ""))
            token.end = position = more.end()
            if whole is None:
                return
            token.number = whole / token.times
        if not token.over and (over := patterns.over.match(text, position)):
            token.over, position = True, over.end()
        unit = patterns.units.match(text, position)
    if unit is None:
        if token.times >= 10**4 and not token.spelled and patterns.people.match(text, position):
            token.kind, token.end = "bare", position
        return
    if unit.kind == "place" and token.times == 1 and 1900 <= token.number < 2100:
        return  # 2022城市…: a year
    token.kind, token.unit, token.factor, token.end = unit.kind, unit.symbol, unit.factor, position + len(unit.words)
    if unit.kind == "money":
        while m := patterns.per.match(text, token.end):
            token.per, token.end = f"{token.per}/{m[1]}".strip("/"), m.end()
    elif (
        unit.kind != "percent"
        and text[token.end : token.end + 1] == "/"
        and (inner := patterns.units.match(text, token.end + 1)) is not None
    ):
        token.end += 1 + len(inner.words)
        token.unit = f"{unit.words}/{inner.words}"


def _share_units(text: str, tokens: list[_Token], patterns: _QuantityPatterns) -> None:
    """Give the unit of ranges and lists to all members: 1-2个工作日, 3亿、10亿、20亿元, 分别给予50万元、20万元."""
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
            if left.spelled and (not right.spelled or right.unit in patterns.series):
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


def _read_bounds(text: str, token: _Token, patterns: _QuantityPatterns) -> None:
    """Read the words on either side that bound the value."""
    token.outer_begin, token.outer_end = token.begin, token.end
    if m := patterns.after.match(text, token.end):
        word = m[1]
        if word not in patterns.within:
            token.bound_after, token.outer_end = patterns.bounds_after[word], m.end()
        elif token.kind == "time" and not text.startswith("内容", m.start(1)):
            token.bound_after, token.outer_end = Bound.AT_MOST, m.end()
    if text[max(0, token.begin - 2) : token.begin].endswith(patterns.false_before):
        return
    if m := patterns.before.search(text, max(0, token.begin - 5), token.begin):
        token.bound_before, token.outer_begin = patterns.bounds_before[m[0]], m.start()
    elif m := patterns.reach.search(text, max(0, token.begin - patterns.reach_width), token.begin):
        token.bound_before, token.outer_begin = patterns.bounds_before[m[1]], m.start()


def _share_bounds(tokens: list[_Token]) -> None:
    """Give the bound of a list's first member to all members: 分别最高给予600万元、1000万元."""
    for left, right in pairwise(tokens):
        if left.group and left.group == right.group and right.bound_before is None:
            right.bound_before = left.bound_before


def _strip_zeros(value: Decimal) -> Decimal:
    """Return *value* without trailing zeros and without an exponent."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def _make_quantity(folded: FoldedText, token: _Token) -> Quantity:
    bound = token.bound_before or token.bound_after or (Bound.AT_LEAST if token.over else Bound.EXACTLY)
    if token.ranged and bound is Bound.EXACTLY:
        bound = Bound.AT_LEAST if token.ranged == "low" else Bound.AT_MOST
    return Quantity(
        span=folded.map_to_source(token.begin, token.end),
        outer=folded.map_to_source(token.outer_begin, token.outer_end),
        value=_strip_zeros(token.number * token.times * token.factor),
        unit=token.unit,
        kind=token.kind,
        bound=bound,
        per=token.per,
        spelled=token.spelled,
        group=token.group,
        ranged=bool(token.ranged),
    )
