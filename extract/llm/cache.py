"""Answers on disk: what was asked once is not asked, paid for, or answered differently again."""

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
"""Of the files; raised with every change of them."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it came, and what it cost."""

    content: str
    tokens_in: int = 0
    tokens_out: int = 0


def key_of(model: str, version: str, messages: Sequence[Mapping[str, str]], schema: Mapping[str, Any]) -> str:
    """Name of an answer: SHA-256 of all that it depends on (the text stands in the messages)."""
    whole = [_FORMAT, model, version, [dict(m) for m in messages], schema]
    return hashlib.sha256(json.dumps(whole, sort_keys=True).encode("utf-8")).hexdigest()


class Cache:
    """A folder of answers, ``ab/abcd….json``; any number of processes may use it at the same time.

    Args:
        folder: made when the first answer is kept; empty to keep none.
    """

    def __init__(self, folder: str) -> None:
        self._folder = Path(folder) if folder else None

    def get(self, key: str) -> Kept | None:
        """The answer kept under *key*; None if there is none, or its file is damaged."""
        if self._folder is None:
            return None
        try:
            data = json.loads(self._path(key).read_text(encoding="utf-8"))
            if data["key"] != key or not isinstance(data["content"], str):
                return None
            return Kept(data["content"], int(data["tokens_in"]), int(data["tokens_out"]))
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None

    def put(self, key: str, kept: Kept) -> None:
        """Keep an answer; a reader sees all of it or nothing.

        Raises:
            LlmError: the folder cannot be written.
        """
        if self._folder is None:
            return
        path = self._path(key)
        data = {"key": key, "content": kept.content, "tokens_in": kept.tokens_in, "tokens_out": kept.tokens_out}
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
                f"--llm-cache {self._folder}: cannot be written ({error.strerror}); name another folder",
            ) from error

    def _path(self, key: str) -> Path:
        assert self._folder is not None
        return self._folder / key[:2] / f"{key}.json"
