"""Names that only the sequence model finds: which are proposed, and which give way."""

from __future__ import annotations

import pytest

from extract.mentions.context import MentionContext
from extract.mentions.geography import survey_places
from extract.model import Kind, Mention, Span
from extract.structure.letters import split_letters
from extract.structure.outline import build_outline
from extract.tagging.candidates import add_candidates
from extract.tagging.tagger import NameTags
from ontology.lexicons import load_lexicon


def propose(text: str, name: str, kind: str, mentions: list[Mention], probability: float = 0.9) -> list[Mention]:
    """Return the mentions of a text whose words the model holds for *name*."""
    import numpy as np

    lex = load_lexicon()
    outline = build_outline(text, split_letters(text, lex), lex)
    context = MentionContext(text, outline, lex)
    geography = survey_places(text, outline.letters, lex, [])
    words = context.words
    labels = ("O", f"B-{kind}", f"I-{kind}")
    marginals = np.zeros((len(words.words), 3))
    marginals[:, 0] = 1.0
    begin = words.text.index(name)
    inside = [i for i, w in enumerate(words.words) if begin <= w.begin < begin + len(name)]
    for rank, i in enumerate(inside):
        marginals[i] = [1 - probability, probability * (rank == 0), probability * (rank > 0)]
    return add_candidates(context, geography, mentions, NameTags(labels, marginals))


def find_span(text: str, name: str) -> Span:
    return Span(text.index(name), text.index(name) + len(name))


TEXT = "各区要推行容缺受理服务，市公安局交通警察支队负责。"


def test_a_name_of_the_model_becomes_a_mention_with_its_words() -> None:
    (mention,) = propose(TEXT, "容缺受理服务", "scheme", [])
    assert (mention.kind, mention.name, mention.span) == (Kind.PROGRAM, "容缺受理服务", find_span(TEXT, "容缺受理服务"))


def test_what_is_unlikely_is_not_proposed() -> None:
    assert propose(TEXT, "容缺受理服务", "scheme", [], probability=0.05) == []


@pytest.mark.parametrize("name", ["容缺受理服务，", "各区"])
def test_what_has_not_the_form_of_a_name_is_not_proposed(name: str) -> None:
    assert propose(TEXT, name, "place" if name == "各区" else "scheme", []) == []


def test_a_sure_proposal_displaces_a_body_of_a_rule() -> None:
    shorter = Mention(find_span(TEXT, "公安局交通"), Kind.ORGANIZATION, "公安局交通", "organization.named")
    assert [m.name for m in propose(TEXT, "市公安局交通警察支队", "body", [shorter])] == ["市公安局交通警察支队"]


def test_two_readings_of_a_scheme_are_left_to_the_decision() -> None:
    shorter = Mention(find_span(TEXT, "受理服务"), Kind.PROGRAM, "受理服务", "phrase.framed")
    assert [m.name for m in propose(TEXT, "容缺受理服务", "scheme", [shorter])] == ["受理服务", "容缺受理服务"]


def test_the_parts_of_a_list_and_what_stands_in_quotes_are_readings_too() -> None:
    text = "我局推广“一窗快办”“一网速递”服务，支持老年人、残疾人等困难群体。"
    found = {(m.name, m.rule) for m in propose(text, "老年人、残疾人等困难群体", "class", [])}
    assert {("老年人", "tagger.part"), ("一窗快办", "tagger.quoted"), ("一网速递", "tagger.quoted")} <= found


def test_a_certain_mention_is_not_displaced_but_may_be_extended() -> None:
    police = Mention(find_span(TEXT, "市公安局"), Kind.AGENCY, "市公安局", "agency.core")
    found = propose(TEXT, "市公安局交通警察支队", "body", [police])
    assert [m.name for m in found] == ["市公安局", "市公安局交通警察支队"]
    assert [m.name for m in propose(TEXT, "公安局", "body", [police])] == ["市公安局"]
