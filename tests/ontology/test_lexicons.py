"""Tables are read the same, whatever white space stands around their cells."""

from __future__ import annotations

from pathlib import Path

import pytest

from ontology.lexicons import Lexicon


@pytest.mark.parametrize(
    "text",
    [
        "海绵匠\tn\n云帆匠\tn v\n",
        "海绵匠\tn\r\n云帆匠\tn v\r\n",
        "# 注\n\n海绵匠 \tn\n 云帆匠\t n v \n",
        "海绵匠\u3000\tn\n\xa0云帆匠\tn v\u3000\n",
        "海绵匠\tn\t\u2028云帆匠\tn v\x85",
    ],
    ids=["plain", "windows", "spaces", "wide", "separators"],
)
def test_cells_have_no_white_space_around_them(tmp_path: Path, text: str) -> None:
    (tmp_path / "terms.tsv").write_bytes(("\ufeff#!replace\n" + text).encode())
    rows = [row[:2] for row in Lexicon(tmp_path).read_table("terms")]
    assert rows == [("海绵匠", "n"), ("云帆匠", "n v")]


def test_a_short_row_is_filled_up(tmp_path: Path) -> None:
    (tmp_path / "agencies.tsv").write_text("#!replace\n海绵城市建设\t海绵\n云帆\n", encoding="utf-8")
    assert Lexicon(tmp_path).read_table("agencies") == (("海绵城市建设", "海绵"), ("云帆", ""))
