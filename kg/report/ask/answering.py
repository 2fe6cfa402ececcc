"""A question → its answer in sentences, or the word that it is not known."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from kg.report.ask.english import EnglishNames
from kg.report.ask.grammar import get_text, load_grammar
from kg.report.ask.graph import GraphFinder, GraphResult
from kg.report.ask.model import Answer, AnswerLine, AnswerRow, Named, QuestionFrame
from kg.report.ask.names import NameIndex
from kg.report.ask.parts import QuestionPart, split_places, split_question
from kg.report.ask.reading import detect_language, read_question
from kg.report.ask.rows import Finder
from kg.report.ask.saying import AnswerWriter
from kg.report.ask.sentences import SentenceFinder, SentenceResult
from kg.report.ask.sentences.settings import load_settings
from kg.report.ask.topics import TopicFinder
from kg.report.facts import Facts
from kg.report.model import Excerpt
from kg.store.store import Store

_ASIDE = " ,，?？。."
"""Signs around a part of a question."""


def ask_store(store: Store, question: str, lang: str = "") -> Answer:
    """Return the answer of an open store to a question in Chinese or English.

    Args:
        store: the store.
        question: the question.
        lang: language of the answer; empty: that of the question.
    """
    return _Asker(store).ask(question, lang)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The answer to a question or a part of one."""

    answer: Answer
    quotes: tuple[Excerpt, ...] = ()
    """The sentences that are the answer; none if the graph answers."""
    has_all: bool = True
    """Whether it is an answer of each kind that is asked for."""
    frame: QuestionFrame | None = None
    """The frame of the rows of the graph that are the answer."""


class _Asker:
    def __init__(self, store: Store) -> None:
        self._facts, self._grammar = Facts(store), load_grammar()
        self._finder = Finder(store, self._facts, self._grammar)
        self._names = NameIndex(self._facts.view, self._grammar)
        self._sentences = SentenceFinder(self._facts, self._grammar)
        self._english = EnglishNames(self._names, self._sentences.pinyin, self._grammar)
        self._topics = TopicFinder(self._facts, self._grammar, self._finder.describe_document)
        self._graph = GraphFinder(self._finder, self._sentences, self._topics)
        self._writer = AnswerWriter(self._facts, self._sentences)
        self._settings = load_settings()

    def ask(self, question: str, lang: str) -> Answer:
        """Return the answer; a question that is not answered as a whole is asked part by part."""
        asked_in = detect_language(question)
        plain = self._settings.rewrite(question) if asked_in == "zh" else question
        parts = self._list_parts(plain, asked_in)
        self._finder.is_single = len(split_question(plain, asked_in, self._settings)) < 2
        whole = self._ask_one(QuestionPart(plain, plain), lang, asked_in, count=len({part.text for _, part in parts}))
        self._finder.is_single = True
        answer = whole.answer
        if not whole.has_all and len(parts) > 1 and not self._says_rest(whole, [part for _, part in parts], asked_in):
            answer = self._ask_parts(parts, whole, lang or asked_in, asked_in) or answer
        return replace(answer, question=question)

    def _list_parts(self, question: str, asked_in: str) -> list[tuple[str, QuestionPart]]:
        """Return the parts of a question, each with the place that it is asked of, if it is asked of several."""
        parts: list[tuple[str, QuestionPart]] = []
        for part in split_question(question, asked_in, self._settings):
            places = self._sentences.list_places(part.text, self.find_names(part.text, asked_in))
            parts += split_places(part, places, asked_in, self._settings) or [("", part)]
        return parts

    def find_names(self, question: str, asked_in: str) -> list[Named]:
        """Return the names of a question; of an English one those in translation and in pinyin, too."""
        names = self._names.find(question)
        return self._english.complete(question, names) if asked_in == "en" else names

    def _says_rest(self, whole: _Asked, parts: list[QuestionPart], asked_in: str) -> bool:
        """Return whether what answers the first part answers the later ones, too: who replied, and when."""
        also = whole.frame.settings.get("also") if whole.frame else None
        if not isinstance(also, dict):
            return False
        asked = (part.asked.strip(_ASIDE).lower() for part in parts[1:])
        is_rest = all(re.fullmatch(also[asked_in], own) for own in asked)
        return is_rest and self._ask_one(parts[0], "", asked_in).frame is whole.frame

    def _ask_parts(
        self, parts: list[tuple[str, QuestionPart]], whole: _Asked, lang: str, asked_in: str
    ) -> Answer | None:
        """Return the answers to the parts of a question; None if none of them is answered.

        What answers the question as a whole, but not all of it, stands before what the parts add.
        """
        found = [(place, part, self._ask_one(part, lang, asked_in, agreed=whole.quotes)) for place, part in parts]
        if all(asked.answer.state == "unknown" for _, _, asked in found):
            return None
        texts = {asked.answer.text for _, _, asked in found}
        if len(texts) == 1 and not whole.quotes:
            return None  # one sentence answers all of it
        is_whole = all(asked.answer.state != "unknown" for _, _, asked in found)
        shown = {quote for _, _, asked in found for quote in asked.quotes}
        lines = [] if is_whole or shown.issuperset(whole.quotes) else list(whole.answer.lines)
        for place, part, asked in found:
            lines.append(AnswerLine(get_text("part", lang, part=f"{place}：{part.asked}" if place else part.asked)))
            if asked.answer.state == "unknown":
                lines.append(AnswerLine(get_text("part_unknown", lang)))
            else:
                lines += [replace(line, text=f"  {line.text}") for line in asked.answer.lines]
        answers = [asked.answer for _, _, asked in found]
        told = "；".join(dict.fromkeys(answer.reading for answer in answers if answer.reading))
        query = "\n".join(dict.fromkeys(answer.query for answer in answers if answer.query))
        return Answer(whole.answer.question, "answered", tuple(lines), told, query, lang)

    def _ask_one(
        self,
        part: QuestionPart,
        lang: str,
        asked_in: str,
        ask_near: bool = True,
        agreed: tuple[Excerpt, ...] = (),
        count: int = 1,
    ) -> _Asked:
        """Return the answer of the graph, or else that of sentences.

        Args:
            part: the question, or a part of it.
            lang: language of the answer; empty: that of the question.
            asked_in: language of the question.
            ask_near: whether a name that is nearly the same as one of the question may stand for it.
            agreed: sentences that answer the question that this is a part of.
            count: how many parts it has.
        """
        question, lang = part.text, lang or asked_in
        names = self.find_names(question, asked_in)
        if asked_in == "en" and (phrase := self._topics.find_phrase(question, names)):
            names = phrase
        readings = read_question(question, names, self._grammar, asked_in, part.own_from)
        readings = [replace(reading, lang=lang) for reading in readings]
        graph = self._graph.find(question, names, readings)
        result = self._sentences.find(question, names, asked_in, part.own_from, agreed)
        graph = self._weigh(graph, result)
        if graph.found or graph.is_of_proposal or graph.absent:
            answer = self._writer.write_graph(question, graph, lang)
            frame = graph.reading.frame if graph.reading and answer.state != "unknown" else None
            return _Asked(answer, has_all=count < 2 and answer.state != "unknown", frame=frame)
        if result.sure and not graph.is_untitled:
            has_all = result.has_all and result.asks >= count
            return _Asked(self._writer.quote_sentences(question, result, lang), result.sure, has_all)
        for word, name in result.near if ask_near and not graph.is_untitled else ():
            near = self._ask_near(part, (word, name), lang, asked_in)
            if near:
                return _Asked(near)
        return _Asked(self._writer.explain(question, names, graph, result, lang), has_all=False)

    def _weigh(self, graph: GraphResult, result: SentenceResult) -> GraphResult:
        """Return what the graph says without what sentences say better.

        A relation of the graph is surer than any sentence. A figure is as sure as its sentence answers, or surer if it
        is linked to the names of the question: it is left out if another sentence is much likelier, or if neither.
        """
        if not graph.found or any(reading.frame.kind != "figure" for reading, _ in graph.found):
            return graph
        limits, kept = self._settings.limits, []
        least = max(limits["figure"], result.chance - limits["margin"] if result.sure else 0.0)
        for reading, found in graph.found:
            rows = tuple(row for row in found.rows if self._rate(row, result) >= least)
            kept += [(reading, replace(found, rows=rows))] if rows else []
        return replace(graph, found=tuple(kept))

    def _rate(self, row: AnswerRow, result: SentenceResult) -> float:
        """Return how likely a sentence of a row answers."""
        chances = (result.rate_quote(self._facts.context_of(quote), quote) for quote in row.quotes)
        return max([self._settings.limits["linked"] if row.is_linked else 0.0, *chances])

    def _ask_near(self, part: QuestionPart, near: tuple[str, str], lang: str, asked_in: str) -> Answer | None:
        """Return the answer to the question with the name that is nearly the same; None if there is none."""
        (word, name), question = near, part.text
        if word not in question:
            return None
        changed = len(question[: part.own_from].replace(word, name))
        other = QuestionPart(part.asked, question.replace(word, name), changed)
        answer = self._ask_one(other, lang, asked_in, ask_near=False).answer
        if answer.state != "answered":
            return None
        told = AnswerLine(get_text("near_answer", lang, word=word, name=name))
        return replace(answer, question=question, lines=(told, *answer.lines))
