"""How replies take up suggestions: 关于“…”的建议, 针对您提出的“…”, 关于提高待遇的建议."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extract.model import Span
from extract.struct_cues import CLOSING_QUOTES, OPENING_QUOTES, Cues

_OQ, _CQ = OPENING_QUOTES, CLOSING_QUOTES
_IN = rf"[^{_OQ}{_CQ}\n]{{2,80}}"
_GAP = rf"[^。；;\n《》{_OQ}{_CQ}]"
_ASK = r"(?:建议|意见|提案|提议|议案|诉求|需求|问题|要求)"
_SAY = r"(?:提出|提到|提及|反映|建议|关心|关注)"
QUOTE = re.compile(
    # 关于“…”的建议 / 针对建议提到的“…” / 您提出的“…”
    rf"(?:关于|针对|对于){_GAP}{{0,24}}?[{_OQ}](?P<a>{_IN})[{_CQ}](?=(?:等|方面|相关|有关|的|这一|[一二三四五六七八九十\d]+[条点项个])*{_ASK})"
    rf"|(?:关于|针对|对于){_GAP}{{0,24}}?{_SAY}(?:中|的|要)?(?:关于)?[{_OQ}](?P<b>{_IN})[{_CQ}]"
    rf"|(?:您|你们|贵.{{1,2}}|委员|代表|提案|建议|议案|意见)(?:中)?(?:所)?(?:提出|提到|提及|反映)的?(?:关于)?[{_OQ}](?P<g>{_IN})[{_CQ}]"
)
HEADING = re.compile(rf"^(?:关于|对|针对)(?P<c>[^“”\"。：:\n]{{4,60}}?)(?:等?方面)?(?:的)?{_ASK}(?=[。:：\s]|$)")
ABOUT = re.compile(
    rf"(?:针对|对于|关于)(?:[^“”\"。：:；\n《》，,]{{0,24}}?{_SAY}的?(?:关于)?)?(?P<d>[^“”\"。：:；\n《》，,]{{4,60}}(?:[，,][^“”\"。：:；\n《》，,]{{4,40}})?)"
    rf"(?:等)?(?:方面)?(?:的)?{_ASK}(?=[，,。:：；]|$)"
)
ORDINAL = re.compile(
    r"(?:关于|针对|对于|对)(?:您|提案|建议|贵.{1,2})?(?:所)?(?:提出|提)?的?(?:第(?P<e>[一二三四五六七八九十\d]+)(?:条|点|项|个)?(?:意见|建议|提议)"
    r"|建议(?P<f>[一二三四五六七八九十\d]+)(?=[，,。:：、“\s]|$))"
)


@dataclass(frozen=True, slots=True)
class Taken:
    """Words that take up a suggestion; ``exact`` if they quote it."""

    span: Span
    whole: Span
    exact: bool
    ordinal: str = ""


def taken_up(text: str, where: Span) -> list[Taken]:
    """The suggestions named between the bounds of *where*, quotes first, then headings and paraphrases."""
    out: list[Taken] = []
    for m in QUOTE.finditer(text, where.begin, where.end):
        group = next(g for g in "abg" if m[g])
        if text.rfind("《", where.begin, m.start()) > text.rfind("》", where.begin, m.start()):
            continue  # part of a title
        if m[group].startswith("关于") and re.search(r"(?:提案|建议|议案)$", m[group]):
            continue  # a title in quotes
        out.append(Taken(Span(m.start(group), m.end(group)), Span(m.start(), m.end()), True))
    words = where.of(text)
    if not out and (h := HEADING.match(words)):
        span = Span(where.begin + h.start("c"), where.begin + h.end("c"))
        out.append(Taken(span, Span(where.begin, where.begin + h.end()), True))
    if not out:
        for m in ORDINAL.finditer(text, where.begin, where.end):
            out.append(Taken(Span(m.start(), m.end()), Span(m.start(), m.end()), True, m["e"] or m["f"]))
    if not out:
        for m in ABOUT.finditer(text, where.begin, where.end):
            out.append(Taken(Span(m.start("d"), m.end("d")), Span(m.start(), m.end()), False))
    return out


def suggestions_named(text: str, where: Span, cues: Cues) -> list[Span]:
    """Suggestions that *where* quotes, or that are its heading."""
    return [t.span for t in taken_up(text, where) if t.exact and not t.ordinal and len(t.span) >= 4]
