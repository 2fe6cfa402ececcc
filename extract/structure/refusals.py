"""Parts of a reply that turn a suggestion down or put it off (不予采纳, 暂不设立, 建议暂缓), and do nothing besides."""

from __future__ import annotations

import re

from extract.model import REPLY_KINDS, Kind, Letter, Part
from extract.records import copy_with
from extract.structure.cues import StructureCues

_SENTENCE = re.compile(r"[^。！!？?；;\n]+[。！!？?；;\n]?")
_ACTS = frozenset({Kind.MEASURE, Kind.COMMITMENT})


def mark_refusals(
    text: str, parts: tuple[Part, ...], letters: tuple[Letter, ...], cues: StructureCues
) -> tuple[Part, ...]:
    """Mark the measures of replies that only refuse or put off what was asked for; none of them is a commitment."""
    replies = {letter.id for letter in letters if letter.kind in REPLY_KINDS}
    above = {part.parent for part in parts}
    return tuple(
        copy_with(part, kind=Kind.MEASURE, refused=True)
        if part.kind in _ACTS and part.letter in replies and part.id not in above and _refuses(text, part, cues)
        else part
        for part in parts
    )


def _refuses(text: str, part: Part, cues: StructureCues) -> bool:
    """Whether a part refuses, does not say before that anything was taken up or will be done, and ends with that."""
    kinds = cues.kinds
    begin = part.heading.end if part.heading is not None else part.span.begin
    refused = False
    for found in _SENTENCE.finditer(text, begin, part.span.end):
        sentence = found[0].strip()
        refusal = kinds["refuses"].search(sentence)
        if refusal is not None and not kinds["refuses_some"].search(sentence[: refusal.start()]):
            if kinds["promise"].search(sentence[refusal.end() :]) or kinds["takes_up"].search(sentence):
                return False
            refused = True
        else:
            acts = ("promise", "takes_up", "commit_start", *(("done", "says_who_acts") if refused else ()))
            if any(kinds[name].search(sentence) for name in acts):
                return False
    return refused
