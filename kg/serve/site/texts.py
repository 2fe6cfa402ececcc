"""The texts of the pages (``texts.toml``) in one language, with the words for classes, properties and values."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from kg.serve.site.index import LINE
from ontology.labels import name_class

LANGUAGES = ("zh", "en")


class SiteTexts:
    """Words of the pages in one language."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.html_lang = "zh-CN" if lang == "zh" else lang

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the text of *key* (``table.name``) with *values* filled in."""
        table, _, name = key.partition(".")
        text = _load_texts()[table][name][self.lang]
        return text.format(**values) if values else text

    def has(self, key: str) -> bool:
        """Return whether there is a text of *key*."""
        table, _, name = key.partition(".")
        return name in _load_texts().get(table, {})

    def get_class(self, kind: str) -> str:
        """Return the words for a class, or for a line of a text."""
        return self("search.line") if kind == LINE else name_class(kind, self.lang)

    def get_facet(self, name: str, value: str) -> str:
        """Return the words for a value of a facet."""
        return self.get_class(value) if name == "class" else value


@cache
def _load_texts() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    return tomllib.loads((Path(__file__).parent / "texts.toml").read_text(encoding="utf-8"))
