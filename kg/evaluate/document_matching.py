"""The layer of documents: each annotated document is compared with the document of the graph that fits it best."""

from __future__ import annotations

from extract.text.normalize import name_key
from kg.evaluate.gold import DOCUMENT_FACTS, DOCUMENT_LINKS
from kg.evaluate.model import Gold, GoldDocument, GoldNames, JudgementList
from kg.evaluate.reading import DOCUMENT_TYPES, SourceGraph


def judge_documents(gold: Gold, graph: SourceGraph, names: GoldNames, judgements: JudgementList) -> list[str]:
    """Judge type and annotated values of each document.

    Returns:
        The documents of the graph that were matched.
    """
    matched: list[str] = []
    for document in gold.documents:
        is_proposal = document.type == "Proposal"
        classes = [name for name in DOCUMENT_TYPES if (name == "Proposal") == is_proposal]
        ratings = {
            node: _rate_document(document, node, graph, names)
            for node in graph.find_by_class(*classes)
            if node not in matched
        }
        best = max(ratings, key=ratings.__getitem__, default=None)
        if best is not None and not ratings[best] and len(ratings) > 1:
            best = None
        if best is not None:
            matched.append(best)
        _judge_document(document, best, graph, names, judgements)
    for node in graph.find_by_class(*DOCUMENT_TYPES):
        # a document without parts is only referred to: the annotation does not cover it
        if node not in matched and graph.subjects("partOf", node):
            kind = next(name for name in DOCUMENT_TYPES if name in graph.classes(node))
            judgements.add_wrong("documents", "type", f"document {graph.label(node)} ({kind})", node=node)
    return matched


def _rate_document(document: GoldDocument, node: str, graph: SourceGraph, names: GoldNames) -> int:
    """Return how well *node* fits: 2 points for the number or issuer, 1 for the title or date."""
    if document.type == "Proposal":
        number, title = document.facts.get("proposalNumber"), document.facts.get("title")
        has_number = number in graph.objects(node, "proposalNumber")
        return 2 * has_number + (title is not None and name_key(title) in graph.folded_names(node))
    issuers = {name for value in graph.objects(node, "issuedBy") for name in graph.folded_names(value)}
    has_issuer = any(names.find_forms((label,)) & issuers for label in document.links.get("issuedBy", ()))
    return 2 * has_issuer + (document.facts.get("issued") in graph.objects(node, "issued"))


def _judge_document(
    document: GoldDocument, node: str | None, graph: SourceGraph, names: GoldNames, judgements: JudgementList
) -> None:
    """Judge the type and each value of the annotated properties, compared as sets. *node* is None if none fits."""
    wanted: dict[tuple[str, str], tuple[str, ...]] = {("type", document.type): ()}
    found: dict[tuple[str, str], tuple[str, str, str] | None] = {}

    def values_of(key: str) -> list[str]:
        return graph.objects(node, key) if node is not None else []

    if node is not None:
        found |= {("type", name): None for name in DOCUMENT_TYPES if name in graph.classes(node)}
    for key in DOCUMENT_FACTS:
        if key in document.facts:
            wanted[key, name_key(document.facts[key])] = (document.facts[key],)
            for value in values_of(key):
                found[key, name_key(value)] = None
    for key in DOCUMENT_LINKS:
        if key not in document.links:
            continue
        for label in document.links[key]:
            aliases = sorted(a for entity in names.by_name.get(name_key(label), ()) for a in entity.aliases)
            wanted[key, name_key(label)] = (label, *aliases)
        for value in values_of(key):
            called = graph.folded_names(value) or {name_key(value)}
            labels = (name_key(label) for label in document.links[key] if names.find_forms((label,)) & called)
            found[key, next(labels, name_key(graph.label(value)))] = (str(node), key, value)
    if document.replies_to is not None:
        wanted |= {("repliesTo", name_key(number)): (number,) for number in document.replies_to}
        for value in values_of("repliesTo"):
            keys = set(map(name_key, graph.objects(value, "proposalNumber"))) | graph.folded_names(value)
            numbers = (number for number in map(name_key, document.replies_to) if number in keys)
            found["repliesTo", next(numbers, name_key(value))] = (str(node), "repliesTo", value)
    for (key, value), words in wanted.items():
        description = f"{document.id} {key} {value}"
        if (key, value) in found:
            statement = found[key, value]
            judgements.add_found("documents", key, description, node=str(node), statement=statement, words=words)
        else:
            judgements.add_missed("documents", key, description, words=words)
    for (key, value), statement in found.items():
        if (key, value) not in wanted:
            description = f"{document.id} {key} {value}"
            judgements.add_wrong("documents", key, description, node=str(node), statement=statement)
