"""What all sessions with an endpoint share: the cache, answers that were cut off, and giving up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from extract.llm import LlmSettings
from extract.llm.answer import parse_answer
from extract.llm.asking import Asked, AskingSession
from extract.llm.client import AnswerForm
from extract.llm.contract import build_answer_schema
from extract.llm.review import ReviewSession
from extract.llm.session import LlmSession
from tests.support.llm_answers import GOOD, LEX, first
from tests.support.llm_server import Say, Server, serving


@pytest.fixture(autouse=True)
def straight(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy between a test and its server."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


def make(server: Server, folder: Path, **more: object) -> AskingSession:
    values = {"cache_dir": str(folder), "backoff": 0.0, "attempts": 1, **more}
    return AskingSession(LlmSettings(server.url, "m", **values))  # type: ignore[arg-type]


def ask(session: AskingSession, words: str = "x", version: str = "1", tokens: int = 100) -> Asked:
    form = AnswerForm("statements", build_answer_schema(LEX), tokens, parse_answer)
    return session.get_answer(({"role": "user", "content": words},), form, version)


def test_both_modes_share_it() -> None:
    assert issubclass(LlmSession, AskingSession) and issubclass(ReviewSession, AskingSession)


def test_an_answer_is_stored_by_words_and_version(tmp_path: Path) -> None:
    with serving(first(Say(GOOD))) as server:
        session = make(server, tmp_path)
        assert ask(session).content == GOOD and ask(session).costs.cached == 1
        ask(session, words="y")
        ask(session, version="2")
        assert ask(make(server, tmp_path), version="2").costs.requests == 0
    assert len(server.asked) == 3


def test_a_cut_answer_is_asked_for_again_only_with_another_limit(tmp_path: Path) -> None:
    with serving(first(Say("{", finish="length", used=100), Say(GOOD))) as server:
        session = make(server, tmp_path)
        assert ask(session).cut
        again = ask(session)
        assert again.cut and again.costs.failed == 1 and again.costs.error and len(server.asked) == 1
        assert ask(session, tokens=200).content == GOOD


def test_an_answer_cut_off_by_the_context_of_the_model_is_asked_for_again(tmp_path: Path) -> None:
    with serving(first(Say("{", finish="max_tokens", used=60), Say(GOOD))) as server:
        session = make(server, tmp_path)
        assert ask(session).cut and ask(session).content == GOOD  # meanwhile the model was given a longer context


def test_a_stored_answer_of_another_form_is_asked_for_again(tmp_path: Path) -> None:
    with serving(first(Say(GOOD))) as server:
        ask(make(server, tmp_path))
        (kept,) = tmp_path.rglob("*.json")
        data = json.loads(kept.read_text(encoding="utf-8"))
        kept.write_text(json.dumps(data | {"content": "no JSON"}), encoding="utf-8")
        assert ask(make(server, tmp_path)).content == GOOD
    assert len(server.asked) == 2


def test_failures_in_a_row_end_it_and_a_success_begins_anew(tmp_path: Path) -> None:
    bad = Say(status=500)
    with serving(first(bad, Say(GOOD), bad, bad, Say(GOOD))) as server:
        session = make(server, tmp_path, patience=2)
        results = [ask(session, words=str(number)) for number in range(6)]
    assert [bool(asked.content) for asked in results] == [False, True, False, False, False, False]
    assert len(server.asked) == 4 and [asked.costs.skipped for asked in results] == [0, 0, 0, 0, 1, 1]


def test_a_wrong_key_ends_it_at_once_and_cut_answers_do_not(tmp_path: Path) -> None:
    with serving(first(Say(status=401))) as server:
        session = make(server, tmp_path / "1")
        assert ask(session).costs.failed == 1 and ask(session, words="y").costs.skipped == 1
    with serving(first(Say("{", finish="length"))) as server:
        session = make(server, tmp_path / "2", patience=1)
        assert ask(session).cut and ask(session, words="y").cut and len(server.asked) == 2
