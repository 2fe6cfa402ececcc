"""Letters of an invented city, one a year, and stores of them."""

from __future__ import annotations

from pathlib import Path

from kg.compare import Diff
from kg.export.rdf import export_store
from kg.store.store import Store


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


def lines(found: Diff) -> set[str]:
    marks = {"added": "+", "dropped": "-", "changed": "~"}
    return {f"{marks[c.op]} {c.thing.label} | {c.label} | {c.words}" for c in found.changes}


def kg_export(store: Path, path: Path) -> bool:
    from kg.export.rdf import SUFFIXES

    with Store(store) as opened:
        return bool(export_store(opened, SUFFIXES[path.suffix], path))
