"""Numbers in the formats of word processors and browsers: 1, 一, 十二, ①, iv, 甲.

The names of formats are those of ECMA-376 part 1, 17.18.59 (ST_NumberFormat).
"""

from __future__ import annotations

from functools import cache

from kg.read.formats import load_settings

_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_POWERS = {"chinese": "十百千", "legal": "拾佰仟"}
_CHINESE = frozenset(
    {
        "chineseCounting", "chineseCountingThousand", "taiwaneseCounting", "taiwaneseCountingThousand",
        "japaneseCounting",
    }
)  # fmt: skip
_LEGAL = frozenset({"chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"})
_SIGNS = {
    "decimalEnclosedCircle": "circled", "decimalEnclosedCircleChinese": "circled", "ideographTraditional": "stems",
    "decimalEnclosedParen": "parenthesised", "decimalEnclosedFullstop": "stopped", "ideographZodiac": "branches",
    "ideographEnclosedCircle": "ideographs",
}  # fmt: skip
_ENCLOSED = {"parenthesised": "({})", "stopped": "{}.", "ideographs": "({})"}


def format_number(number: int, kind: str) -> str:
    """Return *number* in the format *kind*: in digits if the format is unknown, empty for ``bullet`` and ``none``."""
    if kind in ("bullet", "none") or number < 0:
        return ""
    if kind in _CHINESE:
        return _format_chinese(number, "chinese")
    if kind in _LEGAL:
        return _format_chinese(number, "legal")
    if kind in ("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital", "chineseDigital"):
        return "".join(_load_signs("digits")[int(d)] for d in str(number))
    if kind in ("decimalFullWidth", "decimalFullWidth2"):
        return "".join(chr(ord(d) + 0xFEE0) for d in str(number))
    if kind == "decimalZero":
        return f"{number:02d}"
    if kind in _SIGNS:
        signs = _load_signs(_SIGNS[kind])
        return signs[number - 1] if 1 <= number <= len(signs) else _ENCLOSED.get(_SIGNS[kind], "{}").format(number)
    if kind in ("lowerLetter", "upperLetter") and number:
        letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letter if kind == "lowerLetter" else letter.upper()
    if kind in ("lowerRoman", "upperRoman") and 0 < number < 4000:
        roman = _format_roman(number)
        return roman if kind == "lowerRoman" else roman.upper()
    return str(number)


@cache
def _load_signs(name: str) -> str:
    return str(load_settings()["numbering"][name])


def _format_chinese(number: int, form: str) -> str:
    """Return a number up to 9999 in Chinese: 十二, 一百零五; a larger one in digits."""
    digits, powers = _load_signs(form), _POWERS[form]
    if number >= 10_000:
        return str(number)
    if number == 0:
        return digits[0]
    out, gap = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit == 0:
            gap = bool(out)
            continue
        if gap:
            out += digits[0]
            gap = False
        out += digits[digit] + (powers[place - 1] if place else "")
    return out[1:] if 10 <= number < 20 else out


def _format_roman(number: int) -> str:
    out = ""
    for value, sign in _ROMAN:
        while number >= value:
            out += sign
            number -= value
    return out
