"""Proposals of a model: names where the rules have none, in the form of names, of classes that it knows well."""

from __future__ import annotations

import pytest
import spacy

from extract.model import Kind, Mention
from extract.proposer.component import propose_mentions
from extract.proposer.folder import ProposerModel
from tests.support.pages import LEX, make_page, mention

TEXT = "霁川市科学技术局答复：全年在各社区传习“灯影舞”，开展青禾走读活动。"


def model(*names: str, kind: Kind = Kind.PROGRAM, precision: float = 0.9) -> ProposerModel:
    """A model that marks *names* wherever they stand."""
    nlp = spacy.blank("zh")
    ruler = nlp.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": str(kind), "pattern": name} for name in names])  # type: ignore[attr-defined]
    return ProposerModel(nlp, "invented", "0", {"precision": {str(kind): precision}})


def propose(by: ProposerModel, *known: Mention, text: str = TEXT) -> list[Mention]:
    return propose_mentions(by, *make_page(text), known, LEX)


def test_a_proposal_says_who_made_it_and_how_sure_it_is() -> None:
    [found] = propose(model("灯影舞", precision=0.85))
    assert (found.span.of(TEXT), found.kind, found.name) == ("灯影舞", Kind.PROGRAM, "灯影舞")
    assert (found.rule, found.confidence) == ("model:invented", 0.85)


def test_marks_around_a_name_are_no_part_of_it() -> None:
    assert [m.name for m in propose(model("“灯影舞”"))] == ["灯影舞"]


def test_where_a_rule_has_spoken_nothing_is_proposed() -> None:
    both = model("灯影舞", "青禾走读活动")
    assert [m.name for m in propose(both)] == ["灯影舞", "青禾走读活动"]
    assert [m.name for m in propose(both, mention(TEXT, Kind.GROUP, "影舞"))] == ["青禾走读活动"]


def test_a_class_that_was_mostly_wrong_is_not_proposed() -> None:
    assert propose(model("灯影舞", precision=0.1)) == []


@pytest.mark.parametrize("words", ["舞", "舞”，开展青禾", "计划", "在各社区传习“灯影舞"])
def test_words_that_have_no_form_of_a_name_are_not_proposed(words: str) -> None:
    text = TEXT + "计划不变。"
    assert propose(model(words), text=text) == []
