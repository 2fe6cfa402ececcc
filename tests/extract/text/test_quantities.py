"""Numbers with units in official Chinese: what a reader counts on."""

from __future__ import annotations

from decimal import Decimal

import pytest

from extract.model import Bound
from extract.text.numerals import parse_amount
from extract.text.quantities import Quantity, find_quantities
from ontology.lexicons import load_lexicon

LEX = load_lexicon()


def read(text: str) -> list[Quantity]:
    return find_quantities(text, LEX)


def one(text: str) -> Quantity:
    found = read(text)
    assert len(found) == 1, [q.span.of(text) for q in found]
    return found[0]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("拨付资金2.97亿元", "297000000", "CNY"),
        ("补助50 万元", "500000", "CNY"),
        ("补助50万\n元用于改造", "500000", "CNY"),
        ("奖励３００万元", "3000000", "CNY"),
        ("总投资1,250.5万元", "12505000", "CNY"),
        ("产值达5.3万亿元", "5300000000000", "CNY"),
        ("利用外资3.2亿美元", "320000000", "USD"),
        ("注册资本1000万港元", "10000000", "HKD"),
        ("覆盖率98.5％", "98.5", "%"),
        ("提高百分之十二点五", "12.5", "%"),
        ("下降0.31个百分点", "0.31", "个百分点"),
        ("接诊3.6万人次", "36000", "人次"),
        ("服务企业6200家次", "6200", "家次"),
        ("装机120万千瓦", "1200000", "千瓦"),
        ("用电3千瓦时", "3", "千瓦时"),
        ("吞吐量18万标准箱", "180000", "标准箱"),
        ("绿地40万平方米", "400000", "平方米"),
        ("浓度为30微克/立方米", "30", "微克/立方米"),
        ("新建三所幼儿园", "3", "所"),
        ("惠及两万三千户", "23000", "户"),
        ("超百家企业参与", "100", "家"),
        ("按1:1.5比例配套", "1", ":1.5"),
        ("办理时间压缩一半，缩短半年", "0.5", "年"),
        ("同比增长三倍", "3", "倍"),
        ("八成以上的学校", "8", "成"),
    ],
)
def test_value_and_unit(text: str, value: str, unit: str) -> None:
    q = one(text)
    assert (q.value, q.unit) == (Decimal(value), unit)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("建设资金2亿6000万元", "260000000", "CNY"),
        ("建设资金1亿2千3百万元", "123000000", "CNY"),
        ("奖金4万8000元", "48000", "CNY"),
        ("奖金2万500元", "20500", "CNY"),
        ("建设资金2亿零600万元", "206000000", "CNY"),
        ("奖金2万零500元", "20500", "CNY"),
        ("建设资金2亿零3万零80元", "200030080", "CNY"),
        ("农户7万5千户", "75000", "户"),
        ("农户7万5千余户", "75000", "户"),
        ("补贴34，560.5万元", "345605000", "CNY"),
        ("门店４，５００家", "4500", "家"),
        ("补贴2 300万元", "23000000", "CNY"),
        ("门店45 678家", "45678", "家"),
        ("门店1 045 678 家", "1045678", "家"),
        ("门店八千四百六十一家", "8461", "家"),
        ("门店二十一家", "21", "家"),
        ("农户四万一千二百户", "41200", "户"),
        ("资产六千七百二十一亿三千四百五十六万七千八百九十元", "672134567890", "CNY"),
        ("贷款四点二五亿元", "425000000", "CNY"),
        ("发放奖金伍拾万元整", "500000", "CNY"),
        ("合同价人民币柒佰叁拾壹万肆仟零伍拾元整", "7314050", "CNY"),
        ("建设资金2亿4,500万元", "245000000", "CNY"),
        ("床位三万零六百张", "30600", "张"),
        ("水面八点五公顷", "8.5", "公顷"),
        ("提高十二点四个百分点", "12.4", "个百分点"),
        ("增速为负百分之二", "-2", "%"),
        ("用时三十分钟", "30", "分钟"),
        ("配比为1：20", "1", ":20"),
        ("按6∶4分担", "6", ":4"),
        ("占三分之一", "0.333333", ""),
    ],
)
def test_long_and_mixed_numbers(text: str, value: str, unit: str) -> None:
    q = one(text)
    assert (q.value, q.unit) == (Decimal(value), unit)


def test_long_numbers_are_quoted_whole() -> None:
    for text, words in (
        ("共7万5千余户", "7万5千余户"),
        ("共2 300 万元整", "2 300 万元"),
        ("共34，560.5万元", "34，560.5万元"),
    ):
        assert one(text).span.of(text) == words


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("每校选派1－2名教师", [1, 2]),
        ("每校选派一至二名教师", [1, 2]),
        ("投入1亿5000万、2亿元", [150000000, 200000000]),
        ("2023年，345家", [345]),
        ("分别为110，120，130家", [130]),
        ("1.5万2千户", []),
        ("乙区 12 350万元", []),
        ("第一至四批名单", []),
    ],
)
def test_neighbours_stay_apart(text: str, values: list[int]) -> None:
    assert [q.value for q in read(text)] == values


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("每认定1家给予20万元奖励", "200000", "CNY"),
        ("每新引进1名教练奖励3000元", "3000", "CNY"),
        ("每培育学徒1人补贴500元", "500", "CNY"),
        ("每校配备1名医生", "1", "名"),
        ("每年举办1场比赛", "1", "场"),
    ],
)
def test_what_is_paid_for_is_no_number(text: str, value: str, unit: str) -> None:
    q = one(text)
    assert (q.value, q.unit) == (Decimal(value), unit)


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("新建车位2400个以上", Bound.AT_LEAST),
        ("床位不少于300张", Bound.AT_LEAST),
        ("惠及学生超过1.1万人", Bound.AT_LEAST),
        ("接待游客突破250万人次", Bound.AT_LEAST),
        ("种植面积3800多亩", Bound.AT_LEAST),
        ("种植面积3万余亩", Bound.AT_LEAST),
        ("按不低于车位总数15%配建", Bound.AT_LEAST),
        ("给予最高120万元资助", Bound.AT_MOST),
        ("最高给予800万元", Bound.AT_MOST),
        ("收费每晚不超过5元", Bound.AT_MOST),
        ("按不高于合同额的0.5%补贴", Bound.AT_MOST),
        ("在30个工作日内办结", Bound.AT_MOST),
        ("年龄35周岁以下", Bound.AT_MOST),
        ("资金100万元(含)以上", Bound.AT_LEAST),
        ("每年遴选约100名教师", Bound.ABOUT),
        ("留存率保持在70%左右", Bound.ABOUT),
        ("签约率达81%", Bound.EXACTLY),
        ("高于全省平均水平1.6个百分点", Bound.EXACTLY),
    ],
)
def test_bound(text: str, bound: Bound) -> None:
    assert one(text).bound is bound


def test_list_shares_unit_and_bound() -> None:
    text = "实缴资本达到3亿、10亿、20亿元的，分别最高给予300万元、800万元、1000万元奖励"
    found = read(text)
    assert [q.value for q in found[:3]] == [300000000, 1000000000, 2000000000]
    assert {q.unit for q in found} == {"CNY"}
    assert [q.bound for q in found[3:]] == [Bound.AT_MOST] * 3
    assert len({q.group for q in found[3:]}) == 1


def test_list_shares_multiplier() -> None:
    assert [q.value for q in read("分别奖励100、50、20万元")] == [1000000, 500000, 200000]


def test_range_has_two_ends() -> None:
    low, high = read("财政补贴5%—10%")
    assert (low.value, low.bound, high.value, high.bound) == (5, Bound.AT_LEAST, 10, Bound.AT_MOST)
    low, high = read("面积1-2万平方米")
    assert (low.value, high.value, low.unit) == (10000, 20000, "平方米")


def test_change_is_no_range() -> None:
    assert [(q.value, q.bound) for q in read("办理时限由7天压缩至2.5天")] == [
        (7, Bound.EXACTLY),
        (Decimal("2.5"), Bound.EXACTLY),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "2023年6月19日",
        "自2024年4月1日起施行",
        "穗府规〔2020〕10号",
        "第118号提案",
        "第三条第二款",
        "第一百二十三条",
        "第8、9、10条",
        "第8条至第10条",
        "本意见10条",
        "本办法共二十四条",
        "陆家镇伍家村",
        "万一发生火灾",
        "在二０二四年五月",
        "第四批名单",
        "市政协十四届二次会议",
        "“十四五”规划",
        "世界500强企业",
        "拨打12345热线",
        "提供7x24小时服务",
        "“一对一”服务",
        "打造“10分钟便民圈”",
        "联系电话：0719-6628013",
        "联系人：林可，13800000000",
        "一、总体情况",
        "1.加强领导。2.强化保障。",
        "《三年行动方案（2023-2025年）》",
        "第一季度",
        "前3年",
        "2022城市报告",
        "http://www.example.cn/2024/15家",
        "党的二十大精神",
        "一次性奖励",
        "位居全国第5位",
        "以上亿一是",
    ],
)
def test_no_quantity(text: str) -> None:
    assert read(text) == []


def test_price_keeps_what_it_is_for() -> None:
    low, high = read("标准从796元/月提高至842元/月")
    assert (low.per, high.per, high.value) == ("月", "月", 842)
    assert read("每吨120元/平方米/年")[0].per == "平方米/年"


def test_white_space_never_joins_two_numbers() -> None:
    assert [q.value for q in read("共12\n30家单位")] == [30]
    assert read("2022 345家")[0].value == 345


@pytest.mark.parametrize(
    ("words", "value"),
    [("十", 10), ("十五", 15), ("二十", 20), ("一百零五", 105), ("两千", 2000), ("三万五千", 35000), ("两万五", 25000),
     ("一亿二千万", 120000000), ("一百二", 120), ("二〇二六", 2026)],
)  # fmt: skip
def test_chinese_numerals(words: str, value: int) -> None:
    assert parse_amount(words) == value


def test_words_that_are_no_number() -> None:
    assert parse_amount("三五") is None
    assert parse_amount("五六十") is None


@pytest.mark.parametrize(
    "text",
    [
        "1" * 50_000,
        "九" * 50_000,
        "1:" * 20_000,
        "a.-" * 20_000,
        "1 234 " * 9_000,
        ",111" * 9_000 + ",11",
        "1万" * 20_000,
        "壹" * 50_000,
    ],
)
def test_a_page_of_rubbish_holds_no_quantity(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("拨付456，789万元", [("4567890000", "CNY")]),
        ("分别拨付456，789万元", [("7890000", "CNY")]),
        ("津贴由60提高至90元", [("60", "CNY"), ("90", "CNY")]),
        ("奖励标准由70万提高到90万元", [("700000", "CNY"), ("900000", "CNY")]),
        ("贷款限额由70万提高到90万", [("700000", "CNY"), ("900000", "CNY")]),
        ("惠及用户由70万增加到90万", [("700000", ""), ("900000", "")]),
        ("产值从2.5亿元增长到4亿", [("250000000", "CNY"), ("400000000", "CNY")]),
        ("面积由4000扩大到6000亩", [("4000", "亩"), ("6000", "亩")]),
        ("定额由90降至70万元", [("900000", "CNY"), ("700000", "CNY")]),
        ("资金共7多万", [("70000", "CNY")]),
        ("贷款惠及300万农户", [("3000000", "")]),
        ("共有门店207\n00家", [("20700", "家")]),
        ("序号\n207\n00家", [("0", "家")]),
        ("这一年全市推进各项工作并取得成效共扶持各类门店7\n50家", []),
        ("长度为1/4倍", [("0.25", "倍")]),
        ("不低于1/2、不高于2/3", [("0.5", ""), ("0.666667", "")]),
        ("总面积的1/3", [("0.333333", "")]),
        ("5月的1/3版", []),
        ("2/3以上的代表", [("0.666667", "")]),
        ("见24/7家", []),
        ("增速为-3.2%", [("-3.2", "%")]),
        ("气温降至零下8℃", [("-8", "℃")]),
        ("比例为10-20%", [("10", "%"), ("20", "%")]),
        ("合同价￥3,500", [("3500", "CNY")]),
        ("罚款$20万", [("200000", "USD")]),
        ("费率为千分之三", [("3", "‰")]),
        ("撥付260萬元、1.2億元", [("2600000", "CNY"), ("120000000", "CNY")]),
        ("惠及3.4萬餘戶，六十餘個", [("34000", "户"), ("60", "个")]),
        ("几十家门店", []),
        # digits set apart are one number or several
        ("拨付 4 0 0 万元", []),
        ("上午九点三十分", []),
        ("补贴十至三十万元", [("100000", "CNY"), ("300000", "CNY")]),
        ("补贴三到六百元", [("300", "CNY"), ("600", "CNY")]),
        ("补贴八千至一万元", [("8000", "CNY"), ("10000", "CNY")]),
        ("补贴五十至一百元", [("50", "CNY"), ("100", "CNY")]),
        ("投资3个亿", [("300000000", "CNY")]),
        ("两个亿", []),
        ("历时一年半", [("1.5", "年")]),
        ("一年半数以上", [("1", "年")]),
        ("车程3个半小时", [("3.5", "小时")]),
    ],
)
def test_values_that_the_text_breaks_or_shares(text: str, values: list[tuple[str, str]]) -> None:
    assert [(str(q.value), q.unit) for q in read(text)] == values


def test_hundreds_that_are_passed_are_a_lower_bound() -> None:
    assert one("上千家门店").bound is Bound.AT_LEAST


def test_the_low_end_of_a_share_in_words_is_a_lower_bound() -> None:
    assert one("补贴百分之二十至三十").bound is Bound.AT_LEAST


def test_a_changed_limit_stays_a_limit() -> None:
    assert [q.bound for q in read("最高额度由70万元提高到90万元")] == [Bound.AT_MOST, Bound.AT_MOST]


def test_a_price_has_all_that_it_is_for() -> None:
    assert one("租金80元/人·月").per == "人/月"


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("住房公积金最高贷款额度上浮50%", [Bound.EXACTLY]),
        ("最高贷款额度上浮至60万元", [Bound.AT_MOST]),
        ("购房补贴最高上浮20%", [Bound.AT_MOST]),
        ("贷款额度最高在原基础上上浮20%", [Bound.AT_MOST]),
        ("研发费用占比未超过10%", [Bound.AT_MOST]),
        ("营业收入未达到5亿元", [Bound.AT_MOST]),
        ("员工未满30人", [Bound.AT_MOST]),
        ("占比未低于3%", [Bound.AT_LEAST]),
        ("贷款额度不高于借款人（夫妻双方）账户缴存余额的20倍", [Bound.AT_MOST]),
        ("奖励按不低于出资额为基数的银行贷款利率（按1月1日利率为准）的2倍计算", [Bound.AT_LEAST]),
    ],
)
def test_what_is_added_is_not_bounded_by_the_whole_and_a_long_noun_does_not_hide_a_bound(
    text: str, bounds: list[Bound]
) -> None:
    assert [q.bound for q in find_quantities(text, LEX) if q.unit != "年"] == bounds


def test_values_in_turn_are_one_list_whatever_their_units_are() -> None:
    found = find_quantities("货物运输量、货值分别突破600万吨、500亿元，新增企业30家、投资2亿元", LEX)
    assert [q.bound for q in found[:2]] == [Bound.AT_LEAST, Bound.AT_LEAST]
    assert found[0].group == found[1].group != 0
    assert found[2].group == found[3].group == 0


def test_a_note_behind_a_member_does_not_end_a_list() -> None:
    found = find_quantities("按契税的80%（二孩）、100%（三孩）给予补贴", LEX)
    assert found[0].group == found[1].group != 0


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("生产总值13万2千亿元", [("13200000000000", "CNY", Bound.EXACTLY)]),
        ("生产总值1万3千多亿元", [("1300000000000", "CNY", Bound.AT_LEAST)]),
        ("补贴1万3千元", [("13000", "CNY", Bound.EXACTLY)]),
        ("发放3.2千万元", [("32000000", "CNY", Bound.EXACTLY)]),
        ("发放3千多万元", [("30000000", "CNY", Bound.AT_LEAST)]),
        ("发放一亿两千多万元", [("120000000", "CNY", Bound.AT_LEAST)]),
        ("给予十三万两千补贴", [("132000", "CNY", Bound.EXACTLY)]),
        ("贷款十二亿五千万。", [("1250000000", "CNY", Bound.EXACTLY)]),
        ("给予20万一次性奖励", [("200000", "CNY", Bound.EXACTLY)]),
        ("给予最高50万的贷款", [("500000", "CNY", Bound.AT_MOST)]),
        ("惠及3万5人次", []),
        ("惠及5万残疾人补贴", []),
        ("全县企业十三万两千", []),
    ],
)
def test_numbers_of_several_magnitudes(text: str, found: list[tuple[str, str, Bound]]) -> None:
    assert [(str(q.value), q.unit, q.bound) for q in find_quantities(text, LEX)] == found


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("首套住房最低首付款比例为15%", [Bound.AT_LEAST]),
        ("首付款比例最低为20%", [Bound.AT_LEAST]),
        ("首付款最低比例均为20%", [Bound.AT_LEAST]),
        ("最低首付款比例由25%下调至20%", [Bound.AT_LEAST, Bound.AT_LEAST]),
        ("最高提取额度由1万元、1.5万元统一提高至2万元", [Bound.AT_MOST] * 3),
        ("最低工资标准为2000元", [Bound.EXACTLY]),
        ("最低首付款比例下调5个百分点", [Bound.EXACTLY]),
        ("面积为140平方米及以下的", [Bound.AT_MOST]),
    ],
)
def test_a_bound_may_stand_before_the_noun_of_its_number(text: str, bounds: list[Bound]) -> None:
    assert [q.bound for q in read(text)] == bounds
