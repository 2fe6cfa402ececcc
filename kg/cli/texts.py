"""The texts of the command line (``messages.toml``), in the user's language."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

LANGUAGES = ("zh", "en")
_LOCALES = ("LC_ALL", "LC_MESSAGES", "LANG")
_NEUTRAL = ("", "C", "POSIX")
_language = ["zh"]


def choose_language(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> str:
    """Return the language of ``--lang``, else of ``KG_LANG``, else of the locale, else Chinese.

    The value of ``--lang`` is returned as it is, even if it is not a language; the caller must check it.
    """
    for i, argument in enumerate(arguments):
        if argument == "--":
            break
        if argument.startswith("--lang="):
            return argument.partition("=")[2]
        if argument == "--lang" and i + 1 < len(arguments):
            return arguments[i + 1]
    if (wanted := environment.get("KG_LANG", "")) in LANGUAGES:
        return wanted
    locale = next((value for name in _LOCALES if (value := environment.get(name, ""))), "")
    if locale.partition(".")[0] in _NEUTRAL or locale.startswith("zh"):
        return "zh"
    return "en"


def use_language(language: str) -> None:
    """Set the language of all texts from now on."""
    _language[0] = language


def get_language() -> str:
    """Return the language in use."""
    return _language[0]


def get_text(key: str, **values: object) -> str:
    """Return the text of *key* (``table.name``) in the language in use, with *values* filled in."""
    table, _, name = key.partition(".")
    text = _load_messages()[table][name][get_language()]
    return text.format(**values) if values else text  # without values, braces are text: an example has SPARQL


def build_help(command: str) -> str:
    """Return the help text of *command* with its examples."""
    lines = get_text(f"{command}.example").split("\n\n")
    examples = "\n\n".join(f"  {line}" for line in lines)
    return get_text(f"{command}.help") + "\n\n" + get_text("app.example") + "\n\n" + examples


@cache
def _load_messages() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    return tomllib.loads((Path(__file__).parent / "messages.toml").read_text(encoding="utf-8"))
