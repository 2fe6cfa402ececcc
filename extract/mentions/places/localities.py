"""Mentions of villages, communities and streets, which stand in no public data: 汀下村、岭后村, 云岭镇汀下村.

A name that ends in 村 or 街 is certain only beside others of its kind or after a town, since the same characters end
many words. A list of such names is believed if one of them is no word of the language, so that 汀下村、胜利村 are two
villages; a name that one place of the page makes certain counts everywhere on the page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from extract.mentions.context import MentionContext
from extract.mentions.geography import Geography
from extract.mentions.readings import Reading
from extract.model import Kind, Mention
from extract.text.search import find_matches
from extract.text.segment import segmenter
from ontology.lexicons import Lexicon, join_alternatives

_BETWEEN = re.compile(r"[、，,和与及]|以及")
_UNITS = re.compile("村?建制|行政村")
"""What follows a list of villages that are formed or dissolved."""
_FUNCTION = frozenset({"p", "c", "d", "r", "u", "v", "m", "q"})
_TOWN = "镇乡道县区市"
"""Last characters of the divisions that a locality's name may follow."""


@dataclass(frozen=True, slots=True)
class _Patterns:
    name: re.Pattern[str]
    lead: re.Pattern[str]
    """Words before a name that are no part of it; a single character may be its first one (和平村)."""
    framed: re.Pattern[str]
    endings: tuple[str, ...]
    kinds: frozenset[str]


@dataclass(slots=True)
class _Candidate:
    begin: int
    end: int
    name: str
    ending: str
    is_sure: bool
    """Whether no word of the language is in it."""
    follows_town: bool
    is_framed: bool
    """Whether a word such as 设立 or 原 stands before it."""


@cache
def _compile_patterns(lex: Lexicon) -> _Patterns:
    places = lex.read_config("agencies")["places"]
    endings = places["localities"]
    leads = [word for word in places["before_locality"] if len(word) > 1]
    ending = "|".join(f"{word}(?![{letters}]|{word}(?:[、，和与。；）)]|{word}))" for word, letters in endings.items())
    borders = ["[、，,。；;：:（(“\\s]", "^", *places["before_locality"], f"[{_TOWN}]"]
    before = "|".join(f"(?<={border})" for border in borders)
    character = "(?![的和与及])[一-龥]"
    return _Patterns(
        re.compile(rf"(?:{before})(?P<stem>(?:{character}){{1,7}}?)(?P<ending>{ending})", re.M),
        re.compile(join_alternatives([*leads, "为", "在", "由", "将"])),
        re.compile(rf"(?:{join_alternatives([*leads, '原'])})\Z"),
        tuple(endings),
        frozenset(places["locality_kinds"]),
    )


def find_localities(page: MentionContext, geo: Geography, reading: Reading) -> list[Mention]:
    """Return the villages, communities and streets that the page names."""
    candidates = _list_candidates(page, geo, reading)
    names = _list_names(reading.text, candidates)
    return [
        Mention(reading.span(c.begin, c.end), Kind.PLACE, c.name, "place.locality", 0.8, {"area": "1"})
        for c in candidates
        if c.name in names
    ]


def _list_candidates(page: MentionContext, geo: Geography, reading: Reading) -> list[_Candidate]:
    patterns = _compile_patterns(page.lex)
    out: list[_Candidate] = []
    for found in find_matches(patterns.name, reading.text, patterns.endings):
        stem, begin = found.group("stem"), found.start()
        cut = max((lead.end() for lead in patterns.lead.finditer(stem)), default=0)
        if cut < len(stem):
            begin, stem = begin + cut, stem[cut:]
        town = geo.name_pattern.match(reading.text, begin)
        if town and town.end() < found.start("ending"):
            begin, stem = town.end(), reading.text[town.end() : found.start("ending")]
        cut = _count_lead(page, stem)
        begin, stem = begin + cut, stem[cut:]
        if len(stem) > 5 or _is_kind(stem, found["ending"]) or stem in patterns.kinds or stem[0] in "各全本该我其":
            continue
        if reading.text[begin - 1 : begin] in _TOWN and not _ends_division(geo, reading.text, begin):
            continue
        out.append(
            _Candidate(
                begin, found.end(), stem + found.group("ending"), found.group("ending"),
                _is_no_word(page, stem), _ends_division(geo, reading.text, begin),
                patterns.framed.search(reading.text, max(0, begin - 4), begin) is not None,
            )
        )  # fmt: skip
    return out


def _is_kind(stem: str, ending: str) -> bool:
    """Whether the last character of a stem makes the ending another word: 农村, 强村."""
    return ending == "村" and stem[-1] in "农乡渔各个全每入本我该强名"


def _count_lead(page: MentionContext, stem: str) -> int:
    """Return how many characters at the start of a stem are a verb or preposition: 把+岭后(村), 启动+岭后(村)."""
    first, *rest = segmenter(page.lex).segment(stem)
    is_lead = first.tag == "p" or (len(first.text) > 1 and first.tag in {"v", "vn", "d"})
    return first.end if is_lead and rest and len(stem) - first.end > 1 else 0


def _ends_division(geo: Geography, text: str, at: int) -> bool:
    """Whether the full name of a division ends at *at*."""
    return any(text[at - length : at] in geo.levels for length in range(2, 9))


def _is_no_word(page: MentionContext, stem: str) -> bool:
    words = segmenter(page.lex).segment(stem)
    return (
        len(stem) > 1
        and words[0].tag not in _FUNCTION
        and not any(len(word.text) > 1 and word.tag not in {"ns", "nr", "nrt", "nz"} for word in words)
    )


def _list_names(text: str, candidates: list[_Candidate]) -> set[str]:
    """Return the names that are believed: those of lists, those after a town, and beside lists also single ones."""
    runs: list[list[_Candidate]] = []
    last: _Candidate | None = None
    for candidate in candidates:
        if last and last.ending == candidate.ending and _BETWEEN.fullmatch(text[last.end : candidate.begin]):
            runs[-1].append(candidate)
        else:
            runs.append([candidate])
        last = candidate
    believed = [
        run
        for run in runs
        if any(c.is_sure and (c.follows_town or len(run) > 1) for c in run) or _UNITS.match(text, run[-1].end)
    ]
    lists = {run[0].ending for run in believed if len(run) > 1}
    sure = {c.name for c in candidates if c.is_sure and c.ending == "村" and len(c.name) < 5}
    if len(sure) > 1:  # a page that names one village names others
        lists.add("村")
    believed += [run for run in runs if run[0].ending in lists and (run[0].is_sure or run[0].is_framed)]
    return {candidate.name for run in believed for candidate in run}
