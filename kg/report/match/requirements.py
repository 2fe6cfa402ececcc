"""What a support requires, judged for a firm: met, not met, or not known, with what would change it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Protocol

from extract.text.normalize import name_key, print_line
from extract.text.numerals import parse_numeral
from kg.report.facts import Facts
from kg.report.figures import FigureIndex, FigureInfo
from kg.report.match.profile import FirmProfile, Outcome, load_match
from kg.report.match.traits import OwnTraits
from kg.report.model import Amount, Excerpt
from ontology.terms import PK

_OPERATORS = {
    "GreaterOrEqual": ">=", "Greater": ">", "LessOrEqual": "<=", "Less": "<", "Equal": "==", "Is": "==",
    "AtLeast": ">=", "AtMost": "<=", "Exactly": "==", "About": ">=",
}  # fmt: skip
_STOPS = re.compile(r"[。；;！!？?]")
_CLAUSE = re.compile(r"[，,。；;！!？?]")
_THING = re.compile(r"[^的\d，,]{2,10}")
_AMOUNT = re.compile(r"\d[\d.]*[万亿]*元")
_WORD = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]{2,}")


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that is asked of a firm."""

    kind: Literal["number", "quality", "step", "first", "rest", "exclude", "excluded"]
    """``number``: a threshold; ``quality``: what it has or is; ``step``: what it has to do; ``first``: that it was not
    given before; ``rest``: conditions that the text counts and does not give;
    ``exclude``: that it is none of those whom the text leaves out; ``excluded``: it is one of them, and whether they
    are left out of this support is not known."""
    words: str
    outcome: Outcome
    quote: Excerpt | None = None
    property: str = ""
    """Key of the property of the profile."""
    needed: Amount | None = None
    own: Decimal | None = None
    denies: bool = False
    """Whether its words name what must not be so."""


@dataclass(frozen=True, slots=True)
class RequirementGroup:
    """Requirements of which all, any or some have to be met."""

    needed: int
    """How many of them."""
    members: tuple[Requirement, ...]
    words: str = ""
    """How the text says it (6项推荐条件之一)."""

    @property
    def outcome(self) -> Outcome:
        """Whether enough of the requirements are met."""
        counts = [member.outcome for member in self.members]
        if counts.count("met") >= self.needed:
            return "met"
        return "unknown" if counts.count("met") + counts.count("unknown") >= self.needed else "unmet"


class LeftOut(Protocol):
    """Reads conditions that say who is left out (``kg.report.match.exclusions``)."""

    @property
    def conditions(self) -> Set[str]:
        """The IRIs of these conditions."""

    def judge(self, condition: str) -> RequirementGroup:
        """Return what such a condition requires."""


class RequirementReader:
    """Reads the requirements of supports for one firm."""

    def __init__(self, facts: Facts, profile: FirmProfile, left_out: LeftOut) -> None:
        self._facts, self._profile, self._left_out = facts, profile, left_out
        self._index, self._own = FigureIndex.of(facts), OwnTraits(profile)
        self._of: dict[str, list[str]] = defaultdict(list)
        self._bound: set[str] = set()
        for condition, subject in facts.select("condition-subjects"):
            self._of[subject].append(condition)
            self._bound.add(condition)
        self._groups: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
        for group, subject, kind, needed in facts.select("condition-groups"):
            self._groups[subject].append((group, kind.removeprefix(PK), needed))

    def list_for(self, subjects: Sequence[str], quote: Excerpt | None, name: str) -> list[RequirementGroup]:
        """Return the requirements of a support.

        Args:
            subjects: IRIs of its figure, program and instrument.
            quote: the words that state it.
            name: name of the program, which tells conditions of one sentence apart.
        """
        found: list[RequirementGroup] = []
        left_out: list[RequirementGroup] = []
        for subject in filter(None, dict.fromkeys(subjects)):
            own = self._of.get(subject, ())
            found += [self._make_group([one]) for one in own if one not in self._left_out.conditions]
            left_out += [self._left_out.judge(one) for one in own if one in self._left_out.conditions]
            for iri, kind, needed in self._groups.get(subject, ()):
                members = [self._judge(condition) for condition in self._of.get(iri, ())]
                if members:
                    found.append(self._count_group(iri, members, kind, needed))
        known = {member.quote for group in found for member in group.members}
        for info in self._list_beside(quote, name):
            group = self._make_group([info.iri])
            found += [group] if not {member.quote for member in group.members} & known else []
        return list(dict.fromkeys([*found, *sorted(left_out, key=_find_place)]))

    def _count_group(self, group: str, members: list[Requirement], kind: str, needed: str) -> RequirementGroup:
        """Return the members of a group, with the conditions that the text counts and does not give."""
        if kind == "AllOf":
            return RequirementGroup(len(members), tuple(members))
        total, quote = self._facts.value(group, "outOf"), self._facts.quote(group)
        rest = int(total) - len(members) if total.isdigit() else 0
        if rest > 0:
            members.append(Requirement("rest", str(rest), "unknown"))
        words = quote.text if quote is not None and rest > 0 else ""
        return RequirementGroup(int(needed) if needed.isdigit() else 1, tuple(members), words)

    def _list_beside(self, quote: Excerpt | None, name: str) -> Iterator[FigureInfo]:
        """Yield conditions that no support has of its own, in the sentence of *quote*, unless they name another one."""
        context = self._facts.context_of(quote) if quote else ""
        if not quote or not context:
            return
        text = self._facts.view.source(context)[1]
        begin = max((m.end() for m in re.finditer("[。\n]", text[: quote.begin])), default=0)
        stop = re.compile("[。\n]").search(text, quote.end)
        for info in self._index.list_between(context, begin, stop.start() if stop else len(text)):
            if info.kind != "Condition" or info.iri in self._bound:
                continue
            around = _STOPS.search(text, info.end)
            clause = text[info.begin : around.start() if around else len(text)]
            if name and name_key(name) in name_key(clause):
                yield info

    def _make_group(self, conditions: list[str]) -> RequirementGroup:
        """Return conditions as a group: one of six if the text says so behind them."""
        members = [self._judge(condition) for condition in conditions]
        settings = load_match()["group"]["pattern"]
        quote = members[0].quote
        clause = re.split(_STOPS, quote.text + quote.after)[0] if quote else ""
        found = re.search(settings, clause)
        if not found:
            return RequirementGroup(len(members), tuple(members))
        rest = parse_numeral(found["n"].replace("两", "二")) - len(members)
        if rest > 0:
            members.append(Requirement("rest", str(rest), "unknown"))
        return RequirementGroup(1, tuple(members), found[0])

    # single conditions

    def _judge(self, condition: str) -> Requirement:
        info, facts = self._index.get(condition), self._facts
        quote = facts.quote(condition)
        words = print_line(quote.text if quote else info.metric)
        printed = facts.value(condition, "property") or info.metric
        has_value = bool(facts.value(condition, "value"))
        if not has_value or (not info.unit and not info.value):
            if facts.value(condition, "operator") == PK + "Not":
                who = facts.value(condition, "requires") or words
                return Requirement("exclude", who, self._own.judge_left_out(who), quote, denies=True)
            outcome = self._judge_quality(words, facts.value(condition, "requires") or words)
            return Requirement("quality", words, outcome, quote)
        operator = _OPERATORS.get(facts.value(condition, "operator").removeprefix(PK) or info.bound, ">=")
        key = find_property(f"{printed}{quote.text if quote else ''}", info.unit)
        needed = Amount(info.value, info.unit, info.bound)
        own = self._profile.numbers.get(key)
        if own is None:
            return Requirement("number", words, "unknown", quote, key, needed)
        return Requirement("number", words, "met" if _compare(own, operator, info.value) else "unmet", quote, key,
                           needed, own)  # fmt: skip

    def _judge_quality(self, words: str, requires: str) -> Outcome:
        """Return whether a firm has what is asked for: that it is one of those who are asked for it does not do."""
        settings = load_match()["requirements"]
        key, asked = name_key(words), name_key(requires)
        classes = (name_key(item) for item in (*self._profile.groups, *self._profile.tiers))
        is_met = any(name_key(item) in key for item in self._profile.has if len(item) > 1) or any(
            len(item) > 1 and item in asked and not re.search(settings["does"], asked.replace(item, ""))
            for item in classes
        )
        return "met" if is_met else "unknown"

    def read_clause(self, quote: Excerpt, names: Sequence[str]) -> Iterator[RequirementGroup]:
        """Yield what the clause 对…给予 asks for beside the names of the beneficiary and the conditions."""
        settings = load_match()["requirements"]
        stretch = _cut_stretch(quote)
        found = re.match(settings["clause"], stretch)
        who = found["who"] if found else stretch
        if step := re.search(settings["recheck"], who):
            yield _make_single("step", step[0], quote)
        elif first := re.search(settings["first"], who):
            yield _make_single("first", first[0], quote)
        if not found:
            return
        whole, sign, last = who.rpartition("，")
        end = found.end("who")
        is_own = len(_AMOUNT.findall(stretch[end:])) < 2
        if (
            sign
            and stretch[end : end + 1] not in "，,"
            and _THING.fullmatch(last)
            and (last in quote.text or not is_own)
        ):
            who = whole  # …的企业，载人机型奖励50万元，货运机型奖励+20万元
        keys = set(map(name_key, names))
        parts = re.split(settings["listed"], who) if re.search(settings["in_turn"], stretch[end:]) else []
        if any(name_key(part) in keys for part in parts):
            return  # 对甲类、乙类企业分别给予: the others are no condition
        rest = name_key(who)
        for name in sorted(names, key=len, reverse=True):
            rest = rest.replace(name_key(name), " ")
        left = _WORD.findall(re.sub(settings["empty"], " ", rest))
        if left and not self._is_known(left):
            yield _make_single("step", who.strip("，, "), quote)

    def _is_known(self, words: list[str]) -> bool:
        own = [name_key(item) for item in (*self._profile.has, *self._profile.groups, *self._profile.places)]
        return all(any(word in item or item in word for item in own) for word in words)


def _find_place(group: RequirementGroup) -> tuple[str, int]:
    quote = group.members[0].quote
    return (quote.source, quote.begin) if quote is not None else ("", 0)


def find_property(printed: str, unit: str) -> str:
    """Return the key of the property of a profile that a printed property with a unit is; empty if it is none."""
    for key, entry in load_match()["properties"].items():
        if unit and unit not in (entry["unit"], *entry.get("units", ())):
            continue
        if re.search(entry["words"], printed) and not ("except" in entry and re.search(entry["except"], printed)):
            return str(key)
    return ""


def _make_single(kind: Literal["step", "first"], words: str, quote: Excerpt) -> RequirementGroup:
    return RequirementGroup(1, (Requirement(kind, print_line(words), "unknown", quote),))


def _cut_stretch(quote: Excerpt) -> str:
    """Return the stretch from the full stop or semicolon before the words of a quote to the end of their clause."""
    sentence, at = quote.before + quote.text, len(quote.before) + len(quote.text)
    begin = max((m.end() for m in _STOPS.finditer(sentence, 0, max(at - 1, 0))), default=0)
    behind = _CLAUSE.split(quote.after, maxsplit=1)[0]
    return sentence[begin:] + behind


def _compare(own: Decimal, operator: str, needed: Decimal) -> bool:
    return {
        ">=": own >= needed, ">": own > needed, "<=": own <= needed, "<": own < needed, "==": own == needed
    }[operator]  # fmt: skip
