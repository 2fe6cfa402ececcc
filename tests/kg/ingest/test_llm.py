"""``kg build --llm``: a build with a language model."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from extract.llm import LlmSettings
from extract.llm.settings import get_schema_version
from kg.cli import run_command
from kg.errors import UsageError
from kg.graph.validate import validate_store
from kg.ingest.build import build
from kg.store.store import Store
from ontology.terms import PK
from tests.support.llm_answers import TEXT, first, good_where_it_fits
from tests.support.llm_server import Say, serving
from tests.support.reading import reply

ADD = ("--llm-mode", "add")


@pytest.fixture(autouse=True)
def straight(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy between a test and its server."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    monkeypatch.chdir(tmp_path)
    kg_llm = importlib.import_module("kg.ingest.llm")
    monkeypatch.setattr("extract.llm.client._MAX_WAIT", 0.0)
    kg_llm._get_session.cache_clear()
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "a.txt").write_text(TEXT, encoding="utf-8")
    (pages / "b.txt").write_text(reply("一是统筹推进。我局会同市财政局实施“青苗”计划。"), encoding="utf-8")
    return pages


def nquads(store: str) -> str:
    from kg.export.rdf import export_store

    with Store(store) as opened:
        return str(export_store(opened, "nquads", None))


def test_a_build_with_a_model(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEST_KEY", "sk-geheim")
    with serving(good_where_it_fits) as server:
        line = ["build", "pages", "--store", "s", "--llm", server.url, "--llm-model", "m", *ADD]
        line += ["--llm-key-env", "TEST_KEY"]
        assert run_command(line) == 0
        out, err = capsys.readouterr()
        asked = len(server.asked)
        assert err == "" and "大模型" in out and "采纳 7" in out and "geheim" not in out
        first_graph = nquads("s")
        assert run_command([*line, "--force", "--lang", "en"]) == 0
        out, _ = capsys.readouterr()
        assert len(server.asked) == asked and re.search(r"accepted\W+7\b", out) and "cached" in out
    assert nquads("s") == first_graph and "llm:m" in first_graph
    with Store("s") as store:
        assert validate_store(store) == []
        logged = [q.object for q in store.oxigraph.quads_for_pattern(None, NamedNode(PK + "settings"), None, None)]
    for one in logged:
        assert isinstance(one, Literal) and "127.0.0.1" not in one.value
        assert json.loads(one.value)["llm_model"] == "m" and json.loads(one.value)["llm_schema"] == get_schema_version()
    assert logged
    kept = b"".join(p.read_bytes() for p in Path().rglob("*") if p.is_file())
    assert b"geheim" not in kept


def test_a_build_goes_on_when_the_endpoint_fails(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(first(Say(status=500))) as server:
        code = run_command(["build", "pages", "--store", "s", "--llm", server.url, "--llm-model", "m", *ADD])
    _, err = capsys.readouterr()
    assert code == 3 and err.count("\n") == 1 and "HTTP 500" in err and "Traceback" not in err
    assert run_command(["build", "pages", "--store", "plain"]) == 0
    assert nquads("s").count("\n") > 100
    assert nquads("s") == nquads("plain")


def test_a_source_is_read_again_until_the_model_has_answered_for_all_of_it(folder: Path) -> None:
    with serving(first(Say(status=500))) as server:
        assert build(folder, "s", llm=LlmSettings(server.url, "m", attempts=1, mode="add")).built
    with serving(good_where_it_fits) as server:
        assert build(folder, "s", llm=LlmSettings(server.url, "m", mode="add")).built
        asked = len(server.asked)
        report = build(folder, "s", llm=LlmSettings(server.url, "m", mode="add"))
        assert asked and len(server.asked) == asked
        assert report.built == () and report.unchanged
        # another model, or none, is another setting
        assert build(folder, "s", llm=LlmSettings(server.url, "other", mode="add")).built
    assert build(folder, "s").built


def test_processes_make_the_same_graph(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(good_where_it_fits) as server:
        wanted = LlmSettings(server.url, "m", mode="add")
        build(folder, "one", llm=wanted)
        report = build(folder, "two", llm=wanted, workers=2)
    assert nquads("one") == nquads("two") and report.llm is not None and report.llm.accepted == 7


def test_without_the_option_nothing_is_asked_or_counted(folder: Path) -> None:
    assert build(folder, "s").llm is None
    assert not list(Path().rglob("*llm*"))


@pytest.mark.parametrize(
    "options",
    [
        ["--llm-model", "m"], ["--llm", "http://127.0.0.1:1/v1"], ["--llm", "x", "--llm-model", "m"],
        ["--llm", "http://127.0.0.1:1/v1", "--llm-model", "m", "--llm-key-env", "NOT_THERE"],
    ],
)  # fmt: skip
def test_options_that_do_not_fit_are_one_line(
    folder: Path, capsys: pytest.CaptureFixture[str], options: list[str]
) -> None:
    assert run_command(["build", "pages", "--store", "s", *options]) == UsageError.exit_code
    _, err = capsys.readouterr()
    assert err.count("\n") == 1 and "--llm" in err and not Path("s").exists()
