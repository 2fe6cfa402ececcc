"""The words of the command line (``messages.toml``), in the language of the user."""

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


def choose(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> str:
    """The language: ``--lang`` if it is there, ``KG_LANG``, the locale; Chinese where none of them tells.

    A value of ``--lang`` that is no language is returned as it is.
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
    locale = next((v for name in _LOCALES if (v := environment.get(name, ""))), "")
    if locale.partition(".")[0] in _NEUTRAL or locale.startswith("zh"):
        return "zh"
    return "en"


def use(language: str) -> None:
    """Speak *language* from now on."""
    _language[0] = language


def language() -> str:
    """The language in use."""
    return _language[0]


def say(key: str, **values: object) -> str:
    """The words for ``table.name``, with *values* filled in."""
    table, _, name = key.partition(".")
    words = _messages()[table][name][language()]
    return words.format(**values) if values else words  # an example of SPARQL has braces of its own


def help_of(command: str) -> str:
    """The help of a command, with its examples."""
    lines = say(f"{command}.example").split("\n\n")
    return say(f"{command}.help") + "\n\n" + say("app.example") + "\n\n" + "\n\n".join(f"  {line}" for line in lines)


@cache
def _messages() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    return tomllib.loads((Path(__file__).parent / "messages.toml").read_text(encoding="utf-8"))
