"""What a sentence has to hold for the kind of answer that is asked: days, documents, the most, a position."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kg.api import Graph
from tests.support.asked import open_graph_of

pytestmark = pytest.mark.rules

LETTER = """汐澜市商务局关于市政协三届二次会议第31号提案的答复

温知夏委员：
您提出的《关于扶持直播电商的提案》（第31号）收悉，现答复如下：
一、直播电商基本情况
根据《汐澜市数字贸易发展规划（2023—2027年）》，各区应当设立直播电商服务点。
市商务局印发《汐澜市直播电商扶持办法》（汐商规〔2024〕3号），对直播电商基地按投资额的15%给予补助，单个基地最高不超过40万元。
各区商务局应当于每年2月28日前公开直播电商台账。直播电商企业对检查有异议的，可以申请复核，复核决定自作出之日起9个工作日内公开。
企业新引进的直播运营硕士，每人每月给予生活补贴1200元，最长不超过24个月。
提案提出的提高直播电商场地补助标准，因财力有限，暂按现行每平方米8元执行，待省里明确后再研究。
二、下一步打算
研究制定《汐澜市直播电商人才认定细则》，支持企业自主评价。

汐澜市商务局
2025年3月18日
"""


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    """A store of one invented letter."""
    with open_graph_of(tmp_path_factory.mktemp("kinds"), {"letter.txt": LETTER}) as opened:
        yield opened


@pytest.mark.parametrize(
    ("question", "words", "none"),
    [
        ("汐澜直播电商检查的复核决定多少天内要公开？", "9个工作日", ""),
        ("Which document does the Xilan (汐澜) commerce bureau plan to draw up on live e-commerce talent?",
         "人才认定细则", "发展规划"),
        ("公司今年新招了一个直播运营硕士，汐澜给多少生活补贴？", "1200元", ""),
        ("汐澜的直播电商基地补助最多多少钱？", "40万元", ""),
        ("汐澜直播电商场地补助标准能不能涨？", "暂按现行每平方米8元", ""),
    ],
)  # fmt: skip
def test_sentence_has_what_is_asked(graph: Graph, question: str, words: str, none: str) -> None:
    answer = graph.ask(question)
    assert answer.state == "answered", answer.text
    assert words in answer.text
    assert not none or none not in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "汐澜的直播电商台账多少天内公开？",  # a day of the calendar is no number of days
        "汐澜市商务局打算出台哪个直播电商数字贸易规划？",  # what a document is based on is not to be made
        "汐澜市财政局对直播电商场地补助有没有答复？",  # another agency speaks
        "汐澜市财政局有没有单独出直播电商的会办意见？",
    ],
)
def test_other_kinds_are_no_answer(graph: Graph, question: str) -> None:
    answer = graph.ask(question)
    assert answer.state == "unknown", answer.text


PAGE = """政协云汐市第四届委员会第二次会议提案
提案编号：037
提案人：裴望舒
案由：关于发展冷链物流的提案
情况分析：
全市现有冷库11万吨。
意见建议：
一、设立冷链专项资金，对新建冷库的合作社每家补助9万元。
二、培育冷链企业。
主办单位：市商务局
会办单位：市财政局

市商务局的答复意见
裴望舒委员：
《关于发展冷链物流的提案》（第037号）收悉，现答复如下：
2024年新增冷藏车46辆，到2026年底全市冷库达到20万吨以上。我局按每家合作社4万元给予冷库补助。每年培训冷链员工不少于700人次。
云汐市商务局
2025年6月11日
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    """A store of an invented proposal with its reply, and of a letter of another city."""
    with open_graph_of(tmp_path_factory.mktemp("page"), {"page.txt": PAGE, "letter.txt": LETTER}) as opened:
        yield opened


@pytest.mark.parametrize(
    ("question", "none"),
    [
        ("云汐市2026年新增多少辆冷藏车？", "46辆"),  # another clause has the year
        ("云汐市有多少名冷链员工？", "700人次"),  # who is trained each year is not who there is
        ("037号提案建议设冷链资金，实际给合作社的冷库补助是多少？", "9万元"),  # what a proposal asks for
        ("云汐市商务局对31号提案怎么说？", "冷库"),  # a letter on another proposal
        ("云汐市财政局什么时候出的037号提案会办意见？", "2025-06-11"),  # a letter of another agency
        ("云汐市水利局承诺了什么？", "商务局"),  # no slip for the one of another field
    ],
)
def test_what_is_said_of_something_else_is_no_answer(page: Graph, question: str, none: str) -> None:
    answer = page.ask(question)
    stated = answer.text if answer.state == "answered" else ""
    assert none not in stated


def test_reply_holds_when_by_whom_and_its_number(page: Graph) -> None:
    answer = page.ask("037号提案是哪天答复的，哪个单位答复的？")
    assert "云汐市商务局于2025-06-11答复" in answer.text
    assert "不知道" not in answer.text


def test_heading_is_no_answer(graph: Graph) -> None:
    answer = graph.ask("What is the basic situation of live e-commerce in Xilan?")
    assert all("基本情况" not in line.text for line in answer.lines if answer.state == "answered")
