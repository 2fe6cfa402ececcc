"""What speaks for and against a sentence as the answer to a question, as numbers from 0 to 1."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from extract.text.normalize import name_key
from kg.report.ask.sentences.analysis import Analysis
from kg.report.ask.sentences.matching import Term, match_term
from kg.report.ask.sentences.units import SourceSentence

_HAN = re.compile(r"[\u4e00-\u9fff]+")
_CLAUSE = re.compile("[,，:：;；。]")
_RARE = 7.0
"""The weight of a rare word."""
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
        key = name_key(question)
        pairs = dict.fromkeys(run[at : at + 2] for run in _HAN.findall(key) for at in range(len(run) - 1))
        size = len(units)
        self.weights: Mapping[str, float] = {
            pair: math.log((size + 1) / (count + 0.5))
            for pair in pairs
            if (count := sum(pair in unit.key for unit in units))
        }
        self._total = sum(self.weights.values()) or 1.0

    def cover(self, *texts: str) -> float:
        """Return the share of the weights of the pairs that are in one of *texts*."""
        return sum(weight for pair, weight in self.weights.items() if any(pair in text for text in texts)) / self._total


def is_year(word: str) -> bool:
    """Return whether a word is a year."""
    return len(word) == 4 and word.isdigit() and word[:2] in ("19", "20")


def measure_terms(matches: Sequence[TermMatch], unread: float) -> dict[str, float]:
    """Return how well a sentence holds the terms of a question."""
    content = [match for match in matches if not match.term.is_place]
    places = [match for match in matches if match.term.is_place]
    total = sum(match.term.weight for match in content) + unread or 1.0
    focus = [match for match in content if match.term.is_focus]
    names = [match for match in content if match.term.is_name]
    nouns = [match for match in content if not match.term.is_soft and not match.term.is_function]
    focus_total = sum(match.term.weight for match in focus) or 1.0
    lost = [match.term.weight for match in content if not match.around]
    absent = [match.term.weight for match in nouns if not match.near]
    away = [match.term.weight for match in focus if not match.here]
    held = sum(match.here * match.term.weight for match in content)
    lost_official = max((match.term.weight for match in nouns if not match.around and match.term.is_official and not match.term.is_addressed), default=0.0) / _RARE
    return {
        "own": held / total,
        "near": sum(match.near * match.term.weight for match in content) / total,
        "around": sum(match.around * match.term.weight for match in content) / total,
        "held": min(held / (3 * _RARE), 1.0),
        "lost_official": lost_official,
        "lost_other": max((match.term.weight for match in nouns if not match.around and not match.term.is_official), default=0.0) / _RARE,
        "lost": min(sum(lost) / (2 * _RARE), 1.0),
        "absent_most": max(absent, default=0.0) / _RARE,
        "focus": sum(match.here * match.term.weight for match in focus) / focus_total if focus else 1.0,
        "focus_away": max(away, default=0.0) / _RARE,
        "no_focus": float(not focus),
        "name_lost": float(any(not match.around for match in names)),
        "own_name_lost": float(any(not match.around and not match.term.is_addressed for match in names)),
        "name_here": float(any(match.here for match in names)),
        "no_name": float(not names),
        "place": sum(match.around > 0 for match in places) / len(places) if places else 1.0,
        "place_lost": float(any(not match.around for match in places)),
        "places_lost": float(bool(places) and not any(match.around for match in places)),
        "no_place": float(not places),
        "must_lost": float(any(match.term.is_must and not match.around for match in content)),
        "year_lost": float(any(is_year(match.term.text) and not match.around for match in content)),
        "number_lost": float(any(match.term.text[:1].isdigit() and not is_year(match.term.text) and not match.around for match in content)),
        "few": 1.0 / (1 + len(content)),
        "unread": min(unread / 4.0, 1.0),
    }


def measure_evidence(analysis: Analysis, evidence: Sequence[Sequence[str]], text: str) -> dict[str, float]:
    """Return how well a sentence holds answers of the kinds that are asked for, and how near to the terms."""
    kinds = {asked.type.key for asked in analysis.types}
    is_open = not kinds or "open" in kinds
    content = [term for term in analysis.terms if not term.is_place]
    total = sum(term.weight for term in content) or 1.0
    clauses = [name_key(clause) for clause in _CLAUSE.split(text)]
    words = [name_key(word) for some in evidence for word in some]
    tight = 0.0
    for at, clause in enumerate(clauses):
        if any(word and word in clause for word in words):
            window = clause + (clauses[at - 1] if at else "")
            tight = max(tight, sum(match_term(term, window) * term.weight for term in content) / total)
    return {
        "evidence": sum(map(bool, evidence)) / len(evidence) if evidence else 1.0,
        "evidence_all": float(all(evidence)),
        "evidence_any": float(any(evidence) or is_open),
        "open": float(is_open),
        "typed": float(bool(kinds) and "open" not in kinds),
        "tight": tight,
        "single": float(len(analysis.types) < 2),
        "list": float("list" in kinds),
        "agency": float(bool(kinds & {"agency", "person"})),
        "amount": float(bool(kinds & {"money", "share", "times"})),
        "count": float(bool(kinds & {"count", "number"})),
        "time": float(bool(kinds & {"date", "duration", "months"})),
        "length": min(len(text) / _LONG, 1.0),
    }
