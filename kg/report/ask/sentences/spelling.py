"""Names by their pinyin, and names that are written nearly like others."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property

from extract.text.normalize import name_key
from kg.report.ask.sentences.settings import load_settings
from kg.report.facts import Facts

_SPELLED = ("Place", "Person", "Agency", "Organization", "Enterprise", "Program", "Platform", "Proposal")
_NEAR = ("Program", "Platform", "Organization", "Enterprise", "EnterpriseTier", "Place", "Person", "Agency",
         "PolicyInstrument")  # fmt: skip
_PREFIXES = (2, 3, 4)
"""Signs at the begin of a name that an English question may give in pinyin."""
_MOST_WORDS = 4
_SWAPPED = 2
_QUOTED = re.compile(r"[“「『]([^”」』\s]{3,12})[”」』]")


class PinyinIndex:
    """The begins of the names of a store by their pinyin without tones."""

    def __init__(self, facts: Facts, places: frozenset[str]) -> None:
        self._facts, self._places = facts, places

    @cached_property
    def _by_pinyin(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, dict[str, None]] = defaultdict(dict)
        names = _list_names(self._facts, _SPELLED)
        whole = " ".join(name_key(self._facts.view.source(context)[1]) for context, _ in self._facts.select("sources"))
        for key in (*names, *sorted(place for place in self._places if place in whole)):
            syllables = spell(key)
            for size in (*_PREFIXES, len(key)):
                if size <= len(key) and len(syllables) == len(key):
                    found["".join(syllables[:size])][key[:size]] = None
        return {pinyin: tuple(names) for pinyin, names in found.items()}

    def find(self, tokens: Sequence[str], at: int) -> tuple[tuple[str, ...], int]:
        """Return the begins of names that the words from *at* spell, and how many words they are; empty if none."""
        for size in range(min(_MOST_WORDS, len(tokens) - at), 0, -1):
            some = tokens[at : at + size]
            word = "".join(some)
            if len(word) >= 4 and word.isascii() and word.isalpha() and (names := self._by_pinyin.get(word)):
                return names, size
        return (), 0


class NearNames:
    """Names of a store that are written or spoken nearly like a word that it lacks."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    @cached_property
    def _names(self) -> tuple[str, ...]:
        """The names of the store, and what stands in quotation marks in its sources."""
        quoted: dict[str, None] = {}
        for context, _ in self._facts.select("sources"):
            quoted |= dict.fromkeys(
                name_key(found[1]) for found in _QUOTED.finditer(self._facts.view.source(context)[1])
            )
        return tuple(dict.fromkeys((*_list_names(self._facts, _NEAR), *quoted)))

    def find(self, word: str) -> str:
        """Return the name that is nearest to *word*; empty if none is near."""
        best: tuple[int, str] | None = None
        spoken, offices = spell(word), load_settings().offices
        for name in self._names:
            if abs(len(name) - len(word)) > 1 or name == word:
                continue
            distance = _count_edits(word, name)
            if distance and len(name) == len(word) and {*name} & {*word} and spell(name) == spoken:
                distance = 0
            if distance and sorted(name) != sorted(word) and offices.search(name) and offices.search(word):
                continue  # 财政局 is no slip for 民政局
            allowed = 1 if len(word) < 6 else 2
            if distance <= allowed and len(word) > 2 and (best is None or (distance, name) < best):
                best = (distance, name)
        return best[1] if best else ""


def spell(word: str) -> list[str]:
    """Return the syllables of a word without tones."""
    from pypinyin import lazy_pinyin

    return [str(syllable).lower() for syllable in lazy_pinyin(word)]


def _list_names(facts: Facts, kinds: Sequence[str]) -> tuple[str, ...]:
    view = facts.view
    names = (name for iri in view.find_by_class(*kinds) for name in (view.label(iri), *view.aliases(iri)))
    return tuple(dict.fromkeys(key for key in map(name_key, names) if len(key) > 1))


def _count_edits(one: str, other: str) -> int:
    """Return how many signs are put in, left out or replaced between two words."""
    if sorted(one) == sorted(other) and sum(a != b for a, b in zip(one, other, strict=True)) == _SWAPPED:
        return 1  # two signs in the other order
    row = list(range(len(other) + 1))
    for at, sign in enumerate(one, 1):
        above, row = row, [at]
        for place, mark in enumerate(other, 1):
            row.append(min(above[place] + 1, row[-1] + 1, above[place - 1] + (sign != mark)))
    return row[-1]
