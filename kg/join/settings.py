"""``joining.toml``, compiled."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any


@cache
def settings() -> Mapping[str, Any]:
    """The file as it is."""
    path = Path(__file__).parent / "joining.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def pattern(table: str, name: str) -> re.Pattern[str]:
    """One regular expression of the file."""
    return re.compile(settings()[table][name])


@cache
def bodies() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Of each body that numbers proposals: its segment in IRIs, and the words that tell it."""
    return tuple((b["segment"], re.compile(b["pattern"])) for b in settings()["body"])


@cache
def session_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Term and meeting of a session, and the level of the body that meets."""
    told = settings()["session"]
    return re.compile(told["pattern"].format(n=told["numeral"])), re.compile(told["level"])


@cache
def unpublished() -> tuple[re.Pattern[str], ...]:
    """Lines that say that a reply is not published."""
    return tuple(re.compile(line) for line in settings()["unpublished"]["lines"])


def confidence(how: str) -> float:
    """How sure a join is that rests on *how*."""
    return float(settings()["confidence"][how])
