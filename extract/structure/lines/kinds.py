"""Kinds of the lines of a page, each judged by its own words: furniture, header field, title, salutation, date …"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from extract.model import Span
from extract.structure.cues import StructureCues
from extract.text.dates import DATE
from extract.text.normalize import remove_space
from extract.text.rows import is_row

_LONGEST_CALL = 160
"""Characters of a salutation that does not begin with 各."""


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

WHITE_SPACE = " \t\u3000\xa0\ufeff\u200b\r"
_SHORTEST_LABELLED_TEXT = 40
"""Fewest characters of a line that is text of a letter behind its label: 【办理情况】…"""
_GAPS_IN_LAST_WORD = re.compile(r"(?<=[答复回])\s+(?=[复函](?:\s*函)?$)")
_BULLET = re.compile(r"[•·]\s+")
_LIST_MARK = re.compile(r"[-•·*]\s+")
_CLOSES = re.compile("[^《“]*[》”]")
"""A closing mark before any opening one: the rest of a sentence (制”的建议), and no title."""
_FINAL_PUNCTUATION = re.compile(r"[。；;！!？?：:，,、]$")
PUNCTUATION = re.compile(r"[。；;！!？?：:]")
_MAY_HAVE_LABEL = re.compile(
    r"(?:[-•·*]\s+)?"
    r"(?:.{2,20}?[:： \t\u3000\xa0|]|.{2,12}$|[【\[]|(?:发布|成文|印发|公开|生成|索引|发文|答复|办[理复]))"
)


def classify_line(words: str, cues: StructureCues) -> tuple[LineKind, str]:
    """Return kind and note of a line without the white space around it."""
    if not words:
        return LineKind.BLANK, ""
    size = len(words)
    if size <= 60 and (mark := _BULLET.match(words)) and (note := _classify_bullet(words[mark.end() :], cues)):
        return (LineKind.FURNITURE, "") if note == "other" else (LineKind.FIELD, note)
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
    if cues.patterns["duty_note"].match(words):
        return LineKind.TEXT, ""
    if cues.contact.match(words):
        return LineKind.CONTACT, ""
    if size <= 400 and _MAY_HAVE_LABEL.match(words):
        m = match_label(words, cues)
        if m is not None:
            name = cues.labels[get_label(m)].field
            if name == "title" and cues.title["reply"].search(words):
                return LineKind.TITLE, "reply"
            if name != "other" or size < _SHORTEST_LABELLED_TEXT or "。" not in words[m.end() :]:
                return LineKind.FIELD, name
            return LineKind.TEXT, ""
    if "|" in words and size <= 240 and "。" not in words and (m := cues.label.search(words)):
        return LineKind.FIELD, cues.labels[get_label(m)].field
    if is_row(words):
        return LineKind.TEXT, ""
    if size <= 120 and cues.closing.search(words):
        return LineKind.CLOSING, ""
    if cues.patterns["attachment"].match(words):
        return LineKind.ATTACHMENT, ""
    if size <= 400 and words[-1] in ":：" and (note := classify_salutation(words, cues)):
        return LineKind.SALUTATION, note
    if ("：" in words[:60] or ":" in words[:60]) and cues.inline_call.match(words[:80]):
        return LineKind.SALUTATION, "inline"
    if size <= 40 and (m := cues.session.search(words)) and size - len(m[0]) <= 6 and (
        not PUNCTUATION.search(words) and not cues.patterns["title_start"].search(words)
    ):  # fmt: skip
        return LineKind.NUMBER, "session"
    if size <= 160 and "《" not in words and not re.search(r"[。；！？]", words) and _has_number(words, cues):
        return LineKind.NUMBER, ""
    if size <= 200 and (m := DATE.search(words)) and m.end() >= size - 1 and names_organs(words[: m.start()], cues):
        return LineKind.SIGNATURE, ""
    if names_organs(words, cues):
        return LineKind.ORGAN, ""
    if note := classify_title(words, cues):
        return LineKind.TITLE, note
    return LineKind.TEXT, ""


def _classify_bullet(words: str, cues: StructureCues) -> str:
    """Return what a line of a portal's list without labels says (date, office, number or keywords), if it says that."""
    if is_date_line(words):
        return "published"
    if names_organs(words, cues):
        return "publisher"
    return "other" if cues.patterns["bare_metadata"].fullmatch(words) else ""


def match_label(words: str, cues: StructureCues) -> re.Match[str] | None:
    """Return the label at the start of a line, None if there is none; a mark of a list may stand before it."""
    mark = _LIST_MARK.match(words)
    if mark is not None and (m := cues.label.match(words, mark.end())):
        return m
    return cues.label.match(words) or cues.strong_label.match(words) or cues.bare_label.match(words)


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
    if words[0] == "各" and words[-1] in ":：" and "。" not in words:
        return "group"
    if len(words) > _LONGEST_CALL:
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
    words = close_gaps(words)
    if words[:1] in "【[" and words[-1:] in "】]":
        words = words[1:-1]
    if not 5 <= len(words) <= 160 or _FINAL_PUNCTUATION.search(words) or cues.any_start.match(words):
        return ""
    if cues.patterns["prints"].match(words):
        return "policy"
    bare = cues.patterns["title_number"].sub("", re.sub(r"《[^》]*》|“[^”]*”", "", words))
    if PUNCTUATION.search(bare) or bare.count("，") > 2 or opens_inside(bare):
        return ""
    if cues.patterns["says_none"].search(bare) or cues.patterns["tells_answer"].fullmatch(words):
        return ""
    for kind in ("reply", "proposal", "report", "policy"):
        if cues.title[kind].search(words):
            return kind
    return ""


def opens_inside(words: str) -> bool:
    """Whether words begin inside a quotation or title: 制”的建议 is the rest of a sentence."""
    return _CLOSES.match(words) is not None


def close_gaps(words: str) -> str:
    """Return the words of a title without the gaps in its last word: 关于某建议的答　　复."""
    return _GAPS_IN_LAST_WORD.sub("", words)


def _has_number(words: str, cues: StructureCues) -> bool:
    """Whether a line has a document or proposal number and, beside it, at most organs, a date, a class."""
    m = cues.document_number.search(words)
    if m is None:
        patterns = (cues.patterns["number_line"], cues.class_mark, cues.patterns["class_line"])
        return len(words) <= 24 and any(pattern.fullmatch(words) for pattern in patterns)
    if cues.label.search(words) and m.start() <= 2:
        return True
    rest = remove_space(DATE.sub("", words[: m.start()] + " " + words[m.end() :]))
    before = DATE.sub("", words[: m.start()]).strip()
    return len(rest) <= 12 or all(cues.organ_tail.search(name) for name in re.split(r"[ \t\u3000\xa0、]+", before))


def names_organs(words: str, cues: StructureCues) -> bool:
    """Whether a line consists of names of organs."""
    words = cues.organ_note.sub("", words.strip(WHITE_SPACE)).rstrip()
    if not 3 <= len(words) <= 200 or PUNCTUATION.search(words) or any(mark in words for mark in "，,“”《》%|"):
        return False
    names = [name for name in re.split(r"[ \t\u3000\xa0、]+", words) if len(name) >= 2]
    return (
        bool(names)
        and all(cues.organ_tail.search(name) for name in names)
        and not cues.any_start.match(words)
        and all(len(name) <= 40 for name in names)
        and not cues.patterns["about_somebody"].search(words)
    )
