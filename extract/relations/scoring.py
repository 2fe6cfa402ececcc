"""Which pairs of entities a page relates: a scored decision, made once for all places where it names them together.

The weights stand in ``relation_weights.tsv``: for each property the weight of each feature (logistic regression, fitted
on annotated documents by ``scripts/fit_models.py``), and the threshold from which a relation is stated.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from functools import cache

from extract.model import Relation, Span
from extract.records import copy_with
from extract.relations.clauses import ClauseIndex, OtherBenefits
from extract.relations.duties import MOST_AGENCIES, SET_UP, TITLED
from extract.relations.pair import Pair, logistic, weigh
from extract.relations.pairs import SCORED, find_pairs
from ontology.lexicons import Lexicon, join_alternatives

THRESHOLD = "threshold"
"""Name of the row with the threshold of a property."""
_RUNS, _DIRECT = "administers", "run."
"""The property of who runs what, and how the rules begin whose words name both: A由甲局负责."""
_LONGEST_VERB, _LONGEST_OBJECT = 4, 40
"""Characters of a verb of giving, and of what is given, at most."""


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
    confidence is the probability of the pair. Agencies of one short note of duties are in charge together.
    """
    weights, gives = load_weights(lex), _compile_gives(lex)
    rules: dict[tuple[str, str, str], Relation] = {}
    others = OtherBenefits(index, lex)
    for relation in stated:
        if relation.predicate not in SCORED:
            yield relation
        elif not others.refuses_stated(relation):
            key = (relation.subject, relation.predicate, relation.object)
            if relation.rule == TITLED:
                rules[key] = relation
            else:
                rules.setdefault(key, relation)
    direct = [r for r in rules.values() if r.predicate == _RUNS and r.rule.startswith(_DIRECT)]
    pairs = find_pairs(index, rules.values(), lex)
    ratings = [logistic(pair.weigh(weights.get(pair.predicate, {}))) for pair in pairs]
    shared = _find_shared(pairs, ratings, rules, weights)
    for pair, rating in zip(pairs, ratings, strict=True):
        own = weights.get(pair.predicate, {})
        known = rules.get((pair.subject, pair.predicate, pair.object))
        threshold = own.get(THRESHOLD, 0.5)
        probability = rating
        titled = known is not None and known.rule == TITLED
        if known is not None and titled:
            probability = max(rating, known.confidence)
        elif known is not None and (known.object, known.span) in shared:
            probability = max(rating, threshold)
        if probability < threshold and not titled:
            continue
        if (
            known is None
            and pair.predicate == _RUNS
            and _is_crossed(pair, pair.find_likeliest(own).span, direct, index)
        ):
            continue
        if known is not None:
            span = _include_object(known.span, index, gives) if known.predicate == "supports" else known.span
            yield copy_with(known, span=span, confidence=round(probability, 2))
        else:
            span = pair.find_likeliest(own).span
            rule = f"score.{pair.predicate}"
            yield Relation(pair.subject, pair.predicate, pair.object, span, rule, round(probability, 2))


def _find_shared(
    pairs: Iterable[Pair],
    ratings: Iterable[float],
    rules: Mapping[tuple[str, str, str], Relation],
    weights: Mapping[str, Mapping[str, float]],
) -> Set[tuple[str, Span]]:
    """Return program and words of the short notes of duties that are likely for one agency: they name all of a list."""
    counts: Counter[tuple[str, Span]] = Counter()
    likely: set[tuple[str, Span]] = set()
    for pair, rating in zip(pairs, ratings, strict=True):
        known = rules.get((pair.subject, pair.predicate, pair.object))
        if known is not None and known.rule == SET_UP:
            key = (known.object, known.span)
            counts[key] += 1
            if rating >= weights.get(pair.predicate, {}).get(THRESHOLD, 0.5):
                likely.add(key)
    return {key for key in likely if counts[key] <= MOST_AGENCIES}


def _is_crossed(pair: Pair, span: Span, direct: Iterable[Relation], index: ClauseIndex) -> bool:
    """Whether the sentence says of both ends with whom else they belong: A由甲局负责，B由乙局负责 is not A and 乙局."""
    if pair.predicate != _RUNS:
        return False
    here = index.page.sentence(index.page.find_position(span.begin))
    near = [r for r in direct if index.page.sentence(index.page.find_position(r.span.begin)) is here]
    runs_other = any(r.subject == pair.subject and r.object != pair.object for r in near)
    return runs_other and any(r.object == pair.object and r.subject != pair.subject for r in near)


@cache
def _compile_gives(lex: Lexicon) -> re.Pattern[str]:
    """Return the pattern of a verb of giving, and of what is given after it up to the next mark."""
    verbs = join_alternatives(lex.read_config("events")["give"].split())
    return re.compile(rf"(?:{verbs})(?P<object>[^，。；;：:\n]{{1,{_LONGEST_OBJECT}}})")


def _include_object(span: Span, index: ClauseIndex, gives: re.Pattern[str]) -> Span:
    """Return *span* with what is given, if its last word is the verb of giving: 对小微企业给予+贷款贴息."""
    page = index.page
    begin, end = page.find_position(span.begin), page.find_end(span.end)
    for length in range(1, min(_LONGEST_VERB, end - begin) + 1):
        found = gives.match(page.text, end - length)
        if found is not None and found.start("object") == end:
            return page.span(begin, found.end())
    return span


def score(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    """Return the probability of a pair: the logistic function of its weighted features."""
    return logistic(weigh(weights, features))
