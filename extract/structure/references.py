"""Proposals that a letter refers to: 《关于…的建议》(第20230368号), 省十四届人大二次会议第1027号建议, 关于…的提案."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from extract.model import Field, Span
from extract.structure.cues import Cues


@dataclass(frozen=True, slots=True)
class Reference:
    """Words that name a proposal; spans are empty (``None``) for what they do not say."""

    span: Span
    number: Field | None = None
    title: Field | None = None
    session: Field | None = None
    submitted: tuple[Field, ...] = ()


def sessions(text: str, begin: int, end: int, cues: Cues) -> list[Span]:
    """Where a session is named (市政协十四届二次会议), as short as it can be."""
    out = []
    for m in cues.session.finditer(text, begin, end):
        words = m[0]
        cut = max((i.end() for i in cues.patterns["session_lead"].finditer(words[:10])), default=0)
        out.append(Span(m.start() + cut, m.end()))
    return out


def references(text: str, begin: int, end: int, cues: Cues) -> list[Reference]:
    """The proposals named between *begin* and *end*, in order; one for each title, or number without a title."""
    p = cues.patterns
    numbers = []
    for m in cues.number.finditer(text, begin, end):
        group = next(g for g in "abc" if m[g])
        if group == "b" and re.fullmatch(r"(?:19|20)\d{2}", m[group]):
            continue
        numbers.append((m, Span(m.start(group), m.end(group))))
    titles: list[tuple[Span, Span]] = []
    for m in p["book"].finditer(text, begin, end):
        inner = Span(m.start("t"), m.end("t"))
        words = inner.of(text).strip()
        after = text[m.end() : min(m.end() + 14, end)]
        if cues.title["proposal"].search(words) or (
            p["work_after"].match(after) and not cues.title["reply"].search(words)
        ):
            titles.append((Span(m.start(), m.end()), _trim(text, inner)))
    if not titles:
        for m in p["quoted_title"].finditer(text, begin, end):
            titles.append((Span(m.start(), m.end()), Span(m.start("t"), m.end("t"))))
    if not titles:
        for m in p["bare_title"].finditer(text, begin, end):
            words = m["t"]
            if cues.number.search(words) or cues.session.search(words):
                continue
            titles.append((Span(m.start(), m.end()), _trim(text, Span(m.start("t"), m.end("t")))))
    at_session = sessions(text, begin, end, cues)
    used: set[int] = set()
    out = []
    last = begin
    for i, (whole, title) in enumerate(titles):
        limit = titles[i + 1][0].begin if i + 1 < len(titles) else end
        near = [
            (k, m, s) for k, (m, s) in enumerate(numbers) if k not in used and not whole.contains(s)
            and ((m.start() >= whole.end and m.end() <= limit and m.start() - whole.end <= 12)
                 or (m.end() <= whole.begin and m.start() >= last and whole.begin - m.end() <= 16))
        ]  # fmt: skip
        near.sort(key=lambda x: (x[2].begin < whole.begin, abs(x[2].begin - whole.end)))
        number, span = None, whole
        if near:
            k, m, s = near[0]
            used.add(k)
            number = Field("proposalNumber", s.of(text), s)
            stop = m.end() + (text[m.end() : m.end() + 1] in tuple(")）"))
            span = Span(min(whole.begin, m.start()), max(whole.end, stop))
        out.append(Reference(span, number, Field("title", title.of(text), title),
                             _session_before(text, span, at_session), _submitted(text, span, begin, cues)))  # fmt: skip
        last = span.end
    named = {r.number.value for r in out if r.number}
    for k, (m, s) in enumerate(numbers):
        if k in used or s.of(text) in named or (m["b"] and titles):
            continue
        if any(whole.contains(s) for whole, _ in titles):
            continue
        named.add(s.of(text))
        span = Span(m.start(), m.end())
        out.append(Reference(span, Field("proposalNumber", s.of(text), s), None,
                             _session_before(text, span, at_session), _submitted(text, span, begin, cues)))  # fmt: skip
    return sorted(out, key=lambda r: r.span)


def paired(head: list[Reference], opening: list[Reference]) -> list[Reference]:
    """References of a reply's title (numbers) and of its opening (titles), those that go together made one."""
    bare = [r for r in head if r.title is None]
    untold = [r for r in opening if r.number is None and r.title]
    session = next((r.session for r in head if r.session), None)
    if bare and len(bare) == len(untold) and not any(r.number for r in opening):
        opening = [r for r in opening if r not in untold] + [
            replace(b, number=a.number, submitted=a.submitted or b.submitted) for a, b in zip(bare, untold, strict=True)
        ]
        head = [r for r in head if r.title is not None]
    return [*head, *(replace(r, session=r.session or session) for r in opening)]


def _trim(text: str, span: Span) -> Span:
    begin, end = span.begin, span.end
    while begin < end and text[begin].isspace():
        begin += 1
    while end > begin and text[end - 1].isspace():
        end -= 1
    return Span(begin, end)


def _session_before(text: str, span: Span, at_session: list[Span]) -> Field | None:
    before = [s for s in at_session if s.begin < span.end and span.begin - s.end < 200]
    return Field("session", before[-1].of(text), before[-1]) if before else None


def _submitted(text: str, span: Span, begin: int, cues: Cues) -> tuple[Field, ...]:
    """Who put the proposal forward, said right before its name: 民建市委会在…上提出的《…》."""
    start = max(
        begin, text.rfind("。", begin, span.begin) + 1, text.rfind("\n", begin, span.begin) + 1, span.begin - 60
    )
    before = text[start : span.begin]
    m = cues.patterns["proposer"].search(re.split(r"[，,：:]", before)[-1]) if before else None
    offset = start + len(before) - len(re.split(r"[，,：:]", before)[-1])
    if m is None:
        # 现就农工党市委会《关于…的提案》…
        m = cues.patterns["proposer_brief"].search(before)
        offset = start
        if m is None or not (m["t"] or cues.group_tail.search(m["p"])):
            return ()
    return people(text, Span(offset + m.start("p"), offset + m.end("p")), cues, person=bool(m["t"]))


def people(text: str, span: Span, cues: Cues, person: bool = False) -> tuple[Field, ...]:
    """The names in a list of proposers, without 委员, 代表 and 等3位, as ``submittedBy``."""
    out = []
    for m in re.finditer(r"[^、,，;；\s\n]+(?:[ \u3000][^、,，;；\s\n](?=[、,，;；\s]|$))?", span.of(text)):
        words, begin = m[0], span.begin + m.start()
        lead = cues.patterns["proposer_lead"].match(words)
        if lead:
            words, begin = words[lead.end() :], begin + lead.end()
        words = cues.patterns["proposer_tail"].split(cues.person_tail.sub("", words))[0]
        if cues.patterns["not_proposer"].match(words) or not 2 <= len(words) <= 30:
            continue
        if not person and len(words) > 4 and not (cues.group_tail.search(words) or cues.organ_tail.search(words)):
            continue
        out.append(Field("submittedBy", words, Span(begin, begin + len(words))))
    return tuple(out)


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
