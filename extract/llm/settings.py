"""The endpoint and model, and the words and limits of ``prompt.toml``."""

from __future__ import annotations

import math
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ontology.errors import LlmError

_PROMPT_FILE = Path(__file__).parent / "prompt.toml"
_ENDPOINT = "/chat/completions"
MODES = ("review", "add")
_CHOICES = (*MODES, "off")
"""What ``--llm-mode`` may be. ``off`` has no settings."""


@cache
def read_prompt() -> Mapping[str, Any]:
    """Return the content of ``prompt.toml``."""
    return tomllib.loads(_PROMPT_FILE.read_text(encoding="utf-8"))


def get_schema_version() -> str:
    """Return the version of prompt and answer schema. Graphs and cached answers depend on it."""
    return str(read_prompt()["version"])


def get_limit(name: str) -> int:
    """Return a limit of ``[limits]`` in ``prompt.toml``."""
    return int(read_prompt()["limits"][name])


@dataclass(frozen=True, slots=True)
class LlmSettings:
    """An endpoint, a model, and how to send requests. It contains no key, so that it may be logged and pickled.

    Raises:
        LlmError: the URL is not valid or contains a password, the model has no name, or a number is too small.
    """

    url: str
    """Address up to ``/v1``, or the full address of ``chat/completions``."""
    model: str
    key_env: str = ""
    """Name of the environment variable that contains the key. Empty: no key is sent."""
    cache_dir: str = ""
    """Folder of stored answers. Empty: no answers are stored."""
    concurrency: int = 4
    """Number of requests at the same time."""
    timeout: float = 300.0
    """Longest time of one request, in seconds."""
    attempts: int = 4
    """Number of attempts for one request."""
    backoff: float = 1.0
    """Seconds before the second attempt. The time doubles with each further attempt."""
    patience: int = 3
    """Number of chunks in a row that may fail. Then no more chunks are sent."""
    mode: str = "review"
    """``review``: the model sees whole letters with the facts of the rules, and names changes. ``add``: it reads
    pieces of text and may only add."""
    checks: str = ""
    """File of checks (``kg llm check``) that says which changes of a review may override the rules. Empty: none."""
    redact: bool = False
    """Whether to mask telephone numbers, identity numbers and addresses of mail before anything is sent."""

    def __post_init__(self) -> None:
        _check_address(self.url)
        if not self.model.strip():
            raise LlmError("--llm：请用 --llm-model 给出模型名称", "--llm: give the name of the model with --llm-model")
        if self.mode not in MODES:
            raise LlmError(
                f"--llm-mode {self.mode}：应为 {'、'.join(_CHOICES)} 之一",
                f"--llm-mode {self.mode}: must be one of {', '.join(_CHOICES)}",
            )
        if min(self.concurrency, self.attempts, self.patience) < 1:
            raise LlmError("大模型设置：次数至少为 1", "settings of the language model: counts must be at least 1")
        if not (0 < self.timeout < math.inf and 0 <= self.backoff < math.inf):
            raise LlmError("大模型设置：时间应大于 0", "settings of the language model: times must be above 0")

    @property
    def endpoint(self) -> str:
        """The address that requests are sent to."""
        url = self.url.rstrip("/")
        return url if url.endswith(_ENDPOINT) else url + _ENDPOINT

    @property
    def rule(self) -> str:
        """Name of the extractor in the graph."""
        return make_rule_name(self.model)

    def list_graph_settings(self) -> Mapping[str, str]:
        """Return the settings that a graph depends on, without those of the mode ``review``."""
        return {"model": self.model, "mode": self.mode, "schema": get_schema_version()}


def _check_address(url: str) -> None:
    """Check the address of an endpoint. No error repeats any of it: a key may stand anywhere in it by mistake.

    Raises:
        LlmError: it is not valid, or contains a password or parameters.
    """
    if any(mark in unicodedata.normalize("NFKC", url) for mark in "@?#"):
        raise LlmError(
            "--llm：地址里不能带密码或参数；密钥请放在环境变量里，用 --llm-key-env 指明",
            "--llm: no password or parameters in the address; name the variable with the key with --llm-key-env",
        )
    try:
        parts = urlsplit(url)
        is_valid = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # brackets without an end, a port that is no number
        is_valid = False
    if not is_valid:
        raise LlmError(
            "--llm：应为接口地址，如 http://127.0.0.1:8000/v1",
            "--llm: expected the address of an endpoint, such as http://127.0.0.1:8000/v1",
        )


def make_rule_name(model: str) -> str:
    """Return ``llm:`` and the name of the model: the extractor of everything that it proposed."""
    return "llm:" + "".join(c for c in model if c.isprintable()).strip()[:80]
