"""The values that joining works with: letters as sources have them, and the links that are found between them."""

from __future__ import annotations

from dataclasses import dataclass, field

from kg.join import keys


@dataclass(frozen=True, slots=True, order=True)
class QuotedSpan:
    """Words of a source, by the IRI of its graph and their position in its text."""

    graph: str
    begin: int
    end: int

    @property
    def iri(self) -> str:
        return f"{self.graph}#char={self.begin},{self.end}"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part or figure as one source has it."""

    iri: str
    kind: str
    quotes: tuple[QuotedSpan, ...]


@dataclass(frozen=True, slots=True)
class Sighting:
    """A letter as one source has it."""

    iri: str
    graph: str
    source: str
    """Id of the source."""
    kind: str
    has_text: bool
    """Whether the source has the text of the letter. If not, it only names the letter, or lists it in a row."""
    numbers: tuple[str, ...]
    titles: tuple[str, ...]
    sessions: tuple[str, ...]
    issued: tuple[str, ...]
    documents: tuple[str, ...]
    """文号 of a reply."""
    answers: tuple[str, ...]
    """IRIs of the proposals that a reply answers, as the source says."""
    issuers: tuple[str, ...]
    handlers: tuple[str, ...]
    """IRIs of the leading and the joining agencies of a proposal."""
    place: str
    body: str
    is_only_named: bool
    """Whether the source has nothing of the proposal but the words by which a reply in it names it."""
    quotes: tuple[QuotedSpan, ...]


@dataclass(frozen=True, slots=True)
class LetterNode:
    """A letter as a node of the graph: all sightings that have the same IRI, with their keys in normal form."""

    iri: str
    kind: str
    sightings: tuple[Sighting, ...]
    has_text: bool
    numbers: frozenset[str]
    titles: frozenset[str]
    sessions: frozenset[keys.AssemblySession]
    places: frozenset[str]
    bodies: frozenset[str]
    handlers: frozenset[str]
    years: frozenset[int]
    """Possible years of a proposal; years in which a reply was issued."""

    @property
    def is_reply(self) -> bool:
        return self.kind != "Proposal"

    @property
    def has_own_record(self) -> bool:
        """Whether a source has the text of the letter or names it other than as the proposal of a reply."""
        return any(s.has_text or not s.is_only_named for s in self.sightings)


@dataclass(frozen=True, slots=True)
class Ground:
    """What a link rests on."""

    rule: str
    """``join.number``, ``answers:wording`` …"""
    confidence: float
    quotes: tuple[QuotedSpan, ...]
    """Words of both sides, if both have any."""


@dataclass(frozen=True, slots=True, order=True)
class JoinLink:
    """A statement that follows from several sources together, with the rule and the quotes that it rests on."""

    subject: str
    predicate: str
    """Local name in ``pk:``."""
    object: str
    rule: str
    """``join.number``, ``answers:wording`` …"""
    confidence: float
    quotes: tuple[QuotedSpan, ...]
    """Words of both sides, if both have any."""


@dataclass(frozen=True, slots=True)
class Matches:
    """Which nodes are one proposal, and which proposal a reply is about."""

    same: dict[str, str] = field(default_factory=dict)
    """By node that is the same as another: the root, which represents both."""
    links: tuple[JoinLink, ...] = ()

    def get_root(self, iri: str) -> str:
        """Return the node that represents *iri*."""
        return self.same.get(iri, iri)
