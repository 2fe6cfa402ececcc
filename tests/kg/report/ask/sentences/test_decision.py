"""What speaks for a sentence as the answer and what rules it out, for people who have not read the sources."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kg.api import Graph
from tests.support.asked import open_graph_of

pytestmark = pytest.mark.rules

MEASURES = """岚汀市支持夜间经济和人才安居若干措施

第一条 申请安居补贴应当同时符合下列条件：
（一）年龄不超过38周岁；
（二）在岚汀市连续缴纳社会保险满8个月。
第二条 人才在享受期内离开岚汀的，自离开次月起停止发放剩余安居补贴。
第三条 对首次取得贷款的小微企业，按实际支付利息的35%给予“首贷贴息”，单户最高不超过11万元。（牵头单位：市财政局）
第四条 对省级夜间经济街区，奖励90万元。获评市级绿色商场的，奖励14万元。
第五条 对第一类人才给予购房补贴30万元，对第二类人才给予购房补贴18万元。
第六条 设立总规模13亿元的岚汀夜间经济基金，由岚汀文旅投资控股有限公司负责管理。
第七条 夜市投诉事项办理时限为3个工作日，投诉电话接通率不低于96%。
第八条 本措施自2026年6月1日起施行，有效期三年。
岚汀市人民政府
2026年5月12日
"""


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    """A store of one invented document."""
    with open_graph_of(tmp_path_factory.mktemp("decision"), {"measures.txt": MEASURES}) as opened:
        yield opened


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("拿了岚汀的安居补贴，半路离开岚汀会怎么样？", ["停止发放"]),
        ("岚汀夜间经济基金盘子多大，由谁来管？", ["13亿元", "岚汀文旅投资控股有限公司"]),
        ("岚汀夜市投诉电话接通率要达到多少？", ["96%"]),
    ],
)
def test_everyday_words_need_not_be_in_the_sentence(graph: Graph, question: str, words: list[str]) -> None:
    answer = graph.ask(question)
    assert answer.state == "answered", answer.text
    assert all(word in answer.text for word in words), answer.text


@pytest.mark.parametrize(
    "question",
    [
        "岚汀第三类人才购房补贴多少？",  # another class
        "岚汀国家级夜间经济街区奖励多少？",  # another rank
        "岚汀市水稻保险一亩多少钱？",  # a word of official documents that this one lacks
        "岚汀夜间经济基金到现在投了多少家企业？",  # what has come about
        "岚汀2023年夜市投诉办理了多少件？",
        "岚汀哪个街区的奖励最高？",  # a judgement
    ],
)
def test_what_speaks_of_something_else_is_no_answer(graph: Graph, question: str) -> None:
    answer = graph.ask(question)
    assert answer.state == "unknown", answer.text


def test_sentence_that_announces_items_is_quoted_with_them(graph: Graph) -> None:
    answer = graph.ask("岚汀安居补贴对年龄和社保有什么要求？")
    assert "38周岁" in answer.text
    assert "满8个月" in answer.text


def test_answer_says_how_sure_it_is_and_what_is_only_possible(graph: Graph) -> None:
    assert "把握" in graph.ask("拿了岚汀的安居补贴，半路离开岚汀会怎么样？").text
    assert "可能相关" in graph.ask("岚汀第三类人才购房补贴多少？").text


NOTICE = """岚汀市商务局关于印发《岚汀市夜间消费提升方案》的通知
（2026年3月5日）岚商〔2026〕7号
各区商务局：
现将方案印发给你们。
2026年3月5日
（此件公开发布）
岚汀市夜间消费提升方案
为深入推进夜间消费，制定本方案。
一、持续实施夜市“双百工程”。推动夜市提质，完善设施。（市场发展处牵头，各
相关处室配合）
二、对等级评定获评二到五级的民办养老机构，分别给予6万元、11万元、22万元、33万元奖补。
三、取得证书的护理员，分别给予500、
1000、 2000元补贴。
四、各区于2026年4月20日前报送夜间消费提升方案的年度总结，报送市商务局政策法规处。
五、鼓励超市参加国内展会，展位费按60%给予补助，每个标准展位最高2万元。
"""


@pytest.fixture(scope="module")
def notice(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    """A store of one invented notice whose lines a page has broken."""
    with open_graph_of(tmp_path_factory.mktemp("notice"), {"notice.txt": NOTICE}) as opened:
        yield opened


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("岚汀各区最晚什么时候报送夜间消费提升方案的年度总结？", "4月20日前"),  # not the date at the head
        ("岚汀夜市“双百工程”由哪个处牵头？", "市场发展处牵头"),  # said behind the last sentence of the paragraph
        ("岚汀民办养老机构获评三级奖补多少？", "11万元"),  # a range has it
        ("岚汀取得证书的护理员补贴多少？", "2000元"),  # a line that ends with 、 goes on
        ("岚汀夜间消费提升方案是什么时候印发的？", "2026"),
    ],
)
def test_sentence_has_the_value_that_is_asked(notice: Graph, question: str, words: str) -> None:
    answer = notice.ask(question)
    assert answer.state == "answered", answer.text
    assert words in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "岚汀民办养老机构获评一级奖补多少？",  # no range has this rank
        "岚汀有多少家民办养老机构？",  # no sentence has a count of them
        "岚汀文化博览会展位费补多少？",  # lacks two rare words
    ],
)
def test_value_that_no_sentence_has_is_not_known(notice: Graph, question: str) -> None:
    answer = notice.ask(question)
    assert answer.state == "unknown", answer.text
