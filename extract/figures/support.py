"""What sort of support an amount is: money that is paid, a tax that is reduced, a loan, a term, a sum for all.

The noun behind or before the amount tells it. Sums that somebody pays for a breach, and the turnover or investment of
a firm, are no support at all.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import cache

from extract.figures.around import Around
from extract.figures.context import FigureContext, Number, Scene
from extract.model import Bound, Support
from ontology.lexicons import Lexicon, join_alternatives

SHARES = frozenset({"%", "倍", ""})
"""Units of an amount that is a part or a multiple of something else."""
_BRACKETS = re.compile(r"\([^()]*\)")
_MEMBERS = re.compile(r"(?:[\d.]+(?:%|[万亿]*元|倍)[、和及或,])+$")
"""The members of a list before its last one: 80%（二孩）、+100%（三孩）."""
NO_SUPPORT = "None"
"""Sort of nouns that no support is an amount of."""


class _Nouns:
    """The section ``[support]`` of ``figures.toml``, compiled."""

    def __init__(self, lex: Lexicon) -> None:
        config = lex.read_config("figures")["support"]
        self.sorts: dict[str, str] = {word: sort for sort, words in config["nouns"].items() for word in words}
        nouns = join_alternatives(self.sorts)
        self.any = re.compile(nouns)
        weak = frozenset(config["weak"]) | {noun for noun, sort in self.sorts.items() if sort == NO_SUPPORT}
        self.strong = re.compile(join_alternatives(noun for noun in self.sorts if noun not in weak))
        self.right = re.compile(f"{config['right']}({nouns})")
        self.base = re.compile(config["base"])
        self.share_of, self.share_lead = re.compile(config["share_of"]), re.compile(config["share_lead"])
        self.share_name: str = config["share_name"]
        self.share_word: str = config["share_word"]
        self.shared = re.compile(config["shared"])
        self.budget = re.compile(config["budget"])
        self.whole = re.compile(config["whole"])
        self.large = re.compile(config["large"])
        self.large_from = Decimal(config["large_from"])
        self.single = re.compile(config["single"])
        self.penalty = re.compile(config["penalty"])
        self.refused_left = re.compile(config["refused_left"])
        self.refused_right = re.compile(config["refused_right"])
        self.belongs = re.compile(config["belongs"])
        self.tail = re.compile(config["tail"])
        self.joins = re.compile(config["joins"])
        self.strip = re.compile(config["strip"])
        self.border = re.compile(config["border"], re.DOTALL)
        self.reduced = re.compile(config["reduced"])
        self.steps: tuple[str, ...] = tuple(lex.read_config("figures")["bounds"]["steps"])

    def is_total(self, words: str, value: Decimal) -> bool:
        """Whether the words before an amount say that all receivers share it."""
        return self.whole.search(words) is not None or (
            value >= self.large_from and self.large.search(words) is not None
        )

    def find_last(self, words: str, *, named: bool = False) -> re.Match[str] | None:
        """Return the last noun in *words*, or the last one that names a support.

        A word that belongs to the noun before it is not told by itself.
        """
        found: re.Match[str] | None = None
        for m in (self.strong if named else self.any).finditer(words):
            if found is None or found.end() < m.start() or not self.belongs.fullmatch(m[0]):
                found = m
        return found

    def measure_behind(self, words: str) -> int:
        """Return where the noun ends with which *words*, those behind an amount, begin; 0 if there is none."""
        m = self.right.match(words)
        if m is None:
            return 0
        end = m.end()
        while (following := self.any.match(words, end)) is not None:
            end = following.end()
        return end

    def name_last(self, words: str) -> str:
        """Return the last noun in *words* with the words that belong to it, empty if there is none."""
        found = self.find_last(words, named=True)
        if found is None:
            return ""
        tail = self.tail.match(words, found.end())
        border = self.border.match(words, 0, found.start())
        end = tail.end() if tail is not None else found.end()
        return self.strip.sub("", words[border.end() if border is not None else 0 : end])

    def find_behind(self, words: str) -> int:
        """Return where the first noun in *words* ends that names a support, and not what the next share is a share of.

        0 if there is none.
        """
        end = next((m.end() for m in self.strong.finditer(words) if not self.shared.match(words, m.end())), 0)
        while end and (following := self.any.match(words, end)) is not None:
            end = following.end()
        return end

    def cut_base(self, number: Number, left: str) -> str:
        """Return the words before an amount without what it is a share of."""
        left = _MEMBERS.sub("", _BRACKETS.sub("", left))
        base = self.base.search(left) if number.quantity.unit in SHARES else None
        return left[: base.start()] if base is not None else left


@cache
def _load_nouns(lex: Lexicon) -> _Nouns:
    return _Nouns(lex)


def is_penalty(a: Around, lex: Lexicon) -> bool:
    """Whether an amount is what somebody pays for a breach: 违约金不超过*1000万元*, *5万元*罚款."""
    penalty = _load_nouns(lex).penalty
    return penalty.search(a.left) is not None or penalty.match(a.right) is not None


def is_stopped(a: Around, lex: Lexicon) -> bool:
    """Whether a support is stopped or refused: 取消*5万元*奖励, 不再给予*20万元*, 奖励*30万元*的规定停止执行."""
    nouns = _load_nouns(lex)
    return nouns.refused_left.search(a.left) is not None or nouns.refused_right.match(a.tail + a.after) is not None


def classify_support(
    page: FigureContext, scene: Scene, number: Number, a: Around, earlier: Sequence[str]
) -> Support | None:
    """Return the sort of support that a number is an amount of, None if its noun names no support.

    Args:
        page: the page.
        scene: the sentence of the number.
        number: the number.
        a: the words around it.
        earlier: the sorts of the amounts before it in its segment.
    """
    nouns = _load_nouns(page.lex)
    sort = _find_sort(page, scene, number, a, earlier, nouns)
    if sort == NO_SUPPORT:
        return None
    quantity = number.quantity
    if quantity.kind == "money" and nouns.is_total(a.near, quantity.value):
        return Support.BUDGET
    if (
        sort == Support.GRANT
        and quantity.kind == "money"
        and quantity.bound is not Bound.AT_MOST
        and not quantity.per
        and nouns.budget.search(a.near)
        and not nouns.single.search(a.near)
    ):
        return Support.BUDGET
    return Support(sort)


def _find_sort(
    page: FigureContext, scene: Scene, number: Number, a: Around, earlier: Sequence[str], nouns: _Nouns
) -> str:
    behind = nouns.find_last(a.right[: nouns.measure_behind(a.right)])
    if behind is not None and nouns.sorts[behind[0]] != NO_SUPPORT:
        return nouns.sorts[behind[0]]
    if found := nouns.find_last(nouns.cut_base(number, a.left)):
        sort = nouns.sorts[found[0]]
        return sort if sort != NO_SUPPORT or number.quantity.kind == "money" else Support.OTHER_TERM
    if earlier:
        return earlier[-1]
    words = (nouns.find_last(a.before), nouns.any.search(a.tail + a.after))
    for found in (*words, *(nouns.find_last(page.heading(part)) for part in scene.chain)):
        if found and nouns.sorts[found[0]] != NO_SUPPORT:
            return nouns.sorts[found[0]]
    return Support.OTHER_TERM


def find_base(left: str, lex: Lexicon) -> str:
    """Return what a share is of by the words before its number: 设备投资额 in 按设备投资额的10%; empty if unknown."""
    nouns = _load_nouns(lex)
    left = _MEMBERS.sub("", left)
    found = nouns.share_of.search(left)
    if found is None:
        return ""
    words = found["base"]
    lead = nouns.share_lead.match(words)
    return words[lead.end() if lead is not None else 0 :].removeprefix("其")


def name_share(metric: str, base: str, lex: Lexicon) -> str:
    """Return the name of a share with what it is a share of: 补助（按设备投资额）."""
    nouns = _load_nouns(lex)
    name = metric.split(nouns.share_word)[0] if metric.endswith(base) else metric
    return nouns.share_name.format(name=name, base=base) if base not in name else name


def name_support(page: FigureContext, scene: Scene, number: Number, a: Around, words: str, earlier: str) -> str:
    """Return the name of a support: *words*, those beside the amount, if they name one.

    A sum that is added or taken away says so in its name, since it is not the whole: 最高贷款额度*上浮*20%.

    Args:
        page: the page.
        scene: its sentence.
        number: the amount.
        a: the words around it.
        words: the name that the words beside the amount give.
        earlier: the name of the support before it in the sentence.
    """
    nouns = _load_nouns(page.lex)
    name = _find_name(page, scene, number, a, words, earlier)
    group = number.quantity.group
    first = next((n for n in scene.numbers if n.quantity.group == group), number) if group else number
    before = page.text[scene.clause(first.begin).begin : first.outer_begin]  # 分别上调10%、20%: for all of them
    step = next((step for step in nouns.steps if before.endswith(step)), "")
    return name + step if step and name and step not in name else name


def _find_name(page: FigureContext, scene: Scene, number: Number, a: Around, words: str, earlier: str) -> str:
    nouns = _load_nouns(page.lex)
    if reduced := nouns.reduced.match(a.right):
        return reduced[1]
    end = nouns.measure_behind(a.right)
    if end and nouns.strong.search(a.right, 0, end):
        return nouns.strip.sub("", words if nouns.strong.search(words) else nouns.joins.sub("", a.right[:end])).strip()
    opened = a.left.rfind("(")
    if opened > a.left.rfind(")") and not nouns.any.search(a.left, opened):
        return words
    own = nouns.name_last(nouns.cut_base(number, a.left))
    if own or (earlier and nouns.strong.search(earlier)):
        return own or earlier
    behind = nouns.find_behind(a.tail)
    headings = (nouns.name_last(page.heading(part)) for part in scene.chain)
    return (
        nouns.name_last(a.before)
        or (nouns.name_last(a.tail[:behind]) if behind else "")
        or next(filter(None, headings), "")
        or earlier
        or words
    )
