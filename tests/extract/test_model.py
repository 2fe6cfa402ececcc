"""The values that pass from stage to stage."""

from __future__ import annotations

import pytest

from extract.model import Entity, Extraction, Figure, Letter, Part, is_entity_id
from tests.support.reading import read, reply


@pytest.fixture(scope="module")
def extraction() -> Extraction:
    return read(reply("我局实施“青苗”计划，对高企给予5万元奖励。\n　　一是优化服务。为企业减负300万元。"))


def test_an_extraction_shows_its_source_and_counts(extraction: Extraction) -> None:
    shown = repr(extraction)
    assert repr(extraction.source.id) in shown
    assert len(shown) < 200
    for count, name in (
        (len(extraction.outline.letters), "letters"),
        (len(extraction.outline.parts), "parts"),
        (len(extraction.entities), "entities"),
        (len(extraction.relations), "relations"),
        (len(extraction.figures), "figures"),
    ):
        assert f"{count} {name}" in shown


def test_ids_lead_to_letters_parts_entities_and_figures(extraction: Extraction) -> None:
    assert isinstance(extraction["d1"], Letter)
    assert isinstance(extraction["p1"], Part)
    assert isinstance(extraction["e1"], Entity)
    assert isinstance(extraction["f1"], Figure)
    for relation in extraction.relations:
        assert extraction[relation.subject].id == relation.subject
        assert extraction[relation.object].id == relation.object


@pytest.mark.parametrize("ident", ["e0", "x1", ""])
def test_an_unknown_id_is_a_key_error(extraction: Extraction, ident: str) -> None:
    with pytest.raises(KeyError) as caught:
        extraction[ident]
    assert caught.value.args == (ident,)


def test_only_ids_of_entities_are_entity_ids(extraction: Extraction) -> None:
    assert all(is_entity_id(entity.id) for entity in extraction.entities)
    others = (*extraction.outline.letters, *extraction.outline.parts, *extraction.figures)
    assert not any(is_entity_id(other.id) for other in others)
