"""The words and limits of the review, from ``llm_review.toml`` of the lexicon. A user's lexicon can change them."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from extract.model import Kind
from ontology.lexicons import Lexicon

_SENT = ("version", "messages", "titles", "letters", "kinds", "predicates", "document_predicates")
"""The tables whose words are sent, or decide what is sent."""


def read_rules(lex: Lexicon) -> Mapping[str, Any]:
    """Return the content of ``llm_review.toml``."""
    return lex.read_config("llm_review")


def get_review_limit(name: str, lex: Lexicon) -> int:
    """Return a limit of ``[limits]``."""
    return int(read_rules(lex)["limits"][name])


@cache
def compute_prompt_version(lex: Lexicon) -> str:
    """Return the version of the prompt: its number and a digest of all words that are sent. A check is valid for it."""
    rules = read_rules(lex)
    words = json.dumps({name: rules[name] for name in _SENT}, sort_keys=True, ensure_ascii=False)
    return f"{rules['version']}-{hashlib.sha256(words.encode('utf-8')).hexdigest()[:12]}"


@cache
def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def matches_rule(words: str, lex: Lexicon, *path: str) -> bool:
    """Return whether *words* contain the pattern at *path*. A pattern that does not exist matches nothing."""
    value: Any = read_rules(lex)
    for name in path:
        value = value.get(name, "") if isinstance(value, Mapping) else ""
    return bool(value) and _compile(str(value)).search(words) is not None


def has_rule(lex: Lexicon, *path: str) -> bool:
    """Return whether there is a pattern at *path*."""
    value: Any = read_rules(lex)
    for name in path:
        value = value.get(name, "") if isinstance(value, Mapping) else ""
    return bool(value)


def may_retype(old: Kind, new: Kind, lex: Lexicon) -> bool:
    """Return whether a name may be moved from the class *old* to *new*."""
    return any({old.value, new.value} == set(pair) for pair in read_rules(lex)["retype"]["allowed"])


def is_equal(old: Kind, new: Kind, lex: Lexicon) -> bool:
    """Return whether *new* is only as right as *old* for a name that nothing is given to."""
    return [old.value, new.value] in read_rules(lex)["retype"]["equal"]
