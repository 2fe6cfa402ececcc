"""References to proposals, and to their suggestions.

Proposals are named as 《关于…的建议》(第20230368号), 省十四届人大二次会议第1027号建议, 关于…的提案.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace

from extract.model import Field, Span
from extract.structure.cues import StructureCues
from extract.text.normalize import remove_space

_SHORTEST_QUOTED_LEAD = 5
"""Fewest characters of a quotation that names a suggestion without a word such as 建议 beside it: 针对“…”，…"""


@dataclass(frozen=True, slots=True)
class Reference:
    """Words that name a proposal, and what they state about it."""

    span: Span
    number: Field | None = None
    title: Field | None = None
    session: Field | None = None
    submitted: tuple[Field, ...] = ()


_BRACKET = re.compile(r"[（(](?P<words>[^（()）\n]{2,60})[)）]")
_LONGEST_BRACKET = 60
_NUMBER = re.compile(r"第?\s*\d+\s*号(?:提案|建议|议案)?")


@dataclass(frozen=True, slots=True)
class SuggestionReference:
    """Words by which a reply takes up a suggestion."""

    span: Span
    """The words of the suggestion, or its number."""
    whole: Span
    """The same with the frame around it (关于“…”的建议)."""
    exact: bool
    """Whether the words are a quotation, not a paraphrase."""
    ordinal: str = ""
    """The number of the suggestion, if that is all that the reply names."""


@dataclass(frozen=True, slots=True)
class _Match:
    """A number or title of a proposal: ``span`` is its own words, ``whole`` includes 第…号 or 《》."""

    whole: Span
    span: Span
    bracketed: bool = False
    """Whether it is a number in brackets, without 第 or 提案."""


def find_sessions(text: str, begin: int, end: int, cues: StructureCues) -> list[Span]:
    """Return where a session is named (市政协十四届二次会议), without the words before it."""
    spans = []
    for m in cues.session.finditer(text, begin, end):
        leads = cues.patterns["session_lead"].finditer(m[0][:10])
        spans.append(Span(m.start() + max((lead.end() for lead in leads), default=0), m.end()))
    return spans


def find_references(text: str, begin: int, end: int, cues: StructureCues) -> list[Reference]:
    """Return the proposals named between *begin* and *end*, in order: one for each title, or number without title."""
    numbers = _find_numbers(text, begin, end, cues)
    titles = _find_titles(text, begin, end, cues)
    session_spans = find_sessions(text, begin, end, cues)

    def make_reference(span: Span, number: Span | None, title: Span | None) -> Reference:
        return Reference(
            span,
            Field("proposalNumber", remove_space(number.of(text)), number) if number else None,
            Field("title", title.of(text), title) if title else None,
            _get_session_before(text, span, session_spans),
            _find_proposers_after(text, span, end, cues) or _find_proposers_before(text, span, begin, cues),
        )

    used: set[_Match] = set()
    references = []
    last_end = begin
    for i, title in enumerate(titles):
        limit = titles[i + 1].whole.begin if i + 1 < len(titles) else end
        free = [number for number in numbers if number not in used]
        number = _find_number_beside(title, free, last_end, limit)
        span = title.whole
        if number is not None:
            used.add(number)
            stop = number.whole.end + (text[number.whole.end : number.whole.end + 1] in (")", "）"))
            span = Span(min(span.begin, number.whole.begin), max(span.end, stop))
        references.append(make_reference(span, number.span if number else None, title.span))
        last_end = span.end
    named = {reference.number.value for reference in references if reference.number}
    for number in numbers:
        if number in used or number.span.of(text) in named or (number.bracketed and titles):
            continue
        if any(title.whole.contains(number.span) for title in titles):
            continue
        named.add(number.span.of(text))
        references.append(make_reference(number.whole, number.span, None))
    return sorted(references, key=lambda reference: reference.span)


def _find_numbers(text: str, begin: int, end: int, cues: StructureCues) -> list[_Match]:
    numbers = []
    for m in cues.number.finditer(text, begin, end):
        group = next(group for group in "abcd" if m[group])
        if group == "b" and re.fullmatch(r"(?:19|20)\d{2}", m[group]):
            continue  # a year
        numbers.append(_Match(Span(*m.span()), Span(*m.span(group)), group == "b"))
    for m in cues.patterns["number_list"].finditer(text, begin, end):
        if "号" not in m[0]:
            continue
        for digits in re.finditer(r"\d+", m[0]):
            span = Span(m.start() + digits.start(), m.start() + digits.end())
            if not any(number.span.overlaps(span) for number in numbers):
                numbers.append(_Match(span, span))
    return sorted(numbers, key=lambda number: number.span)


def _find_titles(text: str, begin: int, end: int, cues: StructureCues) -> list[_Match]:
    """Return titles in 《》; if there are none, those in quotes; if there are none, those without marks."""
    patterns = cues.patterns
    titles = []
    for m in patterns["book"].finditer(text, begin, end):
        title = Span(*m.span("t"))
        words = title.of(text).strip()
        after = text[m.end() : min(m.end() + 14, end)]
        if patterns["no_proposal"].search(words):
            continue  # 以下简称《建议》
        is_proposal = cues.title["proposal"].search(words)
        if is_proposal or (patterns["work_after"].match(after) and not cues.title["reply"].search(words)):
            titles.append(_Match(Span(*m.span()), _strip(text, title)))
    if not titles:
        quoted = patterns["quoted_title"].finditer(text, begin, end)
        titles = [_Match(Span(*m.span()), Span(*m.span(next(group for group in "abcde" if m[group])))) for m in quoted]
    if not titles:
        numbered = patterns["numbered_title"].finditer(text, begin, end)
        titles = [_Match(Span(*m.span("t")), Span(*m.span("t"))) for m in numbered]
    if not titles:
        titles = [
            _Match(Span(*m.span()), _strip(text, Span(*m.span("t"))))
            for m in patterns["bare_title"].finditer(text, begin, end)
            if not any(name.search(m["t"]) for name in (cues.number, cues.session, patterns["names_proposer"]))
        ]
    return titles


def _find_number_beside(title: _Match, numbers: list[_Match], begin: int, end: int) -> _Match | None:
    """Return the number that belongs to a title, None if there is none.

    Args:
        title: the title.
        numbers: numbers that belong to no other title.
        begin: end of the reference before; a number before the title stands behind it.
        end: begin of the next title; a number after the title stands before it.
    """
    whole = title.whole
    near = [
        number
        for number in numbers
        if not whole.contains(number.span)
        and (
            (number.whole.begin >= whole.end and number.whole.end <= end and number.whole.begin - whole.end <= 12)
            or (
                number.whole.end <= whole.begin and number.whole.begin >= begin and whole.begin - number.whole.end <= 16
            )
        )
    ]

    def get_distance(number: _Match) -> tuple[int, bool]:
        before = number.whole.end <= whole.begin
        return (whole.begin - number.whole.end if before else number.whole.begin - whole.end), before

    return min(near, key=get_distance, default=None)


def pair_references(in_title: list[Reference], in_opening: list[Reference]) -> list[Reference]:
    """Return the references of a reply's title and opening.

    If the title states only numbers and the opening as many titles, each number belongs to one of the titles.
    """
    bare_numbers = [reference for reference in in_title if reference.title is None]
    bare_titles = [reference for reference in in_opening if reference.number is None and reference.title]
    session = next((reference.session for reference in in_title if reference.session), None)
    no_numbers = not any(reference.number for reference in in_opening)
    if bare_numbers and len(bare_numbers) == len(bare_titles) and no_numbers:
        in_opening = [reference for reference in in_opening if reference not in bare_titles] + [
            replace(title, number=number.number, submitted=number.submitted or title.submitted)
            for number, title in zip(bare_numbers, bare_titles, strict=True)
        ]
        in_title = [reference for reference in in_title if reference.title is not None]
    return [*in_title, *(replace(reference, session=reference.session or session) for reference in in_opening)]


def _strip(text: str, span: Span) -> Span:
    begin, end = span.begin, span.end
    while begin < end and text[begin].isspace():
        begin += 1
    while end > begin and text[end - 1].isspace():
        end -= 1
    return Span(begin, end)


def _get_session_before(text: str, span: Span, session_spans: list[Span]) -> Field | None:
    before = [session for session in session_spans if session.begin < span.end and span.begin - session.end < 200]
    return Field("session", remove_space(before[-1].of(text)), before[-1]) if before else None


def _find_proposers_before(text: str, span: Span, begin: int, cues: StructureCues) -> tuple[Field, ...]:
    """Return the proposers that stand right before the name of a proposal: 民建市委会在…上提出的《…》."""
    start = max(
        begin, text.rfind("。", begin, span.begin) + 1, text.rfind("\n", begin, span.begin) + 1, span.begin - 60
    )
    before = text[start : span.begin]
    clause = re.split(r"[，,：:]", before)[-1]
    m = cues.patterns["proposer"].search(clause) if before else None
    offset = start + len(before) - len(clause)
    if m is None:
        # 现就农工党市委会《关于…的提案》…
        m = cues.patterns["proposer_brief"].search(before)
        offset = start
        if m is None or not (m["t"] or cues.group_tail.search(m["p"])) or cues.patterns["conference"].match(m["p"]):
            return ()
    return read_people(text, Span(offset + m.start("p"), offset + m.end("p")), cues, person=bool(m["t"]))


def _find_proposers_after(text: str, span: Span, end: int, cues: StructureCues) -> tuple[Field, ...]:
    """Return the proposers in the brackets behind the name of a proposal: 《…》（第47号，高启年）."""
    near = _BRACKET.finditer(text, max(span.begin, span.end - _LONGEST_BRACKET), min(end, span.end + _LONGEST_BRACKET))
    found = next((m for m in near if m.start() <= span.end <= m.end()), None)
    if found is None:
        return ()
    begin, stop = found.span("words")
    number = _NUMBER.search(text, begin, stop)
    parts = [Span(begin, number.start()), Span(number.end(), stop)] if number else [Span(begin, stop)]
    people = [field for part in parts for field in read_people(text, part, cues)]
    return tuple(
        field
        for field in people
        if number is not None or cues.group_tail.search(field.value) or cues.organ_tail.search(field.value)
    )


def _split_people(text: str, span: Span, cues: StructureCues) -> Iterator[tuple[str, int]]:
    """Yield the names in a list of proposers, with their offsets: 某市人大常委会并某某代表 are two."""
    for m in re.finditer(r"[^、,，;；\s\n]+(?:[ \u3000][^、,，;；\s\n](?=[、,，;；\s]|$))?", span.of(text)):
        begin, words = span.begin + m.start(), m[0]
        if joint := cues.patterns["people_joint"].search(words):
            yield words[: joint.start()], begin
            begin, words = begin + joint.end(), words[joint.end() :]
        yield words, begin


def read_people(text: str, span: Span, cues: StructureCues, person: bool = False) -> tuple[Field, ...]:
    """Return the names in a list of proposers as ``submittedBy``, without 委员, 代表 and 等3位.

    Args:
        text: the page.
        span: the list.
        cues: the compiled patterns.
        person: whether the list names people; otherwise long names must end like a group or an organ.
    """
    fields = []
    for words, begin in _split_people(text, span, cues):
        lead = cues.patterns["proposer_lead"].match(words)
        if lead:
            words, begin = words[lead.end() :], begin + lead.end()
        words = cues.patterns["proposer_tail"].split(cues.person_tail.sub("", words))[0]
        if cues.patterns["not_proposer"].match(words) or not (1 if person else 2) <= len(words) <= 30:
            continue
        if not person and len(words) > 4 and not (cues.group_tail.search(words) or cues.organ_tail.search(words)):
            continue
        fields.append(Field("submittedBy", words, Span(begin, begin + len(words))))
    return tuple(fields)


def find_suggestion_references(text: str, where: Span, cues: StructureCues) -> list[SuggestionReference]:
    """Return the suggestions that the words at *where* take up.

    Quotations come first. Only if there are none: the whole heading; else numbers of suggestions; else paraphrases.
    """
    patterns = cues.patterns
    found: list[SuggestionReference] = []
    for m in patterns["quote"].finditer(text, where.begin, where.end):
        group = next(group for group in "abghi" if m[group])
        if text.rfind("《", where.begin, m.start()) > text.rfind("》", where.begin, m.start()):
            continue  # part of a title
        if patterns["a_title"].search(m[group]):
            continue  # a title in quotes
        if group == "a" and patterns["quoted_problem"].match(m[0]) and text.startswith(("的问题", "问题"), m.end()):
            continue  # what is wrong, in somebody's words: 针对当前“标准多、查找难”的问题
        found.append(SuggestionReference(Span(*m.span(group)), Span(*m.span()), True))
    if not found and (told := patterns["told_request"].match(where.of(text))):
        begin = where.begin
        span = Span(begin + told.start("r"), begin + told.end("r"))
        found.append(SuggestionReference(span, Span(begin, begin + told.end()), True))
    if not found and (whole := patterns["quoted_heading"].match(text, where.begin, where.end)):
        span = Span(*whole.span("q" if whole["q"] else "u"))
        found.append(SuggestionReference(span, Span(*whole.span()), True))
    if not found and (lead := patterns["quoted_lead"].match(text, where.begin, where.end)):
        span = Span(*lead.span("q"))
        if len(span) >= _SHORTEST_QUOTED_LEAD and not cues.kinds["problem_words"].search(span.of(text)):
            found.append(SuggestionReference(span, Span(*lead.span()), True))
    heading = None if found else patterns["named_heading"].match(where.of(text))
    if heading is not None and not patterns["names_none"].match(heading["c"]):
        begin = where.begin
        span = Span(begin + heading.start("c"), begin + heading.end("c"))
        found.append(SuggestionReference(span, Span(begin, begin + heading.end()), True))
    if not found:
        for m in patterns["named_ordinal"].finditer(text, where.begin, where.end):
            found.append(SuggestionReference(Span(*m.span()), Span(*m.span()), True, m["e"] or m["f"]))
    if not found:
        for m in patterns["named_about"].finditer(text, where.begin, where.end):
            if not patterns["names_none"].match(m["d"]):
                found.append(SuggestionReference(Span(*m.span("d")), Span(*m.span()), False))
    return found


def find_requests(text: str, where: Span, cues: StructureCues) -> list[SuggestionReference]:
    """Return the suggestions that sentences at *where* say somebody made: 您建议设立专项; 代表提出的“…”."""
    patterns = cues.patterns
    found: list[SuggestionReference] = []
    for m in patterns["quote"].finditer(text, where.begin, where.end):
        group = next(group for group in "abghi" if m[group])
        asked = group in "gh" or patterns["names_asker"].search(text, m.start(), m.start(group))
        if asked and not patterns["a_title"].search(m[group]):
            found.append(SuggestionReference(Span(*m.span(group)), Span(*m.span()), True))
    quotes = [reference.span.begin for reference in found]
    begins = [where.begin, *(m.end() for m in patterns["sentence_begin"].finditer(text, where.begin, where.end))]
    for begin in begins:
        told = patterns["told_request"].match(text, begin, where.end)
        if told is not None and bisect_left(quotes, told.start()) == bisect_left(quotes, told.end()):
            found.append(SuggestionReference(Span(*told.span("r")), Span(*told.span()), True))
    return sorted(found, key=lambda reference: reference.span)


def find_told_list(text: str, where: Span, cues: StructureCues) -> list[tuple[str, Span]]:
    """Return the suggestions, with their numbers, of a list that tells what somebody asked for: 您建议：1.…；2.…。"""
    found: list[tuple[str, Span]] = []
    for told in cues.patterns["told_list"].finditer(text, where.begin, where.end):
        items = list(cues.patterns["told_item"].finditer(text, told.start("list"), told.end("list")))
        if len(items) >= 2 and items[0].start() <= told.start("list") + 1:
            found += [(m["n"] or m["p"] or m["c"] or m["i"], Span(*m.span("words"))) for m in items]
    return found


def find_quoted_suggestions(text: str, where: Span, cues: StructureCues) -> list[Span]:
    """Return the words of suggestions that *where* quotes, or that are its heading."""
    return [
        reference.span
        for reference in find_suggestion_references(text, where, cues)
        if reference.exact and not reference.ordinal and len(reference.span) >= 4
    ]
