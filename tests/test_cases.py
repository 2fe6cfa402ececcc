"""Invented letters in shapes that were read wrongly once, each through the product: built, and asked for its values.

``cases/expected.tsv`` has the right values: file or folder, what is asked (a key of ``QUESTIONS``), and all values.
``cases/kinds.tsv`` lists every kind of such an input with the test that holds it.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import kg
from tests.support.paths import ROOT

CASES = ROOT / "tests" / "cases"
LABEL = "rdfs:label ?v"
QUESTIONS = {
    "documents": "?x dcterms:source ?here ; a ?c BIND (STRAFTER(STR(?c), '#') AS ?v)",
    "agencies": f"?x a pk:Agency ; {LABEL} FILTER NOT EXISTS {{ ?x pk:sameAs ?main }}",
    "people": f"?x a pk:Person ; {LABEL} FILTER NOT EXISTS {{ ?x pk:sameAs ?main }}",
    "places": f"?x a pk:Place ; {LABEL}",
    "programs": f"?x a pk:Program ; {LABEL} FILTER NOT EXISTS {{ ?x pk:sameAs ?main }}",
    "tiers": f"?x a pk:EnterpriseTier ; {LABEL}",
    "titles": "?x a pk:PolicyInstrument ; rdfs:label ?v",
    "number": "?x a pk:Proposal ; pk:proposalNumber ?v",
    "documentNumber": "?x pk:documentNumber ?v",
    "issued": "?x dcterms:source ?here ; dcterms:issued ?v",
    "addressedTo": f"?x pk:addressedTo/{LABEL}",
    "issuedBy": f"?x dcterms:source ?here ; pk:issuedBy/{LABEL}",
    "approvedBy": f"?x pk:approvedBy/{LABEL}",
    "administers": f"?a pk:administers/{LABEL}",
    "commitments": f"?x a pk:Commitment ; {LABEL}",
    "suggestions": f"?x a pk:Suggestion ; {LABEL}",
    "answers": "?x pk:respondsTo/rdfs:label ?s ; pk:number ?n BIND (CONCAT(?s, ' ← ', ?n) AS ?v)",
    "ladder": "?t pk:advancesTo ?u ; rdfs:label ?a . ?u rdfs:label ?b BIND (CONCAT(?a, ' → ', ?b) AS ?v)",
    "in": "?p pk:locatedIn ?q ; rdfs:label ?a . ?q rdfs:label ?b BIND (CONCAT(?a, ' → ', ?b) AS ?v)",
    "values": "?f pk:value ?n ; pk:unit ?u BIND (CONCAT(STR(?n), ' ', ?u) AS ?v)",
    "metrics": "?f pk:value ?n ; pk:unit ?u ; pk:metric ?m BIND (CONCAT(STR(?n), ' ', ?u, ' ', ?m) AS ?v)",
    "times": "?f pk:value ?n ; pk:unit ?u ; pk:period ?t BIND (CONCAT(STR(?n), ' ', ?u, ' ', ?t) AS ?v)",
    "subjects": "?f pk:value ?n ; pk:unit ?u ; pk:about/rdfs:label ?l BIND (CONCAT(STR(?n), ' ', ?u, ' ', ?l) AS ?v)",
    "figureAt": "?f pk:value ?n ; pk:unit ?u ; pk:place/rdfs:label ?l BIND (CONCAT(STR(?n), ' ', ?u, ' ', ?l) AS ?v)",
    "kinds": "?f pk:value ?n ; pk:unit ?u ; a ?c BIND (CONCAT(STR(?n), ' ', ?u, ' ', STRAFTER(STR(?c), '#')) AS ?v)",
    "session": "?x pk:session ?v",
    "quotes": "?f pk:unit 'CNY' ; prov:wasQuotedFrom/nif:anchorOf ?v",
    "deadlines": "?f pk:deadline ?v",
}  # fmt: skip
"""SPARQL patterns; the values of ``?v`` are asked for."""


def read_table(name: str) -> list[list[str]]:
    lines = (CASES / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


EXPECTED = read_table("expected.tsv")


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    home = tmp_path_factory.mktemp("cases")
    for name in sorted({row[0] for row in EXPECTED}):
        kg.build(CASES / name, home / name)
    return {row[0]: home / row[0] for row in EXPECTED}


@pytest.mark.parametrize(("name", "question", "values"), EXPECTED, ids=lambda x: x if len(x) < 24 else "")
def test_each_case_has_its_right_values(stores: dict[str, Path], name: str, question: str, values: str) -> None:
    with kg.open(stores[name]) as graph:
        if question in {"missing-opinions", "unanswered-suggestions"}:
            column = {"missing-opinions": "agency", "unanswered-suggestions": "suggestion"}[question]
            found = {row[column] for row in graph.query(name=question).values()}
        else:
            found = {row["v"] for row in graph.query(f"SELECT DISTINCT ?v WHERE {{ {QUESTIONS[question]} }}").values()}
    assert found == set(filter(None, values.split("|")))


@pytest.mark.parametrize("name", sorted({row[0] for row in EXPECTED}))
def test_each_case_is_a_sound_graph(stores: dict[str, Path], name: str) -> None:
    with kg.open(stores[name]) as graph:
        assert [finding.en for finding in graph.validate()] == []


def test_each_kind_names_a_test_that_there_is() -> None:
    for kind, _, tests in read_table("kinds.tsv"):
        for test in tests.split():
            path, _, function = test.partition("::")
            assert re.search(rf"def {function}\b", (ROOT / path).read_text(encoding="utf-8")), (kind, test)
