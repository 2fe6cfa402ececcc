"""An invented page with doubts, the spreadsheet that asks about them, and how it is filled in."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from extract.model import Entity, Extraction, Kind, Relation
from kg.graph.query import run_query as ask
from kg.review import writing
from kg.review.doubt import Doubt
from kg.review.doubts import find_doubts
from kg.review.wording import load_settings
from kg.store.store import Store
from tests.support.invented_page import PAGE, make_extraction, span

SOURCE = "page.txt"
TIER = "国家级专精特新“小巨人”企业"
LAW = "澄溪市先进制造业促进办法"
NEAR = "省级专精特新中小型企业"


def doubtful(source_id: str = SOURCE, text: str = PAGE) -> Extraction:
    """The invented page with something of each kind that a person should look at."""
    x = make_extraction(source_id, text)
    twin = Entity("e12", Kind.TIER, NEAR, (), (span("省级专精特新中小企业", 0, text),))
    law = next(e for e in x.entities if e.label == LAW)
    again = dataclasses.replace(law.facts[0], value="澄府发〔2023〕1号")
    odd = ("专精特新百强",)
    entities = tuple(
        dataclasses.replace(e, facts=(*e.facts, again)) if e is law
        else dataclasses.replace(e, aliases=(*e.aliases, *odd)) if e.label == TIER else e
        for e in x.entities
    )  # fmt: skip
    unsure = Relation("e6", "supports", "e8", span("我局实施“登高计划”", 0, text), "guess", 0.4)
    figures = tuple(f for f in x.figures if f.id != "f3")
    return dataclasses.replace(
        x, entities=(*entities, twin), relations=(*x.relations, unsure), figures=figures
    )  # fmt: skip


def rows() -> tuple[Doubt, ...]:
    with Store("store") as store:
        return find_doubts(store)


def sheet_of(book: Workbook, name: str) -> Worksheet:
    return book[load_settings()["sheets"][name]["zh"]]


def columns(name: str) -> dict[str, int]:
    return {c: i for i, c in enumerate([*load_settings()["columns"][name], "key"], 1)}


Filler = Callable[[Workbook], None]


def fill(name: str, where: dict[str, str], **cells: str) -> Filler:
    """Fill in the first row of a sheet whose cells hold what *where* says."""

    def filled(book: Workbook) -> None:
        sheet, at = sheet_of(book, name), columns(name)
        for number in range(2, sheet.max_row + 1):
            if all(words in str(sheet.cell(number, at[c]).value) for c, words in where.items()):
                for column, value in cells.items():
                    sheet.cell(number, at[column], value)
                return
        raise AssertionError(f"no row with {where} in {name}")

    return filled


def judged(*fillers: Filler) -> Path:
    """A spreadsheet of the store's doubts, filled in."""
    path = Path("review.xlsx")
    writing.write_spreadsheet(rows(), path)
    book = load_workbook(path)
    for filler in fillers:
        filler(book)
    book.save(path)
    return path


def names_in(store: str = "store") -> set[str]:
    with Store(store) as opened:
        return {row[0].value for row in ask(opened, "SELECT ?n { ?x rdfs:label ?n }").rows if row[0] is not None}


ALL = (
    fill("statements", {"source": SOURCE}, decision="更正 correct", slot="宾语 object", value="高新技术企业"),
    fill("names", {"object": "省级专精特新中小企业"}, decision="合并 merge", value="省级专精特新中小企业"),
    fill("aliases", {"object": "百强"}, decision="拆分 split"),
    fill("conflicts", {"object": "澄府发"}, decision="拒绝 reject"),
    fill(
        "gaps", {"words": "20家"}, decision="新增 add", what="数字 figure", kind="目标 Target", subject=TIER,
        object="20家以上", note="见原文",
    ),
    fill(
        "add", {"source": "None"}, source=SOURCE, decision="新增 add", what="实体 entity", kind="计划项目 Program",
        subject="风险补偿资金", quote="设立风险补偿资金",
    ),
)  # fmt: skip
"""One decision of each kind."""
