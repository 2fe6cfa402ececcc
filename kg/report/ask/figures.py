"""The figures that a question asks for: each has the words of the question beside its number, or in its slots.

What a figure is about is a hint in the graph, and often empty. So the text is asked, too: the subject has to stand in
the clause of the number, its words in the same stretch between full stops and semicolons.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from extract.text.normalize import name_key, print_line
from extract.text.segment import segmenter
from kg.graph.facts import FigureFacts
from kg.graph.wording import format_figure
from kg.report.ask.clauses import NumberContext, fold, read_context
from kg.report.ask.coverage import holds, make_wanted, spell_word
from kg.report.ask.grammar import QuestionGrammar, get_text, load_query
from kg.report.ask.model import AnswerRow, Named, QuestionReading
from kg.report.ask.rows import Found
from kg.report.facts import Facts, split_span
from kg.report.figures import FigureIndex, FigureInfo
from kg.report.places import find_setting
from kg.report.wording import load_patterns
from ontology.lexicons import load_lexicon
from ontology.terms import PK

_MONEY = frozenset({"元", "万元", "亿元", "money"})
_SUBJECTS = frozenset({"EnterpriseTier", "TargetGroup", "Program", "Platform", "Enterprise", "Organization"})
"""Classes of what a figure can be about; the others say where it stands."""
_MOST = 8
_SLOT, _CLAUSE, _OTHER = 1.0, 0.6, 0.3
"""How surely a figure is about a name: one in its slots; one in its clause, if the slots are empty, or have another."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A figure with the texts around it, as keys."""

    info: FigureInfo
    slots: tuple[str, ...]
    clause: str
    stretch: str
    rank: tuple[float, ...] = ()


class FigureFinder:
    """Finds figures for readings in one store."""

    def __init__(self, facts: Facts, grammar: QuestionGrammar) -> None:
        self._facts, self._grammar = facts, grammar
        self._index = FigureIndex.of(facts)
        self._metric = re.compile(load_patterns()["metric"]["before"])

    def find(self, reading: QuestionReading) -> Found:
        """Return the figures that *reading* asks for, the best ones only."""
        classes = reading.frame.list_setting("classes")
        for count in range(1, len(classes) + 1):  # a later class only if the earlier ones have nothing
            kept = self._find_of_class(reading, classes[count - 1])
            if kept:
                rows, hidden = self._make_rows(reading, kept)
                return Found(tuple(rows), self._write_query(reading, classes[count - 1 : count]), hidden)
        return Found((), self._write_query(reading, classes))

    def _write_query(self, reading: QuestionReading, classes: tuple[str, ...]) -> str:
        query = load_query("figure").replace("{classes}", " ".join(f"pk:{name}" for name in classes))
        terms = [named.text for named in reading.names] + [word.split("|")[0] for word in reading.words]
        terms += [text for text in (reading.year, reading.unit) if text]
        joint = get_text("joint", reading.lang)
        return get_text("kept", reading.lang, terms=joint.join(terms)) + "\n" + query if terms else query

    def _find_of_class(self, reading: QuestionReading, kind: str) -> list[_Candidate]:
        subjects = [named for named in reading.names if _SUBJECTS & set(named.kinds)]
        if not subjects and not reading.words:
            return []  # 多少 of what?
        sought = [(self._list_linked(named), self._list_spellings(named)) for named in subjects]
        found = []
        for context, figures in self._list_texts(reading, kind):
            text, earlier = self._facts.view.source(context)[1], 0
            for iri, begin, end in figures:
                around = read_context(text, begin, end, earlier, self._grammar)
                earlier = end
                # the text is asked first: to read all slots of all figures takes longest
                if all(iri in linked or holds((around.stretch,), keys) for linked, keys in sought):
                    candidate = self._consider(reading, iri, around)
                    found += [candidate] if candidate else []
        best = max((candidate.rank for candidate in found), default=())
        return [candidate for candidate in found if candidate.rank == best]

    def _list_spellings(self, named: Named) -> list[str]:
        """Return the keys of a name of the question and of all names of its things."""
        return [name_key(named.text), *(key for iri in named.iris for key in self._list_keys(iri))]

    def _list_linked(self, named: Named) -> set[str]:
        """Return the figures that have a thing of a name in the slots for subjects."""
        view, found = self._facts.view, set()
        for node in (node for iri in named.iris for node in view.same_nodes(iri)):
            for slot in ("about", "grantedUnder"):
                quads = self._facts.store.find_statements(None, PK + slot, node)
                found |= {view.main_node(str(getattr(quad.subject, "value", ""))) for quad in quads}
        return found

    def _list_texts(self, reading: QuestionReading, kind: str) -> Iterator[tuple[str, list[tuple[str, int, int]]]]:
        """Yield the texts that have the words of the question, with their figures of a class."""
        places: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
        for figure, figure_kind, span in self._facts.select("figures"):
            place = split_span(span)
            if figure_kind == PK + kind and place:
                known = places[place[0]].get(figure, place[1:])
                places[place[0]][figure] = min(known, place[1:])
        words = [spell_word(word, self._grammar) for word in reading.words]
        for context in sorted(places):
            ident, text = self._facts.view.source(context)
            folded = fold(text) + fold(ident)
            if all(holds((folded,), spellings) for spellings in words):
                figures = [(figure, *span) for figure, span in places[context].items()]
                yield context, sorted(figures, key=lambda item: (item[1], item[0]))

    def _consider(self, reading: QuestionReading, iri: str, context: NumberContext) -> _Candidate | None:
        """Return the figure as an answer to *reading*, or None if it is none."""
        words = [spell_word(word, self._grammar) for word in reading.words]
        if self._is_contrary(reading, context.stretch):
            return None
        far = [spellings for spellings in words if not holds((context.stretch,), spellings)]
        if far and (not reading.frame.settings.get("wide") or len(far) == len(words)):
            return None
        info = self._index.get(iri)
        things = (thing for thing in (info.about, info.under) if thing)
        slots = tuple(key for thing in things for key in self._list_keys(thing))
        if far and not all(holds((*slots, *self._list_headings(info)), spellings) for spellings in far):
            return None
        return self._judge(reading, _Candidate(info, slots, context.clause, context.stretch), words)

    def _is_contrary(self, reading: QuestionReading, stretch: str) -> bool:
        """Return whether a text says the contrary of two words that stand side by side in the question."""
        question = name_key(reading.question)
        names = [name_key(named.text) for named in reading.names]
        pairs = [name + word for name in names for word in map(name_key, reading.words) if name + word in question]
        return any(sign + pair in stretch for sign in self._grammar.contrary for pair in pairs)

    def _judge(
        self, reading: QuestionReading, candidate: _Candidate, words: list[tuple[str, ...]]
    ) -> _Candidate | None:
        info = candidate.info
        unit = self._match_unit(reading, info)
        if unit is None or (reading.year and not self._has_year(reading.year, candidate)):
            return None
        near: list[float] = []
        texts = self._list_own_texts(candidate)
        for named, iris, keys in make_wanted(self._facts, self._grammar, reading).names:
            if _SUBJECTS & set(named.kinds):
                slot = bool(iris & {info.about, info.under})
                is_near = holds(texts, keys)
                if not slot and not (is_near or holds((candidate.stretch,), keys)):
                    return None
                near.append(_SLOT if slot else 0.0 if not is_near else _OTHER if info.about else _CLAUSE)
            elif not self._is_there(named, iris, keys, candidate):
                return None
        in_clause = [holds(texts, spellings) for spellings in words]
        settings = reading.frame.settings
        if not settings.get("wide") and not self._has_head(reading, candidate, words):
            return None
        if not settings.get("loose") and near and not any(near) and not any(in_clause):
            return None
        cues = [word for word in self._list_cues(reading) if holds(texts, (word,))]
        return replace(candidate, rank=(sum(near), float(sum(in_clause)), self._match_metric(reading, info),
                                        float(len(cues)), unit))  # fmt: skip

    def _list_own_texts(self, candidate: _Candidate) -> tuple[str, ...]:
        """Return the texts of a number alone: its metric, and its clause unless that has names and numbers in pairs."""
        metric = name_key(candidate.info.metric)
        if self._grammar.paired in candidate.stretch:
            return (metric, *candidate.slots)
        return candidate.clause, metric

    def _list_cues(self, reading: QuestionReading) -> list[str]:
        """Return the verbs and nouns among the words that the frame accounts for."""
        words = segmenter(load_lexicon("")).segment(re.sub(r"<\w*>?|[a-z]+", " ", reading.cue))
        return [word.text for word in words if len(word.text) > 1 and word.text not in self._grammar.stops["zh"]]

    def _has_head(self, reading: QuestionReading, candidate: _Candidate, words: list[tuple[str, ...]]) -> bool:
        """Return whether the last word or name of the question is what the number counts."""
        texts = self._list_own_texts(candidate)
        last = max(reading.names, key=lambda named: named.begin, default=None)
        place = max((reading.question.rfind(word) for word in reading.words), default=-1)
        if words and (last is None or place > last.begin or reading.lang == "en"):
            return any(holds(texts, spellings) for spellings in (words if reading.lang == "en" else words[-1:]))
        if last is None:
            return True
        return holds((*texts, *candidate.slots), self._list_spellings(last))

    def _list_keys(self, iri: str) -> list[str]:
        """Return the keys of the names of a thing."""
        view = self._facts.view
        return list(map(name_key, (view.label(iri), *view.aliases(iri))))

    def _is_there(self, named: Named, iris: frozenset[str], keys: tuple[str, ...], candidate: _Candidate) -> bool:
        """Return whether a figure belongs to a place, agency, document or person."""
        facts, info = self._facts, candidate.info
        if iris & {info.about, info.under, info.provider, info.place} or holds((candidate.stretch,), keys):
            return True
        letter = facts.letter_at(info.context, info.begin)
        if letter in iris or iris & {*facts.agencies(letter), *facts.values(letter, "repliesTo")}:
            return True
        if "Place" in named.kinds:
            place = name_key(find_setting(facts, info).place)
            return any(place == key for key in keys) or holds((name_key(facts.name(letter)),), keys)
        return False

    def _has_year(self, year: str, candidate: _Candidate) -> bool:
        info = candidate.info
        return any(time.startswith(year) for time in (info.period, info.deadline)) or holds(
            (candidate.clause,), (year,)
        )

    def _match_unit(self, reading: QuestionReading, info: FigureInfo) -> float | None:
        """Return how well the unit of a figure fits that of the question; None if it does not."""
        unit = reading.unit
        if not unit and info.unit in ("CNY", "%") and self._asks_for_number(reading):
            return None
        if reading.frame.settings.get("money") and not unit:
            return 1.0 if info.unit == "CNY" else 0.5 if info.unit.startswith("%") else None
        if unit in _MONEY or info.unit == "CNY":
            return 1.0 if info.unit == "CNY" and (not unit or unit in _MONEY) else None
        if not unit or unit == info.unit:
            return 1.0
        group = next((group for group in self._grammar.unit_groups if unit in group), (unit,))
        return 0.5 if info.unit in group else None

    def _asks_for_number(self, reading: QuestionReading) -> bool:
        """Return whether a question asks how many of a thing there are: 有*多少购房人*."""
        subjects = [re.escape(named.text) for named in reading.names if _SUBJECTS & set(named.kinds)]
        return (
            bool(subjects)
            and re.search(f"(?:多少|几)(?:个|家|名|户)?(?:{'|'.join(subjects)})", reading.question) is not None
        )

    def _match_metric(self, reading: QuestionReading, info: FigureInfo) -> float:
        """Return 2 if the metric is what the question asks for, 1 if it ends with it, else 0."""
        metric = name_key(self._metric.sub("", info.metric))
        asked = {name_key(named.text) for named in reading.names}
        subjects = (named for named in reading.names if _SUBJECTS & set(named.kinds))
        asked |= {key for named in subjects for iri in named.iris for key in self._list_keys(iri)}
        asked |= {key for word in reading.words for key in spell_word(word, self._grammar)}
        asked.add(name_key("".join(word.split("|")[0] for word in reading.words)))
        if metric in asked:
            return 2.0
        return 1.0 if any(key and metric.endswith(key) for key in asked) else 0.0

    def _list_headings(self, info: FigureInfo) -> tuple[str, ...]:
        """Return the title of the document of a figure and the headings above it."""
        facts = self._facts
        letter = facts.letter_at(info.context, info.begin)
        part = facts.value(info.iri, "partOf")
        names = [facts.name(letter)]
        while part and part != letter and len(names) < _MOST:
            names.append(facts.name(part))
            part = facts.parents.get(part, "")
        return tuple(map(name_key, names))

    def _make_rows(self, reading: QuestionReading, kept: list[_Candidate]) -> tuple[list[AnswerRow], int]:
        """Return the first rows, newest or largest first, and the number of figures behind them.

        Figures that say the same are one row.
        """
        facts = self._facts
        rows: dict[tuple[str, str], AnswerRow] = {}
        where = not any("Place" in named.kinds for named in reading.names)
        named = {iri for one in reading.names for iri in one.iris}
        newest = sorted(kept, key=lambda c: (c.info.period or c.info.deadline, c.info.value), reverse=True)
        for done, candidate in enumerate(newest):
            if len(rows) == _MOST:
                return list(rows.values()), len(newest) - done
            info = candidate.info
            place = find_setting(facts, info).place if where else ""
            words = format_figure(_make_facts(info), reading.lang, place)
            quotes = tuple(filter(None, (facts.quote(info.iri),)))
            subject = self._name_subject(info, named) or print_line(" ".join(quote.text for quote in quotes))
            key = (name_key(subject), words)
            earlier = rows.get(key)
            rows[key] = AnswerRow(
                subject, words, {}, (*earlier.quotes, *quotes) if earlier else quotes, frozenset({info.iri}),
                is_linked=_is_linked(reading, candidate),
            )  # fmt: skip
        return list(rows.values()), 0

    def _name_subject(self, info: FigureInfo, named: set[str]) -> str:
        """Return what a figure is about and what it measures; empty if it has neither."""
        about = self._facts.name(info.under if info.under in named and info.about not in named else info.about)
        metric = print_line(info.metric)
        return metric if not about or name_key(about) in name_key(metric) else f"{about} · {metric}".strip(" ·")


def _is_linked(reading: QuestionReading, candidate: _Candidate) -> bool:
    """Return whether the graph links a figure to all names that it can be about, and its clause has all words."""
    subjects = sum(bool(_SUBJECTS & set(named.kinds)) for named in reading.names)
    near, in_clause = candidate.rank[:2]
    return subjects > 0 and near >= subjects * _SLOT and in_clause >= len(reading.words)


def _make_facts(info: FigureInfo) -> FigureFacts:
    """Return a figure in the form that is put in words."""
    return FigureFacts(info.iri, info.kind, info.value, info.unit, info.bound, info.metric, info.period, info.per,
                       info.deadline, info.frequency, (), ())  # fmt: skip
