"""Sentences and clauses of official Chinese.

A sentence ends at 。！？ (also at ! ? unless an ASCII letter or digit follows), at the end of its paragraph or of a row
of a table, and where a part begins, but not inside 《》 or brackets that close on the same line. A note in brackets
between two sentences is a sentence: …。（责任单位：市商务局）第二句。 A clause ends at ，,；;：:, but not inside 《》,
brackets or a number (1,200 or 9:30), and at the border of a cell. A bracket without a partner in its paragraph has no
effect. What goes on for a thousand characters without an end is cut where a clause ends, since each number of a
sentence is compared with all that stands in the sentence.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, pairwise

from extract.model import Span, make_span
from extract.text.rows import list_rows

_STOPS = re.compile(r"[。！？!?；;，,：:《》（）()\[\]〔〕【】]|(?<=\s)\|(?=\s)")
_CLOSE = {"《": "》", "（": "）", "(": ")", "[": "]", "〔": "〕", "【": "】"}
_END = "。！？!?"
_CLAUSE = "，,；;：:"
_AFTER = '”"』」’）)】》'
_NOTE_OPENS = "（(〔["
_OPENS = tuple("（(〔“《【")
_NOTE = re.compile(r"[（(〔\[](?:[^（()）〔〕\[\]。]|[（(〔\[][^（()）〔〕\[\]。\n]{0,20}[）)〕\]]){4,400}?[）)〕\]]")
"""A note in brackets, over several lines too; what is shorter is the number of an item."""
_SPACE = re.compile(r"\s*")
_LONGEST = 1_000
"""Characters of a sentence at most."""
_WHITE = " \t\u3000\xa0\n\r\u200b"


def split_sentences(text: str, paragraph: Span, starts: Iterable[int] = ()) -> list[tuple[Span, tuple[Span, ...]]]:
    """Split a paragraph into sentences, and each sentence into clauses.

    Args:
        text: the source's text.
        paragraph: the paragraph, without its number.
        starts: offsets in it at which a sentence begins, whatever the punctuation (list items).

    Returns:
        Sentences in order, without the white space around them. The clauses of a sentence cover it without gaps.
    """
    rows = list_rows(text[paragraph.begin : paragraph.end])
    borders = (paragraph.begin + at for row in rows for at in row)
    cuts = sorted({start for start in chain(starts, borders) if paragraph.begin < start < paragraph.end})
    out = []
    for begin, end in zip([paragraph.begin, *cuts], [*cuts, paragraph.end], strict=True):
        sentence_ends, clause_ends = _find_ends(text, begin, end)
        sentence_begin = begin
        for sentence_end in _cut_long(text, begin, [*sentence_ends, end], clause_ends):
            first, stop = sentence_begin, sentence_end
            while first < stop and text[first] in _WHITE:
                first += 1
            while stop > first and text[stop - 1] in _WHITE:
                stop -= 1
            if first < stop and (text[first].isalnum() or any(c.isalnum() for c in text[first:stop])):
                edges = [first, *(at for at in clause_ends if first < at < stop), stop]
                out.append((make_span((first, stop)), tuple(map(make_span, pairwise(edges)))))
            sentence_begin = max(sentence_begin, sentence_end)
    return out


def _cut_long(text: str, begin: int, sentence_ends: Sequence[int], clause_ends: Sequence[int]) -> Iterator[int]:
    """Yield the ends of sentences, and ends inside those that are longer than ``_LONGEST``."""
    for end in sentence_ends:
        while end - begin > _LONGEST:
            stop = begin + _LONGEST
            at = bisect_right(clause_ends, stop)
            if at and clause_ends[at - 1] > begin:
                cut = clause_ends[at - 1]
            else:
                cut = max(text.rfind(mark, begin, stop) + 1 for mark in "、 ")
            begin = cut if cut > begin else stop
            yield begin
        yield end
        begin = max(begin, end)


def _find_ends(text: str, begin: int, end: int) -> tuple[list[int], list[int]]:
    """Return the offsets between *begin* and *end* at which sentences end, and those at which clauses end."""
    sentence_ends: list[int] = []
    clause_ends: list[int] = []
    bracket_end = begin  # all before this offset is inside a bracket
    for m in _STOPS.finditer(text, begin, end):
        at, mark = m.start(), m[0]
        if at < bracket_end:
            continue
        if mark in _CLOSE:
            bracket_end = max(bracket_end, _find_closing(text, at, end))
            if mark in _NOTE_OPENS and not text[sentence_ends[-1] if sentence_ends else begin : at].strip(_WHITE):
                note = _NOTE.match(text, at, end)
                if note is not None and _opens(text, note.end()):
                    sentence_ends.append(note.end())
                    bracket_end = max(bracket_end, note.end())
        elif mark in _END:
            if sentence_ends and at < sentence_ends[-1]:
                continue  # inside the run of marks that the last sentence ends with
            if mark in "!?" and at + 1 < end and text[at + 1].isascii() and text[at + 1].isalnum():
                continue
            stop = at + 1
            while stop < end and text[stop] in _AFTER + _END:
                stop += 1
            sentence_ends.append(stop)
        elif mark == "|":  # the border of a cell
            clause_ends.append(at + 1)
        elif mark in _CLAUSE:
            near = text[max(begin, at - 1) : at + 2]
            if mark in ",:：" and len(near) == 3 and near[0].isdigit() and near[2].isdigit() and near.isascii():
                continue
            clause_ends.append(at + 1)
    return sentence_ends, clause_ends


def _opens(text: str, at: int) -> bool:
    """Whether a word, a bracket, quotes or a title begin at *at*, maybe behind a break of the line."""
    begin = _SPACE.match(text, at)
    after = text[begin.end() : begin.end() + 1] if begin else ""
    return bool(after) and (after.isalnum() or after in _OPENS)


def _find_closing(text: str, at: int, end: int) -> int:
    """Return the offset after the bracket that closes the one at *at*; *at* itself if none within reach closes it."""
    depth = 0
    opener = text[at]
    closer = _CLOSE[opener]
    # In text from the web, ) may close （.
    closers = {closer, "）", ")"} if opener in "（(" else {closer}
    openers = {"（", "("} if opener in "（(" else {opener}
    for i in range(at, min(end, at + 200)):
        character = text[i]
        if character in openers:
            depth += 1
        elif character in closers:
            depth -= 1
            if depth == 0:
                return i + 1
        elif character == "\n" or (character == "。" and opener in "（([【" and i - at > 60):
            break
    return at
