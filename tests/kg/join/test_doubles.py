"""The same letter on two portals is linked and counted once."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.graph.view import View
from kg.store.store import Store
from tests.support.joining import ASKED, BY_NUMBER, TITLE, Built, proposal, reply


def test_the_same_proposal_on_two_portals_is_linked_and_counted_once(tmp_path: Path) -> None:
    body = ASKED + "　　四、设立专项资金。市级财政每年安排500万元，对新建食堂给予最高30万元补助。\n"
    built = Built(tmp_path, {
        "甲.txt": proposal(body=body),
        "乙.txt": proposal(number="", session="", city="市", body=body),
        "丙.txt": reply(BY_NUMBER),
    })  # fmt: skip
    assert built.report.joined is not None and built.report.joined.doubles == 1
    with Store(built.path) as store:
        view = View(store)
        [one] = view.find_by_class("Proposal")
        assert {p.source for p in view.passages(one)} == {"甲.txt", "乙.txt", "丙.txt"}
        assert len(view.find_by_class("Suggestion")) == 4
        [part] = [i for i in view.find_by_class("Suggestion") if "专项资金" in view.label(i)]
        assert {p.source for p in view.passages(part)} == {"甲.txt", "乙.txt"}
        figures = [f.value for f in view.all_figures()]
        assert len(figures) == len({(f.iri) for f in view.all_figures()})
    assert len({(r["title"]) for r in built.named("proposals")}) == 1
    assert [r["suggestion"] for r in built.named("unanswered-suggestions")].count("设立专项资金") == 1
    assert built.faults() == []


@pytest.mark.parametrize("mend", [("，", ","), ("。", "."), ("一、", "1.")])
def test_portals_that_print_a_letter_in_two_ways_have_one_letter(tmp_path: Path, mend: tuple[str, str]) -> None:
    built = Built(tmp_path, {"甲网/提案.txt": proposal(), "乙网/提案.txt": proposal(body=ASKED.replace(*mend))})
    with Store(built.path) as store:
        assert len(View(store).find_by_class("Proposal")) == 1
        assert len(View(store).find_by_class("Suggestion")) == 3
    assert built.faults() == []


def test_the_same_reply_on_two_portals_is_linked_and_counted_once(tmp_path: Path) -> None:
    built = Built(tmp_path, {
        "甲.txt": proposal(), "乙.txt": reply(BY_NUMBER), "丙.txt": reply(f"您提出的提案《{TITLE}》", city="市"),
    })  # fmt: skip
    with Store(built.path) as store:
        assert len(View(store).find_by_class("LeadReply")) == 1
        assert len(View(store).find_by_class("Measure")) == 3
    subsidies = built.named("subsidies")
    assert [r["value"] for r in subsidies if r["value"] == "80000"] == ["80000"]
    assert built.faults() == []


def test_texts_of_one_title_that_differ_are_two(tmp_path: Path) -> None:
    other = "建议：\n　　一、降低食堂租金。由国有物业提供场地，三年免租。\n　　二、培训厨师，每季度不少于一期。\n"
    built = Built(tmp_path, {"甲.txt": proposal("20240231"), "乙.txt": proposal(number="", session="", body=other)})
    with Store(built.path) as store:
        assert len(View(store).find_by_class("Proposal")) == 2
