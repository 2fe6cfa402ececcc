"""Numbers in tables of invented places: each belongs to the heads of its own row and column, or to nothing."""

from __future__ import annotations

import pytest

from extract.model import Bound, Extraction, Figure, Kind
from tests.support.reading import read

REPORT = "栖河市2024年工业运行情况报告\n　　2024年，全市规模以上工业增长情况如下\n"


def figures(x: Extraction) -> dict[str, Figure]:
    """The figures by the words that they stand for."""
    found = {x.source.text[f.span.begin : f.span.end]: f for f in x.figures}
    assert len(found) == len(x.figures)
    return found


def name(x: Extraction, ident: str | None) -> str:
    return next((e.label for e in x.entities if e.id == ident), "")


def test_a_value_belongs_to_its_own_row_and_column() -> None:
    x = read(
        REPORT + "县区 | 规模以上工业增加值增速 | 固定资产投资增速\n芦溪县 | 3% | 5.2%\n岚山县 | -2% | 1.1%\n"
        "　　下一步将加大投入。\n"
    )
    told = {words: (f.metric, name(x, f.place), f.period, str(f.value)) for words, f in figures(x).items()}
    assert told == {
        "3%": ("规模以上工业增加值增速", "芦溪县", "2024", "3"),
        "5.2%": ("固定资产投资增速", "芦溪县", "2024", "5.2"),
        "-2%": ("规模以上工业增加值增速", "岚山县", "2024", "-2"),
        "1.1%": ("固定资产投资增速", "岚山县", "2024", "1.1"),
    }


def test_an_empty_cell_moves_no_value_to_another_column() -> None:
    x = read(REPORT + "县区 | 工业增速 | 投资增速\n芦溪县 | 3% | 5.2%\n岚山县 | | 1.1%\n | 4% | 6%\n")
    told = {words: (f.metric, name(x, f.place)) for words, f in figures(x).items()}
    assert told["1.1%"] == ("投资增速", "岚山县")
    assert told["4%"] == ("工业增速", "") and told["6%"] == ("投资增速", "")


def test_heads_over_several_columns_say_when_and_where() -> None:
    x = read(
        "栖河市就业情况报告\n　　现将有关情况报告如下。\n指标 | 芦溪县 | | 岚山县\n"
        "指标 | 2023年 | 2024年 | 2023年 | 2024年\n"
        "城镇登记失业率 | 3% | 2.9% | 2.5% | 2.2%\n新增就业 | 1200人 | 1300人 | | 900人\n"
    )
    told = {words: (f.metric, name(x, f.place), f.period) for words, f in figures(x).items()}
    assert told == {
        "3%": ("城镇登记失业率", "芦溪县", "2023"), "2.9%": ("城镇登记失业率", "芦溪县", "2024"),
        "2.5%": ("城镇登记失业率", "岚山县", "2023"), "2.2%": ("城镇登记失业率", "岚山县", "2024"),
        "1200人": ("新增就业", "芦溪县", "2023"), "1300人": ("新增就业", "芦溪县", "2024"),
        "900人": ("新增就业", "岚山县", "2024"),
    }  # fmt: skip


def test_a_column_of_targets_has_targets_and_the_year_before_facts() -> None:
    x = read(
        "栖河市人民政府关于印发《栖河市2025年工业发展行动计划》的通知\n各县区人民政府：\n"
        "一、主要目标\n　　任务分解如下\n"
        "县区 | 2024年 | | 2025年目标\n县区 | 工业增加值（亿元） | 增速 | 工业增加值 | 增速\n"
        "芦溪县 | 12亿元 | 3% | 13亿元 | 4%\n"
        "全市 | 22.5亿元 | 2.1% | 24亿元 | 5%\n二、保障措施\n　　加强领导。\n"
    )
    told = {words: (f.kind, f.metric, f.period, name(x, f.place)) for words, f in figures(x).items()}
    assert told["12亿元"] == (Kind.OBSERVATION, "工业增加值", "2024", "芦溪县")
    assert told["13亿元"] == (Kind.TARGET, "工业增加值", "2025", "芦溪县")
    assert told["5%"] == (Kind.TARGET, "增速", "2025", "栖河市")


def test_supports_in_a_table_go_to_the_class_of_their_row() -> None:
    x = read(
        "栖河市支持企业发展若干措施\n栖河市财政局\n　　为支持企业发展，制定以下措施。\n一、奖励标准如下：\n"
        "序号 | 扶持对象 | 奖励标准 | 最高金额 | 责任单位\n1 | 高新技术企业 | 20万元 | 60万元 | 市科技局\n"
        "2 | 瞪羚企业 | 30万元 | 90万元 | 市工信局\n"
    )
    told = {words: (f.kind, name(x, f.about), f.bound) for words, f in figures(x).items()}
    assert told == {
        "20万元": (Kind.PROVISION, "高新技术企业", Bound.EXACTLY),
        "60万元": (Kind.PROVISION, "高新技术企业", Bound.AT_MOST),
        "30万元": (Kind.PROVISION, "瞪羚企业", Bound.EXACTLY),
        "90万元": (Kind.PROVISION, "瞪羚企业", Bound.AT_MOST),
    }


def test_a_table_without_a_head_lends_no_metric() -> None:
    x = read(REPORT + "芦溪县 | 3% | 5.2%\n岚山县 | -2% | 1.1%\n")
    assert {(f.metric, name(x, f.place)) for f in x.figures} == {("", "芦溪县"), ("", "岚山县")}


def test_a_row_with_more_cells_than_the_head_is_not_read_by_it() -> None:
    x = read(REPORT + "县区 | 增速\n芦溪县 | 3%\n岚山县 | 7% | 8%\n")
    told = {words: f.metric for words, f in figures(x).items()}
    assert told["3%"] == "增速" and told["7%"] == "" and told["8%"] == ""


def test_a_text_in_a_cell_is_read_as_text() -> None:
    x = read(
        "栖河市支持企业发展若干措施\n栖河市财政局\n　　为支持企业发展，制定以下措施。\n一、奖励标准如下：\n"
        "扶持对象 | 奖励标准\n瞪羚企业 | 给予不超过30万元奖励\n高新技术企业 | 给予20万元奖励\n"
    )
    told = {f.value.normalize(): name(x, f.about) for f in x.figures}
    assert {int(value): about for value, about in told.items()} == {300000: "瞪羚企业", 200000: "高新技术企业"}


def test_a_row_is_a_sentence_and_its_cells_are_clauses() -> None:
    x = read(REPORT + "县区 | 增速 | 牵头单位\n芦溪县 | 3% | 市财政局\n岚山县 | -2% | 市统计局\n　　下一步。\n")
    text = x.source.text
    assert "芦溪县 | 3% | 市财政局" in [s.span.of(text) for s in x.outline.sentences]
    assert {e.label for e in x.entities if e.kind is Kind.AGENCY} == {"栖河市财政局", "栖河市统计局"}
    assert not [p for p in x.outline.parts if "芦溪县" in p.span.of(text)]


def test_the_head_of_a_column_says_what_a_value_is_about_and_each_value_of_a_row_is_about_its_class() -> None:
    x = read(REPORT + "项目 | 芦溪县 | 岚山县\n新增就业 | 1200人 | 900人\n")
    assert {words: name(x, f.about) for words, f in figures(x).items()} == {"1200人": "芦溪县", "900人": "岚山县"}
    x = read(
        "栖河市支持企业发展若干措施\n栖河市财政局\n　　为支持企业发展，制定以下措施。\n一、奖励标准如下：\n"
        "企业类型 | 首次认定奖励 | 复审奖励\n瞪羚企业 | 20万元 | 10万元\n"
    )
    told = {words: (f.metric, name(x, f.about)) for words, f in figures(x).items()}
    assert told == {"20万元": ("首次认定奖励", "瞪羚企业"), "10万元": ("复审奖励", "瞪羚企业")}


def test_a_table_alone_has_no_title_and_a_table_of_a_letter_is_no_measure() -> None:
    assert not [
        f for one in read("县区 | 2024年投资\n芦溪县 | 12亿元\n").outline.letters for f in one.get_fields("title")
    ]
    x = read(
        "王芳委员：\n您提出的《关于发展托育服务的提案》收悉。现将办理情况答复如下：\n建议内容 | 答复意见\n"
        "一、增加托位 | 2024年新增普惠托位1200个。\n二、加强培训 | 将培训保育员500名。\n栖河市教育局\n2024年7月1日\n"
    )
    assert not x.outline.parts
    assert {f.metric for f in x.figures} == {"新增普惠托位", "培训保育员"}


def test_a_row_without_borders_names_no_metric_and_keeps_its_sign() -> None:
    x = read(REPORT + "县区 工业增速 投资增速\n芦溪县 3% 5.2%\n岚山县 -2% 1.1%\n　　下一步将加大投入。\n")
    told = {(str(f.value), f.metric, name(x, f.place)) for f in x.figures}
    assert told == {("3", "", "芦溪县"), ("5.2", "", "芦溪县"), ("-2", "", "岚山县"), ("1.1", "", "岚山县")}


LETTER = (
    "栖河市民政局\n关于市政协第31号提案的答复\n岑石委员：\n　　您提出的《关于发展老年食堂的提案》收悉，现答复如下：\n"
)
CLOSE = "栖河市民政局\n2025年7月9日\n"
YEARS = "年份 | 食堂（个） | 就餐人次（万） | 补贴（万元）\n2023年 | 21 | 9.5 | 70\n2024 | 26 | 12.2 | 96\n"
GRANTS = "对象 | 建设补助 | 运营补助 | 条件\n示范食堂 | 15万元 | 4元/餐 | 面积300平方米以上\n"


@pytest.mark.parametrize("between", ["补助标准如下：\n", "二、补助标准\n", "补助标准\n"])
def test_two_tables_with_a_line_between_have_heads_of_their_own(between: str) -> None:
    x = read(LETTER + YEARS + between + GRANTS + CLOSE)
    told = {words: (f.kind, f.metric, f.period, str(f.value), f.unit) for words, f in figures(x).items()}
    assert told == {
        "21": (Kind.OBSERVATION, "食堂", "2023", "21", "个"),
        "9.5": (Kind.OBSERVATION, "就餐人次", "2023", "95000", "人次"),
        "70": (Kind.OBSERVATION, "补贴", "2023", "700000", "CNY"),
        "26": (Kind.OBSERVATION, "食堂", "2024", "26", "个"),
        "12.2": (Kind.OBSERVATION, "就餐人次", "2024", "122000", "人次"),
        "96": (Kind.OBSERVATION, "补贴", "2024", "960000", "CNY"),
        "15万元": (Kind.PROVISION, "建设补助", "", "150000", "CNY"),
        "4元/餐": (Kind.PROVISION, "运营补助", "", "4", "CNY"),
    }


def test_a_line_of_one_cell_within_a_table_begins_no_other_one() -> None:
    x = read(LETTER + "名称 | 食堂（个） | 床位（张）\n甲类\n芦溪县 | 4 | 120\n乙类\n岚山县 | 暂无 | 80\n" + CLOSE)
    told = {words: (f.metric, name(x, f.place)) for words, f in figures(x).items()}
    assert told == {"4": ("食堂", "芦溪县"), "120": ("床位", "芦溪县"), "80": ("床位", "岚山县")}


def test_a_unit_at_the_head_of_a_row_is_not_that_of_rates() -> None:
    x = read(
        LETTER + "指标 | 2023年 | 2024年 | 同比增长\n食堂（个） | 21 | 26 | 23.8\n覆盖率（%） | 40 | 45 | 5\n" + CLOSE
    )
    told = {words: (f.metric, f.period, f.unit) for words, f in figures(x).items()}
    assert told["21"] == ("食堂", "2023", "个") and told["45"] == ("覆盖率", "2024", "%")
    assert "23.8" not in told


def test_bare_numbers_without_a_unit_and_numbers_of_rows_are_no_figures() -> None:
    x = read(LETTER + "序号 | 名称 | 食堂（个） | 电话\n1 | 芦溪县 | 4 | 110\n2 | 岚山县 | 6 | 120\n" + CLOSE)
    assert sorted(figures(x)) == ["4", "6"]


UNITS = "岚山县、芦溪县情况如下：\n{}县区 | {}\n芦溪县 | {}\n岚山县 | {}\n　　下一步将加大投入。\n"


@pytest.mark.parametrize(
    ("line", "heads", "values", "expected"),
    [
        ("单位：万元\n", "投入", "300", ["3000000CNY"]),
        ("（单位：万元）\n", "2023年投入 | 2024年投入", "300 | 450", ["3000000CNY", "4500000CNY"]),
        ("表1 投入情况　单位：万元\n", "投入", "300", ["3000000CNY"]),
        ("单位：万元 | \n", "投入", "300", ["3000000CNY"]),
        ("单位：个、万人次、万元\n", "食堂 | 服务人次 | 补贴", "12 | 8.5 | 60", ["12个", "85000人次", "600000CNY"]),
        ("单位：万元、%\n", "投入 | 占比", "300 | 60", ["3000000CNY", "60%"]),
        ("计量单位：公里\n", "新建道路", "30", ["30公里"]),
        ("单位：万元\n", "投入 | 受益户数 | 占比 | 排名", "300 | 45 | 60 | 1", ["3000000CNY"]),
        ("单位：人\n", "人数 | 金额", "300 | 45", ["300人"]),
        ("填报单位：岚山县财政局\n", "投入", "300", []),
        ("", "投入", "300", []),
    ],
)
def test_a_line_above_the_table_has_the_units(line: str, heads: str, values: str, expected: list[str]) -> None:
    x = read(REPORT + UNITS.format(line, heads, values, values))
    for place in ("芦溪县", "岚山县"):
        found = [f for f in x.figures if name(x, f.place) == place]
        assert [f"{f.value.normalize():f}{f.unit}" for f in found] == expected
        assert all(f.metric in heads for f in found)


def test_a_column_has_the_unit_of_each_row() -> None:
    x = read(REPORT + "指标 | 单位 | 数值 | 增速\n固定资产投资 | 亿元 | 35.6 | 8.2\n新增就业 | 人 | 1200 | 3\n")
    assert [(f.metric, f"{f.value.normalize():f}{f.unit}") for f in x.figures] == [
        ("固定资产投资", "3560000000CNY"), ("新增就业", "1200人"),
    ]  # fmt: skip


def test_what_the_line_above_dates_is_no_grant() -> None:
    told = "霁川市科学技术局关于第0001号提案的答复\n王某某委员：\n　　提案收悉。\n　　2023年情况\n单位：万元\n"
    x = read(told + "县区 | 补贴\n芦溪县 | 300\n岚山县 | 200\n　　霁川市科学技术局\n　　2024年5月9日\n")
    assert [(f.kind, f.period) for f in x.figures] == [(Kind.OBSERVATION, "2023")] * 2


PLAN = (
    "栖河市人民政府办公室关于印发《栖河市养老服务三年行动方案》的通知\n"
    "栖政办发〔2025〕17号\n各县区人民政府：\n　　现将方案印发给你们，请认真贯彻执行。\n"
)


@pytest.mark.parametrize(
    ("years", "kinds"),
    [
        (("2025年", "2026年"), (Kind.TARGET, Kind.TARGET)),
        (("2024年", "2025年"), (Kind.OBSERVATION, Kind.OBSERVATION)),
    ],
)
def test_the_year_of_a_plan_is_ahead_where_its_table_goes_on(years: tuple[str, str], kinds: tuple[Kind, Kind]) -> None:
    x = read(
        f"{PLAN}栖河市人民政府办公室\n2025年4月8日\n\n栖河市养老服务三年行动方案\n一、重点任务\n（一）年度计划表\n"
        f"任务 | {years[0]} | {years[1]}\n养老驿站 | 5座 | 9座\n"
    )
    told = figures(x)
    assert (told["5座"].kind, told["9座"].kind) == kinds
