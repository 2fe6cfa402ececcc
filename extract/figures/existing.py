"""Numbers of a plan that nobody promises: parts of the text, things that exist already, rules and definitions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from extract.figures.wording import LabelWords, load_label_words
from extract.model import Bound
from extract.text.quantities import Quantity
from extract.text.segment import Word, segmenter
from ontology.lexicons import Lexicon, join_alternatives

_RULED = frozenset({"percent", "ratio", "share", "time", "length", "volume"})
"""Kinds of numbers that rules set."""


class ExistingWords:
    """The patterns of ``[existing]`` in ``figures.toml``, compiled."""

    def __init__(self, lex: Lexicon) -> None:
        config: Mapping[str, Any] = lex.read_config("figures")["existing"]
        self.words: LabelWords = load_label_words(lex)
        self._segment = segmenter(lex).segment
        self._prepositions = frozenset(config["prepositions"])
        self._articles = frozenset(config["articles"])
        self._class_units = frozenset(config["class_units"])
        self._at = {
            name: re.compile(pattern, re.DOTALL) for name, pattern in config.items() if isinstance(pattern, str)
        }
        self._rule_titles = re.compile(f"(?:{join_alternatives(config['rule_titles'])})(?:[（(][^（()）]*[)）])?$")

    def counts_parts(self, quantity: Quantity, near: str, right: str) -> bool:
        """Whether the number counts parts of a text: 第一批*17条*措施, （*3项*）, 民营经济*三十条*."""
        if quantity.unit in self._class_units or self._at["formula"].search(near):
            return True
        if quantity.kind not in ("count", "part", "place") or quantity.bound is not Bound.EXACTLY:
            return False
        names_text = quantity.spelled and quantity.unit in self._articles and self._at["article_end"].match(right)
        if names_text and not self._has_act(near):
            return True
        if near.endswith("等") and self._at["bodies"].match(right):
            return True
        if self._at["arranged"].match(right) and not self._at["makes"].search(near):
            return True
        if self._at["joint"].match(right) or (self._at["bracketed"].search(near) and right.startswith((")", "）"))):
            return True
        listed = self._at["announces"].match(near) is not None and not self.words.acts.search(near)
        return listed and self._at["parts"].match(right) is not None

    def exists(self, quantity: Quantity, left: str, near: str, right: str) -> bool:
        """Whether what is counted is there already: 针对*2034种*商品, A、B等*62项*服务, 已命名的*752个*乡村."""
        if self._at["defines"].search(left) or (quantity.kind == "percent" and self._at["rate_right"].match(right)):
            return True
        if quantity.kind not in ("count", "place") or quantity.bound not in (Bound.EXACTLY, Bound.ABOUT):
            return False
        if self._at["there"].search(near) or self._at["there_right"].match(right):
            return True
        if (named := self._at["there_before"].search(near)) and not self._has_act(near[named.end() :]):
            return True
        return self._is_governed(near) or (near.endswith("等") and not self._has_act(near))

    def is_rule(self, quantity: Quantity, title: str, near: str, right: str) -> bool:
        """Whether a text that sets rules bounds or sets a value with the number, and nobody shall reach it."""
        if quantity.kind not in _RULED or not self._rule_titles.search(title) or self._has_act(near):
            return False
        return quantity.kind != "percent" or not (quantity.bound is Bound.AT_LEAST or right.startswith("的"))

    def binds_applicant(self, left: str) -> bool:
        """Whether a time limit is one for those who apply: 申请人应在*5个工作日*内补充材料."""
        return self._at["applicant"].search(left) is not None

    def _is_governed(self, near: str) -> bool:
        """Whether a preposition stands before the number with no verb between them."""
        words = self._segment(near)
        at = max((i for i, word in enumerate(words) if word.text in self._prepositions), default=-1)
        return at >= 0 and not any(self._acts(word) for word in words[at + 1 :])

    def _has_act(self, near: str) -> bool:
        return any(self._acts(word) for word in self._segment(near))

    def _acts(self, word: Word) -> bool:
        return self.words.is_verb(word.text)


@lru_cache(maxsize=8)
def load_existing_words(lex: Lexicon) -> ExistingWords:
    """Return the patterns of *lex*, compiled once."""
    return ExistingWords(lex)
