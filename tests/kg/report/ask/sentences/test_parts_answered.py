"""Several things asked at once, everyday words, other years and ranks: invented letters of two cities."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kg.api import Graph
from tests.support.asked import open_graph_of

pytestmark = pytest.mark.rules

REPLY = """岚汀市民政局关于市政协五届三次会议第077号提案的答复

民建岚汀市委员会：
　　你们提出的《关于改善养老服务的提案》（第077号）收悉。现答复如下：
　　一、工作情况
　　我局联合市财政局实施“安心床”项目，为失能老年人家庭提供上门照护，每户补贴最高5200元。
　　“岚汀养老通”平台由岚汀市民政局负责运行维护，已注册用户8.3万人。
　　2024年为老旧小区加装电梯316台，市财政对每台电梯补助13万元。
　　对省级示范养老机构，奖励17万元。
　　二、下一步
　　力争到2027年改造老年人家庭9000户。
　　岚汀市公益性岗位每人每月补贴1980元。

　　　　　　　　　　　　岚汀市民政局
　　　　　　　　　　　　2025年6月3日
"""
NOTICE = """砚坪市民政局关于印发公益性岗位管理办法的通知
砚民发〔2025〕9号

各县（区）民政局：
　　现将《砚坪市公益性岗位管理办法》印发给你们，请遵照执行。

　　第一条　砚坪市公益性岗位每人每月补贴2140元。
　　第二条　砚坪银行推出“暖巢贷”，对养老机构给予最高600万元贷款。
　　第三条　设立砚坪养老产业基金，首期规模7亿元，由砚坪产业投资集团有限公司负责管理。（牵头单位：市财政局）
　　砚坪市财政局对“禾苗贷”按年利率3%给予贴息。
　　第四条　本办法自2025年5月1日起施行。

　　　　　　　　　　　　砚坪市民政局
　　　　　　　　　　　　2025年4月2日
"""


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    """A store of an invented letter and an invented notice."""
    texts = {"reply.txt": REPLY, "jobs.txt": NOTICE}
    with open_graph_of(tmp_path_factory.mktemp("parts"), texts) as opened:
        yield opened


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("“岚汀养老通”平台平时是哪个部门在运维？", ["岚汀市民政局"]),
        ("砚坪的“暖巢贷”是哪家银行推出的？最多能贷多少？", ["砚坪银行", "600万元"]),
        ("岚汀老楼加装一部电梯市里补多少？到那会儿一共装了多少台？", ["13万元", "316台"]),
        ("公益性岗位的补贴，岚汀市和砚坪市每人每月各是多少？", ["1980元", "2140元"]),
        ("砚坪养老产业基金由谁管理，首期规模多大？", ["砚坪产业投资集团有限公司", "7亿元"]),
        ("岚汀那个“安心床”项目是哪两家单位一起搞的？", ["市财政局", "“我局”即岚汀市民政局"]),
    ],
)
def test_each_part_is_answered(graph: Graph, question: str, words: list[str]) -> None:
    answer = graph.ask(question)
    assert answer.state == "answered", answer.text
    assert answer.question == question
    assert all(word in answer.text for word in words), answer.text


@pytest.mark.parametrize(
    "question",
    [
        "岚汀市给国家级示范养老机构奖励多少？",  # the sentence names another rank
        "岚汀市2023年加装电梯多少台？",
        "岚汀现在已经改造了多少户老年人家庭？",  # a target
        "“暖巢贷”的利率是多少？",
        "砚坪“安心床”每户补多少？",
        "岚汀市水稻保险一亩多少钱？",
        "“暖巢贷”由哪家公司担保？",
        "“禾苗贷”的利率是多少？",  # the rate of its subsidy
    ],
)
def test_what_no_sentence_says_is_not_known(graph: Graph, question: str) -> None:
    answer = graph.ask(question)
    assert answer.state == "unknown", answer.text
