"""Resolution of overlapping mentions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from extract.model import TITLED_KINDS, Kind, Mention

_IN_TITLE = frozenset({Kind.AGENCY, Kind.ENTERPRISE, Kind.ORGANIZATION})
_CLASSES = frozenset({Kind.TIER, Kind.GROUP})
_SCHEMES = frozenset({Kind.PROGRAM, Kind.PLATFORM})
_COMMON = _CLASSES | _SCHEMES
_PLACES_AND_BODIES = _IN_TITLE | {Kind.PLACE}
_NAMED = _IN_TITLE | _SCHEMES | {Kind.TIER, Kind.PLACE}
_HEADING_RULES = frozenset({"group.heading", "group.item"})
"""Rules that read a whole heading: the class has all its words, not only the last ones."""
_LOOSE_PREFIX = re.compile(r"^(?:[（(]?[一二三四五六七八九十\d]+[)）、.．]|[对向为给由和及与或])|的$|[，,、：:；;]")
_LOOSE = ("group.", "phrase.")
"""Rules of mentions that may have words of the clause, or that another name makes superfluous, begin so."""
_FRAMED = frozenset({"group.given", "group.supported", "group.directed", "group.covered"})
"""Rules that take all words between the marks of a frame as a name."""
ALLOTTED = "allotment.list"
"""Rule of the members of a list that get amounts one by one: their borders are certain."""
SHARED = {"phrase.shared", "tagger.shared", "tier.shared", ALLOTTED}
"""Rules of names that share their end with a name beside them: both may stand."""
REACH = 120
"""Characters before a span within which a mention that overlaps it begins."""
_LOOK_BACK = 6
"""How many mentions back one may overlap another."""
CANDIDATES = ("phrase.", "group.", "program.", "platform.", "tier.recognised", "organization.named", "tagger.")
"""Rules of mentions that are only candidates begin so; ``extract.relations.retention`` decides which of them stay."""
FAMILIES: Mapping[Kind, str] = {
    Kind.GROUP: "class", Kind.TIER: "class", Kind.PROGRAM: "scheme", Kind.PLATFORM: "scheme",
}  # fmt: skip
"""Classes of which two overlapping candidates are two readings of one name, if they are of one family."""


def resolve_overlaps(mentions: Iterable[Mention]) -> list[Mention]:
    """Return the mentions without those that lose to an overlapping one, in the order of the text.

    The longer mention wins. Four cases differ: a title keeps the bodies and programs that it names; a program keeps
    the class that its name begins with; no class, program or platform begins in a person's name; and a class that a
    frame introduced loses to the named entity at its end (对认定为…的小巨人企业).
    """
    ordered = sorted(mentions, key=lambda mention: (mention.span[0], -mention.span[1], -mention.confidence))
    named_by_end = {mention.span[1]: mention for mention in ordered if mention.kind in _NAMED}
    found_as_phrases = [mention for mention in ordered if mention.rule.startswith("phrase.")]
    phrases = {mention.span[1]: mention for mention in found_as_phrases}
    starting = {mention.span[0]: mention for mention in found_as_phrases if mention.kind in _CLASSES}
    allotted = {at for m in ordered if m.rule == ALLOTTED for at in range(m.span.begin, m.span.end)}
    people = {at for m in ordered if m.kind is Kind.PERSON for at in range(m.span.begin, m.span.end)}
    kept: list[Mention] = []
    for mention in ordered:
        kind, rule, (begin, end) = mention.kind, mention.rule, mention.span
        if kind in _COMMON or rule.startswith(_LOOSE):
            if rule.startswith(CANDIDATES) and not allotted.isdisjoint(range(begin, end)):
                continue  # another reading of the members of such a list
            if kind in _COMMON and begin in people:  # 张三+院士
                continue
            if rule.startswith("group.") and _has_loose_prefix(mention, phrases.get(end)):
                continue
            if rule in _FRAMED and _runs_on(mention, starting.get(begin)):
                continue
            if rule.startswith("phrase.") and _is_named_otherwise(mention, named_by_end.get(end)):
                continue
            if kind is Kind.GROUP and _loses_to_named(mention, named_by_end.get(end)):
                continue
        if _displaces(mention, kept):
            kept.append(mention)
    return kept


def _displaces(mention: Mention, kept: list[Mention]) -> bool:
    """Whether *mention* stands beside the last of *kept*; removes from *kept* what it displaces."""
    begin = mention.span[0]
    for i in range(len(kept) - 1, max(-1, len(kept) - 1 - _LOOK_BACK), -1):
        other = kept[i]
        if other.span[1] <= begin or _nests(mention, other):  # mentions are sorted: none begins later
            continue
        if are_rivals(mention, other):
            continue
        if other.span.contains(mention.span) or len(mention.span) <= len(other.span):
            return False
        del kept[i]
    return True


def are_rivals(one: Mention, two: Mention) -> bool:
    """Whether two overlapping mentions both go to the decision on candidates, because one of them may be no name.

    They are two readings of a class or scheme, or a class or scheme and another name, of which the longer may be none.
    """
    families = FAMILIES.get(one.kind), FAMILIES.get(two.kind)
    if None in families:
        longer = one if len(one.span) > len(two.span) else two
        return families != (None, None) and longer.rule.startswith(CANDIDATES)
    return (
        families[0] == families[1]
        and one.span != two.span
        and one.rule.startswith(CANDIDATES)
        and two.rule.startswith(CANDIDATES)
    )


def _has_loose_prefix(group: Mention, phrase: Mention | None) -> bool:
    """Whether *group* is a noun phrase with words before it that belong to no name: 对新引进的高校毕业生."""
    if phrase is None or phrase.span.begin <= group.span.begin:
        return False
    return _LOOSE_PREFIX.search(group.name.removesuffix(phrase.name)) is not None


def _runs_on(group: Mention, phrase: Mention | None) -> bool:
    """Whether *group* is a noun phrase with words after it that belong to the clause: 农产品加工企业*新上设备项目*."""
    return phrase is not None and phrase.span.end < group.span.end


def _is_named_otherwise(phrase: Mention, named: Mention | None) -> bool:
    """Whether a place or body that another rule knows stands at the end of *phrase*: 入驻*国家级示范基地*."""
    return named is not None and named.kind in _PLACES_AND_BODIES and phrase.span.contains(named.span)


def _loses_to_named(group: Mention, named: Mention | None) -> bool:
    if named is None or group.rule == "group.name" or not group.span.contains(named.span):
        return False
    return named.rule == "tier.scheme" or group.rule not in _HEADING_RULES


def _nests(mention: Mention, other: Mention) -> bool:
    """Whether *mention* may stand inside *other* as an entity of its own."""
    if not other.span.contains(mention.span) or other.span == mention.span:
        return False
    if mention.rule in SHARED or other.rule in SHARED:
        return mention.kind in _COMMON
    if other.kind in TITLED_KINDS:
        return mention.kind in _IN_TITLE or mention.rule == "program.quoted"
    at_start = mention.span.begin - other.span.begin <= 1
    return other.kind in _SCHEMES and mention.kind in _CLASSES and at_start
