"""How likely a sentence answers a question, and what rules it out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from extract.text.normalize import name_key
from kg.report.ask.grammar import QuestionGrammar
from kg.report.ask.sentences.analysis import Analysis
from kg.report.ask.sentences.features import PairWeights, TermMatch, find_evidence, measure_evidence, measure_terms
from kg.report.ask.sentences.matching import Term, match_any, match_term
from kg.report.ask.sentences.settings import load_settings
from kg.report.ask.sentences.units import TITLED, YEAR, SentenceIndex, SourceSentence, fold

_BEFORE, _ABOVE, _TOPIC = 0.85, 0.95, 0.7
"""Worth of a term before a sentence in its paragraph; above it or in the title of its document; in its opening."""
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_VALUE = re.compile(r"\d(?![\d.]*[年月日])")
_YEAR_CLAUSE = re.compile(r"[^，,;；。]+[，,;；。]?")
_PERCENT = re.compile(r"\d[\d.]*%")
_NUMERALS = "一二三四五六七八九十"
_ROMAN = ("i", "ii", "iii", "iv", "v")
_RANK = re.compile(rf"[{_NUMERALS}]|\d+|[iv]+")
_IN_RANGE = 0.95
"""Worth of a rank that is within a range (三级 in 二到五级)."""
_LITTLE = 0.3
"""A sentence that holds less of the words that ask holds none of them."""
_BARE = 30
"""A date under a document has fewer signs."""
_COUNTS = frozenset({"count", "number", "share", "times"})
_MEASURES = frozenset({"money", "share", "number", "times"})
"""Kinds of answers that are the value of a noun."""
_STRETCH, _CLAUSE = re.compile("[;；。]"), re.compile("[,，:：]")


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


class SentenceJudge:
    """Judges sentences of one store."""

    def __init__(self, index: SentenceIndex, grammar: QuestionGrammar) -> None:
        self._index, self._grammar, self._settings = index, grammar, load_settings()

    def judge(self, analysis: Analysis, unit: SourceSentence, pairs: PairWeights) -> RankedSentence:
        """Return a sentence with how likely it answers."""
        settings, surroundings = self._settings, self._index.surround(unit)
        is_whole = self.speaks_of_itself(analysis, unit)
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
        own = self._drop_years(analysis, unit.text if analysis.dated else settings.issue.sub("", unit.text))
        own = self._drop_flows(analysis, own)
        text = self._drop_planned(analysis, self._choose_stretches(analysis, own))
        text = self._drop_turned(analysis, self._choose_clauses(analysis, text))
        evidence = self._list_evidence(analysis, unit, text)
        has_all = bool(evidence) and all(evidence)
        features = measure_terms(matches, settings.limits["unread"] * len(analysis.unread), analysis.rarest)
        features |= measure_evidence(analysis, evidence, text)
        features |= {
            "pairs": pairs.cover(unit.key),
            "pairs_near": pairs.cover(unit.key, unit.headings, surroundings.titles),
            "aspect": float(not self._has_aspect(analysis, unit, text)),
            "valueless": float(kinds <= settings.values and not any(self._list_evidence(analysis, unit, own))),
            "contrary": float(self._is_contrary(analysis, unit, text)),
            "whole": float(is_whole),
            "rate": float(settings.is_rate.search(unit.text) is not None),
        }
        features["focus_lost"] *= float(analysis.lang == "zh" and kinds <= _MEASURES)
        features["name_single"] = features["own_name_lost"] * features["single"]
        features["doer_away"] = float(analysis.doer and not features["no_focus"] and features["focus"] < _LITTLE)
        score = settings.weigh(features)
        is_out = any(features[key] > most for key, most in settings.vetoes.items())
        is_out = is_out or (is_whole and features["name_lost"] > 0)
        is_out = is_out or self._is_bare_date(analysis, unit, features) or self._is_of_others(analysis, unit)
        is_out = is_out or self._leads_over(analysis, unit) or self._is_suggested(analysis, unit)
        is_out = is_out or (unit.announces and not kinds & settings.announced)
        is_out = is_out or (not is_whole and not any(not t.is_place and not t.text.isdigit() for t in analysis.terms))
        words = tuple(dict.fromkeys(word for some in evidence for word in some))
        return RankedSentence(unit, 0.0 if is_out else score, score, words, has_all, features)

    def _list_evidence(self, analysis: Analysis, unit: SourceSentence, text: str) -> list[list[str]]:
        """Return the words that are answers of each kind that is asked for."""
        evidence = [
            find_evidence(asked, self._index.quote(unit).sentence if asked.type.quoted else text,
                          self._index.persons, self._grammar.unit_groups)
            for asked in analysis.types
        ]  # fmt: skip
        shares = _PERCENT.search(text) is not None
        if shares and any(asked.type.key == "money" for asked in analysis.types):
            paid = "，".join(clause if self._settings.grants.search(clause) else _PERCENT.sub("", clause)
                            for clause in _CLAUSE.split(text))  # fmt: skip
            evidence = [[word for word in some if asked.type.key != "money" or word in paid]
                        for asked, some in zip(analysis.types, evidence, strict=True)]  # fmt: skip
        if self._settings.makes.search(analysis.question.lower()):
            evidence = [self._keep_made(analysis, some, text) if asked.type.key == "document" else some
                        for asked, some in zip(analysis.types, evidence, strict=True)]  # fmt: skip
        if analysis.done:  # a share is no sum that has been paid
            evidence = [[word for word in some if asked.type.key != "money" or word[-1] != "%"]
                        for asked, some in zip(analysis.types, evidence, strict=True)]  # fmt: skip
        return evidence

    def _keep_made(self, analysis: Analysis, titles: Sequence[str], text: str) -> list[str]:
        """Return the titles of documents that a text says are made, or are to be made if that is asked."""
        settings = self._settings
        before = settings.to_be_made if settings.will_make.search(analysis.question.lower()) else settings.made
        return [title for title in titles if before.search(text[: text.find(title)])]

    def _is_of_others(self, analysis: Analysis, unit: SourceSentence) -> bool:
        """Return whether a question asks what an agency says of something, and a sentence is not that agency's."""
        if not any(asked.type.key == "stance" for asked in analysis.types):
            return False
        if self._index.is_proposal(unit) and not self._settings.suggests.search(analysis.question.lower()):
            return True  # what a proposal asks for is no answer to it
        asked = [term for term in analysis.terms if term.is_agency]
        titles = self._index.surround(unit).titles
        said = [found[1] for found in self._settings.says.finditer(unit.text)]
        if asked:
            return not any(match_any(term, (titles, *said)) for term in asked)
        # an agency that the store does not have
        named = self._settings.asked_agency.search(analysis.question)
        return named is not None and not any(named["own"] in words for words in (titles, *said))

    def _is_suggested(self, analysis: Analysis, unit: SourceSentence) -> bool:
        """Return whether a sentence is what a proposal asks for, and the question asks what is so."""
        settings, question = self._settings, analysis.question.lower()
        if settings.suggests.search(question) and not settings.actual.search(question):
            return False
        return self._index.is_suggested(unit, settings.suggesting)

    def _leads_over(self, analysis: Analysis, unit: SourceSentence) -> bool:
        """Return whether a sentence only leads over to an answer, or is the head of a document, or is a paragraph.

        A paragraph answers who is in charge of something, a head who made the document, and when.
        """
        settings, kinds = self._settings, {asked.type.key for asked in analysis.types}
        if (unit.is_paragraph and not analysis.doer) or settings.heading.search(unit.text):
            return True
        if analysis.dated or kinds & settings.headed:
            return False
        if settings.preamble.search(unit.text) or settings.salutation.search(unit.text):
            return True
        return len(unit.key) > 5 and settings.titled.sub("", unit.key) in self._index.surround(unit).titles

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
        if not here and self._settings.rank.fullmatch(term.text) and not lacks_rank(term.text, unit.text, ""):
            here = _IN_RANGE
        if term.is_place and self._index.is_about(unit.context, (term.text, *term.forms)):
            return here, 1.0, 1.0
        if YEAR.fullmatch(term.text):
            if YEAR.search(unit.text):
                return here, here, here  # another year is not that of the document
            if self._index.has_year(unit.context, term.text):
                return here, 0.5, 0.5
        close = max(here, _ABOVE * match_any(term, above))
        return here, close, max(close, _BEFORE * match_term(term, unit.before))

    def speaks_of_itself(self, analysis: Analysis, unit: SourceSentence) -> bool:
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
        titles = self._index.surround(unit).titles
        around = unit.key + unit.headings + unit.before
        if any(found[0] not in around for found in settings.classes.finditer(analysis.question.lower())):
            return True
        if settings.exceptional.search(_BRACKETS.sub("", unit.text)) and not settings.asks_exception.search(
            analysis.question.lower()
        ):
            return True
        if any(self._has_rival(analysis.question, group, text) for group in settings.rivals):
            return True
        if any(asked.search(analysis.question) and not said.search(unit.text) for asked, said in settings.timed):
            return True
        if lacks_rank(analysis.question.lower(), unit.text, f"{unit.headings} {unit.before} {titles}"):
            return True
        signs = self._grammar.contrary
        if any(sign in analysis.question for sign in signs):
            return False
        key = settings.ends.sub(" ", unit.key)
        return any(sign + term.text in key for sign in signs for term in analysis.terms)

    def _drop_flows(self, analysis: Analysis, text: str) -> str:
        """Return a text without the clauses that count no things of today, if the question counts what there is."""
        settings, question = self._settings, analysis.question.lower()
        is_stock = {asked.type.key for asked in analysis.types} & _COUNTS and settings.exists.search(question)
        if not is_stock or settings.planned.search(question):
            return text
        return "".join(clause for clause in _YEAR_CLAUSE.findall(text) if not settings.no_stock.search(clause))

    def _drop_years(self, analysis: Analysis, text: str) -> str:
        """Return the clauses of a text that are not of another year than the question's, if one is of that year."""
        years = {term.text for term in analysis.terms if YEAR.fullmatch(term.text)}
        is_measured = {asked.type.key for asked in analysis.types} <= _COUNTS | _MEASURES
        if not is_measured or len(years) != 1 or not years & {*YEAR.findall(text)}:
            return text
        kept: list[str] = []
        others: list[str] = []
        current = years
        for clause in _YEAR_CLAUSE.findall(text):
            current = {*YEAR.findall(TITLED.sub("", clause))} or current
            (kept if current & years else others).append(clause)
        focus = [term for term in analysis.terms if term.is_focus]
        valued = [name_key(clause) for clause in others if _VALUE.search(YEAR.sub("", clause))]
        own = name_key("".join(kept))
        is_lost = any(match_term(term, clause) and not match_term(term, own) for term in focus for clause in valued)
        return "" if is_lost else "".join(kept)

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
        focus = [term for term in focus if term.text in analysis.counted] or focus
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


def lacks_rank(question: str, text: str, around: str) -> bool:
    """Return whether a question has a rank that a text lacks; what is around a text counts if it has no such ranks."""
    asked = [(found["kind"], read_rank(found["value"])) for found in load_settings().rank.finditer(fold(question))]
    said = set(_list_ranks(text)) if asked else set()
    kinds = {kind for kind, _ in said}
    near = set(_list_ranks(around)) if asked else set()
    return any(rank not in (said if rank[0] in kinds else near) for rank in asked)


def _list_ranks(text: str) -> Iterator[tuple[str, int]]:
    """Yield the ranks that a text has, by their kinds."""
    settings = load_settings()
    for found in settings.rank.finditer(text):
        yield found["kind"], read_rank(found["value"])
    for found in settings.rank_range.finditer(text):
        for value in range(read_rank(found["first"]), read_rank(found["last"]) + 1):
            yield found["kind"], value
    for found in settings.rank_list.finditer(text):
        for word in _RANK.findall(found["values"]):
            yield found["kind"], read_rank(word)


def read_rank(word: str) -> int:
    """Return the number of a rank."""
    return int(word) if word.isdigit() else (_ROMAN if word in _ROMAN else _NUMERALS).index(word) + 1


def has_form(forms: Sequence[str], text: str) -> bool:
    """Return whether a text has one of some words."""
    return any(form in text for form in forms)
