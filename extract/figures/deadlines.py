"""When a promise is to be kept: by the times of its sentence, else by a note behind its item, else by its section.

Notes are （完成时限：2025年12月底） and （6月底前完成，…）.
"""

from __future__ import annotations

import re
from functools import lru_cache

from extract.figures.context import FigureContext, Number, Scene
from extract.text.periods import TimeExpression, TimeUse
from ontology.lexicons import Lexicon

_FARTHEST = 600
"""Characters behind a number in which its item is looked through."""
_LONGEST = 24
"""Characters of a time."""
_LISTED_YEARS = re.compile(r"(\d{4})年(?=、|$)")
"""Of years that do not follow each other, as printed: 2026年、2028年."""
_STATED = frozenset({TimeUse.AT, TimeUse.BY})


class _Patterns:
    def __init__(self, lex: Lexicon) -> None:
        config = lex.read_config("figures")["deadlines"]
        self.mark = re.compile(config["mark"])
        self.endless = re.compile(config["endless"])
        self.bracket = re.compile(config["bracket"])
        self.next_item = re.compile(config["next_item"])


@lru_cache(maxsize=8)
def _load_patterns(lex: Lexicon) -> _Patterns:
    return _Patterns(lex)


def find_promise_times(
    page: FigureContext, scene: Scene, number: Number, carried: str, section: str
) -> tuple[str, str]:
    """Return period and deadline of a promise.

    Args:
        page: the page.
        scene: the sentence.
        number: the number that is promised.
        carried: the time that the sentence before left.
        section: the deadline of the section, or the year of the plan, which is no deadline.
    """
    own = [time for time in scene.times if time.span.begin < number.begin and _dates(page, scene, time)]
    if own and own[-1].use is TimeUse.SINCE:
        return own[-1].value.split("/")[0], ""
    if not own and _has_no_end(page, scene, number):
        return "", ""
    value = own[-1].value if own else find_item_deadline(page, scene, number) or carried
    deadline = (_LISTED_YEARS.findall(value) or value.split("/"))[-1]
    return (deadline if deadline[:4].isdigit() else "") or section, deadline


def _dates(page: FigureContext, scene: Scene, time: TimeExpression) -> bool:
    """Whether a time is one of a promise: 目前 and 现有 say when the text was written."""
    if time.use not in (*_STATED, TimeUse.SINCE):
        return False
    printed = page.text[time.span.begin : time.span.end]
    return time.implied or time.value != scene.letter.get_value("issued") or any(char.isdigit() for char in printed)


def find_item_deadline(page: FigureContext, scene: Scene, number: Number) -> str:
    """Return the deadline that the rest of the item of *number* states in a note; empty if it states none."""
    patterns = _load_patterns(page.lex)
    begin, end = _find_rest(page, scene, number)
    for pattern in (patterns.mark, patterns.bracket):
        if note := pattern.search(page.text, begin, end):
            return _read_time(page, scene, note.start("time"), min(note.start("time") + _LONGEST, end))
    return ""


def _has_no_end(page: FigureContext, scene: Scene, number: Number) -> bool:
    """Whether the note behind the item of *number* says that the work goes on: 完成时限：持续推进."""
    patterns = _load_patterns(page.lex)
    begin, end = _find_rest(page, scene, number)
    note = patterns.mark.search(page.text, begin, end)
    return note is not None and patterns.endless.match(page.text, note.start("time"), end) is not None


def _find_rest(page: FigureContext, scene: Scene, number: Number) -> tuple[int, int]:
    """Return where the rest of the item of *number* begins and ends."""
    begin = number.end
    span = scene.chain[0].span if scene.chain else scene.letter.span
    end = min(page.folded.map_span(span).end, begin + _FARTHEST)
    if following := _load_patterns(page.lex).next_item.search(page.text, begin, end):
        end = following.start()
    return begin, end


def _read_time(page: FigureContext, scene: Scene, begin: int, end: int) -> str:
    """Return the end of the first time in a stretch; empty if it is no date."""
    for time in page.times(scene.letter, begin, end):
        value = time.value.split("/")[-1]
        if time.use in _STATED and value[:4].isdigit():
            return value
    return ""
