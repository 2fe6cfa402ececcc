"""The values that pass between the steps from a question to its answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from kg.report.model import Excerpt

State = Literal["answered", "absent", "unknown"]
"""``absent``: the question is understood, and what it asks for is not in the sources, which is an answer.
``unknown``: the question is not understood, or nothing in the graph answers it."""


@dataclass(frozen=True, slots=True)
class Named:
    """A name in a question, with the things of the store that it may stand for."""

    begin: int
    end: int
    text: str
    iris: tuple[str, ...]
    kinds: tuple[str, ...]
    """Their classes, each once."""
    is_short: bool = False
    """Whether it is a short form that no source has (工信局)."""


@dataclass(frozen=True, slots=True)
class QuestionFrame:
    """A kind of question: how it is worded, and the query that answers it."""

    key: str
    kind: str
    """How rows are found: ``statement``, ``fact``, ``parts``, ``replies``, ``figure``, ``named``, ``report``,
    ``describe``."""
    patterns: Mapping[str, tuple[str, ...]]
    """Regular expressions by language, over the question in which ``<class>`` stands for each name."""
    settings: Mapping[str, object] = field(hash=False)
    order: int = 0

    def list_setting(self, key: str) -> tuple[str, ...]:
        """Return a setting that is a list of strings."""
        found = self.settings.get(key, ())
        return tuple(map(str, found)) if isinstance(found, list | tuple) else (str(found),)

    def get_setting(self, key: str, default: str = "") -> str:
        """Return a setting that is a string."""
        return str(self.settings.get(key, default))


@dataclass(frozen=True, slots=True)
class QuestionReading:
    """What a question says, in one of the ways to read it."""

    question: str
    lang: str
    frame: QuestionFrame
    names: tuple[Named, ...]
    words: tuple[str, ...]
    """Words that a row has to hold; of an English question, in Chinese where the glossary has them."""
    year: str = ""
    unit: str = ""
    cue: str = ""
    """The words of the question that the frame matches."""
    counted: bool = False
    """Whether the question asks how many answers there are."""


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """A row of an answer."""

    given: str
    """What the question is about, in words."""
    asked: str
    """What it asks for, in words."""
    values: Mapping[str, str] = field(default_factory=dict, hash=False)
    """More values for the sentence of the answer."""
    quotes: tuple[Excerpt, ...] = ()
    iris: frozenset[str] = frozenset()
    texts: tuple[str, ...] = ()
    """Keys of the texts in which the names and words of the question are looked for."""
    is_linked: bool = False
    """Whether it is a figure that the graph links to all names of the question."""
    rank: tuple[float, ...] = ()
    """Rows with higher ranks come first."""


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """A sentence of an answer, with the words that state it."""

    text: str
    quotes: tuple[Excerpt, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a question.

    Attributes:
        question: the question as it was asked.
        state: whether it is answered (``answered``), known not to be in the sources (``absent``) or not known.
        lines: its sentences.
        reading: how the question was understood, in words.
        query: the query that was run; empty if none was.
        lang: language of the words.
    """

    question: str
    state: State
    lines: tuple[AnswerLine, ...]
    reading: str
    query: str
    lang: str

    @property
    def text(self) -> str:
        """The sentences without their quotes."""
        return "\n".join(line.text for line in self.lines)

    def __str__(self) -> str:
        return self.text

    def to_dict(self) -> dict[str, object]:
        """Return the answer as plain values, for JSON."""
        return {
            "question": self.question,
            "state": self.state,
            "answer": [
                {"text": line.text, "quotes": [
                    {"quote": q.text, "sentence": q.sentence, "source": q.source, "begin": q.begin, "end": q.end}
                    for q in line.quotes]}
                for line in self.lines
            ],
            "reading": self.reading,
            "query": self.query,
            "lang": self.lang,
        }  # fmt: skip
