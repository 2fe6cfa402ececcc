"""What figures are named by, on sentences about invented places."""

from __future__ import annotations

import pytest

from extract.figures.figures import find_figures
from extract.model import Figure, Kind
from ontology.lexicons import load_lexicon
from tests.extract.figures.test_figures import page

LEX = load_lexicon()
PLAN = "临溪市产业发展行动方案。\n"


def read(text: str, letter: Kind = Kind.INSTRUMENT) -> list[Figure]:
    outline, entities = page(PLAN + text, letter=letter, part=None, issued="2024-03-01")
    return list(find_figures(PLAN + text, outline, entities, LEX))


@pytest.mark.parametrize(
    ("text", "metric"),
    [
        ("培训100名以上农业技术人才。", "培训农业技术人才"),
        ("全市新增2400户大中型餐饮单位纳入智慧监管平台。", "新增大中型餐饮单位"),
        ("建立1个以上境外物流中心（园区）。", "建立境外物流中心"),
        ("新增40家省级以上科技企业孵化器和众创空间。", "新增省级以上科技企业孵化器和众创空间"),
        ("各区至少建成1家示范养老服务站。", "建成示范养老服务站"),
        ("主要负责人每年至少听取1次档案工作情况汇报。", "听取档案工作情况汇报"),
        ("召开1次营商环境工作推进会。", "召开营商环境工作推进会"),
        ("探索不少于6项可复制可推广的制度创新案例。", "探索可复制可推广的制度创新案例"),
        ("取消8项业务的部分报送资料。", "取消业务的部分报送资料"),
    ],
)
def test_a_verb_is_named_with_the_noun_behind_the_number(text: str, metric: str) -> None:
    assert [f.metric for f in read(text)] == [metric]


@pytest.mark.parametrize(
    ("text", "metric"),
    [
        ("新建充电桩3000个。", "新建充电桩"),
        ("力争2027年规上工业企业达到300家。", "规上工业企业"),
        ("研发投入强度达到2.5%。", "研发投入强度"),
        ("培育数字技术企业10家以上。", "培育数字技术企业"),
        ("企业开办时间压减至1个工作日以内。", "企业开办时间"),
        ("农机总动力稳定在11亿千瓦左右。", "农机总动力"),
        ("跨境电商交易额增长30%以上。", "跨境电商交易额增长"),
        ("实现一级标准率达到100%。", "一级标准率"),
        ("正常出口退（免）税平均办理时间压缩至4个工作日以内。", "正常出口退免税平均办理时间"),
        ("促成专利转让许可583件。", "促成专利转让许可"),
        ("支持企业新建研发机构20家。", "新建研发机构"),
        ("完善基础设施、新建充电桩300个。", "新建充电桩"),
        ("“登峰贷”余额12亿元。", "“登峰贷”余额"),
        ("技术先进性（25%）。", "技术先进性"),
    ],
)
def test_the_words_before_a_number_are_not_cut_inside_a_phrase(text: str, metric: str) -> None:
    assert [f.metric for f in read(text)] == [metric]


@pytest.mark.parametrize(
    ("text", "metrics"),
    [
        (
            "货物贸易、对外投资和实际利用外资分别占比达30%、20%和10%。",
            ["货物贸易占比", "对外投资占比", "实际利用外资占比"],
        ),
        ("花生种植、收获机械化率分别达到65%和55%。", ["花生种植机械化率", "花生收获机械化率"]),
        ("办结率、反馈率、解决率分别达99%以上。", ["办结率、反馈率、解决率"]),
        ("新建学校3所、医院2家、公园15个。", ["新建学校", "医院", "公园"]),
        ("争创2—3家国家级创业示范基地。", ["争创国家级创业示范基地"] * 2),
        (
            "公办养老院12家、民办养老院30家，分别增长9%、20%。",
            ["公办养老院", "民办养老院", "公办养老院增长", "民办养老院增长"],
        ),
    ],
)
def test_members_of_a_list_have_their_own_names(text: str, metrics: list[str]) -> None:
    assert [f.metric for f in read(text)] == metrics


@pytest.mark.parametrize(
    ("text", "metrics"),
    [
        ("平均办理时间由7天压缩至2.5天。", ["平均办理时间"] * 2),
        ("登记的审批时限由法定的30个工作日压缩至3个工作日。", ["登记的审批时限"] * 2),
        ("全年摆花不低于2600万盆、立体花坛不少于62组。", ["摆花", "立体花坛"]),
        ("完成技改投资1.8亿元，同比增长6.7%。", ["完成技改投资", "完成技改投资同比增长"]),
        ("推进无陪同查验作业改革，比例力争达到70%以上。", ["无陪同查验作业改革比例"]),
        ("建成高标准农田4万亩，其中新建2.8万亩。", ["建成高标准农田", "新建高标准农田"]),
        ("全年惠及4300余人。", ["惠及人数"]),
        ("10个工作日内完成审核。", ["完成审核时限"]),
        ("实现95%税费服务事项“网上办”。", ["税费服务事项“网上办”"]),
    ],
)
def test_a_number_without_a_noun_takes_over_the_name_before(text: str, metrics: list[str]) -> None:
    assert [f.metric for f in read(text)] == metrics


@pytest.mark.parametrize(
    "text",
    [
        "第一批17条便民措施包括以下六个方面。",
        "市发展改革局等8部门联合印发本方案。",
        "便利的政务环境方面（11项）。",
        "推进220千伏输变电工程建设。",
        "依托12345与110对接联动机制。",
        "落实全国首批40项改革举措。",
        "推广市发展改革局等6部委的试点经验。",
        "民营经济三十条，经市政府同意，现印发给你们。",
    ],
)
def test_parts_of_a_text_are_no_figures(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "针对首年关税为零的2034种出口商品，加大市场开拓力度。",
        "依托19个院校联盟推进证书试点。",
        "完善竣工验收备案等5个主要办理事项的流程。",
        "推动752个已命名特色乡村提质。",
        "对全市现有农村公路30条加强管护。",
        "缓冲区是指由核心区向外延伸10公里的区域。",
    ],
)
def test_what_a_plan_finds_there_is_no_target(text: str) -> None:
    assert Kind.TARGET not in {f.kind for f in read(text)}


def test_what_is_to_be_made_in_several_places_is_a_target() -> None:
    for text in ("在全市建设3个物流中心。", "在各县开展12场培训。"):
        assert [f.kind for f in read(text)] == [Kind.TARGET], text


def test_a_rule_is_no_target() -> None:
    text = "临溪市职位设置办法。中级职位数不超过30%。聘用时间不少于4年。"
    outline, entities = page(text, letter=Kind.INSTRUMENT, part=None, issued="2024-03-01")
    assert Kind.TARGET not in {f.kind for f in find_figures(text, outline, entities, LEX)}


def test_a_size_that_says_which_firms_are_counted_is_a_condition() -> None:
    found = read("新增年产值100亿元以上企业5家。")
    assert [f.kind for f in found] == [Kind.CONDITION, Kind.TARGET]
    assert [f.kind for f in read("种植土厚度大于等于0.3米的，计入绿地面积。")] == [Kind.CONDITION]


def test_a_time_limit_for_those_who_apply_is_a_condition() -> None:
    assert [f.kind for f in read("申请人应在5个工作日内完成整改。")] == [Kind.CONDITION]


def test_the_quote_holds_the_noun_behind_the_number() -> None:
    text = PLAN + "培训100名以上农业技术人才。"
    outline, entities = page(text, letter=Kind.INSTRUMENT, part=None, issued="2024-03-01")
    (figure,) = find_figures(text, outline, entities, LEX)
    assert figure.span.of(text) == "培训100名以上农业技术人才"


@pytest.mark.parametrize(
    ("text", "metrics"),
    [
        ("港口货物吞吐量、货值分别突破600万吨、500亿元。", ["港口货物吞吐量", "货值"]),
        ("鼓励引进2个品牌展会。", ["引进品牌展会"]),
        ("各县至少建有1个建筑面积不少于1000平方米的养老服务中心。", ["建有养老服务中心", "建筑面积"]),
        ("面向中小企业的预留份额阶段性提高至40%以上。", ["面向中小企业的预留份额"]),
    ],
)
def test_a_metric_says_what_its_own_number_measures(text: str, metrics: list[str]) -> None:
    assert [f.metric for f in read(text)] == metrics


def test_times_in_turn_name_no_promise() -> None:
    assert [f.metric for f in read("2025年6月前和2025年12月前依次投用泊位4个和6个。")] == ["投用泊位", "投用泊位"]
    assert [f.metric for f in read("2025年、2026年各新建码头2座、3座。")] == ["新建码头", "新建码头"]
