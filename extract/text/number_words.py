"""What the lexicon says about numbers: units, bounds, masks, and the words by which numbers are sums or a list."""

from __future__ import annotations

import re
from functools import lru_cache

from extract.model import Bound
from extract.text.units import UnitTable
from ontology.lexicons import Lexicon, join_alternatives


class QuantityPatterns:
    """What the lexicon says about numbers, compiled once."""

    def __init__(self, lex: Lexicon) -> None:
        self.units = UnitTable(lex)
        numbers, bounds = lex.read_config("figures")["numbers"], lex.read_config("figures")["bounds"]
        # Several patterns run twice as fast as one alternation of all.
        self.masks = tuple(
            (re.compile(m["is"]), tuple(m["near"])) if isinstance(m, dict) else (re.compile(m), ())
            for m in numbers["masks"]
        )
        self.per = re.compile(f"[/·]({join_alternatives(numbers['per'])})(?![A-Za-z])")
        self.over = re.compile(f"(?:{join_alternatives(numbers['over'])})")
        self.sum_before = re.compile(f"(?:{join_alternatives(numbers['sum_before'])})[^,，。;；、:：\\d\\n]{{0,8}}$")
        self.person_after = re.compile(f"[\u4e00-\u9fff]{{0,8}}?(?:{join_alternatives(numbers['people'])})")
        self.people = re.compile(
            f"[\u4e00-\u9fff]{{0,8}}?(?:{join_alternatives(numbers['people'])})|(?:以上|左右|以下)?[,，。;；、)]|$"
        )
        self.series = frozenset(numbers["series_units"])
        self.sum_after = re.compile(
            f"(?:以内|以上|以下|左右|不等)?的?(?:一次性)?{numbers['sum_gap']}(?:{join_alternatives(numbers['sum_after'])})"
        )
        self.bare = re.compile(f"(?:{join_alternatives(numbers['bare_before'])})$")
        keys = (("at_most", Bound.AT_MOST), ("at_least", Bound.AT_LEAST), ("about", Bound.ABOUT))
        self.bounds_before = {word: bound for key, bound in keys for word in bounds[f"{key}_before"]}
        self.bounds_after = {word: bound for key, bound in keys for word in bounds[f"{key}_after"]}
        self.within = frozenset(bounds["within_after"])
        self.false_before = tuple(bounds["false_before"])
        self.before = re.compile(f"(?:{join_alternatives(self.bounds_before)})$")
        self.after = re.compile(f"(?:\\([^()]{{1,6}}\\))?({join_alternatives([*self.bounds_after, *self.within])})")
        width = int(bounds["reach_width"])
        self.reach_width = width + 12
        self.reach = re.compile(
            f"({join_alternatives(bounds['reach'])})(?!人民法院|人民检察院|法院|检察院|点)[^,，。;；、:：\\d\\n]{{0,{width}}}$"
        )
        self.far_width = int(bounds["far_width"])
        self.far = re.compile(rf"({join_alternatives(bounds['far'])})(?:[^,，。;；、:：\d\n()]|\([^()\n]*\))*的$")
        self.floor = re.compile(
            f"(?:{join_alternatives(bounds['floors'])})(?:[^,，。;；、:：\\d\\n]{{0,{width}}}?"
            f"(?:{join_alternatives(bounds['floor_nouns'])}))?(?:{join_alternatives(bounds['floor_verbs'])})*$"
        )
        """A lower bound that stands before its noun or its verb: *最低首付款比例为*15%, 首付款比例*最低为*15%."""
        steps = join_alternatives(bounds["steps"])
        self.added = re.compile(
            f"(?:{join_alternatives(bounds['peaks'])})(?!{join_alternatives(bounds['adverbs'])}|{steps}).*(?:{steps})"
        )
        """What a value adds to a sum that has 最高 in its name: *最高贷款额度上浮*20%."""
        lists = lex.read_config("allotments")
        turn = f"(?:{join_alternatives(lists['respectively'].split())})"
        self._in_turn = re.compile(rf"{turn}[^,，。;；、\d\n]*$")
        self._give_in_turn = re.compile(
            rf"{turn}[^,，。;；、\d\n]*?(?:{join_alternatives(lists['gives'].split())})[^,，。;；、\d\n]*$"
        )
        self.given_next = re.compile(lists["next_value"])
        """What stands between two values of such a list: 20万元+、每人+3000元."""

    def stand_in_turn(self, text: str, position: int) -> bool:
        """Whether the values from *position* on belong to several things in turn: *分别突破*600万吨、500亿元."""
        return self._in_turn.search(text, max(0, position - 10), position) is not None

    def give_in_turn(self, text: str, position: int) -> bool:
        """Whether the values from *position* on are given to several receivers in turn: *分别给予*2万元、3000元."""
        return self._give_in_turn.search(text, max(0, position - 20), position) is not None

    def stands_bare(self, text: str, position: int) -> bool:
        """Whether a large number may end at *position* without a unit: before people, a noun of money or a mark."""
        return self.sum_after.match(text, position) is not None or self.people.match(text, position) is not None

    def follows_sum(self, text: str, position: int) -> bool:
        """Whether a noun that means a sum of money stands before *position*."""
        return self.sum_before.search(text, max(0, position - 16), position) is not None


@lru_cache(maxsize=8)
def compile_patterns(lex: Lexicon) -> QuantityPatterns:
    return QuantityPatterns(lex)
