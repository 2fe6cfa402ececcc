"""The geography of a page: the divisions that it names, and the home division of each letter."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache

from extract.mentions.divisions import DivisionPatterns, compile_patterns, find_chains, stands_alone
from extract.model import TITLED_KINDS, Letter
from extract.text.elsewhere import is_elsewhere
from extract.text.segment import segmenter
from ontology.lexicons import Lexicon, join_alternatives

_LEVELS = frozenset({"Provincial", "Municipal", "County", "Town"})
_STATES_HOME = ("session", "issuedBy", "title", "leadAgency")
"""Fields that may begin with the home of a letter, the surest one first."""
_LEVEL_CHARACTERS = "省市县区州旗盟"
_SHOWS_HOME = ("submittedBy", "addressedTo")
"""Fields that show it where those do not: a party's committee proposes to the conference of its own city."""


@dataclass(frozen=True, slots=True)
class HomeDivision:
    """The division whose organ writes a letter, and the divisions above it; empty where they are not known."""

    province: str = ""
    city: str = ""
    county: str = ""
    town: str = ""
    only_city: str = ""
    """For a county whose city the page does not state: the city that 市 means all the same."""
    is_national: bool = False
    """Whether an organ of the centre writes the letter; then no division is its home."""

    @property
    def lowest(self) -> str:
        """The division itself, after the division above it where the name needs that: 澄溪市临汀区."""
        if self.town:
            return self.county_chain + self.town
        return self.county_chain or self.city or self.province

    @property
    def county_chain(self) -> str:
        """The county after its city: 澄溪市临汀区; empty if there is no county. A city of this level stands alone."""
        if self.county.endswith("市"):
            return self.county
        return self.city + self.county if self.county else ""

    @property
    def level(self) -> str:
        """``Provincial``, ``Municipal``, ``County``, ``Town``; ``National`` if there is no division."""
        if self.town:
            return "Town"
        return "County" if self.county else "Municipal" if self.city else "Provincial" if self.province else "National"

    def resolve_prefix(self, prefix: str) -> str:
        """Return the full name of the division that 省, 市, 区, 县, 镇 … means in this letter; empty if not known."""
        if prefix in {"省", "自治区"}:
            return self.province
        if prefix == "市" and self.county.endswith("市"):
            return self.county
        if prefix in {"市", "州", "盟"}:
            return self.city or self.only_city or (self.province if self.province.endswith("市") else "")
        if prefix in {"区", "县", "旗"}:
            return self.county_chain
        if prefix in {"镇", "乡", "街道"}:
            return self.county_chain + self.town if self.town else ""
        return self.lowest


@dataclass(slots=True)
class Geography:
    """The places of a page, and the home divisions of its letters."""

    levels: dict[str, str] = field(default_factory=dict)
    """Full name → level."""
    shorts: dict[str, str] = field(default_factory=dict)
    """Short name → full name."""
    parents: dict[str, str] = field(default_factory=dict)
    """Full name → full name of the division above, where the data or the text state it."""
    cities: dict[str, str] = field(default_factory=dict)
    """Full name of a county → its city by the data, where the page does not name the city."""
    shared: set[str] = field(default_factory=set)
    """Full names of counties of which there are several: 鼓楼区."""
    counts: Counter[str] = field(default_factory=Counter)
    """Full name → how often the page names it."""
    home: HomeDivision = HomeDivision()
    """The home of the page, for letters that state none."""
    homes: dict[str, HomeDivision] = field(default_factory=dict)
    """Letter id → its home."""
    stated: set[str] = field(default_factory=set)
    """Ids of the letters that state their home."""
    chain_pattern: re.Pattern[str] = re.compile("(?!)")
    """Matches one full name of the page."""
    name_pattern: re.Pattern[str] = re.compile("(?!)")
    """Matches one full or short name of the page."""

    def get_home(self, letter: Letter | None) -> HomeDivision:
        """Return the home of a letter, or that of the page."""
        return self.homes.get(letter.id, self.home) if letter else self.home

    def split_chain(self, words: str) -> tuple[str, ...]:
        """Return the full names at the start of *words*: 澄溪市临汀区交通运输局 → (澄溪市, 临汀区)."""
        names: list[str] = []
        at = 0
        while found := self.chain_pattern.match(words, at):
            names.append(found.group())
            at = found.end()
        return tuple(names)

    def build_home(self, names: Iterable[str]) -> HomeDivision:
        """Return the home that a chain of full names states, completed with the known divisions above it."""
        by_level: dict[str, str] = {}
        for name in names:
            level = self.levels.get(name, "")
            if level:
                by_level[level] = name
        lowest = next(
            (by_level[level] for level in ("Town", "County", "Municipal", "Provincial") if level in by_level), ""
        )
        parent = self.parents.get(lowest, "")
        while parent:
            level = self.levels.get(parent, "")
            if level in _LEVELS:
                by_level.setdefault(level, parent)
            parent = self.parents.get(parent, "")
        return HomeDivision(
            by_level.get("Provincial", ""), by_level.get("Municipal", ""),
            by_level.get("County", ""), by_level.get("Town", ""),
        )  # fmt: skip

    def locate(self, home: HomeDivision) -> str:
        """Return the name of a home that no other division has; empty if it is not known: which 鼓楼区 is it?"""
        if home.county in self.shared and not home.city:
            return home.only_city + home.lowest if home.only_city else ""
        return home.lowest

    def get_full_name(self, name: str) -> str:
        """Return the full name of a place by its full or short name; empty if it is no place."""
        return name if name in self.levels else self.shorts.get(name, "")


def survey_places(text: str, letters: tuple[Letter, ...], lex: Lexicon, present: Iterable[str]) -> Geography:
    """Find the places of a page and the home of each letter.

    Args:
        text: the page, without line breaks inside its sentences.
        letters: its letters.
        lex: the lexicon.
        present: full names of the known divisions that the text names (the automaton's ``division`` hits).
    """
    patterns = compile_patterns(lex)
    geography = Geography()
    words = segmenter(lex)
    chains = find_chains(text, patterns, words)
    for chain in chains:
        for parent, name in zip(("", *chain), chain, strict=False):
            _add_place(geography, name, patterns)
            if parent and (name not in patterns.known or patterns.known[name].level == "County"):
                geography.parents.setdefault(name, parent)
    named = sorted(full for full in set(present) if full in patterns.known)
    counties = [full for full in named if patterns.known[full].level == "County"]
    for full in named:
        if full not in counties:
            _add_known(geography, full, patterns)
    above = frozenset(geography.levels) & frozenset([*named, *(name for chain in chains for name in chain)])
    own = _find_own_cities(geography, letters, above, patterns)
    for full in counties:
        stem = patterns.suffix.sub("", full)
        if full in geography.levels or (stem not in patterns.verbs and stands_alone(text, full, words)):
            _add_county(geography, full, patterns, above, own)
    geography.chain_pattern = re.compile(join_alternatives(geography.levels) or "(?!)")
    geography.name_pattern = re.compile(join_alternatives([*geography.levels, *geography.shorts]) or "(?!)")
    for found in geography.name_pattern.finditer(text):
        geography.counts[geography.get_full_name(found.group())] += 1
    elsewhere = frozenset(name for name in geography.counts if is_elsewhere(text, name, lex))
    _set_homes(geography, letters, [chain for chain in chains if not elsewhere.intersection(chain)], elsewhere, lex)
    return geography


@cache
def compile_national_pattern(lex: Lexicon) -> re.Pattern[str]:
    """Return the pattern of the name of an organ of the centre at the start of some words."""
    rows = lex.read_table("national_organs")
    names = [name for full, *others in rows for name in (full, *(others[0].split() if others else ()))]
    return re.compile(rf"(?:{join_alternatives(name for name in names if len(name) > 2)})(?!门)")


def _add_place(geography: Geography, name: str, patterns: DivisionPatterns) -> None:
    suffix = patterns.suffix.search(name)
    if suffix is None:
        return
    known = patterns.known.get(name)
    geography.levels[name] = known.level if known else patterns.levels[suffix.group()]
    if known and len(known.parents) > 1:
        geography.shared.add(name)
    stem = name[: suffix.start()]
    if len(stem) >= 2 and geography.levels[name] != "Town" and not (known and known.level == "County"):
        geography.shorts.setdefault(stem, name)


def _add_known(geography: Geography, full: str, patterns: DivisionPatterns) -> None:
    """Add a province or prefecture of the public data, and the division above it."""
    division = patterns.known[full]
    parent = division.parents[0]
    geography.levels[full] = division.level
    if len(division.short) >= 2:
        geography.shorts[division.short] = full
    geography.parents[full] = parent
    _add_parent(geography, parent, patterns)


def _add_parent(geography: Geography, parent: str, patterns: DivisionPatterns) -> None:
    if parent in patterns.known:
        geography.levels.setdefault(parent, patterns.known[parent].level)
        geography.parents.setdefault(parent, patterns.known[parent].parents[0] if parent.endswith("市") else "")


def _find_own_cities(
    geography: Geography, letters: tuple[Letter, ...], above: frozenset[str], patterns: DivisionPatterns
) -> frozenset[str]:
    """Return the cities that the page may be about: those that its letters state, and those that the data lack."""
    cities = {name for name in above if geography.levels[name] == "Municipal"}
    own = {name for name in cities if name not in patterns.known}
    stated = [field.value for letter in letters for name in _STATES_HOME for field in letter.get_fields(name)]
    return frozenset(own | {name for name in cities if any(words.startswith(name) for words in stated)})


def _add_county(
    geography: Geography, full: str, patterns: DivisionPatterns, above: frozenset[str], own: frozenset[str]
) -> None:
    """Add a county of the public data, with the division above it if it is certain which one the page means.

    A district (城北区) of a page about another city may be one that the data lack.

    Args:
        above: the divisions that the page names. A city that it does not name is no part of the county's name.
        own: the cities that the page may be about.
    """
    division = patterns.known[full]
    geography.levels[full] = "County"
    if len(division.parents) > 1:
        geography.shared.add(full)
    if division.short and division.short not in geography.shorts:
        geography.shorts[division.short] = full
    stated = geography.parents.get(full, "")
    lines = [(parent, patterns.known[parent].parents[0]) for parent in division.parents]
    lines = [line for line in lines if not stated or stated in line]
    chosen = (
        [line for line in lines if line[0] in above] or [line for line in lines if line[1] in above] or lines
    )  # fmt: skip
    is_elsewhere = full.endswith("区") and bool(own) and not above.intersection(line[0] for line in lines)
    if len(chosen) != 1 or is_elsewhere:
        return
    parent, upper = chosen[0]
    if parent not in above and patterns.known[parent].level == "Municipal":
        geography.cities[full] = parent
        parent = upper
    geography.parents[full] = parent
    _add_parent(geography, parent, patterns)


def _set_homes(
    geography: Geography,
    letters: tuple[Letter, ...],
    chains: list[tuple[str, ...]],
    elsewhere: frozenset[str],
    lex: Lexicon,
) -> None:
    """Set the home of each letter, and that of the page: the most frequent one, or the place that is named most.

    Args:
        geography: the places of the page.
        letters: its letters.
        chains: chains of names that the page may be about.
        elsewhere: places that the page only tells of.
        lex: the lexicon.
    """
    own = {name: count for name, count in geography.counts.items() if name not in elsewhere}
    votes: Counter[HomeDivision] = Counter()
    undecided: list[Letter] = []
    for letter in letters:
        if letter.body is None:
            continue
        home = _find_stated_home(geography, letter, lex)
        if home is not None:
            geography.homes[letter.id] = home
            geography.stated.add(letter.id)
            votes[home] += 3
        else:
            undecided.append(letter)
    if not votes:
        candidates = [chain for chain in chains if geography.levels.get(chain[-1]) != "Town"]
        if candidates:
            most = max(
                dict.fromkeys(candidates),
                key=lambda chain: (geography.counts[chain[-1]], candidates.count(chain), chain),
            )
            votes[geography.build_home(most)] += 1
        elif own:
            name = max(own, key=lambda name: (geography.levels.get(name) != "Town", own[name], name))
            votes[geography.build_home((name,))] += 1
    geography.home = max(votes, key=lambda home: (votes[home], home.lowest)) if votes else HomeDivision()
    for letter in undecided:
        geography.homes[letter.id] = geography.home
    cities = [name for name, level in geography.levels.items() if level == "Municipal" and own.get(name)]
    only = cities[0] if len(cities) == 1 else ""
    geography.home = _add_only_city(geography, geography.home, only)
    geography.homes = {ident: _add_only_city(geography, home, only) for ident, home in geography.homes.items()}


@cache
def _compile_proposers(lex: Lexicon) -> re.Pattern[str]:
    """Return the pattern of what may stand before the division of a conference, congress or party committee."""
    names = join_alternatives(lex.read_config("agencies")["places"]["proposers"])
    return re.compile(rf"(?:{names})?(?:第?[一二三四五六七八九十\d]+届)?")


def _find_stated_home(geography: Geography, letter: Letter, lex: Lexicon) -> HomeDivision | None:
    """Return the home that the fields of a letter state, None if they state none."""
    national, proposers = compile_national_pattern(lex), _compile_proposers(lex)
    for name in (*_STATES_HOME, *_SHOWS_HOME):
        for stated in letter.get_fields(name):
            lead = proposers.match(stated.value)
            if name in _SHOWS_HOME and not (lead and lead.end()):
                continue
            if chain := geography.split_chain(stated.value[lead.end() if lead else 0 :]):
                if name in _SHOWS_HOME and not _fits_handlers(geography, letter, chain[-1]):
                    continue
                return geography.build_home(chain)
            states_issuer = name == "issuedBy" or (name == "title" and letter.kind in TITLED_KINDS)
            if states_issuer and (organ := national.match(stated.value)):
                return _find_home_of_organ(geography, stated.value, organ.end())
    return None


def _fits_handlers(geography: Geography, letter: Letter, division: str) -> bool:
    """Whether the short names of the agencies of a letter are of the level of *division*: 市财政局 is not of 甲县."""
    values = [field.value for name in ("issuedBy", "leadAgency", "coAgency") for field in letter.get_fields(name)]
    levels = {value[0] for value in values if value[:1] in _LEVEL_CHARACTERS}
    if not levels:
        return geography.levels.get(division) in {"Provincial", "Municipal"}
    return levels == {division[-1]}


def _find_home_of_organ(geography: Geography, words: str, end: int) -> HomeDivision:
    """Return the home of an organ of the centre, or of its branch: 国家税务总局澄溪市税务局 is of 澄溪市.

    Args:
        geography: the places of the page.
        words: the organ, or a title that begins with it.
        end: where the name of the central organ ends in *words*.
    """
    place = geography.chain_pattern.search(words, end)
    if place is None or "关于" in words[: place.start()]:
        return HomeDivision(is_national=True)
    return geography.build_home(geography.split_chain(words[place.start() :]))


def _add_only_city(geography: Geography, home: HomeDivision, only: str) -> HomeDivision:
    """Return *home* with the city of its county: that of the data, or *only*, which alone the page names."""
    city = geography.cities.get(home.county, only)
    return replace(home, only_city=city) if city and home.county and not home.city else home
