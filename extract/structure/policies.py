"""Pages that hold no proposal and no reply: policy instruments and work reports, with what they say of themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from extract.model import Field, Kind, Letter, Span
from extract.structure import fields as read
from extract.structure.blocks import Block
from extract.structure.cues import Cues
from extract.structure.lines import TAIL, Line, LineKind
from extract.text.dates import find_dates
from extract.text.normalize import title_key

_STATUS = (("Draft", "draft"), ("InForce", "in_force"))


def policy_letters(text: str, lines: Sequence[Line], blocks: list[Block], c: Cues) -> tuple[Letter, ...]:
    """One letter for the instrument or report of a page (its notice and its text together); none for an empty page."""
    used = sorted(i for b in blocks for i in b.all())
    if not used:
        return ()
    running = [i for i in used if lines[i].kind in (LineKind.TEXT, LineKind.CLOSING)]
    if not running:
        return ()
    titles = [
        Span(lines[i].span.begin, lines[lines[i].until - 1].span.end)
        for i in used if lines[i].kind is LineKind.TITLE and lines[i].note != "more"
    ]  # fmt: skip
    header = read.header_fields(text, lines, [i for b in blocks for i in b.head], c)
    first = running[0]
    top = [t for t in titles if t.begin <= lines[first].span.begin + 1]
    title, notice = _title(text, top or _first_lines(lines, used, first), titles, header, c)
    report = bool(title and (c.title["report"].search(title.value) and not c.title["policy"].search(title.value))) or (
        title is None and any(c.report_body.search(lines[i].text) for i in running[:6])
    )
    got: list[Field] = [title] if title else []
    head_lines = [i for i in used if i <= first + 1]
    numbers = [f for f in header if f.name == "documentNumber"]
    for i in head_lines:
        line = lines[i]
        if (
            not numbers
            and "《" not in line.text
            and (line.kind is LineKind.NUMBER or (i < first and len(line.text) < 120))
        ):
            numbers += read.document_numbers(text, line.span.begin, line.span.end, c)
    got += numbers[:1]
    got += _issuers_and_date(text, lines, blocks, used, notice or title, header, c, first)
    start = lines[first].span.begin
    end = max(lines[i].span.end for i in used)
    if m := c.patterns["approved"].search(text, start, min(end, start + 700)):
        got.append(Field("approvedBy", m["who"], Span(m.start("who"), m.end("who"))))
    if not report:
        ground = c.patterns["ground"].search(text, start, min(end, start + 4000))
        if ground:
            begin = max(text.rfind("\n", 0, ground.start()), text.rfind("。", 0, ground.start())) + 1
            got += read.based_on(text, begin, ground.start(), c)
        for name, pattern in _STATUS:
            at = c.patterns[pattern].search(text, lines[used[0]].span.begin, end)
            if at:
                got.append(Field("status", name, Span(at.start(), at.end())))
                break
    kind = Kind.REPORT if report else Kind.INSTRUMENT
    body = Span(start, max(lines[i].span.end for i in running))
    span = Span(lines[used[0]].span.begin, end)
    return (Letter("d1", kind, span, body, tuple(got)),)


def _first_lines(lines: Sequence[Line], used: list[int], first: int) -> list[Span]:
    """A page that opens with a short line without a full stop has a title even if its last word is no known one."""
    line = lines[used[0]]
    if (
        used[0] == first
        and line.kind is LineKind.TEXT
        and 4 <= len(line.text) <= 50
        and not re.search(r"[。；：:，]", line.text)
    ):
        return [line.span]
    return []


def _title(
    text: str, top: list[Span], titles: list[Span], header: list[Field], c: Cues
) -> tuple[Field | None, Field | None]:
    """The instrument's title, and the notice's that brings it, if there is one."""
    named = next((f for f in header if f.name == "title"), None)
    candidates = [Field("title", re.sub(r"\s*\n\s*", "", s.of(text)), s) for s in top]
    main = max(candidates, key=lambda f: (bool(c.patterns["forwards"].search(f.value)), -f.span.begin), default=named)
    if main is None:
        return None, None
    m = c.patterns["forwards"].search(main.value)
    if not m:
        return main, None
    inner = m["a"] or m["b"]
    for s in titles:
        words = re.sub(r"\s*\n\s*", "", s.of(text))
        if s.begin > main.span.end and (
            title_key(words) == title_key(inner) or title_key(words).endswith(title_key(inner))
        ):
            return Field("title", words, s), main
    at = text.find(inner, main.span.begin, main.span.end)
    span = Span(at, at + len(inner)) if at >= 0 else main.span
    return Field("title", inner, span), main


def _issuers_and_date(
    text: str,
    lines: Sequence[Line],
    blocks: list[Block],
    used: list[int],
    title: Field | None,
    header: list[Field],
    c: Cues,
    first: int,
) -> list[Field]:
    signed: list[Field] = []
    for b in blocks:
        if signed:
            break
        if any(lines[i].kind in TAIL for i in b.tail):
            signed = read.signature(text, lines, b.tail, c)
    issuers = [f for f in signed if f.name == "issuedBy"]
    if title:
        words = title.span.of(text)
        cut = words.find("关于")
        if cut > 1:
            from_title = read.organs(text, Span(title.span.begin, title.span.begin + cut), c)
            good = bool(from_title) and all(c.organ_tail.search(f.value) for f in from_title)
            # A title sets its issuers apart; signatures from the web glue them together.
            if good and (not issuers or (len(from_title) > len(issuers) > 0 and _glued(issuers, from_title))):
                issuers = from_title
    if not issuers:
        issuers = [
            f
            for i in used
            if i < first and lines[i].kind is LineKind.ORGAN
            for f in read.organs(text, lines[i].span, c)
        ]
    if not issuers:
        for i in used:
            if i <= first and lines[i].kind is LineKind.NUMBER and (number := c.document_number.search(lines[i].text)):
                before = Span(lines[i].span.begin, lines[i].span.begin + number.start())
                issuers += [f for f in read.organs(text, before, c) if c.organ_tail.search(f.value)]
    if not issuers:
        issuers = [replace(f, name="issuedBy") for f in header if f.name in ("issuedBy", "publisher")]
    dates = [f for f in signed if f.name == "issued"] or [f for f in header if f.name == "issued"]
    dates = dates or [replace(f, name="issued") for f in header if f.name == "published"]
    for i in used:
        if (
            not dates
            and i <= first + 2
            and (lines[i].kind in (LineKind.NUMBER, LineKind.DATE) or lines[i].text[:1] in "—（(")
        ):
            dates = [Field("issued", v, s) for s, v in find_dates(text, lines[i].span.begin, lines[i].span.end)]
    unique: list[Field] = []
    for f in issuers:
        if all(f.value != g.value for g in unique):
            unique.append(f)
    return [*unique, *dates[:1]]


def _glued(signed: list[Field], titled: list[Field]) -> bool:
    """Whether the issuers of a signature are those of the title, some of them run together."""
    joined = "".join(f.value for f in signed)
    return sum(f.value in joined for f in titled) >= len(titled) - 1
