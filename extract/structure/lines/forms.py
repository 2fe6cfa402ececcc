"""Lines of a page that frame its letters: numbered headings above them, and forms below them."""

from __future__ import annotations

from dataclasses import replace

from extract.structure.cues import StructureCues
from extract.structure.lines.kinds import LineKind, PageLine

_LETTER_LINES = frozenset({LineKind.SALUTATION, LineKind.TITLE, LineKind.SECTION, LineKind.SIGNATURE})
_LONGEST_HEADING = 30


def mark_forms(lines: list[PageLine], cues: StructureCues) -> None:
    """Mark the form below a letter on which its proposers say whether they are satisfied: it is no letter."""
    in_form = False
    for i, line in enumerate(lines):
        if cues.patterns["feedback_form"].match(line.text):
            below = [other for other in lines[i + 1 : i + 8] if other.kind is not LineKind.BLANK][:4]
            in_form = any(
                other.kind is LineKind.FIELD or cues.patterns["check_box"].search(other.text) for other in below
            ) and all(other.kind not in _LETTER_LINES for other in below)
        elif line.kind in _LETTER_LINES:
            in_form = False
        if in_form and line.kind is not LineKind.BLANK:
            lines[i] = replace(line, kind=LineKind.FOOTER, note="")


def mark_numbered_sections(lines: list[PageLine], cues: StructureCues) -> None:
    """Mark the headings of letters that a page numbers: 一、建议内容, 二、答复内容, （一）某局答复.

    A heading of a reply is one only if a salutation follows it, maybe below another such heading: inside a letter the
    same words head a section of its text.
    """
    words = [i for i, line in enumerate(lines) if line.kind is not LineKind.BLANK]
    following: PageLine | None = None
    replied = False
    for i in reversed(words):
        line = lines[i]
        name = _name_numbered_section(line, cues)
        follows_letter = following is not None and following.kind in (LineKind.SALUTATION, LineKind.SECTION)
        if (name in ("lead", "co") and follows_letter) or (name == "proposal" and replied):
            replied = replied or name != "proposal"
            lines[i] = line = replace(line, kind=LineKind.SECTION, note=name)
        following = line


def _name_numbered_section(line: PageLine, cues: StructureCues) -> str:
    """Return the name of the section that a numbered line can head, else an empty string."""
    if line.kind is not LineKind.TEXT or len(line.text) > _LONGEST_HEADING:
        return ""
    number = cues.any_start.match(line.text)
    if number is None:
        return ""
    heading = line.text[number.end() :].strip()
    if m := cues.patterns["answer_of_organ"].match(heading):
        return "co" if m["co"] else "lead"
    return next((name for name, pattern in cues.sections.items() if pattern.match(heading)), "")
