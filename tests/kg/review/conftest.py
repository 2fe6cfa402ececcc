"""The store that the tests of the review ask about."""

from __future__ import annotations

from pathlib import Path

import pytest

import kg
from extract.model import Extraction, Source
from tests.support.invented_page import PAGE
from tests.support.judging import SOURCE, doubtful


@pytest.fixture
def by_hand(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The current folder has the invented page with its doubts, and a store of it."""

    def extract_source(source: Source, *rest: object) -> Extraction:
        return doubtful(source.id, source.text)

    monkeypatch.setattr("kg.ingest.worker.extract_source", extract_source)
    monkeypatch.setenv("KG_LANG", "zh")
    monkeypatch.chdir(tmp_path)
    Path(SOURCE).write_text(PAGE, encoding="utf-8")
    kg.build(SOURCE, "store")
