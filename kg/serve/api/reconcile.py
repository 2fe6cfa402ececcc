"""The Reconciliation Service API (0.2) over the names of the graph, for OpenRefine and the like."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kg.errors import UsageError
from kg.serve.site.render import PageRequest
from kg.serve.site.search import NameMatch
from kg.serve.sparql.protocol import parse_json
from ontology.labels import name_class
from ontology.terms import DOCUMENT_CLASSES, ENTITY_CLASSES, PK

Json = dict[str, Any]
_MOST_QUERIES, _MOST_RESULTS, _RESULTS = 100, 50, 5
_BEST = 6.0
"""What an equal name is rated."""
_CLASSES = tuple(sorted(ENTITY_CLASSES | DOCUMENT_CLASSES))
_PLACE = "place"


def describe_service(page: PageRequest, address: str) -> Json:
    """Return the manifest of the service at *address*."""
    lang = page.texts.lang
    return {
        "versions": ["0.2"],
        "name": page.texts("site.name"),
        "identifierSpace": page.state.store.base,
        "schemaSpace": "https://w3id.org/proposal-kg/ns#",
        "defaultTypes": [
            {"id": kind, "name": name_class(kind, lang)} for kind in ("Agency", "PolicyInstrument", "Place")
        ],
        "view": {"url": f"{address}/thing?iri={{{{id}}}}"},
        "suggest": {"entity": {"service_url": address, "service_path": "/reconcile/suggest"}},
    }


def answer_queries(page: PageRequest, text: str) -> Json:
    """Return the candidates for each of some queries.

    Args:
        page: the request.
        text: the queries as JSON: by their names.

    Raises:
        UsageError: the queries are malformed.
    """
    queries = parse_json(text)
    if not isinstance(queries, dict) or len(queries) > _MOST_QUERIES:
        raise UsageError(
            f"queries 应为不超过 {_MOST_QUERIES} 个查询的对象",
            f"queries must be an object of at most {_MOST_QUERIES} queries",
        )
    return {name: {"result": _answer(page, query)} for name, query in queries.items()}


def suggest_entities(page: PageRequest) -> Json:
    """Return names that begin like the parameter ``prefix``."""
    found = page.state.index.match(page.get("prefix", 200), (), "", _RESULTS * 2)
    kinds = {match.hit.kind: name_class(match.hit.kind, page.texts.lang) for match in found}
    return {"result": [
        {"id": match.hit.iri, "name": match.hit.label, "description": kinds[match.hit.kind]} for match in found
    ]}  # fmt: skip


def _answer(page: PageRequest, query: object) -> list[Json]:
    if not isinstance(query, Mapping) or not isinstance(query.get("query"), str):
        raise UsageError("每个查询应有文字 query", "each query must have a text query")
    limit = query.get("limit", _RESULTS)
    number = min(max(limit, 1), _MOST_RESULTS) if isinstance(limit, int) else _RESULTS
    types = _read_types(query.get("type"))
    if types is None:
        return []
    found = page.state.index.match(query["query"][:200], types, _read_place(query), number)
    only = [match for match in found if match.score >= _BEST]
    return [
        _make_candidate(match, is_sure=len(only) == 1 and match is only[0], lang=page.texts.lang) for match in found
    ]


def _make_candidate(match: NameMatch, *, is_sure: bool, lang: str) -> Json:
    kind = match.hit.kind
    return {
        "id": match.hit.iri, "name": match.hit.label, "type": [{"id": kind, "name": name_class(kind, lang)}],
        "score": round(min(100.0, 100 * match.score / (_BEST + 1)), 1), "match": is_sure,
    }  # fmt: skip


def _read_types(given: object) -> tuple[str, ...] | None:
    """Return the classes of a query, which has one or a list; None if nothing can be of what it names."""
    listed = given if isinstance(given, list) else [given] if given else []
    names = [one.get("id") if isinstance(one, Mapping) else one for one in listed]
    known = tuple(name for one in names if isinstance(one, str) and (name := one.removeprefix(PK)) in _CLASSES)
    return None if names and not known else known


def _read_place(query: Mapping[str, Any]) -> str:
    properties = query.get("properties")
    for one in properties if isinstance(properties, list) else ():
        if isinstance(one, Mapping) and one.get("pid") == _PLACE:
            value = one.get("v")
            named = value.get("name") if isinstance(value, Mapping) else value
            if isinstance(named, str):
                return named
    return ""
