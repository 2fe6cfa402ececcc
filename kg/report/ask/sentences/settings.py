"""What ``analysis.toml`` and ``everyday.tsv`` say, compiled once."""

from __future__ import annotations

import math
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
    raw: bool = False
    """Whether titles of documents are answers, so that they are not left out of the sentence."""
    head: bool = False
    """Whether the answer is a name that ends with the noun of the question (哪家银行)."""

    is_bare: bool = False
    """Whether the words that ask for it have none that an answer has to hold."""
    quoted: bool = False
    """Whether the answer stands in quotation marks, which the words of sentences are without."""

    def __hash__(self) -> int:
        return hash(self.key)


class AnalysisSettings:
    """The settings of the analysis of questions."""

    def __init__(self, data: Mapping[str, Any], groups: list[list[str]]) -> None:
        words = data["words"]
        self._read_decision(data)
        self._read_refusals(data)
        self.official = frozenset(_read_words("official.tsv"))
        """Words that official documents use."""
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
        self.contact, self.contact_types = re.compile(words["contact"]), frozenset(words["contact_types"])
        """What a line of contacts begins with, and the kinds of answers that it gives."""
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

    def _read_decision(self, data: Mapping[str, Any]) -> None:
        """Set what decides whether a sentence answers for sure."""
        words = data["words"]
        self.limits: Mapping[str, float] = {key: float(value) for key, value in data["decision"].items()}
        """The least and most shares of a sentence that answers for sure."""
        self.vetoes: Mapping[str, float] = {key: float(most) for key, most in data["vetoes"].items()}
        """What rules a sentence out from more than so much of it."""
        self._weights: Mapping[str, float] = {key: float(value) for key, value in data["weights"].items()}
        self._rewrites = tuple((re.compile(pattern), instead) for pattern, instead in data["rewrites"])
        self.rivals: tuple[tuple[str, ...], ...] = tuple(tuple(map(name_key, group)) for group in words["rivals"])
        """Words of which one is said of a thing: a sentence with another one speaks of something else."""
        self.turned = tuple((re.compile(asked), re.compile(other)) for asked, other in words["turned"])
        """What a question asks for, and what makes a number that is said of it something else."""
        self.paying = tuple((re.compile(asked), re.compile(said)) for asked, said in words["paying"])
        """How a question asks what is paid or got, and what the clause of the number has to say then."""
        self.total = re.compile(words["total"])
        """Signs before a noun that make it a whole."""
        self.whole = re.compile(words["whole"])
        """Such a noun: a part of it does not stand for it."""
        self.soft_tags, self.soft_words = frozenset(words["soft_tags"]), frozenset(words["soft_words"])
        """Tags of words, and words, that need not be in a sentence if no sentence has them."""
        self.function_tags = frozenset(words["function_tags"])
        """Tags of words that say nothing about what is asked."""
        self.classes = re.compile(words["classes"])
        """Classes that a letter or number names (D类)."""
        self.chained = re.compile(words["chained"])
        """What a question is about that no sentence states, so that none of its parts is answered."""
        self.each = re.compile(words["each"])
        """How a question says for each (一户, 每户, 单户)."""
        self.each_signs: tuple[str, ...] = tuple(words["each_signs"])
        self.clause_end = re.compile(words["clause_end"])
        self.part_end = {lang: re.compile(words["part_end"][lang]) for lang in LANGUAGES}
        """Where a question may be cut into several ones."""
        self.compares = {lang: re.compile(words["compares"][lang]) for lang in LANGUAGES}
        """How a question asks the same of several places."""
        self.joins = re.compile(words["joins"])
        """What joins two places."""
        self.speaker = re.compile(words["speaker"])
        """How the writer of a letter calls itself."""
        self.runs = re.compile(words["runs"])
        """How a sentence says who runs something."""
        self.subject = re.compile(words["subject"])
        """How a sentence begins that says itself what it is about."""
        self.counted_en = re.compile(words["counted_en"])
        """What an English question counts."""
        self.offices = re.compile(words["offices"])
        """How the names of offices end."""
        self.says = re.compile(words["says"])
        """How a sentence tells what an agency says."""
        self.ends = re.compile(words["ends"])
        """Words that end with a sign of the contrary and are none."""
        self.plural = re.compile(words["plural"])
        """How a question asks for several things."""
        self.announced = frozenset(words["announced"])
        """Kinds of answers that a sentence may give that announces something."""
        self.unsaid = re.compile(words["unsaid"])
        """How a sentence begins that leaves its writer out."""

    def _read_refusals(self, data: Mapping[str, Any]) -> None:
        """Set what keeps a sentence from being an answer."""
        words = data["words"]
        self.makes, self.made = re.compile(words["makes"]), re.compile(words["made"])
        self.will_make, self.to_be_made = re.compile(words["will_make"]), re.compile(words["to_be_made"])
        """How a question asks for a document that is made, or to be made, and what stands before its title then."""
        self.suggesting = re.compile(words["suggesting"])
        """How the suggestions of a proposal begin."""
        self.suggests, self.actual = re.compile(words["suggests"]), re.compile(words["actual"])
        """How a question asks for the words of a proposal itself, and for what has come of them."""
        self.asked_agency = re.compile(words["asked_agency"])
        """How a question names an agency whose position it asks for."""
        self.rank, self.rank_range = re.compile(words["rank"]), re.compile(words["rank_range"])
        self.rank_list = re.compile(words["rank_list"])
        """Ranks (二级), ranges and lists of them (二到五级; 二、三级)."""
        self.values = frozenset(map(str, words["values"]))
        """Kinds of answers that are values."""
        self.timed = tuple((re.compile(asked), re.compile(said)) for asked, said in words["timed"])
        """How a question asks of a time, and what a sentence has to say then."""
        self.grants = re.compile(words["grants"])
        """What a clause has in which a share is a sum."""
        self.issue = re.compile(words["issue"])
        """Dates that say when a document was made."""
        self.headed, self.titled = frozenset(map(str, words["headed"])), re.compile(words["titled"])
        self.exists, self.no_stock = re.compile(words["exists"]), re.compile(words["no_stock"])
        """How a question counts what there is, and what a clause has that does not."""
        self.asks_most, self.says_most = re.compile(words["asks_most"]), re.compile(words["says_most"])
        """How a question asks for the most of something, and how a sentence says it."""
        self.heading = re.compile(words["heading"])
        """Headings that say what follows."""
        self.preamble, self.salutation = re.compile(words["preamble"]), re.compile(words["salutation"])
        """What only leads over to an answer, and the head of a document with those whom it is addressed to."""

    def weigh(self, features: Mapping[str, float]) -> float:
        """Return how likely a sentence with *features* answers."""
        total = self._weights["bias"] + sum(self._weights.get(key, 0.0) * value for key, value in features.items())
        return 1.0 / (1.0 + math.exp(-total))

    def rewrite(self, question: str) -> str:
        """Return *question* with everyday phrases in the words of official documents."""
        for pattern, instead in self._rewrites:
            question = pattern.sub(instead, question)
        return question

    def is_turned(self, question: str, clause: str) -> bool:
        """Return whether a clause has a number for something else than what is asked (the subsidy of a rate)."""
        is_other = any(asked.search(question) and other.search(clause) and not other.search(question)
                       for asked, other in self.turned)  # fmt: skip
        has_number = any(char.isdigit() for char in clause)
        return is_other or (
            has_number and any(asked.search(question) and not said.search(clause) for asked, said in self.paying)
        )

    def list_forms(self, key: str) -> tuple[str, ...]:
        """Return the keys of the words that count as the same as the one with this key."""
        own = tuple(other for other in self._same.get(key, ()) if other != key)
        found = self.each.fullmatch(key)
        return own if not found else tuple(dict.fromkeys((*own, *(sign + found[1] for sign in self.each_signs))))


@cache
def load_settings() -> AnalysisSettings:
    """Return the settings."""
    data = tomllib.loads((_FOLDER / "analysis.toml").read_text(encoding="utf-8"))
    data |= tomllib.loads((_FOLDER / "decision.toml").read_text(encoding="utf-8"))
    lines = (_FOLDER / "everyday.tsv").read_text(encoding="utf-8").splitlines()
    groups = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return AnalysisSettings(data, groups)


def _read_words(name: str) -> Iterator[str]:
    for line in (_FOLDER / name).read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            yield line


def _read_types(entries: list[Mapping[str, Any]]) -> Iterator[AnswerType]:
    for entry in entries:
        asked = {lang: tuple(re.compile(pattern) for pattern in entry[lang]) for lang in LANGUAGES}
        yield AnswerType(entry["key"], asked, entry["evidence"], entry.get("any_unit", ""),
                         bool(entry.get("raw")), bool(entry.get("head")), bool(entry.get("bare")),
                         bool(entry.get("quoted")))  # fmt: skip
