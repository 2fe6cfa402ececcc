"""The page on accuracy shows what was measured."""

from __future__ import annotations

import re
import tomllib

import pytest

from extract.confidence import (
    read_estimates,
)
from kg.evaluate.accuracy import TABLE
from kg.evaluate.documents import ACCURACY_PAGES, LANGUAGES, README_LAYERS, READMES, fill_marker
from kg.evaluate.report import get_text


@pytest.mark.parametrize("lang", ACCURACY_PAGES)
def test_the_page_shows_the_table_and_is_filled_everywhere(lang: str) -> None:
    page = ACCURACY_PAGES[lang].read_text(encoding="utf-8")
    for name in ("layers", "reliability", "rules", "ablation"):
        inside = re.search(f"(?s)<!-- {name}:begin -->\n(.*?)\n<!-- {name}:end -->", page)
        assert inside and inside[1].count("\n") > 5, name
    shown = set(re.findall(r"(?m)^\| (\w+) \| `(\w+)` \| (\d+) \| (\d+) \| (\d+) \| ([\d.]+) \|$", page))
    families = read_estimates(tomllib.loads(TABLE.read_text(encoding="utf-8"))).families
    assert shown == {
        (get_text("kinds", kind, lang), name, str(e.n), str(e.right), str(e.documents), f"{e.confidence:.3f}")
        for (kind, name), e in families.items()
    }


def test_a_place_in_the_page_is_filled_once_or_not_at_all() -> None:
    page = "a\n<!-- x:begin -->\nold\n<!-- x:end -->\nb"
    filled = fill_marker(page, "x", r"new \1")
    assert filled == "a\n<!-- x:begin -->\nnew \\1\n<!-- x:end -->\nb"
    assert fill_marker(filled, "x", r"new \1") == filled
    for wrong in ("no place", page + page):
        with pytest.raises(ValueError, match="x"):
            fill_marker(wrong, "x", "new")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_readme_shows_the_scores_of_the_held_out_documents(lang: str) -> None:
    page = ACCURACY_PAGES[lang].read_text(encoding="utf-8")
    readme = READMES[lang].read_text(encoding="utf-8")
    (shown,) = re.findall(r"(?s)<!-- accuracy:begin -->\n(.*?)\n<!-- accuracy:end -->", readme)
    precision, recall = (re.findall(r"(\d+)%", line) for line in shown.splitlines()[2:4])
    assert len(precision) == len(recall) == len(README_LAYERS)
    for layer, *percent in zip(README_LAYERS, precision, recall, strict=True):
        (row,) = re.findall(rf"(?m)^\| {get_text('layers', layer, lang)} \| .*\((\d\.\d\d) / (\d\.\d\d)\) \|$", page)
        assert [f"{float(share):.0%}" for share in row] == [f"{n}%" for n in percent], layer
    for slot, share in zip(("about", "period"), re.findall(r"(\d+)%", shown.splitlines()[-1]), strict=True):
        name = get_text("accuracy", "slot", lang, slot=get_text("slots", slot, lang))
        (row,) = re.findall(rf"(?m)^\| {name} \| .*\| (\d\.\d+)[^|]*\|$", page)
        assert abs(100 * float(row) - int(share)) < 0.56, slot


def test_both_pages_show_the_same_numbers() -> None:
    chinese, english = (
        re.findall(r"(?s)<!-- \w+:begin -->.*?<!-- \w+:end -->", ACCURACY_PAGES[lang].read_text(encoding="utf-8"))
        for lang in LANGUAGES
    )
    assert [re.findall(r"[-+]?\d+(?:\.\d+)?", "".join(chinese))] == [
        re.findall(r"[-+]?\d+(?:\.\d+)?", "".join(english))
    ]
