"""Quantities into figures: kind, value, subject, time and the words that say it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from extract.figures.about.scope import Memory, Told
from extract.figures.about.subject import about
from extract.figures.around import Around, Verdict, around
from extract.figures.context import FigureClause, FigureContext, Number, Scene
from extract.figures.deadlines import find_promise_times
from extract.figures.kinds import judge
from extract.figures.labels import LabelReader
from extract.figures.rating import KINDS, KindCase, choose_kind, describe_number, is_open
from extract.figures.refused import is_refused
from extract.figures.slots import (
    begin_behind_member,
    granted_under,
    last_period,
    metric,
    per,
    period,
    place,
    read_per,
    says_nothing,
    turns_to_other,
)
from extract.figures.support import (
    SHARES,
    classify_support,
    find_base,
    is_penalty,
    is_stopped,
    name_share,
    name_support,
)
from extract.figures.tables import TableReader
from extract.model import (
    Bound,
    Entity,
    EntityId,
    Figure,
    FigureId,
    Kind,
    Letter,
    LetterId,
    Outline,
    Part,
    PartId,
    Support,
)
from extract.records import copy_with
from extract.text.periods import TimeUse
from ontology.lexicons import Lexicon

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)\s*(?:年度?(?!\s*[-—－至~])|版)")
_YEARS = re.compile(r"(?:19|20)\d\d\s*(?:年度?)?\s*[-—－至~]+\s*(?:19|20)?\d\d")
"""Of a plan for several years no year is that of its promises."""
_CONFIDENCE = {"fact": 0.85, "support": 0.9, "commitment": 0.9, "promise": 0.85, "plan": 0.7}


@dataclass(slots=True)
class _Carry:
    """The period that a paragraph's last sentence left."""

    part: str | None = None
    value: str = ""
    default: str = ""
    """What a heading sets for its part."""
    end: int = 0
    """Where that sentence ended."""
    target: str = ""
    """The period of a promise that says none: what its section sets, else the year of the plan."""
    cases: list[KindCase] | None = None
    """What the classes of the figures were decided by, if somebody asks for it."""


class FigureDraft(NamedTuple):
    """A figure with the number and the clause that it was made from."""

    figure: Figure
    number: Number
    clause: FigureClause


def find_figures(text: str, outline: Outline, entities: Sequence[Entity], lex: Lexicon) -> tuple[Figure, ...]:
    """All figures of a page, in the order of the text.

    Args:
        text: the source's text.
        outline: its letters, parts and sentences.
        entities: what it names, with the spans of the mentions.
        lex: the lexicon (``units.tsv``, ``figures.toml``).
    """
    return _read_page(FigureContext(text, outline, entities, lex), None)


def list_kind_cases(text: str, outline: Outline, entities: Sequence[Entity], lex: Lexicon) -> list[KindCase]:
    """Return what the decision on the class of each figure sees, to fit its weights; the arguments are as above."""
    cases: list[KindCase] = []
    _read_page(FigureContext(text, outline, entities, lex), cases)
    return cases


def _read_page(page: FigureContext, cases: list[KindCase] | None) -> tuple[Figure, ...]:
    """Return the figures of a page, and add to *cases*, if it is a list, what their classes were decided by."""
    outline = page.outline
    own = _own_instruments(page)
    memory, carry, tables = Memory(), _Carry(cases=cases), TableReader(page)
    leads: dict[str, str] = {}
    plans = {letter.id: _find_plan_year(letter) for letter in outline.letters}
    found: list[Figure] = []
    for scene in page.scenes:
        memory.enter(scene)
        part = scene.sentence.part or scene.letter.id
        if carry.part != part:
            carry.part, carry.default = part, _heading_year(page, scene)
            carry.value = carry.default
            carry.target = _find_lead(scene, leads) or plans.get(scene.letter.id, "")
        elif "\n" in page.text[carry.end - 1 : scene.begin + 1]:
            carry.value = carry.default
        carry.end = scene.end
        told, values = tables.divide_numbers(scene)
        if told:
            written = scene if not values else scene._replace(numbers=told)
            found += _sentence(page, written, memory, carry, own.get(scene.letter.id), len(found) + 1)
        for number in values:
            if figure := tables.read_value(scene, number, own.get(scene.letter.id), len(found) + 1):
                found.append(figure)
        carry.value = last_period(scene.times) or carry.value
        if scene.times and page.text[scene.begin : scene.end].rstrip().endswith(":"):
            carry.default = carry.value  # 到2025年，实现以下目标：
        if scene.sentence.part is not None and (lead := _find_deadline(scene)):
            leads[scene.sentence.part] = lead
        memory.leave(scene)
    return tuple(found)


def _sentence(
    page: FigureContext, scene: Scene, memory: Memory, carry: _Carry, own: EntityId | None, first: int
) -> list[Figure]:
    """Return the figures of a sentence; *first* is the number of the first one, which makes its id."""
    told: list[Told] = []
    made: list[FigureDraft] = []
    labels = LabelReader(page, scene)
    for number in scene.numbers:
        clause = scene.clause(number.begin)
        a = around(page, scene, number, clause)
        earlier = told[-1].kind if told else None
        verdict = judge(page, scene, number, a, earlier)
        if verdict is None or is_refused(page, scene, number, a, verdict.kind):
            continue
        if carry.cases is not None or is_open(verdict, scene):
            features = describe_number(scene, number, a, earlier, verdict, page.lex)
            if carry.cases is not None:
                carry.cases.append(KindCase(page.folded.map_to_source(number.begin, number.end), features))
            verdict = _judge_list(number, told, choose_kind(features, verdict, scene, page.lex))
        verdict, support = _settle(page, scene, number, a, verdict, made)
        if verdict is None or (verdict.kind is Kind.PROVISION and is_stopped(a, page.lex)):
            continue
        kind = verdict.kind
        entity, counted = about(page, scene, number, a, kind, told, memory)
        told.append(Told(number, clause, kind, entity, counted))
        under = granted_under(page, scene, number, entity, own) if kind is Kind.PROVISION else None
        if kind is Kind.PROVISION:
            memory.given = entity or memory.given
            memory.under = (page.by_id.get(under) if under else None) or memory.under
        provision, stated = kind is Kind.PROVISION, kind in (Kind.OBSERVATION, Kind.TARGET)
        words, begin, end = _name_figure(labels, number, a, kind, made)
        (when, frequency), deadline = period(page, scene, number, verdict, carry.value), ""
        if kind is Kind.TARGET:
            years, (when, deadline) = when, find_promise_times(page, scene, number, carry.value, carry.target)
            when = years if frequency and when in years else when
        made.append(FigureDraft(
            Figure(
                id=FigureId(f"f{first + len(made)}"),
                kind=kind,
                span=page.folded.map_to_source(begin, end),
                value=number.quantity.value,
                unit=number.quantity.unit,
                bound=number.quantity.bound,
                metric=words,
                about=entity.id if entity else None,
                period=when,
                place=_choose_place(page, scene, number, entity, counted) if stated else None,
                granted_under=under,
                per=per(page, number, clause, a) if provision else "",
                deadline=deadline,
                frequency=frequency,
                part_of=_commitment(scene.chain) if kind is Kind.TARGET else None,
                support=support,
                rule=f"figure.{verdict.rule}",
                confidence=_CONFIDENCE.get(verdict.rule, 0.7),
            ),
            number,
            clause,
        ))  # fmt: skip
    return _conditions(page, _name_bases(page, _paid_alike(_paid_as_before(page, _named_alike(made)))))


def _judge_list(number: Number, told: Sequence[Told], verdict: Verdict) -> Verdict:
    """Return the verdict on the first number of a list for all its members."""
    if not told or not number.quantity.group or told[-1].number.quantity.group != number.quantity.group:
        return verdict
    return verdict if told[-1].kind not in KINDS or verdict.kind not in KINDS else Verdict(told[-1].kind, verdict.rule)


def _settle(
    page: FigureContext, scene: Scene, number: Number, a: Around, verdict: Verdict, made: Sequence[FigureDraft]
) -> tuple[Verdict | None, Support | None]:
    """Return the verdict on a number with the sort of support: data of a firm are none, a penalty is no figure."""
    if verdict.kind is not Kind.PROVISION:
        return verdict, None
    if is_penalty(a, page.lex):
        return None, None
    segment = scene.clause(number.begin).segment
    earlier = [str(d.figure.support) for d in made if d.figure.support and d.clause.segment == segment]
    support = classify_support(page, scene, number, a, earlier)
    if support is None:
        bounded = number.quantity.bound is not Bound.EXACTLY
        return Verdict(Kind.CONDITION if bounded else Kind.OBSERVATION, "data"), None
    return verdict, support


def _name_figure(
    labels: LabelReader, number: Number, a: Around, kind: Kind, made: list[FigureDraft]
) -> tuple[str, int, int]:
    """Return the metric of a figure, and the stretch of the folded text that metric and number take up."""
    if kind in (Kind.OBSERVATION, Kind.TARGET):
        label = labels.read(number)
        places = (s for s in labels.scene.seen if s.kind is Kind.PLACE)
        if any(labels.page.text[s.begin : s.end] == label.words.strip("-|: ") for s in places):
            return label._replace(words="")  # 芦溪县 3% 5.2%: a row of a table
        return label
    page, scene = labels.page, labels.scene
    clause = scene.clause(number.begin)
    words, begin, end = metric(page, scene, number, clause, a, kind)
    ranged = number.quantity.ranged and made and made[-1].number.quantity.group == number.quantity.group
    if ranged and kind is Kind.CONDITION:  # 1000至+5000立方米的企业: both ends measure the same
        return made[-1].figure.metric, number.outer_begin, number.outer_end
    if made and says_nothing(words, lex=page.lex):
        before = made[-1]
        listed = number.quantity.group and before.number.quantity.group == number.quantity.group
        paid = kind is Kind.CONDITION and before.figure.kind is Kind.PROVISION
        if not paid and (listed or before.clause == clause):
            words = before.figure.metric
    if kind is Kind.PROVISION:
        last = next((d.figure.metric for d in reversed(made) if d.figure.kind is Kind.PROVISION), "")
        words = name_support(page, scene, number, a, words, last)
        labels.add(number, words)
        begin = begin_behind_member(page, scene, number, begin)
    return words, begin, end


def _choose_place(
    page: FigureContext, scene: Scene, number: Number, entity: Entity | None, counted: bool
) -> EntityId | None:
    """The place of a fact: that of its number (甲县、乙县分别新增2家、3家), else the one that its clause names."""
    return entity.id if entity is not None and counted and entity.kind is Kind.PLACE else place(page, scene, number)


def _named_alike(made: list[FigureDraft]) -> list[FigureDraft]:
    """分别给予50万元、20万元奖励: the last member of a list of supports names what all of them are."""
    last: dict[int, Figure] = {}
    found = []
    for figure, number, clause in reversed(made):
        group = number.quantity.group
        if group and figure.kind is Kind.PROVISION:
            whole = last.setdefault(group, figure)
            figure = copy_with(figure, metric=whole.metric or figure.metric, support=whole.support)
        found.append(FigureDraft(figure, number, clause))
    return found[::-1]


def _paid_as_before(page: FigureContext, made: list[FigureDraft]) -> list[FigureDraft]:
    """由每个每年3000元调整为4500元: the old value says what one payment of the new one is for."""
    per_of, found = "", []
    for k, (figure, number, clause) in enumerate(made):
        if figure.rule == "figure.former":
            begin = made[k - 1].number.end if k and made[k - 1].clause == clause else clause.begin
            own = number.quantity.per or read_per(page.text[begin : number.begin][-24:], page.lex)
            per_of = own or (per_of if k and made[k - 1].figure.rule == figure.rule else "")
        elif figure.kind is Kind.PROVISION and not figure.per and k and made[k - 1].clause == clause:
            figure = copy_with(figure, per=per_of if figure.unit == made[k - 1].figure.unit else "")
        else:
            per_of = ""
        found.append(FigureDraft(figure, number, clause))
    return found


def _paid_alike(made: list[FigureDraft]) -> list[FigureDraft]:
    """分别按每月2000元、1500元发放: the first member of a list of sums says what one payment of each is for."""
    first: dict[int, Figure] = {}
    found = []
    for figure, number, clause in made:
        group = number.quantity.group
        if group and figure.kind is Kind.PROVISION:
            whole = first.setdefault(group, figure)
            if not figure.per and whole.per and figure.unit == whole.unit:
                figure = copy_with(figure, per=whole.per)
        found.append(FigureDraft(figure, number, clause))
    return found


def _name_bases(page: FigureContext, made: list[FigureDraft]) -> list[FigureDraft]:
    """按设备投资额的10%给予补助: what a support is a share of belongs to its name; a list of shares has one base."""
    bases: dict[int, str] = {}
    found = []
    for figure, number, clause in made:
        if figure.kind is Kind.PROVISION and figure.unit in SHARES:
            base = find_base(page.text[clause.begin : number.outer_begin], page.lex)
            group = number.quantity.group
            base = base or bases.get(group, "")
            if group:
                bases[group] = base
            if base:
                figure = copy_with(figure, metric=name_share(figure.metric, base, page.lex))
        found.append(FigureDraft(figure, number, clause))
    return found


def _conditions(page: FigureContext, made: list[FigureDraft]) -> list[Figure]:
    """Set what a threshold decides: the next support in its segment, the n-th of a list for the n-th of a list."""
    found = []
    for i, (figure, number, clause) in enumerate(made):
        if figure.kind is Kind.CONDITION:
            group = [n for f, n, _ in made if f.kind is Kind.CONDITION and n.quantity.group == number.quantity.group]
            given = [
                j for j, (f, _, c) in enumerate(made)
                if j > i and f.kind is Kind.PROVISION and c.segment == clause.segment
                and not turns_to_other(page, number.outer_end, made[j].number.begin)
            ]  # fmt: skip
            if given:
                rank = group.index(number) if number.quantity.group else 0
                listed = [j for j in given if made[j][1].quantity.group == made[given[0]][1].quantity.group]
                same = number.quantity.group and made[given[0]][1].quantity.group and len(listed) == len(group)
                figure = copy_with(figure, condition_of=made[listed[rank] if same else given[0]].figure.id)
        found.append(figure)
    return found


def _commitment(chain: Sequence[Part]) -> PartId | None:
    return next((p.id for p in chain if p.kind is Kind.COMMITMENT), None)


def _heading_year(page: FigureContext, scene: Scene) -> str:
    """The year that a heading sets for what stands under it: 2025年工作回顾."""
    for part in scene.chain:
        if part.heading is not None:
            where = page.folded.map_span(part.heading)
            if stated := page.times(scene.letter, where.begin, where.end):
                return stated[0].value if stated[0].use in (TimeUse.AT, TimeUse.BY) else ""
    return ""


def _find_plan_year(letter: Letter) -> str:
    """The year of a plan, by its title: 澄溪市2023年优化营商环境行动计划. Empty if it names none, or several."""
    title = letter.get_value("title") or ""
    if letter.kind is not Kind.INSTRUMENT or _YEARS.search(title):
        return ""
    years = set(_YEAR.findall(title))
    return years.pop() if len(years) == 1 else ""


def _find_deadline(scene: Scene) -> str:
    """The last year by which a sentence promises something: 到2025年."""
    return next((t.value for t in reversed(scene.times) if t.use is TimeUse.BY and t.value[:4].isdigit()), "")


def _find_lead(scene: Scene, leads: Mapping[str, str]) -> str:
    """The deadline that a section sets before its items."""
    return next((leads[part.id] for part in scene.chain[1:] if part.id in leads), "")


def _own_instruments(page: FigureContext) -> dict[LetterId, EntityId]:
    """For each letter that is a policy text, the instrument that it is."""
    found = {}
    for letter in page.outline.letters:
        if letter.kind is Kind.INSTRUMENT:
            title = letter.get_value("title")
            begin = page.folded.map_offset(letter.span.begin)
            named = [e for e in page.entities if e.kind is Kind.INSTRUMENT and title in (e.label, *e.aliases)]
            # without a title, what the text begins with is its own name; 为贯彻落实《…》 names another one
            reach = begin + (80 if title else 2)
            first = [
                s.entity for s in page.mentions(begin, begin + 80) if s.kind is Kind.INSTRUMENT and s.begin < reach
            ]
            if named or first:
                found[letter.id] = (named or first)[0].id
    return found
