"""The file of decisions: what is written is read, and a bad line is named."""

from __future__ import annotations

import pytest

from extract.corrections.model import COLUMNS, DecisionError, parse_decisions, render_decisions, update_decisions
from tests.support.deciding import decide


def test_the_file_is_sorted_and_says_what_it_is() -> None:
    one, two = decide("reject", "entity", "Agency", "乙局"), decide("accept", "gap", quote="第一行\n 第二行")
    text = render_decisions([two, one])
    assert text == render_decisions([one, two, one])
    lines = text.splitlines()
    assert lines[0].startswith("# ") and tuple(lines[2].split("\t")) == COLUMNS
    assert "第一行 第二行" in text and text.endswith("\n")


def test_a_bad_line_is_named() -> None:
    for line, cell in (("maybe\tentity\tx.txt", "decision"), ("accept\tthing\tx.txt", "what")):
        with pytest.raises(DecisionError) as caught:
            parse_decisions(f"# comment\n\n{line}\n")
        assert (caught.value.line, caught.value.cell) == (3, cell)


def test_a_new_decision_replaces_an_old_one_about_the_same() -> None:
    old, new = decide("accept", "entity", "Agency", "甲局"), decide("reject", "entity", "Agency", "甲局")
    other = decide("accept", "entity", "Agency", "乙局")
    assert set(update_decisions([old, other], [new])) == {new, other}
