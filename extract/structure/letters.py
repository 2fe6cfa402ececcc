"""Page → letters: which stretches are proposals, replies, opinions, instruments, and what each says of itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from extract.model import Field, Kind, Letter, Span
from extract.structure import fields as read
from extract.structure.blocks import Block, blocks_of
from extract.structure.cues import Cues, cues
from extract.structure.drafts import Draft, connect
from extract.structure.lines import Line, LineKind, lines_of
from extract.structure.policies import policy_letters
from extract.structure.references import paired, people, references, sessions
from extract.text.dates import find_dates
from ontology.lexicons import Lexicon

_PROPOSAL_FIELDS = ("title", "proposalNumber", "session", "submittedBy", "leadAgency", "coAgency", "handling")


def split(text: str, lex: Lexicon) -> tuple[Letter, ...]:
    """The letters of a page, page furniture left out.

    Args:
        text: the page.
        lex: the lexicon with the structure cues.

    Returns:
        Letters with text in the order of the page, then proposals that are only referred to. ``repliesTo`` fields hold
        their ids.
    """
    c = cues(lex)
    lines = lines_of(text, c)
    blocks, loose = blocks_of(lines, c)
    drafts: list[Draft] = []
    policies: list[Block] = []
    for block in blocks:
        kind = _kind(text, lines, block, c)
        if kind is None:
            policies.append(block)
        elif kind is Kind.PROPOSAL:
            draft = _proposal(text, lines, block, c)
            if drafts and _continues(text, drafts[-1], draft):
                drafts[-1].span = Span(drafts[-1].span.begin, draft.span.end)
                drafts[-1].body = draft.body
                drafts[-1].add(*draft.fields)
            else:
                drafts.append(draft)
        else:
            drafts.append(_reply(text, lines, block, kind, c))
    if not drafts:
        return policy_letters(text, lines, blocks, c)
    _loose_fields(text, lines, loose, drafts, c)
    connect(text, drafts, c)
    return _finish(drafts)


def _continues(text: str, head: Draft, body: Draft) -> bool:
    """Whether a proposal's text stands under a heading of its own, after the table of its fields."""
    if head.kind is not Kind.PROPOSAL or body.body is None:
        return False
    if head.body is not None and "。" in head.body.of(text):
        return False
    return body.first("proposalNumber") is None and body.first("submittedBy") is None and body.first("title") is None


def _kind(text: str, lines: Sequence[Line], block: Block, c: Cues) -> Kind | None:
    """What a block is; None if no proposal or reply."""
    titles = [lines[i] for i in block.head if lines[i].kind is LineKind.TITLE]
    title_note = next((t.note for t in titles if t.note != "more"), "")
    heads = [lines[i].note for i in block.head if lines[i].kind is LineKind.FIELD]
    start = _opening(text, lines, block, c)
    opening = start.of(text) if start else ""
    about = bool(c.patterns["work"].search(opening + "".join(t.text for t in titles)))
    cued = bool(c.reply.search(opening))
    replying = cued and about
    if start and block.call is not None and not replying:
        replying = bool(references(text, start.begin, start.end, c))
    if block.section in ("lead", "co") and block.started:
        replying = True
    if title_note == "reply" and (block.call is not None or about or block.section):
        replying = True
    told = {"title", "proposalNumber", "submittedBy"} & set(heads)
    if block.call is None and (block.section == "proposal" or (told and not cued)):
        replying = False
    if replying and (block.call is not None or block.started):
        if block.section == "co" or _is_opinion(lines, block, opening, titles, c):
            return Kind.CO_OPINION
        return Kind.LEAD_REPLY
    if block.section == "proposal" or told:
        wordy = next((f.value for f in read.header_fields(text, lines, block.head, c) if f.name == "title"), "")
        if (
            told - {"title"}
            or block.section
            or c.title["proposal"].search(wordy)
            or not c.title["policy"].search(wordy)
        ):
            return Kind.PROPOSAL
    if title_note == "proposal":
        return Kind.PROPOSAL
    if not titles and block.call is None and block.body:
        words = "".join(lines[i].text for i in block.body)
        if len(c.proposal_body.findall(words)) >= 2 and not any(
            c.policy_body.search(lines[i].text) for i in block.body
        ):
            return Kind.PROPOSAL
    return None


def _is_opinion(lines: Sequence[Line], block: Block, opening: str, titles: list[Line], c: Cues) -> bool:
    """Whether a reply speaks to the lead agency and not to the proposers."""
    named = "".join(t.text for t in titles)
    if c.opinion.search(named):
        return True
    if block.call is None:
        return block.section == "co"
    call = lines[block.call]
    who = c.inline_call.match(call.text)
    if call.note == "person" or (who and who["names"]):
        return False
    name = (who["group"] if who else call.text).rstrip(":： ")
    first = re.split(r"[、,，\s]", name)[0]
    if block.section == "lead":
        return False
    if (
        c.person_tail.search(first)
        or c.proposer_organ.search(first)
        or (c.group_tail.search(first) and not c.organ_tail.search(first))
    ):
        return False
    if c.opinion.search(opening):
        return True
    return not c.patterns["yours"].search(opening)


def _opening(text: str, lines: Sequence[Line], block: Block, c: Cues) -> Span | None:
    """The first words of a letter, up to 如下: or to the third paragraph."""
    todo = list(block.body[:3])
    begin = None
    if block.call is not None and lines[block.call].note == "inline":
        m = c.inline_call.match(lines[block.call].text)
        assert m is not None
        begin = lines[block.call].span.begin + m.end()
        end = lines[block.call].span.end
        if c.opening_end.search(text, begin, end):
            return Span(begin, end)
    for i in todo:
        if begin is None:
            begin = lines[i].span.begin
        elif c.any_start.match(lines[i].text) and c.any_start.match(lines[i].text).lastgroup != "adverb":  # type: ignore[union-attr]
            break
        end = lines[i].span.end
        if c.opening_end.search(lines[i].text):
            break
    if begin is None:
        return None
    return Span(begin, min(end, begin + 900))


def _extent(lines: Sequence[Line], indexes: list[int]) -> Span:
    return Span(min(lines[i].span.begin for i in indexes), max(lines[i].span.end for i in indexes))


def _body(lines: Sequence[Line], block: Block, c: Cues) -> Span | None:
    body = list(block.body)
    begin = None
    if block.call is not None and lines[block.call].note == "inline":
        m = c.inline_call.match(lines[block.call].text)
        assert m is not None
        begin = lines[block.call].span.begin + m.end()
        body.insert(0, block.call)
    if not body:
        return None
    span = _extent(lines, body)
    return span if begin is None else Span(begin, span.end)


def _title(text: str, lines: Sequence[Line], block: Block, kinds: tuple[str, ...], c: Cues) -> Span | None:
    for i in reversed(block.head) if block.call is not None else block.head:
        line = lines[i]
        if line.kind is LineKind.TITLE and line.note in kinds:
            label = c.label.match(line.text) or c.strong_label.match(line.text)
            return Span(line.span.begin + (label.end() if label else 0), lines[line.until - 1].span.end)
    return None


def _proposal(text: str, lines: Sequence[Line], block: Block, c: Cues) -> Draft:
    got = read.header_fields(text, lines, block.head, c)
    body = _body(lines, block, c)
    draft = Draft(Kind.PROPOSAL, _extent(lines, block.all()), body)
    draft.add(*(f for f in got if f.name in _PROPOSAL_FIELDS))
    draft.other = [f for f in got if f.name not in _PROPOSAL_FIELDS]
    if draft.first("title") is None and (span := _title(text, lines, block, ("proposal", "policy", "report"), c)):
        head = span.of(text)
        if (m := c.number.search(head)) and draft.first("proposalNumber") is None:
            group = next(g for g in "abc" if m[g])
            draft.add(Field("proposalNumber", m[group], Span(span.begin + m.start(group), span.begin + m.end(group))))
            head = head[: m.start()] if m.end() >= len(head) - 1 else head[m.end() :] if m.start() <= 1 else head
        begin = text.index(head.strip(), span.begin) if head.strip() else span.begin
        draft.add(Field("title", _joined(head), Span(begin, begin + len(head.strip()))))
    for f in draft.fields:
        short = sessions(text, f.span.begin, f.span.end, c) if f.name == "session" else []
        if short and not f.value.endswith(short[0].of(text)):
            draft.fields[draft.fields.index(f)] = Field("session", short[0].of(text), short[0])
    if draft.first("session") is None:
        for i in block.head:
            if short := sessions(text, lines[i].span.begin, lines[i].span.end, c):
                draft.add(Field("session", short[0].of(text), short[0]))
                break
    if draft.first("proposalNumber") is None:
        for i in block.head:
            if m := c.number.search(lines[i].text):
                group = next(g for g in "abc" if m[g])
                at = lines[i].span.begin
                draft.add(Field("proposalNumber", m[group], Span(at + m.start(group), at + m.end(group))))
                break
    return draft


def _joined(words: str) -> str:
    """A title that goes over lines, on one."""
    return re.sub(r"\s*\n\s*", "", words.strip())


def _reply(text: str, lines: Sequence[Line], block: Block, kind: Kind, c: Cues) -> Draft:
    draft = Draft(kind, _extent(lines, block.all()), _body(lines, block, c))
    head = read.header_fields(text, lines, block.head, c)
    draft.other = [f for f in head if f.name in _PROPOSAL_FIELDS]
    if span := _title(text, lines, block, ("reply", "proposal", "policy"), c):
        draft.add(Field("title", _joined(span.of(text)), span))
    numbers = [f for f in head if f.name == "documentNumber"]
    for i in block.head:
        if lines[i].kind is LineKind.NUMBER:
            numbers += read.document_numbers(text, lines[i].span.begin, lines[i].span.end, c)
    draft.add(*numbers[:1])
    classes = [f for f in head if f.name == "handlingClass"]
    for i in block.head:
        if not classes and lines[i].kind is LineKind.NUMBER and (m := c.class_mark.search(lines[i].text)):
            at = lines[i].span.begin
            classes = [Field("handlingClass", m["c"], Span(at + m.start("c"), at + m.end("c")))]
    draft.add(*classes[:1])
    _addressees(text, lines, block, draft, c)
    signed = read.signature(text, lines, block.tail, c)
    if not signed and draft.body and (glued := read.glued_signature(text, draft.body, c)):
        draft.body, signed = glued
    issuers = [f for f in signed if f.name == "issuedBy"]
    if not issuers:
        issuers = [
            f for i in block.head if lines[i].kind is LineKind.ORGAN for f in read.organs(text, lines[i].span, c)
        ][:1]
    if not issuers:
        issuers = [f for f in head if f.name == "issuedBy"] or _title_issuers(text, draft, c)
    if not issuers:
        issuers = [replace(f, name="issuedBy") for f in head if f.name == "publisher"][:1]
    draft.add(*issuers)
    dates = [f for f in signed if f.name == "issued"] or [f for f in head if f.name == "issued"]
    for i in block.head:
        if not dates and lines[i].kind is LineKind.DATE:
            dates = [Field("issued", v, s) for s, v in find_dates(text, lines[i].span.begin, lines[i].span.end)]
    dates = dates or [replace(f, name="issued") for f in head if f.name == "published"]
    draft.add(*dates[:1])
    opening = _opening(text, lines, block, c)
    title = draft.first("title")
    named = references(text, title.span.begin, title.span.end, c) if title else []
    draft.refs = paired(named, references(text, opening.begin, opening.end, c) if opening else [])
    if opening:
        told = read.handled(text, opening.begin, opening.end, c)
        draft.other += told
        asked = read.consulted(text, opening.begin, opening.end, c)
        draft.add(*(asked or read.all_consulted(text, opening.begin, opening.end, told, c)))
        draft.add(*read.based_on(text, opening.begin, opening.end, c))
    return draft


def _title_issuers(text: str, draft: Draft, c: Cues) -> list[Field]:
    title = draft.first("title")
    if title is None:
        return []
    words = title.span.of(text)
    cut = c.patterns["title_split"].search(words)
    lead = words[: cut.start()].strip() if cut else ""
    if lead and c.organ_tail.search(lead):
        begin = title.span.begin + words.index(lead)
        return read.organs(text, Span(begin, begin + len(lead)), c)
    return []


def _addressees(text: str, lines: Sequence[Line], block: Block, draft: Draft, c: Cues) -> None:
    if block.call is None:
        return
    call = lines[block.call]
    end = call.span.end
    if call.note == "inline":
        m = c.inline_call.match(call.text)
        assert m is not None
        end = call.span.begin + m.end("call")
    span = Span(call.span.begin, end)
    words = span.of(text).rstrip(":： ")
    span = Span(span.begin, span.begin + len(words))
    draft.add(*(replace(f, name="addressedTo") for f in people(text, span, c, person=call.note != "group")))


def _loose_fields(text: str, lines: Sequence[Line], loose: list[int], drafts: list[Draft], c: Cues) -> None:
    """Fields that stand below or between letters belong to the proposal above them, else to the page's first."""
    proposals = [d for d in drafts if d.kind is Kind.PROPOSAL]
    for f in read.header_fields(text, lines, loose, c):
        above = [d for d in drafts if d.span.begin <= f.span.begin]
        if f.name in _PROPOSAL_FIELDS:
            mine = [d for d in proposals if d.span.begin <= f.span.begin][-1:] or proposals[:1]
            if mine:
                if f.name not in ("title", "proposalNumber", "session") or mine[0].first(f.name) is None:
                    mine[0].add(f)
            else:
                drafts[0].other.append(f)
        elif above and above[-1].kind is not Kind.PROPOSAL and f.name in ("issued", "handlingClass", "documentNumber"):
            above[-1].add(*([f] if above[-1].first(f.name) is None else []))
    # Reply fields in a proposal's header (答复时间) belong to its lead reply.
    replies = [d for d in drafts if d.kind is Kind.LEAD_REPLY]
    for d in proposals:
        mine = [r for r in replies if r.span.begin > d.span.begin][:1]
        for f in d.other:
            if mine and f.name in ("handlingClass", "documentNumber", "issued") and mine[0].first(f.name) is None:
                mine[0].add(f)


def _finish(drafts: list[Draft]) -> tuple[Letter, ...]:
    own = [d for d in drafts if d.body is not None]
    named = [d for d in drafts if d.body is None]
    ordered = sorted(own, key=lambda d: d.span) + sorted(named, key=lambda d: (d.kind is Kind.PROPOSAL, d.span))
    ids = {str(id(d)): f"d{i}" for i, d in enumerate(ordered, 1)}
    out = []
    for d in ordered:
        fields = tuple(
            replace(f, value=ids[f.value]) if f.name == "repliesTo" else f for f in d.fields if f.name != "handling"
        )
        out.append(Letter(ids[str(id(d))], d.kind, d.span, d.body, fields))
    return tuple(out)
