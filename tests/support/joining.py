"""Invented proposals and replies in files of their own, built into a store."""

from __future__ import annotations

from pathlib import Path

import kg
from kg.graph.query import load_named_query, run_query
from kg.graph.validate import validate_store
from kg.ingest.build import BuildReport, build
from kg.store.store import Store

ASKED = """\
建议：
　　一、扩大社区食堂布点。将社区智慧食堂纳入民生实事，每年新建不少于20家。
　　二、健全运营补贴机制。对连续运营满一年的社区食堂给予奖补。
　　三、推广智慧结算系统。引入人脸识别和营养分析设备。
"""
DONE = """\
　　一、扩大社区食堂布点。2023年新建社区食堂18家，总数达到60家，覆盖率提升到31%。
　　二、健全补贴机制。对连续运营满一年的社区食堂给予最高8万元补贴。
　　三、推广智慧结算。在12家食堂试点人脸识别结算系统。
"""
TITLE = "关于建设社区智慧食堂的提案"
LIST = """\
提案编号,案由,提案者,会议,主办单位,会办单位,是否公开,答复内容
20240231,关于建设社区智慧食堂的提案,苏见溪,市政协六届三次会议,霁川市民政局,霁川市商务局,是,
20240232,关于整治老旧小区飞线充电的提案,林知夏,市政协六届三次会议,霁川市住房和城乡建设局,,否,
20240233,关于完善公交夜间班次的提案,顾书宁,市政协六届三次会议,霁川市交通运输局,,是,
20240234,关于保护古树名木的提案,顾书宁,市政协六届三次会议,霁川市林业局,,是,您提出的提案收悉。现答复如下：一、已挂牌保护古树212株。
"""


def proposal(number: str = "20240231", title: str = TITLE, session: str = "市政协六届三次会议",
             city: str = "霁川市", body: str = ASKED) -> str:  # fmt: skip
    head = f"提 案 号：{number}\n" if number else ""
    head += f"会    次：{session}\n" if session else ""
    return f"{title}\n\n{head}提 案 者：苏见溪\n主办单位：{city}民政局\n会办单位：{city}商务局\n\n{body}"


def reply(of: str, city: str = "霁川市", year: int = 2024, body: str = DONE, head: str = "") -> str:
    return f"{head}苏见溪委员：\n　　{of}收悉。现答复如下：\n{body}　　{city}民政局\n　　{year}年6月3日\n"


BY_NUMBER = "您在市政协六届三次会议上提出的第20240231号提案"
BY_TITLE = f"您提出的《{TITLE}》"


def write(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


class Built:
    """Files in a folder, built into a store."""

    def __init__(self, home: Path, files: dict[str, str | bytes]) -> None:
        self.folder, self.path = write(home / "in", files), home / "store"
        self.report: BuildReport = build(self.folder, self.path)

    def ask(self, sparql: str) -> list[tuple[str | None, ...]]:
        with Store(self.path) as store:
            return [tuple(row.values()) for row in run_query(store, sparql).values()]

    def named(self, name: str, **params: str) -> list[dict[str, str | None]]:
        with Store(self.path) as store:
            return run_query(store, load_named_query(name, params)).values()

    def joined(self) -> set[tuple[str | None, ...]]:
        """Source of the reply, source of the proposal with text, and on what ground."""
        return {(row["source"], row["proposalSource"], row["ground"])
                for row in self.named("joined-letters") if row["proposalSource"]}  # fmt: skip

    def states(self) -> dict[str | None, str | None]:
        return {row["title"]: row["state"] for row in self.named("reply-states")}

    def answers(self) -> int:
        (row,) = self.ask(
            "SELECT (COUNT(DISTINCT ?m) AS ?n) { ?m pk:respondsTo|pk:mayRespondTo ?s . ?m pk:partOf+ ?r . "
            "?s pk:partOf+ ?p . ?r a pk:LeadReply . ?p a pk:Proposal }"
        )
        return int(row[0] or 0)

    def export(self) -> str:
        with kg.open(self.path) as graph:
            return str(graph.export("nquads"))

    def faults(self) -> list[str]:
        with Store(self.path) as store:
            return [f.en for f in validate_store(store)]


CITY_B = {"city": "云桥市"}
