"""What a figure is about: the thing counted, the one who gets, or the topic, by the grammar of official Chinese.

Nearest first: the name that the number counts, what the clause is about, what the sentence is about, what the item and
its heading are about, and for figures of a whole place the place.
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
_STOP = re.compile(r"[。，,;；、]")
_RECENT = 12


class _Rules:
    def __init__(self, lex: Lexicon) -> None:
        about = lex.config("figures")["about"]
        self.at = {k: re.compile(v) for k, v in about.items() if isinstance(v, str)}
        self.recognised = re.compile(f"(?:{about['recognised']})[^,，。;；]{{0,8}}$")
        self.toward = re.compile(about["toward"])
        self.heads = {
            Kind(kind): re.compile(f"^[^\\u4e00-\\u9fffA-Z]*(?:同时|目前)?({alternation(words)})")
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
    """Program or platform that the part's earlier sentences are about."""
    lead: Entity | None = None
    """The first thing that the part names."""
    given: Entity | None = None
    """Who got something in the part's earlier sentences."""
    under: Entity | None = None
    """The program or instrument that it was given under."""

    def enter(self, scene: Scene) -> None:
        part = scene.sentence.part or scene.letter.id
        if part != self.part:
            self.part = part
            self.topic = self.lead = self.given = self.under = None
        if scene.letter.id != self.letter:
            self.letter, self.recent = scene.letter.id, []

    def leave(self, scene: Scene) -> None:
        for s in scene.seen:
            if s.kind in TOPICS:
                self.recent.append(s)
            if self.lead is None and s.kind in NAMED:
                self.lead = s.entity
        del self.recent[:-_RECENT]
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


class Finder:
    """The entity for one number of a sentence."""

    def __init__(
        self, page: Page, scene: Scene, number: Number, clause: Clause, a: Around, told: Sequence[Told], memory: Memory
    ) -> None:
        self.page, self.scene, self.number, self.clause = page, scene, number, clause
        self.a, self.told, self.memory = a, told, memory
        self.r = _rules(page.lex)
        self.text = page.text
        self.before = [s for s in scene.seen if s.begin < number.begin]
        self.here = [s for s in self.before if s.begin >= clause.begin]

    def find(self, kind: Kind) -> tuple[Entity | None, bool]:
        """The entity, and whether a name right beside the number gave it."""
        if kind is Kind.PROVISION:
            return self._beneficiary(), False
        if kind is Kind.CONDITION:
            near = [s for s in self.scene.seen if s.kind in COUNTED and self.clause.begin <= s.begin < self.clause.end]
            return (near[-1].entity if near else None), False
        counted = self._counted()
        if counted is not None:
            return counted, True
        return self._subject()

    # Facts and promises

    def _counted(self) -> Entity | None:
        """The name right before the number, or right behind it."""
        text, number, r = self.text, self.number, self.r
        last = max((n.outer_end for n in self.scene.numbers if n.end <= number.begin), default=self.scene.begin)
        if self.here:
            s = self.here[-1]
            if (
                s.kind in NAMED
                and last <= s.end <= number.outer_begin
                and r.has("between", text[s.end : number.outer_begin])
                and not self._compared(s)
            ):
                return s.entity
        for s in self.scene.seen:
            if number.outer_end <= s.begin < self.clause.end:
                gap = text[number.outer_end : s.begin]
                named = s.kind in NAMED or (s.kind is Kind.PLACE and not gap)
                if number.quantity.kind == "money":
                    return s.entity if named and gap == "的" else None
                if named and (r.has("after", gap) or (len(gap) < 16 and r.has("joins", gap))):
                    return s.entity
                return None
        return None

    def _subject(self) -> tuple[Entity | None, bool]:
        r, a, told, memory = self.r, self.a, self.told, self.memory
        strict, loose = r.has("compares_with", a.left), r.has("continues", a.left)
        used = {t.entity.id for t in told if t.counted and t.entity and t.clause == self.clause}
        fit = [s for s in self.here if s.kind in NAMED and not self._compared(s)]
        if fit and (strict or self.number.quantity.kind != "count" or len(a.near) < 3):
            used = set()
        fit = [s for s in fit if s.entity.id not in used]
        if topic := next((s.entity for s in fit if s.kind in TOPICS), None) or self._head():
            return topic, False
        if fit:
            return self._head_of_run(fit), False
        if respective := self._respective_facts():
            return respective, True
        previous = next((t for t in reversed(told) if t.kind is not Kind.PROVISION and t.entity is not None), None)
        if previous is not None and strict:
            return previous.entity, previous.counted
        if r.has("joins", a.right):
            for s in reversed(self.before):
                if s.kind in (Kind.TIER, Kind.PROGRAM):
                    return s.entity, False
        sentence_topic = next((s.entity for s in self.before if s.kind in TOPICS), None)
        if sentence_topic is not None:
            return sentence_topic, False
        if r.has("paid", a.left) and self.number.quantity.kind == "money" and memory.under is not None:
            return memory.under, False
        if r.has("funds", a.left) and (found := self._funded()):
            return found, False
        if previous is not None and loose and not strict:
            previous = self._whole_of(previous)
        if previous is not None and (loose or not previous.counted):
            own_place = previous.counted and "全" in self.text[self.scene.begin : self.number.begin]
            if not own_place or (whole := self._whole(self.scene.begin)) is None:
                return previous.entity, previous.counted
            return whole, False
        if whole := self._whole(self.scene.begin):
            return whole, False
        for s in reversed(self.before):
            if s.kind in (Kind.GROUP, Kind.TIER, Kind.INSTRUMENT) and not self._compared(s):
                return s.entity, False
        if memory.topic is not None:
            return memory.topic, False
        if place := next((s.entity for s in reversed(self.before) if s.kind is Kind.PLACE), None):
            return place, False
        return self._heading(TOPICS | COUNTED) or memory.lead, False

    def _whole_of(self, part: Told) -> Told | None:
        """其中甲38家、乙72家，已授信302家: what goes on after the parts is about the whole before them."""
        opening = self.text[part.clause.begin : part.clause.begin + 6]
        if not self.r.has("part_of", opening):
            return part
        earlier = [t for t in self.told if t.clause.end <= part.clause.begin and t.entity is not None]
        return earlier[-1] if earlier else None

    def _respective_facts(self) -> Entity | None:
        """甲12家、乙8家，分别增长5%、3%: the second share is of the second number's thing."""
        group = self.number.quantity.group
        members = [n for n in self.scene.numbers if group and n.quantity.group == group]
        if not members or not self.r.has("respectively", self.text[self.clause.begin : members[0].begin]):
            return None
        earlier = [t for t in self.told if t.number not in members]
        if len(earlier) < len(members):
            return None
        return earlier[len(earlier) - len(members) + members.index(self.number)].entity

    def _compared(self, s: Seen) -> bool:
        """Named only to compare with: 高于全市规上工业企业7.7个百分点."""
        return self.r.has("compares", self.text[max(self.scene.begin, s.begin - 6) : s.begin])

    def _head_of_run(self, fit: Sequence[Seen]) -> Entity:
        """规模以上工业企业研发机构建有率: names with nothing between them are one noun, about the first."""
        first = fit[-1]
        for s in reversed(fit[:-1]):
            if self.text[s.end : first.begin] not in ("", "的"):
                break
            first = s
        return first.entity

    def _head(self) -> Entity | None:
        """平台现有注册企业1.9万户: the platform named last, if one was."""
        opening = self.text[self.clause.begin : self.clause.begin + 14]
        for kind, pattern in self.r.heads.items():
            if (m := pattern.match(opening)) is None:
                continue
            word = m[1].lstrip("该")
            earlier = [s for s in self.memory.recent + self.before if s.kind is kind and s.begin < self.clause.begin]
            fit = [
                s for s in earlier
                if word in s.entity.label or word in _STOP.split(self.text[s.begin : s.end + 10], maxsplit=1)[0]
            ]  # fmt: skip
            if fit or earlier:
                return (fit or earlier)[-1].entity
        return None

    def _funded(self) -> Entity | None:
        """每年安排不少于3000万元，设立X专项资金: what the money is set up as."""
        end = self.clause.end
        for s in self.scene.seen:
            if s.begin >= end and s.kind in TOPICS:
                return s.entity if self.r.has("funded", self.text[end : s.begin]) and s.begin - end < 12 else None
        return None

    def _whole(self, begin: int) -> Entity | None:
        """全市, 我区: the place whose government writes; or the place that the clause names."""
        for s in reversed(self.here):
            if s.kind is Kind.PLACE and not self._compared(s):
                return s.entity
        for m in reversed(list(_WHOLE.finditer(self.text, begin, self.number.begin))):
            if not self.r.has("compares", self.text[max(begin, m.start() - 6) : m.start()]):
                return home(self.page, self.scene, m[1])
        return None

    # Support

    def _beneficiary(self) -> Entity | None:
        text, number, clause, scene = self.text, self.number, self.clause, self.scene
        if respective := self._respective():
            return respective
        behind = [s for s in scene.seen if number.outer_end <= s.begin < clause.end and s.kind in COUNTED | BODIES]
        if behind and self.r.has("given_to", text[number.end : behind[0].begin]):
            return behind[0].entity
        last = max(
            (n.outer_end for n in scene.numbers if clause.begin <= n.begin and n.end <= number.begin),
            default=clause.begin,
        )
        if found := self._receiver([s for s in self.here if s.begin >= last], last) or self._receiver(
            self.here, clause.begin
        ):
            return found
        # Clauses before it in the segment, the nearest first: 首次认定为X的，奖励5万元.
        earlier = [c for c in reversed(scene.clauses) if c.end <= clause.begin]
        unnamed = self._unnamed(clause)
        for c in earlier:
            if unnamed:
                break
            if c.segment == clause.segment and (found := self._clause_receiver(c)):
                return found
            unnamed = c.segment == clause.segment and self._unnamed(c)
        programs = [s for s in self.before if s.kind in TOPICS and not self._granted(s)]
        for s in programs:
            if scene.clause(s.begin).segment == clause.segment:
                return s.entity
        if unnamed:
            return behind[0].entity if behind else None
        for t in reversed(self.told):
            if t.kind is Kind.PROVISION and t.entity is not None:
                return t.entity
        for c in earlier:
            if found := self._clause_receiver(c):
                return found
        if behind or programs:
            return (behind or programs)[0].entity
        after = [s for s in scene.seen if number.outer_end <= s.begin < clause.end and s.kind in TOPICS]
        goes_on = scene.letter.kind is Kind.INSTRUMENT or self.r.has("goes_on", text[scene.begin : scene.begin + 12])
        return (
            (self.memory.given if goes_on else None)
            or self._heading(COUNTED | BODIES)
            or (after[0].entity if after else None)
            or self.memory.topic
            or self._heading(TOPICS)
        )

    def _clause_receiver(self, c: Clause) -> Entity | None:
        return self._receiver([s for s in self.scene.seen if c.begin <= s.begin < c.end], c.begin)

    def _unnamed(self, c: Clause) -> bool:
        """Whether a clause says who gets something in words that no mention covers."""
        m = self.r.at["unnamed"].match(self.text[c.begin : c.end])
        return m is not None and not self.r.has("generic", m[0])

    def _granted(self, s: Seen) -> bool:
        """给予落户奖励: the program is what is given."""
        return self.r.has("object", self.text[max(self.scene.begin, s.begin - 12) : s.begin])

    def _receiver(self, seen: Sequence[Seen], begin: int) -> Entity | None:
        """The one of these names who gets: behind 认定为, else the last class of firms or people, else 对X."""
        text, r = self.text, self.r
        fit = [s for s in seen if (s.kind in NAMED | BODIES) and not self._in_brackets(s, begin)]
        if not fit:
            return None
        for s in reversed(fit):
            if s.kind in NAMED and r.recognised.search(text[max(begin, s.begin - 14) : s.begin]):
                return self._first_of_list(fit, s)
        counted = [s for s in fit if s.kind in COUNTED]
        if counted:
            return self._first_of_list(fit, counted[-1])
        for s in fit:
            mark = r.toward.search(text, max(begin, s.begin - 6), s.begin)
            if s.kind in BODIES or (mark and r.has("toward_program", mark[0])):
                return s.entity
        return None

    def _in_brackets(self, s: Seen, begin: int) -> bool:
        opened = self.text.rfind("(", begin, s.begin)
        return opened >= 0 and self.text.find(")", opened, s.begin) < 0

    def _first_of_list(self, fit: Sequence[Seen], last: Seen) -> Entity:
        """A、B和C: the first stands for all."""
        first = last
        for s in reversed([s for s in fit if s.end <= last.begin]):
            if s.kind is not last.kind or not _LIST.fullmatch(self.text[s.end : first.begin]):
                break
            first = s
        return first.entity

    def _respective(self) -> Entity | None:
        """对A、B，分别给予50万元、20万元: the second amount is for the second name."""
        group = self.number.quantity.group
        if not group:
            return None
        members = [n for n in self.scene.numbers if n.quantity.group == group]
        begin = next(c.begin for c in self.scene.clauses if c.segment == self.clause.segment)
        if not self.r.has("respectively", self.text[begin : members[0].begin]):
            return None
        run: list[Seen] = []
        for s in self.scene.seen:
            if begin <= s.begin < members[0].begin and s.kind in NAMED | BODIES:
                gap = self.text[run[-1].end : s.begin] if run else ""
                run = [*run, s] if run and len(gap) <= 4 and _LIST.search(gap) else [s]
        return run[-len(members) :][members.index(self.number)].entity if len(run) >= len(members) else None

    def _heading(self, kinds: frozenset[Kind]) -> Entity | None:
        return heading(self.page, self.scene.chain, kinds)


def heading(page: Page, chain: Iterable[Part], kinds: frozenset[Kind]) -> Entity | None:
    """What the nearest heading that names one of *kinds* names."""
    for part in chain:
        for s in page.heading_mentions(part):
            if s.kind in kinds:
                return s.entity
    return None


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
