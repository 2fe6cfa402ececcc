"""Quotes of statements about agencies name both the agency and what it runs."""

from __future__ import annotations

import pytest

from extract.linking.link import LinkedMentions
from extract.model import Entity, EntityId, Kind, Letter, LetterId, Outline, Part, PartId, Relation, Sentence, Span
from extract.relations.quoting import complete_quotes

ITEM = "一、持续实施登高计划。完善服务。（责任单位：市科技局）\n"
LAST = "三、发展霁川市特产。\n"
OTHER = "二、健全摊位登记制度。" + "加强管理。" * 60 + "（责任单位：市商务局）\n"
TEXT = ITEM + OTHER + LAST


def find(words: str) -> Span:
    return Span(TEXT.index(words), TEXT.index(words) + len(words))


def complete(subject: str, obj: str, quoted: str, predicate: str = "administers") -> list[str]:
    names = {
        "霁川市": Kind.PLACE,
        "市科技局": Kind.AGENCY,
        "市商务局": Kind.AGENCY,
        "登高计划": Kind.PROGRAM,
        "摊位登记制度": Kind.PROGRAM,
    }
    entities = tuple(
        Entity(EntityId(f"e{n}"), kind, name, (), (find(name),)) for n, (name, kind) in enumerate(names.items(), 1)
    )
    ids = {entity.label: entity.id for entity in entities}
    whole, letter = Span(0, len(TEXT)), LetterId("d1")
    halves = [Span(0, len(ITEM)), Span(len(ITEM), len(ITEM + OTHER))]
    parts = tuple(Part(PartId(f"p{n}"), letter, Kind.MEASURE, "", half, None, None) for n, half in enumerate(halves, 1))
    sentences, begin = [], 0
    for end in (i + 1 for i, char in enumerate(TEXT) if char in "。\n"):
        sentences.append(Sentence(Span(begin, end), letter, None, (Span(begin, end),)))
        begin = end
    outline = Outline((Letter(letter, Kind.INSTRUMENT, whole, whole),), parts, tuple(sentences))
    mentions = tuple(sorted((entity.spans[0], entity.id) for entity in entities))
    relation = Relation(ids[subject], predicate, ids[obj], find(quoted), "rule")
    return [r.span.of(TEXT) for r in complete_quotes([relation], LinkedMentions(entities, mentions, ()), outline)]


def test_a_quote_goes_on_to_the_agency_in_the_same_item() -> None:
    assert complete("市科技局", "登高计划", "持续实施登高计划") == ["持续实施登高计划。完善服务。（责任单位：市科技局"]


def test_a_quote_of_the_agency_goes_back_to_what_it_runs() -> None:
    assert complete("市科技局", "登高计划", "责任单位：市科技局") == ["登高计划。完善服务。（责任单位：市科技局"]


@pytest.mark.parametrize("quoted", ["健全摊位登记制度"])
def test_what_stands_far_away_is_a_quote_of_its_own(quoted: str) -> None:
    assert complete("市商务局", "摊位登记制度", quoted) == [quoted, "（责任单位：市商务局）\n"]


def test_a_quote_of_both_stays() -> None:
    both = "持续实施登高计划。完善服务。（责任单位：市科技局）"
    assert complete("市科技局", "登高计划", both) == [both]


def test_the_place_of_an_agency_has_no_quote_that_does_not_name_the_agency() -> None:
    assert complete("市科技局", "霁川市", "市科技局", "jurisdiction") == ["市科技局"]
