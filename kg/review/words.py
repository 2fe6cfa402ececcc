"""The words of the review's tables (``review.toml``), both ways: terms into words, and what people chose into terms."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from extract.corrections.model import Decision
from extract.model import Kind
from ontology.labels import name_class, name_property

LANGUAGES = ("zh", "en")


@cache
def settings() -> Mapping[str, Any]:
    """``review.toml``."""
    return tomllib.loads((Path(__file__).parent / "review.toml").read_text(encoding="utf-8"))


def say(table: str, key: str, lang: str, **values: object) -> str:
    """The words of one entry of ``review.toml``."""
    entry: Mapping[str, str] = settings()[table].get(key, {})
    return entry.get(lang, key).format(**values)


def both(table: str, key: str) -> str:
    """The words of one entry in both languages: ``接受 accept``."""
    return " ".join(say(table, key, lang) for lang in LANGUAGES)


def term(table: str, said: str) -> str:
    """The key of the entry that *said* names, in either language or both; empty if none is."""
    wanted = " ".join(said.split()).lower()
    for key in settings()[table]:
        if wanted and wanted in {
            key.lower(),
            both(table, key).lower(),
            *(say(table, key, x).lower() for x in LANGUAGES),
        }:
            return str(key)
    return ""


def kind_of(said: str) -> str:
    """The class that *said* names, by its local name or its words in either language; *said* itself if it is none."""
    return _named(said, (k.value for k in Kind), name_class)


def predicate_of(said: str) -> str:
    """The property that *said* names; *said* itself if it is none."""
    return _named(said, predicates(), name_property)


def with_words(name: str, said: str) -> str:
    """A term as tables show it: its words and its local name, ``支持 supports``."""
    return name if said == name or not name else f"{said} {name}"


@cache
def predicates() -> tuple[str, ...]:
    """Local names of the properties that statements may have."""
    from ontology.lexicons import lexicon

    return tuple(sorted(lexicon().config("relations")["kinds"]))


def _named(said: str, names: Iterable[str], word: Any) -> str:
    wanted = " ".join(said.split())
    for name in names:
        spoken = {word(name, lang) for lang in LANGUAGES}
        if wanted.lower() in {x.lower() for x in (name, *spoken, *(with_words(name, s) for s in spoken))}:
            return name
    return wanted


def describe(d: Decision, lang: str) -> str:
    """A decision on one line: ``拒绝 关系：栖河市水利局 主管 清流计划（2024/1.txt）``."""
    said = [
        d.subject or (name_class(d.kind, lang) if d.kind else ""),
        name_property(d.predicate, lang) if d.what == "statement" else d.predicate,
        d.object,
    ]
    about = " ".join(x for x in said if x) or d.quote
    arrow = f" → {d.value}" if d.value else ""
    where = f" ({d.source})"
    return f"{say('verdicts', d.verdict, lang)} {say('whats', d.what, lang)}: {about}{arrow}{where}"
