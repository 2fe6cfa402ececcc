"""Who a figure is about, from the events of its clause: the receiver of a provision, the place of a count.

A provision is about who gets it: the receiver that stands nearest before it in its clause, or in an earlier clause of
the same item, or in the item's heading. Where none of them names anybody, the slot stays empty.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence

from extract.figures.tables import CELL
from extract.model import Entity, EntityId, Figure, Kind, Outline, Part, Sentence
from extract.records import copy_with
from extract.relations.clauses import Clause, NamedSpan, ends_item
from extract.relations.events import EventReader

_RECEIVERS = frozenset({Kind.GROUP, Kind.TIER, Kind.ENTERPRISE, Kind.ORGANIZATION, Kind.PERSON})
_RESPECTIVELY = "分别"
_LONGEST_LIST = 40
"""Clauses of a list of items, at most."""
_WHOLE_PLACE = re.compile(r"[全我本](?:国|省|市|区|县|州|镇|乡|村|街道|盟|旗)|辖区|[省市区县]内|GDP|生产总值|常住人口")


def assign_recipients(
    figures: Iterable[Figure], events: EventReader, outline: Outline, text: str
) -> tuple[Figure, ...]:
    """Return the figures with the subjects that the events of the page give them."""
    return _Assigner(events, outline, text).assign(list(figures))


class _Assigner:
    def __init__(self, events: EventReader, outline: Outline, text: str) -> None:
        self.text = text
        self.parts: dict[str, Part] = {part.id: part for part in outline.parts}
        self.index = events.index
        self.entities = self.index.entities
        self.clauses: Sequence[Clause] = self.index.clauses
        self._begins = [clause.begin for clause in self.clauses]
        self._sentences: Sequence[Sentence] = outline.sentences
        self._sentence_begins = [sentence.span.begin for sentence in outline.sentences]
        self._tells_whole: dict[int, bool] = {}
        """Beginning of a sentence → whether it speaks of the whole place."""
        self._others: dict[int, int] = {}
        """Beginning of a clause → where the first words end that name a receiver which no mention covers."""
        self._own: dict[int, int] = {}
        """Beginning of a clause → where the words end that begin it and say who gets something."""

    def assign(self, figures: list[Figure]) -> tuple[Figure, ...]:
        return tuple(self._assign(figure, figures) for figure in figures)

    def _assign(self, figure: Figure, figures: list[Figure]) -> Figure:
        if figure.rule == CELL:
            return figure
        if figure.kind is Kind.PROVISION:
            found = self._recipient(figure, figures)
            about = found.id if found is not None else self._keep(figure)
        elif figure.kind in (Kind.OBSERVATION, Kind.TARGET):
            about = self._share_out(figure, figures) or self._counted(figure) or self._keep_place(figure)
        else:
            return figure
        return figure if about == figure.about else copy_with(figure, about=about)

    # ---- provisions

    def _recipient(self, figure: Figure, figures: list[Figure]) -> Entity | None:
        position = self._find_end(figure)
        i = bisect_right(self._begins, position) - 1
        if i < 0:
            return None
        clause = self.clauses[i]
        if position >= clause.end:
            return None
        if (beside := self._find_beside(figure, position)) is not None:
            return beside
        if clause.receivers:
            return self._choose(clause, position, figure, figures)
        part = clause.sentence.part
        begin = self.index.page.find_position(figure.span.begin)
        if self._find_other_receiver(clause) <= position or self._find_own_subject(clause) <= begin:
            return None
        for k in range(i - 1, max(i - 4, -1), -1):
            earlier = self.clauses[k]
            if earlier.sentence.part != part or earlier.sentence.letter != clause.sentence.letter:
                break
            if ends_item(self.index, earlier):
                break
            if earlier.receivers:
                return earlier.receivers[-1].entity if len(earlier.receivers) == 1 else earlier.receivers[0].entity
        return self._from_heading(part) or self._from_lead(i)

    def _find_other_receiver(self, clause: Clause) -> int:
        """Return where the first words of a clause end that name a receiver of their own."""
        if clause.begin not in self._others:
            text = self.index.page.text
            found = [pattern.search(text, clause.begin, clause.end) for pattern in _OTHER_RECEIVER]
            self._others[clause.begin] = min((m.end() for m in found if m is not None), default=clause.end + 1)
        return self._others[clause.begin]

    def _find_own_subject(self, clause: Clause) -> int:
        """Return where the words end that begin a clause and say who gets something."""
        if clause.begin not in self._own:
            m = _OWN_SUBJECT.match(self.index.page.text, clause.begin, clause.end)
            self._own[clause.begin] = m.end() if m is not None else clause.end + 1
        return self._own[clause.begin]

    def _find_beside(self, figure: Figure, position: int) -> Entity | None:
        """The class with whose name the words of an amount begin: *二孩家庭*每户3万元, *D类人才*1000元."""
        begin = self.index.page.find_position(figure.span.begin)
        named = [n for n in self.index.find_named_between(begin, begin + 2) if n.entity.kind in _RECEIVERS]
        if not named or named[0].end > position:
            return None
        between = self.index.page.text[named[0].end : position]
        return None if _RESPECTIVELY in between else named[0].entity

    def _choose(self, clause: Clause, position: int, figure: Figure, figures: list[Figure]) -> Entity | None:
        before = [n for n in clause.receivers if n.begin <= position]
        if not before:
            return None
        at = self.index.page.text.rfind(_RESPECTIVELY, clause.begin, position)
        if at >= 0:
            listed = [n for n in before if n.begin < at]
            values = [
                f for f in figures if f.kind is figure.kind and f.unit == figure.unit and self._is_after(f, at, clause)
            ]
            if len(listed) > 1 and len(values) == len(listed) and figure in values:
                return listed[values.index(figure)].entity
            if len(listed) > 1 and len(values) > 1:
                return None
        return self._nearest(before)

    def _nearest(self, before: Sequence[NamedSpan]) -> Entity:
        """The last receiver before a figure; of a list that ends there, its first."""
        k = len(before) - 1
        while k > 0 and self.index.is_listed(before[k - 1], before[k]):
            k -= 1
        return before[k].entity

    def _is_after(self, figure: Figure, at: int, clause: Clause) -> bool:
        return at <= self._find_end(figure) < clause.end

    def _find_end(self, figure: Figure) -> int:
        """Return the position of the last character of a figure: its first words may stand before its receiver."""
        return self.index.page.find_end(figure.span.end) - 1

    def _from_heading(self, ident: str | None) -> Entity | None:
        while ident is not None:
            part = self.parts[ident]
            if part.heading is not None:
                groups = [n for n in self.index.find_named(part.heading) if n.entity.kind in _RECEIVERS]
                if groups:
                    return groups[0].entity if len({n.entity.id for n in groups}) == 1 else None
            ident = part.parent
        return None

    def _from_lead(self, i: int) -> Entity | None:
        """The only receiver of the sentence that brings in the items among which clause *i* is: 对X按下列标准奖励：."""
        item = self.parts.get(self.clauses[i].sentence.part or "")
        if item is None or not item.number:
            return None
        for k in range(i - 1, max(i - _LONGEST_LIST, -1), -1):
            clause = self.clauses[k]
            part = self.parts.get(clause.sentence.part or "")
            if clause.sentence.letter != item.letter:
                return None
            if part is None or part.parent != item.parent:
                receivers = {named.entity.id: named.entity for named in clause.receivers}
                leads = self.index.page.text[clause.end - 1] in "：:"
                return next(iter(receivers.values())) if leads and len(receivers) == 1 else None
        return None

    def _keep(self, figure: Figure) -> EntityId | None:
        """The subject that a figure has already, if it can get money and stands in the figure's sentence."""
        entity = self.entities.get(str(figure.about)) if figure.about is not None else None
        if entity is None or entity.kind in (Kind.PROGRAM, Kind.PLATFORM, Kind.INSTRUMENT):
            return None
        return figure.about if self._is_near(figure, entity) else None

    # ---- counts

    def _share_out(self, figure: Figure, figures: list[Figure]) -> EntityId | None:
        """The class whose sum this is: the second one's in 对二孩、三孩家庭分别发放2000元、5000元."""
        position = self._find_end(figure)
        i = bisect_right(self._begins, position) - 1
        if figure.unit != "CNY" or i < 0 or position >= self.clauses[i].end or len(self.clauses[i].receivers) < 2:
            return None
        clause = self.clauses[i]
        at = self.index.page.text.rfind(_RESPECTIVELY, clause.begin, position)
        found = self._choose(clause, position, figure, figures) if at >= 0 else None
        return found.id if found is not None else None

    def _counted(self, figure: Figure) -> EntityId | None:
        """The class or scheme whose number this is: 瞪羚企业达到12家, 12家瞪羚企业."""
        page = self.index.page
        begin, end = page.find_position(figure.span.begin), page.find_end(figure.span.end)
        best: NamedSpan | None = None
        for n in self.index.find_named_between(max(0, begin - 24), end + 12):
            if n.entity.kind not in (Kind.GROUP, Kind.TIER, Kind.PROGRAM, Kind.PLATFORM, Kind.ENTERPRISE):
                continue
            inside = begin <= n.begin and n.end <= end + 1
            before = n.end <= begin and _COUNTS.fullmatch(self.index.page.text, n.end, begin) is not None
            after = n.begin >= end and _OF.fullmatch(self.index.page.text, end, n.begin) is not None
            if inside or before or after:
                best = n
                if after or inside:
                    break
        return best.entity.id if best is not None else None

    def _keep_place(self, figure: Figure) -> EntityId | None:
        entity = self.entities.get(str(figure.about)) if figure.about is not None else None
        if entity is None or self._is_near(figure, entity):
            return figure.about
        if entity.kind is not Kind.PLACE:
            return figure.about if self._is_letter(figure) else None
        sentence = self._sentence(figure)
        if sentence is None:
            return None
        if sentence.span.begin not in self._tells_whole:
            self._tells_whole[sentence.span.begin] = _WHOLE_PLACE.search(sentence.span.of(self.text)) is not None
        return figure.about if self._tells_whole[sentence.span.begin] else None

    def _is_letter(self, figure: Figure) -> bool:
        """Whether a figure stands in a letter: its sections are about one thing, the items of a policy are not."""
        sentence = self._sentence(figure)
        return sentence is not None and self.index.letters[sentence.letter].kind is not Kind.INSTRUMENT

    def _is_near(self, figure: Figure, entity: Entity) -> bool:
        sentence = self._sentence(figure)
        if sentence is None:
            return False
        begin, end = sentence.span
        return any(begin <= span[0] < end for span in entity.spans)

    def _sentence(self, figure: Figure) -> Sentence | None:
        i = bisect_right(self._sentence_begins, figure.span.begin) - 1
        return self._sentences[i] if i >= 0 else None


_OTHER_RECEIVER = (
    re.compile(r"(?<=[，,。；;：:、）)\n])(?:对|给|向|其他|其它|另对)[^，,。；;]{2,400}?(?:，|,|的|给予|按|予以|每)"),
    re.compile(r"给予[\u4e00-\u9fff]{2,12}?(?:\d|最高|不超|一次性)"),
)
"""Words that name a receiver of their own, which no mention covers: 对*个人消费者*，每套补助2万元."""
_OWN_SUBJECT = re.compile(
    r"[^，,。；;]{4,}(?:家庭|人员|人才|企业|单位|机构|主体|群体|团队|项目|平台|基地|学生|[人者户校院园店厂社])[，,]"
)
"""Words before a comma that say who gets something, though no mention covers them."""
_COUNTS = re.compile(
    r"[”」』]?(?:数量|总数|数|总量)?(?:已|共|共有|有|达|达到|达到了|已达|增至|增加到|增长到|新增|超过|突破|累计|约|近|为|发展到|稳定在|不少于|[（(])*"
)
_OF = re.compile(r"(?:以上|左右|多|余)?(?:的)?[“「『]?")
