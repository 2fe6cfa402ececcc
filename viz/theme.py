"""The page's look (``theme.toml``) and words (``texts.toml``), read once and checked against each other."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

HOME: Final = Path(__file__).parent
LANGUAGES: Final = ("zh", "en")
OTHER: Final = "Other"
"""The kind whose look an unknown class gets."""


@dataclass(frozen=True, slots=True)
class Look:
    """How nodes of one class are drawn."""

    group: str
    fill: str
    border: str
    shape: str
    size: float


@dataclass(frozen=True, slots=True)
class Theme:
    """All of ``theme.toml``; ``kinds`` is in the order of the legend."""

    page: Mapping[str, str]
    shapes: Mapping[str, str]
    groups: Mapping[str, Mapping[str, str]]
    kinds: Mapping[str, Look]

    def look(self, kind: str) -> Look:
        """The look of *kind*, or of ``Other``."""
        return self.kinds.get(kind, self.kinds[OTHER])


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((HOME / name).read_text(encoding="utf-8"))


@cache
def theme() -> Theme:
    """The theme of the package.

    Raises:
        ValueError: a class uses a shape or group that is not there.
    """
    raw = _read("theme.toml")
    kinds = {name: Look(**values) for name, values in raw["kinds"].items()}
    for name, look in kinds.items():
        if look.shape not in raw["shapes"] or look.group not in raw["groups"]:
            raise ValueError(f"viz/theme.toml: [kinds.{name}]: unknown shape or group: {look.shape}, {look.group}")
    return Theme(raw["page"], raw["shapes"], raw["groups"], kinds)


@cache
def texts() -> Mapping[str, Any]:
    """``texts.toml`` as nested dictionaries: table → key → language → words."""
    return _read("texts.toml")
