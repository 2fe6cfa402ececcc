"""Dates in official Chinese, as ISO 8601 (``2023-06-19``, ``2023-06``, ``2023``).

Read are 2023年6月19日, 2023年 6月, 二〇二三年六月十九日, 2024-06-28, 2024/6/28, 2024.6.28, with full-width digits too.
Forms follow GB/T 15835 (数字用法) and GB/T 9704 (公文格式); impossible dates (2023年13月) are none.
"""

from __future__ import annotations

import re
from datetime import date

from extract.model import Span
from extract.text.numerals import parse_numeral

_S = r"[ \t\u3000\xa0]*"
_NUM = "[〇零○ＯO一二三四五六七八九十0-9０-９]"
DATE = re.compile(
    rf"(?<![0-9０-９])(?P<y>(?:[0-9０-９]{_S}){{4}}|[一二][〇零○ＯO0一二三四五六七八九]{{3}}){_S}年"
    rf"(?:{_S}(?P<m>{_NUM}{{1,2}}){_S}月(?:{_S}(?P<d>{_NUM}{{1,3}}){_S}日)?)?"
    r"|(?<![\d.\-/])(?P<y2>(?:19|20)\d{2})(?P<sep>[-/.])(?P<m2>\d{1,2})(?P=sep)(?P<d2>\d{1,2})(?![\d.])"
)


def iso(found: re.Match[str]) -> str | None:
    """The ISO form of a match of ``DATE``, None if there is no such day."""
    year, month, day = (found["y"] or found["y2"]), (found["m"] or found["m2"]), (found["d"] or found["d2"])
    try:
        y = parse_numeral(year)
        m = parse_numeral(month) if month else 1
        d = parse_numeral(day) if day else 1
        date(y, m, d)
    except ValueError:
        return None
    return f"{y:04d}" + (f"-{m:02d}" if month else "") + (f"-{d:02d}" if day else "")


def find_dates(text: str, begin: int = 0, end: int | None = None) -> list[tuple[Span, str]]:
    """All dates of *text* between *begin* and *end*, with their ISO forms."""
    found = DATE.finditer(text, begin, len(text) if end is None else end)
    return [(Span(m.start(), m.end()), value) for m in found if (value := iso(m))]


def parse_date(words: str) -> str | None:
    """The ISO form of the first date in *words*, or None."""
    dates = find_dates(words)
    return dates[0][1] if dates else None
