"""Questions that a sentence answers, in the words of people who have not read the sources."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from kg.api import Graph
from tests.support.asked import open_graph_of

pytestmark = pytest.mark.rules

NOTICE = """岚汀市住房和城乡建设局关于发放购房补贴的通知

一、补贴标准
（一）二孩家庭购买新建商品住宅的，按购房总价款的1%予以补贴，单套最高不超过2万元。
（二）三孩及以上家庭购买新建商品住宅的，按购房总价款的2%予以补贴，单套最高不超过6万元。
二、办理流程
申请材料由售房企业统一报送。区住房和城乡建设局应在12个工作日内完成审核。公示期为7个工作日。
审核未通过的，申请人应在4个工作日内补充材料。2025年全市受理申请1260件。工作经费按购房人人均3元安排。
申请人可于每年3月、9月在“岚汀办”平台提交申请。“岚汀办”平台已注册用户8.3万人。
岚汀市松柏社区居委会共1630户、4215人，办公地址设松柏路27号。
市民政局把适老化改造纳入实事，按每户最高3500元给予补助。力争到2028年改造老年人家庭9000户。
购房人到北京证券交易所挂牌的企业工作的，另给予安家补贴4万元。
三、其他
本通知自2026年5月1日起施行，有效期两年。本通知由岚汀市住房和城乡建设局负责解释。
联系人：宋晚晴，联系电话：0000-7730021。
岚汀市住房和城乡建设局
2026年4月8日
"""


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Graph]:
    """A store of one invented notice."""
    with open_graph_of(tmp_path_factory.mktemp("sentences"), {"notice.txt": NOTICE}) as opened:
        yield opened


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("岚汀市三孩家庭买新房最多补多少钱？", "6万元"),
        ("区住建局审核要几天", "12个工作日"),
        ("购房补贴公示多久？", "7个工作日"),
        ("审核没通过的，几天内补交材料？", "4个工作日"),
        ("2025年岚汀市受理了多少件申请？", "1260件"),
        ("哪几个月可以提交申请？", "每年3月、9月"),
        ("松柏社区有多少户？", "1630户"),
        ("松柏社区居委会的办公地点在哪里", "松柏路27号"),
        ("家里做适老化改造，一户最多补多少", "3500元"),
        ("去北交所挂牌企业工作的购房人安家补贴给多少？", "4万元"),
        ("购房补贴的通知什么时候开始执行，有效期几年？", "有效期两年"),
        ("购房补贴的通知由哪个部门解释？", "住房和城乡建设局负责解释"),
        ("购房补贴通知的联系人和电话是什么？", "0000-7730021"),
        ("When does the notice on housing subsidies in Lanting take effect?", "2026年5月1日起施行"),
    ],
)
def test_sentence_answers_in_whole(graph: Graph, question: str, words: str) -> None:
    answer = graph.ask(question)
    assert answer.state == "answered", answer.text
    assert words in answer.text
    assert any(words in quote.sentence for line in answer.lines for quote in line.quotes)


@pytest.mark.parametrize(
    "question",
    [
        "购房补贴到现在一共发了多少钱？",  # rates say nothing about what was paid
        "为什么给三孩家庭补贴？",
        "现在改造了多少户老年人家庭？",  # a target is no count
        "岚汀市去年卖了多少套新房？",
        "2024年岚汀市受理了多少件申请？",  # the sentence names another year
        "岚汀市有多少购房人？",  # an amount for each is no count
        "松柏社区有多少个党员？",
        "四孩家庭的购房补贴最多多少钱？",
        "售房企业对购房补贴满意吗？",
    ],
)
def test_what_no_sentence_says_is_not_known(graph: Graph, question: str) -> None:
    answer = graph.ask(question)
    assert answer.state == "unknown", answer.text


def test_name_written_nearly_right_is_asked_back(graph: Graph) -> None:
    answer = graph.ask("“岚汀版”平台注册了多少人？")
    assert "没有“岚汀版”" in answer.text
    assert "“岚汀办”" in answer.text
    assert "8.3万人" in answer.text


def test_sentences_that_may_bear_on_a_question_are_shown(graph: Graph) -> None:
    answer = graph.ask("三孩家庭的购房补贴怎么申请？")
    assert answer.state == "unknown"
    assert "三孩及以上家庭" in answer.text
