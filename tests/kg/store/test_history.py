"""The history of a store: every earlier state comes back as it was, or it is said that it cannot."""

from __future__ import annotations

import os
import shutil
import signal
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad

import kg
from kg.errors import NotFoundError, StoreError
from kg.export import rdf as export
from kg.rdf.identifiers import make_context_iri
from kg.store import snapshots
from kg.store.history import HISTORY_FOLDER
from kg.store.store import Store
from ontology.terms import PK
from tests.support.invented_page import PAGE
from tests.support.processes import start
from tests.support.stores import LONGER_PAGE, build_forever, die_while_replacing, large_graph, named_graph

LETTER = """霁川市商务局关于市政协十四届二次会议第20230044号提案的答复

民建霁川市委会：
　　贵会提出的《关于支持外贸企业开拓市场的提案》（第20230044号）收悉，现答复如下：
　　一、已开展的工作。2023年，全市补助企业{n}家，拨付资金{n}0万元。
　　二、下一步工作。我局将继续落实《霁川市外贸稳增长若干措施》。

霁川市商务局
2023年6月18日
"""


def nquads(store: Path) -> str:
    with Store(store) as opened:
        return str(export.export_store(opened, "nquads", None))


def state(store: Path, number: int) -> str:
    """The store after a build, as an export of it would have been."""
    with Store(store) as opened:
        return "".join(sorted(f"{q} .\n" for q in snapshots.read_snapshot(opened, number)))


def numbers(store: Path) -> list[int]:
    with Store(store) as opened:
        return [b.number for b in snapshots.list_snapshots(opened)]


def of(store: Path, words: str) -> int:
    with Store(store) as opened:
        return snapshots.find_snapshot(opened, words)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Letters, and a store built of them four times; ``after`` holds what was exported each time."""
    tmp_path = tmp_path_factory.mktemp("built")
    letters, store = tmp_path / "in", tmp_path / "s"
    letters.mkdir()
    (tmp_path / "after").mkdir()

    def write(name: str, n: int) -> None:
        (letters / name).write_text(LETTER.format(n=n), encoding="utf-8")

    def keep(number: int) -> None:
        (tmp_path / "after" / str(number)).write_text(nquads(store), encoding="utf-8")

    write("甲.txt", 58)
    write("乙.txt", 61)
    kg.build(letters, store)
    keep(1)
    write("甲.txt", 113)
    write("丙.txt", 7)
    kg.build(letters, store)
    keep(2)
    kg.build(letters, store)  # nothing has changed: no state of its own
    kg.remove("乙.txt", store)
    keep(3)
    write("甲.txt", 58)
    kg.build(letters, store, workers=2)
    keep(4)
    return tmp_path


@pytest.fixture
def folder(built: Path, tmp_path: Path) -> Path:
    """A copy of it, to be spoilt."""
    return Path(shutil.copytree(built, tmp_path / "folder"))


def test_every_state_comes_back_as_it_was_exported(folder: Path) -> None:
    store = folder / "s"
    assert numbers(store) == [1, 2, 3, 4]
    exported = {n: (folder / "after" / str(n)).read_text(encoding="utf-8") for n in (1, 2, 3, 4)}
    assert len(set(exported.values())) == 4
    assert state(store, 0) == ""
    for number, text in exported.items():
        assert state(store, number) == text


def test_builds_say_when_by_what_and_how_much(folder: Path) -> None:
    with Store(folder / "s") as store:
        listed = snapshots.list_snapshots(store)
    assert [(b.added, b.replaced, b.removed) for b in listed] == [(2, 0, 0), (1, 1, 0), (0, 0, 1), (1, 1, 0)]
    assert {b.version for b in listed} == {kg.__version__}
    assert [b.time for b in listed] == sorted(b.time for b in listed)
    assert not any(b.interrupted for b in listed)


def test_a_first_build_keeps_no_copy(folder: Path) -> None:
    with Store(folder / "s") as store:
        first, second, *_ = store.history.read_steps()
    assert {e.size for e in first.entries} == {0}
    assert any(e.size for e in second.entries)


def test_a_build_is_named_by_number_word_or_time(folder: Path) -> None:
    store = folder / "s"
    assert [of(store, w) for w in ("0", "1", "4", "-1", "-4", "last", "previous")] == [0, 1, 4, 4, 1, 4, 3]
    with Store(store) as opened:
        times = [b.time for b in snapshots.list_snapshots(opened)]
    assert of(store, times[1].isoformat()) == 2
    assert of(store, (times[1] - timedelta(microseconds=1)).isoformat()) == 1
    assert of(store, f"{times[3].astimezone():%Y-%m-%d}") == 4
    for words in ("5", "-5", "x", "", "1999-01-01", "１"):
        with pytest.raises(NotFoundError) as caught:
            of(store, words)
        assert "kg builds" in caught.value.zh and "0" in caught.value.en


def test_a_store_that_was_built_once_has_not_changed_since(tmp_path: Path) -> None:
    with Store(tmp_path / "s", write=True) as store:
        store.replace_graph(*named_graph())
    with Store(tmp_path / "s") as store:
        assert snapshots.find_previous_snapshot(store) == 1


def test_a_store_without_history_says_so_and_keeps_one_from_then_on(folder: Path) -> None:
    store = folder / "s"
    shutil.rmtree(store / HISTORY_FOLDER)  # as an earlier version would have left it
    with Store(store) as opened:
        assert snapshots.list_snapshots(opened) == ()
        with pytest.raises(NotFoundError) as caught:
            snapshots.find_snapshot(opened, "previous")
    assert "没有改动历史" in caught.value.zh and "kg build" in caught.value.en
    before = nquads(store)
    kg.remove("丙.txt", store)
    assert of(store, "previous") == 0
    assert state(store, 0) == before != nquads(store)


def test_the_log_of_builds_is_no_part_of_it_and_other_graphs_are(tmp_path: Path) -> None:
    name, graph = named_graph()
    with Store(tmp_path / "s", write=True) as store:
        links, log = f"{store.base}links", store.builds_graph

        def quad(of: str, words: str) -> Quad:
            return Quad(NamedNode(of), NamedNode(PK + "text"), Literal(words), NamedNode(of))

        store.replace_graph(name, graph)
        store.replace_graph(links, [quad(links, "one")])
        store.replace_graph(log, [quad(log, "one")])
    with Store(tmp_path / "s", write=True) as store:
        store.replace_graph(links, [quad(links, "two")])
        store.replace_graph(log, [quad(log, "two")])
        store.remove_graph(log)
    with Store(tmp_path / "s") as store:
        assert {q for q in snapshots.read_snapshot(store, 1) if q.graph_name == NamedNode(links)} == {
            quad(links, "one")
        }
        assert not [q for q in snapshots.read_snapshot(store, 1) if q.graph_name == NamedNode(log)]
        assert [(b.added, b.replaced) for b in snapshots.list_snapshots(store)] == [
            (1, 0),
            (0, 0),
        ]  # links are no source


def test_what_is_dropped_is_gone_and_numbers_go_on(folder: Path) -> None:
    store = folder / "s"
    before = nquads(store)
    with Store(store, write=True) as opened:
        assert opened.history.set_limit(2) == 2
    assert numbers(store) == [3, 4]
    assert state(store, 2) == (folder / "after" / "2").read_text(encoding="utf-8")
    with pytest.raises(NotFoundError):
        of(store, "1")
    kg.remove("丙.txt", store)
    assert numbers(store) == [4, 5]  # the cap holds for later builds
    with Store(store, write=True) as opened:
        assert opened.history.delete_steps() == 2
        opened.history.set_limit(None)
    assert numbers(store) == [] and nquads(store) != before
    kg.remove("甲.txt", store)
    assert numbers(store) == [6]


def test_a_store_can_be_told_to_keep_none(tmp_path: Path) -> None:
    with Store(tmp_path / "s", write=True) as store:
        store.history.set_limit(0)
        store.replace_graph(*named_graph())
    assert numbers(tmp_path / "s") == []
    with Store(tmp_path / "s", write=True) as store:
        store.history.set_limit(None)
        store.remove_graph(named_graph()[0])
    assert numbers(tmp_path / "s") == [1]


# never wrong: what does not fit is said


def test_changes_past_the_history_are_noticed(folder: Path) -> None:
    store = folder / "s"
    with Store(store, write=True) as opened:
        graph = opened.list_sources()["甲.txt"]
        node = NamedNode(graph)
        opened.oxigraph.add(Quad(node, NamedNode(PK + "text"), Literal("x"), node))
    for number in (1, 2, 3, 4):
        with pytest.raises(StoreError) as caught:
            state(store, number)
        assert "对不上" in caught.value.zh and "--forget" in caught.value.en


def test_a_graph_that_history_was_not_told_of_is_noticed(folder: Path) -> None:
    with Store(folder / "s", write=True) as opened:
        node = NamedNode(make_context_iri("z.txt"))
        opened.oxigraph.add(Quad(node, NamedNode(PK + "text"), Literal("x"), node))
    with pytest.raises(StoreError):
        state(folder / "s", 2)


@pytest.mark.parametrize("where", ["middle", "cut", "empty"])
def test_a_damaged_history_is_said_and_the_store_still_works(folder: Path, where: str) -> None:
    store = folder / "s"
    before = nquads(store)
    path = sorted((store / HISTORY_FOLDER).glob("*.step"))[1]
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0xFF
    path.write_bytes({"middle": bytes(data), "cut": path.read_bytes()[:-40], "empty": b""}[where])
    with pytest.raises(StoreError) as caught:
        state(store, 1)
    assert "\n" not in caught.value.zh and "--forget" in caught.value.zh
    assert nquads(store) == before
    with Store(store, write=True) as opened:
        assert opened.history.delete_steps() == 4
    kg.remove("丙.txt", store)
    assert state(store, 4) == before


def test_no_flipped_bit_gives_a_wrong_state(folder: Path) -> None:
    store = folder / "s"
    right = {n: state(store, n) for n in (1, 2, 3)}
    noticed = 0
    for path in sorted((store / HISTORY_FOLDER).glob("*.step"))[1:]:
        data = path.read_bytes()
        for at in range(3, len(data), max(1, len(data) // 15)):
            path.write_bytes(data[:at] + bytes([data[at] ^ 0x11]) + data[at + 1 :])
            for number, text in right.items():
                try:
                    assert state(store, number) == text
                except StoreError:
                    noticed += 1
        path.write_bytes(data)
    assert noticed > 20


def test_a_change_that_fails_is_not_told(tmp_path: Path) -> None:
    name, graph = named_graph()
    other, more = named_graph("公告\n" + PAGE, "b.txt")

    class Full:
        """A disk without room, for one write."""

        def __init__(self, real: object) -> None:
            self.real = real

        def extend(self, quads: object) -> None:
            raise OSError("no space left")

        def __getattr__(self, name: str) -> object:
            return getattr(self.real, name)

    with Store(tmp_path / "s", write=True) as store:
        store.replace_graph(name, graph)
        real = store.oxigraph
        store.oxigraph = Full(real)  # type: ignore[assignment]
        with pytest.raises(OSError, match="no space"):
            store.replace_graph(other, more)
        store.oxigraph = real
        del real  # a store is closed when nobody has it any more
        store.replace_graph(make_context_iri("c.txt"), named_graph(name="c.txt")[1])
    with Store(tmp_path / "s") as store:
        [step] = store.history.read_steps()
        assert [e.graph for e in step.entries] == [name, make_context_iri("c.txt")]


def test_a_change_that_is_interrupted_when_it_is_made_is_told(tmp_path: Path) -> None:
    name, graph = named_graph()

    class Late:
        """Ctrl-C, just after the change."""

        def __init__(self, real: object) -> None:
            self.real = real

        def extend(self, quads: object) -> None:
            self.real.extend(quads)  # type: ignore[attr-defined]
            raise KeyboardInterrupt

        def __getattr__(self, name: str) -> object:
            return getattr(self.real, name)

    with pytest.raises(KeyboardInterrupt), Store(tmp_path / "s", write=True) as store:
        store.replace_graph(make_context_iri("b.txt"), named_graph(name="b.txt")[1])
        store.oxigraph = Late(store.oxigraph)  # type: ignore[assignment]
        store.replace_graph(name, graph)
    del store
    with Store(tmp_path / "s") as opened:
        [build] = snapshots.list_snapshots(opened)
        assert (build.added, set(opened.read_quads(name))) == (2, set(graph))
    assert state(tmp_path / "s", 1) == nquads(tmp_path / "s")


@pytest.mark.parametrize("late", [False, True])
def test_a_process_that_dies_before_or_after_its_change_tells_the_truth(tmp_path: Path, late: bool) -> None:
    store_path = tmp_path / "s"
    with Store(store_path, write=True) as store:
        store.replace_graph(*named_graph())
    first = nquads(store_path)
    assert start(die_while_replacing, str(store_path), late).wait() == 9
    second = nquads(store_path)
    assert ("公告" in second) == late
    file = sorted((store_path / HISTORY_FOLDER).glob("*.step"))[-1]
    # whatever is left of the last words that it wrote: the end may be torn
    whole = file.read_bytes()
    for cut in (0, 1, 40) if not late else (0,):
        file.write_bytes(whole[: len(whole) - cut])
        with Store(store_path) as store:
            assert [b.interrupted for b in snapshots.list_snapshots(store)] == [False, True]
        assert state(store_path, 1) == first
        assert state(store_path, 2) == second
    with Store(store_path, write=True) as store:
        store.remove_graph(make_context_iri("b.txt"))
    assert numbers(store_path) == [1, 2, 3]
    assert [state(store_path, n) for n in (1, 2)] == [first, second]


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
def test_killed_at_any_moment_the_history_leads_back_to_what_was(tmp_path: Path) -> None:
    store_path, file = tmp_path / "s", tmp_path / "20240015.txt"
    graph = make_context_iri(file.name)
    versions = [large_graph(PAGE, file.name), large_graph(LONGER_PAGE, file.name)]
    with Store(store_path, write=True) as store:
        store.replace_graph(graph, versions[0])
    for turn in range(6):
        with start(build_forever, str(file), str(store_path)) as process:
            assert process.stdout is not None
            for _ in range(1 + turn % 2):  # so many builds are done: kill it somewhere in the next
                assert process.stdout.readline()
            time.sleep(0.04 * turn)
            process.send_signal(signal.SIGKILL)
            process.wait()
        with Store(store_path) as store:
            now = set(store.read_quads(graph))
            listed = snapshots.list_snapshots(store)
            # of the one source: what joins letters is made anew after each build, and goes its own way
            states = [
                {q for q in snapshots.read_snapshot(store, b.number) if str(q.graph_name.value) == graph}
                for b in listed
            ]
        assert states[0] == versions[0] and states[-1] == now
        assert all(one in versions and one != other for one, other in pairwise(states))
    assert len(states) > 3


def test_time_is_told_with_its_zone(folder: Path) -> None:
    with Store(folder / "s") as store:
        assert all(
            b.time.utcoffset() == timedelta(0) and b.time <= datetime.now(UTC) for b in snapshots.list_snapshots(store)
        )
