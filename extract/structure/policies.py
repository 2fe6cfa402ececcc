"""Pages without proposal and reply: policy instruments and work reports, with their fields."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from extract.model import Field, Kind, Letter, LetterId, Span
from extract.structure.blocks import Block
from extract.structure.cues import StructureCues
from extract.structure.fields import find_basis, find_document_numbers, read_header_fields, read_organs, read_signature
from extract.structure.lines import TAIL_KINDS, LineKind, PageLine
from extract.structure.page import join_lines
from extract.text.dates import find_dates
from extract.text.normalize import title_key

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
    """Return one letter for the instrument or report of a page, with its notice; none if the page has no running text.

    Args:
        text: the page.
        lines: its lines.
        blocks: its blocks; none of them is a proposal or reply.
        cues: the compiled patterns.
    """
    used = sorted(i for block in blocks for i in block.list_indexes())
    running = [i for i in used if lines[i].kind in (LineKind.TEXT, LineKind.CLOSING)]
    if not running:
        return ()
    header = read_header_fields(text, lines, [i for block in blocks for i in block.head], cues)
    page = _PolicyPage(text, lines, blocks, cues, used, running, header)
    title, notice_title = _find_title(page)
    is_report = _is_report(page, title)
    fields = [title] if title else []
    fields += _find_number(page)
    fields += _find_issuers(page, notice_title or title)
    fields += _find_date(page)
    fields += _find_approval(page)
    if not is_report:
        fields += _find_basis_and_status(page)
    kind = Kind.REPORT if is_report else Kind.INSTRUMENT
    return (Letter(LetterId("d1"), kind, page.span, page.body, tuple(fields)),)


def _find_title(page: _PolicyPage) -> tuple[Field | None, Field | None]:
    """Return the title of the instrument, and the title of the notice that publishes it, if there is one."""
    lines = page.lines
    titles = [
        Span(lines[i].span.begin, lines[lines[i].until - 1].span.end)
        for i in page.used if lines[i].kind is LineKind.TITLE and lines[i].note != "more"
    ]  # fmt: skip
    top = [title for title in titles if title.begin <= lines[page.first].span.begin + 1] or _find_plain_title(page)
    forwards = page.cues.patterns["forwards"]
    candidates = [Field("title", join_lines(span.of(page.text)), span) for span in top]
    main = max(
        candidates,
        key=lambda title: (bool(forwards.search(title.value)), -title.span.begin),
        default=next(iter(page.get_header_fields("title")), None),
    )
    m = forwards.search(main.value) if main else None
    if main is None or m is None:
        return main, None
    inner = m["a"] or m["b"]
    for span in titles:
        words = join_lines(span.of(page.text))
        if span.begin > main.span.end and title_key(words).endswith(title_key(inner)):
            return Field("title", words, span), main
    offset = page.text.find(inner, main.span.begin, main.span.end)
    span = Span(offset, offset + len(inner)) if offset >= 0 else main.span
    return Field("title", inner, span), main


def _find_plain_title(page: _PolicyPage) -> list[Span]:
    """Return a short first line without a full stop: it is a title even if it ends with no known word."""
    line = page.lines[page.used[0]]
    if (
        page.used[0] == page.first
        and line.kind is LineKind.TEXT
        and 4 <= len(line.text) <= 50
        and not re.search(r"[。；：:，]", line.text)
    ):
        return [line.span]
    return []


def _is_report(page: _PolicyPage, title: Field | None) -> bool:
    cues = page.cues
    if title is None:
        return any(cues.report_body.search(page.lines[i].text) for i in page.running[:6])
    return bool(cues.title["report"].search(title.value) and not cues.title["policy"].search(title.value))


def _find_number(page: _PolicyPage) -> list[Field]:
    """Return the document number: of the header, or of the first line that states one before the text."""
    numbers = page.get_header_fields("documentNumber")
    for i in page.used:
        line = page.lines[i]
        may_state_number = line.kind is LineKind.NUMBER or (i < page.first and len(line.text) < 120)
        if not numbers and i <= page.first + 1 and "《" not in line.text and may_state_number:
            numbers += find_document_numbers(page.text, line.span.begin, line.span.end, page.cues)
    return numbers[:1]


def _read_page_signature(page: _PolicyPage, name: str) -> list[Field]:
    """Return the fields of that name in the first signature of the page."""
    for block in page.blocks:
        if any(page.lines[i].kind in TAIL_KINDS for i in block.tail):
            signature = read_signature(page.text, page.lines, block.tail, page.cues)
            if signature:
                return [field for field in signature if field.name == name]
    return []


def _find_issuers(page: _PolicyPage, title: Field | None) -> list[Field]:
    """Return who issued the instrument, each organ once.

    The signature states it; else the title (甲局关于…), the letterhead, the line of the document number, or the header.
    """
    text, lines, cues = page.text, page.lines, page.cues
    issuers = _read_page_signature(page, "issuedBy")
    in_title = _find_issuers_in_title(page, title) if title else []
    # A title separates its issuers; signatures from the web may run them together.
    if in_title and (not issuers or (len(in_title) > len(issuers) and _are_run_together(issuers, in_title))):
        issuers = in_title
    if not issuers:
        letterhead = [i for i in page.used if i < page.first and lines[i].kind is LineKind.ORGAN]
        issuers = [organ for i in letterhead for organ in read_organs(text, lines[i].span, cues)]
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
    """Return the organs before 关于 in a title; none if the words before it are no organs."""
    cut = title.span.of(page.text).find("关于")
    if cut <= 1:
        return []
    organs = read_organs(page.text, Span(title.span.begin, title.span.begin + cut), page.cues)
    return organs if all(page.cues.organ_tail.search(organ.value) for organ in organs) else []


def _are_run_together(signed: list[Field], titled: list[Field]) -> bool:
    """Whether the issuers of a signature are those of the title, some of them without a gap between."""
    joined = "".join(issuer.value for issuer in signed)
    return sum(issuer.value in joined for issuer in titled) >= len(titled) - 1


def _find_date(page: _PolicyPage) -> list[Field]:
    """Return the date of issue: of the signature, the header, or a line at the top of the page."""
    dates = _read_page_signature(page, "issued") or page.get_header_fields("issued")
    dates = dates or [replace(field, name="issued") for field in page.get_header_fields("published")]
    for i in page.used:
        line = page.lines[i]
        may_state_date = line.kind in (LineKind.NUMBER, LineKind.DATE) or line.text[:1] in "—（("
        if not dates and i <= page.first + 2 and may_state_date:
            found = find_dates(page.text, line.span.begin, line.span.end)
            dates = [Field("issued", value, span) for span, value in found]
    return dates[:1]


def _find_approval(page: _PolicyPage) -> list[Field]:
    """Return the organ that approved the instrument: 经市政府同意."""
    start = page.body.begin
    m = page.cues.patterns["approved"].search(page.text, start, min(page.span.end, start + 700))
    return [Field("approvedBy", m["who"], Span(*m.span("who")))] if m else []


def _find_basis_and_status(page: _PolicyPage) -> list[Field]:
    """Return the instruments on which this one is based, and whether it is a draft or in force."""
    text, cues, start = page.text, page.cues, page.body.begin
    fields: list[Field] = []
    ground = cues.patterns["ground"].search(text, start, min(page.span.end, start + 4000))
    if ground:
        begin = max(text.rfind("\n", 0, ground.start()), text.rfind("。", 0, ground.start())) + 1
        fields += find_basis(text, begin, ground.start(), cues)
    for status, pattern in _STATUS:
        m = cues.patterns[pattern].search(text, page.span.begin, page.span.end)
        if m:
            fields.append(Field("status", status, Span(*m.span())))
            break
    return fields
