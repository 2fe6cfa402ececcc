"""What the opening of an instrument says about it: who approved it, and on which instruments it is based."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from extract.model import Field, Span
from extract.structure.cues import StructureCues
from extract.structure.fields import find_basis
from extract.structure.policies.titles import join_title
from extract.text.normalize import title_key

_OPENING_LENGTH = 2500
"""Characters in which an instrument says on what it is based: its notice and its first paragraphs or articles."""
_APPROVAL_LENGTH = 1500
_LONGEST_SENTENCE = 1000
_NO_SPACE = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class _Opening:
    """The opening of an instrument without white space: a PDF file breaks lines and sets blanks anywhere."""

    words: str
    offsets: list[int]
    """Offset in the page of each character."""

    @classmethod
    def read(cls, text: str, begin: int, end: int) -> Self:
        words: list[str] = []
        offsets: list[int] = []
        for m in _NO_SPACE.finditer(text, begin, end):
            words.append(m[0])
            offsets += range(m.start(), m.end())
        return cls("".join(words), offsets)

    def get_span(self, begin: int, end: int) -> Span:
        """Return where the words from *begin* to *end* stand on the page."""
        return Span(self.offsets[begin], self.offsets[end - 1] + 1)


def find_approval(text: str, body: Span, cues: StructureCues) -> list[Field]:
    """Return the organs that approved an instrument: 已经市委、市政府同意.

    Args:
        text: the page.
        body: the running text of the instrument, with its notice.
        cues: the compiled patterns.
    """
    opening = _Opening.read(text, body.begin, min(body.end, body.begin + _APPROVAL_LENGTH))
    m = cues.patterns["approved"].search(opening.words)
    if m is None:
        return []
    fields: list[Field] = []
    begin = m.start("who")
    for organ in cues.patterns["approved_joint"].split(m["who"]):
        begin = opening.words.index(organ, begin)
        if _may_approve(organ, cues):
            fields.append(Field("approvedBy", organ, opening.get_span(begin, begin + len(organ))))
        begin += len(organ)
    return fields


def _may_approve(words: str, cues: StructureCues) -> bool:
    is_organ = cues.organ_tail.search(words) or words.endswith(("组", "中央", "会议"))
    return len(words) >= 2 and bool(is_organ) and not cues.patterns["not_approver"].match(words)


def find_grounds(text: str, body: Span, title: Field | None, cues: StructureCues) -> list[Field]:
    """Return the instruments on which an instrument says it is based: 根据《甲》《乙》等规定，制定本办法.

    Args:
        text: the page.
        body: the running text of the instrument, with its notice.
        title: the instrument's own title.
        cues: the compiled patterns.
    """
    own = title_key(title.value) if title else ""
    opening = _Opening.read(text, body.begin, min(body.end, body.begin + _OPENING_LENGTH + _LONGEST_SENTENCE))
    fields: dict[str, Field] = {}
    begin = 0
    while 0 <= begin < min(len(opening.words), _OPENING_LENGTH):
        stop = opening.words.find("。", begin)
        stop = len(opening.words) if stop < 0 else stop
        for field in find_basis(opening.words, begin, stop, cues, cues.ground_verb):
            key = title_key(field.value)
            if key != own and cues.patterns["ground"].search(opening.words, field.span.end, stop):
                span = opening.get_span(*field.span)
                fields.setdefault(key, Field("basedOn", join_title(span.of(text)), span))
        begin = stop + 1
    return list(fields.values())
