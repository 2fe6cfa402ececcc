"""Requests to an endpoint: what is sent, what is tried again, what is given up."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from extract.llm import LlmSettings
from extract.llm.answer import parse_answer
from extract.llm.client import AnswerForm, LlmClient
from extract.llm.contract import build_answer_schema
from extract.llm.review import parse_review
from ontology.errors import LlmError
from tests.support.llm_answers import GOOD, LEX, first
from tests.support.llm_server import Asked, Say, Server, serving


@pytest.fixture(autouse=True)
def straight(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy between a test and its server."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


def client(server: Server, waits: list[float] | None = None, **more: object) -> LlmClient:
    kept = waits if waits is not None else []
    return LlmClient(LlmSettings(server.url, "m", **more), sleep=kept.append)  # type: ignore[arg-type]


ASK = ({"role": "user", "content": "x"},)
FORM = AnswerForm("statements", build_answer_schema(LEX), 4096, parse_answer)


def test_a_request_is_what_the_protocol_asks_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_KEY", "sk-geheim")
    with serving(first(Say(GOOD))) as server:
        made = client(server, key_env="TEST_KEY").ask(ASK, FORM)
    (asked,) = server.asked
    assert asked.path == "/v1/chat/completions" and asked.headers["Authorization"] == "Bearer sk-geheim"
    assert asked.body["model"] == "m" and asked.body["temperature"] == 0 and asked.body["stream"] is False
    assert asked.body["response_format"]["json_schema"]["schema"] == build_answer_schema(LEX)
    assert made.answer is not None and made.answer.content == GOOD
    assert (made.report.requests, made.report.tokens_in, made.report.tokens_out) == (1, 100, 20)
    assert "geheim" not in repr(made) and "geheim" not in repr(LlmSettings(server.url, "m", "TEST_KEY"))


def test_no_key_is_sent_where_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-geheim")
    with serving(first(Say(GOOD))) as server:
        client(server).ask(ASK, FORM)
    assert "Authorization" not in server.asked[0].headers and "geheim" not in str(server.asked)


def test_a_server_without_schemas_is_asked_in_plainer_words_and_that_is_remembered() -> None:
    def script(asked: Asked) -> Say:
        return Say(GOOD) if asked.format == "text" else Say(status=400, body=b'{"error": "response_format"}')

    with serving(script) as server:
        asking = client(server)
        assert asking.ask(ASK, FORM).answer and asking.ask(ASK, FORM).answer
    assert [a.format for a in server.asked] == ["json_schema", "json_object", "text", "text"]


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503])
def test_a_busy_server_is_asked_again_and_the_wait_grows(status: int) -> None:
    waits: list[float] = []
    with serving(first(Say(status=status), Say(status=status), Say(GOOD))) as server:
        made = client(server, waits).ask(ASK, FORM)
    assert made.answer and (made.report.requests, made.report.retries, made.report.failed) == (3, 2, 0)
    assert waits == [1.0, 2.0]


def test_a_server_that_names_a_time_is_given_it_within_reason() -> None:
    waits: list[float] = []
    says = [Say(status=429, headers={"Retry-After": s}) for s in ("7", "86400", "morgen")]
    with serving(first(*says, Say(GOOD))) as server:
        assert client(server, waits).ask(ASK, FORM).answer
    assert waits == [7.0, 60.0, 4.0]


BROKEN = [
    Say(status=500), Say("不是 JSON"), Say(GOOD[:-40]), Say(body=b"<html>gateway</html>"), Say(body=b"{}"),
    Say(body=b""),
    Say(body=b'{"choices": []}'), Say(body=b'{"choices": [{"message": {"content": null}}]}'), Say("[" * 100_000),
    Say(body=b"[" * 100_000), Say(body=b"x" * 5_000_000),
]  # fmt: skip


@pytest.mark.parametrize("say", BROKEN, ids=range(len(BROKEN)))
def test_tries_are_bounded_whatever_comes_back(say: Say) -> None:
    with serving(first(say)) as server:
        made = client(server, attempts=3).ask(ASK, FORM)
    assert made.answer is None and not made.fatal
    is_repeated = say.status == 200 and "requested JSON" in made.report.error_en
    tries = 2 if is_repeated else 3  # a model that says the same nonsense twice is not asked a third time
    assert (len(server.asked), made.report.requests, made.report.failed) == (tries, tries, 1)
    assert made.report.error and made.report.error_en and "gateway" not in made.report.error


def test_a_slow_server_is_not_waited_for() -> None:
    never = threading.Event()
    with serving(first(Say(GOOD, wait=never), Say(GOOD))) as server:
        made = client(server, timeout=0.3).ask(ASK, FORM)
        never.set()
    assert made.answer and made.report.retries == 1


def test_a_server_that_drips_is_not_waited_for() -> None:
    with serving(first(Say(GOOD, drip=0.05), Say(GOOD))) as server:
        made = client(server, timeout=0.5).ask(ASK, FORM)
    assert made.answer and made.report.retries == 1


def test_a_model_that_lets_nothing_be_set_is_asked_with_the_words_alone() -> None:
    def script(asked: Asked) -> Say:
        return Say(status=400) if "temperature" in asked.body else Say(GOOD)

    with serving(script) as server:
        assert client(server).ask(ASK, FORM).answer
    assert set(server.asked[-1].body) == {"model", "messages", "stream"}


def test_one_piece_that_a_server_refuses_changes_nothing_for_the_others() -> None:
    def script(asked: Asked) -> Say:
        return Say(status=400) if asked.body["messages"][0]["content"] == "x" else Say(GOOD)

    with serving(script) as server:
        asking = client(server)
        refused = asking.ask(ASK, FORM)
        assert asking.ask(({"role": "user", "content": "y"},), FORM).answer
    assert refused.answer is None and not refused.fatal and server.asked[-1].format == "json_schema"


@pytest.mark.parametrize("status", [401, 403, 404])
def test_what_no_try_can_mend_is_tried_once(status: int) -> None:
    with serving(first(Say(status=status))) as server:
        made = client(server).ask(ASK, FORM)
    assert len(server.asked) == 1 and made.fatal and str(status) in made.report.error


def test_a_redirect_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_KEY", "sk-geheim")
    with serving(first(Say(GOOD))) as other, serving(first(Say(status=307, headers={"Location": other.url}))) as server:
        assert client(server, key_env="TEST_KEY").ask(ASK, FORM).answer is None
    assert other.asked == []


def test_nobody_there() -> None:
    with serving(first(Say(GOOD))) as server:
        gone = server
    made = client(gone, attempts=2).ask(ASK, FORM)
    assert made.answer is None and "连接不上" in made.report.error


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost:8000",
        "ftp://x/v1",
        "http://",
        "http://me:geheim@x/v1",
        "http://x/v1?key=geheim",
        "me:geheim@x/v1",
        "ftp://me:geheim@x/v1",
        "geheim",
        "ftp://geheim/v1",
        "http://x:geheim",
        "http://[geheim",
        "http://me:geheim＠x/v1",
        "x/v1#geheim",
    ],
)
def test_an_address_that_is_none_or_holds_a_secret_is_refused(url: str) -> None:
    with pytest.raises(LlmError) as caught:
        LlmSettings(url, "m")
    assert "geheim" not in caught.value.zh + caught.value.en


def test_without_httpx_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> object:
        raise ImportError(name)

    monkeypatch.setattr("extract.llm.client.importlib.import_module", missing)
    with pytest.raises(LlmError) as caught:
        LlmClient(LlmSettings("http://127.0.0.1:1/v1", "m"))
    assert "proposal-kg[llm]" in caught.value.zh and "proposal-kg[llm]" in caught.value.en


def test_importing_the_project_loads_none_of_it() -> None:
    modules = "kg.ingest.build, extract.pipeline"
    code = f"import sys, {modules}; sys.exit(any(m.startswith('extract.llm') for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


TOO_LONG = [
    b'{"error": {"message": "This model\'s maximum context length is 8192 tokens. However, you requested 20000"}}',
    b'{"error": {"code": 500, "type": "exceed_context_size_error", "message": "the request exceeds the available"}}',
    b'{"error": {"code": "context_length_exceeded", "message": "x"}}',
]


@pytest.mark.parametrize("body", TOO_LONG, ids=range(len(TOO_LONG)))
def test_a_request_longer_than_the_context_is_sent_without_a_limit_of_its_answer_and_then_given_back(
    body: bytes,
) -> None:
    with serving(first(Say(status=400, body=body))) as server:
        made = client(server).ask(ASK, FORM)
    assert made.cut and not made.lasting and not made.fatal and "context" in made.report.error_en
    assert ["max_tokens" in asked.body for asked in server.asked] == [True, False]
    assert {asked.format for asked in server.asked} == {"json_schema"}
    with serving(lambda asked: Say(status=500, body=body) if "max_tokens" in asked.body else Say(GOOD)) as server:
        assert client(server).ask(ASK, FORM).answer


@pytest.mark.parametrize("content", ['{"edges": [{"quote": "一', '```json\n{"edges": [\n', '{"edges": [], "a": "\\'])
def test_an_object_that_is_not_finished_is_a_cut_answer_whatever_the_server_says(content: str) -> None:
    form = AnswerForm("review", {}, 100, lambda said: parse_review(said, LEX))
    with serving(first(Say(content))) as server:
        made = client(server).ask(ASK, form)
    assert made.cut and not made.lasting and len(server.asked) == 2


@pytest.mark.parametrize("content", ['{"edges": []} {', '{"edges": [}', "}{", '["edges"', 'so {"edges": ['])
def test_other_nonsense_is_no_cut_answer(content: str) -> None:
    form = AnswerForm("review", {}, 100, lambda said: parse_review(said, LEX))
    with serving(first(Say(content))) as server:
        assert not client(server).ask(ASK, form).cut
