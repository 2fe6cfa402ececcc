"""What ``analysis.toml`` and ``everyday.tsv`` say, compiled once."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from extract.text.normalize import name_key

_FOLDER = Path(__file__).parent
LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class AnswerType:
    """A kind of answer: how it is asked for, and what a sentence that gives it has to hold."""

    key: str
    asked: Mapping[str, tuple[re.Pattern[str], ...]]
    evidence: str
    any_unit: str
    """Pattern of the units that a number has to have, if the question names none."""

    def __hash__(self) -> int:
        return hash(self.key)


class AnalysisSettings:
    """The settings of the analysis of questions."""

    def __init__(self, data: Mapping[str, Any], groups: list[list[str]]) -> None:
        words = data["words"]
        self.types = tuple(_read_types(data["type"]))
        self.blockers = {lang: re.compile("|".join(words["blockers"][lang])) for lang in LANGUAGES}
        self.done = {lang: re.compile(words["done"][lang]) for lang in LANGUAGES}
        """How a question asks for what has come about."""
        self.is_done = re.compile(words["is_done"])
        self.is_rate = re.compile(words["is_rate"])
        self.planned, self.is_planned = re.compile(words["planned"]), re.compile(words["is_planned"])
        """How a question asks for what is planned, and how a sentence says so."""
        self.needs_more = frozenset(map(str, words["needs_more"]))
        """Kinds of answers of which one term in the sentence is not enough."""
        self.asks_rate, self.is_each = re.compile(words["asks_rate"]), re.compile(words["is_each"])
        """How a question asks for the number for each of something, and how a sentence says so."""
        self.exceptional, self.asks_exception = re.compile(words["exceptional"]), re.compile(words["asks_exception"])
        """How a sentence states an exception, and how a question asks for one."""
        self.place_words = frozenset(map(str, words["place_words_en"]))
        self.thing = re.compile(words["thing"])
        """What follows 多少 if it asks how many there are of something."""
        self.anchor = re.compile(words["anchor"])
        """What a time begins with."""
        self.negative = re.compile(words["negative"])
        """What makes a word the contrary of another: an answer has to hold it."""
        self.empty_verbs = frozenset(map(str, words["empty_verbs"]))
        self.partial = re.compile("|".join(words["partial"]))
        """Signs of a part of what is asked."""
        self.compared = re.compile(words["compared"])
        self.last_year: tuple[str, ...] = tuple(map(str, words["last_year"]))
        self.itself = re.compile(words["itself"])
        """What a sentence has that speaks of its document as a whole."""
        self.dated = {lang: re.compile(words["dated"][lang]) for lang in LANGUAGES}
        """How a question asks for the day under a document."""
        self.whole_types = frozenset(map(str, words["whole_types"]))
        self.place_tails = re.compile(words["place_tails"])
        """What follows the short name of a place."""
        self.place_endings = re.compile(words["place_endings"])
        self.relative = re.compile(words["relative"])
        self.fillers = frozenset(map(str, words["fillers"]))
        self.fillers_en = frozenset(map(str, words["fillers_en"]))
        same: dict[str, dict[str, None]] = defaultdict(dict)
        for group in groups:
            keys = [name_key(word.rstrip(">")) for word in group]
            for key in keys[:1] if group[0].endswith(">") else keys:
                same[key] |= dict.fromkeys(keys)
        self._same = same

    def list_forms(self, key: str) -> tuple[str, ...]:
        """Return the keys of the words that count as the same as the one with this key."""
        return tuple(other for other in self._same.get(key, ()) if other != key)


@cache
def load_settings() -> AnalysisSettings:
    """Return the settings."""
    data = tomllib.loads((_FOLDER / "analysis.toml").read_text(encoding="utf-8"))
    lines = (_FOLDER / "everyday.tsv").read_text(encoding="utf-8").splitlines()
    groups = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return AnalysisSettings(data, groups)


def _read_types(entries: list[Mapping[str, Any]]) -> Iterator[AnswerType]:
    for entry in entries:
        asked = {lang: tuple(re.compile(pattern) for pattern in entry[lang]) for lang in LANGUAGES}
        yield AnswerType(entry["key"], asked, entry["evidence"], entry.get("any_unit", ""))
