"""The comparison of a graph with an annotation: one function for each layer, which adds judgements to a list.

The rules are those of the annotation guide. Names match by label or any alias; quotes, brackets, width and white space
are ignored. A part matches by the beginning of its text. A figure matches by number, unit and place. Where the
annotation lists several readings, any of them is right. What it marks as optional counts neither for nor against.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from extract.text.normalize import name_key
from kg.evaluate.document_matching import judge_documents
from kg.evaluate.figure_matching import judge_figures
from kg.evaluate.gold import ENTITY_FACTS
from kg.evaluate.model import Gold, GoldNames, Judgement, JudgementList
from kg.evaluate.reading import DOCUMENT_TYPES, EDGES, ENTITY_TYPES, PART_TYPES, SourceGraph
from ontology.terms import RDFS

_SIMILAR_CLASSES = (
    {"Agency", "Organization"}, {"Program", "Platform"}, {"EnterpriseTier", "TargetGroup"},
    {"PolicyInstrument", "Report"},
)  # fmt: skip
"""Classes between which careful readers may differ."""
_PART_HEAD = 12
"""Number of folded characters at the beginning of a part that are compared."""
_PART_LEAST = 6
"""Least number of compared characters, if the text in the graph is shorter."""
_PART_SHIFT = 8
"""Most characters that may stand before them: a number or a label."""
_ANSWER_HEAD, _ANSWER_SHIFT = 10, 40
"""The same for answers: they may name a part by words further on in its text."""
_ALWAYS_JUDGED = ("documentNumber", "issued")
"""Facts of entities that are wrong if the annotation does not have them."""


def judge_file(gold: Gold, graph: SourceGraph) -> tuple[Judgement, ...]:
    """Return the judgements of all layers, in the order of the layers."""
    judgements = JudgementList()
    names = GoldNames(gold.entities)
    documents = judge_documents(gold, graph, names, judgements)
    judge_parts(gold, graph, judgements)
    judge_answers(gold, graph, judgements)
    entities = judge_entities(gold, graph, names, judgements)
    judge_attributes(gold, graph, entities, judgements)
    judge_edges(gold, graph, names, set(documents), judgements)
    judge_figures(gold, graph, names, judgements)
    return tuple(judgements.items)


def judge_parts(gold: Gold, graph: SourceGraph, judgements: JudgementList) -> None:
    """Judge the parts: class and beginning of the text must be the same."""
    heads = {node: _fold_heads(node, graph) for node in graph.find_by_class(*PART_TYPES)}
    free, touched = dict.fromkeys(heads), dict[str, None]()
    for part in gold.parts:
        wanted = [name_key(begin)[:_PART_HEAD] for begin in part.begins]
        near = [
            node for node, texts in heads.items() if any(_begin_alike(text, head) for head in wanted for text in texts)
        ]
        touched |= dict.fromkeys(near)
        same = [node for node in near if part.type in graph.classes(node) and node in free]
        description = f"{part.type} {part.number} {part.begins[0]}"
        if same:
            best = min(same, key=lambda node: min(map(len, heads[node])))
            del free[best]
            add = judgements.add_open if part.optional else judgements.add_found
            add("parts", part.type, description, node=best, words=part.begins)
        elif not part.optional:
            judgements.add_missed("parts", part.type, description, words=part.begins)
    # a heading and its only paragraph are one part: either of them, or both, may be in the graph
    matched = set(touched) - set(free)
    for node in free:
        kind = sorted(graph.classes(node) & set(PART_TYPES))[0]
        around = {*graph.objects(node, "partOf"), *graph.subjects("partOf", node)}
        add = judgements.add_open if node in touched and around & matched else judgements.add_wrong
        add("parts", kind, f"{kind} {graph.label(node)}", node=node)


def judge_answers(gold: Gold, graph: SourceGraph, judgements: JudgementList) -> None:
    """Judge the answers: a section, or any part below it, answers a suggestion, or any part below that."""
    links = graph.pairs("respondsTo")
    used: set[tuple[str, str]] = set()
    optional: set[tuple[str, str]] = set()

    def is_under(node: str, begin: str) -> bool:
        head = name_key(begin)[:_ANSWER_HEAD]
        texts = (text for above in _find_ancestors(node, graph) for text in _fold_heads(above, graph))
        return any(head in text[:_ANSWER_SHIFT] for text in texts)

    def describe(subject: str, obj: str) -> str:
        return f"{graph.label(subject)} -> {graph.label(obj)}"

    for answer in gold.answers or ():
        hits = [link for link in links if is_under(link[0], answer.part) and is_under(link[1], answer.suggestion)]
        if answer.optional:
            optional |= set(hits)
            continue
        used |= set(hits)
        description, words = f"{answer.part} -> {answer.suggestion}", (answer.part,)
        if not hits:
            judgements.add_missed("responds", "", description, words=words)
            continue
        subject, obj = hits[0]
        statement = (subject, "respondsTo", obj)
        judgements.add_found("responds", "", description, node=subject, statement=statement, words=words)
        for subject, obj in hits[1:]:  # further links for the same answer are right, but it counts once
            statement = (subject, "respondsTo", obj)
            judgements.add_open("responds", "", describe(subject, obj), node=subject, statement=statement)
    for subject, obj in links:
        if (subject, obj) not in used:
            is_open = gold.answers is None or (subject, obj) in optional
            add = judgements.add_open if is_open else judgements.add_wrong
            statement = (subject, "respondsTo", obj)
            add("responds", "", describe(subject, obj), node=subject, statement=statement)


def judge_entities(
    gold: Gold, graph: SourceGraph, names: GoldNames, judgements: JudgementList
) -> Mapping[int, list[str]]:
    """Judge the entities: one node for each annotated one, of its class or a similar one. A second node is wrong.

    Returns:
        The nodes of each annotated entity, by its ``id()``.
    """
    nodes: defaultdict[int, list[str]] = defaultdict(list)
    for node in dict.fromkeys(graph.find_by_class(*ENTITY_TYPES)):
        classes = graph.classes(node) & set(ENTITY_TYPES)
        candidates = [
            entity
            for name in sorted(graph.folded_names(node))
            for entity in names.by_name.get(name, ())
            if (_find_similar_classes(entity.type) | entity.also) & classes
        ]
        if not candidates:
            kind = sorted(classes)[0]
            judgements.add_wrong("entities", kind, f"{kind} {graph.label(node)}", node=node)
            continue
        label = name_key(graph.label(node))
        entity = next((e for e in candidates if label in names.accepted[id(e)]), candidates[0])
        nodes[id(entity)].append(node)
        description = f"{entity.type} {graph.label(node)}"
        if entity.optional:
            judgements.add_open("entities", entity.type, description, node=node)
        elif len(nodes[id(entity)]) > 1:
            judgements.add_wrong("entities", entity.type, f"{description} (again)", node=node)
    for entity in gold.entities:
        if entity.optional:
            continue
        description, words = f"{entity.type} {entity.label}", (entity.label, *entity.aliases)
        if found := nodes.get(id(entity)):
            judgements.add_found("entities", entity.type, description, node=found[0], words=words)
        else:
            judgements.add_missed("entities", entity.type, description, words=words)
    return nodes


def judge_attributes(
    gold: Gold, graph: SourceGraph, nodes: Mapping[int, Sequence[str]], judgements: JudgementList
) -> None:
    """Judge numbers, dates, states and levels of the entities that were found, compared as sets.

    Args:
        gold: the annotation.
        graph: the graph of the source.
        nodes: the nodes of each annotated entity, by its ``id()``.
        judgements: the list that the judgements are added to.
    """
    for entity in gold.entities:
        found = nodes.get(id(entity), ())
        for key in ENTITY_FACTS:
            values = {name_key(value.rpartition("#")[2]): n for n in found for value in graph.objects(n, key)}
            wanted = name_key(entity.facts[key]) if key in entity.facts else None
            if wanted is None and key not in _ALWAYS_JUDGED:
                continue
            name = f"{entity.label} {key}"
            if wanted is not None:
                printed = entity.facts[key]
                if wanted in values:
                    node = values[wanted]
                    judgements.add_found("attributes", key, f"{name} {printed}", node=node, words=(printed,))
                elif not entity.optional:
                    words = (printed, entity.label, *entity.aliases)
                    judgements.add_missed("attributes", key, f"{name} {printed}", words=words)
            for value, node in values.items():
                if value != wanted:
                    judgements.add_wrong("attributes", key, f"{name} {value}", node=node)


def judge_edges(
    gold: Gold, graph: SourceGraph, names: GoldNames, documents: set[str], judgements: JudgementList
) -> None:
    """Judge the statements between entities: property and names of both ends must be right.

    The statements of *documents* belong to the layer of documents.
    """
    ends = [(names.find_forms(edge.subjects), names.find_forms(edge.objects)) for edge in gold.edges]
    found: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    for name in EDGES:
        for subject, obj in graph.pairs(name):
            if subject in documents or graph.classes(subject) & set(DOCUMENT_TYPES):
                continue
            subjects, objects = graph.folded_names(subject), graph.folded_names(obj)
            matching = (
                i
                for i, edge in enumerate(gold.edges)
                if edge.property == name and ends[i][0] & subjects and ends[i][1] & objects
            )
            index = next(matching, None)
            statement = (subject, name, obj)
            if index is None:
                description = f"{graph.label(subject)} {name} {graph.label(obj)}"
                judgements.add_wrong("edges", name, description, node=subject, statement=statement)
            else:
                found[index].append(statement)
    for i, edge in enumerate(gold.edges):
        description = f"{edge.subjects[0]} {edge.property} {edge.objects[0]}"
        words = (edge.quote,) if edge.quote else ()
        statements = found.get(i, [])
        if not edge.optional:
            if statements:
                first = statements.pop(0)
                judgements.add_found("edges", edge.property, description, node=first[0], statement=first, words=words)
            else:
                judgements.add_missed("edges", edge.property, description, words=words)
        for statement in statements:
            judgements.add_open(
                "edges", edge.property, description, node=statement[0], statement=statement, words=words
            )


def _fold_heads(node: str, graph: SourceGraph) -> set[str]:
    return {name_key(value) for prop in ("text", RDFS + "label") for value in graph.objects(node, prop)}


def _begin_alike(text: str, head: str) -> bool:
    return (
        text.startswith(head)
        or (len(text) >= _PART_LEAST and head.startswith(text))
        or 0 <= text.find(head) <= _PART_SHIFT
    )


def _find_ancestors(node: str, graph: SourceGraph) -> list[str]:
    """Return *node* and all that it is part of."""
    found = [node]
    for current in found:
        found += [above for above in graph.objects(current, "partOf") if above not in found]
    return found


def _find_similar_classes(kind: str) -> set[str]:
    return next((group for group in _SIMILAR_CLASSES if kind in group), {kind})
