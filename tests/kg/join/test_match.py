"""Joining alone, on a store of letters that were made by hand: no file is read and no text extracted."""

from __future__ import annotations

from pathlib import Path

import pytest

from extract.model import Extraction, Field, Kind, Letter, Outline, Relation, Source, Span
from kg.join.graph import join_letters
from kg.join.letters import StoredLetters
from kg.join.match import match_letters
from kg.rdf.graph import build_quads
from kg.rdf.identifiers import make_context_iri
from kg.store.store import Store

TITLE = "关于加快培育霁川市专精特新企业的提案"


def letter(source: str, kind: Kind, **values: str) -> Extraction:
    """A source with one letter that says of itself what *values* say."""
    text = "\n".join(values.values()) or "空"
    fields = tuple(
        Field(name, value, Span(begin, begin + len(value)))
        for name, value in values.items()
        if (begin := text.find(value)) >= 0
    )
    whole = Span(0, len(text))
    return Extraction(Source(source, text), Outline((Letter("d1", kind, whole, whole, fields),), (), ()), (), (), ())


def fill(path: Path, *extractions: Extraction) -> Path:
    with Store(path, write=True) as store:
        for x in extractions:
            store.replace_graph(make_context_iri(x.source.id, store.base), build_quads(x, store.base))
    return path


def reply(source: str, title: str) -> Extraction:
    """A source with one reply to a proposal that it knows by its title only."""
    text = f"霁川市财政局关于《{title}》的答复"
    whole, named = Span(0, len(text)), Span(9, 9 + len(title))
    letters = (
        Letter("d1", Kind.LEAD_REPLY, whole, whole),
        Letter("d2", Kind.PROPOSAL, named, None, (Field("title", title, named),)),
    )
    return Extraction(
        Source(source, text), Outline(letters, (), ()), (), (Relation("d1", "repliesTo", "d2", named, "title"),), ()
    )


def test_an_empty_store_has_nothing_to_join(tmp_path: Path) -> None:
    with Store(tmp_path / "s", write=True) as store:
        summary = join_letters(store)
    assert (summary.replies, summary.answers, summary.doubles) == (0, 0, 0)


def test_letters_of_a_store_are_values_with_keys_in_normal_form(tmp_path: Path) -> None:
    path = fill(tmp_path / "s", letter("a.txt", Kind.PROPOSAL, proposalNumber="第0368号", title=TITLE))
    with Store(path) as store:
        [node] = StoredLetters(store).proposals
    assert (node.sightings[0].source, node.kind, node.has_text) == ("a.txt", "Proposal", True)
    assert node.numbers == {"368"} and len(node.titles) == 1
    assert not node.is_reply


@pytest.mark.parametrize("order", [1, -1])
def test_a_summary_does_not_depend_on_the_order_of_sources(tmp_path: Path, order: int) -> None:
    both = (
        letter("a.txt", Kind.PROPOSAL, proposalNumber="20240015", title=TITLE),
        letter("b.txt", Kind.PROPOSAL, proposalNumber="20240015", title=TITLE),
    )
    with Store(fill(tmp_path / "s", *both[::order]), write=True) as store:
        summary = join_letters(store)
        assert sum(summary.states.values()) == 1


def test_a_reply_finds_the_proposal_of_its_title_in_another_file(tmp_path: Path) -> None:
    proposal = letter("a.txt", Kind.PROPOSAL, proposalNumber="第20240015号", title=TITLE)
    with Store(fill(tmp_path / "s", proposal, reply("b.txt", TITLE))) as store:
        letters = StoredLetters(store)
        texts = {node.sightings[0].source: node.iri for node in (*letters.proposals, *letters.replies) if node.has_text}
        [answer] = [link for link in match_letters(letters).links if link.predicate == "repliesTo"]
        assert (answer.subject, answer.object) == (texts["b.txt"], texts["a.txt"])
        assert {letters.get_words(quote) for quote in answer.quotes} == {TITLE}


def test_a_reply_to_another_title_finds_nothing(tmp_path: Path) -> None:
    proposal = letter("a.txt", Kind.PROPOSAL, proposalNumber="第20240015号", title=TITLE)
    with Store(fill(tmp_path / "s", proposal, reply("b.txt", "关于推进霁川市老旧小区停车改造的提案"))) as store:
        assert match_letters(StoredLetters(store)).links == ()
