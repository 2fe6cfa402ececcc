"""Letters of a page: which stretches are proposals, replies, opinions or instruments, and the fields of each."""

from __future__ import annotations

import re
from dataclasses import replace

from extract.model import Field, Kind, Letter, LetterId, Span
from extract.structure.blocks import Block, group_blocks
from extract.structure.cues import compile_cues
from extract.structure.drafts import (
    PROPOSAL_FIELDS,
    LetterDraft,
    StatedHandlers,
    connect_replies,
    is_same_agency,
    list_stated_handlers,
)
from extract.structure.fields import read_header_fields, read_signature
from extract.structure.lines.kinds import LineKind, PageLine
from extract.structure.lines.lines import classify_lines
from extract.structure.page import LetterPage, join_lines
from extract.structure.policies.policies import read_policy_letters
from extract.structure.references import find_references, find_sessions, read_people
from extract.structure.replies import draft_reply, find_answering_organs, says_opinion
from extract.text.normalize import remove_space
from ontology.lexicons import Lexicon

_HAS_PLACE = re.compile("[省市县区州旗盟乡镇国]")


def split_letters(text: str, lex: Lexicon) -> tuple[Letter, ...]:
    """Return the letters of a page, without page furniture.

    Args:
        text: the page.
        lex: the lexicon with the structure cues.

    Returns:
        Letters with text in the order of the page, then proposals that are only referred to. The values of
        ``repliesTo`` fields are their ids.
    """
    cues = compile_cues(lex)
    page = LetterPage(text, classify_lines(text, cues), cues)
    blocks, loose = group_blocks(page.lines, cues)
    drafts: list[LetterDraft] = []
    alone = sum(block.has_text for block in blocks) == 1
    for block in blocks:
        handlers = list_stated_handlers(drafts)
        kind = _classify_block(page, block, handlers, alone=alone)
        if kind in (Kind.LEAD_REPLY, Kind.CO_OPINION):
            kind = _correct_heading(page, block, kind, handlers)
        if kind is Kind.PROPOSAL:
            draft = _draft_proposal(page, block)
            if drafts and _continues_proposal(text, drafts[-1], draft):
                drafts[-1].span = Span(drafts[-1].span.begin, draft.span.end)
                drafts[-1].body = draft.body
                drafts[-1].add(*draft.fields)
            else:
                drafts.append(draft)
        elif kind is not None:
            drafts.append(draft_reply(page, block, kind))
    if not drafts:
        return read_policy_letters(text, page.lines, blocks, cues)
    _assign_loose_fields(page, loose, drafts)
    connect_replies(text, drafts, cues)
    for draft in drafts:
        _drop_mere_notice(page, draft)
    return _number_letters(drafts)


def _drop_mere_notice(page: LetterPage, draft: LetterDraft) -> None:
    """Take the text of a reply away that only says that there is one: 已书面答复委员."""
    if draft.kind is Kind.LEAD_REPLY and draft.body is not None:
        words = remove_space(draft.body.of(page.text))
        if page.cues.patterns["only_answered"].fullmatch(words):
            draft.body = None


def _continues_proposal(text: str, head: LetterDraft, body: LetterDraft) -> bool:
    """Whether *body* is the text of the proposal *head*, under a heading of its own below the table of its fields."""
    if head.kind is not Kind.PROPOSAL or body.body is None:
        return False
    if head.body is not None and "。" in head.body.of(text):
        return False
    return all(body.get_field(name) is None for name in ("proposalNumber", "submittedBy", "title"))


def _classify_block(page: LetterPage, block: Block, handlers: StatedHandlers, *, alone: bool) -> Kind | None:
    """Return the kind of a block's letter, None if it is neither a proposal nor a reply.

    Args:
        page: the page.
        block: the block.
        handlers: the agencies that the page says handle the proposal.
        alone: whether no other block of the page has text.
    """
    cues = page.cues
    titles = page.list_lines(block.head, LineKind.TITLE)
    labels = {line.note for line in page.list_lines(block.head, LineKind.FIELD)}
    opening_span = page.find_opening(block)
    opening = opening_span.of(page.text) if opening_span else ""
    if _is_reply(page, block, titles, labels, opening_span) or _is_headed_by_handler(page, block, handlers):
        if block.section == "co" or _is_opinion(page, block, titles, opening):
            return Kind.CO_OPINION
        return Kind.LEAD_REPLY
    stated = {"title", "proposalNumber", "submittedBy"} & labels
    if block.section == "proposal" or stated:
        title = next((field.value for field in page.read_header(block) if field.name == "title"), "")
        may_be_policy = cues.title["policy"].search(title) and not cues.title["proposal"].search(title)
        if stated - {"title"} or block.section or not may_be_policy:
            return Kind.PROPOSAL
    if _get_title_note(titles) == "proposal":
        return Kind.PROPOSAL
    reports = cues.patterns["reports_printing"].search(opening)
    if not titles and block.salutation is None and block.body and alone and not reports:
        texts = [page.lines[i].text for i in block.body]
        reads_like_proposal = len(cues.proposal_body.findall("".join(texts))) >= 2
        if reads_like_proposal and not any(cues.policy_body.search(text) for text in texts):
            return Kind.PROPOSAL
    return None


def _get_title_note(titles: list[PageLine]) -> str:
    return next((title.note for title in titles if title.note != "more"), "")


def _is_reply(
    page: LetterPage, block: Block, titles: list[PageLine], labels: set[str], opening_span: Span | None
) -> bool:
    """Whether a block is a reply or an opinion.

    Args:
        page: the page.
        block: the block.
        titles: its title lines.
        labels: its labelled fields.
        opening_span: its opening, if it has one.
    """
    cues = page.cues
    if not block.has_text or (block.section and _tells_no_letter(page, block)):
        return False
    opening = opening_span.of(page.text) if opening_span else ""
    about_proposal = bool(cues.patterns["work"].search(opening + "".join(title.text for title in titles)))
    has_cue = bool(cues.reply.search(opening))
    call = page.lines[block.salutation] if block.salutation is not None else None
    if call is not None and call.note in ("person", "inline"):
        about_proposal = about_proposal or bool(cues.patterns["proposer_call"].match(call.text))
    if block.salutation is None:
        has_proposal_fields = bool({"title", "proposalNumber", "submittedBy"} & labels)
        if block.section == "proposal" or (has_proposal_fields and not has_cue):
            return False
    if has_cue and about_proposal:
        return True
    if block.section in ("lead", "co"):
        return True
    if _get_title_note(titles) == "reply":
        # A 复函 from one organ to another that names no proposal or suggestion is an instrument.
        addresses_people = block.salutation is not None and page.lines[block.salutation].note != "group"
        if addresses_people or about_proposal or block.section:
            return True
    if opening_span and block.salutation is not None:
        return bool(find_references(page.text, opening_span.begin, opening_span.end, cues))
    return False


def _is_opinion(page: LetterPage, block: Block, titles: list[PageLine], opening: str) -> bool:
    """Whether a reply is addressed to the lead agency and not to the proposers."""
    cues = page.cues
    if cues.opinion.search("".join(title.text for title in titles)) or says_opinion(opening, cues):
        return True
    if block.salutation is None:
        return False
    salutation = page.lines[block.salutation]
    inline = cues.inline_call.match(salutation.text)
    if salutation.note == "person" or (inline and inline["names"]) or block.section == "lead":
        return False
    addressees = (inline["group"] if inline else salutation.text).rstrip(":： ")
    first = re.split(r"[、,，\s]", addressees)[0]
    is_group = cues.group_tail.search(first) and not cues.organ_tail.search(first)
    if cues.person_tail.search(first) or cues.proposer_organ.search(first) or is_group:
        return False
    if cues.opinion.search(opening):
        return True
    return not cues.patterns["yours"].search(opening)


def _tells_no_letter(page: LetterPage, block: Block) -> bool:
    """Whether the text below a heading only tells that there is no letter, or none that the public may read."""
    words = "".join(page.lines[i].text for i in block.body)
    return block.salutation is None and page.cues.patterns["no_letter"].fullmatch(remove_space(words)) is not None


def _is_headed_by_handler(page: LetterPage, block: Block, handlers: StatedHandlers) -> bool:
    """Whether the heading of a text is 某局答复 or 某局会办意见, with an agency that handles the proposal above it."""
    if not block.has_text or _tells_no_letter(page, block):
        return False
    organs = [organ for organ, _ in find_answering_organs(page, block)]
    return any(is_same_agency(organ, handler) for organ in organs for handler in (*handlers.lead, *handlers.co))


def _correct_heading(page: LetterPage, block: Block, kind: Kind, handlers: StatedHandlers) -> Kind:
    """Return the kind of a letter whose heading is not its own (答复（不公开） above an opinion).

    Args:
        page: the page.
        block: the block of the letter.
        kind: its kind as the heading says.
        handlers: the agencies that the page says handle the proposal.
    """

    def leads(name: str) -> bool:
        return any(is_same_agency(name, lead) for lead in handlers.lead)

    call = page.lines[block.salutation] if block.salutation is not None else None
    signature = read_signature(page.text, page.lines, block.tail, page.cues)
    signed = [field.value for field in signature if field.name == "issuedBy"]
    if kind is Kind.LEAD_REPLY and block.section == "lead" and call is not None:
        addressee = call.text.rstrip(":： ")
        if call.note == "group" and page.cues.organ_tail.search(addressee) and leads(addressee):
            return Kind.CO_OPINION
    if kind is Kind.LEAD_REPLY and call is None and not block.section and not signed:
        organs = [organ for organ, _ in find_answering_organs(page, block)]
        joins = any(is_same_agency(organ, one) for organ in organs for one in handlers.co)
        if joins and not any(map(leads, organs)):
            return Kind.CO_OPINION
    to_person = block.section == "co" and call is not None and call.note == "person"
    if kind is Kind.CO_OPINION and to_person and len(signed) == 1 and leads(signed[0]):
        return Kind.LEAD_REPLY
    return kind


def _draft_proposal(page: LetterPage, block: Block) -> LetterDraft:
    """Return the draft of a proposal, with the fields that its header states."""
    header = page.read_header(block)
    draft = LetterDraft(Kind.PROPOSAL, page.get_extent(block.list_indexes()), page.find_body(block))
    draft.add(*(field for field in header if field.name in PROPOSAL_FIELDS))
    draft.hints = [field for field in header if field.name not in PROPOSAL_FIELDS]
    if draft.get_field("title") is None:
        _add_printed_title(page, block, draft)
    for i, field in enumerate(draft.fields):
        if field.name == "session":
            sessions = find_sessions(page.text, field.span.begin, field.span.end, page.cues)
            if sessions and not field.value.endswith(sessions[0].of(page.text)):
                draft.fields[i] = _make_session_field(page, sessions[0])
    if (above := page.find_title(block, ("reply",))) is not None:
        draft.hints.append(Field("replyTitle", join_lines(above.of(page.text).strip()), above))
    if draft.get_field("submittedBy") is None:
        _add_printed_proposers(page, block, draft)
    signed = read_signature(page.text, page.lines, block.tail, page.cues)
    draft.add(*[field for field in signed if field.name == "issued"][:1])
    head_lines = [page.lines[i] for i in block.head]
    if draft.get_field("session") is None:
        for line in head_lines:
            if sessions := find_sessions(page.text, line.span.begin, line.span.end, page.cues):
                draft.add(_make_session_field(page, sessions[0]))
                break
    if draft.get_field("proposalNumber") is None:
        for line in head_lines:
            if m := page.cues.number.search(line.text):
                draft.add(_make_number_field(m, line.span.begin))
                break
    return draft


def _add_printed_proposers(page: LetterPage, block: Block, draft: LetterDraft) -> None:
    """Add the group below the title of a proposal, or below its text, as its proposer: 民盟某市委会."""
    cues = page.cues
    for line in page.list_lines([*block.head, *block.tail], LineKind.ORGAN):
        if cues.group_tail.search(line.text) or cues.proposer_organ.search(line.text):
            draft.add(*read_people(page.text, line.span, cues))


def _make_session_field(page: LetterPage, span: Span) -> Field:
    return Field("session", remove_space(span.of(page.text)), span)


def _add_printed_title(page: LetterPage, block: Block, draft: LetterDraft) -> None:
    """Add the title of a proposal that stands without a label, and the number in it."""
    span = page.find_title(block, ("proposal", "policy", "report"))
    if span is None:
        return
    words = span.of(page.text)
    if (m := page.cues.number.search(words)) and draft.get_field("proposalNumber") is None:
        draft.add(_make_number_field(m, span.begin))
        if m.end() >= len(words) - 1:
            words = words[: m.start()]
        elif m.start() <= 1:
            words = words[m.end() :]
    begin = page.text.index(words.strip(), span.begin) if words.strip() else span.begin
    draft.add(Field("title", join_lines(words.strip()), Span(begin, begin + len(words.strip()))))


def _make_number_field(m: re.Match[str], offset: int) -> Field:
    """Return the proposal number of a match of ``cues.number`` in words that begin at *offset*."""
    group = next(group for group in "abcd" if m[group])
    return Field("proposalNumber", m[group], Span(offset + m.start(group), offset + m.end(group)))


def _assign_loose_fields(page: LetterPage, loose: list[int], drafts: list[LetterDraft]) -> None:
    """Give fields below or between letters to the proposal above them, else to the first proposal of the page."""
    proposals = [draft for draft in drafts if draft.kind is Kind.PROPOSAL]
    for field in read_header_fields(page.text, page.lines, loose, page.cues):
        if field.name == "title" and page.cues.title["reply"].search(field.value):
            continue  # the title of the reply
        above = [draft for draft in drafts if draft.span.begin <= field.span.begin]
        if (
            field.name == "handling"
            and above
            and above[-1].get_field("issuedBy")
            and not _HAS_PLACE.search(field.value)
        ):
            continue  # the office of a signed letter's issuer
        is_handler = field.name in ("handling", "leadAgency") and bool(above)
        if is_handler and above[-1].kind is Kind.LEAD_REPLY and above[-1].get_field("issuedBy") is None:
            above[-1].add(replace(field, name="issuedBy"))
        runs_site = is_handler and page.cues.patterns["mere_publisher"].search(field.value)
        if runs_site and above[-1].kind is not Kind.PROPOSAL:
            continue  # the office that runs the site
        if field.name in PROPOSAL_FIELDS:
            owners = [draft for draft in above if draft.kind is Kind.PROPOSAL][-1:] or proposals[:1]
            if not owners:
                drafts[0].hints.append(field)
            elif field.name not in ("title", "proposalNumber", "session") or owners[0].get_field(field.name) is None:
                owners[0].add(field)
        elif above and above[-1].kind is not Kind.PROPOSAL:
            _add_reply_field(above[-1], field)
    # Fields of a reply in a proposal's header (答复时间) belong to its lead reply.
    replies = [draft for draft in drafts if draft.kind is Kind.LEAD_REPLY]
    for proposal in proposals:
        reply = next((reply for reply in replies if reply.span.begin > proposal.span.begin), None)
        if reply is not None:
            for field in proposal.hints:
                _add_reply_field(reply, field)


def _add_reply_field(reply: LetterDraft, field: Field) -> None:
    if field.name == "replyTitle":  # printed above the fields of the proposal
        field = replace(field, name="title")
        if reply.get_field("title") is None:
            reply.add(field)
    if field.name in ("issued", "handlingClass", "documentNumber") and reply.get_field(field.name) is None:
        reply.add(field)


def _number_letters(drafts: list[LetterDraft]) -> tuple[Letter, ...]:
    """Number the letters: those with text in the order of the page, then those that are only named."""
    with_text = [draft for draft in drafts if draft.body is not None]
    only_named = [draft for draft in drafts if draft.body is None]
    ordered = sorted(with_text, key=lambda draft: draft.span)
    ordered += sorted(only_named, key=lambda draft: (draft.kind is Kind.PROPOSAL, draft.span))
    ids = {draft: LetterId(f"d{n}") for n, draft in enumerate(ordered, 1)}
    letters = []
    for draft in ordered:
        fields = [field for field in draft.fields if field.name != "handling"]
        fields += [Field("repliesTo", ids[target], span) for target, span in draft.replies_to]
        letters.append(Letter(ids[draft], draft.kind, draft.span, draft.body, tuple(fields)))
    return tuple(letters)
