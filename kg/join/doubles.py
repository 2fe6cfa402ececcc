"""The same text twice: how much two letters have in common, and which of their parts and figures are one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import combinations

from extract.text.normalize import title_key
from kg.join.letters import Letter, Letters, Piece, Sighting, name
from kg.join.settings import confidence, settings
from kg.join.values import Link, Matches
from ontology.terms import PART_CLASSES

_LEAST_SHINGLES = 20
"""Shingles that a text must have to be compared."""


def overlap(letters: Letters, a: Letter, b: Letter) -> float:
    """Share of the shorter text that is in the other; 0 where the shorter is less than half of it, or too short."""
    small, large = sorted((_shingles(letters, a), _shingles(letters, b)), key=len)
    if len(small) < _LEAST_SHINGLES or 2 * len(small) < len(large):
        return 0.0
    return len(small & large) / len(small)


def replies(letters: Letters, matches: Matches) -> tuple[Link, ...]:
    """Replies of one agency about the same proposals whose texts are nearly one."""
    about: dict[tuple[str, ...], list[Letter]] = defaultdict(list)
    said: dict[str, set[str]] = defaultdict(set)
    for link in matches.links:
        if link.predicate == "repliesTo":
            said[link.subject].add(link.object)
    for reply in letters.replies:
        named = {matches.root(a) for s in reply.sightings for a in s.answers}
        if roots := tuple(sorted(named | said[reply.iri])):
            about[roots].append(reply)
    found: dict[str, Link] = {}
    for group in about.values():
        for one, other in combinations(sorted(group, key=_fullness), 2):
            if other.iri in found or one.iri in found or not _same_letter(one, other):
                continue
            if overlap(letters, one, other) >= settings()["doubles"]["same"]:
                quotes = (*letters.first_words(other), *letters.first_words(one))
                found[other.iri] = Link(other.iri, "sameAs", one.iri, "join.text", confidence("text"), quotes)
    return tuple(found[iri] for iri in sorted(found))


def pieces(letters: Letters, same: Iterable[tuple[str, str]]) -> tuple[Link, ...]:
    """Parts and figures that are one in the texts of one letter.

    Args:
        letters: the letters of the store.
        same: letters that stand for others (first the other, then what stands for it).
    """
    groups: dict[str, list[str]] = defaultdict(list)
    for other, main in same:
        groups[main].append(other)
    out: list[Link] = []
    for iri in sorted({*groups, *(x.iri for x in letters.all.values() if sum(s.text for s in x.sightings) > 1)}):
        texts = [s for x in (iri, *sorted(groups[iri])) for s in letters.all[x].sightings if s.text]
        for twin in texts[1:]:
            out += _pairs(letters, twin, texts[0])
    return tuple(sorted(set(out)))


def _pairs(letters: Letters, other: Sighting, main: Sighting) -> Iterator[Link]:
    there = letters.pieces_of(main)
    by_name = {_fragment(p): p for p in there}
    by_words = _unique(letters, there)
    here = letters.pieces_of(other)
    own = _unique(letters, here)
    for piece in here:
        words = _words(letters, piece)
        match = by_name.get(_fragment(piece)) or (by_words.get(words) if own.get(words) is piece else None)
        if match is not None and match.iri != piece.iri and match.kind == piece.kind:
            quotes = (*piece.quotes[:1], *match.quotes[:1])
            yield Link(piece.iri, "sameAs", match.iri, "join.text", confidence("part"), quotes)


def _unique(letters: Letters, found: list[Piece]) -> dict[tuple[str, str], Piece]:
    """Pieces by class and words, where no two have the same."""
    counted = Counter(_words(letters, p) for p in found)
    return {w: p for p in found if counted[w := _words(letters, p)] == 1}


def _words(letters: Letters, piece: Piece) -> tuple[str, str]:
    said = title_key("".join(letters.words(q) for q in piece.quotes[:1]))
    # 80万元 alone is no name of a figure: its sentence may be another one
    return piece.kind, said if piece.kind in PART_CLASSES or len(said) > 8 else f"{said}\0{piece.iri}"


def _fragment(piece: Piece) -> str:
    return piece.iri.rpartition("#")[2]


def _same_letter(one: Letter, other: Letter) -> bool:
    """Whether class, date and issuer of two replies allow that they are one."""
    if one.kind != other.kind:
        return False
    dates = [{d for s in x.sightings for d in s.issued} for x in (one, other)]
    if dates[0] and dates[1] and not dates[0] & dates[1]:
        return False
    issuers = [[name(i) for s in x.sightings for i in s.issuers] for x in (one, other)]
    return not issuers[0] or not issuers[1] or any(
        a.endswith(b[1:]) or b.endswith(a[1:]) for a in issuers[0] for b in issuers[1]
    )  # fmt: skip


def _fullness(reply: Letter) -> tuple[int, int, str]:
    """What stands for several: that of which most is known, then the first by IRI."""
    issuers = max((len(name(i)) for s in reply.sightings for i in s.issuers), default=0)
    told = sum(bool(x) for s in reply.sightings for x in (s.issued, s.documents))
    return -issuers, -told, reply.iri


def _shingles(letters: Letters, letter: Letter) -> frozenset[str]:
    return next((_cut(letters.body(s)) for s in letter.sightings if s.text), frozenset())


@lru_cache(maxsize=256)
def _cut(text: str) -> frozenset[str]:
    size = int(settings()["doubles"]["shingle"])
    words = title_key(text)
    return frozenset(words[i : i + size] for i in range(len(words) - size + 1))
