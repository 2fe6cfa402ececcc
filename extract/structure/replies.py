"""Replies and opinions: the fields that their headers, openings and signatures state."""

from __future__ import annotations

import re
from dataclasses import replace

from extract.model import Field, Kind, Span
from extract.structure.blocks import Block
from extract.structure.cues import StructureCues
from extract.structure.drafts import PROPOSAL_FIELDS, LetterDraft
from extract.structure.fields import (
    find_all_consulted,
    find_basis,
    find_co_handlers,
    find_consulted,
    find_document_numbers,
    find_told_opinions,
    read_organs,
    read_signature,
    split_glued_signature,
)
from extract.structure.lines.kinds import LineKind, match_label
from extract.structure.page import LetterPage, join_lines
from extract.structure.references import find_references, find_sessions, pair_references, read_people
from extract.text.dates import find_dates
from extract.text.normalize import remove_space


def draft_reply(page: LetterPage, block: Block, kind: Kind) -> LetterDraft:
    """Return the draft of a reply or opinion, with its fields and the proposals that it names."""
    draft = LetterDraft(kind, page.get_extent(block.list_indexes()), page.find_body(block))
    header = page.read_header(block)
    draft.hints = [
        field
        for field in header
        if field.name in PROPOSAL_FIELDS
        and not (field.name == "title" and page.cues.title["reply"].search(field.value))
    ]
    if span := page.find_title(block, ("reply", "proposal", "policy")):
        draft.add(Field("title", join_lines(span.of(page.text).strip()), span))
    draft.add(*_find_number_and_class(page, block, header))
    _add_addressees(page, block, draft)
    signature = read_signature(page.text, page.lines, block.tail, page.cues)
    if not signature and draft.body and (glued := split_glued_signature(page.text, draft.body, page.cues)):
        draft.body, signature = glued
    if block.salutation is None:
        _add_bare_addressee(page, block, draft, signature)
    draft.add(*_find_issuers(page, block, draft, header, signature))
    draft.add(*_find_date(page, block, header, signature))
    _read_opening(page, block, draft)
    return draft


def says_opinion(opening: str, cues: StructureCues) -> bool:
    """Whether the opening of a letter says that it is an opinion: 现提出会办意见如下; 结合会办意见答复如下 does not."""
    m = cues.patterns["opens_opinion"].search(opening)
    if m is None:
        return False
    clause = re.split("[。，,；;\n]", opening[: m.start()])[-1]
    return cues.patterns["opinion_of_others"].search(clause) is None


def _find_number_and_class(page: LetterPage, block: Block, header: list[Field]) -> list[Field]:
    """Return the document number and the handling class of a reply."""
    numbers = [field for field in header if field.name == "documentNumber"]
    classes = [field for field in header if field.name == "handlingClass"]
    for line in page.list_lines(block.head, LineKind.NUMBER):
        numbers += find_document_numbers(page.text, line.span.begin, line.span.end, page.cues)
        if not classes and (m := page.cues.class_mark.search(line.text)):
            begin = line.span.begin
            classes = [Field("handlingClass", m["c"], Span(begin + m.start("c"), begin + m.end("c")))]
    return [*numbers[:1], *classes[:1]]


def _find_issuers(
    page: LetterPage, block: Block, draft: LetterDraft, header: list[Field], signature: list[Field]
) -> list[Field]:
    """Return who issued a reply: as signed, else as the letterhead, the header, the title or the publisher says."""
    issuers = [field for field in signature if field.name == "issuedBy"]
    if not issuers:
        letterhead = page.list_lines(block.head, LineKind.ORGAN)
        issuers = [organ for line in letterhead for organ in read_organs(page.text, line.span, page.cues)]
        if not letterhead or "、" not in letterhead[0].text:  # 甲局、乙局 write together
            issuers = issuers[:1]
    if not issuers:
        issuers = [field for field in header if field.name == "issuedBy"] or _find_issuers_in_title(page, block, draft)
    issuers = issuers or _find_contact_organ(page, block)
    if not issuers:
        mere = page.cues.patterns["mere_publisher"]
        publishers = [field for field in header if field.name == "publisher" and not mere.search(field.value)]
        issuers = [replace(field, name="issuedBy") for field in publishers[:1]]
    return issuers


def _find_contact_organ(page: LetterPage, block: Block) -> list[Field]:
    """Return the organ that a line below the letter names for questions (联系单位：某县教育局)."""
    for line in page.list_lines(block.tail, LineKind.CONTACT):
        if (m := page.cues.patterns["contact_organ"].match(line.text)) and page.cues.organ_tail.search(m["o"]):
            begin = line.span.begin + m.start("o")
            return [Field("issuedBy", m["o"], Span(begin, begin + len(m["o"])))]
    return []


def _find_issuers_in_title(page: LetterPage, block: Block, draft: LetterDraft) -> list[Field]:
    """Return the organs before 关于 in a reply's title or in that of its page, else the one in brackets behind it."""
    title = draft.get_field("title")
    titles = [] if title is None else [title.span]
    titles += [line.span for line in page.list_lines(block.head, LineKind.TITLE) if line.note == "reply"]
    for span in titles:
        label = match_label(span.of(page.text), page.cues)
        begin = span.begin + (label.end() if label else 0)
        words = page.text[begin : span.end]
        cut = page.cues.patterns["title_split"].search(words)
        lead = words[: cut.start()].strip() if cut else ""
        if lead and page.cues.organ_tail.search(lead):
            begin += words.index(lead)
            return read_organs(page.text, Span(begin, begin + len(lead)), page.cues)
    if answering := find_answering_organs(page, block):
        return [Field("issuedBy", organ, span) for organ, span in answering]
    for span in titles:
        m = page.cues.patterns["title_organ"].search(span.of(page.text))
        if m is not None and page.cues.organ_tail.search(m["o"]):
            return [Field("issuedBy", m["o"], Span(span.begin + m.start("o"), span.begin + m.end("o")))]
    return []


def find_answering_organs(page: LetterPage, block: Block) -> list[tuple[str, Span]]:
    """Return the organ in a heading of a text that is 某局答复 or 某局会办意见, and where it stands."""
    for line in page.list_lines(block.head, LineKind.TITLE):
        m = page.cues.patterns["answer_of_organ"].fullmatch(line.text)
        if m is not None and line.text in page.text[line.span.begin : line.span.end]:
            begin = page.text.index(line.text, line.span.begin)
            return [(m["o"], Span(begin, begin + len(m["o"])))]
    return []


def _find_date(page: LetterPage, block: Block, header: list[Field], signature: list[Field]) -> list[Field]:
    """Return the date of a reply: of its signature, else of its header, of a line above it, or of its publication."""
    dates = [field for field in [*signature, *header] if field.name == "issued"]
    for line in page.list_lines(block.head, LineKind.DATE):
        if not dates:
            found = find_dates(page.text, line.span.begin, line.span.end)
            dates = [Field("issued", value, span) for span, value in found]
    dates = dates or [replace(field, name="issued") for field in header if field.name == "published"]
    return dates[:1]


def _add_addressees(page: LetterPage, block: Block, draft: LetterDraft) -> None:
    if block.salutation is None:
        return
    line = page.lines[block.salutation]
    words = line.text
    if line.note == "inline":
        m = page.cues.inline_call.match(line.text)
        assert m is not None
        words = words[: m.end("call")]
    span = Span(line.span.begin, line.span.begin + len(words.rstrip(":： ")))
    people = read_people(page.text, span, page.cues, person=line.note != "group")
    draft.add(*(replace(field, name="addressedTo") for field in people))


def _add_bare_addressee(page: LetterPage, block: Block, draft: LetterDraft, signature: list[Field]) -> None:
    """Add the organ on the last line above the text, without a colon, if it does not sign the letter itself."""
    head = [page.lines[i] for i in block.head]
    if len(head) < 2 or head[-1].kind is not LineKind.ORGAN or head[-2].kind is LineKind.ORGAN:
        return
    signed = [field.value for field in signature if field.name == "issuedBy"]
    if signed and draft.get_field("title") is not None and head[-1].text not in signed:
        people = read_people(page.text, head[-1].span, page.cues)
        draft.add(*(replace(field, name="addressedTo") for field in people))


def _share_out_proposers(draft: LetterDraft, opening: str) -> None:
    """Give each proposal its proposer if as many people are said to have made one each (您们分别提出的《…》《…》)."""
    people = draft.get_fields("addressedTo")
    titled = [reference for reference in draft.references if reference.title is not None]
    if "分别" not in opening or len(people) != len(titled) or len(people) < 2:
        return
    own = {id(reference): person for reference, person in zip(titled, people, strict=True)}
    draft.references = [
        replace(reference, submitted=(replace(own[id(reference)], name="submittedBy"),))
        if id(reference) in own and not reference.submitted
        else reference
        for reference in draft.references
    ]


def _read_opening(page: LetterPage, block: Block, draft: LetterDraft) -> None:
    """Read what a reply's title and opening say: its proposals, the co-handling and consulted organs, its basis."""
    text, cues = page.text, page.cues
    title = draft.get_field("title")
    in_title = find_references(text, title.span.begin, title.span.end, cues) if title else []
    opening = page.find_opening(block)
    if opening is None:
        draft.references = pair_references(in_title, [])
        return
    begin, end = opening
    draft.references = pair_references(in_title, find_references(text, begin, end, cues))
    if title is not None and (sessions := find_sessions(text, title.span.begin, title.span.end, cues)):
        session = Field("session", remove_space(sessions[0].of(text)), sessions[0])
        draft.references = [replace(named, session=named.session or session) for named in draft.references]
    _share_out_proposers(draft, opening.of(text))
    co_handlers = find_co_handlers(text, begin, end, cues)
    draft.hints += co_handlers
    consulted = find_consulted(text, begin, end, cues)
    consulted = consulted or find_all_consulted(text, begin, end, co_handlers, cues)
    draft.add(*(consulted or find_told_opinions(text, draft.body or opening, cues)))
    draft.add(*find_basis(text, begin, end, cues))
