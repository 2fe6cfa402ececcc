"""What is published: the sdist and the wheel build, and the wheel does the main job outside the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.paths import EXAMPLES, ROOT

PACKAGES = ("kg", "ontology", "extract", "viz")
PROPOSAL = """\
提案编号：031
案由：关于加强社区图书室建设的提案
提案者：林知夏
主办单位：云桥市文化局

云桥市文化局关于市政协二届一次会议第031号提案的答复

林知夏委员：
　　您提出的《关于加强社区图书室建设的提案》（第031号）收悉。现答复如下：
　　一是扩大覆盖面。2023年新建社区图书室26个，对每个图书室给予最高5万元补助。
　　云桥市文化局
　　2024年3月8日
"""


def run(*command: str | Path, cwd: Path) -> str:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist and the wheel, the wheel built from the sdist as a package index would get it."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT, cwd=folder)
    return folder


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    (found,) = built.glob("*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of a fresh environment with the wheel in it, and this one's dependencies (so: no network)."""
    home = tmp_path_factory.mktemp("fresh")
    run(sys.executable, "-m", "venv", "--without-pip", home, cwd=home)
    scripts = home / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / "python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", "--no-index", wheel, cwd=home)
    site = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=home).strip()
    here = dict.fromkeys(sysconfig.get_path(name) for name in ("purelib", "platlib"))
    (Path(site) / "dependencies.pth").write_text("\n".join(here) + "\n", encoding="utf-8")
    return scripts


def data_files() -> Iterator[str]:
    """All that the packages hold besides modules, as paths relative to the checkout."""
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*"):
            if path.is_file() and path.suffix not in {".py", ".pyc"}:
                yield path.relative_to(ROOT).as_posix()


def test_the_wheel_holds_every_module_and_every_data_file(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    modules = {p.relative_to(ROOT).as_posix() for name in PACKAGES for p in (ROOT / name).rglob("*.py")}
    assert sorted((modules | set(data_files())) - names) == []
    assert {Path(name).suffix for name in names} >= {".ttl", ".tsv", ".toml", ".rq"}


def test_the_wheel_holds_nothing_else(wheel: Path) -> None:
    folders = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {name for name in folders if not name.endswith(".dist-info")} == set(PACKAGES)


def test_the_sdist_holds_what_a_packager_needs(built: Path) -> None:
    (archive,) = built.glob("*.tar.gz")
    with tarfile.open(archive) as tar:
        names = {name.partition("/")[2] for name in tar.getnames()}
    assert {"pyproject.toml", "LICENSE", "README.md", "README.en.md", "CHANGELOG.md"} <= names
    assert {p.relative_to(ROOT).as_posix() for p in EXAMPLES.glob("*.txt")} <= names
    assert "tests/test_packaging.py" in names


def test_the_wheel_is_what_runs_outside_the_checkout(installed: Path, tmp_path: Path) -> None:
    where = run(installed / "python", "-c", "import kg; print(kg.__file__)", cwd=tmp_path).strip()
    assert Path(where).is_relative_to(installed.parent)


def test_the_main_job_works_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    (tmp_path / "提案.txt").write_text(PROPOSAL, encoding="utf-8")
    kg = installed / "kg"
    run(kg, "build", "提案.txt", "--store", "store", cwd=tmp_path)
    run(kg, "export", "--store", "store", "--format", "turtle", "--output", "graph.ttl", cwd=tmp_path)
    run(kg, "viz", "--store", "store", "--output", "graph.html", cwd=tmp_path)
    run(kg, "validate", "--store", "store", cwd=tmp_path)
    turtle = (tmp_path / "graph.ttl").read_text(encoding="utf-8")
    assert "云桥市文化局" in turtle
    assert "关于加强社区图书室建设的提案" in turtle
    assert "云桥市文化局" in (tmp_path / "graph.html").read_text(encoding="utf-8")
