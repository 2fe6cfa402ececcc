"""``kg.compare.diff``: nothing where only the place of words changed, the same from both sides."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

import kg
from kg.compare import Change, diff
from kg.compare.pairing import score_similarity
from kg.errors import KgError, NotFoundError, SourceError, StoreError, UsageError
from kg.export.rdf import export_store
from kg.store.store import Store
from tests.support.paths import EXAMPLES
from tests.support.yearly_letters import kg_export, letter, lines

RDF = ("ttl", "trig", "nq", "nt", "jsonld", "rdf")


def facts(changes: Iterable[Change], *, swap: bool = False) -> list[tuple[str, ...]]:
    """Changes to be compared; with *swap* as they are when the sides change places."""
    other = {"added": "dropped", "dropped": "added", "changed": "changed"}
    found = []
    for c in changes:
        before, after = (s.words if s else "" for s in ((c.after, c.before) if swap else (c.before, c.after)))
        found.append((other[c.op] if swap else c.op, c.what, c.property if c.op != "changed" else "", before, after))
    return sorted(found)


# what is no difference


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("examples") / "store"
    assert not kg.build(EXAMPLES, store).failed
    return store


@pytest.mark.parametrize("suffix", ["", *RDF, "ttl.gz", "nq.gz"])
def test_a_graph_and_its_export_say_the_same(examples: Path, tmp_path: Path, suffix: str) -> None:
    other = examples
    if suffix:
        other = tmp_path / f"图谱.{suffix}"
        plain = tmp_path / f"图谱.{suffix.removesuffix('.gz')}"
        assert kg_export(examples, plain)
        if suffix.endswith(".gz"):
            other.write_bytes(gzip.compress(plain.read_bytes()))
    found = diff(examples, other)
    assert not found and found.changes == () and found.counts == {"added": 0, "dropped": 0, "changed": 0}


def test_the_log_of_builds_is_no_fact(examples: Path, tmp_path: Path) -> None:
    with Store(examples) as opened:
        export_store(opened, "trig", tmp_path / "a.trig", with_builds=True)
    assert not diff(tmp_path / "a.trig", examples)


def test_a_text_that_moves_says_the_same(build: Callable[..., Path], tmp_path: Path) -> None:
    texts = {p.stem: p.read_text(encoding="utf-8") for p in EXAMPLES.glob("*.txt")}
    texts["无名"] = letter().replace("霁川市商务局", "我局").replace("第20230044号", "")  # no number, no issuer
    before = build("s", **texts)
    after = build("t", **{name: "\n\n" + text for name, text in texts.items()})
    assert not diff(before, after), lines(diff(before, after))
    apart = build("u", **texts, a=letter()), build("v", **texts, a=letter().replace("\n", "\n\n"))
    assert not diff(*apart), lines(diff(*apart))


def test_a_file_that_moves_is_another_source_and_the_same_facts(build: Callable[..., Path]) -> None:
    nameless = letter().replace("霁川市商务局", "我局").replace("第20230044号", "")
    found = diff(build("s", a=letter(), x=nameless), build("t", b=letter(), y=nameless))
    assert not found, lines(found)
    assert (found.sources_added, found.sources_dropped) == (("b.txt", "y.txt"), ("a.txt", "x.txt"))


def test_stores_of_different_bases_are_compared_by_the_rest_of_their_names(tmp_path: Path) -> None:
    for name, base, n in (("s", None, 58), ("t", "https://data.example.org/id/", 58), ("u", "https://a.example/", 113)):
        (tmp_path / "a.txt").write_text(letter(n=n), encoding="utf-8")
        kg.build(tmp_path / "a.txt", tmp_path / name, base=base)
    assert not diff(tmp_path / "s", tmp_path / "t")
    assert "~ 霁川市 | 补助企业 | 58家 → 113家（2023）" in lines(diff(tmp_path / "t", tmp_path / "u", about="霁川市"))


# order, sides, choice


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_other_way_round_it_is_the_other_way_round(examples: Path, tmp_path: Path, lang: str) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    edits = (("80万元", "100万元"), ("2023年", "2022年"), ("20家", "21家"), ("支持", "鼓励"), ("一次性", ""))
    for path in EXAMPLES.glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        for old, new in edits:
            text = text.replace(old, new)
        (folder / path.name).write_text(text, encoding="utf-8")
    (folder / "提案_农村电商.txt").unlink()
    kg.build(folder, tmp_path / "t")
    one, other = diff(examples, tmp_path / "t", lang=lang), diff(tmp_path / "t", examples, lang=lang)
    assert min(one.counts.values()) >= 3
    assert facts(one.changes) == facts(other.changes, swap=True)
    assert (one.sources_added, one.sources_dropped) == (other.sources_dropped, other.sources_added)
    assert one == diff(examples, tmp_path / "t", lang=lang)


def test_order_of_building_does_not_matter(build: Callable[..., Path], tmp_path: Path) -> None:
    before = build("s", a=letter(), b=letter(year=2022, n=40, number="20220031"))
    with Store(before) as opened, Store(tmp_path / "r", write=True) as copy:
        for graph in reversed(opened.list_graphs(links=True)):
            copy.replace_graph(graph, reversed(list(opened.read_quads(graph))))
    after = build("t", a=letter(n=113), b=letter(year=2022, n=41, number="20220031"))
    assert diff(before, after).changes == diff(tmp_path / "r", after).changes


def test_only_what_has_to_do_with_a_thing_or_a_class(build: Callable[..., Path]) -> None:
    before, after = build("s", a=letter()), build("t", a=letter(n=113, done="会同霁川市财政局出台办法。"))
    everything = diff(before, after)
    about = diff(before, after, about="霁川市")
    assert 0 < len(about.changes) < len(everything.changes)
    assert any(c.label == "补助企业" for c in about.changes)
    assert not any(c.what == "part" and c.op == "added" for c in about.changes)
    for kind in ("Observation", "数据", "Measured"):
        assert {c.property for c in diff(before, after, kind=kind).changes} <= {"Observation"}
        assert diff(before, after, kind=kind).changes
    assert {c.thing.kind for c in diff(before, after, kind="地方").changes} == {"Place"}


def test_likeness_is_the_same_from_both_sides() -> None:
    texts = ["", "一", "将新建充电桩500个。", "将新建 充电桩 800个", "推进通关便利化"]
    for one in texts:
        for other in texts:
            assert score_similarity(one, other) == score_similarity(other, one)
            assert 0 <= score_similarity(one, other) <= 1
    assert score_similarity("将新建充电桩500个", "将 新建充电桩500个") == 1
    assert score_similarity(texts[2], texts[3]) > 0.6 > score_similarity(texts[2], texts[4])


# builds of a store


def test_a_build_of_a_store_is_compared(build: Callable[..., Path]) -> None:
    store = build("s", a=letter())
    build("s", a=letter(n=61))
    build("s", a=letter(n=113))

    def said(a: str, b: str | None = None) -> set[str]:
        return {c.words for c in diff(a, b).changes if c.label == "补助企业"}

    assert said(str(store)) == {"61家 → 113家（2023）"}
    assert said(f"{store}@1") == said(f"{store}@1", str(store)) == {"58家 → 113家（2023）"}
    assert said(f"{store}@last", f"{store}@-3") == {"113家 → 58家（2023）"}
    assert said(f"{store}@previous", f"{store}@2") == set()
    assert {c.op for c in diff(f"{store}@0", store).changes} == {"added"}
    assert diff(store).before.startswith(f"{store}@2（20") and diff(store, lang="en").after.startswith(f"{store}@3 (20")


def test_a_path_with_an_at_sign_is_a_path(build: Callable[..., Path], tmp_path: Path) -> None:
    store = build("s@2", a=letter())
    assert not diff(store, f"{tmp_path}/s@2@last")


# the command


def test_errors_are_of_the_family(tmp_path: Path) -> None:
    for wrong, error in ((tmp_path / "none", SourceError), (tmp_path, StoreError)):
        with pytest.raises(error):
            diff(wrong, wrong)
    assert issubclass(NotFoundError, KgError) and issubclass(UsageError, KgError)
