"""Shared fixtures: the invented page of ``invented_page.py``, and a store that holds it."""

from __future__ import annotations

from pathlib import Path

import pytest
from invented_page import make_extraction

from extract.model import Extraction


@pytest.fixture
def extraction() -> Extraction:
    """The invented page, read by hand."""
    return make_extraction()


@pytest.fixture
def store_path(tmp_path: Path, extraction: Extraction) -> Path:
    """A store on disk that holds the invented page."""
    from kg.mint import context_iri
    from kg.rdf import quads
    from kg.store import Store

    path = tmp_path / "kg-store"
    with Store(path, write=True) as store:
        store.replace(context_iri(extraction.source.id, store.base), quads(extraction, store.base))
    return path
