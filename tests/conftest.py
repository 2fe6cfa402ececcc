"""Shared fixtures: the invented page of ``invented_page.py``, a store that holds it, and one real browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from invented_page import make_extraction

from extract.model import Extraction

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or ""


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """Headless Chromium; without it the test is reported as not run."""
    if not CHROMIUM:
        pytest.skip("not run: Chromium is not installed (Debian: apt-get install chromium fonts-noto-cjk)")
    api = pytest.importorskip("playwright.sync_api", reason="not run: playwright is not installed")
    with api.sync_playwright() as play:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--font-render-hinting=none"]
        started = play.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield started
        started.close()


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
