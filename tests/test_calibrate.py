"""Confidences that come true: counted by rule and document, applied by the pipeline; and life without local names."""

from __future__ import annotations

import json
import re
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.ablation import ALLOWED, Fall, compare, table
from extract.confidence import (
    KINDS,
    Calibrator,
    Sample,
    estimate,
    family,
    from_config,
    left_out,
    reliability,
    to_toml,
)
from extract.model import Bound, Entity, Figure, Kind, Relation, Source, Span
from extract.pipeline import extract, pipeline
from kg.evaluate import Evaluation, accuracy
from kg.evaluate.accuracy import JUDGED, OWN, PAGE, TABLE, fill, measured
from kg.evaluate.calibrate import main
from kg.evaluate.samples import samples
from ontology.lexicons import HOME, Lexicon, lexicon

ROOT = Path(__file__).resolve().parent.parent
HERE = Span(0, 1)


def seen(
    right: int, wrong: int, *, rule: str = "support.given", kind: str = "relation", doc: str = "a"
) -> list[Sample]:
    return [Sample(doc, kind, rule, 0.9, i < right) for i in range(right + wrong)]


@pytest.fixture(scope="module")
def own() -> Evaluation:
    """The annotated files of the repository, with the confidences that rules were written with."""
    return measured(sorted(OWN.glob("dev_*.gold.json")))


# counting


def test_what_is_right_more_often_is_more_confident() -> None:
    known = estimate([*seen(9, 1, rule="a.x"), *seen(6, 4, rule="a.y"), *seen(1, 9, rule="a.z")])
    x, y, z = (known.of("relation", f"a.{r}", 0.5) for r in "xyz")
    assert 1 > x > y > z > 0


def test_a_rule_seen_in_one_document_leans_on_its_family_and_one_seen_in_many_stands_alone() -> None:
    others = [s for d in "abcdefgh" for s in seen(5, 5, rule="support.other", doc=d)]
    seldom = estimate([*others, *seen(1, 0, rule="support.new")]).of("relation", "support.new", 0)
    often = [s for d in "abcdefghijkl" for s in seen(1, 0, rule="support.new", doc=d)]
    assert 0.5 < seldom < 0.75 < estimate([*others, *often]).of("relation", "support.new", 0) < 1


def test_many_statements_of_one_document_are_one_observation() -> None:
    once, again = (estimate(seen(n, 0)).of("relation", "support.given", 0) for n in (1, 500))
    assert once == pytest.approx(again)


def test_a_rule_never_seen_has_its_familys_confidence_and_an_unknown_family_its_own() -> None:
    known = estimate(seen(9, 1))
    assert known.of("relation", "support.unheard", 0.1) == known.families["relation", "support"].confidence
    assert known.of("relation", "mine.own", 0.77) == 0.77
    assert known.of("entity", "support.given", 0.66) == 0.66


_SAMPLES = st.lists(
    st.builds(
        Sample, st.sampled_from("abc"), st.sampled_from(KINDS), st.sampled_from(["f.x", "f.y", "g:z"]),
        st.just(0.9), st.booleans(),
    ),
    max_size=40,
)  # fmt: skip


@given(_SAMPLES, st.sampled_from("abcd"), st.booleans())
def test_one_more_right_statement_never_lowers_a_rule_nor_one_more_wrong_one_raises_it(
    before: list[Sample], document: str, right: bool
) -> None:
    rule = Sample(document, "relation", "f.x", 0.9, right)
    base = estimate([*before, *seen(1, 1, rule="f.x", doc=document)]).of("relation", "f.x", 0)
    more = estimate([*before, *seen(1, 1, rule="f.x", doc=document), rule]).of("relation", "f.x", 0)
    assert 0 < base < 1 and 0 < more < 1
    assert more >= base - 1e-12 if right else more <= base + 1e-12


def test_a_document_left_out_says_nothing_about_itself() -> None:
    given_, other = seen(10, 0, doc="a"), seen(0, 10, doc="b")
    pairs = left_out([*given_, *other])
    assert all(p < 0.5 for p, right in pairs if right)
    assert all(p > 0.5 for p, right in pairs if not right)


def test_reliability_is_the_distance_of_what_was_said_and_what_came_true() -> None:
    honest = reliability([(0.75, True)] * 3 + [(0.75, False)])
    assert (honest.ece, honest.bins[0].n, honest.bins[0].observed) == (pytest.approx(0), 4, 0.75)
    boastful = reliability([(1.0, True), (1.0, False)])
    assert (boastful.ece, boastful.brier) == (pytest.approx(0.5), pytest.approx(0.5))
    assert boastful.log_loss > honest.log_loss


def test_the_table_is_read_as_it_was_written() -> None:
    known = estimate([*seen(9, 1), *seen(3, 0, rule='odd"name\\', kind="entity", doc="b")])
    again = from_config(tomllib.loads(to_toml(known, JUDGED, 2)))
    assert again.rules.keys() == known.rules.keys() and again.families.keys() == known.families.keys()
    for key, e in known.rules.items():
        assert again.rules[key].confidence == pytest.approx(e.confidence, abs=5e-4)
        assert (again.rules[key].n, again.rules[key].right) == (e.n, e.right)


# the project's table


def test_the_projects_table_hangs_together() -> None:
    config = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    known = from_config(config)
    assert {kind: tuple(v) for kind, v in config["judged"].items()} == {k: tuple(v) for k, v in JUDGED.items()}
    assert {kind for kind, _ in known.rules} == set(KINDS)
    for (kind, name), e in known.families.items():
        rules = [r for (k, rule), r in known.rules.items() if k == kind and family(rule) == name]
        assert (sum(r.n for r in rules), sum(r.right for r in rules)) == (e.n, e.right), name
    for e in (*known.rules.values(), *known.families.values()):
        assert 0 < e.confidence < 1 and 0 <= e.right <= e.n and 1 <= e.documents <= e.n


def test_nearly_all_that_the_rules_say_of_our_own_files_is_in_the_table(own: Evaluation) -> None:
    known = from_config(lexicon().config("confidence"))
    made = samples(own.files)
    counted = [s for s in made if (s.kind, s.rule) in known.rules]
    assert len(made) > 300
    assert len(counted) >= 0.95 * len(made), "run: python -m kg.evaluate.calibrate"


def test_counted_confidences_are_nearer_the_truth_than_those_of_the_authors(own: Evaluation) -> None:
    made = samples(own.files)
    written = reliability([(s.confidence, s.right) for s in made])
    counted = reliability(left_out(made))
    assert counted.brier < written.brier
    assert counted.log_loss < written.log_loss
    assert counted.ece < written.ece


def test_the_page_shows_the_table_and_is_filled_everywhere() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for name in ("layers", "reliability", "rules", "ablation"):
        inside = re.search(f"(?s)<!-- begin {name} -->\n(.*?)\n<!-- end {name} -->", page)
        assert inside and inside[1].count("\n") > 5, name
    shown = set(re.findall(r"(?m)^\| (\w+) \| `(\w+)` \| (\d+) \| (\d+) \| (\d+) \| ([\d.]+) \|$", page))
    families = from_config(tomllib.loads(TABLE.read_text(encoding="utf-8"))).families
    assert shown == {
        (kind, name, str(e.n), str(e.right), str(e.documents), f"{e.confidence:.3f}")
        for (kind, name), e in families.items()
    }


def test_a_place_in_the_page_is_filled_once_or_not_at_all() -> None:
    page = "a\n<!-- begin x -->\nold\n<!-- end x -->\nb"
    filled = fill(page, "x", r"new \1")
    assert filled == "a\n<!-- begin x -->\nnew \\1\n<!-- end x -->\nb"
    assert fill(filled, "x", r"new \1") == filled
    for wrong in ("no place", page + page):
        with pytest.raises(ValueError, match="x"):
            fill(wrong, "x", "new")


# applied


def test_what_nobody_judged_keeps_its_confidence(tmp_path: Path) -> None:
    known = estimate([*seen(1, 9, rule="answers:x"), *seen(0, 9, kind="figure", rule="figure.x")])
    (tmp_path / "confidence.toml").write_text(to_toml(known, JUDGED, 1), encoding="utf-8")
    apply = Calibrator(Lexicon(tmp_path))
    stated, alike = apply.relations(
        Relation("p1", predicate, "p2", HERE, "answers:x", 0.9) for predicate in ("respondsTo", "mayRespondTo")
    )
    assert stated.confidence < 0.5 and alike.confidence == 0.9
    target, condition = apply.figures(
        Figure("f1", kind, HERE, Decimal(1), "家", Bound.EXACTLY, rule="figure.x")
        for kind in (Kind.TARGET, Kind.CONDITION)
    )
    assert target.confidence < 0.5 and condition.confidence == 0.9
    (mine,) = apply.entities([Entity("e1", Kind.PROGRAM, "x", (), (HERE,), rule="my.rule", confidence=0.42)])
    assert mine.confidence == 0.42


def test_the_pipeline_says_what_was_counted_and_can_be_told_not_to() -> None:
    source = Source("a.txt", next((ROOT / "examples").glob("*答复_小巨人.txt")).read_text(encoding="utf-8"))
    nlp = pipeline()
    nlp.replace_pipe("pk_finish", "pk_finish", config={"calibrate": False})
    counted, written = extract(source), extract(source, nlp=nlp)
    known = from_config(lexicon().config("confidence"))
    for e in counted.entities:
        assert e.confidence == pytest.approx(known.of("entity", e.rule, e.confidence), abs=5e-4)
    assert [(r.subject, r.predicate, r.object) for r in counted.relations] == [
        (r.subject, r.predicate, r.object) for r in written.relations
    ]
    assert len({e.confidence for e in counted.entities}) > 3
    assert [e.confidence for e in counted.entities] != [e.confidence for e in written.entities]


# on files of one's own


def test_somebody_calibrates_a_lexicon_of_their_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "澄溪市水务局关于市政协五届三次会议第20240033号提案的答复\n\n民建澄溪市委会：\n"
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    gold = {"source": "a.txt", "entities": [{"type": "Agency", "label": "澄溪市水务局"}]}
    (tmp_path / "a.gold.json").write_text(json.dumps(gold), encoding="utf-8")
    folder = tmp_path / "my-lexicon"
    assert main([str(tmp_path / "a.gold.json"), "--output", str(folder / "confidence.toml")]) == 0
    assert from_config(tomllib.loads((folder / "confidence.toml").read_text(encoding="utf-8"))).rules
    assert main([str(tmp_path / "none.gold.json"), "--output", str(folder / "x.toml")]) != 0
    assert "none.gold.json" in capsys.readouterr().err
    assert not (folder / "x.toml").exists()


def test_without_all_of_its_documents_the_projects_table_is_left_as_it_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = TABLE.read_bytes(), PAGE.read_bytes()
    monkeypatch.setattr(accuracy, "SHARED", tmp_path / "shared" / "gold")
    assert main([]) != 0
    assert "--output" in capsys.readouterr().err
    assert (TABLE.read_bytes(), PAGE.read_bytes()) == before


# without local names


def test_a_users_table_may_stand_in_place_of_ours(tmp_path: Path) -> None:
    (tmp_path / "divisions.tsv").write_text("#!replace\n", encoding="utf-8")
    (tmp_path / "agencies.tsv").write_text("海绵城市建设\t海绵\n", encoding="utf-8")
    mine = Lexicon(tmp_path)
    assert mine.table("divisions") == () and lexicon().table("divisions")
    assert {"海绵城市建设", *lexicon().words("agencies")} == set(mine.words("agencies"))


def test_no_layer_lives_on_local_names() -> None:
    falls = compare({"own": sorted(OWN.glob("dev_*.gold.json"))})
    assert len(falls) >= 6
    assert [f for f in falls if f.difference < -ALLOWED] == []


def test_a_layer_that_falls_too_deep_is_marked() -> None:
    shown = table([Fall("own", "edges", 0.9, 0.8), Fall("own", "figures", 0.9, 0.88)])
    edges, figures = shown.splitlines()[2:]
    assert "-0.100 **!**" in edges and "!" not in figures


def test_local_names_stand_in_the_table_of_divisions_alone() -> None:
    """Else the ablation would take out less than it says."""
    names = {n for row in lexicon().table("divisions") if row[2] != "National" for n in row[:2] if len(n) > 1}
    allowed = {"台湾事务", "澳门元"}  # a field of work, a currency
    found = set()
    for path in sorted(HOME.glob("*.t??*")):
        if path.suffix not in {".tsv", ".toml"} or path.stem == "divisions":
            continue
        for line in path.read_text(encoding="utf-8").splitlines():
            if not line.startswith("#"):
                found |= {(path.name, w) for w in re.findall(r"[\w]+", line) if any(n in w for n in names)}
    assert {w for _, w in found} <= allowed, found
