"""Own titles of policy instruments: printed above the text, named by a notice or by news, or stated in the opening."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extract.model import Field, Span
from extract.structure.cues import StructureCues
from extract.structure.fields import find_document_numbers
from extract.structure.lines.kinds import LineKind, PageLine, opens_inside
from extract.structure.lines.titles import COLLECTION_NUMBER
from extract.structure.page import join_lines
from extract.text.dates import find_dates
from extract.text.normalize import remove_space, title_key
from extract.text.rows import is_row

_OPENING_LENGTH = 400
"""Characters of the text in which a page without a title line may name its instrument."""
_MOST_TITLE_LINES = 4
_LONGEST_TITLE_LINE = 60
_STOP = re.compile(r"[。；：:，,！？]")
_SPREAD = re.compile(r"(?:[\u3400-\u9fff] ){3,}[\u3400-\u9fff](?![\u3400-\u9fff])")
"""Characters set with gaps: 工 作 方 案."""
_BRACKET = re.compile(r"\s*[（(](?P<words>[^（()）]{6,40})[)）]")
_CLAUSE_END = re.compile(r"[。；，,：:\n]")
_OUTER_MARKS = (("《", "》"), ("〈", "〉"), ("<", ">"))
_SHORT_RANKS = "省市区县州旗盟"


@dataclass(frozen=True, slots=True)
class PolicyTitle:
    """The title of an instrument or report, and what is printed with it."""

    title: Field | None = None
    notice: Field | None = None
    """``noticeTitle``: the title of the notice that publishes the instrument."""
    beside: tuple[Field, ...] = ()
    """``issued`` and ``documentNumber`` in brackets after the title."""


class PolicyTitleFinder:
    """Finds the title of the instrument that a page is.

    Args:
        text: the page.
        lines: its lines.
        used: indexes of the lines of its blocks, in order.
        first: index of the first line with running text.
        cues: the compiled patterns.
    """

    def __init__(
        self, text: str, lines: Sequence[PageLine], used: Sequence[int], first: int, cues: StructureCues
    ) -> None:
        self.text, self.lines, self.used, self.first, self.cues = text, lines, used, first, cues

    def find(self, header: Sequence[Field]) -> PolicyTitle:
        """Return the title; *header* are the titles in labelled fields."""
        first_begin = self.lines[self.first].span.begin
        titles = list(self._list_title_spans())
        top = [span for span in titles if span.begin <= first_begin + 1] or list(self._find_plain_title())
        candidates = [self._read_title(span) for span in top]
        candidates += [self._read_title(field.span) for field in header if not top]
        main, beside = max(candidates, key=self._rank, default=(None, ()))
        if main is None or not (self._is_policy_title(main) or any(span.begin == main.span.begin for span in titles)):
            stated = self._find_title_in_opening(titles)
            if main is None or stated.title is not None:
                return stated
        inner = self.cut_inner_title(main.value)
        if inner is None:
            return PolicyTitle(main, None, beside)
        title = self._find_printed(inner, main.span.end, titles) or self._locate(inner, main.span)
        return PolicyTitle(self._complete_issuer(title, main.value), _rename(main, "noticeTitle"), beside)

    def cut_inner_title(self, words: str) -> str | None:
        """Return the title of the text that a notice with this title publishes, None if it publishes none."""
        m = self.cues.patterns["forwards"].search(words)
        if m is None:
            return None
        return _strip_marks(m["a"] or m["b"])

    def _is_policy_title(self, title: Field) -> bool:
        return any(self.cues.title[kind].search(title.value) for kind in ("policy", "report"))

    def _rank(self, candidate: tuple[Field, tuple[Field, ...]]) -> tuple[bool, int]:
        """Rank a title above the text: the notice that publishes it comes first, then the order of the page."""
        title, _ = candidate
        return self.cut_inner_title(title.value) is not None, -title.span.begin

    def _list_title_spans(self) -> Iterator[Span]:
        for i in self.used:
            line = self.lines[i]
            if line.kind is LineKind.TITLE and line.note != "more":
                yield Span(line.span.begin, self.lines[line.until - 1].span.end)

    def _find_plain_title(self) -> Iterator[Span]:
        """Yield a short first line without a full stop: it is a title even if it ends with no known word."""
        line = self.lines[self.used[0]]
        is_first = self.used[0] == self.first and line.kind is LineKind.TEXT
        is_title = 4 <= len(line.text) <= 50 and not _STOP.search(line.text) and not is_row(line.text)
        if is_first and is_title and not self.cues.any_start.match(line.text) and not opens_inside(line.text):
            yield line.span

    def _read_title(self, span: Span) -> tuple[Field, tuple[Field, ...]]:
        """Return the title at *span* without the dates and numbers in brackets after it, and those."""
        beside: list[Field] = []
        begin, end = span
        if number := COLLECTION_NUMBER.match(self.text, begin, end):
            begin = number.end()
        while note := self.cues.patterns["title_note"].search(self.text, begin, end):
            words = remove_space(note["note"])
            dates = find_dates(words)
            if dates and len(dates[0][1]) > 4 and len(words) - len(dates[0][0]) <= 2:
                beside.append(Field("issued", dates[0][1], Span(*note.span("note"))))
            elif number := self.cues.document_number.fullmatch(words):
                beside.append(Field("documentNumber", number[0], Span(*note.span("note"))))
            else:
                break
            end = note.start()
        return Field("title", join_title(self.text[begin:end]), Span(begin, end)), tuple(beside)

    def _find_printed(self, inner: str, after: int, titles: Sequence[Span]) -> Field | None:
        """Return the title *inner* as it is printed above its own text, behind the offset *after*."""
        key = _get_key(inner)
        for span in titles:
            title, _ = self._read_title(span)
            if span.begin >= after and _get_key(title.value).endswith(key):
                return title
        for at, i in enumerate(self.used):
            line = self.lines[i]
            if line.span.begin < after or not line.text or not key.startswith(_get_key(line.text)):
                continue
            words = ""
            for k in self.used[at : at + _MOST_TITLE_LINES]:
                if len(self.lines[k].text) > _LONGEST_TITLE_LINE:
                    break
                words += self.lines[k].text
                if _get_key(words) == key:
                    return Field("title", join_title(words), Span(line.span.begin, self.lines[k].span.end))
        return None

    def _locate(self, inner: str, where: Span) -> Field:
        """Return *inner* as a title with its place inside the span *where*."""
        pattern = r"\s*".join(map(re.escape, "".join(inner.split())))
        m = re.compile(pattern).search(self.text, where.begin, where.end)
        return Field("title", inner, Span(*m.span()) if m else where)

    def _complete_issuer(self, title: Field, notice: str) -> Field:
        """Name the division of an issuer in the title: 市商务局2023年措施 of 澄溪市商务局 is 澄溪市商务局2023年措施."""
        cut = self.cues.patterns["issues"].search(notice)
        issuer = notice[: cut.start()].strip() if cut else ""
        if title.value[:1] not in _SHORT_RANKS:
            return title
        for at in range(1, len(issuer) - 2):
            if title.value.startswith(issuer[at:]):
                return Field("title", issuer[:at] + title.value, title.span)
        return title

    def _find_title_in_opening(self, titles: Sequence[Span]) -> PolicyTitle:
        """Return the instrument that a page without a title says it prints, or that it reports as published."""
        begin = self.lines[self.first].span.begin
        found = (
            m
            for name in ("says_it_prints", "reports_printing")
            for m in self.cues.patterns[name].finditer(self.text, begin, begin + _OPENING_LENGTH)
            if not self._is_ground(m.start())
        )
        m = min(found, key=lambda m: m.start(), default=None)
        if m is None:
            return PolicyTitle()
        span = Span(*m.span(m.lastgroup or "t"))
        words = join_title(span.of(self.text))
        inner = self.cut_inner_title(words)
        title = self._find_printed(inner or words, m.end(), titles) or self._locate(inner or words, span)
        notice = Field("noticeTitle", words, span) if inner is not None else None
        beside = [*self._find_day_before(m.start()), *self._find_number_after(m.end())]
        return PolicyTitle(title, notice, tuple(beside))

    def _is_ground(self, offset: int) -> bool:
        """Whether the clause before *offset* names a ground: 根据某市印发《…》, not what the page prints."""
        clause = _CLAUSE_END.split(self.text[max(0, offset - 60) : offset])[-1]
        return self.cues.ground_verb.search(clause) is not None

    def _find_number_after(self, offset: int) -> Iterator[Field]:
        """Yield the document number in brackets at *offset*, right behind a title."""
        if (bracket := _BRACKET.match(self.text, offset)) is not None:
            yield from find_document_numbers(self.text, bracket.start("words"), bracket.end("words"), self.cues)

    def _find_day_before(self, offset: int) -> Iterator[Field]:
        """Yield the date before *offset* in its sentence; a day without a year has that of the same day on the page."""
        begin = max(self.text.rfind(mark, 0, offset) for mark in "。\n") + 1
        if dates := find_dates(self.text, begin, offset):
            yield Field("issued", dates[-1][1], dates[-1][0])
        elif day := self.cues.patterns["month_and_day"].search(self.text, begin, offset):
            end = f"-{int(day['m']):02d}-{int(day['d']):02d}"
            for _, value in find_dates(self.text, begin):
                if value.endswith(end):
                    yield Field("issued", value, Span(day.start("m"), day.end("d") + 1))
                    break


def join_title(words: str) -> str:
    """Return a title on one line, without the blanks that a PDF file puts beside digits (2023 年1 月)."""
    joined = join_lines(words.strip())
    if _SPREAD.search(joined):
        joined = _SPREAD.sub(lambda m: m[0].replace(" ", ""), joined)
    joined = re.sub(r"(?<=\d) (?=[\u3400-\u9fff])|(?<=[\u3400-\u9fff]) (?=\d)", "", joined)
    return re.sub(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff]+》)", "", joined)


def _strip_marks(words: str) -> str:
    """Return a title without the marks around all of it: 〈甲办法〉, but not 《甲办法》实施细则."""
    for opening, closing in _OUTER_MARKS:
        if words.startswith(opening) and words.find(closing) == len(words) - 1:
            return words[1:-1]
    return words


def _rename(field: Field, name: str) -> Field:
    return Field(name, field.value, field.span)


def _get_key(title: str) -> str:
    """Return the key of a title; 的 does not count, since a notice may leave it out."""
    return title_key(title).replace("的", "")
