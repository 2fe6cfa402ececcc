"""Chunks of letters, and names without their decoration."""

from __future__ import annotations

import socket
from itertools import pairwise

import pytest

from extract.model import Span
from extract.pipeline import pipeline
from extract.proposer.chunks import CHUNK_LENGTH, split_into_chunks, trim_marks
from tests.support.reading import reply


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("something wants the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def test_chunks_are_whole_sentences_of_the_letters() -> None:
    text = reply("。".join(f"第{i}项工作已经完成，效果良好" for i in range(30)) + "。")
    page = pipeline()(text)._.context
    found = split_into_chunks(page)
    assert len(found) > 2
    assert all(a.end <= b.begin for a, b in pairwise(found))
    assert max(map(len, found)) <= CHUNK_LENGTH
    assert "".join(s.of(text) for s in found).count("项工作已经完成，效果良好。") == 30


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("“青苗”计划", "“青苗”计划"),
        ("“青苗计划”", "青苗计划"),
        ("《办法》", "办法"),
        ("国家级“小巨人”", "国家级“小巨人”"),
        ("“”", ""),
    ],
)
def test_decoration_is_no_part_of_a_name(printed: str, name: str) -> None:
    assert trim_marks(printed, Span(0, len(printed))).of(printed) == name
