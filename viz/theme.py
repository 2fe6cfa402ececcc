"""The page's look (``theme.toml``), words (``texts.toml``) and templates, any of which a user's folder may replace.

A folder of one's own has files of the same names. In its two TOML files only what differs need stand; a template is
replaced as a whole; ``extra.css`` is added after ``page.css``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final

from ontology.labels import PAGE_TABLES, labels

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
    dark_fill: str = ""
    """On dark paper; empty: as on light."""
    dark_border: str = ""


@dataclass(frozen=True, slots=True)
class Theme:
    """All of ``theme.toml``; ``kinds`` is in the order of the legend."""

    page: Mapping[str, str]
    dark: Mapping[str, str]
    shapes: Mapping[str, str]
    groups: Mapping[str, Mapping[str, str]]
    kinds: Mapping[str, Look]

    def look(self, kind: str) -> Look:
        """The look of *kind*, or of ``Other``."""
        return self.kinds.get(kind, self.kinds[OTHER])


class Skin:
    """The package's files, with those of *folder* over them.

    Raises (on use):
        ValueError: a file of the folder is no TOML, or names a shape or group that is not there; says which.
        OSError: a file cannot be read.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder

    def path(self, name: str) -> Path:
        """The template *name* (``page.html``, ``js/main.js``): the folder's, if it has one."""
        own = self.folder / name if self.folder else None
        return own if own and own.is_file() else HOME / "templates" / name

    def extra(self) -> Path | None:
        """Style to be added, if there is any."""
        own = self.folder / "extra.css" if self.folder else None
        return own if own and own.is_file() else None

    @cached_property
    def theme(self) -> Theme:
        raw = self._tables("theme.toml")
        where = f"{self.folder or HOME}/theme.toml"
        kinds = {}
        for name, values in raw["kinds"].items():
            try:
                look = kinds[name] = Look(**values)
            except TypeError as error:
                raise ValueError(f"{where}: [kinds.{name}]: {error}") from error
            if look.shape not in raw["shapes"] or look.group not in raw["groups"]:
                raise ValueError(f"{where}: [kinds.{name}]: unknown shape or group: {look.shape}, {look.group}")
        return Theme(raw["page"], raw["dark"], raw["shapes"], raw["groups"], kinds)

    @cached_property
    def texts(self) -> Mapping[str, Any]:
        """Words of the page and of the ontology as nested dictionaries: table → key → language → words."""
        page_labels = {table: labels()[table] for table in PAGE_TABLES}
        return self._tables("texts.toml", page_labels)

    def _tables(self, name: str, more: Mapping[str, Any] | None = None) -> dict[str, Any]:
        tables = {**_read(HOME / name), **(more or {})}
        own = self.folder / name if self.folder else None
        return _over(tables, _read(own)) if own and own.is_file() else tables


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: {error}") from error


def _over(below: dict[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """*below* with the values of *above* in the place of its own, table by table."""
    result = dict(below)
    for key, value in above.items():
        old = result.get(key)
        result[key] = _over(old, value) if isinstance(old, dict) and isinstance(value, Mapping) else value
    return result


@cache
def own() -> Skin:
    """The skin of the package."""
    return Skin()


def theme() -> Theme:
    """The theme of the package."""
    return own().theme


def texts() -> Mapping[str, Any]:
    """The words of the package."""
    return own().texts
