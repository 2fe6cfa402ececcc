"""The corpus of the benchmarks, and what they measure."""

from __future__ import annotations

from pathlib import Path

from benchmarks.corpus import make_corpus, write_corpus
from benchmarks.queries import measure_queries
from kg.graph.query import list_named_queries


def test_the_corpus_is_the_same_each_time_and_its_files_differ(tmp_path: Path) -> None:
    pages = list(make_corpus(130))
    assert pages == list(make_corpus(130)) and pages != list(make_corpus(130, seed=2))
    assert len(pages) == len({page.name for page in pages}) == len({page.text for page in pages}) == 130
    assert len({page.name.split("/")[0] for page in pages}) == 2
    paths = write_corpus(tmp_path, 12)
    assert [path.relative_to(tmp_path).as_posix() for path in paths] == [page.name for page in make_corpus(12)]


def test_replies_name_the_proposal_of_another_file() -> None:
    pages = {page.name: page.text for page in make_corpus(60)}
    replies = [name for name in pages if name.endswith("_答复.txt")]
    assert replies
    for name in replies:
        number = pages[name].split("第")[1].split("号")[0]
        case = name.split("/")[-1].split("_")[0]
        assert any(number in text for other, text in pages.items() if case in other and other != name)


def test_each_named_query_is_measured_on_both_stores(store_path: Path) -> None:
    measured = {query.name: query for query in measure_queries(store_path, runs=1, limit=300)}
    assert list(measured) == list(list_named_queries())
    assert all(query.seconds is not None and query.bare_seconds is not None for query in measured.values())
    assert measured["handling"].rows == 3
