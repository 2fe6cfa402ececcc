"""Relations of entities that were made by hand: the patterns need no finder and no linking."""

from __future__ import annotations

import re

import pytest

from extract.linking.link import LinkedMentions
from extract.model import Entity, Kind, Relation, Span
from extract.relations.headings import Headings
from extract.relations.relations import find_relations
from tests.support.pages import LEX, make_outline

Named = tuple[Kind, str]
AGENCY, PROGRAM = (Kind.AGENCY, "霁川市财政局"), (Kind.PROGRAM, "登高计划")
PLATFORM, GROUP = (Kind.PLATFORM, "霁企通"), (Kind.GROUP, "高新技术企业")


def relate(text: str, *named: Named) -> set[tuple[str, str, str]]:
    entities, mentions = [], []
    for i, (kind, name) in enumerate(named, 1):
        spans = tuple(Span(*m.span()) for m in re.finditer(re.escape(name), text))
        entities.append(Entity(f"e{i}", kind, name, (), spans))
        mentions += [(span, f"e{i}") for span in spans]
    linked = LinkedMentions(tuple(entities), tuple(sorted(mentions)), ())
    found: tuple[Relation, ...] = find_relations(text, make_outline(text), linked, LEX)
    labels = {e.id: e.label for e in entities}
    return {(labels.get(r.subject, r.subject), r.predicate, labels.get(r.object, r.object)) for r in found}


@pytest.mark.parametrize(
    ("text", "named", "stated"),
    [
        ("霁川市财政局实施登高计划。", (AGENCY, PROGRAM), ("霁川市财政局", "administers", "登高计划")),
        ("登高计划通过霁企通申报。", (PROGRAM, PLATFORM), ("登高计划", "availableOn", "霁企通")),
        ("对高新技术企业给予登高计划奖励。", (PROGRAM, GROUP), ("登高计划", "supports", "高新技术企业")),
    ],
)
def test_a_sentence_relates_the_entities_that_it_names(
    text: str, named: tuple[Named, ...], stated: tuple[str, str, str]
) -> None:
    assert stated in relate(text, *named)


@pytest.mark.parametrize(
    "text",
    [
        "执行《霁川市财政局等五部门关于夜市的意见》。",
        "执行《霁川市财政局霁川市商务局关于夜市的意见》。",
        "霁川市财政局：\n你局《关于夜市的请示》收悉。",
    ],
)
def test_a_title_or_who_is_answered_tells_the_issuer(text: str) -> None:
    title = text[text.index("《") : text.index("》") + 1]
    found = relate(text, AGENCY, (Kind.AGENCY, "霁川市商务局"), (Kind.INSTRUMENT, title))
    assert (title, "issuedBy", "霁川市财政局") in found


def test_an_agency_that_a_title_is_about_has_not_issued_it() -> None:
    text = "执行《霁川市财政局工作规则》。"
    assert relate(text, AGENCY, (Kind.INSTRUMENT, "《霁川市财政局工作规则》")) == set()


def test_names_do_not_matter_to_a_pattern() -> None:
    odd = (Kind.PROGRAM, "支持不实施的")
    assert ("霁川市财政局", "administers", "支持不实施的") in relate("霁川市财政局实施支持不实施的。", AGENCY, odd)


@pytest.mark.parametrize("text", ["霁川市财政局未实施登高计划。", "霁川市财政局。登高计划。", "霁川市财政局答复如下。"])
def test_nothing_is_related_that_is_not_said(text: str) -> None:
    assert relate(text, AGENCY, PROGRAM) == set()


def test_a_position_stands_under_its_headings() -> None:
    text = "第二条【落户奖】\n一、对象\n1.重点企业。\n给予奖励。\n2.其他企业。\n第三条\n给予补贴。"
    headings = Headings(text)

    def above(words: str) -> list[str]:
        return [span.of(text) for span in headings.above(text.index(words))]

    assert above("给予奖励") == ["重点企业", "对象", "落户奖"]
    assert above("给予补贴") == []
