"""Which pairs of entities a page relates: a scored decision, made once for all places where it names them together.

The weights stand in ``relation_weights.tsv``: for each property the weight of each feature (logistic regression, fitted
on annotated documents by ``scripts/fit_models.py``), and the threshold from which a relation is stated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from extract.model import Relation
from extract.records import copy_with
from extract.relations.clauses import ClauseIndex
from extract.relations.pair import logistic, weigh
from extract.relations.pairs import SCORED, find_pairs
from ontology.lexicons import Lexicon

THRESHOLD = "threshold"
"""Name of the row with the threshold of a property."""


@cache
def load_weights(lex: Lexicon) -> Mapping[str, Mapping[str, float]]:
    """Return the weight of each feature, by property."""
    weights: dict[str, dict[str, float]] = {}
    for predicate, feature, weight, *_ in lex.read_table("relation_weights"):
        weights.setdefault(predicate, {})[feature] = float(weight)
    return weights


def decide_relations(index: ClauseIndex, stated: Iterable[Relation], lex: Lexicon) -> Iterator[Relation]:
    """Yield the relations of a page: those of *stated* with other properties, and the likely pairs.

    A pair that a rule states keeps the words and the rule; another one has the words of its likeliest place. The
    confidence is the probability of the pair.
    """
    weights = load_weights(lex)
    rules: dict[tuple[str, str, str], Relation] = {}
    for relation in stated:
        if relation.predicate not in SCORED:
            yield relation
        else:
            rules.setdefault((relation.subject, relation.predicate, relation.object), relation)
    for pair in find_pairs(index, rules.values(), lex):
        own = weights.get(pair.predicate, {})
        probability = logistic(pair.weigh(own))
        if probability < own.get(THRESHOLD, 0.5):
            continue
        known = rules.get((pair.subject, pair.predicate, pair.object))
        if known is not None:
            yield copy_with(known, confidence=round(probability, 2))
        else:
            span = pair.find_likeliest(own).span
            rule = f"score.{pair.predicate}"
            yield Relation(pair.subject, pair.predicate, pair.object, span, rule, round(probability, 2))


def score(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    """Return the probability of a pair: the logistic function of its weighted features."""
    return logistic(weigh(weights, features))
