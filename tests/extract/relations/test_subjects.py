"""Whom a figure is about: candidates and features, each with weights that show it alone."""

from __future__ import annotations

from pathlib import Path

from extract.model import Extraction, Kind, Source
from extract.pipeline import extract

TITLE = "溪川市支持个体工商户发展若干措施"


def read(tmp_path: Path, text: str, weights: dict[str, float]) -> Extraction:
    """Extract a text with these weights of subjects."""
    rows = "".join(f"{name}\t{weight}\n" for name, weight in weights.items())
    (tmp_path / "subject_weights.tsv").write_text(f"#!replace\nthreshold Provision\t0.6\n{rows}", encoding="utf-8")
    return extract(Source("policy.txt", text), lexicon_dir=str(tmp_path))


def list_subjects(x: Extraction) -> list[str | None]:
    """Return the subjects of the supports, in order."""
    labels = {entity.id: entity.label for entity in x.entities}
    return [labels[f.about] if f.about is not None else None for f in x.figures if f.kind is Kind.PROVISION]


def test_each_member_of_a_list_has_its_own_amount(tmp_path: Path) -> None:
    text = f"{TITLE}\n\n一、对高新技术企业、瞪羚企业，分别给予50万元、30万元奖励。\n"
    x = read(tmp_path, text, {"respective": 5, "not respective": -5})
    assert list_subjects(x) == ["高新技术企业", "瞪羚企业"]


def test_amounts_that_are_not_as_many_as_the_names_belong_to_none(tmp_path: Path) -> None:
    text = f"{TITLE}\n\n一、对高新技术企业、瞪羚企业，分别给予50万元、30万元、10万元奖励。\n"
    assert list_subjects(read(tmp_path, text, {"respective": 5})) == [None] * 3
