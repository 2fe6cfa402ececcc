"""Chinese and Arabic numerals as numbers: in amounts (三百二十), in dates (二〇二三), before items (十一、)."""

from __future__ import annotations

from decimal import Decimal

_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_ROW_DIGITS = {
    c: i
    for i, row in enumerate(("〇零○ＯO", "一壹", "二贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"))
    for c in row
}
_ROW_DIGITS |= {c: i % 10 for i, c in enumerate("0123456789０１２３４５６７８９")}
DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "○": 0}
"""Digits that amounts in words are written with."""
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}
_UNITS = {"百": 10, "千": 100, "万": 1000, "亿": 10**7}
"""What a last digit counts after one of these: 三万五 is 35000."""


def parse_numeral(words: str) -> int:
    """Return the value of a numeral below 100 (十九, 19; 廿 is none), or of digits in a row (二〇二三).

    Raises:
        ValueError: *words* are no such numeral.
    """
    words = "".join(words.split())
    if "十" in words:
        tens, _, ones = words.partition("十")
        return 10 * (_parse_digits(tens) if tens else 1) + (_parse_digits(ones) if ones else 0)
    return _parse_digits(words)


def parse_ordinal(words: str) -> int:
    """Return the number that an item's marker stands for (一, 3, ③, 首先); 0 for 其次, 此外 and the like."""
    if words in _CIRCLED:
        return _CIRCLED.index(words) + 1
    if words == "首先":
        return 1
    try:
        return parse_numeral(words)
    except ValueError:
        return 0


def parse_amount(words: str) -> Decimal | None:
    """Return the value of an amount in words (三百二十, 两万五千, 半, 二〇二六), None if *words* are not one number."""
    if words == "半":
        return Decimal("0.5")
    if len(words) > 1 and all(c in DIGITS for c in words):
        return Decimal("".join(str(DIGITS[c]) for c in words)) if len(words) == 4 else None
    total, section, digit, last = 0, 0, -1, 10**9
    for c in words:
        if c in DIGITS:
            if digit > 0:
                return None
            digit = DIGITS[c]
        elif c in _SMALL:
            if digit == 0 or (digit < 0 and c != "十" and words[0] != c) or _SMALL[c] >= last:
                return None
            section += max(digit, 1) * _SMALL[c]
            digit, last = -1, _SMALL[c]
        elif c in _LARGE:
            if c == "亿":
                total = (total + section + max(digit, 0) or 1) * _LARGE[c]
            else:
                total += (section + max(digit, 0) or 1) * _LARGE[c]
            section, digit, last = 0, -1, 10**9
        else:
            return None
    if digit > 0 and len(words) > 1 and words[-2] in _UNITS:
        return Decimal(total + section + digit * _UNITS[words[-2]])
    return Decimal(total + section + max(digit, 0))


def _parse_digits(words: str) -> int:
    if not words or any(c not in _ROW_DIGITS for c in words):
        raise ValueError(words)
    return int("".join(str(_ROW_DIGITS[c]) for c in words))
