"""Words for the index of texts: pairs of Chinese characters, and words of other scripts.

Chinese has no spaces. A text is indexed as its overlapping pairs (科学 学技 技术), so that a phrase of pairs finds any
words of two characters or more without a list of words. The last character of a run also stands alone.
"""

from __future__ import annotations

import re
import unicodedata

_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+|[^\W_\u3400-\u9fff\uf900-\ufaff]+")


def fold_text(text: str) -> str:
    """Return *text* with one form for characters that look the same; its length stays."""
    folded = (unicodedata.normalize("NFKC", character).lower() for character in text)
    return "".join(new if len(new) == 1 else old for old, new in zip(text, folded, strict=True))


def split_text(text: str) -> str:
    """Return the words of a text for the index."""
    found: list[str] = []
    for run in _RUN.findall(fold_text(text)):
        found += [*_split_pairs(run), run[-1]] if _is_chinese(run) else [run]
    return " ".join(found)


def make_phrase(words: str) -> str:
    """Return a query of the index (FTS5) for text that stands together; empty if there is nothing to look for."""
    runs = _RUN.findall(fold_text(words))
    found: list[str] = []
    for position, run in enumerate(runs):
        last = position == len(runs) - 1
        if not _is_chinese(run):
            found.append(run)
        elif not last:
            found += [*_split_pairs(run), run[-1]]
        else:
            found += _split_pairs(run) or [run]
    if not found:
        return ""
    # a single character at the end begins pairs, a word in letters begins longer ones
    prefix = "*" if len(runs[-1]) == 1 or not _is_chinese(runs[-1]) else ""
    return f'"{" ".join(found)}"{prefix}'


def make_query(words: str) -> str:
    """Return a query of the index for all of some words separated by white space."""
    return " AND ".join(filter(None, map(make_phrase, words.split())))


def find_words(text: str, words: str) -> list[tuple[int, int]]:
    """Return where words stand in a text, as pairs of begin and end, sorted and without overlaps."""
    folded, found = fold_text(text), []
    for word in sorted(set(fold_text(words).split()), key=len, reverse=True):
        found += [(m.start(), m.end()) for m in re.finditer(re.escape(word), folded)]
    kept: list[tuple[int, int]] = []
    for begin, end in sorted(found):
        if not kept or begin >= kept[-1][1]:
            kept.append((begin, end))
    return kept


def cut_snippet(text: str, words: str, length: int = 90) -> list[tuple[str, bool]]:
    """Return a piece of *text* around the first of *words*, as pairs of text and whether it is one of the words."""
    places = find_words(text, words)
    middle = places[0][0] if places else 0
    left = max(0, middle - length // 3)
    right = min(len(text), left + length)
    pieces: list[tuple[str, bool]] = [("…", False)] if left else []
    at = left
    for begin, end in places:
        if begin >= left and end <= right:
            pieces += [(text[at:begin], False), (text[begin:end], True)]
            at = end
    pieces.append((text[at:right] + ("…" if right < len(text) else ""), False))
    return [(piece, marked) for piece, marked in pieces if piece]


def _is_chinese(run: str) -> bool:
    return run[0] >= "\u3400"


def _split_pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]
