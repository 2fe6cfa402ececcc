"""Shared fixtures: the invented page of ``invented_page.py``, a store that holds it, and one real browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from extract.model import Extraction, Source
from tests.support.invented_page import PAGE, make_extraction

# A busy machine is no fault of ours: no test asserts a time.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")

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
    from kg.rdf.graph import build_quads
    from kg.rdf.identifiers import make_context_iri
    from kg.store.store import Store

    path = tmp_path / "kg-store"
    with Store(path, write=True) as store:
        store.replace_graph(make_context_iri(extraction.source.id, store.base), build_quads(extraction, store.base))
    return path


@pytest.fixture
def made_by_hand(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Extraction by hand instead of by rule, but for tests of the rules; gives the ids that were extracted."""
    extracted: list[str] = []

    def extract_source(source: Source, lexicon_dir: str, model: str = "") -> Extraction:
        extracted.append(source.id)
        return make_extraction(source.id, source.text if PAGE in source.text else f"{source.text}\n{PAGE}")

    if "rules" not in request.keywords:
        monkeypatch.setattr("kg.ingest.worker.extract_source", extract_source)
        monkeypatch.setattr("kg.ingest.pool.FILES_PER_WORKER", 1_000_000)  # another process would extract by rule
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    monkeypatch.delenv("KG_LANG", raising=False)
    return extracted


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three files, two of them in folders, each with another text."""
    for i, name in enumerate(("2023/甲.txt", "2024/乙.txt", "丙.txt")):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"第{i}号\n{PAGE}", encoding="utf-8")
    return tmp_path / "in"
