"""Rows, sentences and what is not known, in the words of an answer."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from extract.text.normalize import print_line
from kg.report.ask.grammar import get_text, load_texts
from kg.report.ask.graph import GraphResult
from kg.report.ask.model import Answer, AnswerLine, AnswerRow, Named, QuestionReading
from kg.report.ask.rows import Found
from kg.report.ask.sentences import SentenceFinder, SentenceResult
from kg.report.ask.sentences.settings import load_settings
from kg.report.facts import Facts
from kg.report.model import Excerpt

_MOST_LINES = 30
_MOST_QUOTES = 3
_MOST_TITLES = 10
_SHORT = 24
"""A sentence of fewer signs is shown with the title of its document."""


class AnswerWriter:
    """Writes answers about one store."""

    def __init__(self, facts: Facts, sentences: SentenceFinder) -> None:
        self._facts, self._sentences, self._settings = facts, sentences, load_settings()

    def quote_sentences(self, question: str, result: SentenceResult, lang: str) -> Answer:
        """Return sentences as the answer, each with the title of its document."""
        level = "high" if result.chance >= self._settings.limits["high"] else "fair"
        lines = [AnswerLine(get_text("sentence", lang, sure=get_text(level, lang)))]
        several = len({quote.source for quote in result.sure}) > 1
        for quote in result.sure:
            lines.append(AnswerLine(f"  {self._tell(quote, lang, several)}", (quote,)))
        told = get_text("reading_sentence", lang, words=get_text("joint", lang).join(result.terms))
        return Answer(question, "answered", tuple(lines), told, "", lang)

    def _tell(self, quote: Excerpt, lang: str, is_titled: bool = False) -> str:
        """Return the words of a sentence; a short one, and one of several documents, with the title of its document."""
        sentence = print_line(quote.text)
        context = self._facts.context_of(quote)
        letter = self._facts.letter_at(context, quote.begin) if context else ""
        speaker = self._settings.speaker.search(sentence) if letter else None
        unsaid = self._settings.unsaid.match(sentence) if letter else None
        agencies = self._facts.agencies(letter) if speaker or unsaid else []
        if agencies:
            told = get_text("joint", lang).join(map(self._facts.name, agencies))
            key, word = ("speaker", speaker[0]) if speaker else ("speaker_none", "")
            sentence += get_text(key, lang, word=word, agency=told)
        title = self._facts.name(letter) if letter else ""
        if not title or (len(sentence) >= _SHORT and not is_titled):
            return sentence
        return get_text("sentence_of", lang, title=title, sentence=sentence)

    def write_rows(self, reading: QuestionReading, found: Found) -> Iterable[AnswerLine]:
        frame, lang, rows = reading.frame, reading.lang, found.rows
        say = frame.settings["say"]
        assert isinstance(say, dict)
        template = say[lang]
        joint = frame.get_setting("joint")
        if joint and any(_is_quoted(row, joint) for row in rows):
            yield from self._write_signers(reading, rows)
            return
        groups: dict[str, list[AnswerRow]] = {}
        for row in rows:
            groups.setdefault(row.given, []).append(row)
        lines: list[AnswerLine] = []
        for given, group in groups.items():
            if isinstance(template, dict):
                lines += [_say_by(template, row) for row in group]
            elif frame.kind == "figure":
                lines += [_say_with_source(_fill(template, row), row, lang) for row in group]
            elif frame.kind == "describe":
                lines += [AnswerLine(_fill(template, row), row.quotes[:_MOST_QUOTES]) for row in group]
            elif frame.settings.get("list"):
                lines.append(AnswerLine(template.format(given=given, asked="", n=len(group))))
                lines += [AnswerLine(f"  {row.asked}", row.quotes[:1]) for row in group]
            else:
                asked = get_text("joint", lang).join(dict.fromkeys(row.asked for row in group))
                quotes = tuple(dict.fromkeys(quote for row in group for quote in row.quotes[:1]))
                values = {**group[0].values, "given": given, "asked": asked, "n": len({row.asked for row in group})}
                lines.append(AnswerLine(template.format(**values), quotes[:_MOST_QUOTES]))
        if reading.counted and frame.kind != "figure" and len(rows) > 1:
            lines.append(AnswerLine(get_text("count", lang, n=len({row.asked for row in rows}))))
        yield from islice(lines, _MOST_LINES)
        hidden = max(len(lines) - _MOST_LINES, 0) + found.hidden
        if hidden:
            yield AnswerLine(get_text("more", lang, n=hidden))

    def _write_signers(self, reading: QuestionReading, rows: tuple[AnswerRow, ...]) -> Iterable[AnswerLine]:
        """Yield who submitted a proposal, and apart from them who signed it as well."""
        frame, lang = reading.frame, reading.lang
        for key in ("say", "say_joint"):
            some = [row for row in rows if _is_quoted(row, frame.get_setting("joint")) == (key == "say_joint")]
            for given in dict.fromkeys(row.given for row in some):
                own = [row for row in some if row.given == given]
                asked = get_text("joint", lang).join(dict.fromkeys(row.asked for row in own))
                template = frame.settings[key]
                assert isinstance(template, dict)
                quotes = tuple(dict.fromkeys(quote for row in own for quote in row.quotes[:1]))
                yield AnswerLine(template[lang].format(given=given, asked=asked), quotes[:_MOST_QUOTES])
        contexts = {self._facts.context_of(quote) for row in rows for quote in row.quotes}
        for quote in self._sentences.find_lines(contexts, frame.get_setting("header")):
            yield AnswerLine(quote.text, (quote,))

    def write_graph(self, question: str, graph: GraphResult, lang: str) -> Answer:
        """Return what the graph says, or that it does not say it of the proposal that the question is about."""
        assert graph.reading is not None
        told = describe_reading(graph.reading)
        lines = [line for reading, found in graph.found for line in self.write_rows(reading, found)]
        if not lines and graph.absent:
            return Answer(question, "absent", (AnswerLine(graph.absent),), told, graph.query, lang)
        words, count = get_text("joint", lang).join(graph.topic.words) if graph.topic else "", len(graph.proposals)
        if graph.topic and count > 1:
            head = get_text("several" if lines else "which", lang, words=words, n=count)
            lines = [AnswerLine(head), *(lines or _list_titles(graph.proposals, lang))]
        if lines and graph.found:
            return Answer(question, "answered", tuple(lines), told, graph.query, lang)
        if count == 1:
            lines = [AnswerLine(get_text("unsaid", lang, title=graph.proposals[0]))]
        return Answer(question, "unknown", tuple(lines), told, graph.query, lang)

    def explain(
        self, question: str, names: list[Named], graph: GraphResult, result: SentenceResult, lang: str
    ) -> Answer:
        """Return the answer that something is not known, with what is."""
        joint, reading = get_text("joint", lang), graph.reading
        terms: list[str] = []
        if reading:
            terms = [named.text for named in names] + [word.split("|")[0] for word in reading.words]
            terms += [reading.year] if reading.year else []
        if graph.is_untitled and graph.topic:
            key = "no_title" if graph.topic.words else "no_topic"
            lines = [AnswerLine(get_text(key, lang, words=joint.join(graph.topic.words)))]
        elif result.possible or (reading is None and result.terms):
            lines = [AnswerLine(get_text("no_sure", lang))]
        elif reading is None:
            lines = [AnswerLine(get_text("not_understood", lang))]
        else:
            key = "no_rows" if terms and graph.query else "no_name" if not graph.query else "no_rows_at_all"
            lines = [AnswerLine(get_text(key, lang, terms=joint.join(terms)))]
        lines += [AnswerLine(get_text("near", lang, word=word, name=name)) for word, name in result.near]
        if names:
            shown = dict.fromkeys(self._facts.name(named.iris[0]) for named in names)
            commands = joint.join(get_text("show", lang, name=name) for name in shown)
            lines.append(AnswerLine(get_text("see", lang, commands=commands)))
        if result.possible:
            lines.append(AnswerLine(get_text("possible", lang)))
            lines += [AnswerLine(f"  {self._tell(quote, lang)}", (quote,)) for quote in result.possible]
        described = describe_reading(reading) if reading else ""
        return Answer(question, "unknown", tuple(lines), described, graph.query, lang)


def _list_titles(titles: Iterable[str], lang: str) -> list[AnswerLine]:
    """Return a line for each title; of many the first ones."""
    shown = list(titles)
    lines = [AnswerLine(f"  {title}") for title in shown[:_MOST_TITLES]]
    rest = len(shown) - len(lines)
    return [*lines, *([AnswerLine(get_text("more_titles", lang, n=rest))] if rest > 0 else [])]


def describe_reading(reading: QuestionReading) -> str:
    """Return in words how a question was read."""
    lang, joint = reading.lang, get_text("joint", reading.lang)
    told = get_text("reading", lang, frame=load_texts()["frames"][reading.frame.key][lang])
    if reading.names:
        told += get_text("with_names", lang, names=joint.join(named.text for named in reading.names))
    if reading.words:
        told += get_text("with_words", lang, words=joint.join(word.split("|")[0] for word in reading.words))
    return told + (get_text("with_year", lang, year=reading.year) if reading.year else "")


def _say_by(template: dict[str, str], row: AnswerRow) -> AnswerLine:
    """Return the sentence that the code of a row calls for."""
    text = template.get(row.values.get("code", ""), template["other"])
    return AnswerLine(_fill(text, row), row.quotes[:_MOST_QUOTES])


def _is_quoted(row: AnswerRow, pattern: str) -> bool:
    """Return whether the sentences of a row have a pattern."""
    return bool(row.quotes) and all(re.search(pattern, quote.sentence) for quote in row.quotes)


def _say_with_source(line: str, row: AnswerRow, lang: str) -> AnswerLine:
    """Return the sentence of a figure with the whole sentence of its source, which may have limits and conditions."""
    sentence = print_line(row.quotes[0].sentence) if row.quotes else ""
    told = get_text("original", lang, line=line, sentence=sentence) if sentence else line
    return AnswerLine(told, row.quotes[:_MOST_QUOTES])


def _fill(template: str, row: AnswerRow) -> str:
    return template.format(**{**row.values, "given": row.given, "asked": row.asked})
