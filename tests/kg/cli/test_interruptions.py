"""Full disks, limits of file size and Ctrl+C: one line, a code of its own, nothing lost."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kg.store.store import Store

ROOT = Path(__file__).parents[3]
LETTER = ROOT / "examples" / "20250089_答复_小巨人.txt"
KG = [sys.executable, "-m", "kg.cli"]
ENV = {**os.environ, "KG_LANG": "zh"}


def limit_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))


def run(*arguments: object, limited: bool = False, out: str = "") -> subprocess.CompletedProcess[str]:
    command = [*KG, *map(str, arguments)]
    before = limit_files if limited else None
    if not out:
        return subprocess.run(
            command, capture_output=True, encoding="utf-8", cwd=ROOT, env=ENV, preexec_fn=before, check=False
        )
    with Path(out).open("w", encoding="utf-8") as target:
        return subprocess.run(
            command, stdout=target, stderr=subprocess.PIPE, encoding="utf-8", cwd=ROOT, env=ENV, check=False
        )


def test_a_build_that_a_full_disk_stops_is_finished_by_the_next(tmp_path: Path) -> None:
    stopped = run("build", LETTER, "--store", tmp_path / "s", limited=True)
    assert stopped.returncode == 8
    assert stopped.stderr.count("\n") == 1 and "磁盘已满" in stopped.stderr
    assert run("build", LETTER, "--store", tmp_path / "s").returncode == 0
    assert run("build", LETTER, "--store", tmp_path / "new").returncode == 0
    with Store(tmp_path / "s") as one, Store(tmp_path / "new") as other:
        for graph in other.list_graphs(links=True):
            assert set(one.read_quads(graph)) == set(other.read_quads(graph))


@pytest.fixture
def store(tmp_path: Path) -> Path:
    assert run("build", LETTER, "--store", tmp_path / "s").returncode == 0
    return tmp_path / "s"


@pytest.mark.parametrize("command", [("export", "--format", "turtle"), ("viz",), ("query", "SELECT * { ?s ?p ?o }")])
def test_no_half_written_file_is_left(store: Path, tmp_path: Path, command: tuple[str, ...]) -> None:
    target = tmp_path / "out"
    target.mkdir()
    form = () if command[0] != "query" else ("--format", "json")
    name = "x.html" if command[0] == "viz" else "x"
    stopped = run(*command, *form, "--store", store, "--output", target / name, limited=True)
    assert (stopped.returncode, list(target.iterdir())) == (8, [])
    assert stopped.stderr.count("\n") == 1 and "磁盘已满" in stopped.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_output_to_a_full_disk(store: Path) -> None:
    stopped = run("query", "--list", out="/dev/full")
    assert stopped.returncode == 8 and stopped.stderr.count("\n") == 1 and "磁盘已满" in stopped.stderr


def interrupt(*arguments: object, after: float) -> tuple[int, str]:
    process = subprocess.Popen(
        [*KG, *map(str, arguments)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", cwd=ROOT, env=ENV, start_new_session=True,
    )  # fmt: skip
    time.sleep(after)
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=30)
    return process.returncode, told


@pytest.mark.parametrize("after", [0.6, 1.5])
def test_ctrl_c_while_building(tmp_path: Path, after: float) -> None:
    code, told = interrupt("build", ROOT / "examples", "--store", tmp_path / "s", after=after)
    assert (code, told) == (130, "已中断\n")
    assert run("build", ROOT / "examples", "--store", tmp_path / "s").returncode == 0
    assert run("validate", "--store", tmp_path / "s").returncode == 0


def test_ctrl_c_while_the_engine_runs_a_query(store: Path) -> None:
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    assert interrupt("query", slow, "--store", store, after=2) == (130, "已中断\n")
