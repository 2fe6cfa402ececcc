"""Divisions on a page: which names are places, and which place each letter speaks for.

Provinces and prefectures come from public data (``divisions.tsv``). Every other place is found by how official
Chinese writes it: a short run of characters that ends in 省/市/区/县/镇 … at the begin of a line or after a mark, and
before an organ.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache

from extract.model import Letter
from ontology.lexicons import Lexicon, alternation

_ORDER = {"Provincial": 0, "Municipal": 1, "County": 2, "Town": 3}


@dataclass(frozen=True, slots=True)
class Home:
    """The divisions that a letter speaks for; empty where they are not known."""

    province: str = ""
    city: str = ""
    county: str = ""
    town: str = ""
    above: str = ""
    """The city that a county's page means by 市, where nothing but its being the only one says so."""

    @property
    def lowest(self) -> str:
        """The division itself, with what it needs before it: 澄溪市临汀区."""
        if self.town:
            return self.county_chain + self.town
        return self.county_chain or self.city or self.province

    @property
    def county_chain(self) -> str:
        return self.city + self.county if self.county else ""

    @property
    def level(self) -> str:
        """``Provincial``, ``Municipal``, ``County``, ``Town`` or, for the centre, ``National``."""
        if self.town:
            return "Town"
        return "County" if self.county else "Municipal" if self.city else "Provincial" if self.province else "National"

    def at(self, prefix: str) -> str:
        """The full name of 省, 市, 区/县, 镇 … as this letter means it; empty if it is not known."""
        if prefix in {"省", "自治区"}:
            return self.province
        if prefix in {"市", "州", "盟"}:
            return self.city or self.above or (self.province if self.province.endswith("市") else "")
        if prefix in {"区", "县", "旗"}:
            return self.county_chain
        if prefix in {"镇", "乡", "街道"}:
            return self.county_chain + self.town if self.town else ""
        return self.lowest


@dataclass(slots=True)
class Geography:
    """The places of a page."""

    levels: dict[str, str] = field(default_factory=dict)
    """Full name → level."""
    shorts: dict[str, str] = field(default_factory=dict)
    """Short name → full name."""
    parents: dict[str, str] = field(default_factory=dict)
    """Full name → full name of the division above, where data or text say it."""
    counts: Counter[str] = field(default_factory=Counter)
    home: Home = Home()
    homes: dict[str, Home] = field(default_factory=dict)
    """Letter id → what it speaks for."""
    pattern: re.Pattern[str] = re.compile("(?!)")
    """A chain of full names."""
    names: re.Pattern[str] = re.compile("(?!)")
    """One full or short name."""

    def of(self, letter: Letter | None) -> Home:
        return self.homes.get(letter.id, self.home) if letter else self.home

    def chain(self, words: str) -> tuple[str, ...]:
        """The full names that *words* starts with, from the largest: 澄溪市临汀区交通运输局 → (澄溪市, 临汀区)."""
        out: list[str] = []
        at = 0
        while found := self.pattern.match(words, at):
            out.append(found.group())
            at = found.end()
        return tuple(out)

    def home_of(self, names: Iterable[str]) -> Home:
        """The home that a chain of full names gives, with what is above it filled in from data."""
        got: dict[str, str] = {}
        for name in names:
            level = self.levels.get(name, "")
            if level:
                got[level] = name
        lowest = next((got[x] for x in ("Town", "County", "Municipal", "Provincial") if x in got), "")
        above = self.parents.get(lowest, "")
        while above:
            level = self.levels.get(above, "")
            if level in _ORDER:
                got.setdefault(level, above)
            above = self.parents.get(above, "")
        return Home(got.get("Provincial", ""), got.get("Municipal", ""), got.get("County", ""), got.get("Town", ""))

    def full(self, name: str) -> str:
        """The full name of a full or short one; empty if it is no place."""
        return name if name in self.levels else self.shorts.get(name, "")


@dataclass(frozen=True, slots=True)
class _Rules:
    strong: re.Pattern[str]
    weak: re.Pattern[str]
    stem: re.Pattern[str]
    """The end of what a division's name may follow: a mark, or a word that cannot belong to it."""
    common: frozenset[str]
    not_ending: tuple[str, ...]
    stop: frozenset[str]
    levels: dict[str, str]
    known: dict[str, tuple[str, str, str]]
    suffix: re.Pattern[str]
    name: re.Pattern[str]
    word: re.Pattern[str]
    """Words that are in no division's name."""


@cache
def _rules(lex: Lexicon) -> _Rules:
    config = lex.config("agencies")
    levels = dict(config["places"]["levels"])
    unit = alternation(levels)
    cores = [row[0] for row in lex.table("agencies")]
    shorts = [w for row in lex.table("agencies") for w in row[1].split()] if lex.table("agencies") else []
    organs = [o for o in config["organs"] if len(o) > 1]
    tail = alternation([*cores, *shorts, *organs, "关于", "委会", "委办"])
    name = rf"[一-龥]{{1,6}}?(?:{unit})"
    strong = re.compile(
        rf"(?:(?<![^\s《（(“\"、，,。；;：:>])|(?<=中共|会同|关于|联合))((?:{name}){{1,4}})(?={tail}|第?[一二三四五六七八九十\d]+届)",
        re.M,
    )
    after = alternation(config["places"]["after"])
    free = "|".join(f"{name}(?![{letters}])" for name, letters in config["places"]["free"].items())
    weak = re.compile(rf"(?:{unit})(?=[、，,。；;）)等的与和及\d《“\"]|{after}|[一-龥]{{2,30}}》)|{free}")
    before = alternation(config["places"]["before"])
    stem = re.compile(rf"(?<=[《、，,。；;：:（(“\"与和及在到赴而\s])\Z|(?:{before})\Z")
    known = {
        row[0]: (row[1], row[2], row[3]) for row in lex.table("divisions") if row[2] in ("Provincial", "Municipal")
    }
    return _Rules(
        strong, weak, stem, frozenset(config["places"]["common"]), tuple(config["places"]["not_ending"]),
        frozenset(config["places"]["stop"]), levels, known,
        re.compile(rf"(?:{unit})$"),
        re.compile(rf"[一-龥]{{1,6}}?(?:{unit})(?=.{{2}}|$)"),
        re.compile(rf"[{config['places']['particles']}]|{alternation(config['places']['words'])}"),
    )  # fmt: skip


def survey(text: str, letters: tuple[Letter, ...], lex: Lexicon, present: Iterable[str]) -> Geography:
    """Find the places of a page and what each letter speaks for.

    Args:
        present: full names of the known divisions that the text names (the automaton's ``division`` hits).
    """
    rules = _rules(lex)
    geo = Geography()
    chains: list[tuple[str, ...]] = []
    for found in rules.strong.finditer(text):
        chain = _split(found.group(1), rules, strict=False)
        if chain:
            chains.append(chain)
    named = frozenset(chains)
    for found in rules.weak.finditer(text):
        stem = _stem(text, found.start(), rules)
        chain = _split(stem + found.group(), rules, strict=True) if stem else ()
        if len(chain) == 1 and not any(chain[0].endswith(n) and chain[0] != n for c in named for n in c):
            chains.append(chain)
    for chain in chains:
        for upper, name in zip(("", *chain), chain, strict=False):
            _add(geo, name, rules)
            if upper and name not in rules.known:
                geo.parents.setdefault(name, upper)
    for full in sorted(set(present)):
        if full in rules.known:
            short, level, parent = rules.known[full]
            geo.levels[full] = level
            if len(short) >= 2:
                geo.shorts[short] = full
            geo.parents[full] = parent
            if parent in rules.known:
                geo.levels.setdefault(parent, rules.known[parent][1])
                geo.parents.setdefault(parent, "")
    geo.pattern = re.compile(alternation(geo.levels) or "(?!)")
    geo.names = re.compile(alternation([*geo.levels, *geo.shorts]) or "(?!)")
    for found in geo.names.finditer(text):
        geo.counts[geo.full(found.group())] += 1
    _settle(geo, letters, text, chains)
    return geo


def _stem(text: str, end: int, rules: _Rules) -> str:
    """The shortest run of two characters or more before *end* that begins after a mark or a word that shows a place."""
    for begin in range(end - 2, max(-1, end - 1 - _STEM), -1):
        stem = text[begin:end]
        if not _HAN.fullmatch(stem):
            return ""
        if begin == 0 or rules.stem.search(text, max(0, begin - 3), begin):
            return stem
    return ""


_STEM = 4
"""Characters of a division's name before its last."""
_HAN = re.compile(r"(?:(?![与和及在到赴而])[一-龥])+")


def _split(words: str, rules: _Rules, *, strict: bool) -> tuple[str, ...]:
    """Cut 澄溪市临汀区 into its names; empty if one of them is none."""
    out: list[str] = []
    rest = words
    while rest:
        found = rules.name.match(rest)
        if found is None:
            return ()
        name = found.group()
        rest = rest[found.end() :]
        stem = rules.suffix.sub("", name)
        if name in rules.known:
            out.append(name)
            continue
        if name in rules.common or name.endswith(rules.not_ending) or name[-2:-1] == name[-1]:
            return ()
        if len(stem) > (3 if name[-1] == "省" else 4):
            return ()
        if strict and (len(stem) == 1 or any(c in rules.stop for c in stem)):
            return ()
        if rules.word.search(stem) or (len(stem) == 1 and len(words) == len(name)):
            return ()
        out.append(name)
    return tuple(out)


def _add(geo: Geography, name: str, rules: _Rules) -> None:
    suffix = rules.suffix.search(name)
    if suffix is None:
        return
    geo.levels[name] = rules.known[name][1] if name in rules.known else rules.levels[suffix.group()]
    stem = name[: suffix.start()]
    if len(stem) >= 2 and geo.levels[name] != "Town":
        geo.shorts.setdefault(stem, name)


def _settle(geo: Geography, letters: tuple[Letter, ...], text: str, chains: list[tuple[str, ...]]) -> None:
    """Say what each letter, and the page, speaks for."""
    votes: Counter[Home] = Counter()
    waiting: list[Letter] = []
    for letter in letters:
        if letter.body is None:
            continue
        home: Home | None = None
        for name in ("issuedBy", "title", "leadAgency"):
            for value in (f.value for f in letter.all(name)):
                chain = geo.chain(value)
                if chain:
                    home = geo.home_of(chain)
                    break
            if home:
                break
        if home:
            geo.homes[letter.id] = home
            votes[home] += 3
        else:
            waiting.append(letter)
    if not votes:
        heads = [c for c in chains if geo.levels.get(c[-1]) != "Town"]
        if heads:
            most = max(dict.fromkeys(heads), key=lambda c: (geo.counts[c[-1]], heads.count(c), c))
            votes[geo.home_of(most)] += 1
        elif geo.counts:
            name = max(geo.counts, key=lambda n: (geo.levels.get(n) != "Town", geo.counts[n], n))
            votes[geo.home_of((name,))] += 1
    geo.home = max(votes, key=lambda h: (votes[h], h.lowest)) if votes else Home()
    for letter in waiting:
        geo.homes[letter.id] = geo.home
    cities = [n for n, level in geo.levels.items() if level == "Municipal" and geo.counts[n]]
    if len(cities) == 1:
        geo.home = _under(geo.home, cities[0])
        geo.homes = {ident: _under(home, cities[0]) for ident, home in geo.homes.items()}


def _under(home: Home, city: str) -> Home:
    """A county's home with the one city that the page names above it, where no name says which city that is."""
    return replace(home, above=city) if home.county and not home.city else home
