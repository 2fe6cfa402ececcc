"""A support judged for a firm: entitled, likely, not known or not, with what is open and what would move it up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from extract.text.normalize import name_key
from kg.report.facts import Facts
from kg.report.match.beneficiaries import BeneficiaryTable, Fit
from kg.report.match.exclusions import ExclusionReader
from kg.report.match.places import PlaceTable
from kg.report.match.places import Relation as PlaceRelation
from kg.report.match.profile import FirmProfile, load_match
from kg.report.match.requirements import Requirement, RequirementGroup, RequirementReader
from kg.report.match.supports import FirmSupport
from kg.report.model import Amount, Code, Note
from kg.report.times import end_of_period

STATUSES = ("entitled", "likely", "unknown", "not", "unsaid")
"""The last one is of supports of which it was not read whom they are for."""
_SOFT = frozenset({"first", "exclude"})
"""Requirements that leave a support likely."""
_OVER = frozenset({"Repealed"})


@dataclass(frozen=True, slots=True)
class SupportJudgement:
    """A support with its status for a firm."""

    support: FirmSupport
    fit: Fit
    place: PlaceRelation
    groups: tuple[RequirementGroup, ...]
    status: str
    open: tuple[Note, ...]
    """What is not known."""
    change: tuple[Note, ...]
    """The smallest change that moves it up; empty if there is none."""


class Judge:
    """Judges supports for one firm."""

    def __init__(self, facts: Facts, profile: FirmProfile, today: date) -> None:
        self._facts, self._today = facts, today
        self._shared = re.compile(load_match()["receivers"]["shared"])
        self._per_person = re.compile(load_match()["receivers"]["per_person"])
        self._table = BeneficiaryTable(facts, profile)
        self._places = PlaceTable(facts, profile.places)
        self._exclusions = ExclusionReader(facts, profile)
        self._requirements = RequirementReader(facts, profile, self._exclusions)
        self._draft = re.compile(load_match()["validity"]["draft"])

    def is_elsewhere(self, support: FirmSupport) -> bool:
        """Return whether a support is given in another place."""
        return self._places.relate(support.place) == "other"

    def judge(self, support: FirmSupport) -> SupportJudgement | None:
        """Return the judgement; None if it is given elsewhere or not to firms."""
        place = self._places.relate(support.place)
        if not support.beneficiary and place != "other":
            return self._tell_unsaid(support, place)
        fit = self._table.fit(support.beneficiary) if support.beneficiary else "none"
        if place == "other" or fit == "none":
            return None
        if fit in ("self", "general", "treated") and self._is_for_people(support):
            fit = "people"
        groups = tuple(self._list_requirements(support))
        over = self._find_over(support)
        unmet = [group for group in groups if group.outcome == "unmet"]
        unknown = [group for group in groups if group.outcome == "unknown"]
        if fit == "no" or unmet or over:
            status = "not"
        elif fit == "maybe" or place in ("unknown", "inside") or any(not _is_soft(group) for group in unknown):
            status = "unknown"
        elif fit != "self" or support.is_planned or unknown or self._is_draft(support):
            status = "likely"
        else:
            status = "entitled"
        opened = tuple(self._list_open(support, fit, place, groups))
        return SupportJudgement(
            support, fit, place, groups, status, opened, tuple(self._list_changes(support, fit, groups))
        )

    def _tell_unsaid(self, support: FirmSupport, place: PlaceRelation) -> SupportJudgement:
        """Return a support of which it was not read whom it is for, with what it asks for."""
        groups = tuple(self._list_requirements(support))
        opened = tuple(self._list_open(support, "none", place, groups))
        return SupportJudgement(support, "none", place, groups, "unsaid", opened, ())

    def _is_for_people(self, support: FirmSupport) -> bool:
        """Return whether a support of firms is paid to people: by person, or with people of other firms in one list."""
        view, quote = self._facts.view, support.quote
        words = name_key(quote.text + quote.after) if quote else ""
        names = map(name_key, (view.label(support.beneficiary), *view.aliases(support.beneficiary)))
        behind = (words[words.find(name) + len(name) :] for name in names if name and name in words)
        return bool(self._per_person.search(support.per)) or any(map(self._shared.search, behind))

    def _list_requirements(self, support: FirmSupport) -> Iterator[RequirementGroup]:
        subjects = [support.figure, support.thing]
        found = self._requirements.list_for(subjects, support.quote, support.name)
        yield from found
        if support.quote and support.gives == "Provision":
            view = self._facts.view
            names = [view.label(support.beneficiary), *view.aliases(support.beneficiary)]
            names += [member.words for group in found for member in group.members]
            yield from self._requirements.read_clause(support.quote, names)
        if support.quote:
            yield from self._exclusions.list_for(support.quote)

    def _find_over(self, support: FirmSupport) -> str:
        """Return what says that a support is over: its period, state or last day; empty if it is not over."""
        end = end_of_period(support.period) if "/" in support.period else None
        if support.status in _OVER or (end is not None and end < self._today):
            return support.period or support.status
        last = self._exclusions.find_end(support.quote) if support.quote else None
        return last.isoformat() if last is not None and last < self._today else ""

    def _is_draft(self, support: FirmSupport) -> bool:
        return self._draft.search(self._facts.name(support.thing) if support.thing else "") is not None

    def _list_open(
        self, support: FirmSupport, fit: Fit, place: PlaceRelation, groups: Sequence[RequirementGroup]
    ) -> Iterator[Note]:
        name = self._facts.name(support.beneficiary) if support.beneficiary else ""
        if fit in ("maybe", "general", "treated", "people"):
            yield Note(f"match.{fit}", {"name": name})
        if place in ("unknown", "inside"):
            yield Note(f"match.place-{place}", {"place": support.place})
        if support.is_planned:
            yield Note("match.planned")
        if self._is_draft(support):
            yield Note("match.draft")
        if when := self._find_over(support):
            yield Note("match.over", {"when": when})
        for group in groups:
            yield from (self._describe(m) for m in group.members if m.kind == "exclude" and m.outcome == "unmet")
        unknown = [group for group in groups if group.outcome == "unknown"]
        for group in unknown:
            yield from (self._describe(member) for member in group.members if member.outcome == "unknown")

    def _describe(self, member: Requirement) -> Note:
        if member.kind == "exclude" and member.outcome == "unmet":
            return Note("match.refused", {"words": member.words})
        if member.kind == "number" and member.property:
            return Note("match.say", {"what": _name(member), "needed": member.needed or ""})
        return Note(f"match.{member.kind}", {"words": member.words})

    def _list_changes(self, support: FirmSupport, fit: Fit, groups: tuple[RequirementGroup, ...]) -> Iterator[Note]:
        """Yield what would have to change, the least of each group; what has to be said only is among what is open."""
        if fit == "no":
            yield Note("match.become", {"name": self._facts.name(support.beneficiary)})
            return
        for group in groups:
            if group.outcome == "met":
                continue
            member = min(group.members, key=_measure_gap)
            if member.outcome == "unmet" and member.own is not None and member.needed is not None:
                own = Amount(member.own, member.needed.unit)
                yield Note("match.raise", {"what": _name(member), "own": own, "needed": member.needed})
            elif member.kind == "step":
                yield Note("match.do", {"words": member.words})


def _is_soft(group: RequirementGroup) -> bool:
    return all(member.kind in _SOFT for member in group.members if member.outcome == "unknown")


def _measure_gap(member: Requirement) -> tuple[int, Decimal]:
    """Return how far a firm is from a requirement, relative to what is needed."""
    if member.outcome == "unmet" and member.own is not None and member.needed is not None and member.needed.value:
        return 0, abs(member.needed.value - member.own) / abs(member.needed.value)
    return (2 if member.kind == "rest" else 1), Decimal(0)


def _name(member: Requirement) -> Code:
    return Code(f"match.{member.property}")
