"""``kg ask``: text with quotes, with the query on demand, and JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.commands import run_kg
from tests.support.invented_page import PAGE

QUESTION = "Which agency leads on proposal 20240015?"


def test_answer_has_quotes_and_the_query_on_demand(store_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run_kg(capsys, "ask", QUESTION, "--store", store_path)
    assert code == 0
    assert "is in charge of" in out
    assert "--show-query" in out
    assert "SELECT" not in out
    assert "SELECT" in run_kg(capsys, "ask", QUESTION, "--store", store_path, "--show-query")[1]


def test_lang_chooses_the_language_of_the_answer(store_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "主办" in run_kg(capsys, "ask", QUESTION, "--store", store_path, "--lang", "zh")[1]


def test_hint_is_in_the_language_of_the_answer(store_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "显示所用的查询" in run_kg(capsys, "ask", "20240015号提案由谁主办？", "--store", store_path)[1]
    assert "shows the query" in run_kg(capsys, "ask", QUESTION, "--store", store_path)[1]


def test_answer_as_json(store_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run_kg(capsys, "ask", QUESTION, "--store", store_path, "--format", "json")
    found = json.loads(out)
    assert code == 0
    assert found["state"] == "answered"
    assert found["answer"][0]["quotes"][0]["quote"] in PAGE


def test_what_is_not_known_is_no_error(store_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run_kg(capsys, "ask", "月亮有多重", "--store", store_path)
    assert code == 0
    assert "不知道" in out


def test_unknown_format_is_an_error(store_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_kg(capsys, "ask", QUESTION, "--store", store_path, "--format", "docx")[0] == 2
