"""The table of confidences: the project's, and one of one's own."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from extract.confidence import (
    KINDS,
    get_family,
    measure_reliability,
    predict_left_out,
    read_estimates,
)
from kg.evaluate import Evaluation, accuracy
from kg.evaluate.accuracy import JUDGED, OWN, TABLE, evaluate_uncalibrated
from kg.evaluate.calibrate import main
from kg.evaluate.documents import ACCURACY_PAGES, READMES
from kg.evaluate.samples import collect_samples
from ontology.lexicons import load_lexicon


@pytest.fixture(scope="module")
def own() -> Evaluation:
    """The annotated files of the repository, with the confidences that rules were written with."""
    return evaluate_uncalibrated(sorted(OWN.glob("dev_*.gold.json")))


# the project's table


def test_the_projects_table_hangs_together() -> None:
    config = tomllib.loads(TABLE.read_text(encoding="utf-8"))
    known = read_estimates(config)
    assert {kind: tuple(v) for kind, v in config["judged"].items()} == {k: tuple(v) for k, v in JUDGED.items()}
    assert {kind for kind, _ in known.rules} == set(KINDS)
    for (kind, name), e in known.families.items():
        rules = [r for (k, rule), r in known.rules.items() if k == kind and get_family(rule) == name]
        assert (sum(r.n for r in rules), sum(r.right for r in rules)) == (e.n, e.right), name
    for e in (*known.rules.values(), *known.families.values()):
        assert 0 < e.confidence < 1 and 0 <= e.right <= e.n and 1 <= e.documents <= e.n


def test_nearly_all_that_the_rules_say_of_our_own_files_is_in_the_table(own: Evaluation) -> None:
    known = read_estimates(load_lexicon().read_config("confidence"))
    made = collect_samples(own.files)
    counted = [s for s in made if (s.kind, s.rule) in known.rules]
    assert len(made) > 300
    assert len(counted) >= 0.95 * len(made), "run: python -m kg.evaluate.calibrate"


def test_counted_confidences_are_nearer_the_truth_than_those_of_the_authors(own: Evaluation) -> None:
    made = collect_samples(own.files)
    written = measure_reliability([(s.confidence, s.right) for s in made])
    counted = measure_reliability(predict_left_out(made))
    assert counted.brier < written.brier
    assert counted.log_loss < written.log_loss
    assert counted.ece < written.ece


# on files of one's own


def test_somebody_calibrates_a_lexicon_of_their_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "澄溪市水务局关于市政协五届三次会议第20240033号提案的答复\n\n民建澄溪市委会：\n"
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    gold = {"source": "a.txt", "entities": [{"type": "Agency", "label": "澄溪市水务局"}]}
    (tmp_path / "a.gold.json").write_text(json.dumps(gold), encoding="utf-8")
    folder = tmp_path / "my-lexicon"
    assert main([str(tmp_path / "a.gold.json"), "--output", str(folder / "confidence.toml")]) == 0
    assert read_estimates(tomllib.loads((folder / "confidence.toml").read_text(encoding="utf-8"))).rules
    assert main([str(tmp_path / "none.gold.json"), "--output", str(folder / "x.toml")]) != 0
    assert "none.gold.json" in capsys.readouterr().err
    assert not (folder / "x.toml").exists()


def test_without_all_of_its_documents_the_projects_table_is_left_as_it_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = (TABLE, *ACCURACY_PAGES.values(), *READMES.values())
    before = [path.read_bytes() for path in files]
    monkeypatch.setattr(accuracy, "SHARED", tmp_path / "shared" / "gold")
    assert main([]) != 0
    assert "--output" in capsys.readouterr().err
    assert [path.read_bytes() for path in files] == before
