"""A question that asks several things → its parts, each with the topic that it shares with the first one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kg.report.ask.sentences.settings import AnalysisSettings

_CLOSED = re.compile(r"[“\"「『《（(][^”\"」』》）)]*[”\"」』》）)]")
"""What stands in quotes, brackets and titles is not cut."""
_SENTENCE_END = re.compile(r"[？?。！!;；]")
_BRACKETS = re.compile(r"[（(][^（()）]*[)）]")


@dataclass(frozen=True, slots=True)
class QuestionPart:
    """A question within a question."""

    asked: str
    """Its own words."""
    text: str
    """The topic and its own words."""
    own_from: int = 0
    """Where its own words begin in the text."""


def split_question(question: str, lang: str, settings: AnalysisSettings) -> list[QuestionPart]:
    """Return the parts of *question*; one that asks a single thing is the only part.

    Clauses that ask nothing belong to the next one that does. The topic of later parts is the first part without the
    words that ask.
    """
    whole = [QuestionPart(question, question)]
    if settings.chained.search(question):
        return whole
    groups: list[tuple[int, int]] = []
    at = begin = 0
    cues = _list_cues(question, lang, settings)
    for end, after in [*_list_ends(question, lang, settings), (len(question), len(question))]:
        if any(at <= cue < end for cue, _ in cues):
            groups.append((begin, end))
            begin = after
        elif groups and _SENTENCE_END.search(question[end:after]):
            groups[-1], begin = (groups[-1][0], end), after
        at = after
    if len(groups) < 2:
        return whole
    first = groups[0]
    topic = "".join(char for place, char in enumerate(question[: first[1]])
                    if not any(b <= place < e for b, e in cues)).strip()  # fmt: skip
    topic = f"{topic} " if topic else ""
    asked = [question[b:e].strip() for b, e in groups]
    return [QuestionPart(asked[0], asked[0]), *(QuestionPart(own, topic + own, len(topic)) for own in asked[1:])]


def split_places(
    part: QuestionPart, places: Sequence[tuple[int, int]], lang: str, settings: AnalysisSettings
) -> list[tuple[str, QuestionPart]]:
    """Return the question for each of several places that it asks the same of, with their names; else none."""
    if len(places) < 2 or not settings.compares[lang].search(part.text):
        return []
    between = (_BRACKETS.sub("", part.text[one[1] : other[0]]) for one, other in pairwise(places))
    if not all(settings.joins.match(words) for words in between):
        return []
    first, last = places[0][0], places[-1][1]
    found = []
    for begin, end in places:
        tail = _BRACKETS.match(part.text, end)
        name = part.text[begin:end]
        text = part.text[:first] + name + (tail[0] if tail else "") + part.text[last:]
        found.append((name, QuestionPart(part.asked, text, min(part.own_from, len(text)))))
    return found


def _list_cues(question: str, lang: str, settings: AnalysisSettings) -> list[tuple[int, int]]:
    """Return the places of the words that ask."""
    text = question.lower()
    patterns = [pattern for kind in settings.types for pattern in kind.asked[lang]]
    spans = (found.span() for pattern in patterns for found in pattern.finditer(text))
    return sorted({(begin, end) for begin, end in spans if begin < end})


def _list_ends(question: str, lang: str, settings: AnalysisSettings) -> Iterator[tuple[int, int]]:
    """Yield where the clauses of a question end, and where the next ones begin."""
    closed = [found.span() for found in _CLOSED.finditer(question)]
    for found in settings.part_end[lang].finditer(question):
        if not any(begin < found.start() < end for begin, end in closed):
            yield found.span()
