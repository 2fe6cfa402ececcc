"""What speaks for and against a sentence as the answer to a question, as numbers from 0 to 1.

``decision.toml`` has the weight of each.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from extract.text.normalize import name_key
from kg.report.ask.sentences.analysis import Analysis, AskedType
from kg.report.ask.sentences.matching import Term, match_term
from kg.report.ask.sentences.units import SourceSentence

_HAN = re.compile(r"[\u4e00-\u9fff]+")
_CLAUSE = re.compile("[,，:：;；。]")
_YEAR = re.compile("(?:19|20)[0-9]{2}")
_PERSON = "<person>"
_TITLE = re.compile(r"《[^》]*》|[〔\[(（](?:19|20)\d\d[〕\])）](?:\d+号)?")
"""Titles and numbers of documents: what stands in them is no answer."""
_CONTACT = r"(?:联系人|负责人|组\s*长|主任|局长|经办人)[:：]"
_RARE = 7.0
"""The weight of a rare word."""
_MANY = 3
"""So many rare words are as much as can be asked for."""
_LONG = 120
"""A sentence of so many signs is a long one."""


@dataclass(frozen=True, slots=True)
class TermMatch:
    """How well a sentence holds a term: by itself, with what stands above it, and with what stands before."""

    term: Term
    here: float
    near: float
    around: float


class PairWeights:
    """The weights of the pairs of signs of a question: the rarer in the sentences, the heavier."""

    def __init__(self, question: str, units: Sequence[SourceSentence]) -> None:
        runs = _HAN.findall(name_key(question))
        pairs = dict.fromkeys(run[at : at + 2] for run in runs for at in range(len(run) - 1))
        counts = {pair: sum(pair in unit.key for unit in units) for pair in pairs}
        size = len(units)
        self._weights = {pair: math.log((size + 1) / (count + 0.5)) for pair, count in counts.items() if count}
        self._total = sum(self._weights.values()) or 1.0

    def cover(self, *texts: str) -> float:
        """Return the share of the weights of the pairs that are in one of *texts*."""
        held = (weight for pair, weight in self._weights.items() if any(pair in text for text in texts))
        return sum(held) / self._total


def measure_terms(matches: Sequence[TermMatch], unread: float, rarest: float) -> dict[str, float]:
    """Return how well a sentence holds the terms of a question.

    Args:
        matches: its terms.
        unread: the weight of what was not read.
        rarest: the weight of a word that one sentence of the store has.
    """
    scale = min(rarest, _RARE)
    content = [match for match in matches if not match.term.is_place]
    places = [match for match in matches if match.term.is_place]
    names = [match for match in content if match.term.is_name]
    focus = [match for match in content if match.term.is_focus]
    total = _weigh(content) + unread or 1.0
    lost = [match for match in content if not match.around]
    lost_names = [match for match in lost if match.term.is_name]
    return {
        "own": sum(match.here * match.term.weight for match in content) / total,
        "held": min(sum(match.here * match.term.weight for match in content) / (_MANY * _RARE), 1.0),
        "near": sum(match.near * match.term.weight for match in content) / total,
        "around": sum(match.around * match.term.weight for match in content) / total,
        "few": 1.0 / (1 + len(content)),
        "focus": sum(match.here * match.term.weight for match in focus) / (_weigh(focus) or 1.0) if focus else 1.0,
        "no_focus": float(not focus),
        "focus_lost": float(any(_is_decisive(m.term) and not m.term.is_name and not m.near for m in focus)),
        "proposal_lost": float(any(match.term.is_proposal for match in lost)),
        "lost_official": max((match.term.weight for match in lost if _is_decisive(match.term)), default=0.0) / scale,
        "lost_verb": max((match.term.weight for match in lost if _is_verb(match.term)), default=0.0) / scale,
        "lost_second": max([0.0, *_list_weights(lost)[:-1]]) / scale,
        "number_lost": float(any(match.term.text[:1].isdigit() and not is_year(match.term.text) for match in lost)),
        "year_lost": float(any(is_year(match.term.text) for match in lost)),
        "name_here": float(any(match.here for match in names)),
        "name_lost": float(bool(lost_names)),
        "own_name_lost": float(any(not match.term.is_addressed for match in lost_names)),
        "no_name": float(not names),
        "places_lost": float(bool(places) and not any(match.around for match in places)),
        "no_place": float(not places),
    }


def measure_evidence(analysis: Analysis, evidence: Sequence[Sequence[str]], text: str) -> dict[str, float]:
    """Return how well a sentence holds answers of the kinds that are asked for, and how near to the terms."""
    kinds = {asked.type.key for asked in analysis.types}
    unsaid = len(analysis.unsaid)
    is_open = not kinds or "open" in kinds
    return {
        "evidence": sum(map(bool, evidence)) / len(evidence) if evidence else 1.0,
        "evidence_all": float(all(evidence)),
        "evidence_any": float(any(evidence) or is_open),
        "tight": _find_nearest(analysis, evidence, text),
        "single": float(len(analysis.types) < 2),
        "list": float("list" in kinds),
        "agency": float(bool(kinds & {"agency", "person"})),
        "amount": float(bool(kinds & {"money", "share", "times"})),
        "count": float(bool(kinds & {"count", "number"})),
        "time": float(bool(kinds & {"date", "duration", "months"})),
        "unsaid": unsaid / (1 + unsaid),
        "length": min(len(text) / _LONG, 1.0),
    }


def is_year(word: str) -> bool:
    """Return whether a word is a year."""
    return _YEAR.fullmatch(word) is not None


def _find_nearest(analysis: Analysis, evidence: Sequence[Sequence[str]], text: str) -> float:
    """Return the share of the terms that the clause of an answer holds, with the clause before it."""
    content = [term for term in analysis.terms if not term.is_place]
    total = sum(term.weight for term in content) or 1.0
    words = [key for some in evidence for word in some if (key := name_key(word))]
    clauses = [name_key(clause) for clause in _CLAUSE.split(text)]
    windows = [before + clause for before, clause in zip(["", *clauses], clauses, strict=False)
               if any(word in clause for word in words)]  # fmt: skip
    worths = (sum(match_term(term, window) * term.weight for term in content) for window in windows)
    return max(worths, default=0.0) / total


def _is_decisive(term: Term) -> bool:
    """Return whether a sentence that lacks a term speaks of something else: a noun that official documents use."""
    return term.is_official and not (term.is_soft or term.is_function or term.is_addressed)


def _is_verb(term: Term) -> bool:
    """Return whether a term is a verb, or another word that may be said otherwise, that official documents use."""
    return term.is_soft and term.is_official and not term.is_function and not term.text[:1].isdigit()


def _list_weights(lost: Sequence[TermMatch]) -> list[float]:
    """Return the weights of the nouns that a sentence lacks, the least first."""
    return sorted(match.term.weight for match in lost if _is_decisive(match.term))


def _weigh(matches: Sequence[TermMatch]) -> float:
    return sum(match.term.weight for match in matches)


def find_evidence(asked: AskedType, text: str, persons: Sequence[str], groups: Sequence[Sequence[str]]) -> list[str]:
    """Return the words of *text* that are answers of a kind.

    Args:
        asked: the kind.
        text: folded words of a sentence.
        persons: keys of the names of persons.
        groups: units that count as the same.
    """
    pattern = asked.type.evidence
    if asked.type.raw:
        return [found[0] for found in _compile(pattern).finditer(text)]
    if asked.type.head:
        pattern = pattern.replace("<head>", "|".join(map(re.escape, asked.heads)))
    if _PERSON in pattern:
        named = [name for name in persons if name in text]
        if named or re.search(_CONTACT, text):
            return named or [text]
        pattern = pattern.replace(_PERSON, "").strip("|")
        if not pattern:
            return []
    pattern += (
        _write_units(asked.unit, groups) if asked.unit else f"(?:{asked.type.any_unit})" if asked.type.any_unit else ""
    )
    if asked.counts_things:
        return [found[0] for found in _compile(pattern).finditer(_TITLE.sub("", text)) if found[0][-1] not in "元%"]
    return [found[0] for found in _compile(pattern).finditer(_TITLE.sub("", text))]


def _write_units(unit: str, groups: Sequence[Sequence[str]]) -> str:
    """Return a pattern of a unit and those that count as the same."""
    same = next((group for group in groups if unit in group), (unit,))
    return f"(?:{'|'.join(sorted(map(re.escape, same), key=len, reverse=True))})(?![月工])"


@cache
def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
