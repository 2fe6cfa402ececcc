"""Send chat completions to an endpoint with the protocol of OpenAI. No other module of ``extract`` sends anything.

Protocol: https://platform.openai.com/docs/api-reference/chat. ``response_format`` is used if the server accepts it.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from extract.llm.answer import AnswerError, CutAnswerError
from extract.llm.cache import CachedAnswer
from extract.llm.report import LlmReport
from extract.llm.settings import LlmSettings
from ontology.errors import LlmError

_MAX_BYTES = 4_000_000
"""Longest response that is read."""
_MAX_WAIT = 60.0
"""Longest wait between two attempts, in seconds, even if the server asks for more."""
_RETRIED_STATUSES = frozenset({408, 409, 425, 429})
_REFUSED_FORMAT_STATUSES = frozenset({400, 415, 422, 501})
"""Statuses of servers that do not support a ``response_format``."""
_HINTS = {
    401: ("（密钥不对？）", " (wrong key?)"),
    402: ("（余额不足？）", " (no credit left?)"),
    403: ("（密钥不对？）", " (wrong key?)"),
    404: ("（地址或模型名称不对？）", " (wrong address or model?)"),
}
_FORMATS = ("json_schema", "json_object", "text", "bare")
"""Formats, the strictest first. ``bare`` sends only model and messages: some models allow no other parameters."""
_FATAL_STATUSES = frozenset({401, 402, 403, 404, 405})
"""With these statuses, and with redirects, all other requests would fail too."""


CUT = ("回答太长，被截断", "the answer was cut off because of its length")
"""Why there is no answer, in Chinese and English, if it was longer than allowed."""
_MOST_OF_ERROR = 4096
"""Bytes of the body of an error that are searched for its cause."""
_TOO_LONG = ("请求超过了模型的上下文长度", "the request is longer than the context of the model")
_CUT_REASONS = frozenset({"length", "max_tokens", "model_length"})
"""Words of different servers in ``finish_reason`` for an answer that was cut off because of its length."""
_MAY_BE_TOO_LONG = frozenset({400, 413, 422, 500})
_CONTEXT = re.compile(
    rb"context.?(?:length|size|window)|too (?:long|many tokens|large)|exceed\w*.{0,40}(?:tokens|length|limit)",
    re.I | re.S,
)
"""What servers say about a request that is longer than the context of the model."""
_JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class AnswerForm:
    """What an answer must be like."""

    name: str
    """Name of the JSON schema."""
    schema: Mapping[str, Any]
    tokens: int
    """Largest number of tokens of an answer; 0 for as many as the model can."""
    parse: Callable[[str], object]
    """Raises AnswerError if an answer does not have the form."""


@dataclass(frozen=True, slots=True)
class _Response:
    """An HTTP response."""

    status: int
    retry_after: str
    """The header ``Retry-After``, or an empty string."""
    data: bytes


@dataclass(frozen=True, slots=True)
class LlmReply:
    """The result of one request with its attempts."""

    answer: CachedAnswer | None
    """None if there is no answer. The report says why."""
    report: LlmReport
    fatal: bool = False
    """Whether all further requests would fail too (wrong key, unknown model …)."""
    cut: bool = False
    """Whether the answer was cut off, or the request was too long: a smaller request may succeed."""
    lasting: bool = False
    """Whether the answer had all the tokens that the form allows, so that the same request would be cut off again."""


class _Failure(Exception):
    """A failed attempt.

    Args:
        zh, en: HTTP status or cause, without any header or body.
        again: whether to try again.
        wait: seconds that the server asks to wait.
        status: HTTP status, 0 without a response.
    """

    cut = lasting = False
    """As in :class:`LlmReply`."""

    def __init__(self, zh: str, en: str, *, again: bool, wait: float = 0.0, status: int = 0) -> None:
        super().__init__(en)
        self.zh, self.en, self.again, self.wait, self.status = zh, en, again, wait, status


class _CutFailure(_Failure):
    cut = True


class _LastingCutFailure(_CutFailure):
    lasting = True


class _TooLongFailure(_CutFailure):
    """The request does not fit into the context of the model, together with the tokens that the answer may have."""


class LlmClient:
    """A client of one endpoint. Several threads may use it.

    Args:
        settings: the endpoint. Its key is read from the environment and stored only in the HTTP client.
        sleep: function that waits some seconds.

    Raises:
        LlmError: httpx is not installed, or the environment has no key.
    """

    def __init__(self, settings: LlmSettings, sleep: Callable[[float], object] = time.sleep) -> None:
        try:
            self._httpx: Any = importlib.import_module("httpx")
        except ImportError as error:
            raise LlmError(
                '--llm 需要 httpx：请运行 pip install "proposal-kg[llm]"',
                '--llm needs httpx: run pip install "proposal-kg[llm]"',
            ) from error
        self._settings = settings
        self._sleep = sleep
        self._lock = threading.Lock()
        self._format_level = 0
        """Position in ``_FORMATS`` of the strictest format that the server accepts."""
        self._http = self._httpx.Client(
            headers={"Accept": "application/json", "Accept-Encoding": "identity", **_make_authorization(settings)},
            timeout=settings.timeout,
            follow_redirects=False,  # the key must not go to another server
        )

    def close(self) -> None:
        self._http.close()

    def ask(self, messages: Sequence[Mapping[str, str]], form: AnswerForm) -> LlmReply:
        """Send a request until there is an answer of the form, or all attempts are used."""
        began = time.monotonic()
        requests = retries = tokens_in = tokens_out = 0
        failure: _Failure | None = None
        attempts, level, last_content, is_bounded = 0, self._format_level, "", True
        while attempts < self._settings.attempts:
            requests += 1
            try:
                answer = self._send_once(messages, form if is_bounded else replace(form, tokens=0), _FORMATS[level])
                tokens_in, tokens_out = tokens_in + answer.tokens_in, tokens_out + answer.tokens_out
                form.parse(answer.content)
            except AnswerError as error:
                zh, en = f"回答不是所要的 JSON（{error}）", f"the answer is not the requested JSON ({error})"
                # a model that says the same again would say it a third time
                kind = _CutFailure if isinstance(error, CutAnswerError) else _Failure
                failure = kind(zh, en, again=answer.content != last_content)
                last_content = answer.content
            except _TooLongFailure as error:
                failure = error
                if is_bounded and _FORMATS[level] != "bare":
                    is_bounded = False  # without a limit, the answer may have what the context leaves
                    continue
            except _Failure as error:
                failure = error
                if error.status in _REFUSED_FORMAT_STATUSES and level + 1 < len(_FORMATS):
                    level += 1
                    continue  # the same request in a simpler format does not count as an attempt
            else:
                with self._lock:
                    self._format_level = max(self._format_level, level)
                seconds = time.monotonic() - began
                report = LlmReport(
                    requests=requests, retries=retries, tokens_in=tokens_in, tokens_out=tokens_out, seconds=seconds
                )
                return LlmReply(answer, report)
            attempts += 1
            if not failure.again:
                break
            if attempts < self._settings.attempts:
                retries += 1
                wait = max(failure.wait, self._settings.backoff * 2 ** (attempts - 1))
                self._sleep(min(wait, _MAX_WAIT))
        assert failure is not None
        report = LlmReport(
            requests=requests, retries=retries, failed=1, tokens_in=tokens_in, tokens_out=tokens_out,
            seconds=time.monotonic() - began, error=failure.zh, error_en=failure.en,
        )  # fmt: skip
        is_fatal = failure.status in _FATAL_STATUSES or 300 <= failure.status < 400
        return LlmReply(None, report, is_fatal, failure.cut, failure.lasting)

    def _send_once(self, messages: Sequence[Mapping[str, str]], form: AnswerForm, format_name: str) -> CachedAnswer:
        """Send one request and return the answer, which is not parsed yet.

        Raises:
            _Failure: there is no response, or it is an error or not a chat completion.
        """
        body: dict[str, Any] = {"model": self._settings.model, "messages": [dict(m) for m in messages], "stream": False}
        if format_name != "bare":
            body |= {"temperature": 0, "seed": 0} | ({"max_tokens": form.tokens} if form.tokens else {})
        if format_name == "json_schema":
            body["response_format"] = {
                "type": format_name, "json_schema": {"name": form.name, "strict": True, "schema": form.schema},
            }  # fmt: skip
        elif format_name == "json_object":
            body["response_format"] = {"type": format_name}
        response = self._post(body)
        if response.status != 200:
            raise _make_status_failure(response)
        return _read_completion(response.data, form.tokens)

    def _post(self, body: Mapping[str, Any]) -> _Response:
        """Post *body* and return the response, within the limits of size and time."""
        deadline = time.monotonic() + self._settings.timeout
        data = bytearray()
        content = json.dumps(body).encode("ascii")  # UTF-8 cannot encode a lone surrogate in a damaged text
        try:
            with self._http.stream("POST", self._settings.endpoint, content=content, headers=_JSON) as response:
                for piece in response.iter_bytes():  # without a chunk size, which would delay short pieces
                    data += piece
                    if len(data) > _MAX_BYTES:
                        raise _Failure("回应太长", "the response is too long", again=True)
                    if time.monotonic() > deadline:
                        raise _Failure("超时", "timed out", again=True)
                return _Response(response.status_code, response.headers.get("retry-after", ""), bytes(data))
        except self._httpx.TimeoutException as error:
            raise _Failure("超时", "timed out", again=True) from error
        except self._httpx.HTTPError as error:
            name = type(error).__name__
            raise _Failure(f"连接不上（{name}）", f"no connection ({name})", again=True) from error


def _read_completion(data: bytes, most: int) -> CachedAnswer:
    """Return the answer in a chat completion, which was allowed *most* tokens.

    Raises:
        _Failure: it is no chat completion, or the answer is refused, empty or cut off.
    """
    try:
        reply = json.loads(data)
        choice = reply["choices"][0]
        message = choice["message"]
        content, refusal, reason = message["content"], message.get("refusal"), choice.get("finish_reason")
        if not isinstance(content, str) and not refusal and reason not in ("content_filter", *_CUT_REASONS):
            raise TypeError
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as error:
        raise _Failure(
            "接口的回应不是 chat/completions 的格式", "the response is not a chat completion", again=True
        ) from error
    if refusal or reason == "content_filter":
        raise _Failure("模型拒绝回答", "the model refused to answer", again=False)
    usage = reply.get("usage")
    if reason in _CUT_REASONS:
        is_used_up = 0 < most <= _read_count(usage, "completion_tokens")
        raise (_LastingCutFailure if is_used_up else _CutFailure)(*CUT, again=False)
    if not content.strip():
        raise _Failure("回答是空的", "the answer is empty", again=True)
    return CachedAnswer(content, _read_count(usage, "prompt_tokens"), _read_count(usage, "completion_tokens"))


def _make_status_failure(response: _Response) -> _Failure:
    if response.status in _MAY_BE_TOO_LONG and _CONTEXT.search(response.data[:_MOST_OF_ERROR]):
        return _TooLongFailure(*_TOO_LONG, again=False)
    zh, en = _HINTS.get(response.status, ("", ""))
    return _Failure(
        f"HTTP {response.status}{zh}",
        f"HTTP {response.status}{en}",
        again=response.status in _RETRIED_STATUSES or response.status >= 500,
        wait=_parse_retry_after(response.retry_after),
        status=response.status,
    )


def _make_authorization(settings: LlmSettings) -> dict[str, str]:
    if not settings.key_env:
        return {}
    key = os.environ.get(settings.key_env, "").strip()
    if not key or not key.isascii() or not key.isprintable():
        raise LlmError(
            "--llm-key-env：这个名称的环境变量里没有可用的密钥（要写变量的名称，不是密钥本身）",
            "--llm-key-env: no environment variable of that name holds a usable key (give its name, not the key)",
        )
    return {"Authorization": f"Bearer {key}"}


def _parse_retry_after(value: str) -> float:
    """Return the seconds of ``Retry-After``, 0 for the form with a date, which such servers do not use."""
    try:
        return min(max(float(value), 0.0), _MAX_WAIT)
    except ValueError:
        return 0.0


def _read_count(usage: Any, name: str) -> int:
    value = usage.get(name) if isinstance(usage, dict) else None
    return value if isinstance(value, int) and 0 <= value < 10**9 else 0
