"""``kg`` in a notebook: short reprs, earlier states of a store, names for completion."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path

import pytest

import kg
from tests.support.invented_page import PAGE


@pytest.fixture
def twice_built(tmp_path: Path) -> Path:
    """A store that two builds changed: one file, then two."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(PAGE, encoding="utf-8")
    kg.build(tmp_path / "in", tmp_path / "s")
    (tmp_path / "in" / "b.txt").write_text(f"另一份\n{PAGE}", encoding="utf-8")
    kg.build(tmp_path / "in", tmp_path / "s")
    return tmp_path / "s"


def test_completion_offers_the_public_names_only() -> None:
    importlib.import_module("kg.ingest.build")
    assert dir(kg) == sorted(kg.__all__)


def test_build_is_the_function_after_its_module_is_imported() -> None:
    module = importlib.import_module("kg.ingest.build")
    assert kg.build is module.build
    assert inspect.isfunction(kg.build)


def test_snapshots_are_the_builds_that_changed_a_store(twice_built: Path) -> None:
    found = kg.snapshots(twice_built)
    assert [(one.number, one.added, one.replaced, one.removed) for one in found] == [(1, 1, 0, 0), (2, 1, 0, 0)]
    assert kg.diff(f"{twice_built}@{found[0].number}", twice_built).sources_added == ("b.txt",)


def test_snapshots_of_an_open_store_leave_it_open(twice_built: Path) -> None:
    by_path = kg.snapshots(twice_built)
    with kg.Store(twice_built) as store:
        assert kg.snapshots(store) == by_path
        assert store.list_sources()
    with kg.open(twice_built) as graph:
        assert kg.snapshots(graph) == by_path
        assert len(graph) > 0


def test_snapshots_of_a_store_that_does_not_exist_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(kg.StoreError):
        kg.snapshots(tmp_path / "none")
    assert list(tmp_path.iterdir()) == []


def test_a_graph_has_a_short_repr(twice_built: Path) -> None:
    with kg.open(twice_built) as graph:
        assert repr(graph) == f"Graph({str(twice_built)!r})"
    assert repr(graph) == f"Graph({str(twice_built)!r})"


def test_a_build_report_has_a_short_repr(twice_built: Path, tmp_path: Path) -> None:
    (tmp_path / "in" / "c.txt").write_bytes(b"\0" * 9)
    report = kg.build(tmp_path / "in", twice_built)
    assert repr(report) == f"BuildReport(built=0, unchanged=2, failed=1, seconds={report.seconds:.1f})"
    assert not hasattr(report, "_repr_html_")
