"""Divisions on a page: which names are places, and the home division of each letter.

Provinces and prefectures come from public data (``divisions.tsv``). Other places are found by the way that official
Chinese writes them: a short run of characters that ends in 省/市/区/县/镇 …, at the start of a line or after a mark,
and before an organ.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from typing import NamedTuple

from extract.model import Letter
from ontology.lexicons import Lexicon, join_alternatives

_LEVELS = frozenset({"Provincial", "Municipal", "County", "Town"})
_STEM_LENGTH = 4
"""Most characters of a division's name before its last one."""
_STEM = re.compile(r"(?:(?![与和及在到赴而])[一-龥])+")


@dataclass(frozen=True, slots=True)
class HomeDivision:
    """The division whose organ writes a letter, and the divisions above it; empty where they are not known."""

    province: str = ""
    city: str = ""
    county: str = ""
    town: str = ""
    only_city: str = ""
    """For a county whose city is not known: the only city that the page names, which 市 then means."""

    @property
    def lowest(self) -> str:
        """The division itself, after the division above it where the name needs that: 澄溪市临汀区."""
        if self.town:
            return self.county_chain + self.town
        return self.county_chain or self.city or self.province

    @property
    def county_chain(self) -> str:
        """The county after its city: 澄溪市临汀区; empty if there is no county."""
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
    counts: Counter[str] = field(default_factory=Counter)
    """Full name → how often the page names it."""
    home: HomeDivision = HomeDivision()
    """The home of the page, for letters that state none."""
    homes: dict[str, HomeDivision] = field(default_factory=dict)
    """Letter id → its home."""
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

    def get_full_name(self, name: str) -> str:
        """Return the full name of a place by its full or short name; empty if it is no place."""
        return name if name in self.levels else self.shorts.get(name, "")


class _KnownDivision(NamedTuple):
    short: str
    level: str
    parent: str


@dataclass(frozen=True, slots=True)
class _PlacePatterns:
    chain: re.Pattern[str]
    """One to four names before an organ, 关于 and the like."""
    ending: re.Pattern[str]
    """The last characters of a name that is not before an organ, with what shows that a name ends here."""
    before: re.Pattern[str]
    """Matches where a division's name may begin: after a mark, or after a word that cannot belong to it."""
    common: frozenset[str]
    not_ending: tuple[str, ...]
    not_inside: frozenset[str]
    """Characters of no division's name, unless an organ follows it."""
    levels: dict[str, str]
    """Last characters of a name → level."""
    known: dict[str, _KnownDivision]
    suffix: re.Pattern[str]
    name: re.Pattern[str]
    other_word: re.Pattern[str]
    """Words that no division's name contains."""


@cache
def _compile_patterns(lex: Lexicon) -> _PlacePatterns:
    config = lex.read_config("agencies")
    places = config["places"]
    levels = dict(places["levels"])
    unit = join_alternatives(levels)
    agencies = lex.read_table("agencies")
    cores = [row[0] for row in agencies]
    shorts = [word for row in agencies for word in row[1].split()]
    organs = [organ for organ in config["organs"] if len(organ) > 1]
    tail = join_alternatives([*cores, *shorts, *organs, "关于", "委会", "委办"])
    name = rf"[一-龥]{{1,6}}?(?:{unit})"
    chain = re.compile(
        rf"(?:(?<![^\s《（(“\"、，,。；;：:>])|(?<=中共|会同|关于|联合))((?:{name}){{1,4}})(?={tail}|第?[一二三四五六七八九十\d]+届)",
        re.M,
    )
    after = join_alternatives(places["after"])
    free = "|".join(f"{ending}(?![{letters}])" for ending, letters in places["free"].items())
    ending = re.compile(rf"(?:{unit})(?=[、，,。；;）)等的与和及\d《“\"]|{after}|[一-龥]{{2,30}}》)|{free}")
    before = re.compile(rf"(?<=[《、，,。；;：:（(“\"与和及在到赴而\s])\Z|(?:{join_alternatives(places['before'])})\Z")
    known = {
        row[0]: _KnownDivision(row[1], row[2], row[3])
        for row in lex.read_table("divisions")
        if row[2] in ("Provincial", "Municipal")
    }
    return _PlacePatterns(
        chain, ending, before, frozenset(places["common"]), tuple(places["not_ending"]),
        frozenset(places["stop"]), levels, known,
        re.compile(rf"(?:{unit})$"),
        re.compile(rf"{name}(?=.{{2}}|$)"),
        re.compile(rf"[{places['particles']}]|{join_alternatives(places['words'])}"),
    )  # fmt: skip


def survey_places(text: str, letters: tuple[Letter, ...], lex: Lexicon, present: Iterable[str]) -> Geography:
    """Find the places of a page and the home of each letter.

    Args:
        text: the page.
        letters: its letters.
        lex: the lexicon.
        present: full names of the known divisions that the text names (the automaton's ``division`` hits).
    """
    patterns = _compile_patterns(lex)
    geography = Geography()
    chains = _find_chains(text, patterns)
    for chain in chains:
        for parent, name in zip(("", *chain), chain, strict=False):
            _add_place(geography, name, patterns)
            if parent and name not in patterns.known:
                geography.parents.setdefault(name, parent)
    for full in sorted(set(present)):
        if full in patterns.known:
            _add_known(geography, full, patterns)
    geography.chain_pattern = re.compile(join_alternatives(geography.levels) or "(?!)")
    geography.name_pattern = re.compile(join_alternatives([*geography.levels, *geography.shorts]) or "(?!)")
    for found in geography.name_pattern.finditer(text):
        geography.counts[geography.get_full_name(found.group())] += 1
    _set_homes(geography, letters, chains)
    return geography


def _find_chains(text: str, patterns: _PlacePatterns) -> list[tuple[str, ...]]:
    """Find chains of division names: those before an organ first, then single names in other places."""
    chains: list[tuple[str, ...]] = []
    for found in patterns.chain.finditer(text):
        chain = _split_names(found.group(1), patterns, strict=False)
        if chain:
            chains.append(chain)
    sure_names = {name for chain in chains for name in chain}
    for found in patterns.ending.finditer(text):
        stem = _find_stem(text, found.start(), patterns)
        chain = _split_names(stem + found.group(), patterns, strict=True) if stem else ()
        if len(chain) == 1 and not any(chain[0].endswith(name) and chain[0] != name for name in sure_names):
            chains.append(chain)
    return chains


def _find_stem(text: str, end: int, patterns: _PlacePatterns) -> str:
    """Return the shortest run of two or more characters before *end* where a name may begin; empty if there is none."""
    for begin in range(end - 2, max(-1, end - 1 - _STEM_LENGTH), -1):
        stem = text[begin:end]
        if not _STEM.fullmatch(stem):
            return ""
        if begin == 0 or patterns.before.search(text, max(0, begin - 3), begin):
            return stem
    return ""


def _split_names(words: str, patterns: _PlacePatterns, *, strict: bool) -> tuple[str, ...]:
    """Split 澄溪市临汀区 into its names; empty if one of them is no division.

    Args:
        strict: whether no organ follows, so that a name must have a longer stem without unlikely characters.
    """
    names: list[str] = []
    rest = words
    while rest:
        found = patterns.name.match(rest)
        if found is None:
            return ()
        name = found.group()
        rest = rest[found.end() :]
        stem = patterns.suffix.sub("", name)
        if name in patterns.known:
            names.append(name)
            continue
        if name in patterns.common or name.endswith(patterns.not_ending) or name[-2:-1] == name[-1]:
            return ()
        if len(stem) > (3 if name[-1] == "省" else 4):
            return ()
        if strict and (len(stem) == 1 or any(character in patterns.not_inside for character in stem)):
            return ()
        if patterns.other_word.search(stem) or (len(stem) == 1 and len(words) == len(name)):
            return ()
        names.append(name)
    return tuple(names)


def _add_place(geography: Geography, name: str, patterns: _PlacePatterns) -> None:
    suffix = patterns.suffix.search(name)
    if suffix is None:
        return
    known = patterns.known.get(name)
    geography.levels[name] = known.level if known else patterns.levels[suffix.group()]
    stem = name[: suffix.start()]
    if len(stem) >= 2 and geography.levels[name] != "Town":
        geography.shorts.setdefault(stem, name)


def _add_known(geography: Geography, full: str, patterns: _PlacePatterns) -> None:
    """Add a division of the public data, and the one above it."""
    division = patterns.known[full]
    geography.levels[full] = division.level
    if len(division.short) >= 2:
        geography.shorts[division.short] = full
    geography.parents[full] = division.parent
    if division.parent in patterns.known:
        geography.levels.setdefault(division.parent, patterns.known[division.parent].level)
        geography.parents.setdefault(division.parent, "")


def _set_homes(geography: Geography, letters: tuple[Letter, ...], chains: list[tuple[str, ...]]) -> None:
    """Set the home of each letter, and that of the page: the most frequent one, or the place that is named most."""
    votes: Counter[HomeDivision] = Counter()
    undecided: list[Letter] = []
    for letter in letters:
        if letter.body is None:
            continue
        home = _find_stated_home(geography, letter)
        if home is not None:
            geography.homes[letter.id] = home
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
        elif geography.counts:
            name = max(
                geography.counts,
                key=lambda name: (geography.levels.get(name) != "Town", geography.counts[name], name),
            )
            votes[geography.build_home((name,))] += 1
    geography.home = max(votes, key=lambda home: (votes[home], home.lowest)) if votes else HomeDivision()
    for letter in undecided:
        geography.homes[letter.id] = geography.home
    cities = [name for name, level in geography.levels.items() if level == "Municipal" and geography.counts[name]]
    if len(cities) == 1:
        geography.home = _add_only_city(geography.home, cities[0])
        geography.homes = {ident: _add_only_city(home, cities[0]) for ident, home in geography.homes.items()}


def _find_stated_home(geography: Geography, letter: Letter) -> HomeDivision | None:
    """Return the home that a letter's issuer, title or lead agency states, None if they state none."""
    for name in ("issuedBy", "title", "leadAgency"):
        for stated in letter.get_fields(name):
            if chain := geography.split_chain(stated.value):
                return geography.build_home(chain)
    return None


def _add_only_city(home: HomeDivision, city: str) -> HomeDivision:
    return replace(home, only_city=city) if home.county and not home.city else home
