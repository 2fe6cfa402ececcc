"""What a figure is about: the thing counted, the one who gets, or the topic, by the grammar of official Chinese.

Nearest first: the name that the number counts, what the clause is about, what the sentence is about, what the item and
its heading are about, and for figures of a whole place the place.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract.figures.about.recipient import Receiver
from extract.figures.about.scope import BODIES, COUNTED, NAMED, TOPICS, Memory, Scope, Told, home
from extract.figures.about.turn import SEPARATORS, find_member
from extract.figures.around import Around, find_list
from extract.figures.context import FigureContext, Number, Scene, Seen
from extract.model import Entity, Kind

_WHOLE = re.compile(r"[全我本](省|市|区|县|州|镇|乡|街道|国)")
_OWN_NOUN = 7
"""A clause whose words before the number are as many as this has a subject of its own."""
_OPENING = len("其中")
_OPENS = "，,；;。\n"
_STOP = re.compile(r"[。，,;；、]")


def about(
    page: FigureContext,
    scene: Scene,
    number: Number,
    a: Around,
    kind: Kind,
    told: Sequence[Told],
    memory: Memory,
) -> tuple[Entity | None, bool]:
    """The entity that a figure is about, and whether a name right beside the number gave it."""
    if kind is Kind.PROVISION:
        return Receiver(page, scene, number, a, told, memory).find(), False
    if kind is Kind.CONDITION:
        clause = scene.clause(number.begin)
        near = [s for s in scene.seen if s.kind in COUNTED and clause.begin <= s.begin < clause.end]
        return (near[-1].entity if near else None), False
    return Subject(page, scene, number, a, told, memory).find()


class Subject(Scope):
    """The subject of a fact or a promise."""

    def find(self) -> tuple[Entity | None, bool]:
        """The entity, and whether a name right beside the number gave it."""
        if self.number.quantity.group and (respective := self._respective_facts()):
            return respective, True
        counted = self._counted()
        return (counted, True) if counted is not None else self._subject()

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
            stated = last <= s.end <= number.outer_begin and r.has("place", text[s.end : number.outer_begin])
            if s.kind is Kind.PLACE and stated and not self._compared(s) and not self._is_listed(s):
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

    def _opening_place(self) -> Entity | None:
        """The place that its own clause begins with: 甲县有12座，*乙县*有8座; 其中*甲县*减少5座."""
        begin = self.clause.begin
        begin += (
            len(self.text[begin : begin + _OPENING]) if self.has("part_of", self.text[begin : begin + _OPENING]) else 0
        )
        first = next((s for s in self.here if s.kind is Kind.PLACE and s.begin in (self.clause.begin, begin)), None)
        alone = first is not None and not any(self.text[first.end : s.begin] in SEPARATORS for s in self.here)
        return first.entity if first is not None and alone else None

    def _is_listed(self, name: Seen) -> bool:
        """Whether a name is not the only member of its list: of 甲县、*乙县*8座 it is not known how many are whose."""
        return any(s.end <= name.begin and self.text[s.end : name.begin] in SEPARATORS for s in self.before)

    def _subject(self) -> tuple[Entity | None, bool]:
        r, a, told, memory = self.r, self.a, self.told, self.memory
        strict, loose = r.has("compares_with", a.left), r.has("continues", a.left)
        used = {t.entity.id for t in told if t.counted and t.entity and t.clause == self.clause}
        if told and told[-1].clause == self.clause and told[-1].entity and r.has("attribute", a.near):
            return told[-1].entity, told[-1].counted
        fit = [s for s in self.here if s.kind in NAMED and not self._compared(s) and not self._titles(s)]
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
            opening = self._opening_place()
            return (opening, True) if opening is not None else (previous.entity, previous.counted)
        if r.has("joins", a.right):
            for s in reversed(self.before):
                if s.kind in (Kind.TIER, Kind.PROGRAM):
                    return s.entity, False
        counted = previous is not None and previous.counted and previous is told[-1]
        if previous is not None and counted and loose and not strict and (same := self._whole_of(previous)):
            return same.entity, same.counted
        sentence_topic = next((s.entity for s in self.before if s.kind in TOPICS), None)
        if sentence_topic is not None:
            return sentence_topic, False
        if body := self._body():
            return body, False
        if r.has("paid", a.left) and self.number.quantity.kind == "money" and memory.under is not None:
            return memory.under, False
        if r.has("funds", a.left) and (found := self._funded()):
            return found, False
        if opening := self._opening_place():
            return opening, False
        if previous is not None and loose and not strict:
            previous = self._whole_of(previous)
        if previous is not None and (loose or (not previous.counted and len(a.left) < _OWN_NOUN)):
            own_place = previous.counted and "全" in self.text[self.scene.begin : self.number.begin]
            if not own_place or (whole := self._whole(self.scene.begin)) is None:
                return previous.entity, previous.counted
            return whole, False
        if whole := self._whole(self.scene.begin):
            return whole, False
        own = len(a.left) >= _OWN_NOUN and not (strict or loose)
        for s in reversed(self.before):
            near = s.kind in COUNTED and not own and self.scene.clause(s.begin).segment == self.clause.segment
            if (near or s.kind is Kind.INSTRUMENT) and not self._compared(s):
                return s.entity, False
        if memory.topic is not None and r.has("subjectless", self.text[self.scene.begin : self.scene.begin + 30]):
            return memory.topic, False
        if place := next((s.entity for s in reversed(self.before) if s.kind is Kind.PLACE), None):
            return place, False
        return self.heading(TOPICS | COUNTED) or self._issuers_place(), False

    def _titles(self, s: Seen) -> bool:
        """A class that only says what the firm named behind it is: 单项冠军企业+某某股份有限公司."""
        return s.kind is Kind.TIER and any(o.kind is Kind.ENTERPRISE and o.begin == s.end for o in self.scene.seen)

    def _body(self) -> Entity | None:
        """The firm or body that the sentence, or a clause of it, begins with."""
        for s in reversed(self.before):
            if s.kind in BODIES and (s.begin == self.scene.begin or self.text[s.begin - 1] in _OPENS):
                return s.entity
            if s.kind in BODIES and any(t.end == s.begin and self._titles(t) for t in self.before):
                return s.entity
        return None

    def _issuers_place(self) -> Entity | None:
        """The division that the letter's office works for: what it counts without saying where, it counts there."""
        letter = self.scene.letter
        names = [f.value for name in ("issuedBy", "session", "leadAgency", "coAgency") for f in letter.get_fields(name)]
        places = [e for e in self.page.entities if e.kind is Kind.PLACE and any(e.label in n for n in names[:1])]
        if places:
            return max(places, key=lambda e: names[0].find(e.label))
        return next((found for n in names if (found := home(self.page, self.scene, n[0]))), None)

    def _whole_of(self, part: Told) -> Told | None:
        """其中甲38家、乙72家，已授信302家: what goes on after the parts is about the whole before them."""
        opening = self.text[part.clause.begin : part.clause.begin + 6]
        if not self.has("part_of", opening):
            return part
        earlier = [t for t in self.told if t.clause.end <= part.clause.begin and t.entity is not None]
        return earlier[-1] if earlier else None

    def _respective_facts(self) -> Entity | None:
        """甲12家、乙8家，分别增长5%、3%: the second share is of the second number's thing."""
        if named := find_member(self.page, self.scene, self.number, NAMED | BODIES | {Kind.PLACE}):
            return named.entity
        members = find_list(self.scene, self.number)
        if not self.has("respectively", self.text[self.clause.begin : members[0].begin]):
            return None
        earlier = [t for t in self.told if t.number not in members]
        if len(earlier) < len(members):
            return None
        return earlier[len(earlier) - len(members) + members.index(self.number)].entity

    def _compared(self, s: Seen) -> bool:
        """Named only to compare with: 高于全市规上工业企业7.7个百分点."""
        return self.has("compares", self.text[max(self.scene.begin, s.begin - 6) : s.begin])

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
                return s.entity if self.has("funded", self.text[end : s.begin]) and s.begin - end < 12 else None
        return None

    def _whole(self, begin: int) -> Entity | None:
        """全市, 我区: the place whose government writes; or the place that the clause names."""
        for s in reversed(self.here):
            if s.kind is Kind.PLACE and not self._compared(s):
                return s.entity
        for m in reversed(list(_WHOLE.finditer(self.text, begin, self.number.begin))):
            if not self.has("compares", self.text[max(begin, m.start() - 6) : m.start()]) and (
                found := home(self.page, self.scene, m[1])
            ):
                return found
        return None
