"""A server on this machine that speaks chat completions, and says what a test wants it to say."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Say:
    """One response."""

    content: object = ""
    """What the model says: text, or a value to be sent as JSON."""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    """The whole response instead of a proper one."""
    wait: threading.Event | None = None
    """Say nothing until this is set."""
    drip: float = 0.0
    """Seconds between the bytes of the response."""
    finish: str = "stop"
    """Why the model stopped."""
    used: int = 20
    """Tokens of the answer, as the server counts them."""
    refusal: str = ""
    """What a model says that refuses to answer."""


Script = Callable[["Asked"], Say]


@dataclass(frozen=True)
class Asked:
    """One request."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    number: int
    """Of requests so far, from 0."""

    @property
    def text(self) -> str:
        """The piece of text that was sent: what stands between the marks."""
        user = str(self.body["messages"][-1]["content"])
        return user.rpartition("<原文 ")[2].partition(">\n")[2].rpartition("\n</原文")[0] if "<原文" in user else user

    @property
    def format(self) -> str:
        return str(self.body.get("response_format", {}).get("type", "text"))


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, script: Script) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script = script
        self.asked: list[Asked] = []
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        with self.server.lock:
            number = len(self.server.asked)
            asked = Asked(self.path, dict(self.headers.items()), json.loads(data), number)
            self.server.asked.append(asked)
        said = self.server.script(asked)
        if said.wait is not None:
            said.wait.wait(20)
        content = said.content if isinstance(said.content, str) else json.dumps(said.content, ensure_ascii=False)
        message = {"role": "assistant", "content": content} | ({"refusal": said.refusal} if said.refusal else {})
        proper = {
            "id": "x", "object": "chat.completion", "model": asked.body["model"],
            "choices": [{"index": 0, "message": message, "finish_reason": said.finish}],
            "usage": {"prompt_tokens": 100, "completion_tokens": said.used, "total_tokens": 100 + said.used},
        }  # fmt: skip
        body = said.body if said.body is not None else json.dumps(proper).encode()
        try:
            self.send_response(said.status)
            for name, value in said.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            for piece in (body,) if not said.drip else (body[i : i + 1] for i in range(len(body))):
                self.wfile.write(piece)
                if said.drip:
                    time.sleep(said.drip)
        except OSError:
            pass  # the client has gone

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def serving(script: Script) -> Iterator[Server]:
    """A running server; it ends with the block."""
    server = Server(script)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
