"""The keys of letters in normal form: numbers, titles, sessions, bodies, file names."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from posixpath import basename, dirname, splitext

from extract.text.normalize import number_key, title_key
from extract.text.numerals import parse_ordinal
from kg.join.settings import compile_body_patterns, compile_pattern, compile_session_patterns, load_settings

_CUT_SIMILARITY = 0.7
"""Least similarity of a title and a part of it: one of them may be cut short."""


@dataclass(frozen=True, slots=True, order=True)
class AssemblySession:
    """A session of a body: 市政协六届三次会议 is ``市 6 3``."""

    level: str
    """``省``, ``市``, ``县`` …; empty if the words do not name it."""
    term: int
    meeting: int


@dataclass(frozen=True, slots=True)
class FileName:
    """What the name of a source says about its letter."""

    folder: str
    """Folders of the source, without those that only name a kind of letter (``答复/``)."""
    key: str
    """Number or title in the name; empty if the name only says which kind of letter it is."""
    role: str
    """``reply``, ``proposal`` or empty."""
    is_bare: bool
    """Whether the name is nothing but the role."""


def normalize_number(printed: str) -> str:
    """Return the normal form of a number of a proposal: ``368`` for 第0368号; empty if it has no digits.

    A number that contains its year keeps all its digits.
    """
    folded = re.sub(r"^第|号$", "", number_key(printed))
    digits = re.sub(r"\D", "", folded)
    if not digits:
        return ""
    if len(digits) >= load_settings()["number"]["long"] and re.fullmatch(r"\d[\d\-年第]*", folded):
        return digits
    return folded.lstrip("0") or "0" if folded.isdigit() else folded


@lru_cache(maxsize=65536)
def is_long_number(number: str) -> bool:
    """Return whether *number* (normal form) identifies a proposal without its session."""
    return number.isdigit() and len(number) >= int(load_settings()["number"]["long"])


@lru_cache(maxsize=65536)
def is_list_row(source: str) -> bool:
    """Return whether the id of a source is that of a row of a list: ``清单.xlsx/0301``."""
    suffix = re.compile(r"\.[A-Za-z]{2,5}")
    own, above = (splitext(name)[1] for name in (basename(source), dirname(source)))
    return suffix.fullmatch(own) is None and suffix.fullmatch(above) is not None


@lru_cache(maxsize=8192)
def normalize_title(printed: str) -> str:
    """Return the normal form of a title: without 关于 … 的提案, width, quotes, punctuation and white space."""
    words = title_key(printed)
    bare = compile_pattern("title", "suffix").sub("", compile_pattern("title", "prefix").sub("", words))
    return bare or words


def is_distinctive_title(title: str) -> bool:
    """Return whether *title* (normal form) is long enough to identify a proposal."""
    return len(title) >= int(load_settings()["title"]["least"])


@lru_cache(maxsize=65536)
def make_bigrams(words: str) -> frozenset[str]:
    """Return the character bigrams of *words*."""
    return frozenset(words[i : i + 2] for i in range(len(words) - 1))


def measure_similarity(title: str, other: str) -> float:
    """Return the similarity of two titles (normal form), from 0 to 1: the Dice coefficient of their bigrams."""
    if title == other:
        return 1.0
    bigrams, others = make_bigrams(title), make_bigrams(other)
    if not bigrams or not others:
        return 0.0
    dice = 2 * len(bigrams & others) / (len(bigrams) + len(others))
    return max(_CUT_SIMILARITY, dice) if title in other or other in title else dice


def are_nearly_equal(title: str, other: str) -> bool:
    """Return whether two titles (normal form) differ in a few characters only, and in no number or term."""
    limits = load_settings()["title"]
    if title == other:
        return True
    if min(len(title), len(other)) < limits["least_near"] or measure_similarity(title, other) < limits["near"]:
        return False
    distinguishing = compile_pattern("title", "telling")
    return distinguishing.findall(title) == distinguishing.findall(other)


@lru_cache(maxsize=4096)
def parse_session(printed: str) -> AssemblySession | None:
    """Return the session that *printed* names by term and number; None if it names none."""
    session_pattern, level_pattern = compile_session_patterns()
    words = unicodedata.normalize("NFKC", printed)
    session = session_pattern.search(words)
    if session is None:
        return None
    level = level_pattern.search(words)
    term, meeting = parse_ordinal(session["term"]), parse_ordinal(session["meeting"])
    return AssemblySession(level["level"] if level else "", term, meeting)


def find_body(words: str) -> str:
    """Return the body that numbers the proposal in *words*, as a segment of IRIs; empty if none or both are named."""
    compact = "".join(unicodedata.normalize("NFKC", words).split())
    found = [segment for segment, body_pattern in compile_body_patterns() if body_pattern.search(compact)]
    return found[0] if len(found) == 1 else ""


@lru_cache(maxsize=65536)
def parse_file_name(source: str) -> FileName:
    """Return what the id of a source says about its letter: ``答复/20240015答复.docx`` is ``20240015``, a reply."""
    folders = [folder for folder in dirname(source).split("/") if folder and not _parse_role(folder)[2]]
    name = basename(source)
    stem, suffix = splitext(name)
    if not re.fullmatch(r"\.[A-Za-z]{2,5}", suffix):
        stem = name  # the source is a row of a list
    words = unicodedata.normalize("NFKC", stem)
    if compile_pattern("file", "row").search(words):
        return FileName("/".join(folders), "", "", False)
    key, role, is_bare = _parse_role(words)
    return FileName("/".join(folders), key, role, is_bare)


def map_title_key(text: str, end: int) -> tuple[str, list[int]]:
    """Return the title key of the first *end* code points of *text*, and the position in *text* of each character."""
    characters: list[str] = []
    positions: list[int] = []
    for position, char in enumerate(text[:end]):
        for folded in title_key(char):
            characters.append(folded)
            positions.append(position)
    return "".join(characters), positions


def _parse_role(name: str) -> tuple[str, str, bool]:
    """Return the key in *name*, the role that it names, and whether there is nothing but the role."""
    words = unicodedata.normalize("NFKC", name).lower()
    rest, replies = compile_pattern("file", "reply").subn("", words)
    rest, proposals = compile_pattern("file", "proposal").subn("", rest)
    noise = compile_pattern("file", "noise")
    rest = noise.sub("", noise.sub("", rest))
    role = "reply" if replies else "proposal" if proposals else ""
    is_bare = not rest and bool(role)
    if number := compile_pattern("file", "number").fullmatch(rest):
        return normalize_number(number["n"]), role, False
    if compile_pattern("file", "plain").fullmatch(rest):
        return "", role, is_bare
    return normalize_title(rest), role, is_bare
