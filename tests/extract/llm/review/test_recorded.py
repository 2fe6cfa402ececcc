"""Recorded answers of careful readers in the role of a reviewing model, as they were and with false changes in them.

The rules that the answers correct get better and find other things, so these tests compare the graph with and without
the answers and give no scores of their own: those stand in ``docs/llm.md``.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from extract.llm import LlmSettings
from extract.llm.report import LlmReport
from extract.llm.review import ReviewSession, make_sections, parse_review
from extract.llm.review.apply import apply_changes
from extract.llm.review.changes import Change
from extract.llm.review.draft import Draft
from extract.llm.review.sections import Section
from extract.model import EntityId, Extraction, Kind, Span
from kg.evaluate.gold import read_gold
from kg.evaluate.model import Evaluation, Gold
from kg.evaluate.run import score_extraction
from kg.read import read_source
from scripts.restore_annotations import convert, restore
from tests.support.cassettes import FOLDER, record, replay, serve_recording
from tests.support.falsified import falsify
from tests.support.llm_server import serving
from tests.support.paths import GOLD, ROOT
from tests.support.reading import read
from tests.support.reviewing import ALL, LEX, letter, say

SHARED = ROOT.parent / "shared"
OWN = sorted(FOLDER.glob("*.json"))
OTHERS = sorted((FOLDER / "shared").glob("*.json"))
"""Answers about texts that are not part of the project."""
OPEN = [path for path in OTHERS if path.stem not in (GOLD / "locked.txt").read_text(encoding="utf-8").split()]
"""… whose annotations may be looked at."""


@pytest.fixture(autouse=True)
def straight(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy between a test and its server."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


FOLDERS = (GOLD, ROOT / "annotations/F", ROOT / "annotations/G", SHARED / "gold/first-sight", ROOT / "annotations/D")


def find_annotation(path: Path) -> Path:
    return next(found for folder in FOLDERS if (found := folder / f"{path.stem}.gold.json").exists())


def find_text(path: Path) -> Path | None:
    beside = find_annotation(path).with_name(f"{path.stem}.txt") if path in OWN else None
    return beside or next((SHARED / "corpus").rglob(f"{path.stem}.txt"), None)


def read_annotation(path: Path, folder: Path) -> Gold:
    """The annotation of a recording. One that is kept without the words of its text gets them back in *folder*."""
    found = find_annotation(path)
    if found.parent != FOLDERS[-1]:
        return read_gold(found)
    words = json.loads(found.read_text(encoding="utf-8"))
    restored = folder / found.name
    restored.write_text(json.dumps(convert(words, extract(path).source.text, restore)), encoding="utf-8")
    return read_gold(restored)


@cache
def extract(path: Path) -> Extraction:
    text = find_text(path)
    if text is None:
        pytest.skip(f"the text of {path.stem} is not here")
    return read(read_source(text).text, f"{path.stem}.txt")


def apply(content: str, extraction: Extraction, section: Section) -> Iterator[tuple[Change | None, LlmReport]]:
    return apply_changes(parse_review(content, LEX), Draft(extraction, "m", LEX, ALL), section)


@pytest.mark.parametrize("paths", [OWN, OPEN], ids=["own", "other"])
def test_recorded_answers_mend_more_than_they_break(paths: Sequence[Path], tmp_path: Path) -> None:
    before, after = [], []
    for path in paths:
        extraction = extract(path)
        with serving(serve_recording(path, extraction, LEX)) as server:
            session = ReviewSession(LlmSettings(server.url, "reader"))
            found, report = session.review(extraction, LEX, ALL)
        assert report.complete
        gold = read_annotation(path, tmp_path)
        before.append(score_extraction(gold, extraction))
        after.append(score_extraction(gold, found))
    rules, reviewed = Evaluation(tuple(before)).total, Evaluation(tuple(after)).total
    assert reviewed["entities"].f1 > rules["entities"].f1 and reviewed["edges"].f1 > rules["edges"].f1
    assert reviewed["slots:about"].recall > rules["slots:about"].recall
    assert reviewed["slots:period"].recall >= rules["slots:period"].recall - 0.02
    assert not Evaluation(tuple(after)).evidence.wrong and not Evaluation(tuple(after)).evidence.missing


CONTRADICTED = (
    "EntityChange quote", "EntityChange name", "EdgeChange quote", "EdgeChange direction", "EdgeChange id",
    "RenameChange name", "SlotChange number", "NumberChange number",
)  # fmt: skip
"""What the text contradicts, whatever the rules find."""


def test_falsified_changes_stay_out() -> None:
    """Wrong quotes, names, numbers, ends and directions never get in; other false changes seldom do."""
    false: dict[str, list[bool]] = {}
    for path in (*OWN, *OPEN):
        extraction = extract(path)
        for section, content in zip(make_sections(extraction, LEX), replay(path, extraction, LEX), strict=True):
            for seed in range(3):
                rng = random.Random(f"{path.stem} {seed}")
                answer, made = falsify(parse_review(content, LEX), extraction, rng)
                for change, verdict in apply_changes(answer, Draft(extraction, "m", LEX, ALL), section):
                    if change in made:
                        false.setdefault(made[change], []).append(bool(verdict.accepted))
    assert {how: sum(false.get(how, ())) for how in CONTRADICTED} == dict.fromkeys(CONTRADICTED, 0)
    verdicts = [verdict for found in false.values() for verdict in found]
    assert len(verdicts) > 100 and sum(verdicts) / len(verdicts) < 0.12
    classes = [verdict for how, found in false.items() if how.endswith(" class") for verdict in found]
    assert len(classes) > 40 and sum(classes) / len(classes) < 0.15


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.stem)
def test_answers_about_other_texts_have_no_words_of_them_and_can_be_replayed(path: Path) -> None:
    words = re.findall("[\u4e00-\u9fff]{4,}", path.read_text(encoding="utf-8"))
    assert words == []
    extraction = extract(path)
    answers = replay(path, extraction, LEX)
    verdicts = [
        verdict
        for section, content in zip(make_sections(extraction, LEX), answers, strict=True)
        for _, verdict in apply(content, extraction, section)
    ]
    used = sum(verdict.accepted + verdict.known for verdict in verdicts)
    assert used >= 0.4 * sum(verdict.offered for verdict in verdicts) - 1


# answers and rules that have changed


def renumber(extraction: Extraction) -> Extraction:
    """The same facts with the ids of the entities turned round."""
    ids = [entity.id for entity in extraction.entities]
    new = dict(zip(ids, reversed(ids), strict=True))

    def swap(ident: str | None) -> str | None:
        return new.get(ident, ident) if ident else ident  # type: ignore[call-overload, no-any-return]

    ends = ("about", "place", "granted_under", "provider", "condition_of")
    return replace(
        extraction,
        entities=tuple(replace(e, id=EntityId(str(swap(e.id)))) for e in reversed(extraction.entities)),
        relations=tuple(
            replace(r, subject=swap(r.subject), object=swap(r.object)) for r in reversed(extraction.relations)
        ),
        figures=tuple(
            replace(f, **{name: swap(getattr(f, name)) for name in ends})  # type: ignore[arg-type]
            for f in extraction.figures
        ),
    )


def label_all(extraction: Extraction) -> set[tuple[str, ...]]:
    labels = {entity.id: entity.label for entity in extraction.entities}
    stated = {(labels.get(r.subject, r.subject), r.predicate, labels.get(r.object, r.object))  # type: ignore[call-overload]
              for r in extraction.relations}  # fmt: skip
    abouts = {("about", f.span.of(extraction.source.text), labels.get(f.about, "")) for f in extraction.figures}  # type: ignore[arg-type]
    return {*stated, *abouts, *(("entity", e.kind.value, e.label) for e in extraction.entities)}


GREEN, FIRMS, FAR = "“青苗”计划", "高新技术企业", "“远舟”专项"


def ident(label: str) -> str:
    return str(next(entity.id for entity in letter().entities if entity.label == label))


ANSWER = say(
    drop=[next(f.id for f in letter().figures if f.value == 3000000)],
    rename=[{"id": ident("“霁企小站”平台"), "name": "霁企小站"}],
    edges=[
        {"s": [ident(GREEN)], "p": "supports", "o": ["n1"], "quotes": ["我局实施“青苗”计划，对国家级、省级云帆工坊"]}
    ],
    entities=[{"key": "n1", "kind": "EnterpriseTier", "name": "省级云帆工坊", "quote": "国家级、省级云帆工坊"}],
    figures=[{"id": "f4", "slot": "about", "value": ident(FAR), "quotes": []}],
)


def replay_on(extraction: Extraction, tmp_path: Path, *, with_text: bool = True) -> tuple[Extraction, LlmReport]:
    path = tmp_path / "letter.json"
    path.write_text(record([ANSWER], letter(), LEX, "m", with_text=with_text), encoding="utf-8")
    with serving(serve_recording(path, extraction, LEX)) as server:
        return ReviewSession(LlmSettings(server.url, "m")).review(extraction, LEX, ALL)


@pytest.mark.parametrize("with_text", [True, False])
def test_other_ids_change_nothing(tmp_path: Path, with_text: bool) -> None:
    one, report = replay_on(letter(), tmp_path, with_text=with_text)
    two, again = replay_on(renumber(letter()), tmp_path, with_text=with_text)
    assert report.accepted == again.accepted == 5
    assert label_all(one) == label_all(two) != label_all(letter())


def test_what_the_rules_find_no_more_is_named_if_the_answer_relies_on_it(tmp_path: Path) -> None:
    gone = ident(GREEN)
    base = letter()
    without = replace(
        base,
        entities=tuple(e for e in base.entities if e.id != gone),
        relations=tuple(r for r in base.relations if gone not in (r.subject, r.object)),
        figures=tuple(replace(f, about=None) if f.about == gone else f for f in base.figures),
    )
    found, report = replay_on(without, tmp_path)
    assert not report.refusals
    assert (GREEN, "supports", "省级云帆工坊") in label_all(found)


def test_what_an_answer_only_corrects_is_left_out_if_it_is_found_no_more(tmp_path: Path) -> None:
    base = letter()
    without = replace(base, figures=tuple(f for f in base.figures if f.value != 3000000))
    _, report = replay_on(without, tmp_path)
    assert "drop.figure" not in report.changed and not report.refusals


def test_a_name_with_other_borders_is_the_same_thing_and_is_not_dropped(tmp_path: Path) -> None:
    base = letter()
    path = tmp_path / "letter.json"
    path.write_text(record([say(drop=[ident(FIRMS)])], base, LEX, "m"), encoding="utf-8")
    wider = replace(
        base,
        entities=tuple(
            replace(e, label="对高新技术企业", spans=tuple(Span(s.begin - 1, s.end) for s in e.spans))
            if e.label == FIRMS
            else e
            for e in base.entities
        ),
    )
    assert json.loads(replay(path, base, LEX)[0])["drop"] == [ident(FIRMS)]
    assert json.loads(replay(path, wider, LEX)[0])["drop"] == []
    assert any(e.kind is Kind.TIER for e in wider.entities)
