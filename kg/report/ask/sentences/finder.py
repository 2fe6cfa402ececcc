"""The sentences that answer a question: ranked by the terms that they hold, chosen by what they have to hold."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from extract.text.normalize import name_key
from kg.report.ask.grammar import QuestionGrammar
from kg.report.ask.model import AnswerRow, Named
from kg.report.ask.sentences.analysis import Analysis, QuestionAnalyzer
from kg.report.ask.sentences.features import PairWeights
from kg.report.ask.sentences.judging import RankedSentence, SentenceJudge
from kg.report.ask.sentences.matching import match_term
from kg.report.ask.sentences.settings import load_settings
from kg.report.ask.sentences.spelling import NearNames, PinyinIndex
from kg.report.ask.sentences.units import SentenceIndex, SourceSentence, fold
from kg.report.facts import Facts
from kg.report.model import Excerpt

_STRETCH, _CLAUSE = re.compile("[;；。]"), re.compile("[,，:：]")
_HALF = 0.5
"""A sentence is offered if it holds so much of the terms."""
_CANDIDATES = 60
_MOST_POSSIBLE = 3
_MOST_SURE = 4


@dataclass(frozen=True, slots=True)
class SentenceResult:
    """What the search of sentences found."""

    sure: tuple[Excerpt, ...]
    possible: tuple[Excerpt, ...]
    terms: tuple[str, ...]
    types: tuple[str, ...]
    near: tuple[tuple[str, str], ...] = ()
    """Words that no sentence has, each with a name that is nearly the same."""
    has_all: bool = False
    """Whether the first sentence has an answer of each kind that is asked for."""
    chance: float = 0.0
    """How likely the first sentence answers."""
    asks: int = 0
    """How many kinds of answers are asked for."""
    chances: tuple[tuple[SourceSentence, float], ...] = ()
    """How likely each sentence that was weighed answers, the likeliest first."""

    def rate_quote(self, context: str, quote: Excerpt) -> float:
        """Return how likely the sentence around a quote answers; 0 if it was not weighed, or is ruled out."""
        return max((chance for unit, chance in self.chances if unit.context == context
                    and unit.begin <= quote.begin and quote.end <= unit.end), default=0.0)  # fmt: skip


class SentenceFinder:
    """Finds sentences for questions in one store."""

    def __init__(self, facts: Facts, grammar: QuestionGrammar) -> None:
        self._settings = load_settings()
        self._grammar = grammar
        self._index = SentenceIndex(facts, self._settings.place_endings)
        self._analyzer = QuestionAnalyzer(facts, grammar, self._index.place_keys)
        self._judge = SentenceJudge(self._index, grammar)
        self._near = NearNames(facts)

    def find(
        self, question: str, names: Sequence[Named], lang: str, own_from: int = 0, agreed: Sequence[Excerpt] = ()
    ) -> SentenceResult:
        """Return the sentences that answer *question*, or may do so.

        Args:
            question: the question.
            names: the names in it.
            lang: its language.
            own_from: where its topic, which an earlier part of a question gives, ends.
            agreed: sentences that answer the question that it is a part of.
        """
        analysis = self._weigh(self._analyzer.analyze(question, names, lang, own_from))
        words = tuple(term.text for term in analysis.terms)
        kinds = tuple(asked.type.key for asked in analysis.types)
        near = tuple(self._list_near(analysis))
        if not analysis.terms:
            return SentenceResult((), (), words, kinds, near)
        ranked = self._rank(analysis)
        places = {(quote.source, quote.begin) for quote in agreed}
        sure = [] if self._is_closed(analysis) else self._choose(analysis, ranked, places)
        chosen = {candidate.unit for candidate in sure}
        least = self._settings.limits["possible"]
        some = (c for c in ranked if c.score >= least or c.features["around"] >= _HALF)
        possible = [c for c in some if c.unit not in chosen][:_MOST_POSSIBLE]
        quotes, offered = (tuple(self._index.quote(c.unit) for c in group) for group in (sure, possible))
        has_all, chance = (sure[0].has_all, sure[0].chance) if sure else (False, 0.0)
        chances = tuple((c.unit, c.chance) for c in ranked)
        return SentenceResult(quotes, offered, words, kinds, near, has_all, chance, len(analysis.types), chances)

    def rank(self, question: str, names: Sequence[Named], lang: str, own_from: int = 0) -> list[RankedSentence]:
        """Return the sentences that may answer *question*, the likeliest first."""
        analysis = self._weigh(self._analyzer.analyze(question, names, lang, own_from))
        return self._rank(analysis) if analysis.terms else []

    @property
    def pinyin(self) -> PinyinIndex:
        """The names of the store by their pinyin."""
        return self._analyzer.pinyin

    def list_places(self, question: str, names: Sequence[Named]) -> list[tuple[int, int]]:
        """Return where a question names places, from left to right."""
        return self._analyzer.list_places(question, names)

    def find_lines(self, contexts: Collection[str], pattern: str) -> list[Excerpt]:
        """Return the sentences of some texts that match a pattern."""
        units = (unit for unit in self._index.units if unit.context in contexts and re.search(pattern, unit.text))
        return [self._index.quote(unit) for unit in units]

    def screen(self, question: str, rows: Sequence[AnswerRow], lang: str, is_count: bool) -> tuple[AnswerRow, ...]:
        """Return the rows of figures that say what *question* asks for.

        Rates do not answer how many there are or what has been paid so far, nor the number of a batch that of all.

        Args:
            question: the question.
            rows: the rows that hold its words.
            lang: its language.
            is_count: whether it asks how many there are.
        """
        settings, asked = self._settings, question.lower()
        if settings.relative.search(asked):
            return ()
        kept = rows = tuple(row for row in rows if not settings.is_turned(asked, _read_near(row)))
        if settings.asks_most.search(asked):
            most = settings.says_most
            kept = rows = tuple(row for row in rows if most.search(_read_near(row))
                                or not any(most.search(quote.sentence) for quote in row.quotes))  # fmt: skip
        if is_count and not settings.asks_rate.search(asked):
            kept = tuple(row for row in kept if not settings.is_each.search(_read_clause(row)))
        if settings.done[lang].search(asked) and not settings.planned.search(asked):
            kept = tuple(
                row for row in rows if not _says(settings.is_rate, row) and not _says(settings.is_planned, row)
            )
        parts = [row for row in kept if (found := settings.partial.search(_read_clause(row)))
                 and found[0] not in asked and not _says(settings.is_rate, row)]  # fmt: skip
        return tuple(row for row in kept if row not in parts) if len(parts) < len(kept) else kept

    def _is_closed(self, analysis: Analysis) -> bool:
        """Return whether no sentence can answer for sure: a judgement is asked for, or a day that only today tells."""
        return analysis.blocked or bool(self._settings.relative.search(analysis.question))

    def _weigh(self, analysis: Analysis) -> Analysis:
        """Return *analysis* with the weight of each term: the rarer, the heavier."""
        units = self._index.units
        size = len(units)
        terms, unsaid = [], []
        for term in analysis.terms:
            keys = (term.text, *term.forms)
            count = sum(any(key in unit.key for key in keys) for unit in units)
            if not count and self._is_cut(analysis.question, term.text):
                continue
            count = count or sum(match_term(term, unit.key) > 0 for unit in units)
            if not count and term.is_soft and (term.is_function or not term.is_must):
                unsaid += [] if term.is_function else [term.text]
                continue  # a verb or function word that only the asker uses
            is_official = count > 0 or term.is_name or any(key in self._settings.official for key in keys)
            term = replace(term, is_official=is_official)
            weight = math.log((size + 1) / (count + 0.5)) if size else 1.0
            terms.append(replace(term, weight=weight * (self._settings.limits["soft"] if term.is_soft else 1.0)))
        return replace(analysis, terms=tuple(terms), unsaid=tuple(unsaid), rarest=math.log(size + 1) or 1.0)

    def _is_cut(self, question: str, word: str) -> bool:
        """Return whether a word that no sentence has was cut out of two others: its signs join those beside it."""
        text = name_key(question)
        at = text.find(word)
        if len(word) != 2 or at < 1 or at + 3 > len(text):
            return False
        pairs = (text[at - 1 : at + 1], text[at + 1 : at + 3])
        return all(any(pair in unit.key for unit in self._index.units) for pair in pairs)

    def _list_near(self, analysis: Analysis) -> list[tuple[str, str]]:
        """Return the words of a question that no sentence has, with names that are nearly the same."""
        found = []
        for term in analysis.terms:
            if not term.text.isascii() and not any(term.text in unit.key for unit in self._index.units):
                name = self._near.find(term.text)
                if name and name not in term.forms:
                    found.append((term.text, name))
        return found

    # ranking

    def _rank(self, analysis: Analysis) -> list[RankedSentence]:
        """Return the best sentences, the best first."""
        terms = analysis.terms
        pairs = PairWeights(analysis.question, self._index.units)
        rough = []
        for unit in self._index.units:
            own = sum(term.weight for term in terms if term.text in unit.key or any(f in unit.key for f in term.forms))
            above = sum(0.5 * term.weight for term in terms if term.text in unit.headings or term.text in unit.before)
            is_whole = not own and not above and self._judge.speaks_of_itself(analysis, unit)
            if is_whole:
                titles = self._index.surround(unit).titles + self._index.surround(unit).opening
                above = sum(0.5 * term.weight for term in terms if match_term(term, titles))
            if own or above:
                rough.append((own + above, unit))
        rough.sort(key=lambda item: (-item[0], item[1].number))
        found = [self._judge.judge(analysis, unit, pairs) for _, unit in rough[: _CANDIDATES * 4]]
        found.sort(key=lambda c: (-c.chance, -c.score, c.unit.number))
        return found[:_CANDIDATES]

    # choice

    def _choose(
        self, analysis: Analysis, ranked: Sequence[RankedSentence], agreed: Collection[tuple[str, int]]
    ) -> list[RankedSentence]:
        """Return the sentences that answer for sure: the best one, and those that say more and are as likely."""
        limits = self._settings.limits
        least = limits["sure"] if any(term.is_place or term.is_name for term in analysis.terms) else limits["nameless"]
        sure = [c for c in ranked if c.chance >= least]
        if not sure and agreed:
            sure = [c for c in ranked[:_MOST_POSSIBLE] if c.has_all and c.chance >= limits["agreed"]
                    and self._is_among(c, agreed)]  # fmt: skip
        if not sure:
            return []
        best, rest = sure[0], sure[1:]
        more = [c for c in rest if self._says_more(best, c)]
        least = limits["listed" if self._settings.plural.search(analysis.question.lower()) else "close"] * best.chance
        return [best, *(c for c in more if not best.has_all or c.chance >= least)][:_MOST_SURE]

    def _is_among(self, candidate: RankedSentence, agreed: Collection[tuple[str, int]]) -> bool:
        quote = self._index.quote(candidate.unit)
        return (quote.source, quote.begin) in agreed

    def _says_more(self, best: RankedSentence, other: RankedSentence) -> bool:
        """Return whether a sentence has other answers than the best one; a share is none beside an amount."""
        more = set(other.evidence) - set(best.evidence)
        has_amount = any(word.endswith("元") for word in best.evidence)
        return any(not (has_amount and word.endswith("%")) for word in more)


def _says(pattern: re.Pattern[str], row: AnswerRow) -> bool:
    """Return whether the words around the number of a figure have a pattern."""
    return pattern.search(_read_clause(row)) is not None


def _read_near(row: AnswerRow) -> str:
    """Return the words around the number of a figure, up to the commas beside it."""
    quote = next(iter(row.quotes), None)
    if quote is None:
        return ""
    before, after = (_STRETCH.sub("，", text) for text in (quote.before, quote.after))
    return fold(_CLAUSE.split(before)[-1] + quote.text + _CLAUSE.split(after)[0])


def _read_clause(row: AnswerRow) -> str:
    """Return the words around the number of a figure, up to the semicolons beside it."""
    quote = next(iter(row.quotes), None)
    if quote is None:
        return ""
    return fold(_STRETCH.split(quote.before)[-1] + quote.text + _STRETCH.split(quote.after)[0])
