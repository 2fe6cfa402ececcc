"""Pages without proposal and reply: policy instruments and work reports, with their fields."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extract.model import Field, Kind, Letter, LetterId, Span
from extract.structure.blocks import Block
from extract.structure.cues import StructureCues
from extract.structure.fields import (
    find_document_numbers,
    read_header_fields,
    read_organs,
    read_signature,
    split_glued_signature,
)
from extract.structure.lines.kinds import TAIL_KINDS, LineKind, PageLine
from extract.structure.lines.titles import is_complete_title, is_notice_title
from extract.structure.policies.grounds import find_approval, find_grounds
from extract.structure.policies.titles import PolicyTitleFinder
from extract.text.dates import find_dates
from extract.text.normalize import remove_space, title_key

_STATEMENT = re.compile(r"[^\W\d_]{2}[^\n]*?[。！？；!?;]|[^\W\d_][^\n]{15}")
"""A sentence, or a line as long as one. A page without any, without title and other fields says nothing."""
_STATUS = (("Draft", "draft"), ("InForce", "in_force"))


@dataclass(frozen=True, slots=True)
class _PolicyPage:
    """The lines of a page that is one instrument or report."""

    text: str
    lines: Sequence[PageLine]
    blocks: list[Block]
    cues: StructureCues
    used: list[int]
    """Indexes of the lines of all blocks, in order."""
    running: list[int]
    """Indexes of the lines with running text."""
    header: list[Field]

    @property
    def first(self) -> int:
        """Index of the first line with running text."""
        return self.running[0]

    @property
    def body(self) -> Span:
        return Span(self.lines[self.first].span.begin, max(self.lines[i].span.end for i in self.running))

    @property
    def span(self) -> Span:
        return Span(self.lines[self.used[0]].span.begin, max(self.lines[i].span.end for i in self.used))

    def get_header_fields(self, *names: str) -> list[Field]:
        return [field for field in self.header if field.name in names]


def read_policy_letters(
    text: str, lines: Sequence[PageLine], blocks: list[Block], cues: StructureCues
) -> tuple[Letter, ...]:
    """Return the instruments or reports of a page, each with its notice.

    There are none if the page has no running text, or is a message to an office with its answer.

    Args:
        text: the page.
        lines: its lines.
        blocks: its blocks; none of them is a proposal or reply.
        cues: the compiled patterns.
    """
    letters: list[Letter] = []
    if _is_message(lines, cues):
        return ()
    for group in _group_blocks_of_instruments(lines, blocks, cues):
        used = sorted(i for block in group for i in block.list_indexes())
        running = [i for i in used if _is_running(lines[i])]
        if running:
            header = read_header_fields(text, lines, [i for block in group for i in block.head], cues)
            page = _PolicyPage(text, lines, group, cues, used, running, header)
            letter = _read_policy(page, LetterId(f"d{len(letters) + 1}"))
            if letter.fields or _STATEMENT.search(text, page.body.begin, page.body.end):
                letters.append(letter)
    return tuple(letters)


def _is_message(lines: Sequence[PageLine], cues: StructureCues) -> bool:
    """Whether a page has two fields of a message from a citizen: 留言主题, 留言时间."""
    labels = {m[0] for line in lines if (m := cues.patterns["message_field"].match(line.text))}
    return len(labels) > 1


def _is_running(line: PageLine) -> bool:
    return line.kind in (LineKind.TEXT, LineKind.CLOSING)


def _group_blocks_of_instruments(
    lines: Sequence[PageLine], blocks: list[Block], cues: StructureCues
) -> list[list[Block]]:
    """Return the blocks of each instrument: a page may have several notices, each with its title."""
    groups: list[list[Block]] = []
    known: set[str] = set()
    has_text = False
    for block in blocks:
        titles = ["".join(more.text for more in lines[i : lines[i].until]) for i in _list_titles(lines, block)]
        begins = block.salutation is not None and any(is_complete_title(title, cues) for title in titles)
        notices = {title_key(title) for title in titles if is_notice_title(title, cues)}
        begins = begins or bool(notices - known)
        if groups and not (begins and has_text):
            groups[-1].append(block)
        else:
            groups.append([block])
            has_text = False
        known |= notices
        has_text = has_text or any(_is_running(lines[i]) for i in block.list_indexes())
    return groups


def _list_titles(lines: Sequence[PageLine], block: Block) -> list[int]:
    """Return the indexes of the first lines of the titles in the head of a block."""
    return [i for i in block.head if lines[i].kind is LineKind.TITLE and lines[i].note != "more"]


def _read_policy(page: _PolicyPage, ident: LetterId) -> Letter:
    """Return the letter of one instrument or report, with its fields."""
    text, cues = page.text, page.cues
    found = PolicyTitleFinder(text, page.lines, page.used, page.first, cues).find(page.get_header_fields("title"))
    title = found.title
    is_report = _is_report(page, title)
    fields = [field for field in (title, found.notice) if field is not None]
    fields += _find_number(page, found.beside)
    signature = _read_page_signature(page)
    signed = [field for field in signature if field.name == "issuedBy"]
    fields += _find_issuers(page, found.notice or title, signed)
    fields += _find_date(page, [*found.beside, *signature])
    fields += find_approval(text, page.body, cues)
    if not is_report:
        fields += find_grounds(text, page.body, title, cues)
        fields += _find_status(page) or _infer_status(fields)
    kind = Kind.REPORT if is_report else Kind.INSTRUMENT
    return Letter(ident, kind, page.span, page.body, tuple(fields))


def _is_report(page: _PolicyPage, title: Field | None) -> bool:
    cues = page.cues
    if title is None:
        return any(cues.report_body.search(page.lines[i].text) for i in page.running[:6])
    return bool(cues.title["report"].search(title.value) and not cues.title["policy"].search(title.value))


def _find_number(page: _PolicyPage, beside: Sequence[Field]) -> list[Field]:
    """Return the document number: of the header, beside the title, or of the first line that states one.

    Args:
        page: the page.
        beside: what stands in brackets after the title.
    """
    numbers = page.get_header_fields("documentNumber")
    numbers += [field for field in beside if field.name == "documentNumber"]
    for i in page.used:
        line = page.lines[i]
        may_state_number = line.kind is LineKind.NUMBER or (i < page.first and len(line.text) < 120)
        if not numbers and i <= page.first + 1 and "《" not in line.text and may_state_number:
            numbers += find_document_numbers(page.text, line.span.begin, line.span.end, page.cues)
    return numbers[:1]


def _read_page_signature(page: _PolicyPage) -> list[Field]:
    """Return issuers and date of the first signature of the page, or of one at the end of its last line."""
    for block in page.blocks:
        if any(page.lines[i].kind in TAIL_KINDS for i in block.tail):
            signature = read_signature(page.text, page.lines, block.tail, page.cues)
            if signature:
                return signature
    glued = split_glued_signature(page.text, page.body, page.cues)
    return glued[1] if glued else []


def _find_issuers(page: _PolicyPage, title: Field | None, signed: list[Field]) -> list[Field]:
    """Return who issued the instrument, each organ once.

    The signature states it; else the title (甲局关于…), the letterhead, the line of the document number, or the header.

    Args:
        page: the page.
        title: the title of its notice, or its own.
        signed: the issuers of its signature.
    """
    text, lines, cues = page.text, page.lines, page.cues
    letterhead = [i for i in page.used if i < page.first and lines[i].kind is LineKind.ORGAN]
    above = [organ for i in letterhead for organ in read_organs(text, lines[i].span, cues)]
    issuers = signed
    in_title = _find_issuers_in_title(page, title) if title else []
    # A title separates its issuers; signatures from the web may run them together, or break a name over two lines.
    if in_title and (not issuers or _are_run_together(issuers, in_title) or _are_cut_off(issuers, in_title)):
        issuers = in_title
    # A signature may name only the first of those who issued it together.
    if not issuers or {issuer.value for issuer in issuers} < {organ.value for organ in above}:
        issuers = above
    if not issuers:
        for i in page.used:
            number = cues.document_number.search(lines[i].text) if lines[i].kind is LineKind.NUMBER else None
            if number is not None and i <= page.first:
                before = Span(lines[i].span.begin, lines[i].span.begin + number.start())
                issuers += [organ for organ in read_organs(text, before, cues) if cues.organ_tail.search(organ.value)]
    if not issuers:
        issuers = [replace(field, name="issuedBy") for field in page.get_header_fields("issuedBy", "publisher")]
    unique: dict[str, Field] = {}
    for issuer in issuers:
        unique.setdefault(issuer.value, issuer)
    return list(unique.values())


def _find_issuers_in_title(page: _PolicyPage, title: Field) -> list[Field]:
    """Return the organs before 关于 or 印发 in a title; none if the words before it are no organs."""
    cut = page.cues.patterns["issues"].search(page.text, *title.span)
    if cut is None or cut.start() <= title.span.begin + 1:
        return []
    span = Span(title.span.begin, cut.start())
    organs = read_organs(page.text, span, page.cues)
    if len(organs) > 1 and "\n" in span.of(page.text) and not page.cues.organ_tail.search(organs[0].value):
        organs = [Field("issuedBy", remove_space(span.of(page.text)), span)]  # one name that goes over two lines
    return organs if all(page.cues.organ_tail.search(organ.value) for organ in organs) else []


def _are_run_together(signed: list[Field], titled: list[Field]) -> bool:
    """Whether the issuers of a signature are those of the title, some of them without a gap between."""
    joined = "".join(issuer.value for issuer in signed)
    return len(titled) > len(signed) and sum(issuer.value in joined for issuer in titled) >= len(titled) - 1


def _are_cut_off(signed: list[Field], titled: list[Field]) -> bool:
    """Whether each issuer of a signature is, or ends, the issuer of the title at the same position."""
    return len(signed) == len(titled) and all(
        whole.value.endswith(end.value) for end, whole in zip(signed, titled, strict=True)
    )


def _find_date(page: _PolicyPage, stated: list[Field]) -> list[Field]:
    """Return the date of issue: *stated* beside the title or in the signature, in the header, or at the top."""
    dates = [field for field in stated if field.name == "issued"] or page.get_header_fields("issued")
    dates = dates or [replace(field, name="issued") for field in page.get_header_fields("published")]
    for i in page.used:
        line = page.lines[i]
        may_state_date = line.kind in (LineKind.NUMBER, LineKind.DATE) or line.text[:1] in "—（("
        if not dates and i <= page.first + 2 and may_state_date:
            found = find_dates(page.text, line.span.begin, line.span.end)
            dates = [Field("issued", value, span) for span, value in found]
    return dates[:1]


def _find_status(page: _PolicyPage) -> list[Field]:
    """Return whether the instrument is a draft, in force or repealed: as its header says, else its text."""
    if stated := page.get_header_fields("status"):
        return stated[:1]
    for status, pattern in _STATUS:
        m = page.cues.patterns[pattern].search(page.text, page.span.begin, page.span.end)
        if m:
            return [Field("status", status, Span(*m.span()))]
    return []


def _infer_status(fields: Sequence[Field]) -> list[Field]:
    """Return that an instrument with a number, or with issuer and date, is in force: it has been issued."""
    stated = {field.name: field for field in fields}
    shown = stated.get("documentNumber") or (stated.get("issued") if "issuedBy" in stated else None)
    return [Field("status", "InForce", shown.span)] if shown else []
