"""The result of a query in notebooks: dictionaries, HTML, pandas."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from kg.errors import UsageError
from kg.graph.result import Result
from ontology.terms import PK, RDF, XSD

NUMBER = NamedNode(XSD + "integer")
AGENCIES = Result(
    ("agency", "count"),
    (
        (NamedNode(PK + "Agency"), Literal("3", datatype=NUMBER)),
        (Literal("市<b>财政局</b>"), None),
    ),
)
GRAPH = Result(triples=(Triple(NamedNode("urn:a"), NamedNode(RDF + "type"), NamedNode(PK + "Agency")),))


def rows(count: int) -> Result:
    return Result(("n",), tuple((Literal(str(i)),) for i in range(count)))


def test_a_result_is_a_sequence_of_dictionaries() -> None:
    assert len(AGENCIES) == 2
    assert list(AGENCIES) == AGENCIES.values()
    assert list(AGENCIES) == [{"agency": "pk:Agency", "count": "3"}, {"agency": "市<b>财政局</b>", "count": None}]


def test_truth_and_triples_are_rows_too() -> None:
    assert list(Result(truth=False)) == [{"result": "false"}]
    assert list(GRAPH) == [{"subject": "urn:a", "predicate": "rdf:type", "object": "pk:Agency"}]
    assert len(GRAPH) == 1


def test_a_result_is_true_if_it_has_rows_or_the_answer_is_true() -> None:
    assert AGENCIES and GRAPH and Result(truth=True)
    assert not rows(0) and not Result(truth=False) and not Result(triples=())


def test_the_repr_is_short() -> None:
    assert repr(AGENCIES) == "Result(2 rows: agency, count)"
    assert repr(rows(1)) == "Result(1 row: n)"
    assert repr(GRAPH) == "Result(1 triple: subject, predicate, object)"
    assert repr(Result(truth=True)) == "Result(True)"


def test_html_is_escaped() -> None:
    html = AGENCIES._repr_html_()
    assert "<th>agency</th><th>count</th>" in html
    assert "<td>市&lt;b&gt;财政局&lt;/b&gt;</td><td></td>" in html
    assert "more rows" not in html


@pytest.mark.parametrize(("count", "shown", "hidden"), [(50, 50, None), (51, 50, "1"), (1050, 50, "1,000")])
def test_html_shows_the_first_rows_and_how_many_more_there_are(count: int, shown: int, hidden: str | None) -> None:
    html = rows(count)._repr_html_()
    assert html.count("<td>") == shown
    assert html.count("<p>") == (hidden is not None)
    if hidden is not None:
        assert f"另有 {hidden} 行 · {hidden} more row{'' if hidden == '1' else 's'}</p>" in html


def test_pandas_gets_columns_and_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def record(cells: object, columns: object) -> str:
        calls.append((cells, columns))
        return "frame"

    monkeypatch.setitem(sys.modules, "pandas", SimpleNamespace(DataFrame=record))
    assert AGENCIES.to_pandas() == "frame"
    assert calls == [([["pk:Agency", 3], ["市<b>财政局</b>", None]], ["agency", "count"])]


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        (Literal("0.5", datatype=NamedNode(XSD + "decimal")), 0.5),
        (Literal(True), True),
        (Literal("2023"), "2023"),
        (Literal("五十万", language="zh"), "五十万"),
    ],
)
def test_pandas_gets_python_values(monkeypatch: pytest.MonkeyPatch, literal: Literal, value: object) -> None:
    monkeypatch.setitem(sys.modules, "pandas", SimpleNamespace(DataFrame=lambda cells, columns: cells))
    [[found]] = Result(("x",), ((literal,),)).to_pandas()
    assert found == value and type(found) is type(value)


def test_without_pandas_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(UsageError) as caught:
        AGENCIES.to_pandas()
    assert "pip install pandas" in caught.value.zh and "pip install pandas" in caught.value.en
