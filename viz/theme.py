"""Theme (``theme.toml``), texts (``texts.toml``) and templates of a page. A user's folder may replace any of them.

The user's folder has files of the same names. Its two TOML files need only the values that differ. A template is
replaced as a whole. ``extra.css`` is added after ``page.css``.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final

from ontology.labels import PAGE_TABLES, load_labels

VIZ_FOLDER: Final = Path(__file__).parent
LANGUAGES: Final = ("zh", "en")
OTHER: Final = "Other"
"""Key of the look of unknown classes."""


@dataclass(frozen=True, slots=True)
class NodeLook:
    """Shape, size and colours of the nodes of one class."""

    group: str
    fill: str
    border: str
    shape: str
    size: float
    dark_fill: str = ""
    """Colour on dark paper. Empty: the same as on light paper."""
    dark_border: str = ""


@dataclass(frozen=True, slots=True)
class Theme:
    """The content of ``theme.toml``. ``kinds`` has the order of the legend."""

    page: Mapping[str, str]
    dark: Mapping[str, str]
    shapes: Mapping[str, str]
    groups: Mapping[str, Mapping[str, str]]
    kinds: Mapping[str, NodeLook]

    def find_look(self, kind: str) -> NodeLook:
        """Return the look of the class *kind*, or that of ``Other``."""
        return self.kinds.get(kind, self.kinds[OTHER])


class Skin:
    """The files of the package, replaced by those of the user's *folder* where it has them.

    Raises (when a file is used):
        ValueError: a file of the folder is not TOML, or names an unknown shape or group. The message names the file.
        OSError: a file cannot be read.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder

    def find_template(self, name: str) -> Path:
        """Return the path of a template (``page.html``, ``js/main.js``), from the user's folder if it is there."""
        return self._find_user_file(name) or VIZ_FOLDER / "templates" / name

    def find_extra_css(self) -> Path | None:
        """Return the path of the user's ``extra.css``, or None."""
        return self._find_user_file("extra.css")

    def _find_user_file(self, name: str) -> Path | None:
        path = self.folder / name if self.folder else None
        return path if path and path.is_file() else None

    @cached_property
    def theme(self) -> Theme:
        raw = self._read_tables("theme.toml")
        where = f"{self.folder or VIZ_FOLDER}/theme.toml"
        kinds = {}
        for name, values in raw["kinds"].items():
            try:
                look = kinds[name] = NodeLook(**values)
            except TypeError as error:
                raise ValueError(f"{where}: [kinds.{name}]: {error}") from error
            if look.shape not in raw["shapes"] or look.group not in raw["groups"]:
                raise ValueError(f"{where}: [kinds.{name}]: unknown shape or group: {look.shape}, {look.group}")
        return Theme(raw["page"], raw["dark"], raw["shapes"], raw["groups"], kinds)

    @cached_property
    def texts(self) -> Mapping[str, Any]:
        """Words of the page and of the ontology as nested dictionaries: table → key → language → words."""
        page_labels = {table: load_labels()[table] for table in PAGE_TABLES}
        return self._read_tables("texts.toml", page_labels)

    def _read_tables(self, name: str, more: Mapping[str, Any] | None = None) -> dict[str, Any]:
        tables = {**_read_toml(VIZ_FOLDER / name), **(more or {})}
        path = self._find_user_file(name)
        return _merge_tables(tables, _read_toml(path)) if path else tables


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"{path}: {error}") from error


def _merge_tables(base: dict[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return *base* with the values of *changes* in place of its own, table by table."""
    result = dict(base)
    for key, value in changes.items():
        old = result.get(key)
        if isinstance(old, dict) and isinstance(value, Mapping):
            result[key] = _merge_tables(old, value)
        else:
            result[key] = value
    return result


@cache
def get_package_skin() -> Skin:
    """Return the skin without a user's folder."""
    return Skin()


def read_theme() -> Theme:
    """Return the theme of the package."""
    return get_package_skin().theme


def read_texts() -> Mapping[str, Any]:
    """Return the texts of the package."""
    return get_package_skin().texts
