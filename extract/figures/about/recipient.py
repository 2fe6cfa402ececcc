"""Who gets a support: the class of firms or people, or the program, that the amount is for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract.figures.about.scope import BODIES, COUNTED, NAMED, TOPICS, Scope
from extract.figures.about.turn import find_member
from extract.figures.context import FigureClause, Seen
from extract.model import Entity, Kind

_LIST = re.compile(r"[、和及与或,，]|以及|或者")


class Receiver(Scope):
    """The receiver of one amount."""

    def find(self) -> Entity | None:
        text, number, clause, scene = self.text, self.number, self.clause, self.scene
        if respective := self._respective():
            return respective
        behind = [s for s in scene.seen if number.outer_end <= s.begin < clause.end and s.kind in COUNTED | BODIES]
        if behind and self.has("given_to", text[number.end : behind[0].begin]):
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
        goes_on = scene.letter.kind is Kind.INSTRUMENT or self.has("goes_on", text[scene.begin : scene.begin + 12])
        return (
            (self.memory.given if goes_on else None)
            or self.heading(COUNTED | BODIES)
            or (after[0].entity if after else None)
            or self.memory.topic
            or self.heading(TOPICS)
        )

    def _clause_receiver(self, c: FigureClause) -> Entity | None:
        return self._receiver([s for s in self.scene.seen if c.begin <= s.begin < c.end], c.begin)

    def _unnamed(self, c: FigureClause) -> bool:
        """Whether a clause says who gets something in words that no mention covers."""
        m = self.r.at["unnamed"].match(self.text[c.begin : c.end])
        return m is not None and not self.has("generic", m[0])

    def _granted(self, s: Seen) -> bool:
        """给予落户奖励: the program is what is given."""
        return self.has("object", self.text[max(self.scene.begin, s.begin - 12) : s.begin])

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
        if named := find_member(self.page, self.scene, self.number, NAMED | BODIES | {Kind.PLACE}):
            return named.entity
        group = self.number.quantity.group
        if not group:
            return None
        members = [n for n in self.scene.numbers if n.quantity.group == group]
        begin = next(c.begin for c in self.scene.clauses if c.segment == self.clause.segment)
        if not self.has("respectively", self.text[begin : members[0].begin]):
            return None
        run: list[Seen] = []
        for s in self.scene.seen:
            if begin <= s.begin < members[0].begin and s.kind in NAMED | BODIES:
                gap = self.text[run[-1].end : s.begin] if run else ""
                shares = bool(run) and s.begin < run[-1].end  # 二孩 in 二孩、三孩家庭
                run = [*run, s] if shares or (run and len(gap) <= 4 and _LIST.search(gap)) else [s]
        return run[-len(members) :][members.index(self.number)].entity if len(run) >= len(members) else None
