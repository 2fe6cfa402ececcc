"""What counts as one change, and how it is said."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

from kg.compare import diff
from kg.store.store import Store
from ontology.terms import DCTERMS, PK, RDFS
from tests.support.yearly_letters import letter, lines


def edited(store: Path, change: Callable[[set[Quad]], Iterable[Quad]], to: Path) -> Path:
    """A copy of *store* whose only graph is changed."""
    with Store(store) as opened, Store(to, write=True) as copy:
        for graph in opened.list_graphs(links=True):
            copy.replace_graph(graph, change(set(opened.read_quads(graph))))
    return to


# what is one


def test_a_number_that_changed_is_one_change(build: Callable[..., Path]) -> None:
    found = diff(build("s", a=letter()), build("t", a=letter(n=113)))
    assert "~ 霁川市 | 补助企业 | 58家 → 113家（2023）" in lines(found)
    [change] = [c for c in found.changes if c.label == "补助企业"]
    assert change.before and change.after
    assert (change.before.words, change.before.value, change.before.unit) == ("58家（2023）", "58", "家")
    assert (change.after.value, change.after.period) == ("113", "2023")
    assert "补助企业58家" in change.before.passages[0].text + change.before.passages[0].after
    assert change.after.passages[0].source == "a.txt"
    assert {c.op for c in found.changes} == {"changed"}


def test_bounds_and_times_that_changed_are_said(build: Callable[..., Path]) -> None:
    before = build("s", a=letter(done="截至2023年底，全市外贸企业约900家。"))
    bound = lines(diff(before, build("t", a=letter(done="截至2023年底，全市外贸企业不少于900家。"))))
    assert any(" | 约900家 → 不少于900家" in line for line in bound), bound
    period = lines(diff(before, build("u", a=letter(done="2022年，全市外贸企业约900家。"))))
    assert any("约900家" in x and " → 2022年 约900家" in x for x in period), period
    assert not any(line.startswith(("+", "-")) for line in period), period


def test_a_promise_that_was_reworded_is_changed_and_a_new_one_is_new(build: Callable[..., Path]) -> None:
    promise = "下一步，我局将组织{}外贸企业参加境外展会，帮助企业开拓多元市场。"
    before = build("s", a=letter(next=promise.format("")))
    reworded = diff(before, build("t", a=letter(next=promise.format("重点"))))
    [part] = [c for c in reworded.changes if c.what == "part"]
    old, _, new = part.words.partition(" → ")
    assert part.op == "changed" and "组织外贸企业" in old and "组织重点外贸企业" in new
    other = diff(before, build("u", a=letter(next="下一步，我局将会同海关推进通关便利化改革，压缩口岸作业时间。")))
    assert sorted(c.op for c in other.changes if c.what == "part") == ["added", "dropped"]


def test_what_a_new_part_involves_comes_with_it(build: Callable[..., Path]) -> None:
    found = diff(build("s", a=letter()), build("t", a=letter(done="会同霁川市财政局出台《霁川市出口信保补贴办法》。")))
    assert not [c for c in found.changes if c.property == "involves" and c.op == "added" and c.what == "thing"]
    assert any(c.what == "thing" and c.thing.label == "霁川市出口信保补贴办法" for c in found.changes)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("documentNumber", ("霁府〔2022〕1号", "霁府〔2023〕9号"), "文号 | 霁府〔2022〕1号 → 霁府〔2023〕9号"),
        ("status", ("InForce", "Repealed"), "状态 | 已出台 → 已废止"),
        ("issued", ("2022-05", "2022-06"), "日期 | 2022-05 → 2022-06"),
        ("label", ("外贸措施", "《外贸措施》"), "名称 | 外贸措施 → 《外贸措施》"),
        ("altLabel", ("", "若干措施"), "又名 | 若干措施"),
        ("documentNumber", ("霁府〔2022〕1号", ""), "文号 | 霁府〔2022〕1号"),
    ],
)
def test_a_fact_of_a_document_is_said_old_and_new(tmp_path: Path, old: str, new: tuple[str, str], line: str) -> None:
    for store, value in zip(("s", "t"), new, strict=True):
        with Store(tmp_path / store, write=True) as opened:
            graph, thing = NamedNode("https://example.org/g"), NamedNode(f"{opened.base}policy-instrument/x")
            prop = {"issued": DCTERMS + "issued", "label": RDFS + "label"}.get(old, PK + old)
            prop = prop if old != "altLabel" else "http://www.w3.org/2004/02/skos/core#altLabel"
            term = NamedNode(PK + value) if old == "status" else Literal(value)
            kind = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
            quads = [Quad(thing, kind, NamedNode(PK + "PolicyInstrument"), graph)]
            if old != "label":
                quads.append(Quad(thing, NamedNode(RDFS + "label"), Literal("措施"), graph))
            opened.replace_graph(graph.value, [*quads, *([Quad(thing, NamedNode(prop), term, graph)] if value else [])])
    [change] = diff(tmp_path / "s", tmp_path / "t").changes
    assert f"{change.label} | {change.words}" == line
    assert change.op == ("changed" if all(new) else "added" if new[1] else "dropped")


def test_a_relation_says_who_for_whom_with_the_sentence(build: Callable[..., Path], tmp_path: Path) -> None:
    store = build("s", a=letter(done="会同霁川市财政局出台《霁川市出口信保补贴办法》。"))

    def without(quads: set[Quad]) -> Iterable[Quad]:
        return (q for q in quads if q.predicate.value != PK + "issuedBy")

    found = diff(edited(store, without, tmp_path / "t"), store)
    assert {c.op for c in found.changes} == {"added"} and {c.label for c in found.changes} == {"发文单位"}
    assert all(c.after and c.after.passages and c.after.passages[0].source == "a.txt" for c in found.changes)
    assert "+ 霁川市商务局对第20230044号提案的答复 | 发文单位 | 霁川市商务局" in lines(found)
    english = diff(store, tmp_path / "t", lang="en")
    assert {c.label for c in english.changes} == {"issued by"} and {c.op for c in english.changes} == {"dropped"}


def test_another_lead_agency_is_one_change(build: Callable[..., Path], tmp_path: Path) -> None:
    store = build("s", a=letter())

    def moved(quads: set[Quad]) -> Iterable[Quad]:
        lead = NamedNode(PK + "leadAgency")
        other = NamedNode(next(iter(quads)).graph_name.value + "/other")
        yield from (Quad(q.subject, q.predicate, other, q.graph_name) if q.predicate == lead else q for q in quads)

    [change] = [c for c in diff(store, edited(store, moved, tmp_path / "t")).changes if c.what == "statement"]
    assert (change.op, change.label) == ("changed", "主办单位") and change.words.startswith("霁川市商务局 → ")


# two years, two cities


def test_two_years_of_one_city_are_paired_across_their_periods(build: Callable[..., Path]) -> None:
    before, after = build("s", a=letter(year=2022, number="20220031")), build("t", b=letter(n=113))
    found = diff(before, after)
    assert "~ 霁川市 | 补助企业 | 2022年 58家 → 2023年 113家" in lines(found)
    assert "~ 霁川市 | 补助企业 | 58 家 in 2022 → 113 家 in 2023" in lines(diff(before, after, lang="en"))
    # the letters themselves are two, however alike
    assert {c.op for c in found.changes if c.what in {"thing", "part"}} == {"added", "dropped"}
    same_file = diff(before, build("u", a=letter(n=113)))
    assert {c.op for c in same_file.changes if c.what in {"thing", "part"}} == {"added", "dropped"}


def test_two_figures_on_one_side_are_not_guessed_at(build: Callable[..., Path]) -> None:
    before = build("s", a=letter(year=2022, number="20220031"))
    after = build("t", b=letter(n=113), c=letter(year=2024, n=150, number="20240012"))
    counts = {line for line in lines(diff(before, after)) if "补助企业" in line and "措施" not in line}
    assert counts == {
        "- 霁川市 | 补助企业 | 58家（2022）",
        "+ 霁川市 | 补助企业 | 113家（2023）",
        "+ 霁川市 | 补助企业 | 150家（2024）",
    }


def test_two_cities_are_not_one_that_changed(build: Callable[..., Path]) -> None:
    said = "本市中小微企业达到{n}家。"
    before = build("s", a=letter(done=said.format(n=900)))
    after = build("t", a=letter("澄溪", number="20239999", done=said.format(n=700)))
    found = diff(before, after)
    assert found.counts["changed"] == 0 and found.counts["added"] and found.counts["dropped"]
