"""Divisions on a page: which names are places, and the home division of each letter.

Provinces, prefectures and counties come from public data (``divisions.tsv``). Other places are found by the way that
official Chinese writes them: a short run of characters that ends in 省/市/区/县/镇 …, at the start of a line or after a
mark, and before an organ.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from typing import NamedTuple

from extract.model import Letter
from extract.text.normalize import find_occurrences
from extract.text.segment import Segmenter, segmenter
from ontology.lexicons import Lexicon, join_alternatives

_LEVELS = frozenset({"Provincial", "Municipal", "County", "Town"})
_STEM_LENGTH = 4
"""Most characters of a division's name before its last one."""
_AROUND = 4
"""How many characters around a name are split into words with it."""
_NO_NAME = frozenset({"t", "v", "d", "r", "c", "p", "m", "u", "f"})
"""Parts of speech of words that no division's name is made of."""
_STEM = re.compile(r"(?:(?![与和及在到赴而])[一-龥])+")


@dataclass(frozen=True, slots=True)
class HomeDivision:
    """The division whose organ writes a letter, and the divisions above it; empty where they are not known."""

    province: str = ""
    city: str = ""
    county: str = ""
    town: str = ""
    only_city: str = ""
    """For a county whose city the page does not state: the city that 市 means all the same."""

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
    cities: dict[str, str] = field(default_factory=dict)
    """Full name of a county → its city by the data, where the page does not name the city."""
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
    parents: tuple[str, ...]
    """More than one if several counties have the name."""


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
    verbs: frozenset[str]
    """The same words: 会同县 is a county, but 会同+县财政局 is what texts say."""


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
    return _PlacePatterns(
        chain, ending, before, frozenset(places["common"]), tuple(places["not_ending"]),
        frozenset(places["stop"]), levels, _read_divisions(lex),
        re.compile(rf"(?:{unit})$"),
        re.compile(rf"{name}(?=.{{2}}|$)"),
        re.compile(rf"[{places['particles']}]|{join_alternatives(places['words'])}"), frozenset(places["words"]),
    )  # fmt: skip


def _read_divisions(lex: Lexicon) -> dict[str, _KnownDivision]:
    known: dict[str, _KnownDivision] = {}
    for full, short, level, parent, *_ in lex.read_table("divisions"):
        if level in {"Provincial", "Municipal"}:
            known[full] = _KnownDivision(short, level, (parent,))
        elif level == "County":
            parents = known[full].parents if full in known else ()
            known[full] = _KnownDivision(short, level, (*parents, parent))
    return known


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
    words = segmenter(lex)
    chains = _find_chains(text, patterns, words)
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
    for full in counties:
        stem = patterns.suffix.sub("", full)
        if full in geography.levels or (stem not in patterns.verbs and _stands_alone(text, full, words)):
            _add_county(geography, full, patterns, above)
    geography.chain_pattern = re.compile(join_alternatives(geography.levels) or "(?!)")
    geography.name_pattern = re.compile(join_alternatives([*geography.levels, *geography.shorts]) or "(?!)")
    for found in geography.name_pattern.finditer(text):
        geography.counts[geography.get_full_name(found.group())] += 1
    _set_homes(geography, letters, chains)
    return geography


def _stands_alone(text: str, name: str, words: Segmenter) -> bool:
    """Whether *name* occurs in *text* as words of its own: 南山区 does not in 云南山区, nor 会同县 in 会同县财政局."""
    occurrences = list(find_occurrences(text, name))[:20]
    return not occurrences or any(_may_be_name(text, span.begin, span.end, words) for span in occurrences)


def split_inside(text: str, begin: int, end: int, words: Segmenter) -> list[tuple[str, str]] | None:
    """Return the words from *begin* to *end* with their tags; None if one of them crosses an end."""
    first = max(text.rfind("\n", 0, begin) + 1, begin - _AROUND)
    inside: list[tuple[str, str]] = []
    for word in words.segment(text[first : end + _AROUND]):
        left, right = first + word.begin, first + word.end
        if left < begin < right or left < end < right:
            return None
        if begin <= left < end:
            inside.append((word.text, word.tag))
    return inside


def _find_chains(text: str, patterns: _PlacePatterns, words: Segmenter) -> list[tuple[str, ...]]:
    """Find chains of division names: those before an organ first, then single names in other places."""
    chains: list[tuple[str, ...]] = []
    for found in patterns.chain.finditer(text):
        chain = _split_names(found.group(1), patterns, strict=False)
        if chain and _has_clean_begin(text, found.start(1), chain[0], patterns, words):
            chains.append(chain)
    sure_names = {name for chain in chains for name in chain}
    for found in patterns.ending.finditer(text):
        stem = _find_stem(text, found.start(), patterns)
        chain = _split_names(stem + found.group(), patterns, strict=True) if stem else ()
        if len(chain) != 1 or any(chain[0].endswith(name) and chain[0] != name for name in sure_names):
            continue
        if chain[0] in patterns.known or _may_be_name(text, found.start() - len(stem), found.end(), words):
            chains.append(chain)
    return chains


def _has_clean_begin(text: str, begin: int, name: str, patterns: _PlacePatterns, words: Segmenter) -> bool:
    """Whether a chain does not begin with a verb: 提交+市(财政局)."""
    if name in patterns.known or name[-1] not in "省市区县":
        return True
    inside = split_inside(text, begin, begin + len(name), words)
    return not inside or not (len(inside[0][0]) > 1 and inside[0][1] in _NO_NAME)


def _may_be_name(text: str, begin: int, end: int, words: Segmenter) -> bool:
    """Whether the words from *begin* to *end* can be the name of a division: 今年县, 助农集市 and 需跨市 cannot."""
    if text[end - 1] not in "省市区县":
        return True
    inside = split_inside(text, begin, end, words)
    if inside is None:
        return False
    last, tag = inside[-1]
    if len(last) > 1 and len(inside) > 1 and tag == "n":  # 助农|集市
        return False
    stem = inside[:-1] if len(inside) > 1 else inside
    if any(len(word) > 1 and tag in _NO_NAME for word, tag in stem):
        return False
    return not all(len(word) == 1 and tag in _NO_NAME for word, tag in stem)


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
        if name in patterns.known and stem not in patterns.verbs:
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
    if len(stem) >= 2 and geography.levels[name] != "Town" and not (known and known.level == "County"):
        geography.shorts.setdefault(stem, name)


def _add_known(geography: Geography, full: str, patterns: _PlacePatterns) -> None:
    """Add a province or prefecture of the public data, and the division above it."""
    division = patterns.known[full]
    parent = division.parents[0]
    geography.levels[full] = division.level
    if len(division.short) >= 2:
        geography.shorts[division.short] = full
    geography.parents[full] = parent
    _add_parent(geography, parent, patterns)


def _add_parent(geography: Geography, parent: str, patterns: _PlacePatterns) -> None:
    if parent in patterns.known:
        geography.levels.setdefault(parent, patterns.known[parent].level)
        geography.parents.setdefault(parent, patterns.known[parent].parents[0] if parent.endswith("市") else "")


def _add_county(geography: Geography, full: str, patterns: _PlacePatterns, above: frozenset[str]) -> None:
    """Add a county of the public data, with the division above it if it is certain which one the page means.

    Args:
        above: the divisions that the page names. A city that it does not name is no part of the county's name.
    """
    division = patterns.known[full]
    geography.levels[full] = "County"
    if division.short and division.short not in geography.shorts:
        geography.shorts[division.short] = full
    stated = geography.parents.get(full, "")
    lines = [(parent, patterns.known[parent].parents[0]) for parent in division.parents]
    lines = [line for line in lines if not stated or stated in line]
    chosen = (
        [line for line in lines if line[0] in above] or [line for line in lines if line[1] in above] or lines
    )  # fmt: skip
    if len(chosen) != 1:
        return
    parent, upper = chosen[0]
    if parent not in above and patterns.known[parent].level == "Municipal":
        geography.cities[full] = parent
        parent = upper
    geography.parents[full] = parent
    _add_parent(geography, parent, patterns)


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
    only = cities[0] if len(cities) == 1 else ""
    geography.home = _add_only_city(geography, geography.home, only)
    geography.homes = {ident: _add_only_city(geography, home, only) for ident, home in geography.homes.items()}


def _find_stated_home(geography: Geography, letter: Letter) -> HomeDivision | None:
    """Return the home that a letter's issuer, title or lead agency states, None if they state none."""
    for name in ("issuedBy", "title", "leadAgency"):
        for stated in letter.get_fields(name):
            if chain := geography.split_chain(stated.value):
                return geography.build_home(chain)
    return None


def _add_only_city(geography: Geography, home: HomeDivision, only: str) -> HomeDivision:
    """Return *home* with the city of its county: that of the data, or *only*, which alone the page names."""
    city = geography.cities.get(home.county, only)
    return replace(home, only_city=city) if city and home.county and not home.city else home
