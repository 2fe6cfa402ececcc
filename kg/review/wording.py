"""The words of the review tables (``review.toml``), in both directions.

Terms become words for people; the words that people chose become terms.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from extract.corrections.model import Decision
from extract.model import Kind
from ontology.labels import name_class, name_property

LANGUAGES = ("zh", "en")


@cache
def load_settings() -> Mapping[str, Any]:
    """Return the content of ``review.toml``."""
    return tomllib.loads((Path(__file__).parent / "review.toml").read_text(encoding="utf-8"))


def get_text(table: str, key: str, lang: str, **values: object) -> str:
    """Return an entry of ``review.toml`` in *lang*, with *values* filled in; *key* itself if there is no entry."""
    entry: Mapping[str, str] = load_settings()[table].get(key, {})
    return entry.get(lang, key).format(**values)


def get_both(table: str, key: str) -> str:
    """Return an entry in both languages: ``接受 accept``."""
    return " ".join(get_text(table, key, lang) for lang in LANGUAGES)


def format_name(name: str, words: str) -> str:
    """Return a term as tables show it, its words and its local name: ``支持 supports``."""
    return name if words == name or not name else f"{words} {name}"


def find_key(table: str, words: str) -> str:
    """Return the key of the entry with *words*, in either language or both; empty if there is none."""
    wanted = " ".join(words.split()).lower()
    for key in load_settings()[table]:
        spellings = (key, get_both(table, key), *(get_text(table, key, lang) for lang in LANGUAGES))
        if wanted and wanted in map(str.lower, spellings):
            return str(key)
    return ""


def find_class(words: str) -> str:
    """Return the class with *words*, which are its local name or its name in either language; else *words*."""
    return _find_term(words, (kind.value for kind in Kind), name_class)


def find_predicate(words: str) -> str:
    """Return the property with *words*, which are its local name or its name in either language; else *words*."""
    return _find_term(words, list_predicates(), name_property)


@cache
def list_predicates() -> tuple[str, ...]:
    """Return the local names of the properties that statements may have, sorted."""
    from ontology.lexicons import load_lexicon

    return tuple(sorted(load_lexicon().read_config("relations")["kinds"]))


def describe_decision(decision: Decision, lang: str) -> str:
    """Return a decision on one line: ``拒绝 关系：栖河市水利局 主管 清流计划（2024/1.txt）``."""
    is_statement = decision.what == "statement"
    words = [
        decision.subject or (name_class(decision.kind, lang) if decision.kind else ""),
        name_property(decision.predicate, lang) if is_statement else decision.predicate,
        decision.object,
    ]
    about = " ".join(filter(None, words)) or decision.quote
    arrow = f" → {decision.value}" if decision.value else ""
    verdict, topic = get_text("verdicts", decision.verdict, lang), get_text("whats", decision.what, lang)
    return f"{verdict} {topic}: {about}{arrow} ({decision.source})"


def _find_term(words: str, names: Iterable[str], name_term: Callable[[str, str], str]) -> str:
    wanted = " ".join(words.split())
    for name in names:
        labels = {name_term(name, lang) for lang in LANGUAGES}
        spellings = (name, *labels, *(format_name(name, label) for label in labels))
        if wanted.lower() in map(str.lower, spellings):
            return name
    return wanted
