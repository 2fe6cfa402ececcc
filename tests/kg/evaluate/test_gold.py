"""Annotated files: where they are, whose source they annotate, what is wrong with them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.errors import SourceError
from kg.evaluate.gold import find_gold_files, find_source, read_gold


def test_a_source_is_found_above_or_beside_or_in_the_folder_named(tmp_path: Path) -> None:
    gold = tmp_path / "set" / "gold" / "a.gold.json"
    gold.parent.mkdir(parents=True)
    gold.write_text('{"source": "pages/a.txt", "documents": []}', encoding="utf-8")
    with pytest.raises(SourceError, match="--source-dir"):
        find_source(read_gold(gold))
    far = tmp_path / "pages" / "a.txt"
    near = gold.parent / "a.txt"
    for place in (near, far):
        place.parent.mkdir(exist_ok=True)
        place.write_text("文", encoding="utf-8")
        assert find_source(read_gold(gold)) == place
    elsewhere = tmp_path / "else" / "a.txt"
    elsewhere.parent.mkdir()
    elsewhere.write_text("文", encoding="utf-8")
    assert find_source(read_gold(gold), tmp_path / "else") == elsewhere
    with pytest.raises(SourceError):
        find_source(read_gold(gold), tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("{", "JSON"),
        ("[]", "JSON"),
        ("{}", "source"),
        ('{"source": "a.txt", "entities": [{"type": "Agency"}]}', r"entities\[0\]"),
        ('{"source": "a.txt", "figures": [{"type": "Target", "value": "many", "quote": "x"}]}', r"figures\[0\]"),
        ('{"source": "a.txt", "edges": ["x"]}', r"edges\[0\]"),
    ],
)
def test_a_file_that_is_no_annotation_is_named_with_the_place(tmp_path: Path, text: str, where: str) -> None:
    path = tmp_path / "a.gold.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match=where) as caught:
        read_gold(path)
    assert str(path) in caught.value.zh and str(path) in caught.value.en


def test_a_folder_stands_for_its_annotated_files(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"gold\.json"):
        find_gold_files([tmp_path])
    for name in ("b.gold.json", "a.gold.json", "notes.json"):
        (tmp_path / name).write_text("{}", encoding="utf-8")
    assert [p.name for p in find_gold_files([tmp_path, tmp_path / "a.gold.json"])] == ["a.gold.json", "b.gold.json"]


def test_what_is_said_of_a_policy_text_as_a_document_are_edges_of_its_node(tmp_path: Path) -> None:
    document = {
        "id": "D1", "type": "PolicyInstrument", "title": "澄溪市算力办法", "issuedBy": ["澄溪市财政局"],
        "basedOn": ["算力条例"], "approvedBy": ["澄溪市人民政府"],
    }  # fmt: skip
    known = {"s": "澄溪市算力办法", "p": "basedOn", "o": ["算力条例", "条例"]}
    path = tmp_path / "a.gold.json"
    path.write_text(json.dumps({"source": "a.txt", "documents": [document], "edges": [known]}), encoding="utf-8")
    gold = read_gold(path)
    assert gold.documents == ()
    assert {(e.property, e.subjects, e.objects) for e in gold.edges} == {
        ("basedOn", ("澄溪市算力办法",), ("算力条例", "条例")),
        ("issuedBy", ("澄溪市算力办法",), ("澄溪市财政局",)),
        ("approvedBy", ("澄溪市算力办法",), ("澄溪市人民政府",)),
    }
