"""A user's lexicon: what does not fit is named with its file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from ontology.errors import LexiconError
from ontology.lexicons import Lexicon


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("units.tsv", "# 量词\n竹箱\tcount\t\tabc\ty\n", ("第 2 行", "abc")),
        ("units.tsv", "竹箱 count\n", ("第 1 行", "1 格")),
        ("units.tsv", "竹箱\tcount\t\t1\ty\tx\n", ("第 1 行", "6 格")),
        ("units.tsv", "竹箱\tcuont\n", ("第 1 行", "cuont", "count")),
        ("heads.tsv", "海绵匠\tTargetGroup\n", ("第 1 行",)),
        ("terms.tsv", "\n海绵匠\n", ("第 2 行",)),
        ("structure_numbering.tsv", "x\t3\t(\t{}\tstart\n", ("第 1 行", "正则")),
        ("figures.toml", "[numbers]\nover = ['多']\nmasks = ['(']\n", ("第 3 行", "正则")),
        ("figures.toml", "[numbers]\nmasks = 3\n", ("numbers.masks", "列表")),
        ("figures.toml", "numbers = 3\n", ("numbers", "表")),
        ("figures.toml", "[numbers\n", ("line 1",)),
        ("unit.tsv", "竹箱\tcount\n", ("units.tsv",)),
    ],
)
def test_what_does_not_fit_is_named(tmp_path: Path, name: str, content: str, told: tuple[str, ...]) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    with pytest.raises(LexiconError) as raised:
        Lexicon(tmp_path)
    message = raised.value.message("zh")
    assert str(tmp_path / name) in message and all(words in message for words in told), message


def test_what_fits_is_taken(tmp_path: Path) -> None:
    (tmp_path / "units.tsv").write_text("竹箱\tcount\n\n# 注\n", encoding="utf-8")
    (tmp_path / "figures.toml").write_text("[numbers]\nmasks = [{ near = ['*'], is = 'x' }]\n", encoding="utf-8")
    (tmp_path / "README.md").write_text("我的词表", encoding="utf-8")
    assert any(row[0] == "竹箱" for row in Lexicon(tmp_path).read_table("units"))
