"""What comes of the parts of a reply: which refuse or put off a suggestion, and when the commitments are to be kept.

Refused is what is turned down or put off (不予采纳, 暂不设立, 建议暂缓) if nothing is done besides. A commitment may
have a deadline and a frequency: 2025年10月底前完成编制, 每季度召开一次.
"""

from __future__ import annotations

import re

from extract.model import REPLY_KINDS, Kind, Letter, Part
from extract.records import copy_with
from extract.structure.cues import StructureCues, compile_cues
from extract.text.periods import TimeUse, find_times
from ontology.lexicons import Lexicon

_SENTENCE = re.compile(r"[^。！!？?；;\n]+[。！!？?；;\n]?")
_ACTS = frozenset({Kind.MEASURE, Kind.COMMITMENT})
_DATE = re.compile(r"(?:19|20)\d\d(?:-\d\d){0,2}")
_FIRST = re.compile(r"[^。；;！!]*")
_CLAUSE_END = re.compile(r"[，,。；;！!\n]|$")


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


def add_promise_times(
    text: str, parts: tuple[Part, ...], letters: tuple[Letter, ...], lex: Lexicon
) -> tuple[Part, ...]:
    """Give the commitments without parts of their own the only deadline and the only frequency that each states.

    These stand in its first sentence: a later one may promise something else.
    """
    issued = {letter.id: letter.get_value("issued") or "" for letter in letters}
    above = {part.parent for part in parts}
    return tuple(
        _add_times(text, part, issued[part.letter], lex)
        if part.kind is Kind.COMMITMENT and part.id not in above
        else part
        for part in parts
    )


def _add_times(text: str, part: Part, issued: str, lex: Lexicon) -> Part:
    apart = part.heading is not None and text.startswith("\n", part.heading.end)  # on a line of its own
    begin = part.heading.end if part.heading is not None and apart else part.span.begin
    from extract.text.folding import fold_text  # it loads numpy, which joining letters does without

    words = fold_text(text[begin : part.span.end].lstrip(" \t\n　。")).text
    first = _FIRST.match(words)
    first_end = first.end() if first else 0
    deadlines, frequencies = set(), set()
    recurring = compile_cues(lex).kinds["recurring_act"]
    for time in find_times(words, issued, lex):
        if time.use is TimeUse.BY:
            deadlines.add(time.value.split("/")[-1] if time.span.end <= first_end else "")
        elif time.use is TimeUse.EVERY:
            end = _CLAUSE_END.search(words, time.span.end)
            if recurring.match(words, time.span.end, end.start() if end else len(words)):
                frequencies.add(words[time.span.begin : time.span.end] if time.span.end <= first_end else "")
    deadline = deadlines.pop() if len(deadlines) == 1 else ""
    if not _DATE.fullmatch(deadline) or deadline < issued[: len(deadline)]:
        deadline = ""
    frequency = frequencies.pop() if len(frequencies) == 1 else ""
    return copy_with(part, deadline=deadline, frequency=frequency) if deadline or frequency else part
