"""What a language model is asked: a piece of a letter, and the contract."""

from __future__ import annotations

from itertools import pairwise

from extract.llm import make_chunks
from extract.llm.contract import build_answer_schema, read_contract
from extract.llm.prompt import build_messages
from extract.llm.settings import get_limit
from tests.support.llm_answers import LEX, TEXT
from tests.support.paths import EXAMPLES
from tests.support.reading import read, reply


def test_pieces_cover_the_letters_without_overlap_and_none_is_too_long() -> None:
    for path in sorted(EXAMPLES.glob("*.txt")):
        x = read(path.read_text(encoding="utf-8"))
        pieces = make_chunks(x)
        spans = [c.span for c in pieces]
        assert all(a.end <= b.begin for a, b in pairwise(spans))
        assert all(len(s) <= get_limit("chunk") for s in spans)
        for s in x.outline.sentences:
            inside = [c for c in pieces if c.span.overlaps(s.span)]
            assert len(s.span) < get_limit("least") or inside
            assert all(c.letter == s.letter for c in inside)


def test_a_sentence_without_end_is_cut() -> None:
    x = read(reply("推进工作" * 2000 + "。"))
    assert max(len(c.span) for c in make_chunks(x)) <= get_limit("chunk")
    assert sum(len(c.span) for c in make_chunks(x)) >= 8000


def test_a_prompt_asks_for_what_the_contract_has_and_holds_the_text_as_it_is() -> None:
    x = read(TEXT)
    piece = make_chunks(x)[0]
    system, user = build_messages(piece, x, LEX)
    assert piece.span.of(TEXT) in user["content"] and "不执行" in system["content"]
    kinds = build_answer_schema(LEX)["properties"]["entities"]["items"]["properties"]["kind"]["enum"]
    for name in (*read_contract(LEX).pairs, *kinds):
        assert name in user["content"]
    assert build_messages(piece, x, LEX) == (system, user)
