"""Which endpoint and model to ask; and the words and limits of ``prompt.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ontology.errors import LlmError

_WORDS = Path(__file__).parent / "prompt.toml"
_ENDPOINT = "/chat/completions"


@cache
def words() -> Mapping[str, Any]:
    """The content of ``prompt.toml``."""
    return tomllib.loads(_WORDS.read_text(encoding="utf-8"))


def schema_version() -> str:
    """Version of prompt and answer schema: part of what a graph and a cached answer depend on."""
    return str(words()["version"])


def limit(name: str) -> int:
    """A limit of ``[limits]``."""
    return int(words()["limits"][name])


@dataclass(frozen=True, slots=True)
class LlmSettings:
    """An endpoint and how to treat it. It holds no key, so it may be logged, compared and sent to other processes.

    Raises:
        LlmError: a URL that is none, or one that holds a password; no name of a model.
    """

    url: str
    """Up to ``/v1`` (or the full address of ``chat/completions``)."""
    model: str
    key_env: str = ""
    """Name of the environment variable that holds the key; empty for none."""
    cache_dir: str = ""
    """Folder of kept answers; empty for none."""
    concurrency: int = 4
    """Requests at the same time."""
    timeout: float = 120.0
    """Seconds that one request may take in all."""
    attempts: int = 4
    """Tries of one request."""
    backoff: float = 1.0
    """Seconds before the second try; doubled each time."""
    patience: int = 3
    """Pieces of text in a row that may fail before no more are sent."""

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise LlmError(
                f"--llm {self.url}：应为接口地址，如 http://127.0.0.1:8000/v1",
                f"--llm {self.url}: should be the address of an endpoint, such as http://127.0.0.1:8000/v1",
            )
        if parts.username or parts.password or parts.query or parts.fragment:
            raise LlmError(
                "--llm：地址里不能带密码或参数；密钥请放在环境变量里，用 --llm-key-env 指明",
                "--llm: no password or parameters in it; the key belongs in an environment variable (--llm-key-env)",
            )
        if not self.model.strip():
            raise LlmError("--llm：请用 --llm-model 给出模型名称", "--llm: name a model with --llm-model")
        if min(self.concurrency, self.attempts, self.patience) < 1 or min(self.timeout, self.backoff) < 0:
            raise LlmError("大模型设置：次数至少为 1", "settings of the model: numbers must be at least 1")

    @property
    def endpoint(self) -> str:
        """Where requests go."""
        url = self.url.rstrip("/")
        return url if url.endswith(_ENDPOINT) else url + _ENDPOINT

    @property
    def rule(self) -> str:
        """The extractor's name in the graph."""
        return rule_of(self.model)

    def key(self) -> Mapping[str, str]:
        """What graphs depend on: for the settings of a build."""
        return {"model": self.model, "schema": schema_version()}


def rule_of(model: str) -> str:
    """``llm:`` with the model's name, as the extractor of what it proposed."""
    return "llm:" + "".join(c for c in model if c.isprintable()).strip()[:80]
