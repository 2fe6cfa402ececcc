"""Which of several things each number of a list is told of: A、B和C分别达到x、y、z."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from extract.figures.wording import LabelWords
from extract.text.segment import Word

_SEPARATOR = re.compile(r"、|以及|和|与|及|，|,")
_SHORTEST = 2


def find_members(left: str, count: int, words: LabelWords, cut: Callable[[str], list[Word]]) -> list[str]:
    """Return the names of *count* numbers before which *left* stands; empty if they are not told in turn.

    Args:
        left: the words before the first number.
        count: how many numbers follow.
        words: the words of names.
        cut: splits text into words.
    """
    turn = words.in_turn.search(left)
    subjects = left[: turn.start()] if turn else words.strip_end(left, [w.begin for w in cut(left)])
    said = left[turn.end() :] if turn else ""
    if not subjects or (not turn and words.states_value.search(left) is None):
        return []
    names = _split_names(words.openers.sub("", subjects) or subjects, count, cut)
    if len(names) != count or any(len(name) < _SHORTEST for name in names):
        return []
    said = words.strip_end(said, ())
    if said:
        return [name + said for name in names]
    return _share_words(names, words, cut)


def _split_names(subjects: str, count: int, cut: Callable[[str], list[Word]]) -> list[str]:
    """Return the members of a list; separators of words (和 in 和平) are none, and 、 separates before 和 does."""
    names = [name for name in subjects.split("、") if name]
    if len(names) == count:
        return names
    found, last = [], 0
    for word in cut(subjects):
        if _SEPARATOR.fullmatch(word.text):
            found.append(subjects[last : word.begin])
            last = word.end
    return [name for name in (*found, subjects[last:]) if name]


def _share_words(names: Sequence[str], words: LabelWords, cut: Callable[[str], list[Word]]) -> list[str]:
    """Give all members the words that only the first or the last one has: 花生种植、收获+机械化率."""
    last = names[-1]
    measured = [words.measures.search(name) is not None for name in names]
    if measured[-1] and not any(measured[:-1]):
        if (of := last.find("的")) > 0:  # 有研发机构、研发活动+的企业占比
            return [*(name + last[of:] for name in names[:-1]), last]
        parts, first = cut(last), names[0]
        if first[0] == last[0] and len(last) > len(first) + 1:  # 用水、用气+报装时限
            return [*(name + last[len(first) :] for name in names[:-1]), last]
        head = last[parts[0].end :] if len(parts) > 1 else ""
        before = cut(names[0])
        same = len(before) > 1 and before[-1].end - before[-1].begin == parts[0].end
        prefix = names[0][: before[-1].begin] if same and not names[0].startswith(last[: parts[0].end]) else ""
        return [*(name + head for name in names[:-1]), prefix + last] if head else [*names]
    return [*names]
