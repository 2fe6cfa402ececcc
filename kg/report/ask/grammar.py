"""The grammar of questions: ``grammar.toml`` with its frames, words and names, compiled once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from kg.report.ask.model import QuestionFrame

LANGUAGES = ("zh", "en")
_FOLDER = Path(__file__).parent
_PLAIN = re.compile(r"[\u4e00-\u9fff]+")


class QuestionGrammar:
    """What ``grammar.toml`` and ``glossary.tsv`` say."""

    def __init__(self, data: Mapping[str, Any], glossary: Mapping[str, str]) -> None:
        names, words = data["names"], data["words"]
        self.frames = tuple(_read_frames(data["frame"], data["parts"]))
        self.kinds: tuple[str, ...] = tuple(names["kinds"])
        """Classes whose names are looked for; of several classes of one name the first one stands in its place."""
        self.generic = frozenset(names["generic"])
        """Names of groups that are no more than a word of a question."""
        self.number_context = re.compile(names["number_context"])
        self.place_endings: tuple[str, ...] = tuple(names["place_endings"])
        self.agency_endings: Mapping[str, tuple[str, ...]] = {
            short: tuple(whole) for short, whole in names["agency_endings"].items()
        }
        self.title_end = re.compile(names["title_end"])
        self.agency_phrases: tuple[str, ...] = tuple(names["agency_phrases"])
        """How an English question names an agency; <field> stands for one of agencies.tsv."""
        self.agency_name = str(names["agency_name"])
        """How the names of agencies of a field end."""
        self.firm_en, self.firm_zh = re.compile(names["firm_en"]), str(names["firm_zh"])
        self.agency_slack = int(names["agency_slack"])
        self.stops: Mapping[str, frozenset[str]] = {lang: frozenset(words["stops"][lang]) for lang in LANGUAGES}
        self.particles = frozenset(words["particles"])
        """Single signs that are no part of a word."""
        self.suffixes = frozenset(words["suffixes"])
        """Single signs that end a word."""
        self.stop_phrases = {lang: re.compile("|".join(words["stop_phrases"][lang])) for lang in LANGUAGES}
        self.blockers = {lang: re.compile("|".join(words["blockers"][lang])) for lang in LANGUAGES}
        """What a question must not have outside of its frame: nobody has told the grammar what it means."""
        self.year = re.compile(words["year"])
        self.unit = {lang: re.compile(words["unit"][lang]) for lang in LANGUAGES}
        self.proposal_noun = {lang: re.compile(words["proposal_noun"][lang]) for lang in LANGUAGES}
        """What a question calls a proposal."""
        self.topic_phrase = re.compile(words["topic_phrase"])
        """How an English question names a proposal by its topic."""
        self.counted = {lang: re.compile(words["counted"][lang]) for lang in LANGUAGES}
        self.synonyms: Mapping[str, tuple[str, ...]] = {
            word: tuple(group) for group in words["synonyms"] for word in group
        }
        self.unit_groups: tuple[tuple[str, ...], ...] = tuple(map(tuple, words["unit_groups"]))
        self.carried = re.compile(words["carried"])
        """How a clause begins that has its subject in the clause before it."""
        self.continued = re.compile(words["continued"])
        """How a clause begins that goes on about the number before it."""
        self.contrary: tuple[str, ...] = tuple(words["contrary"])
        self.paired = str(words["paired"])
        self.glossary = glossary
        """Chinese words by English ones, in lower case."""

    @cached_property
    def longest_term(self) -> int:
        """The most words of an English term of the glossary."""
        return max((len(term.split()) for term in self.glossary), default=1)

    def is_plain(self, text: str) -> bool:
        """Return whether *text* has Chinese characters only."""
        return bool(_PLAIN.fullmatch(text))

    def list_spellings(self, word: str) -> tuple[str, ...]:
        """Return *word* and the words that count as the same."""
        return self.synonyms.get(word, (word,))


@cache
def load_grammar() -> QuestionGrammar:
    """Return the grammar."""
    data = tomllib.loads((_FOLDER / "grammar.toml").read_text(encoding="utf-8"))
    return QuestionGrammar(data, dict(_read_glossary()))


@cache
def load_texts() -> Mapping[str, Any]:
    """Return ``texts.toml``: the sentences around answers, by key and language."""
    return tomllib.loads((_FOLDER / "texts.toml").read_text(encoding="utf-8"))


def get_text(key: str, lang: str, /, **values: object) -> str:
    """Return the text *key* of ``texts.toml`` with *values* filled in."""
    text: str = load_texts()[key][lang]
    return text.format(**values)


@cache
def load_query(name: str) -> str:
    """Return the text of ``queries/NAME.rq``."""
    return (_FOLDER / "queries" / f"{name}.rq").read_text(encoding="utf-8")


def _read_frames(entries: list[Mapping[str, Any]], parts: Mapping[str, str]) -> Iterator[QuestionFrame]:
    """Yield the frames; ``{part}`` in a pattern stands for a pattern of the table ``parts``."""

    def fill(pattern: str) -> str:
        return re.sub(r"\{(\w+[a-z]\w*)\}", lambda found: f"(?:{parts[found[1]]})", pattern)

    for order, entry in enumerate(entries):
        patterns = {lang: tuple(map(fill, entry.get(lang, ()))) for lang in LANGUAGES}
        settings = {key: value for key, value in entry.items() if key not in (*LANGUAGES, "key", "kind")}
        if also := entry.get("also"):
            settings["also"] = {lang: fill(pattern) for lang, pattern in also.items()}
        yield QuestionFrame(entry["key"], entry["kind"], patterns, settings, order)


def _read_glossary() -> Iterator[tuple[str, str]]:
    for line in (_FOLDER / "glossary.tsv").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            english, _, chinese = line.partition("\t")
            yield english.lower(), chinese
