"""The sentences that answer a question: ranked by the terms that they hold, chosen by what they have to hold."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from extract.text.normalize import name_key
from kg.report.ask.grammar import QuestionGrammar
from kg.report.ask.model import AnswerRow, Named
from kg.report.ask.sentences.analysis import Analysis, QuestionAnalyzer
from kg.report.ask.sentences.evidence import find_evidence
from kg.report.ask.sentences.features import PairWeights, TermMatch, measure_evidence, measure_terms
from kg.report.ask.sentences.matching import Term, match_any, match_term
from kg.report.ask.sentences.settings import load_settings
from kg.report.ask.sentences.spelling import NearNames
from kg.report.ask.sentences.units import SentenceIndex, SourceSentence, fold
from kg.report.facts import Facts
from kg.report.model import Excerpt

_BEFORE, _ABOVE, _TOPIC = 0.85, 0.95, 0.7
"""Worth of a term before a sentence in its paragraph; above it or in the title of its document; in its opening."""
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_STRETCH, _CLAUSE = re.compile("[;；。]"), re.compile("[,，:：]")
_LITTLE = 0.3
"""A sentence that holds less of the words that ask holds none of them."""
_BARE = 30
"""A date under a document has fewer signs."""
_COUNTS = frozenset({"count", "number", "share", "times"})
_HALF = 0.5
"""A sentence is offered if it holds so much of the terms."""
_CANDIDATES = 60
_MOST_POSSIBLE = 3
_MOST_SURE = 4


@dataclass(frozen=True, slots=True)
class RankedSentence:
    """A sentence with how likely it answers."""

    unit: SourceSentence
    chance: float
    """How likely it answers; 0 if something rules it out."""
    score: float
    evidence: tuple[str, ...]
    """The words in it that are answers of the kinds that are asked for."""
    has_all: bool
    """Whether it has an answer of each kind."""
    features: Mapping[str, float] = field(default_factory=dict, hash=False)


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


class SentenceFinder:
    """Finds sentences for questions in one store."""

    def __init__(self, facts: Facts, grammar: QuestionGrammar) -> None:
        self._settings = load_settings()
        self._grammar = grammar
        self._index = SentenceIndex(facts, self._settings.place_endings)
        self._analyzer = QuestionAnalyzer(facts, grammar, self._index.place_keys)
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
        sure = [] if self._is_closed(analysis) else self._choose(analysis, ranked, {(quote.source, quote.begin) for quote in agreed})
        chosen = {candidate.unit for candidate in sure}
        least = self._settings.limits["possible"]
        some = (c for c in ranked if c.score >= least or c.features["around"] >= _HALF)
        possible = [c for c in some if c.unit not in chosen][:_MOST_POSSIBLE]
        return SentenceResult(
            tuple(self._index.quote(c.unit) for c in sure), tuple(self._index.quote(c.unit) for c in possible), words, kinds,
            near, bool(sure) and sure[0].has_all, sure[0].chance if sure else 0.0, len(analysis.types),
        )  # fmt: skip

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
        terms = []
        for term in analysis.terms:
            keys = (term.text, *term.forms)
            count = sum(any(key in unit.key for key in keys) for unit in units)
            if not count and self._is_cut(analysis.question, term.text):
                continue
            count = count or sum(match_term(term, unit.key) > 0 for unit in units)
            if not count and term.is_soft and (term.is_function or not term.is_must):
                continue  # a verb or function word that only the asker uses
            is_official = count > 0 or term.is_name or any(key in self._settings.official for key in keys)
            term = replace(term, is_official=is_official)
            weight = math.log((size + 1) / (count + 0.5)) if size else 1.0
            terms.append(replace(term, weight=weight * (self._settings.limits["soft"] if term.is_soft else 1.0)))
        return replace(analysis, terms=tuple(terms))

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
            is_whole = not own and not above and self._speaks_of_itself(analysis, unit)
            if is_whole:
                titles = self._index.surround(unit).titles + self._index.surround(unit).opening
                above = sum(0.5 * term.weight for term in terms if match_term(term, titles))
            if own or above:
                rough.append((own + above, unit))
        rough.sort(key=lambda item: (-item[0], item[1].number))
        found = [self._judge(analysis, unit, pairs) for _, unit in rough[: _CANDIDATES * 4]]
        found.sort(key=lambda c: (-c.chance, -c.score, c.unit.number))
        return found[:_CANDIDATES]

    def _judge(self, analysis: Analysis, unit: SourceSentence, pairs: PairWeights) -> RankedSentence:
        """Return a sentence with how likely it answers."""
        settings, surroundings = self._settings, self._index.surround(unit)
        is_whole = self._speaks_of_itself(analysis, unit)
        above = (unit.headings, surroundings.titles, *((surroundings.opening,) if is_whole else ()))
        is_timed = any(asked.type.key == "duration" for asked in analysis.types) and "后" not in analysis.question
        kinds = {asked.type.key for asked in analysis.types}
        has_subject = settings.subject.match(unit.text) is not None
        matches = []
        for term in analysis.terms:
            here, near, around = self._match(term, unit, above, is_timed)
            if has_subject and not term.is_place:
                around = near  # what was spoken of before is something else
            if not here and not is_whole and (term.is_addressed or (term.is_topic and not term.is_focus)):
                around = max(around, _TOPIC * match_term(term, surroundings.opening))
            matches.append(TermMatch(term, here, near, around))
        text = self._drop_planned(analysis, self._choose_stretches(analysis, unit.text))
        text = self._drop_turned(analysis, self._choose_clauses(analysis, text))
        evidence = self._list_evidence(analysis, unit, text)
        has_all = bool(evidence) and all(evidence)
        partial = settings.partial.search(unit.text)
        features = measure_terms(matches, settings.limits["unread"] * len(analysis.unread))
        features |= measure_evidence(analysis, evidence, text)
        features |= {
            "pairs": pairs.cover(unit.key),
            "pairs_near": pairs.cover(unit.key, unit.headings, surroundings.titles),
            "aspect": float(not self._has_aspect(analysis, unit, text)),
            "contrary": float(self._is_contrary(analysis, unit, text)),
            "partial": float(partial is not None and partial[0] not in analysis.question),
            "whole": float(is_whole),
            "rate": float(settings.is_rate.search(unit.text) is not None),
            "planned": float(settings.is_planned.search(unit.text) is not None),
        }
        features["lost_single"] = features["lost_official"] * features["single"]
        features["name_single"] = features["own_name_lost"] * features["single"]
        features["doer_away"] = float(analysis.doer and not features["no_focus"] and features["focus"] < _LITTLE)
        score = settings.weigh(features)
        is_out = any(features[key] for key in settings.vetoes) or (is_whole and features["name_lost"] > 0)
        is_out = is_out or self._is_bare_date(analysis, unit, features) or self._is_of_others(analysis, unit)
        is_out = is_out or (unit.announces and not kinds & settings.announced)
        words = tuple(dict.fromkeys(word for some in evidence for word in some))
        return RankedSentence(unit, 0.0 if is_out else score, score, words, has_all, features)

    def _list_evidence(self, analysis: Analysis, unit: SourceSentence, text: str) -> list[list[str]]:
        """Return the words that are answers of each kind that is asked for."""
        evidence = [
            find_evidence(asked, self._index.quote(unit).sentence if asked.type.quoted else text,
                          self._index.persons, self._grammar.unit_groups)
            for asked in analysis.types
        ]  # fmt: skip
        if analysis.done:  # a share is no sum that has been paid
            evidence = [[word for word in some if asked.type.key != "money" or word[-1] != "%"]
                        for asked, some in zip(analysis.types, evidence, strict=True)]  # fmt: skip
        return evidence

    def _is_of_others(self, analysis: Analysis, unit: SourceSentence) -> bool:
        """Return whether a question asks what an agency says of something, and a sentence is not that agency's."""
        if not any(asked.type.key == "stance" for asked in analysis.types):
            return False
        asked = [term for term in analysis.terms if term.is_agency]
        writers = self._index.list_writers(unit)
        said = [found[1] for found in self._settings.says.finditer(unit.text)]
        return bool(asked) and not any(match_any(term, (*writers, *said)) for term in asked)

    def _is_bare_date(self, analysis: Analysis, unit: SourceSentence, features: Mapping[str, float]) -> bool:
        """Return whether a sentence is the date under a document, and the question does not ask for that."""
        if not features["whole"] or len(unit.key) >= _BARE:
            return False
        return not analysis.dated and all(a.type.key == "date" for a in analysis.types) and features["own"] <= 0

    def _match(
        self, term: Term, unit: SourceSentence, above: Sequence[str], is_timed: bool
    ) -> tuple[float, float, float]:
        """Return how well a sentence holds a term: by itself, with what stands above it, and with what stands before.

        If a duration is asked, what it begins with (审核通过后60日内) does not count.
        It is as good for a place to be named in the sentence as to be what the document is about.
        """
        here = match_term(term, self._settings.anchor.sub(" ", unit.key) if is_timed else unit.key)
        if term.is_place and self._index.is_about(unit.context, (term.text, *term.forms)):
            return here, 1.0, 1.0
        if _YEAR.fullmatch(term.text):
            if _YEAR.search(unit.text):
                return here, here, here  # another year is not that of the document
            if self._index.has_word(unit.context, term.text):
                return here, 0.5, 0.5
        close = max(here, _ABOVE * match_any(term, above))
        return here, close, max(close, _BEFORE * match_term(term, unit.before))

    def _speaks_of_itself(self, analysis: Analysis, unit: SourceSentence) -> bool:
        """Return whether a sentence speaks of its document as a whole, and the question may ask for that."""
        kinds = {asked.type.key for asked in analysis.types}
        if analysis.is_later:
            return False
        if self._settings.contact.search(unit.text) and not kinds & self._settings.contact_types:
            return False
        return bool(kinds) and kinds <= self._settings.whole_types and bool(self._settings.itself.search(unit.text))

    def _has_rival(self, question: str, group: Sequence[str], text: str) -> bool:
        """Return whether a text has a word of a group of which the question has another one (省级, 国家级)."""
        asked = [word for word in group if word in question]
        if not asked or any(word in text or has_form(self._settings.list_forms(word), text) for word in asked):
            return False
        return any(word in text for word in group)

    def _is_contrary(self, analysis: Analysis, unit: SourceSentence, text: str) -> bool:
        """Return whether a sentence has the contrary of a term (非, 不含 before it), an exception or another class."""
        settings = self._settings
        around = unit.key + unit.headings + unit.before
        if any(found[0] not in around for found in settings.classes.finditer(analysis.question.lower())):
            return True
        if settings.exceptional.search(_BRACKETS.sub("", unit.text)) and not settings.asks_exception.search(
            analysis.question.lower()
        ):
            return True
        if any(self._has_rival(analysis.question, group, text) for group in settings.rivals):
            return True
        signs = self._grammar.contrary
        if any(sign in analysis.question for sign in signs):
            return False
        key = settings.ends.sub(" ", unit.key)
        return any(sign + term.text in key for sign in signs for term in analysis.terms)

    def _drop_turned(self, analysis: Analysis, text: str) -> str:
        """Return the clauses of a text whose numbers are what the question asks for."""
        kept = [clause for clause in _CLAUSE.split(text) if not self._settings.is_turned(analysis.question, clause)]
        return text if len(kept) == len(_CLAUSE.split(text)) else "，".join(kept)

    def _choose_stretches(self, analysis: Analysis, text: str) -> str:
        """Return the stretches between semicolons that hold most of the terms: an answer stands in one of them."""
        stretches = [stretch for stretch in _STRETCH.split(text) if stretch]
        if len(stretches) < 2:
            return text
        keys = [name_key(stretch) for stretch in stretches]
        worths = [sum(match_term(term, key) * term.weight for term in analysis.terms) for key in keys]
        return "；".join(stretch for stretch, worth in zip(stretches, worths, strict=True) if worth >= max(worths))

    def _choose_clauses(self, analysis: Analysis, text: str) -> str:
        """Return the clauses with what the question counts, and those behind them; all, if it counts nothing there."""
        focus = [term for term in analysis.terms if term.is_focus]
        if not focus or not {asked.type.key for asked in analysis.types} <= _COUNTS:
            return text
        clauses = _CLAUSE.split(text)
        has = [any(match_term(term, name_key(clause)) for term in focus) for clause in clauses]
        kept = [clause for at, clause in enumerate(clauses) if has[at] or (at and has[at - 1])]
        return "，".join(kept) if kept else text

    def _drop_planned(self, analysis: Analysis, text: str) -> str:
        """Return the clauses of a sentence that speak of today, if the question counts what there is."""
        kinds = {asked.type.key for asked in analysis.types}
        if not kinds & _COUNTS or self._settings.planned.search(analysis.question.lower()):
            return text
        kept = []
        for stretch in _STRETCH.split(text):
            for clause in _CLAUSE.split(stretch):
                if self._settings.is_planned.search(clause):
                    break  # 力争小巨人企业达到80家，中小企业达到1000家
                kept.append(clause)
        return "，".join(kept)

    def _has_aspect(self, analysis: Analysis, unit: SourceSentence, text: str) -> bool:
        """Return whether a sentence says what has come about, if the question asks for that.

        A number that is neither planned nor a rate says how many there are.
        """
        settings = self._settings
        if not analysis.done:
            return True
        counts = [asked for asked in analysis.types if asked.type.key == "count" and asked.unit]
        if counts and len(counts) == len(analysis.types):
            clauses = [clause for clause in _CLAUSE.split(_STRETCH.sub("，", text))
                       if not settings.is_rate.search(clause) and not settings.is_planned.search(clause)]  # fmt: skip
            groups = self._grammar.unit_groups
            found = (find_evidence(asked, clause, (), groups) for asked in counts for clause in clauses)
            return any(word[0].isdigit() for words in found for word in words)
        return bool(self._settings.is_done.search(unit.text)) and not self._settings.is_rate.search(unit.text)

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


def has_form(forms: Sequence[str], text: str) -> bool:
    """Return whether a text has one of some words."""
    return any(form in text for form in forms)


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
