"""Names that share words: the table of invented cases, through the whole extraction."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from extract import pipeline
from extract.linking.link import LinkedMentions
from extract.mentions.context import MentionContext
from extract.mentions.geography import Geography
from extract.model import Extraction, Kind, Mention
from tests.support.reading import labels, read, reply

TABLE = Path(__file__).with_name("expansions.tsv")
CLASSES = {
    "class": {Kind.TIER, Kind.GROUP, Kind.ORGANIZATION, Kind.PLACE, Kind.PROGRAM},
    "agency": {Kind.AGENCY},
    "scheme": {Kind.PROGRAM},
    "place": {Kind.PLACE},
    "any": set(Kind),
}
DECIDED = {"class", "scheme"}
"""Classes whose names a later step may drop from a page of one sentence: their mentions are looked at."""


class Case(NamedTuple):
    kind: str
    family: str
    text: str
    names: frozenset[str]
    absent: frozenset[str]
    figures: tuple[tuple[Decimal, str], ...]
    is_open: bool
    """Whether the program is known to read it wrongly."""


def read_cases() -> Iterator[Case]:
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        kind, family, text, names, absent, figures, *rest = line.split("\t")
        yield Case(
            kind,
            family,
            text.replace("\\n", "\n"),
            frozenset(filter(None, names.split("|"))),
            frozenset(filter(None, absent.split("|"))),
            tuple((Decimal(value), about) for value, _, about in (f.partition("@") for f in figures.split("|") if f)),
            "open" in rest,
        )


CASES = tuple(read_cases())


def normalize(name: str) -> str:
    return name.replace("“", "").replace("”", "")


@contextmanager
def watch_mentions(monkeypatch: pytest.MonkeyPatch, found: list[Mention]) -> Iterator[None]:
    link = pipeline.link_mentions

    def watched(context: MentionContext, geography: Geography, mentions: list[Mention]) -> LinkedMentions:
        found.extend(mentions)
        return link(context, geography, mentions)

    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "link_mentions", watched)
        yield


def find_names(x: Extraction, family: str) -> set[str]:
    return {normalize(n) for e in x.entities if e.kind in CLASSES[family] for n in (e.label, *e.aliases)}


def mark(case: Case) -> list[pytest.MarkDecorator]:
    return [pytest.mark.xfail(strict=True, reason="not read yet")] if case.is_open else []


@pytest.mark.parametrize("case", [pytest.param(c, id=f"{c.kind}: {c.text[:24]}", marks=mark(c)) for c in CASES])
def test_each_name_of_a_list_has_its_full_words(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    mentions: list[Mention] = []
    with watch_mentions(monkeypatch, mentions):
        x = read(reply(case.text))
    found = find_names(x, case.family)
    if case.family in DECIDED and not case.figures:
        found |= {normalize(m.name) for m in mentions if m.kind in CLASSES[case.family]}
    assert {normalize(name) for name in case.names} <= found
    assert not case.absent & {name for e in x.entities for name in (e.label, *e.aliases)}
    names = {e.id: {normalize(n) for n in (e.label, *e.aliases)} for e in x.entities}
    for value, about in case.figures:
        subjects = [names.get(str(f.about), set()) for f in x.figures if f.value == value]
        assert subjects
        assert not about or any(about in subject for subject in subjects)


def test_the_table_has_a_hundred_cases_of_twelve_kinds() -> None:
    assert len(CASES) >= 100
    assert len({case.kind for case in CASES}) >= 12
    assert sum(case.is_open for case in CASES) <= 12


@cache
def read_classes(text: str) -> frozenset[str]:
    x = read(reply(text))
    return frozenset(labels(x, Kind.GROUP) | labels(x, Kind.TIER))


def test_classes_that_share_words_stay_together() -> None:
    assert {"初创期企业", "成长期企业"} <= read_classes("对初创期、成长期企业提供辅导。")


def test_a_class_before_a_list_of_levels_is_not_one_of_them() -> None:
    assert "市两级农业龙头企业" not in read_classes("支持省、市两级农业龙头企业建设原料基地。")


def test_common_words_before_a_number_of_zones_are_no_divisions() -> None:
    assert not {"产业区", "生活区"} & labels(read(reply("园区规划产业、生活两区。")), Kind.PLACE)
