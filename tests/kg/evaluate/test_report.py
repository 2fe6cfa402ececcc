"""``kg eval``: scores, errors, and a page that shows both in the text."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from extract.model import Span
from kg.cli import run_command
from kg.errors import SourceError
from kg.evaluate import Evaluation, MatchVerdict, evaluate
from kg.evaluate.html import cut_segments, render_evaluation
from kg.evaluate.marks import mark_judgements
from kg.evaluate.model import LAYERS
from kg.evaluate.report import format_json, list_errors
from tests.support.annotations import Judged, annotation
from tests.support.invented_page import PAGE
from tests.support.paths import GOLD


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An annotated file of the repository."""
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    monkeypatch.delenv("KG_LANG", raising=False)
    monkeypatch.chdir(tmp_path)
    return GOLD / "dev_page_portal.gold.json"


def test_the_command_prints_and_writes_the_same_figures(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["eval", str(own), "--errors", "--json", "得分.json", "--html", "对照.html"]) == 0
    out = capsys.readouterr().out
    written = json.loads(Path("得分.json").read_text(encoding="utf-8"))
    for layer in LAYERS:
        assert f"{written['total'][layer]['f1']:.3f}" in out
    listed = [line for line in out.splitlines() if line.startswith(("- ", "+ "))]
    slots = sum("数字的各项" in line for line in listed)
    assert len(listed) - slots == sum(written["total"][x]["fp"] + written["total"][x]["fn"] for x in LAYERS)
    assert len(listed) == len(written["files"][0]["errors"])
    assert Path("对照.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_the_command_says_what_is_wrong_in_one_line(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["eval", "没有.gold.json"]) == SourceError.exit_code
    assert run_command(["eval", str(own), "--source-dir", "."]) == SourceError.exit_code
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 2
    assert "没有.gold.json" in lines[0] and "--source-dir" in lines[1]


def test_reports_are_the_same_each_time(own: Path) -> None:
    first, second = (evaluate([own]) for _ in range(2))
    assert format_json(first) == format_json(second)
    assert render_evaluation(first) == render_evaluation(second)


def test_every_error_has_a_line_and_a_place(judged: Judged) -> None:
    gold = annotation()
    gold["figures"].append({"type": "Target", "value": 2026, "unit": "年", "quote": "2026年"})
    gold["edges"][0]["o"] = "栖企通"
    result = judged(gold)
    lines = list_errors(result, "zh")
    assert sorted(line[0] for line in lines) == ["+", "-", "-"]
    wrong = [m for m in mark_judgements(result) if m.judgement.verdict in (MatchVerdict.MISSED, MatchVerdict.WRONG)]
    assert {s.of(PAGE) for m in wrong for s in m.spans} == {"2026年", "我局实施“登高计划”"}


class _Texts(HTMLParser):
    """The text of each document on the page, and the classes of its passages."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.passages: list[tuple[str, str]] = []
        self._depth = 0
        self._class = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = dict(attrs).get("class") or ""
        if tag == "div" and classes == "text":
            self._depth, self.texts = 1, [*self.texts, ""]
        elif self._depth and tag == "span":
            self._class = classes

    def handle_endtag(self, tag: str) -> None:
        if tag == "div":
            self._depth = 0
        elif tag == "span":
            self._class = ""

    def handle_data(self, data: str) -> None:
        if self._depth:
            self.texts[-1] += data
            if self._class:
                self.passages.append((self._class, data))


def test_the_page_holds_each_text_whole_with_its_errors_in_colour(judged: Judged) -> None:
    gold = annotation()
    gold["figures"].append({"type": "Target", "value": 2026, "unit": "年", "quote": "2026年"})
    gold["entities"] = [e for e in gold["entities"] if e["label"] != "栖企通"]
    page = render_evaluation(Evaluation((judged(gold),)), "zh")
    seen = _Texts()
    seen.feed(page)
    assert seen.texts == [PAGE]
    colours = {words: name for name, words in seen.passages}
    assert colours["2026年"] == "m missed"
    assert "wrong" in colours["栖企通"]
    assert "m found" in colours.values()
    assert not re.findall(r"""(?:src|href)\s*=\s*["']?(?!data:)[^"'\s>]""", page)


def test_text_on_the_page_cannot_be_markup(tmp_path: Path) -> None:
    path = tmp_path / "a.gold.json"
    words = "</script><img src=x onerror=alert(1)>"
    path.write_text(
        json.dumps({"source": "a.txt", "entities": [{"type": "Program", "label": words}]}), encoding="utf-8"
    )
    (tmp_path / "a.txt").write_text(f"案由：关于{words}的提案\n", encoding="utf-8")
    page = render_evaluation(evaluate([path]))
    assert "<img" not in page and "&lt;img" in page


def test_pieces_make_the_text_again_and_know_all_that_lies_over_them() -> None:
    text = "一二三四五六"
    spans = [(Span(0, 4), 0), (Span(2, 6), 1), (Span(2, 4), 2)]
    pieces = cut_segments(text, spans)
    assert "".join(piece for piece, _ in pieces) == text
    assert pieces == [("一二", (0,)), ("三四", (0, 1, 2)), ("五六", (1,))]
    assert cut_segments(text, []) == [(text, ())]


@pytest.mark.browser
def test_a_reader_steps_from_error_to_error_and_hides_what_is_right(
    browser: Any, judged: Judged, tmp_path: Path
) -> None:
    gold = annotation()
    gold["figures"].append({"type": "Target", "value": 2026, "unit": "年", "quote": "2026年"})
    target = tmp_path / "对照.html"
    target.write_text(render_evaluation(Evaluation((judged(gold),)), "zh"), encoding="utf-8")
    page = browser.new_page()
    problems: list[str] = []
    page.on("console", lambda m: problems.append(m.text) if m.type in {"error", "warning"} else None)
    page.on("pageerror", lambda e: problems.append(str(e)))
    page.on("request", lambda r: problems.append(r.url) if not r.url.startswith(("file:", "data:")) else None)
    page.goto(target.as_uri())
    page.click("#next")
    assert "2026" in page.inner_text("#here") and "遗漏" in page.inner_text("#here")
    assert page.locator(".m.found").count() > 0
    page.locator("#verdicts input[value=found]").uncheck()
    assert page.locator(".m.found").count() == 0
    assert page.locator(".m.missed").count() > 0
    page.click("#language")
    assert "missed" in page.inner_text("#here")
    page.close()
    assert problems == []
