"""How replies take up suggestions: 关于“…”的建议, 针对您提出的“…”, 关于提高待遇的建议."""

from __future__ import annotations

from dataclasses import dataclass

from extract.model import Span
from extract.structure.cues import Cues


@dataclass(frozen=True, slots=True)
class Taken:
    """Words that take up a suggestion; ``exact`` if they quote it."""

    span: Span
    whole: Span
    exact: bool
    ordinal: str = ""


def taken_up(text: str, where: Span, cues: Cues) -> list[Taken]:
    """The suggestions named between the bounds of *where*, quotes first, then headings and paraphrases."""
    p = cues.patterns
    out: list[Taken] = []
    for m in p["quote"].finditer(text, where.begin, where.end):
        group = next(g for g in "abg" if m[g])
        if text.rfind("《", where.begin, m.start()) > text.rfind("》", where.begin, m.start()):
            continue  # part of a title
        if p["a_title"].search(m[group]):
            continue  # a title in quotes
        out.append(Taken(Span(m.start(group), m.end(group)), Span(m.start(), m.end()), True))
    words = where.of(text)
    if not out and (h := p["named_heading"].match(words)):
        span = Span(where.begin + h.start("c"), where.begin + h.end("c"))
        out.append(Taken(span, Span(where.begin, where.begin + h.end()), True))
    if not out:
        for m in p["named_ordinal"].finditer(text, where.begin, where.end):
            out.append(Taken(Span(m.start(), m.end()), Span(m.start(), m.end()), True, m["e"] or m["f"]))
    if not out:
        for m in p["named_about"].finditer(text, where.begin, where.end):
            out.append(Taken(Span(m.start("d"), m.end("d")), Span(m.start(), m.end()), False))
    return out


def suggestions_named(text: str, where: Span, cues: Cues) -> list[Span]:
    """Suggestions that *where* quotes, or that are its heading."""
    return [t.span for t in taken_up(text, where, cues) if t.exact and not t.ordinal and len(t.span) >= 4]
