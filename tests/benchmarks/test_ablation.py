"""Extraction without local names."""

from __future__ import annotations

import re
from pathlib import Path

from benchmarks.ablation import LARGEST_FALL, LayerChange, compare_layers, format_changes
from kg.evaluate.accuracy import OWN
from ontology.lexicons import LEXICON_FOLDER, Lexicon, load_lexicon


def test_a_users_table_may_stand_in_place_of_ours(tmp_path: Path) -> None:
    (tmp_path / "divisions.tsv").write_text("#!replace\n", encoding="utf-8")
    (tmp_path / "agencies.tsv").write_text("海绵城市建设\t海绵\n", encoding="utf-8")
    mine = Lexicon(tmp_path)
    assert mine.read_table("divisions") == () and load_lexicon().read_table("divisions")
    assert {"海绵城市建设", *load_lexicon().read_words("agencies")} == set(mine.read_words("agencies"))


def test_no_layer_lives_on_local_names() -> None:
    falls = compare_layers({"own": sorted(OWN.glob("dev_*.gold.json"))})
    assert len(falls) >= 6
    assert [f for f in falls if f.difference < -LARGEST_FALL] == []


def test_a_layer_that_falls_too_deep_is_marked() -> None:
    shown = format_changes([LayerChange("own", "edges", 0.9, 0.8), LayerChange("own", "figures", 0.9, 0.88)])
    edges, figures = shown.splitlines()[2:]
    assert "-0.100 **!**" in edges and "!" not in figures


def test_local_names_stand_in_the_table_of_divisions_alone() -> None:
    """Else the ablation would take out less than it says.

    The dictionary for the split into words (``words.tsv``) is general Chinese and names no place by itself. Names of
    counties count as whole words only: 示范县 has nothing to do with 范县.
    """
    rows = [row for row in load_lexicon().read_table("divisions") if row[2] != "National"]
    names = {n for row in rows if row[2] != "County" for n in row[:2] if len(n) > 1}
    counties = {n for row in rows if row[2] == "County" for n in row[:2] if n}
    # a field of work, a party, a currency, part of 富民兴县, a common word, former military organs of the nation
    allowed = {
        "台湾事务",
        "台湾民主自治同盟",
        "国务院台湾事务办公室",
        "人民政府台湾事务办公室",
        "澳门元",
        "兴县",
        "惠民",
    }
    allowed |= {f"{name}军区" for name in ("北京", "沈阳", "济南", "南京", "广州", "成都", "兰州")}
    found = set()
    for path in sorted(LEXICON_FOLDER.glob("*.t??*")):
        if path.suffix not in {".tsv", ".toml"} or path.stem in {"divisions", "words"}:
            continue
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line.startswith("#"):
                found |= {
                    (path.name, w) for w in re.findall(r"[\w]+", line) if w in counties or any(n in w for n in names)
                }
    assert {w for _, w in found} <= allowed, found
