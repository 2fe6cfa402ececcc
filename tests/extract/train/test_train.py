"""The statistical second opinion: trained on the spot, offline, the same each time, and never over the rules."""

from __future__ import annotations

import json
import shutil
import socket
from pathlib import Path
from typing import Any

import pytest
import spacy

from benchmarks import model as benchmark
from extract.model import Kind, Mention, Source, Span
from extract.pipeline import extract, pipeline
from extract.proposer.component import propose_mentions
from extract.proposer.folder import compute_digest, load_model, read_training_meta, save_model
from extract.train.examples import (
    AnnotatedPage,
    AnnotatedThing,
    LabelledChunk,
    NameLabel,
    keep_longest,
    label_from_annotation,
    label_from_rules,
    locate_names,
)
from extract.train.fit import TrainingSettings, fit_model
from extract.train.training import MentionScore, choose_held_out, measure_precision, score_mentions, train_proposer
from kg.store.store import Store
from ontology.errors import ModelError
from ontology.lexicons import load_lexicon
from ontology.terms import PK
from tests.support.commands import run_kg
from tests.support.paths import EXAMPLES, ROOT
from tests.support.reading import reply

TINY = TrainingSettings(epochs=40, width=32, depth=2, rows=500, hidden=32, dropout=0.1, batch=4, learn_rate=0.005)
DANCES = ("灯影", "鹭羽", "霜叶", "石桥", "青禾", "竹笛", "云锦", "渡口")
"""Names that no rule knows: 灯影舞, 鹭羽舞 …"""


def dance(name: str) -> str:
    return f"全年在各社区传习{name}舞，群众反响很好。"


LESSONS = [
    *(LabelledChunk(dance(name), (NameLabel(Span(8, 11), Kind.PROGRAM),)) for name in DANCES),
    LabelledChunk("全年在各社区开展走访，群众反响很好。", ()),
    LabelledChunk("各项工作稳步推进，成效明显。", ()),
]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a model that knows dances."""
    folder = tmp_path_factory.mktemp("models") / "舞"
    save_model(fit_model(LESSONS, TINY), folder, {"version": "0"})
    return folder


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("something wants the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)


def annotation(folder: Path, name: str, text: str, *entities: dict[str, Any]) -> Path:
    """A gold file beside its text."""
    (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    path = folder / f"{name}.gold.json"
    gold = {"source": f"{name}.txt", "documents": [], "entities": list(entities)}
    path.write_text(json.dumps(gold, ensure_ascii=False), encoding="utf-8")
    return path


# what it learns from


def test_names_of_an_annotation_are_located_longest_first() -> None:
    text = reply("市水务局开展走访。我市“清流”计划由市水务局 实施，多领域齐发力，清流广场除外。")
    things = (
        AnnotatedThing(Kind.AGENCY, ("霁川市水务局", "市水务局", "水务局")),
        AnnotatedThing(Kind.PROGRAM, ("“清流”计划", "清流")),
        AnnotatedThing(Kind.PLATFORM, ("流域齐治平台", "域齐")),
        AnnotatedThing(None, ("清流广场",)),
    )
    found = [(n.span.of(text), n.kind) for n in locate_names(AnnotatedPage(Source("t", text), things), pipeline())]
    body = [f for f in found if f[0] != "霁川市水务局"]
    assert ("“清流”计划", Kind.PROGRAM) in body
    assert ("清流广场", None) in body  # readers may differ: left open, and not half of it taken for the program
    assert ("市水务局", Kind.AGENCY) in body
    assert not [f for f in found if f[1] is Kind.PLATFORM]  # two letters stand inside other words too: 领域齐发力


def test_the_rules_teach_only_what_they_are_sure_of() -> None:
    text = reply("我局会同市财政局实施“青苗”计划。")
    names = [n for chunk in label_from_rules(Source("t", text), pipeline(), load_lexicon()) for n in chunk.names]
    assert {n.kind for n in names} >= {Kind.AGENCY, Kind.PROGRAM}
    strict = label_from_rules(Source("t", text), _claiming("青苗", 0.1), load_lexicon())
    assert [n.kind for c in strict for n in c.names if n.span.of(c.text) == "青苗"] == [None]


def _claiming(word: str, confidence: float) -> spacy.language.Language:
    """The pipeline with one more finder, which is not sure, in place of those for programs."""
    name = f"test_claim_{round(confidence * 100)}"

    @spacy.language.Language.component(name)
    def claim(doc: spacy.tokens.Doc) -> spacy.tokens.Doc:
        at = doc.text.index(word)
        doc._.mentions = [*doc._.mentions, Mention(Span(at, at + len(word)), Kind.PROGRAM, word, "test", confidence)]
        return doc

    nlp = pipeline()
    for finder in ("pk_programs", "pk_classes", "pk_tagger"):
        nlp.remove_pipe(finder)
    nlp.add_pipe(name, before="pk_link")
    return nlp


def test_of_names_that_overlap_the_longest_stays() -> None:
    short, long = NameLabel(Span(2, 4), Kind.PLACE), NameLabel(Span(0, 4), Kind.AGENCY)
    assert keep_longest([short, long, NameLabel(Span(5, 6), None)]) == [long, NameLabel(Span(5, 6), None)]


def test_annotated_pages_give_chunks_with_positions_of_their_own() -> None:
    text = reply("市水务局开展走访。")
    for chunk in label_from_annotation(
        AnnotatedPage(Source("t", text), (AnnotatedThing(Kind.AGENCY, ("市水务局",)),)), pipeline()
    ):
        assert chunk.text in text
        assert {n.span.of(chunk.text) for n in chunk.names} <= {"市水务局", "霁川市水务局"}


# the model


def test_a_model_proposes_what_no_rule_knows(model: Path) -> None:
    text = reply(dance("荷灯"))
    without = extract(Source("t", text))
    found = extract(Source("t", text), model=str(model))
    (more,) = [e for e in found.entities if e.rule.startswith("model:")]
    assert (more.label, more.kind) == ("荷灯舞", Kind.PROGRAM)
    assert more.rule == f"model:{load_model(str(model)).name}"
    assert more.confidence == 0.5  # nothing was held out, so nothing is known of how good it is
    assert {e.label for e in found.entities} - {more.label} == {e.label for e in without.entities}


def test_a_model_never_speaks_over_a_rule(model: Path) -> None:
    text = reply(dance("荷灯"))
    page = pipeline()(text)
    at = text.index("灯舞")
    known = [Mention(Span(at, at + 2), Kind.PLACE, "灯舞", "test")]
    assert propose_mentions(load_model(str(model)), page._.context, page._.geography, known, load_lexicon()) == []


def test_words_that_are_no_name_are_no_proposals(model: Path, tmp_path: Path) -> None:
    text = reply(dance("荷灯"))
    assert "荷灯舞" in {e.label for e in extract(Source("t", text), model=str(model)).entities}
    (tmp_path / "programs.toml").write_text('bare = ["荷灯舞"]\n', encoding="utf-8")
    assert "荷灯舞" not in {e.label for e in extract(Source("t", text), str(tmp_path), model=str(model)).entities}


def test_what_is_outside_of_the_letters_has_no_proposals(model: Path) -> None:
    text = f"{reply(dance('荷灯'))}\n\n【打印】【关闭】\n友情链接：{dance('铜铃')}\n"
    doc = pipeline("", str(model))(text)
    names = {m.name for m in doc._.mentions if m.rule.startswith("model:")}
    assert names == {"荷灯舞"}


def test_the_same_seed_gives_the_same_bytes(model: Path, tmp_path: Path) -> None:
    save_model(fit_model(LESSONS, TINY), tmp_path / "again", {"version": "0"})
    assert compute_digest(tmp_path / "again") == compute_digest(model)
    other = TrainingSettings(**{**{f: getattr(TINY, f) for f in TINY.__slots__}, "seed": 1})
    save_model(fit_model(LESSONS, other), tmp_path / "other", {"version": "0"})
    assert compute_digest(tmp_path / "other") != compute_digest(model)


def test_a_model_is_an_ordinary_spacy_model(model: Path) -> None:
    nlp = spacy.load(model)
    assert nlp.pipe_names == ["ner"]
    assert [e.text for e in nlp(dance("荷灯")).ents] == ["荷灯舞"]


def test_nothing_to_learn_is_an_error() -> None:
    with pytest.raises(ModelError, match="nothing to learn"):
        fit_model([LabelledChunk("各项工作稳步推进。", ())], TINY)


# what is wrong with a folder


def test_what_is_no_model_is_said_in_one_line(model: Path, tmp_path: Path) -> None:
    foreign = tmp_path / "foreign"
    spacy.blank("zh").to_disk(foreign)
    damaged = tmp_path / "damaged"
    shutil.copytree(model, damaged)
    (damaged / "ner" / "model").write_bytes(b"no weights")
    old = tmp_path / "old"
    shutil.copytree(model, old)
    meta = json.loads((old / "meta.json").read_text(encoding="utf-8"))
    meta["proposal_kg"]["format"] = 0
    (old / "meta.json").write_text(json.dumps(meta), encoding="utf-8")
    for folder, words in (
        (tmp_path / "nowhere", "no such model folder"),
        (foreign, "not a model that kg train made"),
        (tmp_path, "not a model that kg train made"),
        (damaged, "damaged"),
        (old, "train it again"),
    ):
        with pytest.raises(ModelError, match=words) as caught:
            load_model(str(folder))
        assert str(folder) in caught.value.zh and "\n" not in caught.value.zh + caught.value.en


def test_other_peoples_folders_are_not_overwritten(model: Path, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("重要", encoding="utf-8")
    with pytest.raises(ModelError, match="not overwritten"):
        save_model(load_model(str(model)).nlp, tmp_path, {})
    assert [p.name for p in tmp_path.iterdir()] == ["letter.txt"]


# scores


def test_scores_count_what_is_exact_and_leave_open_what_is_open() -> None:
    wanted = [(Span(0, 4), Kind.AGENCY), (Span(6, 9), Kind.PLACE), (Span(20, 25), None)]
    found = [(Span(0, 4), Kind.AGENCY), (Span(6, 8), Kind.PLACE), (Span(20, 24), Kind.PROGRAM)]
    counted = score_mentions(found, wanted)
    assert counted == MentionScore(1, 2, 2)
    assert (counted.precision, counted.recall, counted.f1) == (0.5, 0.5, 0.5)


def test_held_out_pages_teach_in_no_way() -> None:
    pages = [
        AnnotatedPage(Source(f"{n}.txt", reply(dance(n))), (AnnotatedThing(Kind.PROGRAM, (f"{n}舞",)),))
        for n in DANCES[:4]
    ]
    spoiled = [Source(f"copy-{a.source.id}", a.source.text.replace("　　", "　")) for a in pages]
    other = Source("other.txt", reply("我局会同市财政局开展走访。"))
    made = train_proposer(
        pages, [*spoiled, other], TrainingSettings(epochs=1, width=32, depth=1, rows=200), version="9"
    )
    (held,) = made.meta["heldOut"]
    assert held["sha256"] in {a.source.sha256 for a in pages}
    assert held not in made.meta["trainedOn"]["gold"] and len(made.meta["trainedOn"]["gold"]) == 3
    assert [s["source"] for s in made.meta["trainedOn"]["silver"]] == ["other.txt"]
    assert set(made.meta["scores"]) == {"rules", "model", "together"}
    assert made.meta["version"] == "9"
    assert choose_held_out(pages, 0) == choose_held_out(pages, 0) and choose_held_out(pages[:1], 0) == []


def test_precision_is_that_of_held_out_pages_and_few_cases_say_little(model: Path) -> None:
    pages = [AnnotatedPage(Source("a", reply(dance("荷灯"))), (AnnotatedThing(Kind.PROGRAM, ("荷灯舞",)),))]
    assert measure_precision(load_model(str(model)).nlp, pages, pipeline()) == {"Program": 0.67}
    wrong = [AnnotatedPage(pages[0].source, (AnnotatedThing(Kind.PLACE, ("荷灯舞",)),))]
    assert measure_precision(load_model(str(model)).nlp, wrong, pipeline()) == {"Program": 0.33}


def test_a_class_that_was_mostly_wrong_is_not_proposed(model: Path, tmp_path: Path) -> None:
    text = reply(dance("荷灯"))
    for measured, wanted in ((0.33, set()), (0.67, {0.67})):
        save_model(spacy.load(model), tmp_path / "m", {"version": "0", "precision": {"Program": measured}})
        load_model.cache_clear()
        doc = pipeline("", str(tmp_path / "m"))(text)
        assert {m.confidence for m in doc._.mentions if m.rule.startswith("model:")} == wanted


def test_the_benchmark_reads_with_and_without_a_model(tmp_path: Path) -> None:
    golds = [
        annotation(tmp_path, str(i), reply(dance(n)), {"type": "Program", "label": f"{n}舞"})
        for i, n in enumerate(DANCES[:4])
    ]
    outcome = benchmark.run_folds(golds, [], 2, TrainingSettings(epochs=1, width=16, depth=1, rows=100), [0.5])
    assert {who: len(files) for who, files in outcome.files.items()} == {"rules": 4, "0.5": 4}
    assert outcome.mentions["rules"].wanted == 4
    assert "| entities |" in benchmark.format_outcome(outcome)


# the commands


def test_train_then_build_with_the_model(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = tmp_path / "标注"
    folder.mkdir()
    for number, name in enumerate(DANCES[:4]):
        annotation(folder, f"{number}", reply(dance(name)), {"type": "Program", "label": f"{name}舞"})
    made = tmp_path / "模型"
    code, out, err = run_kg(capsys, "train", EXAMPLES, "--gold", folder, "--output", made, "--epochs", 1, "--seed", 3)
    assert (code, err) == (0, "")
    assert "规则加模型" in out and "留出：" in out and str(made) in out
    said = read_training_meta(str(made))
    assert said["settings"]["seed"] == 3 and said["settings"]["epochs"] == 1
    assert len(said["trainedOn"]["silver"]) == len(list(EXAMPLES.glob("*.txt")))
    store = tmp_path / "store"
    code, out, err = run_kg(capsys, "build", EXAMPLES, "--store", store, "--model", made, "--workers", 2)
    assert (code, err) == (0, "")
    with Store(store) as opened:
        found = opened.oxigraph.query(f"SELECT ?s {{ GRAPH ?g {{ ?a <{PK}settings> ?s }} }}")
        (settings,) = {row["s"].value for row in found}
    assert json.loads(settings)["model"] == compute_digest(made)
    code, out, _ = run_kg(capsys, "validate", "--store", store)
    assert (code, "没有发现问题" in out) == (0, True)


def test_a_proposal_says_in_the_graph_who_made_it(
    capsys: pytest.CaptureFixture[str], model: Path, tmp_path: Path
) -> None:
    (tmp_path / "答复.txt").write_text(reply(dance("荷灯")), encoding="utf-8")
    store = tmp_path / "store"
    assert run_kg(capsys, "build", tmp_path / "答复.txt", "--store", store, "--model", model)[0] == 0
    code, out, _ = run_kg(
        capsys, "query", "--store", store, "--format", "csv",
        "SELECT ?n ?w { ?x rdfs:label ?n ; prov:wasAttributedTo/rdfs:label ?w }",
    )  # fmt: skip
    assert code == 0
    assert f"荷灯舞,model:{load_model(str(model)).name}" in out
    assert run_kg(capsys, "validate", "--store", store)[0] == 0


def test_gold_files_may_stand_among_the_paths(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = annotation(tmp_path, "a", reply(dance("灯影")), {"type": "Program", "label": "灯影舞"})
    code, out, _ = run_kg(capsys, "train", path, "--output", tmp_path / "m", "--epochs", 1)
    assert code == 0
    assert "没有分数" in out  # nothing can be held out of one file
    assert read_training_meta(str(tmp_path / "m"))["scores"] == {}


def test_errors_of_training_and_building_are_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    text = reply(dance("灯影"))
    wrong = annotation(tmp_path, "wrong", text, {"type": "Dance", "label": "灯影舞"})
    lost = annotation(tmp_path, "lost", text, {"type": "Program", "label": "灯影舞"})
    (tmp_path / "lost.txt").unlink()
    output = tmp_path / "m"
    for arguments, code, words in (
        (["train", "--output", output], 2, "请给出文件"),
        (["train", EXAMPLES, "--output", output, "--epochs", 0], 2, "--epochs"),
        (["train", EXAMPLES, "--output", ROOT / "docs"], 2, "不会覆盖"),
        (["train", "--gold", wrong, "--output", output], 3, "Dance"),
        (["train", "--gold", lost, "--output", output], 3, "lost.txt"),
        (["build", EXAMPLES, "--store", tmp_path / "s", "--model", tmp_path / "none"], 2, "没有这个模型"),
        (["build", EXAMPLES, "--store", tmp_path / "s", "--model", ROOT / "docs"], 2, "不是 kg train"),
    ):
        got, _, err = run_kg(capsys, *arguments)
        assert (got, words in err, err.count("\n")) == (code, True, 1), err
    assert not output.exists() and not (tmp_path / "s").exists()
