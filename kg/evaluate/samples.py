"""How often is each rule right? Judgements traced back to the rules that made what was judged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from extract.confidence import Sample
from extract.model import Entity, Figure, Part
from kg.evaluate.marks import statements
from kg.evaluate.model import FileResult, Judgement, Verdict
from kg.evaluate.reading import property_iri

_THINGS = {"entities": "entity", "parts": "part", "figures": "figure"}
_STATEMENTS = frozenset({"edges", "documents", "responds"})


def samples(files: Iterable[FileResult]) -> tuple[Sample, ...]:
    """One sample for each statement that was judged right or wrong; what counts neither for nor against gives none.

    A figure is right if its number is and it is of the right class. Statements made by several rules count for each.
    """
    return tuple(s for file in files for s in _of(file))


def _of(file: FileResult) -> Iterator[Sample]:
    x, iris = file.extraction, file.names.things
    things: dict[str, list[Entity | Part | Figure]] = {}
    every: tuple[Entity | Part | Figure, ...] = (*x.entities, *x.outline.parts, *x.figures)
    for thing in every:
        things.setdefault(iris[thing.id], []).append(thing)
    made = statements(file)
    for j in file.judgements:
        if j.verdict not in (Verdict.FOUND, Verdict.WRONG):
            continue
        right = j.verdict is Verdict.FOUND
        if j.layer in _THINGS:
            for thing in things.get(j.node, ()):
                if thing.rule:
                    agreed = right and _agrees(thing, j)
                    yield Sample(file.gold.name, _THINGS[j.layer], thing.rule, thing.confidence, agreed)
        elif j.layer in _STATEMENTS and j.statement is not None:
            s, name, o = j.statement
            rules = {r.rule: r.confidence for r in made.get((s, property_iri(name), o), ()) if r.rule}
            for rule, confidence in sorted(rules.items()):
                yield Sample(file.gold.name, "relation", rule, confidence, right)


def _agrees(thing: Entity | Part | Figure, j: Judgement) -> bool:
    return not isinstance(thing, Figure) or thing.kind.value == j.key
