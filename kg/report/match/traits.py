"""What a firm says that it is, has or did, compared with those whom a text leaves out, in whatever words.

被列入失信名单的企业, 失信企业, 未被列入失信名单 tell the same of a firm: that it is so, or that it is not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from extract.text.normalize import name_key
from kg.report.match.profile import FirmProfile, Outcome, load_match


@cache
def _compile(name: str) -> re.Pattern[str]:
    return re.compile(load_match()["exclusions"][name])


@dataclass(frozen=True, slots=True)
class Trait:
    """What a firm is or did, in words that are the same for all wordings of it."""

    what: str
    times: tuple[str, ...] = ()
    """When, as printed: 近两年."""
    is_denied: bool = False
    """Whether it is not so: 未被列入失信名单."""

    def deny(self) -> Trait:
        """Return that the opposite is so."""
        return replace(self, is_denied=not self.is_denied)


def read_trait(words: str) -> Trait | None:
    """Return what some words say that a firm is or did, None if they say nothing."""
    times = tuple(sorted(found[0] for found in _compile("time").finditer(words)))
    bare = name_key(_compile("filler").sub("", _compile("time").sub("", words)))
    denied = _compile("denied").match(bare)
    what = bare[denied.end() :] if denied is not None else bare
    return Trait(what, times, denied is not None) if len(what) > 1 else None


class OwnTraits:
    """The traits that a profile names."""

    def __init__(self, profile: FirmProfile) -> None:
        items = (*profile.groups, *profile.tiers, *profile.has)
        self._own = {trait for trait in map(read_trait, items) if trait is not None}

    def judge_left_out(self, who: str) -> Outcome:
        """Return whether the firm is none of those who are left out: met, if it says so; not known, if it is silent."""
        if _compile("beyond").search(who):
            return "unknown"
        whole, parts = read_trait(who), [read_trait(part) for part in _split(who)]
        if self._own.intersection(t for t in (whole, *parts) if t is not None):
            return "unmet"
        is_clear = any(
            group and all(t is not None and t.deny() in self._own for t in group) for group in ([whole], parts)
        )
        return "met" if is_clear else "unknown"


def _split(who: str) -> list[str]:
    """Return those who are left out one by one, none if words of one may hold for the others too.

    已享受奖励的绿色工厂和瞪羚企业 may mean that either has had it.
    """
    *before, _ = parts = [part for part in _compile("and").split(who) if part] or [who]
    words = read_trait(who)
    if _compile("shared").search(who) or (words is not None and words.is_denied):
        return []
    heads = (part.rpartition("的") for part in before)
    return [] if any(sign and read_trait(head) is not None for _, sign, head in heads) else parts
