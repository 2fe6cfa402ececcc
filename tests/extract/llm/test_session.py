"""Whole pages with a language model, and the cache of its answers."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from extract.llm import LlmReport, LlmSettings
from extract.llm.session import LlmSession
from extract.model import Extraction
from tests.support.llm_answers import LEX, TEXT, answer, first, good_where_it_fits
from tests.support.llm_server import Asked, Say, Server, serving
from tests.support.reading import read, reply


@pytest.fixture(autouse=True)
def straight(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy between a test and its server."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


def enrich(server: Server, folder: Path, text: str = TEXT, **more: object) -> tuple[Extraction, LlmReport]:
    values = {"cache_dir": str(folder), "backoff": 0.0, "mode": "add", **more}
    wanted = LlmSettings(server.url, "m", **values)  # type: ignore[arg-type]
    return LlmSession(wanted).enrich(read(text), LEX)


def test_an_answer_is_asked_for_once(tmp_path: Path) -> None:
    with serving(good_where_it_fits) as server:
        found, cost = enrich(server, tmp_path / "c")
        asked = len(server.asked)
        again, free = enrich(server, tmp_path / "c")
        assert len(server.asked) == asked >= 1
        another = LlmSettings(server.url, "another", cache_dir=str(tmp_path / "c"), mode="add")
        other = LlmSession(another).enrich(read(TEXT), LEX)
    assert again == found and free.cached == asked and free.requests == 0 and free.accepted == cost.accepted == 7
    assert other[1].requests == asked  # another model is asked for itself
    assert not list((tmp_path / "c").rglob("*.tmp"))


def test_a_damaged_answer_on_disk_is_asked_for_again(tmp_path: Path) -> None:
    with serving(good_where_it_fits) as server:
        found, _ = enrich(server, tmp_path)
        for number, path in enumerate(sorted(tmp_path.rglob("*.json"))):
            path.write_bytes([b"{", b"\xff", b'{"key": 1}'][number % 3])
        again, cost = enrich(server, tmp_path)
    assert again == found and cost.requests >= 1 and cost.cached == 0


def test_with_all_answers_on_disk_nobody_need_be_there(tmp_path: Path) -> None:
    with serving(good_where_it_fits) as server:
        found, _ = enrich(server, tmp_path)
    assert enrich(server, tmp_path)[0] == found


def test_requests_at_the_same_time_are_limited_and_change_nothing(tmp_path: Path) -> None:
    text = reply("\n　　".join(f"{n}是推进第{n}项。" + "我们持续推进各项工作落地见效。" * 60 for n in "一二三四五六"))
    running, most, lock = [0], [0], threading.Lock()

    def script(asked: Asked) -> Say:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        threading.Event().wait(0.02)
        with lock:
            running[0] -= 1
        return Say(answer())

    with serving(script) as server:
        one = enrich(server, tmp_path / "1", text, concurrency=1)[0]
        assert most[0] == 1
        three = enrich(server, tmp_path / "3", text, concurrency=3)[0]
    assert most[0] <= 3 and one == three and len(server.asked) > 6


def test_after_too_many_failures_nothing_more_is_sent(tmp_path: Path) -> None:
    text = reply("\n　　".join(f"{n}是推进第{n}项。" + "我们持续推进各项工作落地见效。" * 60 for n in "一二三四五六"))
    with serving(first(Say(status=500))) as server:
        found, cost = enrich(server, tmp_path, text, concurrency=1, attempts=2, patience=2)
    assert found == read(text)
    assert (len(server.asked), cost.failed) == (4, 2) and cost.skipped >= 3 and not cost.complete
