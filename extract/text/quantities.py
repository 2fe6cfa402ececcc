"""Quantities: numbers with their units and bounds, anywhere in a text.

``find_quantities`` finds them; :mod:`extract.figures` decides what they mean. Dates, document numbers, list numbers,
names (“十四五”, 500强, 12345) and the like are no quantities; ``numbers.masks`` in ``figures.toml`` lists them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise

from extract.model import Bound, Span
from extract.records import set_slots
from extract.text.folding import FoldedText, fold_text
from extract.text.number_tokens import NumberToken, find_tokens
from extract.text.number_words import QuantityPatterns, compile_patterns
from ontology.lexicons import Lexicon

_RANGE = re.compile(r"(?:[-~]{1,2}|至|到)$")
_LIST = re.compile(r"(?:、|或者?|和|及|,)(?:最高|分别)?$")
_NOTE = re.compile(r"[(（][^()（）\d\n]{1,10}[)）]")
"""Behind a member of a list, what it is for: 80%（二孩）、100%（三孩）."""
_MULTIPLES = frozenset({"%", "倍"})
"""Units of a share or a multiple of something else."""
_CHANGE = re.compile(r"[由从自]$")
_CHANGE_WIDTH = 12
_FORMER = re.compile(r"[由从自](?:每[\u4e00-\u9fff]{1,3}|原来的?|原有的?|原先的?|原|现行的?)?(?:最高)?(?:约)?$")
_CHANGED = re.compile(
    "(?:逐步|统一|全部|进一步|大幅|相应|分别)?(?:(?P<up>提高|提升|增加|增长|上升|上调|调高|扩大|扩展|发展|攀升|跃升|升|增|涨)"
    "|(?P<down>下降|降低|减少|缩短|压缩|压减|回落|下调|调低|降|减)|调整)(?:到了?|至|为|成)(?:每[\u4e00-\u9fff]{1,3})?(?:最高)?"
)


@set_slots
@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit, as the text states it."""

    span: Span
    """The number and its unit."""
    outer: Span
    """The same with the words on either side that bound the value (``不少于``, ``以上``)."""
    value: Decimal
    """In the base unit: 2.97亿元 is 297000000."""
    unit: str
    """An ISO 4217 code for money (``CNY``), ``%``, or as printed; ``:2`` for the ratio 1:2; empty for fractions."""
    kind: str
    """The kind of the unit in ``units.tsv``; ``ratio`` for ratios and fractions; ``bare`` for a large number without a
    unit (420万困难群众)."""
    bound: Bound = Bound.EXACTLY
    per: str = ""
    """What follows the slash of a sum of money: ``月`` for 元/月."""
    spelled: bool = False
    """Whether it is written in Chinese numerals."""
    group: int = 0
    """The same number for all members of one list (50万元、20万元) or range; 0 if it stands alone."""
    ranged: bool = False
    """Whether it is one end of a range."""

    def shift(self, offset: int) -> Quantity:
        """Return the same quantity in a longer text, in which its own text begins at *offset*."""
        span, outer = (Span(s.begin + offset, s.end + offset) for s in (self.span, self.outer))
        return replace(self, span=span, outer=outer)


def find_quantities(text: str, lex: Lexicon) -> list[Quantity]:
    """Return all quantities of *text*, in order.

    Args:
        text: any Chinese text; spans are offsets in it.
        lex: the lexicon (``units.tsv``, ``figures.toml``).
    """
    return find_folded_quantities(fold_text(text), lex)


def find_folded_quantities(folded: FoldedText, lex: Lexicon) -> list[Quantity]:
    """Return all quantities of a text that is folded already; spans are offsets in its source."""
    patterns = compile_patterns(lex)
    text = folded.text
    tokens = find_tokens(text, patterns)
    _share_units(text, tokens, patterns)
    _share_changed(text, tokens, patterns)
    with_unit = [token for token in tokens if token.kind]
    for token in with_unit:
        _read_bounds(text, token, patterns)
    _group_in_turn(text, with_unit, patterns)
    _share_bounds(with_unit)
    return [_make_quantity(folded, token) for token in with_unit]


def _share_units(text: str, tokens: list[NumberToken], patterns: QuantityPatterns) -> None:
    """Give the unit of ranges and lists to all members: 1-2个工作日, 3亿、10亿、20亿元, 分别给予50万元、20万元."""
    group = 0
    for left, right in zip(reversed(tokens[:-1]), reversed(tokens[1:]), strict=True):
        between = text[left.end : right.begin]
        if left.kind and left.unit == right.unit and (note := _NOTE.match(between)):
            between = between[note.end() :]
        if right.kind in ("", "ratio", "bare") or len(between) > 4 or left.kind == "ratio":
            continue
        ranged = _RANGE.fullmatch(between) and not _CHANGE.search(text[max(0, left.begin - 1) : left.begin])
        listed = _LIST.fullmatch(between)
        if not ranged and not (listed and (between[0] != "," or (left.kind and left.unit == right.unit))):
            continue
        if left.kind in ("", "bare"):
            if left.spelled and (not right.spelled or right.unit in patterns.series):
                continue
            left.kind, left.unit, left.factor, left.per = right.kind, right.unit, right.factor, right.per
            if left.times == 1 and (not ranged or left.number < right.number):
                left.times = right.times
            if ranged and left.spelled and left.scale == 1 and left.number * right.scale < right.number:
                left.times = right.scale  # 十至二十万元
        if left.unit != right.unit:
            continue
        if not right.group:
            group += 1
            right.group = group
        left.group = right.group
        if ranged:
            left.ranged, right.ranged = "low", "high"
            left.end = right.end


def _group_in_turn(text: str, tokens: list[NumberToken], patterns: QuantityPatterns) -> None:
    """Make one list of the values behind 分别 that differ in their units: 分别突破600万吨、500亿元.

    What is given may have words of its own before each value: 分别给予20万元、每人3000元、房租的30%.
    """
    last = max((token.group for token in tokens), default=0)
    begin = 0
    while begin < len(tokens):
        gives = patterns.give_in_turn(text, tokens[begin].begin)
        separator = patterns.given_next if gives else _LIST
        end = begin + 1
        while end < len(tokens) and separator.fullmatch(text, tokens[end - 1].end, tokens[end].begin):
            end += 1
        members = tokens[begin:end]
        mixed = len({token.unit for token in members}) > 1 or (gives and not tokens[begin].group)
        mixed = mixed and len(members) > 1 and not any(token.ranged for token in members)
        if mixed and (gives or patterns.stand_in_turn(text, tokens[begin].begin)):
            last += 1
            for k, token in enumerate(members):
                token.group = last
                token.apart = gives and k > 0 and members[k - 1].unit != token.unit
        begin = end


def _share_changed(text: str, tokens: list[NumberToken], patterns: QuantityPatterns) -> None:
    """Give the unit of a changed value to the value that it changes, or back: 由80提高至100万元, 从1.2亿元增至2.5亿."""
    begins = {token.group: token.begin for token in reversed(tokens) if token.group}
    for left, right in pairwise(tokens):
        change = _CHANGED.fullmatch(text, left.end, right.begin) if right.begin - left.end <= _CHANGE_WIDTH else None
        first = begins.get(left.group, left.begin)
        if change is None or not _FORMER.search(text, max(0, first - 8), first) or left.spelled:
            continue
        right.changed = True
        if right.kind == "bare" and patterns.follows_sum(text, left.begin):
            right.kind, right.unit = "money", "CNY"
        if left.kind == "money" and right.kind == "bare":
            right.kind, right.unit, right.factor, right.per = left.kind, left.unit, left.factor, left.per
        elif left.kind in ("", "bare") and right.kind not in ("", "ratio"):
            left.kind, left.unit, left.factor, left.per = right.kind, right.unit, right.factor, right.per
            rises = left.number < right.number
            if left.times == 1 and (rises if change["up"] else not rises if change["down"] else False):
                left.times = right.times


def _read_bounds(text: str, token: NumberToken, patterns: QuantityPatterns) -> None:
    """Read the words on either side that bound the value."""
    token.outer_begin, token.outer_end = token.begin, token.end
    if m := patterns.after.match(text, token.end):
        word = m[1]
        if word not in patterns.within:
            token.bound_after, token.outer_end = patterns.bounds_after[word], m.end()
        elif token.kind == "time" and not text.startswith("内容", m.start(1)):
            token.bound_after, token.outer_end = Bound.AT_MOST, m.end()
    if text[max(0, token.begin - 2) : token.begin].endswith(patterns.false_before):
        return
    if m := patterns.before.search(text, max(0, token.begin - 5), token.begin):
        token.bound_before, token.outer_begin = patterns.bounds_before[m[0]], m.start()
    elif m := patterns.reach.search(text, max(0, token.begin - patterns.reach_width), token.begin):
        if patterns.added.fullmatch(m[0]):
            return
        token.bound_before, token.outer_begin = patterns.bounds_before[m[1]], m.start()
    elif token.unit in _MULTIPLES and (
        m := patterns.far.search(text, max(0, token.begin - patterns.far_width), token.begin)
    ):
        token.bound_before = patterns.bounds_before[m[1]]
    elif patterns.floor.search(text, max(0, token.begin - patterns.reach_width), token.begin):
        token.bound_before = Bound.AT_LEAST


def _share_bounds(tokens: list[NumberToken]) -> None:
    """Give the bound of a list's first member to all members, that of a value to the value that replaces it."""
    for left, right in pairwise(tokens):
        listed = left.group and left.group == right.group and not right.apart
        if (listed or (right.changed and left.unit == right.unit)) and right.bound_before is None:
            right.bound_before = left.bound_before


def _strip_zeros(value: Decimal) -> Decimal:
    """Return *value* without trailing zeros and without an exponent."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()


def _make_quantity(folded: FoldedText, token: NumberToken) -> Quantity:
    bound = token.bound_before or token.bound_after or (Bound.AT_LEAST if token.over else Bound.EXACTLY)
    if token.ranged and bound is Bound.EXACTLY:
        bound = Bound.AT_LEAST if token.ranged == "low" else Bound.AT_MOST
    return Quantity(
        span=folded.map_to_source(token.begin, token.end),
        outer=folded.map_to_source(token.outer_begin, token.outer_end),
        value=_strip_zeros(token.number * token.times * token.factor),
        unit=token.unit,
        kind=token.kind,
        bound=bound,
        per=token.per,
        spelled=token.spelled,
        group=token.group,
        ranged=bool(token.ranged),
    )
