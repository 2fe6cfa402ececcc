"""A question → its answer in sentences, or the word that it is not known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import islice

from kg.graph.show import describe_thing
from kg.report.ask.figures import FigureFinder
from kg.report.ask.grammar import get_text, load_grammar, load_texts
from kg.report.ask.model import Answer, AnswerLine, AnswerRow, Named, QuestionReading
from kg.report.ask.names import NameIndex
from kg.report.ask.passages import list_passages
from kg.report.ask.reading import detect_language, read_question
from kg.report.ask.rows import Finder, Found
from kg.report.facts import Facts
from kg.report.model import Excerpt
from kg.store.store import Store

_MOST_LINES = 30
_MOST_QUOTES = 3
_MOST_FACTS = 12
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


class _Asker:
    def __init__(self, store: Store) -> None:
        self._facts, self._grammar = Facts(store), load_grammar()
        self._finder = Finder(store, self._facts, self._grammar)
        self._names = NameIndex(self._facts.view, self._grammar)

    def ask(self, question: str, lang: str) -> Answer:
        asked_in = detect_language(question)
        lang = lang or asked_in
        names = self._names.find(question)
        readings = read_question(question, names, self._grammar, asked_in)
        if not readings:
            return self._explain(question, names, None, "", lang)
        found = Found((), "")
        for reading in readings[:_MOST_READINGS]:
            reading = replace(reading, lang=lang)
            if len(reading.words) > len(readings[0].words):
                break
            if not names and not reading.words and reading.frame.settings.get("needs"):
                continue
            tried = self._find(reading)
            found = tried if not found.query else found
            if tried.rows:
                lines = tuple(self._write(reading, tried))
                return Answer(question, "answered", lines, _describe(reading), tried.query, lang)
        first = replace(readings[0], lang=lang)
        none = first.frame.settings.get("none")
        if isinstance(none, dict) and found.query and not first.words:
            return Answer(question, "absent", (AnswerLine(none[lang]),), _describe(first), found.query, lang)
        return self._explain(question, names, first, found.query, lang)

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
        groups: dict[str, list[AnswerRow]] = {}
        for row in rows:
            groups.setdefault(row.given, []).append(row)
        lines: list[AnswerLine] = []
        for given, group in groups.items():
            if isinstance(template, dict):
                lines += [_say_by(template, row) for row in group]
            elif frame.kind in ("figure", "describe"):
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

    def _explain(
        self, question: str, names: list[Named], reading: QuestionReading | None, query: str, lang: str
    ) -> Answer:
        """Return the answer that something is not known, with what is."""
        joint = get_text("joint", lang)
        if reading is None:
            lines = [AnswerLine(get_text("not_understood", lang))]
        else:
            terms = [named.text for named in names] + [word.split("|")[0] for word in reading.words]
            terms += [reading.year] if reading.year else []
            key = "no_rows" if terms and query else "no_name" if not query else "no_rows_at_all"
            lines = [AnswerLine(get_text(key, lang, terms=joint.join(terms)))]
        if names:
            shown = dict.fromkeys(self._facts.name(named.iris[0]) for named in names)
            commands = joint.join(get_text("show", lang, name=name) for name in shown)
            lines.append(AnswerLine(get_text("see", lang, commands=commands)))
        passages = list_passages(self._facts, self._grammar, names, reading.words) if reading else []
        if passages:
            lines.append(AnswerLine(get_text("passages", lang)))
            lines += [AnswerLine(f"  {' '.join(quote.sentence.split())}", (quote,)) for quote in passages]
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


def _fill(template: str, row: AnswerRow) -> str:
    return template.format(**{**row.values, "given": row.given, "asked": row.asked})
