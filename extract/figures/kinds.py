"""Which kind of figure a number makes: support, fact, promise or threshold; or none."""

from __future__ import annotations

import re

from extract.figures.around import Around, Verdict
from extract.figures.context import FigureContext, Number, Scene
from extract.figures.cues import Cues, cues_in
from extract.figures.durations import judge_duration
from extract.figures.existing import load_existing_words
from extract.figures.promises import counts_to_date, is_past, is_promised, is_reached
from extract.model import Bound, Kind

_MONEY = frozenset({"money", "percent", "ratio", "share"})
_SENTENCE = re.compile("[。\n]")
_COUNTED_NOUN = re.compile("[\u4e00-\u9fff“”]{2,10}")
_LARGEST_TERM = 100_000_000
"""CNY: a larger sum is a total, not what one receiver gets."""
_LARGEST_VOUCHER = 1_000_000
"""CNY: vouchers of more than that are for many receivers."""
_SMALLEST_BARE_SUM = 10_000
"""A number without unit is a sum from here on: 贷款额度由60万提高至80万."""
_ORDINAL = 2
"""二套 is the second one; two of them are 两套."""
_LENGTHS = frozenset({"length", "time", "mass"})
_SIZES = frozenset({"money", "area", "length", "mass", "volume", "energy", "time"})


def judge(page: FigureContext, scene: Scene, number: Number, a: Around, earlier: Kind | None) -> Verdict | None:
    """The kind of figure that *number* makes, None if it makes none.

    Args:
        earlier: the kind of the number before it in the same list, or segment.
    """
    c = cues_in(page.text[scene.begin : scene.end], page.lex)
    q = number.quantity
    if _counts_nothing(number, a, page.text[number.begin : number.outer_end], c):
        return None
    proposal = scene.letter.kind is Kind.PROPOSAL
    existing = load_existing_words(page.lex)
    part = next((p.kind for p in scene.chain if p.kind is not None), None)
    if proposal and part is not Kind.PROBLEM and _wished(a, part, c):
        return None
    instrument = scene.letter.kind is Kind.INSTRUMENT
    if instrument and existing.counts_parts(q, a.near, a.right):
        return None
    if c.has("denied", a.tail):  # 未达到100万元的企业不予奖励
        return Verdict(Kind.CONDITION, "threshold") if q.bound is not Bound.EXACTLY else None
    if instrument and _starts_something(number, a, c):
        return Verdict(Kind.CONDITION, "threshold")
    if instrument and _is_rule(number, a, c):
        return None
    if q.kind == "time" and (verdict := judge_duration(page, scene, number, a, part)) is not False:
        return verdict
    promised = part is Kind.COMMITMENT or _target_heading(page, scene, c)
    if _threshold(scene, number, a, c):
        return Verdict(Kind.CONDITION, "threshold")
    if instrument and q.kind == "percent" and q.bound is Bound.AT_MOST and c.has("area", a.near):
        return Verdict(Kind.CONDITION, "requirement")
    if _is_former(page, scene, number, a, c):
        return Verdict(Kind.OBSERVATION, "former")
    if instrument and q.kind in ("percent", "share") and _shares_cost(a, c):
        return Verdict(Kind.OBSERVATION, "cost share")
    if instrument and q.kind == "count" and q.bound is Bound.AT_MOST and c.has("counted_limit", a.near):
        return Verdict(Kind.OBSERVATION, "rule")
    if not proposal and _given(scene, number, a, part, earlier, c):
        return Verdict(Kind.PROVISION, "support")
    if proposal:
        return Verdict(Kind.OBSERVATION, "fact")
    to_date = instrument and counts_to_date(scene, number, page.text, c)
    if to_date or (instrument and existing.exists(q, a.left, a.near, a.right)):
        return Verdict(Kind.OBSERVATION, "existing")
    if promised and not is_past(scene, number, a.left, c) and not is_reached(scene, number, a.before, a.left, c):
        return Verdict(Kind.TARGET, "commitment")
    sentence = page.text[scene.begin : number.begin]
    if _promised(scene, number, a, c) and not c.has("past_strict", a.left):
        return Verdict(Kind.TARGET, "promise")
    if instrument and _sets_term(number, a, earlier, c):
        return Verdict(Kind.PROVISION, "term of support")
    if instrument and existing.is_rule(q, _find_title(page, scene), a.near, a.right):
        return Verdict(Kind.OBSERVATION, "rule") if q.bound is Bound.EXACTLY else Verdict(Kind.CONDITION, "requirement")
    if instrument and _planned(page, scene, number, a, sentence, c):
        if q.bound is not Bound.EXACTLY and q.kind in _SIZES and c.has("firm", a.left):
            return Verdict(Kind.CONDITION, "requirement")
        return Verdict(Kind.TARGET, "plan")
    return Verdict(Kind.OBSERVATION, "fact")


def _counts_nothing(number: Number, a: Around, words: str, c: Cues) -> bool:
    """Whether the number, printed as *words*, is no amount of anything: an ordinal, a score, a size class."""
    q = number.quantity
    if q.kind == "part" or (words.startswith("二") and q.value == _ORDINAL and q.unit in c.weak | {"套"}):
        return True
    if q.kind == "score" and c.has("score_left", a.left) and c.has("score_right", a.right):
        return True
    if q.kind == "count" and q.unit in c.weak and _refers_back(a, c):
        return True
    classed = q.kind in _SIZES - {"money", "time"} and c.has(
        "class_right", words[number.end - number.begin :] + a.right
    )
    if q.kind == "place" and q.value != q.value.to_integral_value():
        return True
    if c.has("included", a.left) or (classed and not c.has("give_verb", a.tail + a.after)):
        return True
    if q.kind == "ratio" and _shares_cost(a, c):
        return True
    if q.kind == "ratio" and not (c.has("ratio_left", a.near) or c.has("give", a.clause)):
        return True
    if q.spelled and q.kind != "money" and q.value <= 10 and q.unit in c.weak and q.bound is Bound.EXACTLY:
        return q.kind != "time" or not c.has("term", a.left)
    if q.kind == "percent" and (c.has("instalment", a.near) or c.has("weights", a.clause)):
        return True
    if c.has("size_class", a.right) or (q.spelled and q.value == 1 and q.kind == "count"):
        return True
    return c.has("rank", a.left) or (q.kind in ("time", "length") and c.has("circle", a.right))


def _refers_back(a: Around, c: Cues) -> bool:
    """Whether the number sums up what the text has just listed: 等*15项*举措, 上述*5项*."""
    return c.has("listed_above", a.near) or (c.has("and_so_on", a.near) and c.has("text_parts", a.right))


def _starts_something(number: Number, a: Around, c: Cues) -> bool:
    """Whether the number decides when or to whom a measure applies: 涨幅达到*6%*时启动, 有*两个*及以上子女的家庭."""
    q = number.quantity
    bounded = q.bound is not Bound.EXACTLY
    if bounded and c.tells_case(q, a.left, a.right, a.tail):
        return True
    reached = bounded or c.has("threshold_reached", a.near)
    if reached and (c.has("when_right", a.right) or c.has("when_left", a.clause)):
        return True
    selected = c.has("selects_left", a.clause) and c.has("selected_right", a.right)
    selected = selected and not c.has_joined("give", a.near, a.right)
    return bounded and (selected or (c.has("family_left", a.near) and c.has("family_right", a.right)))


def _is_rule(number: Number, a: Around, c: Cues) -> bool:
    """Whether it is what the law allows or what something costs, which is neither support nor a promise."""
    q = number.quantity
    if q.unit == "折":
        return c.has("discount_left", a.left)
    if c.has("rule_left", a.near) or (q.kind == "length" and c.has("zone", a.right)):
        return True
    if q.kind == "money" and c.has("computed_left", a.near) and c.has("computed_right", a.right):
        return True
    if c.has("give_verb", a.near) or c.has("give_right", a.right):
        return False
    return q.kind == "money" and c.has("price_left", a.left) and (c.has("price_right", a.right) or q.per in c.metered)


def _shares_cost(a: Around, c: Cues) -> bool:
    """Whether it says who bears which part of a cost, and no verb of giving governs it: 按*3:7*比例负担."""
    borne = c.has("cost_share", a.right) or (c.has("bears", a.near) and not c.has("give_right", a.right))
    return borne and not c.has("give_now", a.near)


def _wished(a: Around, part: Kind | None, c: Cues) -> bool:
    return (part is Kind.SUGGESTION or c.has("wish", a.segment)) and not c.has("stated", a.segment)


def _threshold(scene: Scene, number: Number, a: Around, c: Cues) -> bool:
    q = number.quantity
    if q.kind == "age":
        return not c.has("not_age", a.left)
    if c.has("give_verb", a.near) and c.has_joined("give", a.near, a.right):
        return False
    if q.bound is not Bound.EXACTLY and len(a.right) < len(a.tail) and c.has("offers_right", a.right):
        return True  # 增长10%以上的再奖励+3万元
    suffixed = number.outer_end > number.end
    named = suffixed or c.has("threshold_reached", a.near) or q.bound is not Bound.EXACTLY
    cue = c.has("threshold_left", a.left)
    ends = c.has("threshold_end", a.clause)
    if c.has("threshold_rest", a.right):
        return True
    bounded = q.bound is not Bound.EXACTLY and q.kind in _LENGTHS and not c.has("limit", a.near)
    if ends and (cue or suffixed or bounded) and not a.clause.startswith("、"):
        return True
    if suffixed and a.right.startswith("的") and c.has_joined("give_verb", a.right, a.after) and q.kind not in _MONEY:
        return True
    if suffixed and q.kind not in _MONEY and _joins_class(a, c) and scene.letter.kind is Kind.INSTRUMENT:
        return True
    sized = q.kind in _SIZES and (suffixed or q.ranged)
    if sized and q.kind == "money" and len(a.right) < len(a.tail) and _COUNTED_NOUN.fullmatch(a.right):
        return True  # 产值100亿元以上企业+5家
    if sized and c.has("threshold_right", a.right) and not q.ranged:
        return not (c.has("target", a.before[-40:] + a.left) or c.has("makes", a.near)) or a.right.startswith("的")
    if sized and q.kind != "money" and c.has("give_verb", a.tail + a.after):
        return True
    if named and cue and a.right.startswith("的") and c.has("threshold_right", a.right):
        return q.kind != "percent" or c.has_joined("give", a.after, a.right)
    limit = c.has("limit", a.near) or c.has("give_verb", a.before)
    if q.bound is Bound.ABOUT or limit or (q.kind == "count" and c.has("selects", a.near)):
        return False
    if (
        named
        and c.has_joined("threshold_left", a.near, a.right[:2])
        and not c.has("give", a.clause)
        and (c.has("give_verb", a.after))
    ):
        return True
    if (
        q.group
        and cue
        and not c.has("give", a.clause)
        and c.has("give_verb", a.after)
        and scene.letter.kind is Kind.INSTRUMENT
    ):
        return True
    return (
        named
        and c.has("must", a.left)
        and scene.letter.kind is not Kind.PROPOSAL
        and (c.has("give", a.segment) or scene.letter.kind is Kind.INSTRUMENT or c.has("threshold_applies", a.segment))
    )


def _joins_class(a: Around, c: Cues) -> bool:
    """Whether it and what follows tell a class that gets something: 床位*20张*以上且取得许可证的民宿，给予补助."""
    joined = c.has("joined_right", a.right.strip("，, ") or a.after.lstrip("，, "))
    return joined and not c.has("makes", a.near) and c.has_joined("give_verb", a.right, a.after)


def _given(scene: Scene, number: Number, a: Around, part: Kind | None, earlier: Kind | None, c: Cues) -> bool:
    q = number.quantity
    instrument = scene.letter.kind is Kind.INSTRUMENT
    if q.kind not in _MONEY:
        return q.kind == "count" and q.unit not in c.not_given and c.has("give_things", a.left)
    if c.has("past_strict" if instrument else "past", a.left) and not c.has("give_unless_past", a.near):
        return False
    if q.kind == "money" and c.has("scale", a.near):
        return False
    told_past = earlier is Kind.OBSERVATION and not instrument and c.has("past_strict", a.before)
    if told_past and q.bound is Bound.EXACTLY and not c.has("offer", a.near):
        return False
    if part is Kind.COMMITMENT:
        return c.has("give_now", a.clause) and c.has_joined("give", a.near, a.right)
    if c.has("give_right", a.right):
        return True
    if c.has("give_verb", a.left) and c.has_joined("give", a.left, a.right):
        return True
    if c.has("give_standard", a.left):
        return True
    if q.kind in ("percent", "ratio") and c.has("give_share", a.left) and c.has("give_verb", a.after):
        return True
    if q.kind == "percent" and c.has("reduced_left", a.near) and c.has("reduced_right", a.right):
        return True
    if earlier is Kind.PROVISION and (q.group or c.has("give", a.near)):
        return True
    limited = q.bound is Bound.AT_MOST or q.per != "" or c.has("each", a.near)
    if limited and (c.has("give_limit", a.left) or c.has("give_now", a.after)):
        return earlier is Kind.PROVISION or c.has("give", a.segment) or q.bound is Bound.AT_MOST
    return limited and (c.has("give", a.left) or (earlier is Kind.PROVISION and c.has("give", a.segment)))


def _target_heading(page: FigureContext, scene: Scene, c: Cues) -> bool:
    for part in scene.chain:
        heading = page.heading(part)
        if c.has("past_heading", heading):
            return False
        if c.has("target_heading", heading):
            return True
    return False


def _is_former(page: FigureContext, scene: Scene, number: Number, a: Around, c: Cues) -> bool:
    """Whether this value is changed to the next one: 由*30万元*提高到40万元; or all values of a list are."""
    near, right, group = a.near, a.right, number.quantity.group
    if group and len(members := [n for n in scene.numbers if n.quantity.group == group]) > 1:
        near = page.text[scene.clause(number.begin).begin : members[0].begin]
        right = page.text[members[-1].outer_end : scene.clause(number.begin).end]
    return c.has("former_left", near) and c.has("former_right", right)


def _sets_term(number: Number, a: Around, earlier: Kind | None, c: Cues) -> bool:
    """Whether a policy sets what one receiver gets or pays (a loan's limit, a rate), not what a region shall reach."""
    q = number.quantity
    bare = q.unit == "" and q.value >= _SMALLEST_BARE_SUM
    if not (q.kind in _MONEY or bare) or (q.kind == "money" and q.value >= _LARGEST_TERM):
        return False
    words = a.before[-40:] + a.left
    if q.kind == "percent" and c.has("share_of_price", a.near):
        return True
    if q.bound is Bound.AT_MOST and c.has("cap", a.near) and (earlier is Kind.PROVISION or c.has("give_now", a.before)):
        return True
    if c.has("voucher_left", a.near) and c.has("voucher_right", a.right):
        return q.bound is not Bound.AT_LEAST and q.value < _LARGEST_VOUCHER
    if c.has("aggregate", words):
        return False
    if earlier is Kind.PROVISION and c.has("remainder", a.near):
        return True
    multiple = q.unit == "倍" and c.has("balance", a.near)
    changed = multiple or c.has("changed_to", a.near) or c.has("surcharge", a.near)
    return c.has("term_of_support", a.left) or (changed and c.has("term_noun", words))


def _promised(scene: Scene, number: Number, a: Around, c: Cues) -> bool:
    return is_promised(scene, number, a.before, a.left, c)


def _planned(page: FigureContext, scene: Scene, number: Number, a: Around, sentence: str, c: Cues) -> bool:
    """A plan speaks of what is to come unless it says otherwise; a report of what was."""
    least = number.quantity.bound is Bound.AT_LEAST or c.has("at_least", a.near)
    if c.has("past_strict", sentence) or (c.has("size", a.near[-6:]) and not least):
        return False
    if c.has("existing", a.near) or (c.has("carries_out", a.left) and c.has("text_parts", a.right)):
        return False
    if c.has("year", a.left) and is_past(scene, number, a.left, c):
        return False
    if any(c.has("past_heading", page.heading(p)) for p in scene.chain):
        return False
    title = _find_title(page, scene)
    if c.has("report_title", title):
        return False
    return c.has("plan_title", title) or (least and c.has("does", a.near))


def _find_title(page: FigureContext, scene: Scene) -> str:
    begin = page.folded.map_offset(scene.letter.span.begin)
    return scene.letter.get_value("title") or _SENTENCE.split(page.text[begin : begin + 60], maxsplit=1)[0]
