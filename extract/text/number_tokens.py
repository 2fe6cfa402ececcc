"""The numbers of a folded text, each with the unit that follows it; :mod:`extract.text.quantities` adds the rest."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from extract.model import Bound
from extract.text.number_words import QuantityPatterns
from extract.text.numerals import (
    FORMAL_DIGITS,
    FORMAL_UNITS,
    parse_amount,
    parse_decimal,
    parse_formal,
    parse_magnitudes,
)
from extract.text.search import find_matches

_TIMES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_LONGEST = 20
"""Most digits of a number; a longer one is a code."""
_LONGEST_SPELLED = 48
"""Most characters of a number in Chinese numerals; a longer run of them is no number."""

_LONG_SPELLED = 3
"""Fewest characters of Chinese numerals before a unit that may as well begin a word."""
_MEASURED = frozenset({"length", "area", "volume", "mass", "count"})

_NUMBER = re.compile(
    rf"(?=[\d零〇一二两三四五六七八九十百千万亿半{FORMAL_DIGITS}])(?:"
    r"(?P<arabic>(?<![\d.])(?:(?<!,\d{3},)\d{1,3}(?:,\d{3}){1,6}(?![\d,])|\d+)(?:\.\d+)?)"
    r"|(?P<percent>[百千]分之[零〇一二两三四五六七八九十百]+(?:点[零〇一二三四五六七八九]+)?)"
    r"|(?P<part>[一二两三四五六七八九十百]+分之[一二两三四五六七八九十]+)"
    r"|(?P<decimal>[零一二两三四五六七八九十百]{1,7}点[零〇一二三四五六七八九]{1,4}(?=[万亿倍成]|公[顷里]|千米|平方|立方|米|吨|亩|元|个百分点))"
    r"|(?P<han>半|[零〇一二两三四五六七八九十百千万亿]+)"
    rf"|(?P<formal>[{FORMAL_DIGITS}][零{FORMAL_DIGITS}{FORMAL_UNITS}万亿]+))"
)
_RATIO = re.compile(r"(?<![\d.:])(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)(?![\d.:])")
_FRACTION = re.compile(
    r"(?<![\d/.])(\d{1,2})/(\d{1,3})(?![\d/.年月日版页号])(?:(倍)|(?=以上|以下|左右|强)|(?<=[约近占超过达的][\d/]{3})|(?<=[约近占超过达的][\d/]{4})"
    r"|(?<=[高低大小多少]于[\d/]{3})|(?<=[高低大小多少]于[\d/]{4}))"
)
"""1/3倍, 2/3以上, 约1/4, 不低于1/2, 总价的1/3. Other digits with a slash between them are dates, pages and the like."""
_RATIO_MARK = re.compile(r"\d:\d")
_TIMES_AFTER = re.compile(r"[百千]?万亿|[十百千]?[万亿]|[百千]")
_LARGE_AFTER = re.compile("万亿|[万亿]")
"""What follows 多: 3千多+万."""
_LOWER_PARTS = re.compile(
    r"(?:零?(?:\d,\d{3}|\d{1,4})(?:\.\d+)?[十百千]?[万亿]|零?\d{1,4}(?:\.\d+)?[十百千])+(?:零?\d{1,4})?(?!\d)"
    r"|(?:\d{2,4}|零\d{1,3})(?!\d)"
)
"""What follows a number with a magnitude and belongs to it: 3亿 *5000万*, 13万 *2千*, 3亿 *零500万*."""
_SPELLED_RANGE = re.compile("[至到~-][零一二两三四五六七八九十]")
_HALF_AFTER = re.compile("半(?![数价径载程岛导年月日天])")
_LINE = 24
_CUT_BEFORE = re.compile(rf"[^\n]{{{_LINE - 5},}}[\u4e00-\u9fff](?<!附[件表])(?<!图)\d{{1,3}}\n$")
"""A long line that ends in digits without a unit: the number may go on in the next line."""
_BELOW_ZERO = re.compile(r"(?:[长为速率幅是到至约(:,，、|\s]|^)[-负]$|零下$")
_MONEY_MARKS = {"¥": "CNY", "￥": "CNY", "人民币": "CNY", "$": "USD", "＄": "USD"}
_MONEY_MARK = re.compile(f"(?<![A-Z])(?:{'|'.join(map(re.escape, _MONEY_MARKS))})$")
_GROUPED_BEFORE = re.compile(r"(?<!\d)\d{1,3}[ \xa0]$")
_SPACED_BEFORE = re.compile(r"(?<![\d.,])\d[ \xa0]$")


@dataclass(slots=True)
class NumberToken:
    """A number in the folded text, while its unit and bounds are found."""

    begin: int
    end: int
    number: Decimal
    spelled: bool
    times: int = 1
    scale: int = 1
    """The last magnitude of Chinese numerals: 10000 in 二十万."""
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
    changed: bool = False
    """Whether it replaces the value before it: 由80万提高至 *100万*."""
    apart: bool = False
    """Whether the bound of the value before it does not hold for it, though both stand in one list."""


def find_tokens(text: str, patterns: QuantityPatterns) -> list[NumberToken]:
    """Find the numbers outside of masks, each with the unit that follows it, if any."""
    tokens: list[NumberToken] = []
    masks = sorted(
        m.span()
        for mask, near in patterns.masks
        for m in (find_matches(mask, text, near) if near else mask.finditer(text))
    )
    next_mask = masked_until = 0
    ratios = {m.start(): m for m in find_matches(_RATIO, text, (":",))} if _RATIO_MARK.search(text) else {}
    fractions = {m.start(): m for m in find_matches(_FRACTION, text, ("/",))} if "/" in text else {}
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
        token: NumberToken | None
        if begin in ratios:
            ratio = ratios[begin]
            token, read_until = _read_ratio(ratio), ratio.end()
        elif begin in fractions:
            token, read_until = _read_fraction(fractions[begin]), fractions[begin].end()
        elif m.lastgroup == "arabic":
            token = _read_arabic(text, m, patterns)
        else:
            token = _read_spelled(text, m, patterns)
        if token is not None:
            tokens.append(token)
            read_until = max(read_until, token.end)
    return tokens


def _read_ratio(m: re.Match[str]) -> NumberToken | None:
    first, second = Decimal(m[1]), Decimal(m[2])
    if not second:
        return None
    return NumberToken(m.start(), m.end(), first, False, kind="ratio", unit=f":{m[2]}")


def _read_fraction(m: re.Match[str]) -> NumberToken | None:
    above, below = Decimal(m[1]), Decimal(m[2])
    if not 0 < above < below:
        return None
    kind, unit = ("share", "倍") if m[3] else ("ratio", "")
    return NumberToken(m.start(), m.end(), round(above / below, 6), False, kind=kind, unit=unit)


def _read_marks(text: str, token: NumberToken, patterns: QuantityPatterns) -> None:
    """Read what stands before a number: the sign of a value (-3.2%, 零下5℃), the mark of a currency (￥3000).

    A large number without a unit is money behind a noun that means a sum: 贷款额度为80万.
    """
    before = text[max(0, token.begin - 4) : token.begin]
    if token.kind in ("percent", "energy") and (m := _BELOW_ZERO.search(before)):
        token.number = -token.number
        token.begin -= 2 if m[0] == "零下" else 1
    elif token.kind in ("", "bare") and (m := _MONEY_MARK.search(before)):
        token.kind, token.unit = "money", _MONEY_MARKS[m[0]]
        token.begin -= len(m[0])
    elif (
        token.kind == "bare"
        and (patterns.follows_sum(text, token.begin) or patterns.sum_after.match(text, token.end))
        and not patterns.person_after.match(text, token.end)
    ):
        token.kind, token.unit = "money", "CNY"


def _read_arabic(text: str, m: re.Match[str], patterns: QuantityPatterns) -> NumberToken | None:
    begin, end = m.span()
    if end - begin > _LONGEST:
        return None
    joined = begin > 0 and text[begin - 1].isascii() and (text[begin - 1].isalpha() or text[begin - 1] in "_#@")
    if begin > 1 and text[begin - 1] == "-" and text[begin - 2].isascii() and text[begin - 2].isalpha():
        return None  # GB-50016: a code
    if text[begin - 1 : begin] == "/" and text[max(0, begin - 2) : begin - 1].isdigit():
        return None  # 24/7: no fraction that is understood
    if text[begin - 1 : begin] == "\n" and _CUT_BEFORE.search(text, max(0, begin - _LINE), begin):
        return None  # 共1⏎20家: one number or two
    if end - begin == 3 and text[begin - 1 : begin] in (" ", "\xa0") and _GROUPED_BEFORE.search(text, begin - 5, begin):
        return None  # 甲县 12 350万元: one number or two
    if end - begin == 1 and text[begin - 1 : begin] in (" ", "\xa0") and _SPACED_BEFORE.search(text, begin - 3, begin):
        return None  # 5 0 0万元: digits set apart, or several numbers
    token = NumberToken(begin, end, Decimal(m[0].replace(",", "")), False)
    _read_unit(text, token, patterns)
    _read_marks(text, token, patterns)
    if joined and (not token.kind or token.kind in {"data", "part", "bare"}):
        return None
    return token


def _read_spelled(text: str, m: re.Match[str], patterns: QuantityPatterns) -> NumberToken | None:
    """Read a number in Chinese numerals. A number without a unit is none, except at the low end of a range."""
    words, begin = m[0], m.start()
    if len(words) > _LONGEST_SPELLED:
        return None
    if m.lastgroup == "percent":
        return _read_spelled_percent(text, m)
    if m.lastgroup == "part":
        below, above = (parse_amount(amount) for amount in words.split("分之"))
        if not below or above is None:
            return None
        return NumberToken(begin, m.end(), round(above / below, 6), True, kind="ratio")
    number = _read_amount(text, m, patterns)
    if number is None:
        return None
    token = NumberToken(begin, m.end(), number, True, over=words[0] in _TIMES and text[begin - 1] in "上过破")
    token.scale = _TIMES.get(words[-1], 1) if len(words) > 1 and words[-1] != "十" else 1
    _read_unit(text, token, patterns)
    if token.kind == "bare":
        _read_marks(text, token, patterns)
        return token if token.kind == "money" else None
    unit = patterns.units.rows.get(token.unit)
    if not token.kind:
        return token if _SPELLED_RANGE.match(text, token.end) else None
    if m.lastgroup == "formal" and token.kind != "money" and not any(c in FORMAL_UNITS for c in words):
        return None
    if unit is None or unit.after_han or m.lastgroup == "decimal":
        return token
    # 二万零五百张; 三米 and 一床 may be parts of words
    return token if len(words) >= _LONG_SPELLED and unit.kind in _MEASURED else None


def _read_spelled_percent(text: str, m: re.Match[str]) -> NumberToken | None:
    """Read 百分之二十; the low end of 百分之二十至三十 is a least value."""
    begin, end = m.span()
    number = parse_decimal(m[0][3:])
    if number is None:
        return None
    if text[begin - 1 : begin] == "负":
        begin, number = begin - 1, -number
    bound = Bound.AT_LEAST if _SPELLED_RANGE.match(text, end) else None
    sign = "%" if m[0][0] == "百" else "‰"
    return NumberToken(begin, end, number, True, unit=sign, kind="percent", bound_after=bound)


def _read_amount(text: str, m: re.Match[str], patterns: QuantityPatterns) -> Decimal | None:
    """Return the value of the numerals themselves, without what follows them."""
    words = m[0]
    if m.lastgroup == "formal":
        return parse_formal(words)
    if m.lastgroup == "decimal":
        return parse_decimal(words)
    if words[0] in _TIMES and text[max(0, m.start() - 1) : m.start()] in ("几", "数", "好"):
        return None  # 几十家
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


def _is_large(text: str, token: NumberToken) -> bool:
    """Whether a number of at least ten thousand says its magnitude."""
    return token.times >= 10**4 or (token.spelled and any(c in "万亿" for c in text[token.begin : token.end]))


def _read_times(text: str, token: NumberToken, times: re.Match[str], patterns: QuantityPatterns) -> int:
    """Read the multiplier behind a number, with what follows it of a number of several magnitudes: 13+万2千亿.

    Returns:
        where the unit stands; -1 if the words are no number.
    """
    position = times.end()
    if token.spelled and token.number >= 10**4:  # 一亿两千多+万: one number of two magnitudes
        whole = parse_amount(text[token.begin : token.end] + times[0])
        token.end = position
        if whole is None:
            return -1
        token.number = whole
        return position
    for character in times[0]:
        token.times *= _TIMES[character]
    token.end = position
    if token.spelled:
        return position
    if not token.over and (more := _LOWER_PARTS.match(text, position)):
        written = text[token.begin : more.end()].replace(",", "")
        token.end = position = more.end()
        if (over := patterns.over.match(text, position)) and (rest := _LARGE_AFTER.match(text, over.end())):
            token.over, token.end, position = True, rest.end(), rest.end()  # 1万3千+多亿
            written += rest[0]
        whole = parse_magnitudes(written)
        if whole is None:
            return -1
        token.number = whole / token.times
    elif text[position : position + 1].isdigit():  # 3万5人: 35,000 or two numbers
        while text[token.end : token.end + 1].isdigit():
            token.end += 1
        return -1
    if not token.over and (over := patterns.over.match(text, position)):
        token.over, position = True, over.end()
        if rest := _LARGE_AFTER.match(text, position):  # 3千多+万
            token.end = position = rest.end()
            for character in rest[0]:
                token.times *= _TIMES[character]
    return position


def _read_unit(text: str, token: NumberToken, patterns: QuantityPatterns) -> None:
    """Read the multiplier and the unit that follow the number."""
    position = token.end
    if m := patterns.over.match(text, position):
        token.over, position = True, m.end()
    if text.startswith("个亿", position):
        token.end = position = position + 1
    elif text.startswith("个半", position) and patterns.units.has_kind(text, position + 2, "time"):
        token.number += Decimal("0.5")
        position += 2
    unit = patterns.units.match(text, position)
    if unit is None and (m := _TIMES_AFTER.match(text, position)):
        position = _read_times(text, token, m, patterns)
        if position < 0:
            return
        unit = patterns.units.match(text, position)
    if unit is None:
        if _is_large(text, token) and patterns.stands_bare(text, position):
            token.kind, token.end = "bare", position
        return
    if unit.kind == "place" and token.times == 1 and 1900 <= token.number < 2100:
        return  # 2022城市…: a year
    token.kind, token.unit, token.factor, token.end = unit.kind, unit.symbol, unit.factor, position + len(unit.words)
    if unit.kind == "time" and _HALF_AFTER.match(text, token.end):
        token.number += Decimal("0.5")
        token.end += 1
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
