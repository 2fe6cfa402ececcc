"""What the readers know as data: ``formats.toml`` beside this module."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def settings() -> dict[str, Any]:
    """All of formats.toml."""
    text = (files(__package__) / "formats.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def pattern(section: str, name: str) -> re.Pattern[str]:
    """The alternatives under *name*, as one pattern that matches anywhere."""
    found = settings()[section][name]
    return re.compile(found if isinstance(found, str) else "|".join(f"(?:{one})" for one in found))
