"""Paragraphs → items: where numbers stand (一、 (一) 1. 一是 首先 第三条), also inside paragraphs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from extract.model import Span
from extract.structure.cues import Cues, Style
from extract.text.numerals import parse_ordinal

_BEFORE = '。；;：:，,、！!？?\n”"）)'
_ONE = frozenset({"首先", "一", "1", "①"})


@dataclass(slots=True)
class Item:
    """A numbered item, or (style None) a paragraph without number."""

    begin: int
    """Where its number stands."""
    text: int
    """Where its words begin."""
    end: int
    """Where its own paragraph, or its stretch of it, ends."""
    style: Style | None = None
    value: int = 0
    label: str = ""
    inline: bool = False
    """Begins inside a paragraph."""
    last: int = 0
    """Where its last descendant ends."""
    children: list[Item] = field(default_factory=list)
    parent: Item | None = None

    @property
    def own(self) -> Span:
        return Span(self.text, self.end)

    @property
    def all(self) -> Span:
        return Span(self.text, max(self.end, self.last))


def _marker(m: re.Match[str], cues: Cues) -> tuple[Style, str]:
    # The arm closes after its numeral, so it is the last group.
    style = cues.by_name[m.lastgroup or ""]
    return style, m[f"{style.name}_n"]


def items_of(text: str, paras: Sequence[Span], cues: Cues) -> list[Item]:
    """Items in order; a paragraph gives one, and one more for each number inside it."""
    out: list[Item] = []
    counts: dict[str, int] = {}
    for k, para in enumerate(paras):
        m = cues.any_start.match(text, para.begin, para.end)
        first = Item(para.begin, para.begin, para.end)
        if m is not None:
            style, number = _marker(m, cues)
            value = parse_ordinal(number)
            if (style.name == "arabic" and text[m.end() : m.end() + 1].isdigit()) or (
                style.name == "adverb"
                and "adverb" not in counts
                and (value != 1 or not _followed(text, paras[k:], cues))
            ):
                m = None
            else:
                first = Item(
                    para.begin, _skip(text, m.end(), para.end), para.end, style, value, style.label.format(number)
                )
                counts[style.name] = value
                for name in [n for n in counts if cues.by_name[n].rank > style.rank]:
                    del counts[name]
        out.append(first)
        after = cues.any_start.match(text, paras[k + 1].begin, paras[k + 1].end) if k + 1 < len(paras) else None
        goes_on = after.lastgroup or "" if after and parse_ordinal(_marker(after, cues)[1]) in (0, 2) else ""
        starts = _inline(text, Span(first.text, para.end), cues, counts, goes_on)
        for at, stop, style, number in starts:
            out[-1].end = _trim(text, out[-1].text, at)
            out.append(Item(at, stop, para.end, style, parse_ordinal(number), style.label.format(number), inline=True))
    return out


def _followed(text: str, paras: Sequence[Span], cues: Cues) -> bool:
    """Whether a 首先 has its 其次."""
    return any(cues.patterns["goes_on"].search(text, p.begin, p.end) for p in paras)


def _skip(text: str, begin: int, end: int) -> int:
    while begin < end and text[begin].isspace():
        begin += 1
    return begin


def _trim(text: str, begin: int, end: int) -> int:
    while end > begin and text[end - 1].isspace():
        end -= 1
    return end


def _inline(
    text: str, para: Span, cues: Cues, counts: dict[str, int], goes_on: str = ""
) -> list[tuple[int, int, Style, str]]:
    """Numbers inside a paragraph: runs of 一是…二是…, and glued headings (…。(七)…) that go on counting."""
    found = []
    for m in cues.any_inline.finditer(text, para.begin, para.end):
        style, number = _marker(m, cues)
        if style.name == "arabic" and text[m.end() : m.end() + 1].isdigit():
            continue
        found.append((m, style, number))
    if not found:
        return []
    depth = _depths(text, para, [m.start() for m, _, _ in found])
    out: list[tuple[int, int, Style, str]] = []
    runs = {s.name for _, s, n in found if n in ("二", "其次", "②", "再次", "2") and s.where == "inline"} | {
        s.name for _, s, _ in found if s.where == "inline" and (s.name in counts or s.name == goes_on)
    }
    banned: set[str] = set()
    for m, style, number in found:
        at, value = m.start(), parse_ordinal(number)
        before = text[at - 1] if at > para.begin else "\n"
        if depth[at]:
            continue
        if style.where == "inline":
            if style.name not in runs or style.name in banned:
                continue
            first = number in _ONE
            if first and cues.kinds["enumeration"].search(text[max(para.begin, at - 60) : at].rstrip("：:，,")):
                banned.add(style.name)
                continue
            begun = style.name in counts or any(o[2] is style for o in out)
            if not _stands(style, first, begun, before, cues):
                continue
        elif value == 1:
            if not cues.kinds["run_lead"].search(text[max(para.begin, at - 30) : at]) or not _second(
                text, m, style, found
            ):
                continue
        elif before not in _BREAK or counts.get(style.name, 0) + 1 != value:
            continue
        out.append((at, _skip(text, m.end(), para.end), style, number))
        counts[style.name] = value
        for s in cues.styles:
            if s.rank > style.rank:
                counts.pop(s.name, None)
                banned.discard(s.name)
    return out


def _stands(style: Style, first: bool, begun: bool, before: str, cues: Cues) -> bool:
    """Whether an 一是 or 首先 after the character *before* begins or goes on with a run."""
    if not first and not begun:
        return False
    if style.name == "adverb":
        return before in "。；;\n！"
    subject = first and style.name == "is" and bool(cues.patterns["organ_chars"].match(before))
    return before in _BEFORE or before.isspace() or subject


def _second(text: str, m: re.Match[str], style: Style, found: list[tuple[re.Match[str], Style, str]]) -> bool:
    """Whether number 2 follows number 1 in the same way of writing (建议：1.…；2.…)."""
    mark = m[0].strip()[-1]
    return any(
        s is style
        and parse_ordinal(n) == 2
        and x.start() > m.start()
        and x[0].strip()[-1] == mark
        and text[x.start() - 1] in _BREAK
        for x, s, n in found
    )


_BREAK = "。；;！!？? \u3000"


def _depths(text: str, para: Span, positions: list[int]) -> dict[int, bool]:
    """Which positions stand inside 《》 or brackets."""
    out = {}
    spans = [
        m.span() for m in re.finditer(r"《[^《》\n]{1,120}》|[（(][^（）()\n]{6,200}[)）]", text[para.begin : para.end])
    ]
    for p in positions:
        at = p - para.begin
        out[p] = any(b < at < e - 1 for b, e in spans)
    return out


def continues(items: Sequence[Item], at: int, open_item: Item) -> bool:
    """Whether after item *at* the numbering of *open_item* goes on."""
    style = open_item.style
    if style is None:
        return False
    return any(
        i.style is not None
        and i.style.name == style.name
        and (i.value == open_item.value + 1 or (i.value == 0 and style.name == "adverb"))
        for i in items[at + 1 :]
    )
