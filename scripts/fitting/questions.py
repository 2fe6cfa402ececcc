"""Questions with the sentences that answer them, as cases for the fit of how likely a sentence answers."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import kg
from extract.text.normalize import name_key
from kg.report.ask.grammar import load_grammar
from kg.report.ask.names import NameIndex
from kg.report.ask.parts import QuestionPart, split_question
from kg.report.ask.reading import detect_language
from kg.report.ask.sentences import SentenceFinder
from kg.report.ask.sentences.settings import load_settings
from kg.report.facts import Facts
from kg.store.store import Store

_MOST = 20
"""Sentences of a question that are cases."""
_SIGNS = re.compile(r"[\s,，“”\"]")
_SHORTEST = 11
"""A sentence of so many signs may be a part of what is said to answer."""


@dataclass(frozen=True, slots=True)
class CandidateSentence:
    """A sentence that may answer a question."""

    features: Mapping[str, float]
    answers: bool | None
    """Whether it answers; None if it has some of the answers, or all of them in other words."""
    is_ruled_out: bool
    text: str


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question, or a part of one, with the best candidates."""

    group: str
    """The name of its file."""
    text: str
    is_answered: bool
    """Whether the documents answer it."""
    is_part: bool
    candidates: tuple[CandidateSentence, ...]


def read_questions(path: Path, documents: Path) -> list[AskedQuestion]:
    """Return the questions of a file about a folder of documents, with the sentences that may answer them."""
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["question"]
    with TemporaryDirectory() as folder:
        texts = sorted(file for file in documents.iterdir() if file.suffix == ".txt")
        kg.build(texts, Path(folder) / "store", workers=1)
        with Store(Path(folder) / "store") as store:
            collector = _Collector(store, path.stem)
            return [question for entry in entries for question in collector.collect(entry)]


class _Collector:
    def __init__(self, store: Store, group: str) -> None:
        facts, grammar = Facts(store), load_grammar()
        self._names, self._sentences = NameIndex(facts.view, grammar), SentenceFinder(facts, grammar)
        self._settings, self._group = load_settings(), group

    def collect(self, entry: Mapping[str, object]) -> Iterator[AskedQuestion]:
        """Yield a question as a whole and each of its parts."""
        ask = str(entry["ask"])
        lang = detect_language(ask)
        plain = self._settings.rewrite(ask) if lang == "zh" else ask
        answers = list(_list_strings(entry.get("answers", entry.get("all", []))))
        said = [name_key(words) for words in _list_strings(entry.get("sentences", []))]
        yield self._make(QuestionPart(plain, plain), lang, (answers, said), is_part=False)
        parts = split_question(plain, lang, self._settings) if answers else []
        for part in parts if len(parts) > 1 else ():
            yield self._make(part, lang, (answers, said), is_part=True)

    def _make(
        self, part: QuestionPart, lang: str, wanted: tuple[Sequence[str], Sequence[str]], *, is_part: bool
    ) -> AskedQuestion:
        answers, said = wanted
        ranked = self._sentences.rank(part.text, self._names.find(part.text), lang, part.own_from)
        found = []
        for candidate in ranked[:_MOST]:
            key, text = candidate.unit.key, _SIGNS.sub("", candidate.unit.text)
            holds = [any(_SIGNS.sub("", word) in text for word in answer.lower().split("|")) for answer in answers]
            is_said = any(words in key or (len(key) >= _SHORTEST and key in words) for words in said)
            verdict: bool | None = False
            if answers:
                verdict = True if is_said or (not said and all(holds)) else None if any(holds) else False
            if is_part and verdict and not (said and candidate.has_all):
                verdict = None
            found.append(CandidateSentence(candidate.features, verdict, candidate.chance == 0, candidate.unit.text))
        return AskedQuestion(self._group, part.text, bool(answers), is_part, tuple(found))


def _list_strings(value: object) -> Iterator[str]:
    if isinstance(value, list):
        yield from map(str, value)
