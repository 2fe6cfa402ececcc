"""Folded text for number rules: one width for digits and signs, no stray white space, offsets kept.

Pages copied from PDF files break words over lines (``5000万\\n元``) and put spaces inside them (``50 万元``). Groups of
three digits are also separated by a space (``1 200万``) or a wide comma (``12，345.6万``). Rules read the folded text.
Spans in results are always offsets in the source.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extract.model import Span, make_span
from extract.text.normalize import DROPPED
from extract.text.offsets import find_positions, list_offsets, view
from extract.text.rows import crosses_row, list_rows
from extract.text.signs import TRADITIONAL_AMOUNTS

# Digits, signs and the traditional characters of amounts. Each replaces one code point by one code point, so that only
# removed white space shifts offsets.
_WIDTHS = (
    *zip(
        "０１２３４５６７８９" + "％﹪．：∶／＋（）" + "～〜" + "－–—−﹣",
        "0123456789" + "%%.::/+()" + "~~" + "-----",
        strict=True,
    ),
    *TRADITIONAL_AMOUNTS,
)
# The pattern tests the white space first and what stands before it second: few offsets pass the first test.
_STRAY = re.compile(
    r"[ \t\u3000\xa0\n](?:(?<=\S[ \t\u3000\xa0])[ \t\u3000\xa0]{0,2}(?=\S)"
    r"|(?:(?<=[^\s。;:!?；！？：”][ \t\xa0])[ \t\xa0]{0,2}\n|(?<=[^\s。;:!?；！？：”]\n))"
    r"[ \t\xa0]{0,2}(?=[^\s第附(（一二三四五六七八九十\d]))"
)
_GROUP_SPACE = "[ \xa0\u2002-\u200a\u202f]"
# Both are tested by what is rare in them first. A space before the number makes it a row of a table.
_SPACED_GROUP = re.compile(rf"{_GROUP_SPACE}(?<=\d.)\d{{3}}(?!\d)")
_SPACED_GROUPS = re.compile(
    rf"(?<![\s\d.,])\d{{1,3}}(?:{_GROUP_SPACE}\d{{3}}){{1,4}}(?=(?:\.\d+)?{_GROUP_SPACE}?[%‰\u4e00-\u9fff])"
)
_COMMA_GROUP = re.compile(r"，(?<=\d.)\d{3}(?!\d)")
_COMMA_GROUPS = re.compile(r"(?<![\d.,，])\d(?:\d?(?:，\d{3}){1,4}(?:\.\d+)?|\d\d(?:，\d{3}){1,4}\.\d+)(?![\d，])")
_COMMA_AMOUNT = re.compile(r"(?<![\d.,，])\d{3}，\d{3}(?=(?:\.\d+)?[万亿]{1,2}(?:元|美元|户|人|亩|吨|千瓦|平方米)|元)")
"""A head of three digits is that of a list as well (110，120家), but not before an amount that needs no list."""
_IN_LIST = re.compile("分别|依次|各为")
_BELOW_ZERO = re.compile(r"[^\d\n]{2}\s+-\d+(?:\.\d+)?(?:%|个百分点|℃)")
"""A value below zero behind a word: 岚山县 -2%."""
_JOINS_WRONGLY = re.compile(r"[0-9A-Za-z.][0-9A-Za-z.]")


_CUT_NUMBER = re.compile(r"(?<=\d)\n(?=0\d{0,3}(?!\d)(?:\.\d+)?[^\d\s.、:：-])|(?<=[\d,]\d\d\d,)\n(?=\d{3}(?!\d))")
"""A line end inside a number: no number begins with 0."""


@dataclass(frozen=True, slots=True)
class FoldedText:
    """Folded text with the offsets that lead back to the source."""

    text: str
    source_offsets: Sequence[int]
    """For each character of ``text``, its offset in the source."""
    folded_offsets: Sequence[int]
    """For each offset in the source, its end included, the offset in ``text`` of that or the next kept character."""

    def map_to_source(self, begin: int, end: int) -> Span:
        """Return the span in the source of ``text[begin:end]``."""
        return make_span((self.source_offsets[begin], self.source_offsets[end - 1] + 1))

    def map_offset(self, position: int) -> int:
        """Return the offset in ``text`` of the source's character at *position*, or of the next kept one."""
        return self.folded_offsets[position]

    def map_span(self, span: Span) -> Span:
        """Return the span in ``text`` of the source's *span*."""
        return make_span((self.folded_offsets[span[0]], self.folded_offsets[span[1]]))


def fold_text(text: str) -> FoldedText:
    """Return *text* folded. Digits on both sides of white space are joined only if they are groups of one number."""
    narrow_text = text
    for wide, narrow in _WIDTHS:  # several times as fast as str.translate
        narrow_text = narrow_text.replace(wide, narrow)
    if _COMMA_GROUP.search(narrow_text):
        narrow_text = _COMMA_GROUPS.sub(lambda m: m[0].replace("，", ","), narrow_text)
        narrow_text = _COMMA_AMOUNT.sub(
            lambda m: m[0] if _IN_LIST.search(m.string, max(0, m.start() - 12), m.start()) else m[0].replace("，", ","),
            narrow_text,
        )
    cuts = [
        m.span()
        for m in _STRAY.finditer(narrow_text)
        if not _JOINS_WRONGLY.match(narrow_text[m.start() - 1] + narrow_text[m.end()])
        and not _ends_number_line(narrow_text, m.start())
        and not (narrow_text[m.end()] == "-" and _BELOW_ZERO.match(narrow_text, max(0, m.start() - 2)))
    ]
    if _CUT_NUMBER.search(narrow_text):
        cut = [m.span() for m in _CUT_NUMBER.finditer(narrow_text) if not _ends_number_line(narrow_text, m.start())]
        cuts = sorted({*cuts, *cut})
    if _SPACED_GROUP.search(narrow_text):
        groups = [m.span() for m in _SPACED_GROUPS.finditer(narrow_text)]
        spaces = re.compile(_GROUP_SPACE)
        cuts = sorted([*cuts, *(m.span() for begin, end in groups for m in spaces.finditer(narrow_text, begin, end))])
    if rows := list_rows(narrow_text):
        cuts = [(begin, end) for begin, end in cuts if not crosses_row(rows, begin, end)]
    if not cuts:
        return FoldedText(narrow_text, range(len(narrow_text)), range(len(narrow_text) + 1))
    kept, last = [], 0
    for begin, end in cuts:
        kept.append((last, begin))
        last = end
    kept.append((last, len(narrow_text)))
    offsets = list_offsets(kept)
    folded = "".join([narrow_text[begin:end] for begin, end in kept])
    return FoldedText(folded, view(offsets), view(find_positions(offsets, len(narrow_text))))


def _ends_number_line(text: str, end: int) -> bool:
    """Whether a line that is only a number ends at *end*: a table's cell, which the next line does not continue."""
    begin = end
    while begin > 0 and text[begin - 1].isdigit():
        begin -= 1
    return begin < end and (begin == 0 or text[begin - 1] == "\n") and "\n" in text[end : end + 3]


def search_fold_page(text: str) -> tuple[str, Sequence[int]]:
    """Return ``search_fold(text)``, and the offset in *text* of each of its characters."""
    dropped = [found.span() for found in DROPPED.finditer(text)]
    runs = list(zip([0, *(end for _, end in dropped)], [*(begin for begin, _ in dropped), len(text)], strict=True))
    return "".join([text[begin:end] for begin, end in runs]), view(list_offsets(runs))
