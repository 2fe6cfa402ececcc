"""Builds on a Dask cluster: the same bytes as on one machine, whatever is killed."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.errors import UsageError
from kg.ingest.build import build
from kg.ingest.shards import SharedFolder
from tests.support.commands import run_kg
from tests.support.dying import LETHAL, LETHAL_ONCE, process_or_die
from tests.support.invented_page import make_extraction
from tests.support.updates import ids, nquads, write

pytest.importorskip("distributed", reason="needs proposal-kg[cluster]")
pytest.importorskip("fsspec", reason="needs proposal-kg[cluster]")
pytestmark = pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")

from kg.ingest.cluster import Cluster  # noqa: E402
from tests.support.clusters import RunningCluster, kill, run_cluster  # noqa: E402

COUNT = 30


@pytest.fixture(autouse=True)
def by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kg.ingest.build.process_source", process_or_die)
    monkeypatch.setattr("kg.ingest.worker.extract_source", lambda s, *rest: make_extraction(s.id, s.text))


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCluster]:
    with run_cluster(tmp_path_factory.mktemp("cluster")) as running:
        yield running


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    for i in range(COUNT):
        write(tmp_path / "in" / f"{i:02}.txt", f"第{i}号" * 5)
    return tmp_path / "in"


@pytest.fixture
def whole(pages: Path, tmp_path: Path) -> str:
    """The quads of a build on one machine."""
    build(pages, tmp_path / "whole", workers=1)
    return nquads(tmp_path / "whole")


def test_workers_of_this_machine_give_the_same_bytes(pages: Path, tmp_path: Path, whole: str) -> None:
    report = build(pages, tmp_path / "s", workers=2, cluster=Cluster())
    assert len(report.built) == COUNT and not report.failed
    assert nquads(tmp_path / "s") == whole
    assert not (tmp_path / "s.shards").exists()
    again = build(pages, tmp_path / "s", cluster=Cluster())
    assert (len(again.built), len(again.unchanged)) == (0, COUNT)


def test_workers_of_a_scheduler_give_the_same_bytes(
    pages: Path, tmp_path: Path, whole: str, cluster: RunningCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # the workers have another working folder
    report = build("in", "s", cluster=Cluster(str(cluster.scheduler_file), "between"))
    assert len(report.built) == COUNT
    assert nquads(tmp_path / "s") == whole
    assert not (tmp_path / "between").exists()


@pytest.mark.parametrize("after", [1, 14])
def test_a_killed_worker_loses_nothing(
    pages: Path, tmp_path: Path, whole: str, cluster: RunningCluster, after: int
) -> None:
    def kill_one(done: int, total: int, name: str) -> None:
        if done == after:
            kill(cluster.workers.pop())

    if len(cluster.workers) < 2:
        cluster.add_worker()
    report = build(pages, tmp_path / "s", cluster=Cluster(str(cluster.scheduler_file)), progress=kill_one)
    assert len(report.built) == COUNT and not report.failed
    assert nquads(tmp_path / "s") == whole


def test_a_lethal_document_is_set_aside_by_name_and_the_rest_is_whole(
    pages: Path, tmp_path: Path, whole: str, cluster: RunningCluster
) -> None:
    write(pages / f"07{LETHAL}.txt")
    write(pages / f"08{LETHAL_ONCE}.txt")
    report = build(pages, tmp_path / "s", cluster=Cluster(str(cluster.scheduler_file)))
    assert [failed.source for failed in report.failed] == [f"07{LETHAL}.txt"]
    assert len(report.built) == COUNT + 1
    (pages / f"07{LETHAL}.txt").unlink()
    (pages / f"08{LETHAL_ONCE}.txt").unlink()
    build(pages, tmp_path / "s", prune=True, workers=1)
    assert nquads(tmp_path / "s") == whole


def test_an_interrupted_build_goes_on_with_the_shards_that_are_there(
    pages: Path, tmp_path: Path, whole: str, cluster: RunningCluster
) -> None:
    def stop(done: int, total: int, name: str) -> None:
        if done == 17:
            raise KeyboardInterrupt

    where = Cluster(str(cluster.scheduler_file))
    with pytest.raises(KeyboardInterrupt):
        build(pages, tmp_path / "s", cluster=where, progress=stop)
    kept = SharedFolder(str(tmp_path / "s.shards")).read_entries()
    assert len(kept) > 17
    shards = sorted(file.name for file in (tmp_path / "s.shards").glob("*.nq"))
    (tmp_path / "s.shards" / shards[0]).write_bytes(b"<a> <b> ")  # a half-written shard is not used
    report = build(pages, tmp_path / "s", cluster=where)
    assert (len(report.built), len(report.unchanged)) == (COUNT - 17, 17)
    assert nquads(tmp_path / "s") == whole


def test_a_machine_that_does_not_see_the_shared_folder_is_named(
    pages: Path, tmp_path: Path, cluster: RunningCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SharedFolder, "write_token", lambda self: "of another folder")
    with pytest.raises(UsageError, match="does not see it"):
        build(pages, tmp_path / "s", cluster=Cluster(str(cluster.scheduler_file)))
    assert not (tmp_path / "s").exists()


def test_the_command_line_takes_a_scheduler(pages: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for options in (["--scheduler", "tcp://127.0.0.1:1"], ["--shared", "x"]):
        assert run_kg(capsys, "build", pages, "--store", tmp_path / "s", *options)[0] == 2
    assert run_kg(capsys, "build", pages, "--store", tmp_path / "s", "--engine", "other")[0] == 2


def test_findings_of_a_shard_survive_an_interruption(pages: Path, tmp_path: Path) -> None:
    def stop(done: int, total: int, name: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build(pages, tmp_path / "s", workers=1, cluster=Cluster(), progress=stop)
    manifest = json.loads(next((tmp_path / "s.shards").glob("*.json")).read_text(encoding="utf-8"))
    assert manifest["sources"] and all(entry["findings"] and entry["key"] for entry in manifest["sources"])
    report = build(pages, tmp_path / "s", workers=1, cluster=Cluster())
    plain = build(pages, tmp_path / "plain", workers=1)
    assert report.counts == plain.counts and ids(plain)[0] == sorted(ids(report)[0] + ids(report)[1])
