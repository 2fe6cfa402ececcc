"""What the search for a subject stands on: the cues, what has been told so far, and the number's surroundings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from extract.figures.around import Around
from extract.figures.context import FigureClause, FigureContext, Number, Scene, Seen
from extract.model import Entity, Kind, Part
from ontology.lexicons import Lexicon, join_alternatives

COUNTED = frozenset({Kind.TIER, Kind.GROUP})
TOPICS = frozenset({Kind.PROGRAM, Kind.PLATFORM})
NAMED = COUNTED | TOPICS
BODIES = frozenset({Kind.ENTERPRISE, Kind.ORGANIZATION})
_RECENT = 12


class _Rules:
    def __init__(self, lex: Lexicon) -> None:
        about = lex.read_config("figures")["about"]
        self.at = {k: re.compile(v) for k, v in about.items() if isinstance(v, str)}
        self.recognised = re.compile(f"(?:{about['recognised']})[^,，。;；]{{0,8}}$")
        self.toward = re.compile(about["toward"])
        self.heads = {
            Kind(kind): re.compile(f"^[^\\u4e00-\\u9fffA-Z]*(?:同时|目前)?({join_alternatives(words)})")
            for kind, words in about["heads"].items()
        }

    def has(self, name: str, text: str) -> bool:
        return self.at[name].search(text) is not None


@lru_cache(maxsize=8)
def _rules(lex: Lexicon) -> _Rules:
    return _Rules(lex)


@dataclass(slots=True)
class Memory:
    """What has been spoken of so far, in the letter and in the part."""

    letter: str = ""
    recent: list[Seen] = field(default_factory=list)
    """The last programs and platforms of the letter."""
    part: str | None = None
    topic: Entity | None = None
    """Program or platform that the part's last sentence was about."""
    given: Entity | None = None
    """Who got something in the part's earlier sentences."""
    under: Entity | None = None
    """The program or instrument that it was given under."""

    def enter(self, scene: Scene) -> None:
        part = scene.sentence.part or scene.letter.id
        if part != self.part:
            self.part = part
            self.topic = self.given = self.under = None
        if scene.letter.id != self.letter:
            self.letter, self.recent = scene.letter.id, []

    def leave(self, scene: Scene) -> None:
        for s in scene.seen:
            if s.kind in TOPICS:
                self.recent.append(s)
        del self.recent[:-_RECENT]
        self.topic = next((s.entity for s in scene.seen if s.kind in TOPICS), None) or (
            self.topic if len(scene.seen) == 0 else None
        )


class Told(NamedTuple):
    """What was found for an earlier number of the sentence."""

    number: Number
    clause: FigureClause
    kind: Kind
    entity: Entity | None
    counted: bool
    """By a name right beside the number: then the next number need not be about it."""


class Scope:
    """One number of a sentence with what stands before it; base of the searches."""

    def __init__(
        self,
        page: FigureContext,
        scene: Scene,
        number: Number,
        a: Around,
        told: Sequence[Told],
        memory: Memory,
    ) -> None:
        self.page, self.scene, self.number = page, scene, number
        self.clause = clause = scene.clause(number.begin)
        self.a, self.told, self.memory = a, told, memory
        self.r = _rules(page.lex)
        self.text = page.text
        self.before = [s for s in scene.seen if s.begin < number.begin]
        self.here = [s for s in self.before if s.begin >= clause.begin]

    def has(self, name: str, text: str) -> bool:
        return self.r.has(name, text)

    def heading(self, kinds: frozenset[Kind]) -> Entity | None:
        """What the nearest heading that names one of *kinds* names."""
        return heading(self.page, self.scene.chain, kinds)


def heading(page: FigureContext, chain: Iterable[Part], kinds: frozenset[Kind]) -> Entity | None:
    """What the nearest heading that names one of *kinds* names."""
    for part in chain:
        for s in page.heading_mentions(part):
            if s.kind in kinds:
                return s.entity
    return None


_OWN_FIELDS = ("session", "leadAgency", "coAgency", "submittedBy", "addressedTo")
"""Fields whose values name the division of a letter, where its issuer does not."""


def home(page: FigureContext, scene: Scene, level: str) -> Entity | None:
    """The place that the letter calls 全市: that of its issuer or of its other fields, else the one named most in it.

    A place that the page only tells of, such as a neighbouring city, is none.
    """
    places = [e for e in page.entities if e.kind is Kind.PLACE and e.label.endswith(level)]
    issuers = [f.value for f in scene.letter.get_fields("issuedBy")]
    others = [f.value for name in _OWN_FIELDS for f in scene.letter.get_fields(name)]
    span = scene.letter.span

    def fits(e: Entity) -> tuple[bool, bool, int, str]:
        named = any(e.label in i for i in issuers), any(e.label in i for i in others)
        return *named, sum(span.begin <= s.begin < span.end for s in e.spans), e.id

    for place in sorted(places, key=fits, reverse=True):
        if any(fits(place)[:2]) or not page.is_elsewhere(place.label):
            return place
    return None
