"""The steps of the page on serving: what its Dockerfile and its systemd unit run exists, with these options."""

from __future__ import annotations

import json
import re
import tomllib

import pytest

from tests.support.commands import run_kg
from tests.support.paths import ROOT

PAGES = [ROOT / "docs" / name for name in ("serve.md", "serve.en.md")]


def read_blocks(page: str, kind: str) -> list[str]:
    return re.findall(rf"(?s)```{kind}\n(.*?)```", page)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_the_dockerfile_and_the_unit_run_a_command_that_exists(
    path: object, capsys: pytest.CaptureFixture[str]
) -> None:
    page = path.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    [docker], [unit] = read_blocks(page, "dockerfile"), read_blocks(page, "ini")
    steps = [line.split(" ", 1) for line in docker.strip().splitlines()]
    assert [step for step, _ in steps] == ["FROM", "COPY", "RUN", "USER", "VOLUME", "EXPOSE", "CMD"]
    assert docker == (ROOT / "Dockerfile").read_text(encoding="utf-8")
    values = dict(steps)
    command = json.loads(values["CMD"])
    started = re.search(r"ExecStart=\S+/(kg .+)", unit)
    assert started is not None
    _, out, _ = run_kg(capsys, "serve", "--help")
    known = set(re.findall(r"--[a-z-]+", out))
    for words in (command, started[1].split()):
        assert words[:2] == ["kg", "serve"]
        assert {word for word in words if word.startswith("--")} <= known
    assert command[command.index("--port") + 1] == values["EXPOSE"]
    assert command[command.index("--store") + 1].startswith(values["VOLUME"])
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert values["COPY"].split()[1] in values["RUN"]
    wanted = re.search(r"pip install .*\[(\w+)\]", values["RUN"])
    assert wanted is not None and wanted[1] in extras
    assert "--store /var/lib/proposal-kg/" in started[1] and "StateDirectory=proposal-kg" in unit


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_the_steps_with_docker_fit_the_dockerfile(path: object) -> None:
    page = path.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    [build, run] = next(block for block in read_blocks(page, "sh") if "docker" in block).strip().splitlines()
    docker = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert build.split()[:2] == ["docker", "build"] and build.split()[3] == run.split()[-1]
    assert ":/data/kg-store" in run and "8642:8642" in run and '"/data/kg-store"' in docker


def test_the_image_gets_all_that_the_package_is_made_of() -> None:
    given = {line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text().split() if line.startswith("!")}
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    needed = {*settings["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"], settings["project"]["readme"]}
    needed |= {name.split("/")[0] for name in settings["project"]["license-files"]} | {"pyproject.toml"}
    assert needed <= given
