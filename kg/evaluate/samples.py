"""Judgements traced back to the rules that made the statements. They show how often each rule is right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from extract.confidence import Sample
from extract.model import Entity, Figure, Part
from kg.evaluate.marks import group_relations
from kg.evaluate.model import FileResult, Judgement, MatchVerdict
from kg.evaluate.reading import make_property_iri

_KINDS = {"entities": "entity", "parts": "part", "figures": "figure"}
"""Kinds of samples by layer."""
_STATEMENT_LAYERS = frozenset({"edges", "documents", "responds"})


def collect_samples(files: Iterable[FileResult]) -> tuple[Sample, ...]:
    """Return a sample for each statement that was judged right or wrong.

    A figure is right if its number and its class are. A statement of several rules is a sample for each of them.
    """
    return tuple(sample for file in files for sample in _collect_from_file(file))


def _collect_from_file(file: FileResult) -> Iterator[Sample]:
    extraction, iris, document = file.extraction, file.names.iris, file.gold.name
    things: dict[str, list[Entity | Part | Figure]] = {}
    every: tuple[Entity | Part | Figure, ...] = (*extraction.entities, *extraction.outline.parts, *extraction.figures)
    for thing in every:
        things.setdefault(iris[thing.id], []).append(thing)
    relations = group_relations(file)
    for judgement in file.judgements:
        if judgement.verdict not in (MatchVerdict.FOUND, MatchVerdict.WRONG):
            continue
        is_right = judgement.verdict is MatchVerdict.FOUND
        if kind := _KINDS.get(judgement.layer):
            for thing in things.get(judgement.node, ()):
                if thing.rule:
                    agrees = is_right and _has_right_class(thing, judgement)
                    yield Sample(document, kind, thing.rule, thing.confidence, agrees)
        elif judgement.layer in _STATEMENT_LAYERS and judgement.statement is not None:
            subject, name, obj = judgement.statement
            same = relations.get((subject, make_property_iri(name), obj), ())
            confidences = {relation.rule: relation.confidence for relation in same if relation.rule}
            for rule, confidence in sorted(confidences.items()):
                yield Sample(document, "relation", rule, confidence, is_right)


def _has_right_class(thing: Entity | Part | Figure, judgement: Judgement) -> bool:
    return not isinstance(thing, Figure) or thing.kind.value == judgement.key
