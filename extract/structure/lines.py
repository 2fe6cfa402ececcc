"""Lines of a page and their kinds: furniture, header field, title, salutation, date, running text …"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from extract.model import Span
from extract.structure.cues import StructureCues
from extract.structure.wrapping import RawLine, group_wrapped_lines
from extract.text.dates import DATE
from extract.text.normalize import remove_space


class LineKind(StrEnum):
    """What a line is, mostly judged by itself."""

    BLANK = "blank"
    FURNITURE = "furniture"
    FOOTER = "footer"
    FIELD = "field"
    SECTION = "section"
    SALUTATION = "salutation"
    TITLE = "title"
    NUMBER = "number"
    ORGAN = "organ"
    DATE = "date"
    SIGNATURE = "signature"
    CLOSING = "closing"
    CONTACT = "contact"
    ATTACHMENT = "attachment"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class PageLine:
    """A line without the white space around it; lines that the width of the page broke are one line."""

    span: Span
    text: str
    """Its words on one line: shorter than ``span`` if the width of the page broke it."""
    kind: LineKind
    indent: int
    """Number of white space characters before it."""
    note: str = ""
    """Of a field: its name, ``value`` or ``other``. Of a section: its name. Of a title: the kind of the document, or
    ``more`` in its further lines. Of a salutation: ``person``, ``group`` or ``inline``."""
    until: int = 0
    """Of a title: the index after its last line."""


HEAD_KINDS = frozenset(
    {LineKind.FIELD, LineKind.SECTION, LineKind.TITLE, LineKind.NUMBER, LineKind.ORGAN, LineKind.SALUTATION}
)
TAIL_KINDS = frozenset({LineKind.DATE, LineKind.SIGNATURE})
NON_TEXT_KINDS = frozenset(
    {LineKind.FURNITURE, LineKind.FOOTER, LineKind.FIELD, LineKind.SECTION, LineKind.SALUTATION, LineKind.TITLE,
     LineKind.NUMBER, LineKind.DATE, LineKind.SIGNATURE, LineKind.CONTACT, LineKind.ATTACHMENT}
)  # fmt: skip
"""Kinds of lines that are never running text."""

_STRIP = " \t\u3000\xa0\ufeff\u200b\r"
_FINAL_PUNCTUATION = re.compile(r"[。；;！!？?：:，,、]$")
_PUNCTUATION = re.compile(r"[。；;！!？?：:]")
_MAY_HAVE_LABEL = re.compile(r".{2,20}?[:： \t\u3000\xa0|]|.{2,12}$")
_OTHER_LABEL = re.compile(r"^[\u3400-\u9fff][\u3400-\u9fff \u3000]{1,9}[:：]\s*[^。；\s][^。；]{0,40}$")
_OTHER_CELL = re.compile(r"^[\u3400-\u9fff][\u3400-\u9fff \u3000]{1,9}(?:\t|\s*\|)\s*[^。；|\s][^。；|]{0,40}$")
_GLUED_LENGTH = 24
"""Shortest line that may be a title and what follows it without a break."""
_LONGEST_TITLE_LINE = 60
_MOST_TITLE_LINES = 6
_SHORTEST_FULL_TITLE = 18
"""Shortest first line of a page that may be the first half of a title without 关于."""
_COLLECTION_NUMBER = re.compile(r"\d{1,3}\s*[.．、]\s*")
_NUMBERED_ATTACHMENT = re.compile(r"^\d{1,2}\s*[.．、]\s*[^。；，]{2,60}$")


@lru_cache(maxsize=2)
def classify_lines(text: str, cues: StructureCues) -> tuple[PageLine, ...]:
    """Return the lines of *text* with their kinds, in order. Each line of a wrapped title is a title line.

    The last two pages are cached, since the stages for letters and for the outline both need the lines.
    """
    lines: list[PageLine] = []
    for group in group_wrapped_lines(_read_lines(text, cues), cues):
        words = "".join(raw.words for raw in group)
        kind, note = classify_line(words, cues)
        span = Span(group[0].begin, group[-1].begin + len(group[-1].words))
        lines.append(PageLine(span, words, kind, group[0].indent, note))
    _mark_field_values(lines, cues)
    _mark_wrapped_titles(lines, cues)
    return tuple(lines)


def _read_lines(text: str, cues: StructureCues) -> list[RawLine]:
    """Return the lines of *text* as they stand; a title, number and addressee without a break are three lines."""
    lines: list[RawLine] = []
    offset = 0
    for raw in text.split("\n"):
        words = raw.strip(_STRIP)
        indent = len(raw) - len(raw.lstrip(_STRIP))
        begin = offset + indent
        if len(words) >= _GLUED_LENGTH and (glued := cues.patterns["glued_head"].match(words)):
            for name in ("title", "number", "call"):
                if glued[name]:
                    lines.append(RawLine(begin + glued.start(name), glued[name], 0))
            begin, words = begin + glued.end(), words[glued.end() :]
        lines.append(RawLine(begin, words, indent))
        offset += len(raw) + 1
    return lines


def classify_line(words: str, cues: StructureCues) -> tuple[LineKind, str]:
    """Return kind and note of a line without the white space around it."""
    if not words:
        return LineKind.BLANK, ""
    size = len(words)
    if size <= 240:
        if cues.footer.search(words):
            return LineKind.FOOTER, ""
        if cues.patterns["meta_line"].match(words):
            return LineKind.FIELD, "published"
        if words[-1] != "。" and cues.furniture.search(words):
            return LineKind.FURNITURE, ""
    if size <= 24:
        for name, pattern in cues.sections.items():
            if pattern.match(words):
                return LineKind.SECTION, name
        if is_date_line(words):
            return LineKind.DATE, ""
    if cues.contact.match(words):
        return LineKind.CONTACT, ""
    if size <= 400 and _MAY_HAVE_LABEL.match(words):
        m = cues.label.match(words) or cues.strong_label.match(words) or cues.bare_label.match(words)
        if m is not None:
            name = cues.labels[get_label(m)].field
            if name == "title" and cues.title["reply"].search(words):
                return LineKind.TITLE, "reply"
            return LineKind.FIELD, name
    if size <= 120 and cues.closing.search(words):
        return LineKind.CLOSING, ""
    if cues.patterns["attachment"].match(words):
        return LineKind.ATTACHMENT, ""
    if size <= 400 and words[0] == "各" and words[-1] in ":：" and "。" not in words:
        return LineKind.SALUTATION, "group"
    if size <= 160 and words[-1] in ":：" and (note := classify_salutation(words, cues)):
        return LineKind.SALUTATION, note
    if ("：" in words[:60] or ":" in words[:60]) and cues.inline_call.match(words[:80]):
        return LineKind.SALUTATION, "inline"
    if size <= 40 and (m := cues.session.search(words)) and size - len(m[0]) <= 6 and (
        not _PUNCTUATION.search(words) and not cues.patterns["title_start"].search(words)
    ):  # fmt: skip
        return LineKind.NUMBER, "session"
    if size <= 160 and "《" not in words and not re.search(r"[。；！？]", words) and _has_number(words, cues):
        return LineKind.NUMBER, ""
    if size <= 200 and (m := DATE.search(words)) and m.end() >= size - 1 and _names_organs(words[: m.start()], cues):
        return LineKind.SIGNATURE, ""
    if _names_organs(words, cues):
        return LineKind.ORGAN, ""
    if note := classify_title(words, cues):
        return LineKind.TITLE, note
    return LineKind.TEXT, ""


def get_label(m: re.Match[str]) -> str:
    """Return the label in a match of a label pattern, without padding."""
    return remove_space(m["label"] or m.groupdict().get("cell") or "")


def is_date_line(words: str) -> bool:
    """Whether the line is a date and nothing else (brackets aside)."""
    m = DATE.search(words)
    return bool(m and m.start() <= 1 and m.end() >= len(words) - 1 and (m["m"] or m["m2"]))


def date_follows(lines: Sequence[PageLine], i: int) -> bool:
    """Whether a date or signature stands below line *i*, with at most other organs between."""
    for line in lines[i + 1 : i + 24]:
        if line.kind in TAIL_KINDS:
            return True
        if line.kind not in (LineKind.BLANK, LineKind.ORGAN, LineKind.FURNITURE):
            return False
    return False


def classify_salutation(words: str, cues: StructureCues) -> str:
    """Return ``person`` or ``group`` if the line is a salutation, else an empty string."""
    if cues.any_start.match(words) or cues.not_addressee.match(words):
        return ""
    if cues.person_call.match(words) and len(words) <= 80:
        return "person"
    m = cues.group_call.match(words)
    if not m:
        return ""
    names = m["names"]
    if names.startswith("各") and len(names) >= 3:
        return "group"
    addressees = re.split(r"[、,，\s]", names)
    tails = (cues.organ_tail, cues.group_tail, cues.person_tail, cues.patterns["unit_tail"])
    both_end_well = all(any(tail.search(name) for tail in tails) for name in (addressees[0], addressees[-1]))
    if both_end_well and not cues.patterns["enumerates"].search(names):
        return "group"
    return ""


def classify_title(words: str, cues: StructureCues) -> str:
    """Return ``proposal``, ``reply``, ``policy`` or ``report`` if the line may be its title, else an empty string."""
    if not 5 <= len(words) <= 160 or _FINAL_PUNCTUATION.search(words) or cues.any_start.match(words):
        return ""
    if cues.patterns["prints"].match(words):
        return "policy"
    bare = re.sub(r"《[^》]*》|“[^”]*”", "", words)
    if _PUNCTUATION.search(bare) or bare.count("，") > 2:
        return ""
    for kind in ("reply", "proposal", "report", "policy"):
        if cues.title[kind].search(words):
            return kind
    return ""


def _has_number(words: str, cues: StructureCues) -> bool:
    """Whether a line has a document or proposal number and, beside it, at most organs, a date, a class."""
    m = cues.document_number.search(words)
    if m is None:
        return bool(len(words) <= 24 and (cues.patterns["number_line"].fullmatch(words)
                                          or cues.class_mark.fullmatch(words)))  # fmt: skip
    if cues.label.search(words) and m.start() <= 2:
        return True
    rest = remove_space(DATE.sub("", words[: m.start()] + " " + words[m.end() :]))
    before = DATE.sub("", words[: m.start()]).strip()
    return len(rest) <= 12 or all(cues.organ_tail.search(name) for name in re.split(r"[ \t\u3000\xa0、]+", before))


def _names_organs(words: str, cues: StructureCues) -> bool:
    """Whether a line consists of names of organs."""
    words = cues.organ_note.sub("", words.strip(_STRIP)).rstrip()
    if not 3 <= len(words) <= 200 or _PUNCTUATION.search(words) or any(mark in words for mark in "，,“”《》%"):
        return False
    names = [name for name in re.split(r"[ \t\u3000\xa0、]+", words) if len(name) >= 2]
    return (
        bool(names)
        and all(cues.organ_tail.search(name) for name in names)
        and not cues.any_start.match(words)
        and all(len(name) <= 40 for name in names)
        and not cues.patterns["about_somebody"].search(words)
    )


def _mark_field_values(lines: list[PageLine], cues: StructureCues) -> None:
    """Mark lines whose kind the line above decides: values below their labels, and further attachments below 附件：."""
    for i, line in enumerate(lines[:-1]):
        following = lines[i + 1]
        if line.kind is LineKind.ATTACHMENT and _NUMBERED_ATTACHMENT.match(following.text) and (
            line.text[-1] not in "。；"
        ):  # fmt: skip
            lines[i + 1] = following = replace(following, kind=LineKind.ATTACHMENT, note="")
        if line.kind is LineKind.FIELD and (
            (_OTHER_LABEL.match(following.text) and following.kind is LineKind.TEXT)
            or (_OTHER_CELL.match(following.text) and following.kind in (LineKind.TEXT, LineKind.TITLE))
        ):
            # An unknown label among known ones.
            lines[i + 1] = replace(following, kind=LineKind.FIELD, note="other")
        if _labels_table_row(lines, i, cues):
            lines[i] = line = replace(line, kind=LineKind.FIELD, note=_get_field_name(line.text, cues))
        label_only = line.note != "value" and cues.bare_label.match(line.text)
        if line.kind is LineKind.FIELD and label_only:
            value = lines[i + 1]
            is_text = "。" in value.text or len(value.text) > 120
            is_text = is_text or (line.note != "title" and bool(cues.patterns["title_start"].search(value.text)))
            if value.kind not in (LineKind.BLANK, LineKind.FIELD, LineKind.SECTION, LineKind.FOOTER) and not is_text:
                lines[i + 1] = replace(value, kind=LineKind.FIELD, note="value")


def _get_field_name(words: str, cues: StructureCues) -> str:
    m = cues.bare_label.match(words)
    return cues.labels[get_label(m)].field if m else ""


def _labels_table_row(lines: list[PageLine], i: int, cues: StructureCues) -> bool:
    """Whether a section heading (办理结果) labels a row of a table: a field stands above it, a value below it."""
    line, following = lines[i], lines[i + 1]
    return bool(
        i
        and line.kind is LineKind.SECTION
        and lines[i - 1].kind is LineKind.FIELD
        and cues.bare_label.match(line.text)
        and following.kind is LineKind.TEXT
        and len(following.text) <= 24
        and not following.text.endswith(("。", "：", ":"))
    )


def _mark_wrapped_titles(lines: list[PageLine], cues: StructureCues) -> None:
    """Mark titles that continue on further lines: 国务院办公厅关于印发… / …的通知."""
    i = 0
    while i < len(lines):
        line = lines[i]
        if _is_numbered_title(lines, i, cues):
            lines[i] = line = replace(line, kind=LineKind.TITLE, note="policy")
        if line.kind is LineKind.TITLE:
            lines[i] = replace(line, until=i + 1)
        if _may_go_on(lines, i, cues):
            i = _mark_wrapped_title(lines, i, cues)
        i += 1


def _is_numbered_title(lines: list[PageLine], i: int, cues: StructureCues) -> bool:
    """Whether line *i* is a numbered title of a collection, above its number or addressees: 7.某局关于…的通知."""
    line = lines[i]
    number = _COLLECTION_NUMBER.match(line.text)
    return (
        number is not None
        and _is_above_addressees(lines, i)
        and classify_title(line.text[number.end() :], cues) == "policy"
        and is_complete_title(line.text, cues)
    )


def _is_above_addressees(lines: list[PageLine], i: int) -> bool:
    return i + 1 < len(lines) and lines[i + 1].kind in (LineKind.NUMBER, LineKind.SALUTATION)


def _may_go_on(lines: list[PageLine], i: int, cues: StructureCues) -> bool:
    """Whether the title on line *i*, or the part of a title, may go on in the next line."""
    line = lines[i]
    if line.kind is LineKind.TITLE:
        return line.note != "more" and not is_complete_title(line.text, cues)
    if (number := _COLLECTION_NUMBER.match(line.text)) and cues.patterns["forwards_begins"].match(
        line.text, number.end()
    ):
        return len(line.text) <= _LONGEST_TITLE_LINE and not _PUNCTUATION.search(line.text)
    return (
        line.kind in (LineKind.TEXT, LineKind.ORGAN)
        and 5 <= len(line.text) <= _LONGEST_TITLE_LINE
        and not _PUNCTUATION.search(line.text)
        and not cues.any_start.match(line.text)
        and bool(cues.patterns["title_start"].search(line.text) or _goes_on_below(lines, i, cues))
    )


def _goes_on_below(lines: list[PageLine], i: int, cues: StructureCues) -> bool:
    """Whether the line below line *i* can only be the rest of a title: …市场主体制 / 度性成本工作方案."""
    if i + 1 >= len(lines):
        return False
    line, below = lines[i], lines[i + 1]
    if cues.patterns["title_rest"].match(below.text):
        return True
    is_first = all(above.kind in (LineKind.BLANK, LineKind.FURNITURE, LineKind.FIELD) for above in lines[:i][-8:])
    if not is_first or below.kind not in (LineKind.TITLE, LineKind.TEXT) or line.kind is not LineKind.TEXT:
        return False
    start = cues.patterns["issues"].search(below.text)
    issuer = below.text[: start.start()] if start else ""
    begins_anew = (not issuer or _names_organs(issuer, cues)) if start else below.kind is not LineKind.TITLE
    return len(line.text) >= _SHORTEST_FULL_TITLE and not cues.patterns["portal"].search(line.text) and not begins_anew


def is_complete_title(words: str, cues: StructureCues) -> bool:
    """Whether the words are a title to its end: 关于印发某办法的通知, but not 关于印发某办法."""
    if note := cues.patterns["title_note"].search(words):
        words = words[: note.start()]
    if "关于" not in words and not cues.patterns["title_printing"].search(words):
        return True
    if cues.patterns["title_printing"].search(words):
        return bool(cues.patterns["forwards"].search(words) or not cues.title["policy"].search(words))
    return cues.patterns["title_complete"].search(words) is not None


def _mark_wrapped_title(lines: list[PageLine], first: int, cues: StructureCues) -> int:
    """Mark the title that begins on line *first*, if it is one; return the index of its last line, else *first*."""
    number = _COLLECTION_NUMBER.match(lines[first].text)
    words = lines[first].text[number.end() if number else 0 :]
    found: tuple[int, str] | None = None
    for last in range(first + 1, min(first + _MOST_TITLE_LINES, len(lines))):
        line = lines[last]
        if line.kind is LineKind.BLANK and lines[last - 1].kind is not LineKind.BLANK and found is None:
            continue
        if line.kind not in (LineKind.TEXT, LineKind.TITLE, LineKind.ORGAN) or len(line.text) > _LONGEST_TITLE_LINE:
            break
        if cues.any_start.match(line.text):
            break
        words += line.text
        if kind := classify_title(words, cues):
            is_complete = is_complete_title(words, cues)
            if is_complete or (found is None and lines[first].kind is not LineKind.TITLE):
                found = (last, kind)
            if is_complete:
                break
        if _PUNCTUATION.search(line.text):
            break
    if found is None:
        return first
    last, kind = found
    if number and not _is_above_addressees(lines, last):
        return first
    for i in range(first, last + 1):
        if lines[i].kind is not LineKind.BLANK:
            note = kind if i == first else "more"
            lines[i] = replace(lines[i], kind=LineKind.TITLE, note=note, until=last + 1)
    return last
