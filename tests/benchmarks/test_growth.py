"""The texts whose extraction is measured, and the rows of the table."""

from __future__ import annotations

import pytest

from benchmarks.growth import HEAD, UNITS, format_growth, main, make_text, measure_growth


@pytest.mark.parametrize("unit", UNITS.values(), ids=list(UNITS))
def test_texts_have_the_length_that_is_asked_for(unit: str) -> None:
    assert len(make_text(unit, 2_500)) == 2_500
    text = make_text(unit, 2_500, HEAD)
    assert text.startswith(HEAD + unit.partition("#")[0])
    assert len(text) == 2_500


def test_a_text_may_name_something_else_each_time() -> None:
    names = make_text("#、", 3_000).split("、")
    assert len(set(names)) == len(names)


def test_a_text_that_takes_too_long_is_not_made_longer() -> None:
    assert len(measure_growth("一、", (50, 100, 200), limit=0)) == 1
    assert len(measure_growth("一、", (50, 100), limit=60)) == 2


def test_a_row_has_a_cell_for_each_size_and_the_last_factor() -> None:
    assert format_growth("九九九", [1.0, 2.5], (1, 2, 4)).split() == ["九九九", "1.000", "2.500", "–", "2.5"]


def test_the_table_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    main(["九九九", "--longest", "2500", "--letter"])
    head, row = capsys.readouterr().out.splitlines()
    assert head.split() == ["2,500", "last"]
    assert row.split()[0] == "九九九"


@pytest.mark.parametrize(
    "name", ["full names of firms", "different titles", "classes of listed levels", "numbers in one line"]
)
def test_a_text_that_repeats_itself_takes_seconds(name: str) -> None:
    """Times that grow with the square reach minutes at this length."""
    assert measure_growth(UNITS[name], (20_000,), limit=0)[0] < 20
