"""The rows of the graph that answer a question, by the first of its readings that has any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from extract.text.normalize import name_key
from kg.graph.show import describe_thing
from kg.report.ask.figures import FigureFinder
from kg.report.ask.grammar import QuestionGrammar
from kg.report.ask.model import AnswerRow, Named, QuestionReading
from kg.report.ask.rows import Finder, Found
from kg.report.ask.sentences import SentenceFinder
from kg.report.ask.sentences.matching import find_long_form
from kg.report.ask.sentences.settings import load_settings
from kg.report.ask.topics import Topic, TopicFinder
from kg.report.facts import Facts
from kg.report.model import Excerpt

_MOST_READINGS = 3
"""Readings that are tried: the first one with rows is the answer."""
_MOST_FACTS = 12
_MOST_PROPOSALS = 5
"""If a topic has so many proposals, each is answered."""
_HAS_REPLY = "has-reply"


@dataclass(frozen=True, slots=True)
class GraphResult:
    """What the graph says to a question."""

    reading: QuestionReading | None = None
    """The reading that has rows, else the first one."""
    query: str = ""
    found: tuple[tuple[QuestionReading, Found], ...] = ()
    """Rows, by the readings that have them."""
    topic: Topic | None = None
    """The topic by which the question names a proposal."""
    proposals: tuple[str, ...] = field(default=(), hash=False)
    """Titles of the proposals of the topic."""

    @property
    def is_of_proposal(self) -> bool:
        """Whether only what is known of a proposal answers, and titles have the topic that stands for it."""
        return bool(self.proposals) and self._needs_proposal

    @property
    def is_untitled(self) -> bool:
        """Whether only what is known of a proposal answers, and no title has the topic that stands for it."""
        return not self.proposals and not self.found and self._needs_proposal

    @property
    def _needs_proposal(self) -> bool:
        frame = self.reading.frame if self.reading and self.topic else None
        return frame is not None and frame.settings.get("topic") == "must"

    @property
    def absent(self) -> str:
        """What the answer is if every name is known and there are no rows; empty if that is no answer."""
        none = self.reading.frame.settings.get("none") if self.reading else None
        is_absent = isinstance(none, dict) and self.query and self.reading and not self.reading.words
        return str(none[self.reading.lang]) if is_absent and isinstance(none, dict) and self.reading else ""


class GraphFinder:
    """Finds the rows of one store that answer questions."""

    def __init__(self, finder: Finder, sentences: SentenceFinder, topics: TopicFinder) -> None:
        self._finder, self._sentences, self._topics = finder, sentences, topics
        self._facts: Facts = finder.facts
        self._grammar: QuestionGrammar = finder.grammar
        self._settings = load_settings()

    def find(self, question: str, names: Sequence[Named], readings: Sequence[QuestionReading]) -> GraphResult:
        """Return the rows of the first reading that has any."""
        first, query, topic = None, "", None
        for reading in readings[:_MOST_READINGS]:
            if len(reading.words) > len(readings[0].words):
                break
            result = self._find_by_topic(question, reading)
            if result.found or result.is_of_proposal:
                return result
            topic = topic or result.topic
            if self._lacks_name(reading, names):
                first = first or (reading if result.topic else None)
                continue
            found = self._find(question, reading)
            first, query = (first or reading), (query or found.query)
            if found.rows:
                return GraphResult(reading, found.query, ((reading, found),))
        return GraphResult(first or (readings[0] if readings else None), query, (), topic)

    def _lacks_name(self, reading: QuestionReading, names: Sequence[Named]) -> bool:
        """Return whether a reading has nothing that its frame needs."""
        needed = reading.frame.list_setting("needs")
        if needed == ("Proposal",) and not any("Proposal" in named.kinds for named in names):
            return True
        return bool(needed) and not names and not reading.words

    def _find_by_topic(self, question: str, reading: QuestionReading) -> GraphResult:
        """Return the rows about the proposals whose titles have the topic of a question."""
        topic = self._topics.find(reading)
        if topic is None:
            return GraphResult(reading)
        proposals = sorted(topic.proposals, key=lambda iri: self._finder.name_document(iri, reading.lang))
        titles = tuple(self._finder.name_document(iri, reading.lang) for iri in proposals)
        if not proposals or len(proposals) > _MOST_PROPOSALS:
            return GraphResult(reading, "", (), topic, titles)
        some: list[tuple[QuestionReading, Found]] = []
        named = [self._topics.name_proposal(reading, iri, title) for iri, title in zip(proposals, titles, strict=True)]
        for one in named:
            found = self._find(question, one)
            if not found.rows and (state := self._find_state(one)) is not None:
                one, found = state
            some += [(one, found)] if found.rows else []
        shown = named[0] if len(named) == 1 else reading
        return GraphResult(shown, "\n".join(found.query for _, found in some), tuple(some), topic, titles)

    def _find_state(self, reading: QuestionReading) -> tuple[QuestionReading, Found] | None:
        """Return why a proposal has no answer to what is asked of its reply: there is none, or none was read."""
        if reading.frame.get_setting("class") not in ("Commitment", "Measure") and reading.frame.kind != "replies":
            return None
        frame = next(frame for frame in self._grammar.frames if frame.key == _HAS_REPLY)
        other = replace(reading, frame=frame)
        found = self._finder.find(other)
        rows = tuple(row for row in found.rows if row.values.get("code") != "ReplyFound")
        return (other, replace(found, rows=rows)) if rows else None

    def _find(self, question: str, reading: QuestionReading) -> Found:
        """Return the rows of a reading that say what *question* asks for."""
        kind, key = reading.frame.kind, reading.frame.key
        if kind == "figure":
            found = FigureFinder(self._facts, self._grammar).find(reading)
            return replace(found, rows=self._sentences.screen(question, found.rows, reading.lang, key == "count"))
        if kind == "describe":
            return self._describe_things(reading)
        if kind in ("parts", "replies") and not reading.names and not reading.words:
            return Found((), "")
        found = self._finder.find(reading)
        if key == "administrator":
            return replace(found, rows=tuple(row for row in found.rows if not self._has_other_doer(row)))
        return found

    def _has_other_doer(self, row: AnswerRow) -> bool:
        """Return whether the sentences of a row say that somebody else runs what it is about."""
        sentences = "".join(name_key(quote.sentence) for quote in row.quotes)
        doers = [found[1] for found in self._settings.runs.finditer(sentences)]
        asked = name_key(row.asked)
        return bool(doers) and not any(doer in asked or find_long_form(doer, asked) for doer in doers)

    def _describe_things(self, reading: QuestionReading) -> Found:
        rows, things = [], reading.names[0].iris[:_MOST_READINGS]
        for iri in things:
            known = describe_thing(self._facts.view, iri, reading.lang)
            rows.append(AnswerRow(known.name, f"{known.name}：{known.kind}"))
            for line in known.lines[:_MOST_FACTS]:
                quotes = tuple(Excerpt(p.text, p.before, p.after, p.source, p.begin, p.begin + len(p.text), p.locator)
                               for p in line.passages[:1])  # fmt: skip
                rows.append(AnswerRow(known.name, f"{line.label}：{line.value}", quotes=quotes))
        return Found(tuple(rows), "\n".join(f"DESCRIBE <{iri}>" for iri in things) + "\n")
