"""Things of two cities with one name stay two; one thing that several sources name is one."""

from __future__ import annotations

from pathlib import Path

import pytest

import kg

TITLE = "关于促进人才集聚的若干措施"


def policy(city: str, number: str, amount: int, title: str = TITLE) -> str:
    return (f"{title}\n{number}\n\n各区人民政府，市政府各部门：\n　　为加快人才集聚，制定本措施。\n"
            f"　　一、实施人才计划。市人力资源和社会保障局负责实施人才计划，给予博士最高{amount}万元补贴。\n"
            f"　　{city}人民政府\n　　2024年3月5日\n")  # fmt: skip


def reply(signed: str, words: str) -> str:
    return (f"程望舒委员：\n　　您提出的《关于引才的提案》（第20240417号）收悉。现答复如下：\n　　一、{words}\n"
            f"　　{signed}\n　　2024年6月3日\n")  # fmt: skip


SONG, JI = policy("溪川市", "溪府〔2024〕3号", 20), policy("霁川市", "霁府〔2024〕18号", 50)
BARE = f"落实《{TITLE}》，2023年引进博士32名。"


class Built:
    def __init__(self, home: Path, **files: str) -> None:
        self.path = home / "store"
        (home / "in").mkdir(parents=True)
        for name, text in files.items():
            (home / "in" / f"{name}.txt").write_text(text, encoding="utf-8")
        kg.build(home / "in", self.path)

    def ask(self, sparql: str = "", **named: str) -> list[dict[str, str | None]]:
        with kg.open(self.path) as graph:
            return graph.query(sparql, **named).values() if sparql else graph.query(**named).values()

    def instruments(self) -> list[tuple[str | None, str | None, str | None]]:
        rows = self.ask(name="instruments")
        return [(row["documentNumber"], row["issuer"], row["issued"]) for row in rows if row["instrument"] == TITLE]

    def find(self, kind: str, name: str) -> list[str | None]:
        """The nodes of a class with a label that stand for themselves."""
        rows = self.ask(f'SELECT DISTINCT ?x {{ ?x a pk:{kind} ; rdfs:label ?n FILTER (STR(?n) = "{name}") '
                        "FILTER NOT EXISTS { ?x pk:sameAs ?y } } ORDER BY ?x")  # fmt: skip
        return [row["x"] for row in rows]

    def faults(self) -> list[str]:
        with kg.open(self.path) as graph:
            return [finding.en for finding in graph.validate()]


OF_SONG = ("溪府〔2024〕3号", "溪川市人民政府", "2024-03-05")
OF_JI = ("霁府〔2024〕18号", "霁川市人民政府", "2024-03-05")


def test_instruments_of_two_cities_with_one_title_keep_their_own_number_and_issuer(tmp_path: Path) -> None:
    built = Built(tmp_path, a=SONG, b=JI)
    assert built.instruments() == [OF_SONG, OF_JI]
    assert len(built.find("Program", "人才计划")) == 2
    rows = built.ask("SELECT ?n ?v { ?f a pk:Provision ; pk:value ?v ; dcterms:isPartOf*/pk:partOf* ?i . "
                     "?i pk:documentNumber ?n } ORDER BY ?v")  # fmt: skip
    assert [(row["n"], row["v"]) for row in rows] == [(OF_SONG[0], "200000"), (OF_JI[0], "500000")]
    assert not built.faults()


@pytest.mark.parametrize(
    "words", [BARE, BARE.replace("》", "》（溪府〔2024〕3号）"), f"溪川市人民政府印发《{TITLE}》。"]
)
def test_a_reply_means_the_instrument_of_its_own_city(tmp_path: Path, words: str) -> None:
    built = Built(tmp_path, a=SONG, b=JI, c=reply("溪川市人力资源和社会保障局", words))
    assert built.instruments() == [OF_SONG, OF_JI]
    assert not built.faults()


def test_a_reply_elsewhere_means_an_instrument_whose_number_it_names(tmp_path: Path) -> None:
    built = Built(tmp_path, a=SONG, c=reply("霁川市科学技术局", BARE.replace("》", "》（溪府〔2024〕3号）")))
    assert built.instruments() == [OF_SONG]


@pytest.mark.parametrize("signed", ["市科学技术局", "霁川市科学技术局"])
def test_a_title_that_may_be_of_another_place_is_no_instrument_of_this_one(tmp_path: Path, signed: str) -> None:
    built = Built(tmp_path, a=SONG, c=reply(signed, BARE))
    assert built.instruments() == [(None, None, None), OF_SONG]


def test_a_national_instrument_is_one_in_all_cities(tmp_path: Path) -> None:
    national = SONG.replace("溪川市人民政府", "国务院办公厅").replace("溪府〔2024〕3号", "国办发〔2024〕3号")
    built = Built(tmp_path, a=national, b=reply("霁川市科学技术局", BARE), c=reply("溪川市财政局", BARE))
    assert built.instruments() == [("国办发〔2024〕3号", "国务院办公厅", "2024-03-05")]
    laws = "依据《中华人民共和国劳动法》《政府采购法》，支付工资。"
    laws_of = Built(tmp_path / "laws", b=reply("霁川市科学技术局", laws), c=reply("溪川市财政局", laws))
    assert len(laws_of.find("PolicyInstrument", "政府采购法")) == 1


def test_names_that_many_places_have_are_of_their_source_if_no_place_is_known(tmp_path: Path) -> None:
    words = "由市人才办实施人才计划，并落实《实施方案》。"
    built = Built(tmp_path, a=reply("市财政局", words), b=reply("市财政局", words).replace("20240417", "20240533"))
    for kind, name in (("Agency", "市财政局"), ("Person", "程望舒"), ("PolicyInstrument", "实施方案")):
        assert len(built.find(kind, name)) == 2, name
    assert not built.faults()


def test_the_files_of_one_proposal_name_one_agency_and_one_person(tmp_path: Path) -> None:
    asked = ("关于引才的提案\n\n提 案 号：20240417\n提 案 者：程望舒\n主办单位：市财政局\n\n建议：\n"
             "　　一、设立人才公寓。每年建设不少于200套。\n")  # fmt: skip
    built = Built(tmp_path, a=asked, b=reply("市财政局", "设立人才公寓。2023年建设人才公寓210套。"))
    assert len(built.find("Agency", "市财政局")) == len(built.find("Person", "程望舒")) == 1
    assert {row["agency"] for row in built.ask(name="handling")} == {"市财政局"}
    [row] = built.ask(name="agency-workload")
    assert (row["agency"], row["leads"], row["replies"]) == ("市财政局", "1", "1")
