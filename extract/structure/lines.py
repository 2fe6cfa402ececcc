"""Lines of a page and what each of them is: furniture, a header field, a title, a salutation, a date, running text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from extract.model import Span
from extract.structure.cues import Cues, squeeze_label
from extract.text.dates import DATE


class LineKind(StrEnum):
    """What a line is, judged by itself."""

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
class Line:
    """A line without the white space around it."""

    span: Span
    text: str
    kind: LineKind
    indent: int
    note: str = ""
    """Of a section: which; of a title: which kind; of a salutation: ``person``, ``group`` or ``inline``."""
    until: int = 0
    """Index after the last line of the title that begins here (titles wrap)."""


HEAD = frozenset(
    {LineKind.FIELD, LineKind.SECTION, LineKind.TITLE, LineKind.NUMBER, LineKind.ORGAN, LineKind.SALUTATION}
)
TAIL = frozenset({LineKind.DATE, LineKind.SIGNATURE})
APART = frozenset(
    {LineKind.FURNITURE, LineKind.FOOTER, LineKind.FIELD, LineKind.SECTION, LineKind.SALUTATION, LineKind.TITLE,
     LineKind.NUMBER, LineKind.DATE, LineKind.SIGNATURE, LineKind.CONTACT, LineKind.ATTACHMENT}
)  # fmt: skip
"""Lines that are never running text."""

_STRIP = " \t\u3000\xa0\ufeff\u200b\r"
_ENDS = re.compile(r"[。；;！!？?：:，,、]$")
_LABELLED = re.compile(r".{2,20}?[:： \t\u3000\xa0|]|.{2,12}$")
_OTHER_LABEL = re.compile(r"^[\u3400-\u9fff][\u3400-\u9fff \u3000]{1,9}[:：]\s*[^。；\s][^。；]{0,40}$")
_OTHER_CELL = re.compile(r"^[\u3400-\u9fff][\u3400-\u9fff \u3000]{1,9}(?:\t|\s*\|)\s*[^。；|\s][^。；|]{0,40}$")
_MORE = re.compile(r"^\d{1,2}\s*[.．、]\s*[^。；，]{2,60}$")
_BREAKS = re.compile(r"[。；;！!？?：:]")


@lru_cache(maxsize=2)
def lines_of(text: str, cues: Cues) -> tuple[Line, ...]:
    """The lines of *text*, each with its kind, in order; titles that wrap are marked at each of their lines.

    The last pages are remembered, since splitting and outlining both ask for them.
    """
    out: list[Line] = []
    at = 0
    for raw in text.split("\n"):
        words = raw.strip(_STRIP)
        indent = len(raw) - len(raw.lstrip(_STRIP))
        begin = at + indent
        kind, note = classify(words, cues)
        out.append(Line(Span(begin, begin + len(words)), words, kind, indent, note))
        at += len(raw) + 1
    _field_values(out, cues)
    _wrapped_titles(out, cues)
    return tuple(out)


def classify(words: str, cues: Cues) -> tuple[LineKind, str]:
    """Kind and note of a stripped line."""
    if not words:
        return LineKind.BLANK, ""
    size = len(words)
    if size <= 240:
        if cues.footer.search(words):
            return LineKind.FOOTER, ""
        if words[-1] != "。" and cues.furniture.search(words):
            return LineKind.FURNITURE, ""
    if size <= 24:
        for name, pattern in cues.sections.items():
            if pattern.match(words):
                return LineKind.SECTION, name
        if bare_date(words):
            return LineKind.DATE, ""
    if cues.contact.match(words):
        return LineKind.CONTACT, ""
    if size <= 400 and _LABELLED.match(words):
        m = cues.label.match(words) or cues.strong_label.match(words) or cues.bare_label.match(words)
        if m is not None:
            name = cues.labels[label_of(m)].field
            if name == "title" and cues.title["reply"].search(words):
                return LineKind.TITLE, "reply"
            return LineKind.FIELD, name
    if size <= 120 and cues.closing.search(words):
        return LineKind.CLOSING, ""
    if cues.patterns["attachment"].match(words):
        return LineKind.ATTACHMENT, ""
    if size <= 400 and words[0] == "各" and words[-1] in ":：" and "。" not in words:
        return LineKind.SALUTATION, "group"
    if size <= 160 and words[-1] in ":：" and (note := salutation(words, cues)):
        return LineKind.SALUTATION, note
    if ("：" in words[:60] or ":" in words[:60]) and cues.inline_call.match(words[:80]):
        return LineKind.SALUTATION, "inline"
    if size <= 40 and (m := cues.session.search(words)) and size - len(m[0]) <= 6 and (
        not _BREAKS.search(words) and not cues.patterns["title_start"].search(words)
    ):  # fmt: skip
        return LineKind.NUMBER, "session"
    if size <= 160 and "《" not in words and not re.search(r"[。；！？]", words) and _numbers(words, cues):
        return LineKind.NUMBER, ""
    if size <= 200 and (m := DATE.search(words)) and m.end() >= size - 1 and _organs(words[: m.start()], cues):
        return LineKind.SIGNATURE, ""
    if _organs(words, cues):
        return LineKind.ORGAN, ""
    if note := title_kind(words, cues):
        return LineKind.TITLE, note
    return LineKind.TEXT, ""


def label_of(m: re.Match[str]) -> str:
    """The label that one of the label patterns found, without padding."""
    return squeeze_label(m["label"] or m.groupdict().get("cell") or "")


def _numbers(words: str, cues: Cues) -> bool:
    """Whether a line holds a document or proposal number and, beside it, at most organs, a date, a class."""
    m = cues.document_number.search(words)
    if m is None:
        return bool(len(words) <= 24 and (cues.patterns["number_line"].fullmatch(words)
                                          or cues.class_mark.fullmatch(words)))  # fmt: skip
    if cues.label.search(words) and m.start() <= 2:
        return True
    rest = squeeze_label(DATE.sub("", words[: m.start()] + " " + words[m.end() :]))
    return len(rest) <= 12 or all(
        cues.organ_tail.search(t) for t in re.split(r"[ \t\u3000\xa0、]+", DATE.sub("", words[: m.start()]).strip())
    )


def bare_date(words: str) -> bool:
    """Whether the line is a date and nothing else (brackets aside)."""
    m = DATE.search(words)
    return bool(m and m.start() <= 1 and m.end() >= len(words) - 1 and (m["m"] or m["m2"]))


def _organs(words: str, cues: Cues) -> bool:
    words = cues.organ_note.sub("", words.strip(_STRIP)).rstrip()
    if not 3 <= len(words) <= 200 or _BREAKS.search(words) or any(c in words for c in "，,“”《》%"):
        return False
    tokens = re.split(r"[ \t\u3000\xa0、]+", words)
    long = [t for t in tokens if len(t) >= 2]
    return (
        bool(long)
        and all(cues.organ_tail.search(t) for t in long)
        and not cues.any_start.match(words)
        and (all(len(t) <= 40 for t in long) and not cues.patterns["about_somebody"].search(words))
    )


def salutation(words: str, cues: Cues) -> str:
    """``person`` or ``group`` if the line addresses somebody, else empty."""
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
    first = re.split(r"[、,，\s]", names)[0]
    last = re.split(r"[、,，\s]", names)[-1]
    tails = (cues.organ_tail, cues.group_tail, cues.person_tail, cues.patterns["unit_tail"])
    ends = [t for t in (first, last) if any(tail.search(t) for tail in tails)]
    if len(ends) == 2 and not cues.patterns["enumerates"].search(names):
        return "group"
    return ""


def title_kind(words: str, cues: Cues) -> str:
    """``proposal``, ``reply``, ``policy`` or ``report`` if the line may be such a document's title, else empty."""
    if not 5 <= len(words) <= 160 or _ENDS.search(words) or cues.any_start.match(words):
        return ""
    bare = re.sub(r"《[^》]*》|“[^”]*”", "", words)
    if _BREAKS.search(bare) or bare.count("，") > 2:
        return ""
    for kind in ("reply", "proposal", "report", "policy"):
        if cues.title[kind].search(words):
            return kind
    return ""


def _field_values(lines: list[Line], cues: Cues) -> None:
    """A label with nothing after it takes the next line as its value; below an 附件： stand more of them."""
    for i, line in enumerate(lines[:-1]):
        if line.kind is LineKind.ATTACHMENT and _MORE.match(lines[i + 1].text) and line.text[-1] not in "。；":
            after = lines[i + 1]
            lines[i + 1] = Line(after.span, after.text, LineKind.ATTACHMENT, after.indent)
        after = lines[i + 1]
        if line.kind is LineKind.FIELD and (
            (_OTHER_LABEL.match(after.text) and after.kind is LineKind.TEXT)
            or (_OTHER_CELL.match(after.text) and after.kind in (LineKind.TEXT, LineKind.TITLE))
        ):
            # An unknown label among known ones.
            lines[i + 1] = Line(after.span, after.text, LineKind.FIELD, after.indent, "other")
        if _answers_row(lines, i, cues):
            lines[i] = line = Line(line.span, line.text, LineKind.FIELD, line.indent, _label_field(line.text, cues))
        alone = line.note != "value" and cues.bare_label.match(line.text)
        if line.kind is LineKind.FIELD and alone:
            value = lines[i + 1]
            running = "。" in value.text or len(value.text) > 120
            if value.kind not in (LineKind.BLANK, LineKind.FIELD, LineKind.SECTION, LineKind.FOOTER) and not running:
                lines[i + 1] = Line(value.span, value.text, LineKind.FIELD, value.indent, "value")


def _label_field(words: str, cues: Cues) -> str:
    m = cues.bare_label.match(words)
    return cues.labels[label_of(m)].field if m else ""


def _answers_row(lines: list[Line], i: int, cues: Cues) -> bool:
    """Whether what could head a section (办理结果) labels a table's row: fields stand above it, a value below."""
    line, after = lines[i], lines[i + 1]
    return bool(
        i
        and line.kind is LineKind.SECTION
        and lines[i - 1].kind is LineKind.FIELD
        and cues.bare_label.match(line.text)
        and after.kind is LineKind.TEXT
        and len(after.text) <= 24
        and not after.text.endswith(("。", "：", ":"))
    )


def _wrapped_titles(lines: list[Line], cues: Cues) -> None:
    """Join titles that go over several lines: 国务院办公厅关于印发… / …的通知."""
    i = 0
    while i < len(lines):
        line = lines[i]
        if line.kind is LineKind.TITLE:
            lines[i] = Line(line.span, line.text, line.kind, line.indent, line.note, i + 1)
        elif (
            line.kind in (LineKind.TEXT, LineKind.ORGAN)
            and 5 <= len(line.text) <= 60
            and cues.patterns["title_start"].search(line.text)
            and not _BREAKS.search(line.text)
            and not cues.any_start.match(line.text)
        ):
            words = line.text
            for j in range(i + 1, min(i + 5, len(lines))):
                if lines[j].kind not in (LineKind.TEXT, LineKind.TITLE, LineKind.ORGAN) or len(lines[j].text) > 60:
                    break
                words += lines[j].text
                if note := title_kind(words, cues):
                    for k in range(i, j + 1):
                        old = lines[k]
                        lines[k] = Line(
                            old.span, old.text, LineKind.TITLE, old.indent, note if k == i else "more", j + 1
                        )
                    i = j
                    break
                if _BREAKS.search(lines[j].text):
                    break
        i += 1
