"""Answers on disk, so that the same request is not sent and paid for twice, and always has the same answer."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ontology.errors import LlmError

_FORMAT = 1
"""Version of the file format."""


@dataclass(frozen=True, slots=True)
class CachedAnswer:
    """An answer as received, with its cost."""

    content: str
    tokens_in: int = 0
    tokens_out: int = 0


def compute_answer_key(
    model: str, version: str, messages: Sequence[Mapping[str, str]], schema: Mapping[str, Any]
) -> str:
    """Return the SHA-256 of everything that an answer depends on. The text of the source is in *messages*."""
    request = [_FORMAT, model, version, [dict(message) for message in messages], schema]
    return hashlib.sha256(json.dumps(request, sort_keys=True).encode("utf-8")).hexdigest()


class AnswerCache:
    """A folder of answers, ``ab/abcd….json``. Several processes may use it at the same time.

    Args:
        folder: made with the first answer. Empty: no answers are stored.
    """

    def __init__(self, folder: str) -> None:
        self._folder = Path(folder) if folder else None

    def get(self, key: str) -> CachedAnswer | None:
        """Return the answer stored under *key*, or None if there is none or its file is damaged."""
        if self._folder is None:
            return None
        try:
            data = json.loads(self._path(key).read_text(encoding="utf-8"))
            if data["key"] != key or not isinstance(data["content"], str):
                return None
            return CachedAnswer(data["content"], int(data["tokens_in"]), int(data["tokens_out"]))
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None

    def put(self, key: str, answer: CachedAnswer) -> None:
        """Store an answer atomically: other processes read all of it or nothing.

        Raises:
            LlmError: the folder cannot be written.
        """
        if self._folder is None:
            return
        path = self._path(key)
        data = {"key": key, "content": answer.content, "tokens_in": answer.tokens_in, "tokens_out": answer.tokens_out}
        temporary = ""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".tmp")
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump(data, file, sort_keys=True)
            Path(temporary).replace(path)
        except OSError as error:
            with contextlib.suppress(OSError):
                if temporary:
                    Path(temporary).unlink()
            raise LlmError(
                f"--llm-cache {self._folder}：写不进去（{error.strerror}）；请换一个文件夹",
                f"--llm-cache {self._folder}: cannot be written ({error.strerror}); choose another folder",
            ) from error

    def _path(self, key: str) -> Path:
        assert self._folder is not None
        return self._folder / key[:2] / f"{key}.json"
