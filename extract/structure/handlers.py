"""Lists of the organs that handle a proposal, with the role of each: in a field, or in the note of a review."""

from __future__ import annotations

import re

from extract.model import Field, Span
from extract.structure.cues import StructureCues

_NUMBER_IN_LIST = re.compile(
    r"[（(]\d{1,2}[)）]|[①-⑳]|(?<![\w.])\d{1,2}[.．、)）](?!\d)|(?<=[^\W\d])\d[.．、](?=[^\W\d])"
)
"""Numbers of the members of a list: 1.市教育局 2.市财政局, （1）市教育局（2）市财政局."""


def split_names(name: str, text: str, span: Span) -> list[Field]:
    """Split a list of names; a name may contain brackets. Numbers of the list (1. 2.) are left out."""
    fields = []
    words_of_list = _NUMBER_IN_LIST.sub(lambda m: " " * len(m[0]), span.of(text))
    for m in re.finditer(r"(?:[（(][^（()）]*[)）]|[^、,，;；\s|/／])+", words_of_list):
        words = m[0].rstrip("。.")
        if words.endswith(("）", ")")) and not re.search("[（(]", words):
            words = words[:-1]
        if len(words) >= 2:
            begin = span.begin + m.start()
            fields.append(Field(name, words, Span(begin, begin + len(words))))
    return fields


def read_handlers(name: str, text: str, span: Span, cues: StructureCues) -> list[Field]:
    """Split a list of organs. Notes behind them or words before them decide their role.

    Examples: 市商务局（主办）、市税务局; 主办 市商务局；会办 市税务局、市财政局.
    """
    fields = []
    lead, co = cues.patterns["role_lead"], cues.patterns["role_co"]
    organs = [one for organ in split_names(name, text, span) for one in _split_joined(organ, cues)]
    any_lead = any(lead.search(organ.value) for organ in organs)
    for organ in organs:
        if before := _find_role_before(organ.value, cues):
            name, begin = before
            organ = Field(name, organ.value[begin:], Span(organ.span.begin + begin, organ.span.end))
            if not organ.value:
                continue
        if cues.bare_label.match(organ.value) or cues.patterns["opinion_label"].fullmatch(organ.value):
            break  # the next column of a row: 会办单位 市水利局 会办意见 …
        is_lead = lead.search(organ.value)
        note = is_lead or co.search(organ.value)
        role = "leadAgency" if is_lead else "coAgency" if note or any_lead else name
        end = note or cues.patterns["state_note"].search(organ.value)
        value = organ.value[: end.start()] if end else organ.value
        fields.append(Field(role, value, Span(organ.span.begin, organ.span.begin + len(value))))
    return fields


def _split_joined(organ: Field, cues: StructureCues) -> list[Field]:
    """Split organs that 和 joins, and leave out 等3个单位; a 和 in a name (发展和改革局) joins nothing."""
    words = cues.patterns["and_others"].sub("", organ.value)
    fields, begin = [], 0
    for m in cues.patterns["joint"].finditer(words):
        left, right = words[begin : m.start()], words[m.end() :]
        if min(len(left), len(right)) >= 3 and cues.organ_tail.search(left) and cues.organ_tail.search(right):
            fields.append((begin, m.start()))
            begin = m.end()
    fields.append((begin, len(words)))
    start = organ.span.begin
    return [Field(organ.name, words[b:e], Span(start + b, start + e)) for b, e in fields
            if e > b and not cues.patterns["no_handler"].match(words[b:e])]  # fmt: skip


def _find_role_before(words: str, cues: StructureCues) -> tuple[str, int] | None:
    """Return the role of a word that stands alone or before an organ, and where the organ begins; else None."""
    for role, name in (("leadAgency", "lead_before"), ("coAgency", "co_before")):
        found = cues.patterns[name].match(words)
        if found and (found.end() == len(words) or cues.organ_tail.search(words[found.end() :])):
            return role, found.end()
    return None


def read_review(text: str, span: Span, cues: StructureCues) -> list[Field]:
    """Return the organs that a review tells to handle the proposal: 立案，交县商务局主办，县财政局会办."""
    fields = []
    for m in cues.patterns["review"].finditer(text, span.begin, span.end):
        role = m["role"]
        name = (
            "leadAgency" if cues.patterns["review_lead"].search(role)
            else "coAgency" if cues.patterns["review_co"].search(role) else "handling"
        )  # fmt: skip
        for organ in split_names(name, text, Span(m.start("list"), m.end("list"))):
            lead = cues.patterns["review_trim"].match(organ.value)
            value = organ.value[lead.end() :] if lead else organ.value
            if cues.organ_tail.search(value) and len(value) >= 3:
                fields.append(Field(name, value, Span(organ.span.end - len(value), organ.span.end)))
    return fields
