"""Stores of invented letters, read by the real rules."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import kg
from kg.api import Graph

PROPOSAL = """关于培育优质企业的提案

提 案 号：20240301
会    次：市政协六届三次会议
提 案 者：苏见溪
主办单位：霁川市工业和信息化局
会办单位：霁川市科学技术局、霁川市财政局

建议：
　　一、完善奖补政策。对首次入库的规模以上工业企业给予奖励。
　　二、推广智慧结算系统。引入人脸识别和营养分析设备。
"""
REPLY = """苏见溪委员：
　　您在市政协六届三次会议上提出的第20240301号提案收悉。现答复如下：
　　一、完善奖补政策。截至2023年底，霁川市有上市公司14家，云桥市有上市公司9家。2023年全市新建研发机构120家，推荐36家企业申报省级工程技术研究中心。
　　二、下一步打算。用三年左右时间，引进专精特新企业不少于20家。力争到2025年底上市公司达到20家，每季度举办供需对接会不少于6场。
　　霁川市工业和信息化局
　　2024年6月3日
"""
OPINION = """市工业和信息化局：
　　关于《关于培育优质企业的提案》（第20240301号），我局会办意见如下：
　　一、推进研发机构建设。2023年全市新建研发机构120家，我局推荐36家企业申报省级工程技术研究中心。对青年工程师每年组织培训4期。
　　二、下一步，我局将继续培育科技型企业。
　　霁川市科学技术局
　　2024年5月8日
"""
POLICY = """霁川市支持企业成长若干措施

　　第一条　对首次入库的规模以上工业企业，连续两年营业收入增速不低于15%的，由市工业和信息化局给予10万元奖励。
　　第二条　对市级专精特新中小企业，给予一次性奖励20万元。截至2022年底，霁川市有上市公司11家。
"""
LATER = """关于支持企业上市的提案

提 案 号：20260107
会    次：市政协六届五次会议
提 案 者：陆听澜
主办单位：霁川市工业和信息化局

建议：
　　一、支持企业上市。
"""
LATER_REPLY = """陆听澜委员：
　　您在市政协六届五次会议上提出的第20260107号提案收悉。现答复如下：
　　一、支持企业上市。截至2025年底，霁川市有上市公司21家。
　　霁川市工业和信息化局
　　2026年5月20日
"""
FILES = {"提案.txt": PROPOSAL, "答复.txt": REPLY, "意见.txt": OPINION, "霁川市支持企业成长若干措施.txt": POLICY}
LATER_FILES = {"后来的提案.txt": LATER, "后来的答复.txt": LATER_REPLY}


def build_store(folder: Path, files: dict[str, str]) -> Path:
    """Return a store of *files*, made in *folder*."""
    (folder / "in").mkdir()
    for name, text in files.items():
        (folder / "in" / name).write_text(text, encoding="utf-8")
    kg.build(folder / "in", folder / "store")
    return folder / "store"


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A proposal, its reply, one of two opinions, a policy; and a proposal two years later with its reply."""
    return build_store(tmp_path_factory.mktemp("report"), FILES | LATER_FILES)


@pytest.fixture
def graph(store: Path) -> Iterator[Graph]:
    with kg.open(store) as opened:
        yield opened
