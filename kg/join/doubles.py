"""Doubles: how much two letters have in common, and which of their parts and figures are the same."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache, partial
from itertools import combinations

from extract.text.normalize import title_key
from kg.join.letters import StoredLetters, decode_name
from kg.join.model import JoinLink, LetterNode, Matches, Piece, Sighting
from kg.join.settings import get_confidence, load_settings
from ontology.terms import PART_CLASSES

_LEAST_SHINGLES = 20
"""Fewest shingles of a text that is compared."""
_LEAST_FIGURE_WORDS = 8
"""A figure with more folded characters than these is identified by its words."""

_LEAST_TOLD = 4
"""Fewest folded characters by which a reply names a suggestion."""


def measure_overlap(letters: StoredLetters, node: LetterNode, other: LetterNode) -> float:
    """Return the share of the shorter text that is also in the longer one.

    The share is 0 if the shorter text is very short, or less than half as long as the other.
    """
    texts = sorted((s.graph, s.iri) for one in (node, other) for s in one.sightings if s.has_text)
    graphs = [graph for graph, _ in texts]
    return float(letters.kept.get(f"overlap {texts}", graphs, lambda: _measure_overlap(letters, node, other)))


def _measure_overlap(letters: StoredLetters, node: LetterNode, other: LetterNode) -> float:
    small, large = sorted((_find_shingles(letters, node), _find_shingles(letters, other)), key=len)
    if len(small) < _LEAST_SHINGLES or 2 * len(small) < len(large):
        return 0.0
    return len(small & large) / len(small)


def find_double_replies(letters: StoredLetters, matches: Matches) -> tuple[JoinLink, ...]:
    """Return links between replies of one agency to the same proposals whose texts are nearly equal."""
    about: dict[tuple[str, ...], list[LetterNode]] = defaultdict(list)
    linked: dict[str, set[str]] = defaultdict(set)
    for link in matches.links:
        if link.predicate == "repliesTo":
            linked[link.subject].add(link.object)
    for reply in letters.replies:
        named = {matches.get_root(proposal) for s in reply.sightings for proposal in s.answers}
        if roots := tuple(sorted(named | linked[reply.iri])):
            about[roots].append(reply)
    found: dict[str, JoinLink] = {}
    for group in about.values():
        for main, other in combinations(sorted(group, key=_fullness_key), 2):
            if other.iri in found or main.iri in found or not _may_be_same_letter(main, other):
                continue
            if measure_overlap(letters, main, other) >= load_settings()["doubles"]["same"]:
                quotes = (*letters.find_first_quote(other), *letters.find_first_quote(main))
                found[other.iri] = JoinLink(other.iri, "sameAs", main.iri, "join.text", get_confidence("text"), quotes)
    return tuple(found[iri] for iri in sorted(found))


def find_double_pieces(letters: StoredLetters, same: Iterable[tuple[str, str]]) -> tuple[JoinLink, ...]:
    """Return links between the parts and figures that are the same in several texts of one letter.

    Args:
        letters: the letters of the store.
        same: pairs of a letter and the letter that represents it.
    """
    groups: dict[str, list[str]] = defaultdict(list)
    for other, main in same:
        groups[main].append(other)
    links: list[JoinLink] = []
    several_texts = (x.iri for x in letters.nodes.values() if sum(s.has_text for s in x.sightings) > 1)
    for iri in sorted({*groups, *several_texts}):
        nodes = (letters.nodes[x] for x in (iri, *sorted(groups[iri])))
        texts = [sighting for node in nodes for sighting in node.sightings if sighting.has_text]
        for twin in texts[1:]:
            pair, graphs = partial(_pair_pieces, letters, twin, texts[0]), [twin.graph, texts[0].graph]
            links += letters.find_links(f"pieces {twin.iri} {texts[0].iri} {graphs}", graphs, pair)
    return tuple(sorted(set(links)))


def find_told_suggestions(letters: StoredLetters, matches: Matches) -> tuple[JoinLink, ...]:
    """Return links from suggestions as a reply names them to those in the text of the proposal, in another source.

    关于简化审批流程的建议 in a reply names the suggestion that begins 简化审批流程.
    """
    members: dict[str, list[LetterNode]] = defaultdict(list)
    for node in letters.proposals:
        members[matches.get_root(node.iri)].append(node)
    links: list[JoinLink] = []
    for root, nodes in members.items():
        sightings = [sighting for node in nodes for sighting in node.sightings]
        graphs, names = [s.graph for s in sightings], [s.iri for s in sightings]
        links += letters.find_links(f"told {root}", graphs, partial(_find_told, letters, sightings), names)
    return tuple(sorted(set(links)))


def _find_told(letters: StoredLetters, sightings: list[Sighting]) -> Iterator[JoinLink]:
    """Yield the links between the suggestions of one proposal."""
    own = [piece for s in sightings if s.has_text for piece in letters.find_letter_pieces(s)]
    told = [piece for s in sightings if not s.has_text for piece in letters.find_letter_pieces(s)]
    asked = [(piece, _words_key(letters, piece)[1]) for piece in own if piece.kind == "Suggestion"]
    for piece in (piece for piece in told if piece.kind == "Suggestion"):
        words = _words_key(letters, piece)[1]
        found = [one for one, key in asked if key.startswith(words) and one.iri != piece.iri]
        if len(found) == 1 and len(words) >= _LEAST_TOLD:
            quotes = (*piece.quotes[:1], *found[0].quotes[:1])
            yield JoinLink(piece.iri, "sameAs", found[0].iri, "join.text", get_confidence("part"), quotes)


def _pair_pieces(letters: StoredLetters, other: Sighting, main: Sighting) -> Iterator[JoinLink]:
    main_pieces = letters.find_letter_pieces(main)
    by_fragment = {_get_fragment(piece): piece for piece in main_pieces}
    by_words = _index_unique(letters, main_pieces)
    other_pieces = letters.find_letter_pieces(other)
    own_by_words = _index_unique(letters, other_pieces)
    for piece in other_pieces:
        words = _words_key(letters, piece)
        match = by_fragment.get(_get_fragment(piece))
        if match is None and own_by_words.get(words) is piece:
            match = by_words.get(words)
        if match is not None and match.iri != piece.iri and match.kind == piece.kind:
            quotes = (*piece.quotes[:1], *match.quotes[:1])
            yield JoinLink(piece.iri, "sameAs", match.iri, "join.text", get_confidence("part"), quotes)


def _index_unique(letters: StoredLetters, pieces: list[Piece]) -> dict[tuple[str, str], Piece]:
    """Return the pieces by class and words, without those that share them with another piece."""
    counted = Counter(_words_key(letters, piece) for piece in pieces)
    return {key: piece for piece in pieces if counted[key := _words_key(letters, piece)] == 1}


def _words_key(letters: StoredLetters, piece: Piece) -> tuple[str, str]:
    words = title_key("".join(letters.get_words(quote) for quote in piece.quotes[:1]))
    if piece.kind in PART_CLASSES or len(words) > _LEAST_FIGURE_WORDS:
        return piece.kind, words
    # 80万元 alone does not identify a figure: it may stand in another sentence
    return piece.kind, f"{words}\0{piece.iri}"


def _get_fragment(piece: Piece) -> str:
    return piece.iri.rpartition("#")[2]


def _may_be_same_letter(reply: LetterNode, other: LetterNode) -> bool:
    """Return whether class, dates and issuers of two replies do not contradict each other."""
    if reply.kind != other.kind:
        return False
    dates, other_dates = ({date for s in node.sightings for date in s.issued} for node in (reply, other))
    if dates and other_dates and not dates & other_dates:
        return False
    issuers, other_issuers = (
        [decode_name(agency) for s in node.sightings for agency in s.issuers] for node in (reply, other)
    )
    if not issuers or not other_issuers:
        return True
    return any(a.endswith(b[1:]) or b.endswith(a[1:]) for a in issuers for b in other_issuers)


def _fullness_key(reply: LetterNode) -> tuple[int, int, str]:
    """Return a sort key of replies: the one of which most is known comes first, and represents the others."""
    longest_issuer = max((len(decode_name(agency)) for s in reply.sightings for agency in s.issuers), default=0)
    known_fields = sum(bool(values) for s in reply.sightings for values in (s.issued, s.documents))
    return -longest_issuer, -known_fields, reply.iri


def _find_shingles(letters: StoredLetters, node: LetterNode) -> frozenset[str]:
    return next((_cut_shingles(letters.get_body(s)) for s in node.sightings if s.has_text), frozenset())


@lru_cache(maxsize=256)
def _cut_shingles(text: str) -> frozenset[str]:
    size = int(load_settings()["doubles"]["shingle"])
    words = title_key(text)
    return frozenset(words[i : i + size] for i in range(len(words) - size + 1))
