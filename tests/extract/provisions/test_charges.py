"""Who is in charge of the targets of invented plans, and by when."""

from __future__ import annotations

from extract.model import Extraction, Figure, Kind
from tests.support.reading import read

HEAD = "澄溪市人民政府办公室关于印发澄溪市2024年营商环境行动方案的通知\n各区县人民政府：\n"
BODY = """澄溪市2024年营商环境行动方案
一、优化服务
1.培育数字企业。新增数字企业30家以上，数字化改造率达到60%。（牵头单位：市工业和信息化局；责任单位：市财政局；完成时限：2024年9月底）
2.改造老旧小区。改造老旧小区20个。
3.建设充电桩。新建充电桩300个。（11月底前完成，牵头单位：市住房和城乡建设局）
二、办理破产领域（市司法局牵头）
4.提升办案质量。办结案件200件以上。
"""


def find_targets(text: str) -> tuple[Extraction, dict[str, Figure]]:
    extraction = read(text)
    return extraction, {f.metric: f for f in extraction.figures if f.kind is Kind.TARGET}


def test_the_note_of_an_item_names_who_is_in_charge() -> None:
    extraction, targets = find_targets(HEAD + BODY)
    actors: dict[str, set[str]] = {metric: set() for metric in targets}
    names = {figure.id: metric for metric, figure in targets.items()}
    for relation in extraction.relations:
        if relation.predicate == "actor" and relation.subject in names:
            actors[names[relation.subject]].add(extraction.get_entity(relation.object).label)
    assert actors == {
        "新增数字企业": {"澄溪市工业和信息化局"},
        "数字化改造率": {"澄溪市工业和信息化局"},
        "改造老旧小区": set(),
        "新建充电桩": {"澄溪市住房和城乡建设局"},
        "办结案件": {"澄溪市司法局"},
    }


def test_the_note_of_an_item_has_its_deadline() -> None:
    _, targets = find_targets(HEAD + BODY)
    assert {metric: f.deadline for metric, f in targets.items()} == {
        "新增数字企业": "2024-09", "数字化改造率": "2024-09", "改造老旧小区": "", "新建充电桩": "2024-11",
        "办结案件": "",
    }  # fmt: skip
    assert targets["改造老旧小区"].period == "2024"


def test_a_time_in_the_sentence_comes_before_the_note() -> None:
    text = BODY.replace("新增数字企业30家", "到2025年新增数字企业30家")
    _, targets = find_targets(HEAD + text)
    assert targets["新增数字企业"].deadline == "2025"


def test_the_time_of_writing_is_no_deadline() -> None:
    text = BODY.replace("新建充电桩300个。（11月底前完成，", "目前，在现有基础上新建充电桩300个。（")
    _, targets = find_targets(HEAD + text)
    assert targets["新建充电桩"].deadline == ""
