"""Fields of letters, as printed: header fields, letterheads, openings, signatures and dates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from extract.model import Field, Span
from extract.structure.cues import HAN, StructureCues
from extract.structure.handlers import read_handlers, read_review, split_names
from extract.structure.lines.kinds import LineKind, PageLine, get_label
from extract.text.dates import DATE, find_dates, format_iso
from extract.text.normalize import remove_space

_BEFORE_BOOK = re.compile(rf"[{HAN}\d、（()）\s]{{0,40}}")
"""What may stand between 根据 and 《: the organs that issued the instrument."""
_LAST_NOTE = re.compile(r"[（(][^（()）。]{2,20}[)）]\s*$")
_QUOTE = re.compile(r"[“”\"《》]")
_NEXT_LABEL = re.compile(rf"(?:[ \t\xa0]{{2,}}|\u3000)[ \t\u3000\xa0]*[{HAN}]{{2,8}}[:：]")
"""A label that the table does not know, behind the value of another one on the same line."""
_NARROW = str.maketrans("ＡＢＣＤＥＦａｂｃｄｅｆ", "ABCDEFabcdef")


def read_header_fields(
    text: str, lines: Sequence[PageLine], indexes: Iterable[int], cues: StructureCues
) -> list[Field]:
    """Return the fields of labelled lines (案号：…); a line may have several. Names are those of the label table.

    Args:
        text: the page.
        lines: its lines.
        indexes: the lines to read.
        cues: the compiled patterns.
    """
    fields: list[Field] = []
    pending = ""  # the field whose label had no value yet
    for i in indexes:
        line = lines[i]
        if line.kind is LineKind.FIELD and line.note == "value":
            fields += _read_value(pending, line.span, text, cues)
            pending = ""
            continue
        labels = [] if line.kind is LineKind.TITLE else list(cues.label.finditer(text, line.span.begin, line.span.end))
        if line.kind is LineKind.FIELD and line.note == "published":
            labels = _add_glued_labels(text, line.span, labels, cues)
        if line.kind is LineKind.FIELD and line.note == "published" and labels and labels[0].start() > line.span.begin:
            fields += _read_value("published", Span(line.span.begin, labels[0].start()), text, cues)
        if not labels and line.kind is LineKind.FIELD:
            m = cues.strong_label.match(line.text)
            if m:
                fields += _read_cells(line.span, m, text, cues)
            elif line.note in ("published", "publisher") and line.text[:1] in "•·":
                fields += _read_value(line.note, _strip(text, Span(line.span.begin + 1, line.span.end)), text, cues)
            elif m := cues.bare_label.match(line.text):
                pending = cues.labels[get_label(m)].field
            continue
        ends = [label.start() for label in labels[1:]] + [line.span.end]
        for label, end in zip(labels, ends, strict=False):
            name = cues.labels[get_label(label)].field
            unknown = _NEXT_LABEL.search(text, label.end(), end)
            value = _strip(text, Span(label.end(), unknown.start() if unknown else end))
            if text.startswith("|", label.end()) and "|" in value.of(text):  # the next cell of a row of a table
                value = _strip(text, Span(value.begin, text.index("|", value.begin)))
            if len(value) == 0:
                pending = name
            else:
                fields += _read_value(name, value, text, cues)
    return fields


def _add_glued_labels(text: str, span: Span, labels: list[re.Match[str]], cues: StructureCues) -> list[re.Match[str]]:
    """Return *labels* and those of dates and publishers behind another value: 来源：某县某局发布时间：2025-11-04."""
    covered = [Span(*label.span("label")) for label in labels]
    glued = (m for m in cues.glued_label.finditer(text, span.begin, span.end))
    added = [m for m in glued if not any(Span(*m.span("label")).overlaps(known) for known in covered)]
    return sorted([*labels, *added], key=lambda label: label.start())


def _read_cells(span: Span, first: re.Match[str], text: str, cues: StructureCues) -> list[Field]:
    """Return the fields of a line whose first label has no colon; gaps may separate others from it."""
    begin = span.begin + first.end()
    further = list(cues.gap_label.finditer(text, begin, span.end))
    cells = [(get_label(first), begin), *((get_label(m), m.end()) for m in further)]
    ends = [*(m.start() for m in further), span.end]
    fields: list[Field] = []
    for (label, start), end in zip(cells, ends, strict=True):
        fields += _read_value(cues.labels[label].field, _strip(text, Span(start, end)), text, cues)
    return fields


def find_document_numbers(text: str, begin: int, end: int, cues: StructureCues) -> list[Field]:
    """Return the document numbers (文号) between *begin* and *end*, with 〔〕 for all kinds of brackets."""
    fields = []
    for m in cues.document_number.finditer(text, begin, end):
        value = re.sub(r"[\[【（(［]", "〔", re.sub(r"[\]】）)］]", "〕", remove_space(m[0])))
        fields.append(Field("documentNumber", value, Span(m.start(), m.end())))
    return fields


def read_organs(text: str, span: Span, cues: StructureCues, name: str = "issuedBy") -> list[Field]:
    """Return the organs on a letterhead or signature line; names set without a gap (…部财政部) are separated."""
    organs: list[Field] = []
    words = span.of(text)
    if note := cues.organ_note.search(words):
        words = words[: note.start()]
    starts = [0, *(m.start() for m in cues.patterns["organ_joint"].finditer(words)), len(words)]
    tokens = [
        (m[0], span.begin + begin + m.start())
        for begin, end in pairwise(starts)
        for m in re.finditer(r"[^\s、,，]+", words[begin:end])
    ]
    for token, offset in tokens:
        pieces = _split_same_place(token, cues) or [cut.span() for cut in cues.patterns["organ_cut"].finditer(token)]
        if pieces:
            pieces[-1] = (pieces[-1][0], len(token))
        if not _are_several_organs(token, pieces, cues):
            pieces = [(0, len(token))]
        for begin, end in pieces:
            if end - begin >= 2:
                organs.append(Field(name, token[begin:end], Span(offset + begin, offset + end)))
    merged: list[Field] = []
    for organ in organs:  # 市 场 监 管 局, set with gaps
        if merged and len(organ.value) <= 2 and not cues.organ_tail.search(merged[-1].value):
            whole = Span(merged.pop().span.begin, organ.span.end)
            organ = Field(name, remove_space(whole.of(text)), whole)
        merged.append(organ)
    return merged


def read_signature(text: str, lines: Sequence[PageLine], tail: Sequence[int], cues: StructureCues) -> list[Field]:
    """Return ``issuedBy`` and ``issued`` from the lines below a letter; *tail* are their indexes."""
    fields: list[Field] = []
    for i in tail:
        line = lines[i]
        if line.kind is LineKind.ORGAN:
            fields += read_organs(text, line.span, cues)
        elif line.kind in (LineKind.DATE, LineKind.SIGNATURE):
            m = DATE.search(text, line.span.begin, line.span.end)
            if m is None:
                continue
            if line.kind is LineKind.SIGNATURE:
                fields += read_organs(text, Span(line.span.begin, m.start()), cues)
            if (value := format_iso(m)) and not any(field.name == "issued" for field in fields):
                fields.append(Field("issued", value, Span(m.start(), m.end())))
    return fields


def split_glued_signature(text: str, body: Span, cues: StructureCues) -> tuple[Span, list[Field]] | None:
    """Split off a signature at the end of a text's last line (…支持！某市某局2024年8月20日).

    Returns:
        The text before the signature, and its fields; None if there is no such signature.
    """
    note = _LAST_NOTE.search(text, max(body.begin, body.end - 24), body.end)
    end = note.start() if note else body.end
    line_begin = max(text.rfind("\n", body.begin, end) + 1, body.begin)
    dates = list(DATE.finditer(text, max(line_begin, end - 24), end))
    if not dates or dates[-1].end() < end - 2:
        return None
    date = dates[-1]
    begin = max(text.rfind(mark, line_begin, date.start()) for mark in "。！!？） \u3000") + 1
    words = text[begin : date.start()].strip()
    value = format_iso(date)
    if begin <= line_begin or not value or not 4 <= len(words) <= 60 or not cues.organ_tail.search(words):
        return None
    organs = read_organs(text, Span(begin, date.start()), cues)
    return Span(body.begin, begin), [*organs, Field("issued", value, Span(date.start(), date.end()))]


def find_consulted(text: str, begin: int, end: int, cues: StructureCues) -> list[Field]:
    """Return the organs whose opinion a reply's opening takes in: 经综合市财政局、市人社局等单位的意见."""
    for m in cues.consult.finditer(text, begin, end):
        stop = re.compile(r"[。；;：:\n]").search(text, m.end(), end)
        organs: list[Field] = []
        list_end = m.end()
        for words, offset in _split_organ_list(text, m.end(), stop.start() if stop else end, cues):
            name = cues.consult_tail.sub("", words)
            if not cues.organ_tail.search(name) and (cut := cues.patterns["organ_cut"].match(name)):
                name = cut[0]  # 市工业和信息化局+进行了专题研究
            if not _may_be_consulted(name, cues):
                break
            organs.append(Field("consulted", name, Span(offset, offset + len(name))))
            list_end = offset + len(name)
            if name != words:
                break
        if organs and cues.consult_after.match(text, list_end, end):
            return organs
    return []


def find_told_opinions(text: str, body: Span, cues: StructureCues) -> list[Field]:
    """Return the organs that a letter says have given an opinion: 市水利局会同市财政局研究提出了办理意见.

    Args:
        text: the page.
        body: the text of the letter.
        cues: the compiled patterns.
    """
    fields: dict[str, Field] = {}
    for m in cues.patterns["told_opinion"].finditer(text, body.begin, body.end):
        begin = m.start("list")
        for words in cues.patterns["opinion_joint"].split(m["list"]):
            offset = text.index(words, begin)
            begin = offset + len(words)
            if _may_be_consulted(words, cues):
                fields.setdefault(words, Field("consulted", words, Span(offset, begin)))
    return list(fields.values())


def find_co_handlers(text: str, begin: int, end: int, cues: StructureCues) -> list[Field]:
    """Return the organs that a reply's opening names as co-handling: 由我局主办，市财政局会办; 会办单位市财政局意见."""
    fields = []
    for m in cues.patterns["told_co"].finditer(text, begin, end):
        group = next(group for group in "abcde" if m[group])
        for words, offset in _split_organ_list(text, m.start(group), m.end(group), cues):
            if _may_be_consulted(words, cues):
                fields.append(Field("coAgency", words, Span(offset, offset + len(words))))
    return fields


def find_all_consulted(
    text: str, begin: int, end: int, co_handlers: Iterable[Field], cues: StructureCues
) -> list[Field]:
    """Return *co_handlers* as consulted organs if the opening says that the opinions of all of them went in."""
    if not cues.patterns["consult_all"].search(text, begin, end):
        return []
    return [Field("consulted", field.value, field.span) for field in co_handlers]


def find_basis(
    text: str, begin: int, end: int, cues: StructureCues, verb: re.Pattern[str] | None = None
) -> list[Field]:
    """Return the titles of the instruments on which a letter is based: 根据《…》(文号)、《…》要求.

    Args:
        text: the page.
        begin: where to begin.
        end: where to stop.
        cues: the compiled patterns.
        verb: the words before the titles; ``cues.based_on`` if None.
    """
    fields: list[Field] = []
    for m in (verb or cues.based_on).finditer(text, begin, end):
        offset = m.end()
        gap = _BEFORE_BOOK.match(text, offset, end)
        if gap and not text.startswith("《", offset):
            offset = gap.end() if text.startswith("《", gap.end()) else offset
        while (book := cues.patterns["book_list"].match(text, offset, end)) is not None:
            title = Span(book.start("t"), book.end("t"))
            words = re.sub(r"\s*\n\s*", "", title.of(text))
            if all(field.value != words for field in fields):
                fields.append(Field("basedOn", words, title))
            offset = book.end()
    return fields


def _strip(text: str, span: Span) -> Span:
    begin, end = span.begin, span.end
    while begin < end and (text[begin].isspace() or text[begin] in "【[|"):
        begin += 1
    while end > begin and (text[end - 1].isspace() or text[end - 1] in "】]|；;"):
        end -= 1
    return Span(begin, end)


def _read_value(name: str, span: Span, text: str, cues: StructureCues) -> list[Field]:
    """Return the fields that the value of a labelled field contains."""
    words = span.of(text)
    if not words or words in ("无", "暂无", "/", "-", "—"):
        return []
    if name == "title":
        return _split_title_and_number(text, span)
    if name == "proposalNumber":
        m = cues.number_alone.match(words)
        return [Field(name, m["n"], _shift(m.span("n"), span.begin))] if m else []
    if name == "handlingClass":
        m = cues.handling_class.match(words)
        return [Field(name, m["c"].translate(_NARROW), _shift(m.span("c"), span.begin))] if m else []
    if name in ("issued", "published"):
        return [Field(name, value, date) for date, value in find_dates(text, span.begin, span.end)[:1]]
    if name == "documentNumber":
        return find_document_numbers(text, span.begin, span.end, cues)[:1]
    if name in ("leadAgency", "coAgency", "handling"):
        return read_handlers(name, text, span, cues)
    if name == "status":
        states = (("Repealed", "repealed"), ("InForce", "valid"))
        found = next((state for state, pattern in states if cues.patterns[pattern].search(words)), None)
        return [Field(name, found, span)] if found else []
    if name == "review":
        return read_review(text, span, cues)
    if name == "issuedBy":
        return split_names(name, text, span)
    if name == "publisher":
        return [organ for organ in split_names(name, text, span) if cues.organ_tail.search(organ.value)]
    if name == "submittedBy":
        return _read_proposers(text, span, cues)
    return [Field(name, words, span)]


def _shift(offsets: tuple[int, int], by: int) -> Span:
    return Span(offsets[0] + by, offsets[1] + by)


def _read_proposers(text: str, span: Span, cues: StructureCues) -> list[Field]:
    """Split a list of proposers; 委员, 代表 and 等3人 are left out."""
    fields = []
    for field in split_names("submittedBy", text, span):
        words = cues.person_tail.sub("", re.sub(r"等\d*[人位名]?$", "", field.value))
        words = re.split(r"[（(]", words)[0]
        if words and not words.isdigit():
            fields.append(Field("submittedBy", words, Span(field.span.begin, field.span.begin + len(words))))
    return fields


def _split_title_and_number(text: str, span: Span) -> list[Field]:
    """Split a title from the number before or after it: (20230368)关于…的建议."""
    words = span.of(text)
    fields = []
    begin, end = span.begin, span.end
    if m := re.match(r"\s*(?:[（(【\[]\s*第?\s*(\d{2,12})\s*号?\s*[)）】\]]|第\s*(\d{1,12})\s*号\s*[:：]?)\s*", words):
        group = 1 if m[1] else 2
        fields.append(Field("proposalNumber", m[group], _shift(m.span(group), begin)))
        begin += m.end()
    elif m := re.search(r"\s*[（(【]\s*第?\s*(\d{2,12})\s*号?[^）)】]{0,4}[)）】]\s*$", words):
        fields.append(Field("proposalNumber", m[1], _shift(m.span(1), begin)))
        end = begin + m.start()
    if text[begin:end].startswith("《") and text[begin:end].endswith("》"):
        begin, end = begin + 1, end - 1
    fields.append(Field("title", text[begin:end], Span(begin, end)))
    return fields


def _are_several_organs(token: str, pieces: list[tuple[int, int]], cues: StructureCues) -> bool:
    """Whether the pieces of *token* are organs set without a gap."""
    if len(pieces) < 2 or any(end - begin < 3 for begin, end in pieces):
        return False
    # Organs set without a gap are ministries (…部…部); 省政府办公厅 or 市委宣传部 is one organ.
    words = [token[begin:end] for begin, end in pieces]
    if all(word[:2] == token[:2] for word in words):
        return True
    ministries = any(cues.patterns["ministry"].search(word) for word in words)
    return len(token) > 12 and ministries and not cues.patterns["local_organ"].match(words[0])


def _split_same_place(token: str, cues: StructureCues) -> list[tuple[int, int]]:
    """Return the organs of one place that are set without a gap: 澄溪市水利局澄溪市农业农村局; empty if it is one."""
    starts = [0]
    for m in re.finditer(re.escape(token[:2]), token[2:]):
        begin = m.start() + 2
        before = token[starts[-1] : begin]
        if len(before) >= 4 and cues.organ_tail.search(before) and not before.endswith("总局"):
            starts.append(begin)
    return list(pairwise([*starts, len(token)])) if len(starts) > 1 else []


def _may_be_consulted(name: str, cues: StructureCues) -> bool:
    if _QUOTE.search(name) or not 3 <= len(name) <= 30:
        return False
    return bool(cues.organ_tail.search(name)) and not cues.not_consulted.match(name)


def _split_organ_list(text: str, begin: int, end: int, cues: StructureCues) -> list[tuple[str, int]]:
    """Return the organs of a list with their offsets; a 和 inside a name (发展和改革局) does not split it."""
    organs = []
    for piece in re.finditer(r"[^、,，]+", text[begin:end]):
        words = piece[0].strip()
        offset = begin + piece.start() + len(piece[0]) - len(piece[0].lstrip())
        start = 0
        for m in re.finditer("以及|和|及|与", words):
            left, right = words[start : m.start()], words[m.end() :]
            if cues.organ_tail.search(left) and len(left) >= 3 and len(right) >= 3:
                organs.append((left, offset + start))
                start = m.end()
        organs.append((words[start:], offset + start))
    return organs
