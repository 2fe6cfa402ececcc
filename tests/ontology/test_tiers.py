"""The tier scheme: what is in it, how it is read, how a user extends it."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from ontology.lexicons import LexiconError, load_lexicon
from ontology.terms import TIER
from ontology.tiers import Tier, index_tier_names, load_tiers, strip_quotes

PREFIXES = f"""@prefix pk: <https://w3id.org/proposal-kg/ns#> .
@prefix tier: <{TIER}> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""
LEVEL_WORDS = (
    ("National", re.compile(r"^(国家|全国|中华|中国)|国家级|国家重点")),
    ("Provincial", re.compile(r"^(省|自治区)|省级")),
    ("Municipal", re.compile(r"^市|市级")),
)


def tier(name: str, extra: str = "") -> Tier:
    return index_tier_names(load_tiers(extra))[name]


def ladder(name: str) -> list[str]:
    """Labels from the tier called *name* to the top, by the only next rung of each."""
    by_iri = {t.iri: t for t in load_tiers()}
    steps = [tier(name)]
    while steps[-1].advances_to:
        (above,) = steps[-1].advances_to
        steps.append(by_iri[above])
    return [t.label for t in steps]


@pytest.mark.parametrize(
    ("spelling", "label"),
    [
        ("“专精特新”企业", "专精特新中小企业"),
        ("专精特新企业", "专精特新中小企业"),
        ("省级“专精特新”企业", "省级专精特新中小企业"),
        ("专精特新“小巨人”企业", "国家级专精特新“小巨人”企业"),
        ("国家级专精特新小巨人企业", "国家级专精特新“小巨人”企业"),
        ("小巨人企业", "国家级专精特新“小巨人”企业"),
        ("规上企业", "规模以上企业"),
        ("规上工业企业", "规模以上工业企业"),
        ("国家高新技术企业", "高新技术企业"),
        ("单项冠军企业", "制造业单项冠军企业"),
        ("链主企业", "链主企业"),
    ],
)
def test_a_spelling_names_its_tier(spelling: str, label: str) -> None:
    assert tier(spelling).label == label


def test_levels_of_one_name_are_different_tiers() -> None:
    national, provincial, municipal = (tier(f"{x}专精特新“小巨人”企业") for x in ("国家级", "省级", "市级"))
    assert (national.level, provincial.level, municipal.level) == ("National", "Provincial", "Municipal")
    assert len({national.iri, provincial.iri, municipal.iri}) == 3
    assert tier("省级专精特新中小企业").iri not in {national.iri, tier("专精特新中小企业").iri}
    assert tier("科技小巨人企业").iri != national.iri


def test_no_spelling_says_another_level_than_its_tier() -> None:
    said = [
        (t, name, level) for t in load_tiers() for name in t.names for level, word in LEVEL_WORDS if word.search(name)
    ]
    assert len(said) > 50
    assert [(name, level, t.level) for t, name, level in said if level != t.level] == []


def test_short_forms_that_need_context_are_kept_apart() -> None:
    assert "高企" not in index_tier_names(load_tiers())  # 提高企业
    assert "高企" in tier("高新技术企业").hidden
    # 全市专精特新企业 are those of the city, of any level: 市 without 级 says a level only where the context does
    assert [name for name in index_tier_names(load_tiers()) if re.match("(省|市|县|区|自治区)(?!级)", name)] == []
    assert {"瞪羚", "小巨人", "专精特新"}.isdisjoint(index_tier_names(load_tiers()))


def test_ladders_of_the_national_standards() -> None:
    assert ladder("创新型中小企业") == [
        "创新型中小企业", "专精特新中小企业", "国家级专精特新“小巨人”企业", "制造业单项冠军企业",
    ]  # fmt: skip
    assert ladder("科技型中小企业") == ["科技型中小企业", "高新技术企业", "瞪羚企业", "独角兽企业"]


def test_no_ladder_or_hierarchy_runs_in_a_circle() -> None:
    by_iri = {t.iri: t for t in load_tiers()}
    for step in ("broader", "advances_to"):
        for start in load_tiers():
            reached: set[str] = set()
            todo = list(getattr(start, step))
            while todo:
                iri = todo.pop()
                if iri not in reached:
                    reached.add(iri)
                    todo += getattr(by_iri[iri], step)
            assert start.iri not in reached


def test_quotation_marks_never_matter() -> None:
    known = index_tier_names(load_tiers())
    assert all(known[strip_quotes(name)] is t for name, t in known.items())


def test_every_tier_is_labelled_in_both_languages() -> None:
    assert [t.iri for t in load_tiers() if not t.label_en] == []


def test_a_user_adds_tiers_and_spellings(tmp_path: Path) -> None:
    own = tmp_path / "own.ttl"
    own.write_text(
        PREFIXES
        + """<https://example.org/tier/star> a pk:EnterpriseTier ;
            skos:prefLabel "星火企业"@zh ; skos:altLabel "“星火”计划企业" ;
            pk:level pk:Municipal ; pk:advancesTo tier:gazelle .
        tier:gazelle skos:altLabel "羚羊企业"@zh .""",
        encoding="utf-8",
    )
    for extra in (str(own), str(tmp_path)):
        star = tier("星火计划企业", extra)
        assert (star.label, star.level) == ("星火企业", "Municipal")
        assert star.advances_to == (tier("羚羊企业", extra).iri,) == (tier("瞪羚企业").iri,)
    assert "星火企业" not in index_tier_names(load_tiers())


@pytest.mark.parametrize(
    ("turtle", "says"),
    [
        ("tier:x a pk:EnterpriseTier .", "prefLabel"),
        ('tier:x a pk:EnterpriseTier ; skos:prefLabel "甲"@zh, "乙"@zh .', "prefLabel"),
        ('tier:x a pk:EnterpriseTier ; skos:prefLabel "甲"@zh ; pk:level pk:Galactic .', "Galactic"),
        ('tier:x a pk:EnterpriseTier ; skos:prefLabel "甲"@zh ; skos:broader tier:y .', "tier/y"),
        ('tier:x a pk:EnterpriseTier ; skos:prefLabel "瞪羚企业"@zh .', "瞪羚企业"),
        ("tier:x a", "own.ttl"),
    ],
)
def test_a_mistake_in_a_users_file_is_named(tmp_path: Path, turtle: str, says: str) -> None:
    own = tmp_path / "own.ttl"
    own.write_text(PREFIXES + turtle, encoding="utf-8")
    with pytest.raises(LexiconError, match=says):
        load_tiers(str(own))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match=r"gone\.ttl"):
        load_tiers(str(tmp_path / "gone.ttl"))


class TestDivisions:
    """``lexicon/divisions.tsv``: full name, short name, level, parent, abbreviation, code."""

    rows = load_lexicon().read_table("divisions")

    def test_all_provinces_prefectures_and_counties(self) -> None:
        counts = Counter(row[2] for row in self.rows)
        assert counts == {"National": 1, "Provincial": 34, "Municipal": 333, "County": 2822}

    def test_sorted_by_code(self) -> None:
        codes = [row[5] for row in self.rows]
        assert codes == sorted(set(codes))
        assert all(re.fullmatch(r"\d{6}", code) for code in codes)

    def test_a_name_means_one_division(self) -> None:
        owners: dict[str, set[str]] = {}
        for full, short, *_ in self.rows:
            for name in (full, short) if short else (full,):
                owners.setdefault(name, set()).add(full)
        assert {name: full for name, full in owners.items() if len(full) > 1} == {}
        assert min(len(row[1]) for row in self.rows if row[2] != "County") >= 2
        assert not any(len(row[1]) == 1 for row in self.rows)

    def test_counties_of_one_name_have_different_parents_and_no_short_name(self) -> None:
        rows = [row for row in self.rows if row[2] == "County"]
        assert len({(row[0], row[3]) for row in rows}) == len(rows)
        times = Counter(row[0] for row in rows)
        assert not any(row[1] for row in rows if times[row[0]] > 1)

    def test_general_words_are_no_county(self) -> None:
        names = {row[0] for row in self.rows}
        assert not names & {"市辖区", "城区", "郊区", "矿区", "新城区", "老城区", "市中区", "东区", "西区"}

    def test_parents_are_divisions_one_level_up(self) -> None:
        level = {row[0]: row[2] for row in self.rows}
        above = {"Municipal": {"Provincial"}, "Provincial": {"National"}, "County": {"Municipal", "Provincial"}}
        assert all(level[row[3]] in above[row[2]] for row in self.rows if row[2] != "National")

    def test_each_province_has_its_own_abbreviation(self) -> None:
        short = [row[4] for row in self.rows if row[2] == "Provincial"]
        assert len(set(short)) == 34
        assert {len(a) for a in short} == {1}
        assert not any(row[4] for row in self.rows if row[2] != "Provincial")
