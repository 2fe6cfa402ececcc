"""Values of Chinese and Arabic numerals: in amounts (三百二十), in dates (二〇二三), before items (十一、)."""

from __future__ import annotations

import re
from decimal import Decimal

_CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_ROW_DIGITS = {
    c: i
    for i, row in enumerate(("〇零○◯ＯO", "一壹", "二贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"))
    for c in row
}
_ROW_DIGITS |= {c: i % 10 for i, c in enumerate("0123456789０１２３４５６７８９")}
DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "○": 0}
"""Digits in amounts that are written as words."""
FORMAL_DIGITS = "壹贰貳叁叄肆伍陆陸柒捌玖"
"""Digits in amounts on receipts and in contracts: 叁拾万元整."""
FORMAL_UNITS = "拾佰仟萬億"
_PLAIN = str.maketrans(FORMAL_DIGITS + FORMAL_UNITS, "一二二三三四五六六七八九" + "十百千万亿")
_SMALL_UNITS = {"十": 10, "百": 100, "千": 1000}
_LARGE_UNITS = {"万": 10**4, "亿": 10**8}
_LAST_DIGIT_UNITS = {"百": 10, "千": 100, "万": 1000, "亿": 10**7}
"""What one stands for in a last digit that follows one of these: 三万五 is 35000."""
_PART = re.compile(r"(\d+(?:\.\d+)?)([十百千]?)([万亿]*)")


def parse_numeral(words: str) -> int:
    """Return the value of a numeral below 100 (十九, 19) or of a row of digits (二〇二三).

    Raises:
        ValueError: *words* are no such numeral; 廿 is not supported.
    """
    words = "".join(words.split())
    if "十" in words:
        tens, _, ones = words.partition("十")
        return 10 * (_parse_digits(tens) if tens else 1) + (_parse_digits(ones) if ones else 0)
    return _parse_digits(words)


def parse_ordinal(words: str) -> int:
    """Return the number of an item's marker (一, 3, ③, 首先); 0 for 其次, 此外 and the like."""
    if words in _CIRCLED:
        return _CIRCLED.index(words) + 1
    if words == "首先":
        return 1
    try:
        return parse_numeral(words)
    except ValueError:
        return 0


def parse_amount(words: str) -> Decimal | None:
    """Return the value of an amount in words (三百二十, 两万五千, 半, 二〇二六), None if *words* are not a number."""
    if words == "半":
        return Decimal("0.5")
    if len(words) > 1 and all(c in DIGITS for c in words):
        return Decimal("".join(str(DIGITS[c]) for c in words)) if len(words) == 4 else None
    total, section, digit, last_unit = 0, 0, -1, 10**9
    for c in words:
        if c in DIGITS:
            if digit > 0:
                return None
            digit = DIGITS[c]
        elif c in _SMALL_UNITS:
            if digit == 0 or (digit < 0 and c != "十" and words[0] != c) or _SMALL_UNITS[c] >= last_unit:
                return None
            section += max(digit, 1) * _SMALL_UNITS[c]
            digit, last_unit = -1, _SMALL_UNITS[c]
        elif c in _LARGE_UNITS:
            if c == "亿":
                total = (total + section + max(digit, 0) or 1) * _LARGE_UNITS[c]
            else:
                total += (section + max(digit, 0) or 1) * _LARGE_UNITS[c]
            section, digit, last_unit = 0, -1, 10**9
        else:
            return None
    if digit > 0 and len(words) > 1 and words[-2] in _LAST_DIGIT_UNITS:
        return Decimal(total + section + digit * _LAST_DIGIT_UNITS[words[-2]])
    return Decimal(total + section + max(digit, 0))


def parse_decimal(words: str) -> Decimal | None:
    """Return the value of an amount with or without a fraction (十二点五), None if *words* are not a number."""
    whole, _, rest = words.partition("点")
    number = parse_amount(whole)
    if number is None or not rest:
        return number
    return number + Decimal("0." + "".join(str(DIGITS[c]) for c in rest))


def parse_formal(words: str) -> Decimal | None:
    """Return the value of an amount in formal numerals (叁拾贰万), None if *words* are not a number."""
    return parse_amount(words.translate(_PLAIN))


def parse_magnitudes(words: str) -> Decimal | None:
    """Return the value of Arabic digits with several magnitudes (3亿5000万, 13万2千), None if *words* are not a number.

    Each part is below the magnitude of the part before it; only the last part may have a fraction. A last magnitude
    above that one is of all parts: 13万2千亿.
    """
    parts = _PART.findall(words)
    total = section = Decimal(0)
    large, small = Decimal("Infinity"), Decimal("Infinity")
    for i, (digits, unit, scales) in enumerate(parts):
        ones = Decimal(_SMALL_UNITS.get(unit, 1))
        value = Decimal(digits) * ones
        if value >= small or ("." in digits and i + 1 < len(parts)):
            return None
        section, small = section + value, ones
        if scales or i + 1 == len(parts):
            scale = Decimal(1)
            for character in scales:
                scale *= _LARGE_UNITS[character]
            below = bool(unit) or len(digits) == len("1000")
            if scale > large and below and i + 1 == len(parts):  # 13万2千*亿*: what stands before is a number of 亿
                return (total + section) * scale
            if section * scale >= large:
                return None
            total, section, large, small = total + section * scale, Decimal(0), scale, Decimal("Infinity")
    return total


def _parse_digits(words: str) -> int:
    if not words or any(c not in _ROW_DIGITS for c in words):
        raise ValueError(words)
    return int("".join(str(_ROW_DIGITS[c]) for c in words))
