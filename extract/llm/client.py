"""The only module that sends anything: chat completions of any endpoint that speaks OpenAI's protocol.

https://platform.openai.com/docs/api-reference/chat (``response_format`` is used where the server takes it.)
"""

from __future__ import annotations

import importlib
import json
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from extract.llm.answer import AnswerError, parse
from extract.llm.cache import Kept
from extract.llm.report import Report
from extract.llm.settings import LlmSettings, limit
from ontology.errors import LlmError

_MOST_BYTES = 4_000_000
"""Of a response; nothing behind them is read."""
_LONGEST_WAIT = 60.0
"""Seconds between two tries, whatever the server asks for."""
_AGAIN = frozenset({408, 409, 425, 429})
_UNSUPPORTED = frozenset({400, 415, 422, 501})
"""How servers say that they do not know a ``response_format``."""
_HINTS = {
    401: ("（密钥不对？）", " (wrong key?)"),
    403: ("（密钥不对？）", " (wrong key?)"),
    404: ("（地址或模型名称不对？）", " (wrong address or model?)"),
}
_FORMATS = ("json_schema", "json_object", "text", "bare")
"""From the strictest; ``bare`` names nothing but model and messages (some models let nothing else be set)."""
_HOPELESS = frozenset({401, 403, 404, 405})
"""With these, and with redirects, no other text will fare better."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of one piece of text."""

    kept: Kept | None
    """None if there is no answer; the report says why."""
    report: Report
    fatal: bool = False
    """Whether no further request can do better (wrong key, unknown model …)."""


class _Failure(Exception):
    """A try that failed.

    Args:
        what: HTTP status, or what happened; never a header or a body.
        again: whether to try again.
        wait: seconds that the server asks to wait.
    """

    def __init__(self, zh: str, en: str, *, again: bool, wait: float = 0.0, status: int = 0) -> None:
        super().__init__(en)
        self.zh, self.en, self.again, self.wait, self.status = zh, en, again, wait, status


class Client:
    """Asks one endpoint; may be used by several threads.

    Args:
        settings: the endpoint; the key is read from the environment now, and kept nowhere else.
        sleep: how to wait, in seconds.

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
        self._format = 0
        self._http = self._httpx.Client(
            headers={"Accept": "application/json", "Accept-Encoding": "identity", **_authorization(settings)},
            timeout=settings.timeout,
            follow_redirects=False,  # a key goes to no other place
        )

    def close(self) -> None:
        self._http.close()

    def ask(self, messages: Sequence[Mapping[str, str]], schema: Mapping[str, Any]) -> Reply:
        """Ask until there is an answer that can be read, or the tries are used up."""
        began = time.monotonic()
        requests = retries = tokens_in = tokens_out = 0
        failure: _Failure | None = None
        tries, level = 0, self._format
        while tries < self._settings.attempts:
            requests += 1
            try:
                content, used_in, used_out = self._try(messages, schema, _FORMATS[level])
                tokens_in, tokens_out = tokens_in + used_in, tokens_out + used_out
                parse(content)
            except AnswerError as error:
                zh, en = f"回答不是所要的 JSON（{error}）", f"the answer is not the JSON asked for ({error})"
                failure = _Failure(zh, en, again=True)
            except _Failure as error:
                failure = error
                if error.status in _UNSUPPORTED and level + 1 < len(_FORMATS):
                    level += 1
                    continue  # not a try: the same request in plainer words
            else:
                with self._lock:
                    self._format = max(self._format, level)
                seconds = time.monotonic() - began
                report = Report(
                    requests=requests, retries=retries, tokens_in=tokens_in, tokens_out=tokens_out, seconds=seconds
                )
                return Reply(Kept(content, used_in, used_out), report)
            tries += 1
            if not failure.again:
                break
            if tries < self._settings.attempts:
                retries += 1
                wait = max(failure.wait, self._settings.backoff * 2 ** (tries - 1))
                self._sleep(min(wait, _LONGEST_WAIT))
        assert failure is not None
        report = Report(
            requests=requests, retries=retries, failed=1, tokens_in=tokens_in, tokens_out=tokens_out,
            seconds=time.monotonic() - began, error=failure.zh, error_en=failure.en,
        )  # fmt: skip
        return Reply(None, report, fatal=failure.status in _HOPELESS or 300 <= failure.status < 400)

    def _try(self, messages: Sequence[Mapping[str, str]], schema: Mapping[str, Any], form: str) -> tuple[str, int, int]:
        """One request: the content of the answer, tokens in, tokens out."""
        body: dict[str, Any] = {"model": self._settings.model, "messages": [dict(m) for m in messages], "stream": False}
        if form != "bare":
            body |= {"temperature": 0, "seed": 0, "max_tokens": limit("tokens")}
        if form == "json_schema":
            body["response_format"] = {
                "type": form, "json_schema": {"name": "statements", "strict": True, "schema": schema},
            }  # fmt: skip
        elif form == "json_object":
            body["response_format"] = {"type": form}
        status, headers, data = self._send(body)
        if status != 200:
            wait = _seconds(headers.get("retry-after", ""))
            again = status in _AGAIN or status >= 500
            zh, en = _HINTS.get(status, ("", ""))
            raise _Failure(f"HTTP {status}{zh}", f"HTTP {status}{en}", again=again, wait=wait, status=status)
        try:
            reply = json.loads(data)
            content = reply["choices"][0]["message"]["content"]
            if not isinstance(content, str):
                raise TypeError
        except (ValueError, KeyError, IndexError, TypeError, RecursionError) as error:
            raise _Failure(
                "接口的回应不是 chat/completions 的格式", "the response is not one of chat/completions", again=True
            ) from error
        usage = reply.get("usage")
        return content, _count(usage, "prompt_tokens"), _count(usage, "completion_tokens")

    def _send(self, body: Mapping[str, Any]) -> tuple[int, Mapping[str, str], bytes]:
        """Send one request; no more than a fair size and time is spent on what comes back."""
        deadline = time.monotonic() + self._settings.timeout
        data = bytearray()
        try:
            with self._http.stream("POST", self._settings.endpoint, content=_json(body), headers=_JSON) as response:
                for piece in response.iter_bytes():  # as they come: a size would wait for it
                    data += piece
                    if len(data) > _MOST_BYTES:
                        raise _Failure("回应太长", "the response is too long", again=True)
                    if time.monotonic() > deadline:
                        raise _Failure("超时", "timed out", again=True)
                return response.status_code, response.headers, bytes(data)
        except self._httpx.TimeoutException as error:
            raise _Failure("超时", "timed out", again=True) from error
        except self._httpx.HTTPError as error:
            name = type(error).__name__
            raise _Failure(f"连接不上（{name}）", f"no connection ({name})", again=True) from error


_JSON = {"Content-Type": "application/json"}


def _json(body: Mapping[str, Any]) -> bytes:
    # ASCII: a lone surrogate in a damaged text must not stop a build
    return json.dumps(body).encode("ascii")


def _authorization(settings: LlmSettings) -> dict[str, str]:
    if not settings.key_env:
        return {}
    key = os.environ.get(settings.key_env, "").strip()
    if not key or not key.isascii() or not key.isprintable():
        raise LlmError(
            f"--llm-key-env {settings.key_env}：环境变量里没有可用的密钥",
            f"--llm-key-env {settings.key_env}: the environment variable holds no usable key",
        )
    return {"Authorization": f"Bearer {key}"}


def _seconds(value: str) -> float:
    """``Retry-After`` in seconds (the form with a date is not used by such servers)."""
    try:
        return min(max(float(value), 0.0), _LONGEST_WAIT)
    except ValueError:
        return 0.0


def _count(usage: Any, name: str) -> int:
    value = usage.get(name) if isinstance(usage, dict) else None
    return value if isinstance(value, int) and 0 <= value < 10**9 else 0
