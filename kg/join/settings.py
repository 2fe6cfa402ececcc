"""The rules of joining: ``joining.toml``, with its patterns compiled."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from ontology.lexicons import load_lexicon


@cache
def load_settings() -> Mapping[str, Any]:
    """Return the content of ``joining.toml``."""
    path = Path(__file__).parent / "joining.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def compile_pattern(table: str, name: str) -> re.Pattern[str]:
    """Return the pattern *name* of *table*."""
    return re.compile(load_settings()[table][name])


@cache
def compile_body_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return each body that numbers proposals, as its segment in IRIs and the pattern of its words."""
    return tuple((b["segment"], re.compile(b["pattern"])) for b in load_settings()["body"])


@cache
def compile_session_patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return the pattern of term and meeting of a session, and the pattern of the level of its body."""
    table = load_settings()["session"]
    return re.compile(table["pattern"].format(n=table["numeral"])), re.compile(table["level"])


@cache
def compile_unpublished_patterns() -> tuple[re.Pattern[str], ...]:
    """Return the patterns of lines that say that a reply is not published."""
    return tuple(re.compile(line) for line in load_settings()["unpublished"]["lines"])


@cache
def compile_dated_patterns() -> tuple[re.Pattern[str], ...]:
    """Return the patterns of lines that give the date or number of a reply."""
    return tuple(re.compile(line) for line in load_settings()["unpublished"]["dated"])


@cache
def compile_undue_line() -> re.Pattern[str]:
    """Return the pattern of a line that says that no reply of its own is due to a proposal."""
    words = load_lexicon().read_config("structure")["patterns"]
    merged = words["MERGED"].replace("{CASES}", words["CASES"])
    undue = load_settings()["undue"]
    line = undue["line"].replace("{label}", undue["label"]).replace("{UNDUE}", f"{words['UNDUE']}|{merged}")
    return re.compile(line)


def get_confidence(ground: str) -> float:
    """Return the confidence of a link that rests on *ground*, a key of the table ``confidence``."""
    return float(load_settings()["confidence"][ground])
