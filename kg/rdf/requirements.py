"""Conditions, groups of conditions and stacking rules as nodes: what the graph of a source says of each.

A condition with a number is the node of its figure; the others have nodes of their own, named by their words and the
document that they stand in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from extract.model import Condition, Extraction, Figure, Kind, Span
from extract.text.normalize import name_key
from kg.rdf.iri import hash_values

_STACKING_RULE = "stacking.rule"
_GROUP_RULE = "condition.group"


@dataclass(frozen=True, slots=True)
class RuleNode:
    """One condition, group or stacking rule."""

    ident: str
    """Id of the node in the extraction: that of the figure for a condition with a number."""
    kind: str
    """Local name of its class."""
    span: Span
    texts: tuple[tuple[str, str], ...]
    """Property and text."""
    numbers: tuple[tuple[str, int], ...]
    """Property and number."""
    values: tuple[tuple[str, str], ...]
    """Property and local name of an individual."""
    links: tuple[tuple[str, str], ...]
    """Property and id of each thing that it is about."""
    rule: str
    confidence: float
    has_number: bool = False
    """Whether the figure has been described already."""


def list_rule_nodes(extraction: Extraction) -> Iterator[RuleNode]:
    """Yield the nodes of the requirements of a source; what they decide about is still in the extraction."""
    known = {*(e.id for e in extraction.entities), *(f.id for f in extraction.figures)}
    figures: dict[str, Figure] = {f.id: f for f in extraction.figures}
    requirements = extraction.requirements
    groups: dict[str, tuple[str, ...]] = {
        str(group.id): tuple(str(d) for d in group.decides if d in known and _is_decided(str(d), figures))
        for group in requirements.groups
    }
    for condition in requirements.conditions:
        figure = figures.get(condition.figure or "")
        if condition.figure is not None and (figure is None or figure.kind is not Kind.CONDITION):
            continue
        links = _find_links(condition, figure, groups, figures, known)
        if links or figure is not None:
            yield _make_condition(condition, figure, links)
    for group in requirements.groups:
        if not groups[group.id]:
            continue
        counts = (("needed", group.needed), ("outOf", group.total))
        yield RuleNode(
            group.id, "ConditionGroup", group.span, (), tuple((name, n) for name, n in counts if n),
            (("groupKind", group.kind.value),), tuple(("groupOf", i) for i in groups[group.id]), _GROUP_RULE,
            group.confidence,
        )  # fmt: skip
    for rule in requirements.stacking:
        decided = tuple(("stackingOf", str(i)) for i in rule.decides if i in known and _is_decided(str(i), figures))
        if decided:
            values = (("stackingKind", rule.kind.value),)
            yield RuleNode(
                rule.id, "StackingRule", rule.span, (), (), values, decided, _STACKING_RULE, rule.confidence
            )  # fmt: skip


def _is_decided(ident: str, figures: dict[str, Figure]) -> bool:
    """Whether something may be decided about: a figure only if it is still a provision."""
    return ident not in figures or figures[ident].kind is Kind.PROVISION


def _find_links(
    condition: Condition,
    figure: Figure | None,
    groups: dict[str, tuple[str, ...]],
    figures: dict[str, Figure],
    known: set[str],
) -> tuple[tuple[str, str], ...]:
    """Return what a condition decides about, and what it asks for.

    A person or model may have changed what a threshold decides: then that counts.
    """
    decided = [str(i) for i in condition.decides if i in known and _is_decided(str(i), figures)]
    grouped = groups.get(condition.group, ()) if condition.group is not None else ()
    if figure is not None and str(figure.condition_of) not in (*decided, *grouped):
        decided, grouped = [str(figure.condition_of)] if figure.condition_of else [], ()
    elif grouped and condition.group is not None:
        decided = [condition.group]
    links = [("conditionOf", i) for i in decided]
    if links and figure is None and condition.about in known:
        links.append(("about", str(condition.about)))
    return tuple(links)


def _make_condition(condition: Condition, figure: Figure | None, links: tuple[tuple[str, str], ...]) -> RuleNode:
    texts = (
        ("property", condition.property), ("criterion", condition.criterion), ("requires", condition.requires)
    )  # fmt: skip
    return RuleNode(
        figure.id if figure is not None else condition.id, "Condition", condition.span,
        tuple((name, text) for name, text in texts if text), (), (("operator", condition.operator.value),), links,
        condition.rule, condition.confidence, has_number=figure is not None,
    )  # fmt: skip


def name_rules(extraction: Extraction) -> Iterator[tuple[str, str, Span]]:
    """Yield id, local name and span of each condition without a number, group and stacking rule."""
    text, requirements = extraction.source.text, extraction.requirements
    decided: dict[str, Figure] = {str(f.id): f for f in extraction.figures}

    def name(kind: str, span: Span, decides: tuple[str, ...]) -> str:
        words = (decided[i].span.of(text) for i in decides if i in decided)
        return f"{kind}-{hash_values(kind, name_key(span.of(text)), *map(name_key, words))}"

    for condition in requirements.conditions:
        if condition.figure is None:
            yield condition.id, name("condition", condition.span, tuple(map(str, condition.decides))), condition.span
    for group in requirements.groups:
        yield group.id, name("conditions", group.span, tuple(map(str, group.decides))), group.span
    for rule in requirements.stacking:
        yield rule.id, name("stacking", rule.span, tuple(map(str, rule.decides))), rule.span
