"""Dates in official Chinese, as ISO 8601 (``2023-06-19``, ``2023-06``, ``2023``).

These forms are found: 2023年6月19日, 2023年 6月, 二〇二三年六月十九日, 2024-06-28, 2024/6/28, 2024.6.28, and the same
with full-width digits. They follow GB/T 15835 (数字用法) and GB/T 9704 (公文格式). Impossible dates (2023年13月) are
left out.
"""

from __future__ import annotations

import re
from datetime import date

from extract.model import Span
from extract.text.numerals import parse_numeral

_SPACE = r"[ \t\u3000\xa0]*"
_DIGIT = f"(?:[〇零○◯ＯO一二三四五六七八九十0-9０-９]{_SPACE})"
DATE = re.compile(
    rf"(?<![0-9０-９])(?P<y>(?:[0-9０-９]{_SPACE}){{4}}|[一二](?:{_SPACE}[〇零○◯ＯO0０一二三四五六七八九]){{3}}){_SPACE}年"
    rf"(?:{_SPACE}(?P<m>{_DIGIT}{{1,2}})月(?:{_SPACE}(?P<d>{_DIGIT}{{1,3}})日)?)?"
    r"|(?<![\d.\-/])(?P<y2>(?:19|20)\d{2})(?P<sep>[-/.]) ?(?P<m2>\d{1,2})(?P=sep) ?(?P<d2>\d{1,2})(?![\d.])"
)

_LOOSE = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d{2})\s?[年\-/.]\s?(?P<m>\d{1,2})(?!\d)\s?(?:[月\-/.]\s?(?:(?P<d>\d{1,2})(?!\d))?)?"
)
"""What has the form of a date in figures, whether there is such a day or not."""


def format_iso(found: re.Match[str]) -> str | None:
    """Return the ISO 8601 form of a match of ``DATE``, None if there is no such day."""
    month_words, day_words = (found["m"] or found["m2"]), (found["d"] or found["d2"])
    try:
        year = parse_numeral(found["y"] or found["y2"])
        month = parse_numeral(month_words) if month_words else 1
        day = parse_numeral(day_words) if day_words else 1
        date(year, month, day)
    except ValueError:
        return None
    return f"{year:04d}" + (f"-{month:02d}" if month_words else "") + (f"-{day:02d}" if day_words else "")


def is_impossible_date(words: str) -> bool:
    """Return whether *words* have the form of a date that does not exist: 2024-13-45, 2023年2月30日."""
    for found in _LOOSE.finditer(words):
        year, month, day = (int(found[name] or 1) for name in ("y", "m", "d"))
        try:
            date(year, month, day)
        except ValueError:
            return True
    return False


def find_dates(text: str, begin: int = 0, end: int | None = None) -> list[tuple[Span, str]]:
    """Return all dates of *text* between *begin* and *end*, each with its ISO form."""
    found = DATE.finditer(text, begin, len(text) if end is None else end)
    return [(Span(m.start(), m.end()), value) for m in found if (value := format_iso(m))]


def parse_date(words: str) -> str | None:
    """Return the ISO form of the first date in *words*, None if there is none."""
    dates = find_dates(words)
    return dates[0][1] if dates else None


def join_days(first: str, last: str) -> str:
    """Return the time between two ISO days: from 2024-01-01 to 2024-12-31 it is 2024."""
    return first[:4] if (first[4:], last) == ("-01-01", f"{first[:4]}-12-31") else f"{first}/{last}"
