"""``kg diff``: what changed, by fact, in words; and nothing where only the place of words changed."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad
from test_cli import kg

import kg as package
from kg.compare import Change, Diff, diff
from kg.compare.pairing import likeness
from kg.errors import KgError, NotFoundError, SourceError, StoreError, UsageError
from kg.export.rdf import export
from kg.store.store import Store
from ontology.terms import DCTERMS, PK, RDFS

EXAMPLES = Path(__file__).parent.parent / "examples"
RDF = ("ttl", "trig", "nq", "nt", "jsonld", "rdf")


def letter(city: str = "霁川", year: int = 2023, n: int = 58, number: str = "20230044", **more: str) -> str:
    said = {"done": "", "next": "我局将继续落实《霁川市外贸稳增长若干措施》，加强部门联动。", **more}
    return f"""{city}市商务局关于市政协十四届二次会议第{number}号提案的答复

民建{city}市委会：
　　贵会提出的《关于支持外贸企业开拓市场的提案》（第{number}号）收悉，经研究，现答复如下：
　　一、已开展的工作。{year}年，全市补助企业{n}家，拨付资金{n}0万元。{said["done"]}
　　二、完善政策体系。{said["next"]}

{city}市商务局
{year}年6月18日
"""


@pytest.fixture
def build(tmp_path: Path) -> Callable[..., Path]:
    """Builds a store of texts by name of their file."""

    def made(store: str, **texts: str) -> Path:
        folder = tmp_path / f"in-{store}"
        for old in folder.glob("*"):
            old.unlink()
        folder.mkdir(exist_ok=True)
        for name, text in texts.items():
            (folder / f"{name}.txt").write_text(text, encoding="utf-8")
        assert not package.build(folder, tmp_path / store).failed
        return tmp_path / store

    return made


def edited(store: Path, change: Callable[[set[Quad]], Iterable[Quad]], to: Path) -> Path:
    """A copy of *store* whose only graph is changed."""
    with Store(store) as opened, Store(to, write=True) as copy:
        for graph in opened.graphs(links=True):
            copy.replace(graph, change(set(opened.quads(graph))))
    return to


def lines(found: Diff) -> set[str]:
    marks = {"added": "+", "dropped": "-", "changed": "~"}
    return {f"{marks[c.op]} {c.thing.label} | {c.label} | {c.words}" for c in found.changes}


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
    assert not package.build(EXAMPLES, store).failed
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


def kg_export(store: Path, path: Path) -> bool:
    from kg.export.rdf import SUFFIXES

    with Store(store) as opened:
        return bool(export(opened, SUFFIXES[path.suffix], path))


def test_the_log_of_builds_is_no_fact(examples: Path, tmp_path: Path) -> None:
    with Store(examples) as opened:
        export(opened, "trig", tmp_path / "a.trig", with_builds=True)
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
        package.build(tmp_path / "a.txt", tmp_path / name, base=base)
    assert not diff(tmp_path / "s", tmp_path / "t")
    assert "~ 霁川市 | 补助企业 | 58家 → 113家（2023）" in lines(diff(tmp_path / "t", tmp_path / "u", about="霁川市"))


# what is one


def test_a_number_that_changed_is_one_change(build: Callable[..., Path]) -> None:
    found = diff(build("s", a=letter()), build("t", a=letter(n=113)))
    assert "~ 霁川市 | 补助企业 | 58家 → 113家（2023）" in lines(found)
    [change] = [c for c in found.changes if c.label == "补助企业"]
    assert change.before and change.after
    assert (change.before.words, change.before.value, change.before.unit) == ("58家（2023）", "58", "家")
    assert (change.after.value, change.after.period) == ("113", "2023")
    assert "补助企业58家" in change.before.passages[0].text + change.before.passages[0].after
    assert change.after.passages[0].source == "a.txt"
    assert {c.op for c in found.changes} == {"changed"}


def test_bounds_and_times_that_changed_are_said(build: Callable[..., Path]) -> None:
    before = build("s", a=letter(done="截至2023年底，全市外贸企业约900家。"))
    bound = lines(diff(before, build("t", a=letter(done="截至2023年底，全市外贸企业不少于900家。"))))
    assert any(" | 约900家 → 不少于900家" in line for line in bound), bound
    period = lines(diff(before, build("u", a=letter(done="2022年，全市外贸企业约900家。"))))
    assert any("约900家" in x and " → 2022年 约900家" in x for x in period), period
    assert not any(line.startswith(("+", "-")) for line in period), period


def test_a_promise_that_was_reworded_is_changed_and_a_new_one_is_new(build: Callable[..., Path]) -> None:
    promise = "下一步，我局将组织{}外贸企业参加境外展会，帮助企业开拓多元市场。"
    before = build("s", a=letter(next=promise.format("")))
    reworded = diff(before, build("t", a=letter(next=promise.format("重点"))))
    [part] = [c for c in reworded.changes if c.what == "part"]
    old, _, new = part.words.partition(" → ")
    assert part.op == "changed" and "组织外贸企业" in old and "组织重点外贸企业" in new
    other = diff(before, build("u", a=letter(next="下一步，我局将会同海关推进通关便利化改革，压缩口岸作业时间。")))
    assert sorted(c.op for c in other.changes if c.what == "part") == ["added", "dropped"]


def test_what_a_new_part_involves_comes_with_it(build: Callable[..., Path]) -> None:
    found = diff(build("s", a=letter()), build("t", a=letter(done="会同霁川市财政局出台《霁川市出口信保补贴办法》。")))
    assert not [c for c in found.changes if c.property == "involves" and c.op == "added" and c.what == "thing"]
    assert any(c.what == "thing" and c.thing.label == "霁川市出口信保补贴办法" for c in found.changes)


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("documentNumber", ("霁府〔2022〕1号", "霁府〔2023〕9号"), "文号 | 霁府〔2022〕1号 → 霁府〔2023〕9号"),
        ("status", ("InForce", "Repealed"), "状态 | 已出台 → 已废止"),
        ("issued", ("2022-05", "2022-06"), "日期 | 2022-05 → 2022-06"),
        ("label", ("外贸措施", "《外贸措施》"), "名称 | 外贸措施 → 《外贸措施》"),
        ("altLabel", ("", "若干措施"), "又名 | 若干措施"),
        ("documentNumber", ("霁府〔2022〕1号", ""), "文号 | 霁府〔2022〕1号"),
    ],
)
def test_a_fact_of_a_document_is_said_old_and_new(tmp_path: Path, old: str, new: tuple[str, str], line: str) -> None:
    for store, value in zip(("s", "t"), new, strict=True):
        with Store(tmp_path / store, write=True) as opened:
            graph, thing = NamedNode("https://example.org/g"), NamedNode(f"{opened.base}policy-instrument/x")
            prop = {"issued": DCTERMS + "issued", "label": RDFS + "label"}.get(old, PK + old)
            prop = prop if old != "altLabel" else "http://www.w3.org/2004/02/skos/core#altLabel"
            term = NamedNode(PK + value) if old == "status" else Literal(value)
            kind = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
            quads = [Quad(thing, kind, NamedNode(PK + "PolicyInstrument"), graph)]
            if old != "label":
                quads.append(Quad(thing, NamedNode(RDFS + "label"), Literal("措施"), graph))
            opened.replace(graph.value, [*quads, *([Quad(thing, NamedNode(prop), term, graph)] if value else [])])
    [change] = diff(tmp_path / "s", tmp_path / "t").changes
    assert f"{change.label} | {change.words}" == line
    assert change.op == ("changed" if all(new) else "added" if new[1] else "dropped")


def test_a_relation_says_who_for_whom_with_the_sentence(build: Callable[..., Path], tmp_path: Path) -> None:
    store = build("s", a=letter(done="会同霁川市财政局出台《霁川市出口信保补贴办法》。"))

    def without(quads: set[Quad]) -> Iterable[Quad]:
        return (q for q in quads if q.predicate.value != PK + "issuedBy")

    found = diff(edited(store, without, tmp_path / "t"), store)
    assert {c.op for c in found.changes} == {"added"} and {c.label for c in found.changes} == {"发文单位"}
    assert all(c.after and c.after.passages and c.after.passages[0].source == "a.txt" for c in found.changes)
    assert "+ 霁川市商务局对第20230044号提案的答复 | 发文单位 | 霁川市商务局" in lines(found)
    english = diff(store, tmp_path / "t", lang="en")
    assert {c.label for c in english.changes} == {"issued by"} and {c.op for c in english.changes} == {"dropped"}


def test_another_lead_agency_is_one_change(build: Callable[..., Path], tmp_path: Path) -> None:
    store = build("s", a=letter())

    def moved(quads: set[Quad]) -> Iterable[Quad]:
        lead = NamedNode(PK + "leadAgency")
        other = NamedNode(next(iter(quads)).graph_name.value + "/other")
        yield from (Quad(q.subject, q.predicate, other, q.graph_name) if q.predicate == lead else q for q in quads)

    [change] = [c for c in diff(store, edited(store, moved, tmp_path / "t")).changes if c.what == "statement"]
    assert (change.op, change.label) == ("changed", "主办单位") and change.words.startswith("霁川市商务局 → ")


# two years, two cities


def test_two_years_of_one_city_are_paired_across_their_periods(build: Callable[..., Path]) -> None:
    before, after = build("s", a=letter(year=2022, number="20220031")), build("t", b=letter(n=113))
    found = diff(before, after)
    assert "~ 霁川市 | 补助企业 | 2022年 58家 → 2023年 113家" in lines(found)
    assert "~ 霁川市 | 补助企业 | 58 家 in 2022 → 113 家 in 2023" in lines(diff(before, after, lang="en"))
    # the letters themselves are two, however alike
    assert {c.op for c in found.changes if c.what in {"thing", "part"}} == {"added", "dropped"}
    same_file = diff(before, build("u", a=letter(n=113)))
    assert {c.op for c in same_file.changes if c.what in {"thing", "part"}} == {"added", "dropped"}


def test_two_figures_on_one_side_are_not_guessed_at(build: Callable[..., Path]) -> None:
    before = build("s", a=letter(year=2022, number="20220031"))
    after = build("t", b=letter(n=113), c=letter(year=2024, n=150, number="20240012"))
    counts = {line for line in lines(diff(before, after)) if "补助企业" in line and "措施" not in line}
    assert counts == {
        "- 霁川市 | 补助企业 | 58家（2022）",
        "+ 霁川市 | 补助企业 | 113家（2023）",
        "+ 霁川市 | 补助企业 | 150家（2024）",
    }


def test_two_cities_are_not_one_that_changed(build: Callable[..., Path]) -> None:
    said = "本市中小微企业达到{n}家。"
    before = build("s", a=letter(done=said.format(n=900)))
    after = build("t", a=letter("澄溪", number="20239999", done=said.format(n=700)))
    found = diff(before, after)
    assert found.counts["changed"] == 0 and found.counts["added"] and found.counts["dropped"]


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
    package.build(folder, tmp_path / "t")
    one, other = diff(examples, tmp_path / "t", lang=lang), diff(tmp_path / "t", examples, lang=lang)
    assert min(one.counts.values()) >= 3
    assert facts(one.changes) == facts(other.changes, swap=True)
    assert (one.sources_added, one.sources_dropped) == (other.sources_dropped, other.sources_added)
    assert one == diff(examples, tmp_path / "t", lang=lang)


def test_order_of_building_does_not_matter(build: Callable[..., Path], tmp_path: Path) -> None:
    before = build("s", a=letter(), b=letter(year=2022, n=40, number="20220031"))
    with Store(before) as opened, Store(tmp_path / "r", write=True) as copy:
        for graph in reversed(opened.graphs(links=True)):
            copy.replace(graph, reversed(list(opened.quads(graph))))
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
            assert likeness(one, other) == likeness(other, one)
            assert 0 <= likeness(one, other) <= 1
    assert likeness("将新建充电桩500个", "将 新建充电桩500个") == 1
    assert likeness(texts[2], texts[3]) > 0.6 > likeness(texts[2], texts[4])


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


@pytest.fixture
def pair(build: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Two stores in the current folder, and a file of each."""
    monkeypatch.setenv("KG_LANG", "zh")
    monkeypatch.chdir(tmp_path)
    for name, n in (("old", 58), ("new", 113)):
        assert kg_export(build(name, a=letter(n=n)), tmp_path / f"{name}.ttl")


@pytest.mark.usefixtures("pair")
def test_the_command_says_what_changed(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = kg(capsys, "diff", "old", "new.ttl")
    assert (code, err) == (0, "")
    assert "原来：old\n现在：new.ttl\n" in out
    assert "霁川市  [地方]\n" in out and "  ~ 补助企业：58家 → 113家（2023）\n" in out
    assert "      - “2023年，全市补助企业58家，拨付资金580万元。” — a.txt\n" in out
    assert out.rstrip().rpartition("\n")[2] == "新增 0，不再有 0，改变 3（2 个对象）"
    _, out, _ = kg(capsys, "diff", "old.ttl", "new", "--lang", "en")
    assert "  ~ 补助企业: 58 家 → 113 家 (2023)\n" in out and "0 added, 0 dropped, 3 changed, in 2 things" in out
    assert "没有不同" in kg(capsys, "diff", "old", "old.ttl")[1]


@pytest.mark.usefixtures("pair")
def test_the_exit_code_is_for_those_who_ask(capsys: pytest.CaptureFixture[str]) -> None:
    assert kg(capsys, "diff", "old", "new", "--exit-code")[0] == 1
    assert kg(capsys, "diff", "old", "old.ttl", "--exit-code")[0] == 0
    assert kg(capsys, "diff", "old", "new")[0] == 0


@pytest.mark.usefixtures("pair")
def test_json_has_words_codes_and_places(capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(kg(capsys, "diff", "old", "new", "--format", "json", "--kind", "Place")[1])
    assert found["summary"] == {"added": 0, "dropped": 0, "changed": 2}
    change = next(c for c in found["changes"] if c["label"] == "补助企业")
    assert (change["change"], change["what"], change["property"]) == ("changed", "figure", "Observation")
    assert change["thing"]["class"] == "Place" and change["thing"]["iri"].startswith("https://")
    quote = change["after"]["quotes"][0]
    assert (change["after"]["value"], quote["source"]) == ("113", "a.txt")
    assert quote["text"] in quote["sentence"] and quote["end"] - quote["begin"] == len(quote["text"])


@pytest.mark.usefixtures("pair")
def test_csv_opens_in_a_spreadsheet(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = kg(capsys, "diff", "old", "new", "--format", "csv", "--output", "变化.csv")
    assert code == 0 and "变化.csv" in out
    data = Path("变化.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    row = next(r for r in rows if r["事实"] == "补助企业")
    assert (row["变化"], row["对象"], row["原来"], row["现在"]) == ("改变", "霁川市", "58家（2023）", "113家（2023）")
    assert row["现在的来源"] == "a.txt" and len(rows) == 3
    printed = kg(capsys, "diff", "old", "new", "--format", "csv", "--lang", "en")[1]
    assert printed.startswith("change,class,thing,fact,before,after")


@pytest.mark.usefixtures("pair")
def test_text_goes_into_a_file_as_it_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert kg(capsys, "diff", "old", "new", "--output", "变化.txt")[0] == 0
    assert Path("变化.txt").read_text(encoding="utf-8") == kg(capsys, "diff", "old", "new")[1]


@pytest.mark.usefixtures("pair")
def test_long_lists_are_cut_and_said_to_be(capsys: pytest.CaptureFixture[str]) -> None:
    out = kg(capsys, "diff", "old", "new", "--limit", "1")[1]
    assert "…… 另有 1 条" in out
    assert "…… 另有" not in kg(capsys, "diff", "old", "new", "--limit", "0")[1]


@pytest.mark.usefixtures("pair")
@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["old", "nowhere"], 3, "nowhere"),
        (["nowhere@2", "new"], 3, "nowhere"),
        (["in-old", "new"], 4, "in-old"),
        (["old@7", "new"], 6, "old@7"),
        (["old@x"], 6, "old@x"),
        (["old"], 6, "old"),
        (["old.ttl"], 2, "old.ttl"),
        (["in-old/a.txt", "new"], 2, "in-old/a.txt"),
        (["broken.ttl", "new"], 3, "broken.ttl"),
        (["broken.nt.gz", "new"], 3, "broken.nt.gz"),
        (["old", "new", "--kind", "Fish"], 2, "Fish"),
        (["old", "new", "--about", "没有这样的名字"], 6, "没有这样的名字"),
        (["old", "new", "--format", "table"], 2, "table"),
        (["old", "new", "--output", "in-old"], 2, "in-old"),
        ([], 3, "kg-store"),
    ],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_error_is_one_line(
    capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, words: str, lang: str
) -> None:
    Path("broken.ttl").write_text("@prefix a: <b", encoding="utf-8")
    Path("broken.nt.gz").write_bytes(b"\x1f\x8b no gzip")
    found, out, err = kg(capsys, "diff", *arguments, "--lang", lang)
    assert (found, out) == (code, "") and err.count("\n") == 1
    assert words in err and "Traceback" not in err


@pytest.mark.usefixtures("pair")
def test_builds_are_listed_capped_and_forgotten(capsys: pytest.CaptureFixture[str], build: Callable[..., Path]) -> None:
    build("old", a=letter(n=60))
    _, out, _ = kg(capsys, "builds", "--store", "old")
    assert package.__version__ in out and "old@0（空库）" in out
    rows = json.loads(kg(capsys, "builds", "--store", "old", "--format", "json")[1])
    assert [(r["number"], r["added"], r["replaced"]) for r in rows] == [(1, 1, 0), (2, 0, 1)]
    table = list(csv.reader(io.StringIO(kg(capsys, "builds", "--store", "old", "--format", "csv", "--lang", "en")[1])))
    assert table[0][:3] == ["no.", "time", "version"] and len(table) == 3
    assert "1" in kg(capsys, "builds", "--store", "old", "--keep", "1")[1]
    assert kg(capsys, "diff", "old")[0] == 0
    assert kg(capsys, "builds", "--store", "old", "--forget")[0] == 0
    assert "没有改动历史" in kg(capsys, "builds", "--store", "old")[1]
    assert kg(capsys, "diff", "old")[0] == 6
    for arguments in (["--keep", "x"], ["--keep", "1", "--forget"], ["--format", "xml"]):
        code, out, err = kg(capsys, "builds", "--store", "old", *arguments)
        assert (code, out) == (2, "") and err.count("\n") == 1
    assert kg(capsys, "builds", "--store", "nowhere")[0] == kg(capsys, "builds", "--forget", "--store", "no")[0] == 4
    assert not Path("no").exists()


def test_errors_are_of_the_family(tmp_path: Path) -> None:
    for wrong, error in ((tmp_path / "none", SourceError), (tmp_path, StoreError)):
        with pytest.raises(error):
            diff(wrong, wrong)
    assert issubclass(NotFoundError, KgError) and issubclass(UsageError, KgError)
