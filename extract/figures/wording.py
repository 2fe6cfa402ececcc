"""The patterns of ``[labels]`` in ``figures.toml``, compiled: by which figures are named."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

from extract.text.quantities import Quantity
from ontology.lexicons import Lexicon, join_alternatives


class LabelWords:
    """The patterns of ``[labels]``: how the words around a number are cut into its name."""

    def __init__(self, config: Mapping[str, Any]) -> None:
        def words(name: str) -> str:
            return f"(?:{join_alternatives(config[name])})"

        self._verbs = frozenset(config["verbs"])
        self._empty = frozenset(config["empty_verbs"])
        self._stops = frozenset(config["stops"])
        self._compounds = frozenset(config["compounds"])
        self._units: Mapping[str, str] = config["units"]
        self._kinds: Mapping[str, str] = config["kinds"]
        self.limit: str = config["limit"]
        """The word behind the act that a length of time is for: 审核+时限."""
        verbs, adverbs, openers = words("verbs"), words("adverbs"), words("openers")
        change, level, empty, doers = words("change"), words("level"), words("empty_verbs"), words("doers")
        measures, turn, governing = words("measures"), words("respectively"), words("governing")
        noun = r"[\u4e00-\u9fffA-Za-z“]{2}"
        self._strip_right = re.compile(
            rf"(?:{adverbs}|{change}{level}|{level}|{words('equal')}|{config['right_patterns']}|[、，,(\s])+$"
        )
        self._leading_verbs = re.compile(rf"^{verbs}+(?=..)")
        self.strip_left = re.compile(
            rf"^(?:\d{{1,2}}[.、]|{config['left_first']}|{words('left')}|{config['left_patterns']}|[、，,()（）■·\s])+"
        )
        self._each = re.compile(rf"^各(?={verbs})")
        self.trim = re.compile(r"^[、，,的和及与\s]+|(?<!等)[、，,的和及与\s]+$")
        self.states_value = re.compile(rf"(?:{change}?{level}|{words('equal')}){adverbs}*$")
        self.states = re.compile(rf"(?:{measures}|..{change})$")
        self.measures = re.compile(rf"{measures}$")
        self.other_value = re.compile(config["other_value"])
        self.headless = re.compile(config["headless"])
        self.changed_to = re.compile(rf"{level}{adverbs}*$")
        self.goes_on = re.compile(rf"{adverbs}*(?:{config['compared']})?{adverbs}*{change}{level}?(?:了|{adverbs})*")
        self.compared_with = re.compile(config["compared_with"])
        self.openers = re.compile(rf"^(?:{adverbs}*{openers})+")
        self.urged = re.compile(rf"^.{{0,12}}?{doers}{adverbs}*{openers}+")
        self.empty_verbs = re.compile(rf"^{empty}(?={noun})")
        self.plain_verb = re.compile(rf"{adverbs}|^{empty}+(?=.)|^{empty}$")
        self.acts = re.compile(rf"{verbs}(?={noun})")
        self.person = re.compile(rf"(?:{doers}|室|局|科|处|站|所)$")
        self.before_act = re.compile(rf"(?:{doers}|^各.{{1,5}}){adverbs}*$")
        self.bare_end = re.compile(rf"(?:(?:{verbs}|{openers})[、和或并及]?)+(?:{adverbs}|了|{words('taking')})*$")
        self.listed_act = re.compile(rf"^.*、(?={verbs}{noun})")
        self.only_acts = re.compile(rf"(?:(?:{verbs}|{adverbs})[、和及或]?)*")
        self.governing = re.compile(rf"^{adverbs}*{governing}")
        self.governed = re.compile(rf"^(?:{adverbs}|[^，,]{{0,8}})?{governing}(?:(?!{verbs}).)*$|.*等$|^$")
        self.respectively = re.compile(rf"^[^\u4e00-\u9fff]*{adverbs}*?(?:{config['compared']})?{turn}")
        self.in_turn = re.compile(rf"{turn}{adverbs}*")
        self.after_time = re.compile(rf"(?:[之以]?前|起|以来|期间)?(?:各(?={verbs}))?")
        self.of = re.compile(r"的?(?:比例|标准|幅度)的?(?=[\u4e00-\u9fff“]{2})|的(?=[\u4e00-\u9fff“])")
        self.act = re.compile(rf"(?:{config['act_patterns']})")

    def strip_end(self, text: str, borders: Collection[int]) -> str:
        """Return *text* without the words of reaching at its end; no word is cut (许可 ends with no 可).

        Args:
            text: the words before a number.
            borders: where words begin in it; empty: anywhere.
        """
        found = self._strip_right.search(text)
        if found is None:
            return text
        for at in range(found.start(), len(text)):
            if (not borders or at in borders) and self._strip_right.fullmatch(text, at):
                return text[:at]
        return text

    def strip_begin(self, text: str, borders: Collection[int]) -> str:
        """Return *text* without the words at its beginning that name nothing; no word is cut (并 in 并联)."""
        found = self.strip_left.match(text)
        if found is None:
            return self._each.sub("", text)
        for at in range(found.end(), 0, -1):
            if (at == len(text) or at in borders) and self.strip_left.fullmatch(text, 0, at):
                return self._each.sub("", text[at:])
        return self._each.sub("", text)

    def strip_adverbs(self, verbs: str) -> str:
        """Return verbs without the adverbs around them, and without verbs that add nothing."""
        return verbs if verbs in self._verbs and verbs not in self._empty else self.plain_verb.sub("", verbs)

    def strip_verb(self, name: str) -> str:
        """Return *name* without the verbs at its beginning."""
        return self._leading_verbs.sub("", name)

    def is_verb(self, word: str) -> bool:
        """Whether *word* is a verb that takes what is counted as its object."""
        return word in self._verbs

    def is_stop(self, word: str, following: str = "") -> bool:
        """Whether a noun phrase ends before *word*; 推进 in 推进会 is a part of it."""
        return word in self._stops and following not in self._compounds

    def name_unit(self, quantity: Quantity, verb: str) -> str:
        """Return the name of a number that only its verb and its unit name: 惠及4300人 is 惠及人数."""
        if counted := self._units.get(quantity.unit, ""):
            return verb + counted
        counted = self._kinds.get(quantity.kind, "")
        return verb + counted if verb and counted else ""


@lru_cache(maxsize=8)
def load_label_words(lex: Lexicon) -> LabelWords:
    """Return the words of *lex*, compiled once."""
    return LabelWords(lex.read_config("figures")["labels"])
