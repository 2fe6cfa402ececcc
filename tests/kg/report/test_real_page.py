"""The reports on the real page, pinned by what a careful reader of it finds: numbers and times only."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import kg
from kg.api import Graph
from kg.report.model import Amount, Code, Count, Note
from tests.support.paths import ROOT

PAGE = ROOT.parent / "shared" / "corpus" / "20230368.txt"
TIER = "国家级专精特新“小巨人”企业"
pytestmark = [pytest.mark.gold, pytest.mark.skipif(not PAGE.exists(), reason="needs ../shared")]


@pytest.fixture(scope="module")
def page_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("page")
    shutil.copy(PAGE, folder / PAGE.name)
    kg.build(folder / PAGE.name, folder / "store")
    return folder / "store"


@pytest.fixture
def page(page_store: Path) -> Iterator[Graph]:
    with kg.open(page_store) as opened:
        yield opened


def number(value: object) -> int:
    return value.number if isinstance(value, Count) else -1


def test_each_suggestion_has_its_state(page: Graph) -> None:
    [row] = page.report("coverage").get_table("proposals").to_dicts()
    assert (row["suggestions"], number(row["itself"]), number(row["heading"]), number(row["none"])) == (10, 1, 9, 0)


def test_one_agency_left_no_opinion_and_three_sentences_of_one_reached_the_reply(page: Graph) -> None:
    report = page.report("opinions", proposal="20230368")
    states = report.get_table("asked").list_values("opinionState")
    assert states.count(Code("opinion-missing")) == 1 and len(states) == 5
    rows = report.get_table("opinions").to_dicts()
    assert sorted((number(row["exact"]), number(row["nearly"])) for row in rows) == [(0, 0), (0, 0), (0, 0), (3, 2)]
    [row] = [row for row in rows if number(row["exact"])]
    assert (row["sentences"], number(row["figuresExact"]), number(row["figuresNearly"])) == (14, 3, 2)


def test_all_targets_of_the_plan_have_their_times(page: Graph) -> None:
    rows = page.report("commitments", as_of="2026-11-27").get_table("commitments").to_dicts()
    found = [
        (int(row["value"].value), row["value"].unit, row["due"], row["frequency"])
        for row in rows
        if isinstance(row["value"], Amount)
    ]
    counted = date(2026, 6, 19)
    assert found == [
        (300, "亩", counted, None), (20, "家", counted, None), (5, "家", counted, None), (60, "%", counted, None),
        (5, "次", None, "每年"), (3, "次", None, "每年"),
    ]  # fmt: skip


def test_a_threshold_is_one_of_six_and_an_award_is_per_person(page: Graph) -> None:
    report = page.report("tiers")
    rows = report.get_table("conditions").to_dicts()
    thresholds = {row["value"].value: row["oneOf"] for row in rows if isinstance(row["value"], Amount)}
    assert thresholds == {Decimal(500_000_000): None, Decimal(400_000_000): "6项推荐条件之一"}
    awards = [row for row in report.get_table("benefits").to_dicts() if row["per"] == "人/年"]
    assert [row["value"] for row in awards] == [Amount(Decimal(1_000_000), "CNY", "AtMost")]
    assert len(report.get_table("ladder").rows) == 3


def test_a_little_giant_is_offered_what_the_page_says_and_nothing_of_another_place(page: Graph) -> None:
    """The counts are those of a list written from the text: for the tier, for all 专精特新企业, for their people."""
    [city] = {row["place"] for row in page.report("tiers").get_table("benefits").to_dicts()}
    report = page.report("match", place=str(city), tier=TIER, facts="营业收入=4.5亿元", as_of="2026-11-28")
    rows = report.get_table("supports").to_dicts()
    found: dict[str, int] = {}
    for row in rows:
        found[getattr(row["status"], "key", "")] = found.get(getattr(row["status"], "key", ""), 0) + 1
    assert (found["match.entitled"], found["match.likely"]) == (2, 9)
    assert {row["place"] for row in rows} == {city}
    [award] = [row for row in rows if row["per"] == "人/年"]
    assert award["status"] == Code("match.likely") and isinstance(award["unclear"], Note)
    assert {note.key for note in award["unclear"].values["notes"]} == {"match.people"}  # type: ignore[union-attr]
    conditions = [row for row in report.get_table("conditions").to_dicts() if row["oneOf"]]
    assert [(row["oneOf"], row["outcome"]) for row in conditions] == [
        ("6项推荐条件之一", Code("match.met")), ("6项推荐条件之一", Code("match.unknown"))
    ]  # fmt: skip


def test_totals_and_echoes(page: Graph) -> None:
    states = page.report("money").get_table("totals").list_values("totalState")
    assert states.count(Code("total-equal")) == 1 and Code("total-more") not in states
    assert len(page.report("conflicts").get_table("echoes").rows) == 3
    assert page.report("conflicts").get_table("values").rows == ()
