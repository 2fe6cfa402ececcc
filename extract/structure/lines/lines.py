"""Lines of a page, with their kinds; lines that the width of the page broke are joined."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise

from extract.model import Span
from extract.structure.cues import StructureCues
from extract.structure.lines.contents import clear_contents
from extract.structure.lines.duty_lines import mark_duty_lines
from extract.structure.lines.forms import mark_forms, mark_numbered_sections
from extract.structure.lines.kinds import WHITE_SPACE, LineKind, PageLine, classify_line, get_label
from extract.structure.lines.titles import mark_wrapped_titles
from extract.structure.lines.wrapping import RawLine, group_wrapped_lines

_OTHER_LABEL = re.compile(r"^[\u3400-\u9fff][\u3400-\u9fff \u3000]{1,9}[:：]\s*[^。；\s][^。；]{0,40}$")
_OTHER_CELL = re.compile(r"^[\u3400-\u9fff][\u3400-\u9fff \u3000]{1,9}(?:\t|\s*\|)\s*[^。；|\s][^。；|]{0,40}$")
_CELL_END = WHITE_SPACE + "|"
_GLUED_LENGTH = 24
"""Shortest line that may be a title and what follows it without a break."""
_LONGEST_CALL = 80
_ADDRESSES = ("您", "你", "首先")
_NUMBERED_ATTACHMENT = re.compile(r"^\d{1,2}\s*[.．、]\s*[^。；，]{2,60}$")


@lru_cache(maxsize=2)
def classify_lines(text: str, cues: StructureCues) -> tuple[PageLine, ...]:
    """Return the lines of *text* with their kinds, in order. Each line of a wrapped title is a title line.

    The last two pages are cached, since the stages for letters and for the outline both need the lines.
    """
    lines: list[PageLine] = []
    for group in group_wrapped_lines(clear_contents(_read_lines(text, cues)), cues):
        words = "".join(raw.words for raw in group)
        kind, note = classify_line(words, cues)
        span = Span(group[0].begin, group[-1].begin + len(group[-1].words))
        lines.append(PageLine(span, words, kind, group[0].indent, note))
    mark_numbered_sections(lines, cues)
    mark_forms(lines, cues)
    _mark_field_values(lines, cues)
    mark_duty_lines(lines, cues)
    _mark_bare_calls(lines, cues)
    mark_wrapped_titles(lines, cues)
    return tuple(lines)


def _read_lines(text: str, cues: StructureCues) -> list[RawLine]:
    """Return the lines of *text* as they stand; a title, number and addressee without a break are three lines."""
    lines: list[RawLine] = []
    offset = 0
    for raw in text.split("\n"):
        words = raw.strip(WHITE_SPACE)
        if words.endswith("|") and "|" not in (cell := words.rstrip(_CELL_END)):
            words = cell  # the only cell of a row that has words
        indent = len(raw) - len(raw.lstrip(WHITE_SPACE))
        begin = offset + indent
        if len(words) >= _GLUED_LENGTH and (glued := cues.patterns["glued_head"].match(words)):
            for name in ("title", "number", "call"):
                if glued[name]:
                    lines.append(RawLine(begin + glued.start(name), glued[name], 0))
            begin, words = begin + glued.end(), words[glued.end() :]
        lines.append(RawLine(begin, words, indent))
        offset += len(raw) + 1
    return lines


def _mark_field_values(lines: list[PageLine], cues: StructureCues) -> None:
    """Mark lines whose kind the line above decides: values below their labels, and further attachments below 附件：."""
    for i, line in enumerate(lines[:-1]):
        following = lines[i + 1]
        if line.kind is LineKind.ATTACHMENT and _NUMBERED_ATTACHMENT.match(following.text) and (
            line.text[-1] not in "。；"
        ):  # fmt: skip
            lines[i + 1] = following = replace(following, kind=LineKind.ATTACHMENT, note="")
        if line.kind in (LineKind.FIELD, LineKind.CONTACT) and (
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


def _mark_bare_calls(lines: list[PageLine], cues: StructureCues) -> None:
    """Mark the names of proposers that lost their colon above a text that addresses them: 某某代表 / 您提出的…."""
    words = [i for i, line in enumerate(lines) if line.kind is not LineKind.BLANK]
    for i, below in pairwise(words):
        line = lines[i]
        if line.kind is not LineKind.TEXT or len(line.text) > _LONGEST_CALL:
            continue
        call = cues.bare_call.match(line.text)
        if call and (call["hello"] or lines[below].text.startswith(_ADDRESSES)):
            lines[i] = replace(line, kind=LineKind.SALUTATION, note="person")


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
