"""What a figure is about: the thing counted, the one who gets, or the topic, by the grammar of official Chinese.

Nearest first: the name that the number counts, what the clause is about, what the sentence is about, what the item and its
heading are about, and for figures of a whole place the place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from extract.figure_context import Clause, Number, Page, Scene, Seen
from extract.figure_kind import Around
from extract.model import Entity, Kind, Part
from ontology.lexicons import Lexicon, alternation

COUNTED = frozenset({Kind.TIER, Kind.GROUP})
TOPICS = frozenset({Kind.PROGRAM, Kind.PLATFORM})
NAMED = COUNTED | TOPICS
BODIES = frozenset({Kind.ENTERPRISE, Kind.ORGANIZATION})
_WHOLE = re.compile(r"[全我本](省|市|区|县|州|镇|乡|街道|国)")
_LIST = re.compile(r"[、和及与或,，]|以及|或者")


class _Rules:
    def __init__(self, lex: Lexicon) -> None:
        about = lex.config("figures")["about"]
        self.between = re.compile(about["between"])
        self.after = re.compile(about["after"])
        self.continues = re.compile(about["continues"])
        self.compares = re.compile(about["compares"])
        self.recognised = re.compile(about["recognised"])
        self.toward = re.compile(about["toward"])
        self.heads = {
            Kind(kind): re.compile(f"^[^\\u4e00-\\u9fffA-Z]*(?:同时|目前)?({alternation(words)})")
            for kind, words in about["heads"].items()
        }


@lru_cache(maxsize=8)
def _rules(lex: Lexicon) -> _Rules:
    return _Rules(lex)


@dataclass(slots=True)
class Memory:
    """What has been spoken of so far, by part and paragraph."""

    last: dict[Kind, tuple[str, Entity]] = field(default_factory=dict)
    """By kind: the letter and the last thing named."""
    part: str | None = None
    topic: Entity | None = None
    """Topic of the part's earlier sentences."""
    given: Entity | None = None
    """Who got something in the part's earlier sentences."""

    def enter(self, scene: Scene) -> None:
        part = scene.sentence.part or scene.letter.id
        if part != self.part:
            self.part, self.topic, self.given = part, None, None

    def leave(self, scene: Scene) -> None:
        for s in scene.seen:
            if s.kind in NAMED:
                self.last[s.kind] = scene.letter.id, s.entity
        topic = next((s.entity for s in scene.seen if s.kind in TOPICS), None)
        self.topic = topic or self.topic


@dataclass(frozen=True, slots=True)
class Told:
    """What was found for an earlier number of the sentence."""

    number: Number
    clause: Clause
    kind: Kind
    entity: Entity | None
    counted: bool
    """By a name right beside the number: then the next number need not be about it."""


def about(
    page: Page, scene: Scene, number: Number, clause: Clause, a: Around, kind: Kind, told: Sequence[Told], memory: Memory
) -> tuple[Entity | None, bool]:
    """The entity, and whether a name right beside the number gave it."""
    if kind is Kind.PROVISION:
        return _beneficiary(page, scene, number, clause, a, told, memory), False
    if kind is Kind.CONDITION:
        near = [s for s in scene.seen if s.kind in COUNTED and clause.begin <= s.begin < clause.end]
        return (near[-1].entity if near else None), False
    return _subject(page, scene, number, clause, a, told, memory)


def _subject(
    page: Page, scene: Scene, number: Number, clause: Clause, a: Around, told: Sequence[Told], memory: Memory
) -> tuple[Entity | None, bool]:
    r = _rules(page.lex)
    text = page.text
    before = [s for s in scene.seen if s.begin < number.begin]
    in_clause = [s for s in before if s.begin >= clause.begin]
    last_number = max((n.outer_end for n in scene.numbers if n.end <= number.begin), default=scene.begin)
    # The name right before the number, or right behind it, is what is counted.
    if (
        in_clause
        and (s := in_clause[-1]).kind in NAMED
        and s.end <= number.outer_begin
        and s.end >= last_number
        and r.between.match(text[s.end : number.outer_begin])
        and not _compared(text, s, clause, r)
    ):
        return s.entity, True
    if number.quantity.kind in ("count", "place", "percent", "other"):
        for s in scene.seen:
            if number.outer_end <= s.begin < clause.end:
                gap = text[number.outer_end : s.begin]
                if (s.kind in NAMED or (s.kind is Kind.PLACE and not gap)) and r.after.match(gap):
                    return s.entity, True
                break
    fit = [s for s in in_clause if s.kind in NAMED and not _compared(text, s, clause, r)]
    topics = [s for s in fit if s.kind in TOPICS]
    continues = r.continues.search(a.left) is not None
    if topics:
        return topics[0].entity, False
    if fit:
        return fit[-1].entity, False
    if head := _head(page, scene, clause, a, r, memory):
        return head, False
    sentence_topic = next((s.entity for s in before if s.kind in TOPICS), None)
    if told and continues and told[-1].entity is not None:
        previous = told[-1]
        if not (previous.counted and sentence_topic is not None):
            return previous.entity, previous.counted
    if sentence_topic is not None:
        return sentence_topic, False
    if told and (t := told[-1]).entity is not None and not t.counted:
        return t.entity, False
    whole = _whole(page, scene, number, clause)
    if whole is not None:
        return whole, False
    for s in reversed(before):
        if s.kind in COUNTED and not _compared(text, s, scene.clause(s.begin), r):
            return s.entity, False
    for s in reversed(before):
        if s.kind in (Kind.INSTRUMENT, Kind.GROUP, Kind.TIER):
            return s.entity, False
    if told and told[-1].entity is not None and continues:
        return told[-1].entity, False
    if memory.topic is not None:
        return memory.topic, False
    return _heading(page, scene.chain, TOPICS | COUNTED), False


def _compared(text: str, s: Seen, clause: Clause, r: _Rules) -> bool:
    """Named only to compare with: 高于全市规上工业企业7.7个百分点."""
    return r.compares.search(text[max(clause.begin, s.begin - 6) : s.begin]) is not None


def _head(page: Page, scene: Scene, clause: Clause, a: Around, r: _Rules, memory: Memory) -> Entity | None:
    """平台现有注册企业1.9万户: the platform named last."""
    for kind, pattern in r.heads.items():
        m = pattern.match(page.text[clause.begin : clause.begin + 14])
        if m is None:
            continue
        here = [s.entity for s in scene.seen if s.kind is kind and s.begin < clause.begin]
        if here:
            return here[-1]
        letter, entity = memory.last.get(kind, ("", None))
        if letter == scene.letter.id and entity is not None:
            return entity
    return None


def _whole(page: Page, scene: Scene, number: Number, clause: Clause) -> Entity | None:
    """全市, 我区: the place whose government writes; else the place named in the clause."""
    for s in reversed(scene.seen):
        if s.kind is Kind.PLACE and clause.begin <= s.begin < number.begin:
            return s.entity
    m = None
    for m in _WHOLE.finditer(page.text, scene.begin, number.begin):
        pass
    for s in reversed(scene.seen):
        if s.kind is Kind.PLACE and s.begin < number.begin and (m is None or s.begin > m.start()):
            return s.entity
    return home(page, scene, m[1]) if m else None


def home(page: Page, scene: Scene, level: str) -> Entity | None:
    """The place that the letter calls 全市 (by its issuer's name, else the one named most in the letter)."""
    places = [e for e in page.entities if e.kind is Kind.PLACE and e.label.endswith(level)]
    if not places:
        return None
    issuers = [f.value for f in scene.letter.all("issuedBy")]
    span = scene.letter.span

    def fits(e: Entity) -> tuple[bool, int, str]:
        named = any(e.label in i for i in issuers)
        return named, sum(span.begin <= s.begin < span.end for s in e.spans), e.id

    return max(places, key=fits)


def _beneficiary(
    page: Page, scene: Scene, number: Number, clause: Clause, a: Around, told: Sequence[Told], memory: Memory
) -> Entity | None:
    r = _rules(page.lex)
    text = page.text
    if respective := _respective(page, scene, number, clause):
        return respective
    in_clause = [s for s in scene.seen if clause.begin <= s.begin < number.begin]
    last = max((n.outer_end for n in scene.numbers if clause.begin <= n.begin and n.end <= number.begin), default=clause.begin)
    if found := _receiver(text, [s for s in in_clause if s.begin >= last], last, r):
        return found
    behind = [s for s in scene.seen if number.outer_end <= s.begin < clause.end and s.kind in COUNTED | BODIES]
    if behind and re.search(r"(?:给予|奖励|补助|补贴|授予|资助)$", text[max(number.end, behind[0].begin - 4) : behind[0].begin]):
        return behind[0].entity
    if found := _receiver(text, in_clause, clause.begin, r):
        return found
    # Clauses before it in the segment, the nearest first: 首次认定为X的，奖励5万元.
    for c in reversed([c for c in scene.clauses if c.segment == clause.segment and c.end <= clause.begin]):
        seen = [s for s in scene.seen if c.begin <= s.begin < c.end]
        if found := _receiver(text, seen, c.begin, r):
            return found
    programs = [s for s in scene.seen if s.kind in TOPICS and s.begin < clause.end]
    same = [s for s in programs if scene.clause(s.begin).segment == clause.segment]
    if same:
        return same[0].entity
    for t in reversed(told):
        if t.kind is Kind.PROVISION and t.entity is not None:
            return t.entity
    for c in reversed([c for c in scene.clauses if c.end <= clause.begin]):
        if found := _receiver(text, [s for s in scene.seen if c.begin <= s.begin < c.end], c.begin, r):
            return found
    if behind:
        return behind[0].entity
    if programs:
        return programs[0].entity
    if memory.given is not None:
        return memory.given
    if found_heading := _heading(page, scene.chain, COUNTED | BODIES):
        return found_heading
    return memory.topic or _heading(page, scene.chain, TOPICS)


def _receiver(text: str, seen: Sequence[Seen], begin: int, r: _Rules) -> Entity | None:
    """Of the names in a stretch, the one who gets: behind 对, behind 认定为, else the last class of firms or people."""
    fit = [s for s in seen if s.kind in NAMED | BODIES]
    if not fit:
        return None
    for s in reversed(fit):
        if s.kind in NAMED and re.search(f"(?:{r.recognised.pattern})[^,，。;；]{{0,8}}$", text[max(begin, s.begin - 14) : s.begin]):
            return _first_of_list(text, fit, s)
    counted = [s for s in fit if s.kind in COUNTED]
    marks = [m.end() for m in r.toward.finditer(text, begin, fit[-1].begin)]
    if marks:
        for s in counted or fit:
            if s.begin >= marks[0]:
                return s.entity
    if counted:
        return _first_of_list(text, fit, counted[-1])
    bodies = [s for s in fit if s.kind in BODIES]
    return None if not bodies else bodies[-1].entity


def _first_of_list(text: str, fit: Sequence[Seen], last: Seen) -> Entity:
    """A、B和C: the first stands for all."""
    first = last
    for s in reversed([s for s in fit if s.end <= last.begin]):
        if s.kind is not last.kind or not _LIST.fullmatch(text[s.end : first.begin]):
            break
        first = s
    return first.entity


def _respective(page: Page, scene: Scene, number: Number, clause: Clause) -> Entity | None:
    """对A、B，分别给予50万元、20万元: the second amount is for the second name."""
    group = number.quantity.group
    if not group:
        return None
    members = [n for n in scene.numbers if n.quantity.group == group]
    segment = [c for c in scene.clauses if c.segment == clause.segment]
    begin = segment[0].begin
    if "分别" not in page.text[begin : members[0].begin]:
        return None
    seen = [s for s in scene.seen if begin <= s.begin < members[0].begin and s.kind in NAMED | BODIES]
    run: list[Seen] = []
    for s in seen:
        if run and not _LIST.search(page.text[run[-1].end : s.begin]):
            run = []
        if run and len(page.text[run[-1].end : s.begin]) > 4:
            run = []
        run.append(s)
    if len(run) < len(members):
        return None
    return run[-len(members) :][members.index(number)].entity


def _heading(page: Page, chain: Iterable[Part], kinds: frozenset[Kind]) -> Entity | None:
    """The nearest heading that names one of *kinds*."""
    for part in chain:
        for s in page.heading_mentions(part):
            if s.kind in kinds:
                return s.entity
    return None
