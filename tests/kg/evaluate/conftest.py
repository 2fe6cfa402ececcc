"""The invented page, scored against its annotation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from extract.model import Extraction
from kg.evaluate import FileResult
from kg.evaluate.gold import read_gold
from kg.evaluate.run import score_extraction
from tests.support.annotations import Gold, Judged, annotation
from tests.support.invented_page import make_extraction


@pytest.fixture
def judged(tmp_path: Path) -> Judged:
    """Hold an extraction (by default the whole one) against an annotation (by default the right one)."""

    def hold(gold: Gold | None = None, extraction: Extraction | None = None) -> FileResult:
        path = tmp_path / "invented.gold.json"
        path.write_text(json.dumps(gold or annotation(), ensure_ascii=False), encoding="utf-8")
        return score_extraction(read_gold(path), extraction or make_extraction())

    return hold
