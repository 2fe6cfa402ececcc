"""Page → letters: which stretches are proposals, replies, opinions, instruments, and what each says of itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from extract import fields as read
from extract.dates import find_dates
from extract.model import Field, Kind, Letter, Span
from extract.struct_blocks import Block, blocks_of
from extract.struct_cues import Cues, cues, squeeze_label
from extract.struct_lines import Line, LineKind, lines_of
from extract.struct_policy import policy_letters
from extract.struct_refs import Reference, key, paired, people, references, sessions
from ontology.lexicons import Lexicon

_RANKS = "省市区县州旗盟"
_PROPOSAL_FIELDS = ("title", "proposalNumber", "session", "submittedBy", "leadAgency", "coAgency", "handling")


@dataclass(slots=True)
class _Draft:
    """A letter in the making."""

    kind: Kind
    span: Span
    body: Span | None
    fields: list[Field] = field(default_factory=list)
    refs: list[Reference] = field(default_factory=list)
    other: list[Field] = field(default_factory=list)

    def add(self, *new: Field) -> None:
        for f in new:
            if all((f.name, f.value) != (g.name, g.value) for g in self.fields):
                self.fields.append(f)

    def first(self, name: str) -> Field | None:
        return next((f for f in self.fields if f.name == name), None)


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
    drafts: list[_Draft] = []
    policies: list[Block] = []
    for block in blocks:
        kind = _kind(text, lines, block, c)
        if kind is None:
            policies.append(block)
        elif kind is Kind.PROPOSAL:
            drafts.append(_proposal(text, lines, block, c))
        else:
            drafts.append(_reply(text, lines, block, kind, c))
    if not drafts:
        return policy_letters(text, lines, blocks, c)
    _loose_fields(text, lines, loose, drafts, c)
    _connect(text, drafts, c)
    return _finish(drafts)


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


def _proposal(text: str, lines: Sequence[Line], block: Block, c: Cues) -> _Draft:
    got = read.header_fields(text, lines, block.head, c)
    body = _body(lines, block, c)
    draft = _Draft(Kind.PROPOSAL, _extent(lines, block.all()), body)
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
        if f.name == "session" and (short := sessions(text, f.span.begin, f.span.end, c)):
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


def _reply(text: str, lines: Sequence[Line], block: Block, kind: Kind, c: Cues) -> _Draft:
    draft = _Draft(kind, _extent(lines, block.all()), _body(lines, block, c))
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
        draft.add(*read.consulted(text, opening.begin, opening.end, c))
        draft.add(*read.based_on(text, opening.begin, opening.end, c))
    return draft


def _title_issuers(text: str, draft: _Draft, c: Cues) -> list[Field]:
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


def _addressees(text: str, lines: Sequence[Line], block: Block, draft: _Draft, c: Cues) -> None:
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


def _loose_fields(text: str, lines: Sequence[Line], loose: list[int], drafts: list[_Draft], c: Cues) -> None:
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


def _connect(text: str, drafts: list[_Draft], c: Cues) -> None:
    """Give replies their proposals, merging references by number or title; make proposals that are only named."""
    proposals = [d for d in drafts if d.kind is Kind.PROPOSAL]
    for reply in [d for d in drafts if d.kind is not Kind.PROPOSAL]:
        targets: list[tuple[_Draft, Span]] = []
        for ref in reply.refs:
            target = next((p for p in proposals if _same(p, ref)), None)
            if target is None:
                if (
                    len(proposals) == 1
                    and proposals[0].first("proposalNumber") is None
                    and proposals[0].first("title") is None
                ):
                    target = proposals[0]
                else:
                    target = _Draft(Kind.PROPOSAL, ref.span, None)
                    proposals.append(target)
                    drafts.append(target)
            for f in (ref.number, ref.title):
                if f and target.first(f.name) is None:
                    target.add(f)
            target.refs.append(ref)
            known = next((k for k, (t, _) in enumerate(targets) if t is target), None)
            if known is None:
                targets.append((target, ref.span))
            elif len(ref.span) > len(targets[known][1]):
                targets[known] = (target, ref.span)
        texts = [p for p in proposals if p.body or p.first("title")]
        if not targets and texts:
            before = [p for p in texts if p.span.begin < reply.span.begin]
            target = before[-1] if before else texts[0]
            where = _naming_words(text, reply, c)
            targets.append((target, where))
        reply.refs = []
        for target, span in targets:
            reply.fields.append(Field("repliesTo", str(id(target)), span))
            _handled(reply, target, len(targets))
    for p in proposals:
        _settle(p)


def _naming_words(text: str, reply: _Draft, c: Cues) -> Span:
    begin = reply.body.begin if reply.body else reply.span.begin
    m = c.patterns["naming"].search(text, begin, min(begin + 300, reply.span.end))
    return Span(m.start(), m.end()) if m else Span(reply.span.begin, min(reply.span.end, reply.span.begin + 40))


def _same(p: _Draft, ref: Reference) -> bool:
    number, title = p.first("proposalNumber"), p.first("title")
    if ref.number and number:
        a, b = ref.number.value.lstrip("0"), number.value.lstrip("0")
        return a == b or (
            min(len(a), len(b)) >= 3 and (a.endswith(b) or b.endswith(a)) and _same_title(title, ref.title, True)
        )
    return _same_title(title, ref.title, False)


def _same_title(a: Field | None, b: Field | None, default: bool) -> bool:
    if a is None or b is None:
        return default
    return key(a.value) == key(b.value)


def _handled(reply: _Draft, target: _Draft, several: int) -> None:
    """What a reply tells of its proposal: who put it forward, who leads, who joins in."""
    for f in reply.fields:
        if reply.kind is Kind.LEAD_REPLY:
            if f.name == "issuedBy":
                target.other.append(replace(f, name="lead"))
            elif f.name == "addressedTo":
                target.other.append(replace(f, name="proposer"))
        elif f.name == "issuedBy":
            target.other.append(replace(f, name="co"))
        elif f.name == "addressedTo":
            target.other.append(replace(f, name="lead?"))
    for f in reply.other:
        if f.name in ("leadAgency", "coAgency", "session", "submittedBy", "handling"):
            target.other.append(f)
        elif several == 1 and f.name in ("title", "proposalNumber") and target.first(f.name) is None:
            target.add(f)


def _settle(p: _Draft) -> None:
    """Choose among what header, replies and references say of a proposal."""
    said = p.other
    for f in said:
        if f.name in ("leadAgency", "coAgency", "handling", "submittedBy") and p.first(f.name) is None:
            p.add(*[g for g in said if g.name == f.name])
    refs = [r for r in p.refs if isinstance(r, Reference)]
    if p.first("session") is None:
        votes = [r.session for r in refs if r.session] + [f for f in said if f.name == "session"]
        if votes:
            best = Counter(v.value for v in votes).most_common(1)[0][0]
            p.add(next(v for v in votes if v.value == best))
    if p.first("submittedBy") is None:
        p.add(*[replace(f, name="submittedBy") for f in said if f.name == "proposer"])
    if p.first("submittedBy") is None:
        p.add(*next((r.submitted for r in refs if r.submitted), ()))
    lead = [f for f in p.fields if f.name == "leadAgency"] or [
        replace(f, name="leadAgency") for f in said if f.name == "lead"
    ]
    listed = [f for f in p.fields if f.name == "handling"]
    if not lead and listed and len(listed) == 1:
        lead = [replace(listed[0], name="leadAgency")]
    lead = lead or [replace(f, name="leadAgency") for f in said if f.name == "lead?"][:1]
    if not lead and listed:
        lead = [replace(listed[0], name="leadAgency")]
    co = [f for f in p.fields if f.name == "coAgency"]
    for f in [*listed, *(replace(f, name="coAgency") for f in said if f.name == "co")]:
        if not any(same_agency(f.value, g.value) for g in [*lead, *co]):
            co.append(replace(f, name="coAgency"))
    rest = [f for f in p.fields if f.name not in ("leadAgency", "coAgency", "handling")]
    seen: list[Field] = []
    for f in lead:
        if not any(same_agency(f.value, g.value) for g in seen):
            seen.append(f)
    p.fields = [*rest, *seen, *co]


def same_agency(a: str, b: str) -> bool:
    """Whether two names may be one agency's: 市工信局, 栖河市工业和信息化局 (the short one's characters, in order)."""
    short, long = sorted((squeeze_label(a), squeeze_label(b)), key=len)
    if short == long:
        return True
    if short[:1] in _RANKS and len(short) > 3:
        short = short[1:]
    it = iter(long)
    return all(ch in it for ch in short)


def _finish(drafts: list[_Draft]) -> tuple[Letter, ...]:
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
