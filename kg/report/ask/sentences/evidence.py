"""Whether a sentence holds an answer of the kind that a question asks for, and where."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from kg.report.ask.sentences.analysis import AskedType

_PERSON = "<person>"
_TITLE = re.compile(r"《[^》]*》|[〔\[(（](?:19|20)\d\d[〕\])）](?:\d+号)?")
"""Titles and numbers of documents: what stands in them is no answer."""
_CONTACT = r"(?:联系人|负责人|组\s*长|主任|局长|经办人)[:：]"


def find_evidence(asked: AskedType, text: str, persons: Sequence[str], groups: Sequence[Sequence[str]]) -> list[str]:
    """Return the words of *text* that are answers of a kind.

    Args:
        asked: the kind.
        text: folded words of a sentence.
        persons: keys of the names of persons.
        groups: units that count as the same.
    """
    pattern = asked.type.evidence
    if asked.type.raw:
        return [found[0] for found in _compile(pattern).finditer(text)]
    if asked.type.head:
        pattern = pattern.replace("<head>", "|".join(map(re.escape, asked.heads)))
    if _PERSON in pattern:
        named = [name for name in persons if name in text]
        if named or re.search(_CONTACT, text):
            return named or [text]
        pattern = pattern.replace(_PERSON, "").strip("|")
        if not pattern:
            return []
    pattern += (
        _write_units(asked.unit, groups) if asked.unit else f"(?:{asked.type.any_unit})" if asked.type.any_unit else ""
    )
    if asked.counts_things:
        return [found[0] for found in _compile(pattern).finditer(_TITLE.sub("", text)) if found[0][-1] not in "元%"]
    return [found[0] for found in _compile(pattern).finditer(_TITLE.sub("", text))]


def _write_units(unit: str, groups: Sequence[Sequence[str]]) -> str:
    """Return a pattern of a unit and those that count as the same."""
    same = next((group for group in groups if unit in group), (unit,))
    return f"(?:{'|'.join(sorted(map(re.escape, same), key=len, reverse=True))})(?![月工])"


@cache
def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
