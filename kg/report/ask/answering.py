"""A question → its answer in sentences, or the word that it is not known."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import islice

from extract.text.normalize import name_key, print_line
from kg.graph.show import describe_thing
from kg.report.ask.figures import FigureFinder
from kg.report.ask.grammar import get_text, load_grammar, load_texts
from kg.report.ask.model import Answer, AnswerLine, AnswerRow, Named, QuestionReading
from kg.report.ask.names import NameIndex
from kg.report.ask.parts import QuestionPart, split_places, split_question
from kg.report.ask.reading import detect_language, read_question
from kg.report.ask.rows import Finder, Found
from kg.report.ask.sentences import SentenceFinder, SentenceResult
from kg.report.ask.sentences.matching import find_long_form
from kg.report.ask.sentences.settings import load_settings
from kg.report.facts import Facts
from kg.report.model import Excerpt
from kg.store.store import Store

_MOST_LINES = 30
_MOST_QUOTES = 3
_MOST_FACTS = 12
_SHORT = 24
"""A sentence of fewer signs is shown with the title of its document."""
_MOST_READINGS = 3
"""Readings that are tried: the first one with rows is the answer."""


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


class _Asker:
    def __init__(self, store: Store) -> None:
        self._facts, self._grammar = Facts(store), load_grammar()
        self._finder = Finder(store, self._facts, self._grammar)
        self._names = NameIndex(self._facts.view, self._grammar)
        self._sentences = SentenceFinder(self._facts, self._grammar)
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
        if not whole.has_all and len(parts) > 1:
            answer = self._ask_parts(parts, whole, lang or asked_in, asked_in) or answer
        return replace(answer, question=question)

    def _list_parts(self, question: str, asked_in: str) -> list[tuple[str, QuestionPart]]:
        """Return the parts of a question, each with the place that it is asked of, if it is asked of several."""
        parts: list[tuple[str, QuestionPart]] = []
        for part in split_question(question, asked_in, self._settings):
            places = self._sentences.list_places(part.text, self._names.find(part.text))
            parts += split_places(part, places, asked_in, self._settings) or [("", part)]
        return parts

    def _ask_parts(
        self, parts: list[tuple[str, QuestionPart]], whole: _Asked, lang: str, asked_in: str
    ) -> Answer | None:
        """Return the answers to the parts of a question; None if none of them is answered.

        What answers the question as a whole, but not all of it, stands before what the parts add.
        """
        found = [(place, part, self._ask_one(part, lang, asked_in, agreed=whole.quotes)) for place, part in parts]
        if all(asked.answer.state == "unknown" for _, _, asked in found):
            return None
        shown = {quote for _, _, asked in found for quote in asked.quotes}
        lines = [] if shown.issuperset(whole.quotes) else list(whole.answer.lines)
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
        names = self._names.find(question)
        readings = read_question(question, names, self._grammar, asked_in)
        answer, first, query = self._ask_graph(question, names, readings, lang)
        if answer:
            return _Asked(answer)
        result = self._sentences.find(question, names, asked_in, part.own_from, agreed)
        if result.sure:
            return _Asked(
                self._quote_sentences(question, result, lang), result.sure, result.has_all and result.asks >= count
            )
        for word, name in result.near if ask_near else ():
            answer = self._ask_near(part, (word, name), lang, asked_in)
            if answer:
                return _Asked(answer)
        return _Asked(self._explain(question, names, first, (query, result), lang), has_all=False)

    def _ask_graph(
        self, question: str, names: list[Named], readings: list[QuestionReading], lang: str
    ) -> tuple[Answer | None, QuestionReading | None, str]:
        """Return the answer of the graph, if it has one, the first reading and its query."""
        if not readings:
            return None, None, ""
        found = Found((), "")
        for reading in readings[:_MOST_READINGS]:
            reading = replace(reading, lang=lang)
            if len(reading.words) > len(readings[0].words):
                break
            if not names and not reading.words and reading.frame.settings.get("needs"):
                continue
            tried = self._find(reading)
            found = tried if not found.query else found
            if reading.frame.kind == "figure":
                is_count = reading.frame.key == "count"
                tried = replace(tried, rows=self._sentences.screen(question, tried.rows, lang, is_count))
            if reading.frame.key == "administrator":
                tried = replace(tried, rows=tuple(row for row in tried.rows if not self._has_other_doer(row)))
            if tried.rows:
                lines = tuple(self._write(reading, tried))
                return Answer(question, "answered", lines, _describe(reading), tried.query, lang), reading, tried.query
        first = replace(readings[0], lang=lang)
        none = first.frame.settings.get("none")
        if isinstance(none, dict) and found.query and not first.words:
            answer = Answer(question, "absent", (AnswerLine(none[lang]),), _describe(first), found.query, lang)
            return answer, first, found.query
        return None, first, found.query

    def _has_other_doer(self, row: AnswerRow) -> bool:
        """Return whether the sentences of a row say that somebody else runs what it is about."""
        sentences = "".join(name_key(quote.sentence) for quote in row.quotes)
        doers = [found[1] for found in self._settings.runs.finditer(sentences)]
        asked = name_key(row.asked)
        return bool(doers) and not any(doer in asked or find_long_form(doer, asked) for doer in doers)

    def _quote_sentences(self, question: str, result: SentenceResult, lang: str) -> Answer:
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

    def _find(self, reading: QuestionReading) -> Found:
        kind = reading.frame.kind
        if kind == "figure":
            return FigureFinder(self._facts, self._grammar).find(reading)
        if kind == "describe":
            return self._describe_things(reading)
        if kind in ("parts", "replies") and not reading.names and not reading.words:
            return Found((), "")
        return self._finder.find(reading)

    def _describe_things(self, reading: QuestionReading) -> Found:
        rows, things = [], reading.names[0].iris[:_MOST_READINGS]
        for iri in things:
            known = describe_thing(self._facts.view, iri, reading.lang)
            rows.append(AnswerRow(known.name, f"{known.name}：{known.kind}"))
            for line in known.lines[:_MOST_FACTS]:
                quotes = tuple(Excerpt(p.text, p.before, p.after, p.source, p.begin, p.begin + len(p.text), p.locator)
                               for p in line.passages[:1])  # fmt: skip
                rows.append(AnswerRow(known.name, f"{line.label}：{line.value}", quotes=quotes))
        return Found(
            tuple(rows), "\n".join(f"DESCRIBE <{iri}>" for iri in reading.names[0].iris[:_MOST_READINGS]) + "\n"
        )

    # sentences

    def _write(self, reading: QuestionReading, found: Found) -> Iterable[AnswerLine]:
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

    def _explain(
        self,
        question: str,
        names: list[Named],
        reading: QuestionReading | None,
        found: tuple[str, SentenceResult],
        lang: str,
    ) -> Answer:
        """Return the answer that something is not known, with what is."""
        joint = get_text("joint", lang)
        query, result = found
        terms = (
            [named.text for named in names] + [word.split("|")[0] for word in reading.words if reading]
            if reading
            else []
        )
        terms += [reading.year] if reading and reading.year else []
        if result.possible or (reading is None and result.terms):
            lines = [AnswerLine(get_text("no_sure", lang))]
        elif reading is None:
            lines = [AnswerLine(get_text("not_understood", lang))]
        else:
            key = "no_rows" if terms and query else "no_name" if not query else "no_rows_at_all"
            lines = [AnswerLine(get_text(key, lang, terms=joint.join(terms)))]
        lines += [AnswerLine(get_text("near", lang, word=word, name=name)) for word, name in result.near]
        if names:
            shown = dict.fromkeys(self._facts.name(named.iris[0]) for named in names)
            commands = joint.join(get_text("show", lang, name=name) for name in shown)
            lines.append(AnswerLine(get_text("see", lang, commands=commands)))
        if result.possible:
            lines.append(AnswerLine(get_text("possible", lang)))
            lines += [AnswerLine(f"  {self._tell(quote, lang)}", (quote,)) for quote in result.possible]
        described = _describe(reading) if reading else ""
        return Answer(question, "unknown", tuple(lines), described, query, lang)


def _describe(reading: QuestionReading) -> str:
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
