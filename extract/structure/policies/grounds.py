"""What the opening of an instrument says about it: who approved it, and on which instruments it is based."""

from __future__ import annotations

import re

from extract.model import Field, Span
from extract.structure.cues import StructureCues
from extract.structure.fields import find_basis
from extract.structure.page import join_lines
from extract.text.normalize import title_key

_APPROVAL_LENGTH = 1500
_OPENING_LENGTH = 2500
"""Characters in which an instrument says on what it is based: its notice and its first paragraphs or articles."""
_ORGAN = re.compile("[^、和]+")


def find_approval(text: str, body: Span, cues: StructureCues) -> list[Field]:
    """Return the organs that approved an instrument: 已经市委、市政府同意.

    Args:
        text: the page.
        body: the running text of the instrument, with its notice.
        cues: the compiled patterns.
    """
    m = cues.patterns["approved"].search(text, body.begin, min(body.end, body.begin + _APPROVAL_LENGTH))
    if m is None:
        return []
    begin = m.start("who")
    return [
        Field("approvedBy", join_lines(organ[0]), Span(begin + organ.start(), begin + organ.end()))
        for organ in _ORGAN.finditer(m["who"])
    ]


def find_grounds(text: str, body: Span, title: Field | None, cues: StructureCues) -> list[Field]:
    """Return the instruments on which an instrument says it is based: 根据《甲》《乙》等规定，制定本办法.

    Args:
        text: the page.
        body: the running text of the instrument, with its notice.
        title: the instrument's own title.
        cues: the compiled patterns.
    """
    own = title_key(title.value) if title else ""
    fields: dict[str, Field] = {}
    end = min(body.end, body.begin + _OPENING_LENGTH)
    begin = body.begin
    while begin < end:
        stop = text.find("。", begin, body.end)
        stop = body.end if stop < 0 else stop
        for field in find_basis(text, begin, stop, cues, cues.ground_verb):
            key = title_key(field.value)
            if key != own and cues.patterns["ground"].search(text, field.span.end, stop):
                fields.setdefault(key, field)
        begin = stop + 1
    return list(fields.values())
