"""The annotated files say nothing that their sources do not; the floors they are held to are read right."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.support.paths import GOLD, ROOT

SHARED = ROOT.parent / "shared"
sys.path.insert(0, str(ROOT / "scripts"))
import gold_scores  # noqa: E402

LETTERS = sorted((GOLD / "letters").glob("*.gold.json"))
"""Files that annotate documents, parts and answers only."""
FILES = [*sorted(GOLD.glob("*.gold.json")), *LETTERS]
LINKS = ("submittedBy", "leadAgency", "coAgency", "issuedBy", "addressedTo", "consulted", "basedOn")
DOCUMENTS = {"Proposal", "LeadReply", "CoHandlingOpinion"}
PARTS = {"Problem", "Suggestion", "Measure", "Commitment"}
ENTITIES = {
    "Agency", "Organization", "Enterprise", "Person", "PolicyInstrument", "Report", "Program", "Platform",
    "EnterpriseTier", "TargetGroup", "Place",
}  # fmt: skip
EDGES = {
    "issuedBy", "approvedBy", "basedOn", "administers", "operates", "establishes", "supports", "availableOn",
    "treatedAs", "advancesTo", "hasTier", "participatesIn", "broader",
}  # fmt: skip
FIGURES = {"Provision", "Observation", "Target"}
BOUNDS = {"Exactly", "AtLeast", "AtMost", "About"}

Gold = dict[str, Any]


def several(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]


@pytest.fixture(params=FILES, ids=lambda path: path.name.removesuffix(".gold.json"))
def gold(request: pytest.FixtureRequest) -> Gold:
    return dict(json.loads(request.param.read_text(encoding="utf-8")))


@pytest.fixture
def text(gold: Gold) -> str:
    source: str = gold["source"]
    return (ROOT / source).read_text(encoding="utf-8")


def test_there_are_files_to_tune_on_and_files_held_out() -> None:
    held_out = [path for path in FILES if path.name.startswith("heldout_")]
    assert len(held_out) >= 2
    assert len(FILES) - len(held_out) >= 4


def test_every_quote_stands_in_the_source(gold: Gold, text: str) -> None:
    quotes = [row["quote"] for key in ("edges", "figures") for row in gold.get(key, ())]
    quotes += [words for part in gold.get("parts", ()) for words in several(part["begins"])]
    assert [quote for quote in quotes if quote not in text] == []


def test_every_entity_is_named_in_the_source(gold: Gold, text: str) -> None:
    unnamed = [e["label"] for e in gold["entities"] if not any(n in text for n in (e["label"], *e.get("aliases", ())))]
    assert unnamed == []


def test_labels_are_unique_and_ends_of_links_are_entities(gold: Gold) -> None:
    labels = Counter(entity["label"] for entity in gold["entities"])
    assert [label for label, times in labels.items() if times > 1] == []
    ends = [name for document in gold["documents"] for key in LINKS for name in document.get(key, ())]
    ends += [name for edge in gold.get("edges", ()) for key in ("s", "o") for name in several(edge[key])]
    ends += [name for figure in gold.get("figures", ()) for name in several(figure.get("about", []))]
    assert sorted(set(ends) - set(labels)) == []


def test_types_are_those_of_the_contract(gold: Gold) -> None:
    assert {document["type"] for document in gold["documents"]} <= DOCUMENTS
    assert {part["type"] for part in gold.get("parts", ())} <= PARTS
    assert {entity["type"] for entity in gold["entities"]} <= ENTITIES
    assert {edge["p"] for edge in gold.get("edges", ())} <= EDGES
    assert {figure["type"] for figure in gold.get("figures", ())} <= FIGURES
    assert {figure["bound"] for figure in gold.get("figures", ())} <= BOUNDS


def test_documents_and_parts_hang_together(gold: Gold) -> None:
    ids = {document["id"] for document in gold["documents"]}
    assert {part["doc"] for part in gold.get("parts", ())} <= ids
    proposals = {d.get("proposalNumber") or d["title"] for d in gold["documents"] if d["type"] == "Proposal"}
    assert {number for document in gold["documents"] for number in document.get("repliesTo", ())} <= proposals


def test_a_layer_under_its_floor_is_named() -> None:
    floors = {"entities": 0.85, "edges": 0.6, "parts": 0.9}
    assert gold_scores.find_below_floor({"entities": 0.85, "edges": 0.59}, floors) == ("edges", "parts")


def test_sets_without_files_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "gold").mkdir()
    (tmp_path / "gold" / "a.gold.json").write_text("{}", encoding="utf-8")
    floors = tmp_path / "floors.toml"
    floors.write_text(
        '[here]\ngold = ["gold/*.gold.json"]\nsources = "."\n[here.floors]\nparts = 0.5\n'
        '[elsewhere]\ngold = ["../none/*.gold.json"]\nsources = "."\n[elsewhere.floors]\n',
        encoding="utf-8",
    )
    (found,) = gold_scores.read_gold_sets(floors)
    assert (found.name, [path.name for path in found.gold], found.floors) == ("here", ["a.gold.json"], {"parts": 0.5})


def test_the_pinned_sets_take_in_every_file_here() -> None:
    pinned = {path for one in gold_scores.read_gold_sets() for path in one.gold}
    assert set(FILES) <= pinned


@pytest.mark.gold
@pytest.mark.skipif(not gold_scores.SCORER.exists(), reason="needs ../shared")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name.removesuffix(".gold.json"))
def test_an_annotation_scores_full_marks_against_its_own_graph(path: Path, tmp_path: Path) -> None:
    source = ROOT / json.loads(path.read_text(encoding="utf-8"))["source"]
    command = [sys.executable, str(SHARED / "gold_to_turtle.py"), str(path), str(source)]
    made = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True)
    assert made.stderr == ""
    graph = tmp_path / "graph.ttl"
    graph.write_text(made.stdout, encoding="utf-8")
    _, scores = gold_scores.score_graphs([(path, graph)], tmp_path)
    assert {layer: value for layer, value in scores.items() if value < 1.0} == {}
