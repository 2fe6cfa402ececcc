"""What letters are known by, in normal form: numbers, titles, sessions, names of files."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from posixpath import basename, dirname, splitext

from extract.text.normalize import title_key
from extract.text.numerals import parse_ordinal
from kg.join.settings import bodies, pattern, session_patterns, settings
from kg.rdf.iri import fold


@dataclass(frozen=True, slots=True, order=True)
class Session:
    """A meeting: 市政协六届三次会议 is ``市 6 3``."""

    level: str
    """``省``, ``市``, ``县`` …; empty if it is not said."""
    term: int
    meeting: int


@dataclass(frozen=True, slots=True)
class FileName:
    """What a source's own name tells of its letter."""

    folder: str
    """Where it lies; folders that only say which letters are in them (``答复/``) are left out."""
    key: str
    """What is left of its name; empty if that only says which letter it is."""
    role: str
    """``reply``, ``proposal`` or empty."""
    bare: bool
    """Whether the name says the role and nothing else."""


def number(printed: str) -> str:
    """第0368号 as ``368``; a number that holds its year keeps all its digits; empty for what has none."""
    folded = re.sub(r"^第|号$", "", fold(printed))
    digits = re.sub(r"\D", "", folded)
    if not digits:
        return ""
    if len(digits) >= settings()["number"]["long"] and re.fullmatch(r"\d[\d\-年第]*", folded):
        return digits
    return folded.lstrip("0") or "0" if folded.isdigit() else folded


def is_long(told: str) -> bool:
    """Whether a number tells a proposal without its session."""
    return told.isdigit() and len(told) >= int(settings()["number"]["long"])


@lru_cache(maxsize=8192)
def title(printed: str) -> str:
    """A title without 关于 … 的提案, width, quotes, punctuation and white space."""
    words = title_key(printed)
    bare = pattern("title", "suffix").sub("", pattern("title", "prefix").sub("", words))
    return bare or words


def tells(bare_title: str) -> bool:
    """Whether a title is long enough to tell a proposal."""
    return len(bare_title) >= int(settings()["title"]["least"])


@lru_cache(maxsize=65536)
def grams(words: str) -> frozenset[str]:
    """Character bigrams."""
    return frozenset(words[i : i + 2] for i in range(len(words) - 1))


def alike(a: str, b: str) -> float:
    """How alike two titles in normal form are, from 0 to 1 (Dice's coefficient of their bigrams)."""
    if a == b:
        return 1.0
    one, other = grams(a), grams(b)
    if not one or not other:
        return 0.0
    if a in b or b in a:  # one of them is cut short
        return max(0.7, 2 * len(one & other) / (len(one) + len(other)))
    return 2 * len(one & other) / (len(one) + len(other))


def nearly(a: str, b: str) -> bool:
    """Whether two titles are one but for a few characters that tell nothing apart."""
    told = settings()["title"]
    if a == b:
        return True
    if min(len(a), len(b)) < told["least_near"] or alike(a, b) < told["near"]:
        return False
    telling = pattern("title", "telling")
    return telling.findall(a) == telling.findall(b)


@lru_cache(maxsize=4096)
def session(printed: str) -> Session | None:
    """The meeting that words name; None if they name none by its term and number."""
    meeting, level = session_patterns()
    words = unicodedata.normalize("NFKC", printed)
    found = meeting.search(words)
    if found is None:
        return None
    at = level.search(words)
    return Session(at["level"] if at else "", parse_ordinal(found["term"]), parse_ordinal(found["meeting"]))


def body(words: str) -> str:
    """Which body numbers the proposal that *words* name; empty if they do not say, or name both."""
    plain = "".join(unicodedata.normalize("NFKC", words).split())
    found = [segment for segment, told in bodies() if told.search(plain)]
    return found[0] if len(found) == 1 else ""


@lru_cache(maxsize=65536)
def file_name(source: str) -> FileName:
    """What the id of a source tells: ``答复/20240015答复.docx`` is ``20240015``, a reply."""
    folders = [f for f in dirname(source).split("/") if f and not _role(f)[2]]
    name = basename(source)
    stem, suffix = splitext(name)
    if not re.fullmatch(r"\.[A-Za-z]{2,5}", suffix):
        stem = name  # the row of a list
    words = unicodedata.normalize("NFKC", stem)
    if pattern("file", "row").search(words):
        return FileName("/".join(folders), "", "", False)
    told, role, bare = _role(words)
    return FileName("/".join(folders), told, role, bare)


def _role(name: str) -> tuple[str, str, bool]:
    """What is left of a name without the words for a letter, which letter they say, and whether nothing is left."""
    words = unicodedata.normalize("NFKC", name).lower()
    left, replies = pattern("file", "reply").subn("", words)
    left, proposals = pattern("file", "proposal").subn("", left)
    left = pattern("file", "noise").sub("", pattern("file", "noise").sub("", left))
    role = "reply" if replies else "proposal" if proposals else ""
    bare = not left and bool(role)
    if found := pattern("file", "number").fullmatch(left):
        return number(found["n"]), role, False
    if pattern("file", "plain").fullmatch(left):
        return "", role, bare
    return title(left), role, bare


def folded_places(text: str, end: int) -> tuple[str, list[int]]:
    """The first *end* code points of *text* as titles are compared, and where each character of that stands."""
    kept: list[str] = []
    places: list[int] = []
    for at, sign in enumerate(text[:end]):
        for c in title_key(sign):
            kept.append(c)
            places.append(at)
    return "".join(kept), places


__all__ = [
    "FileName", "Session", "alike", "body", "dirname", "file_name", "folded_places", "grams", "is_long", "nearly",
    "number", "session", "tells", "title",
]  # fmt: skip
