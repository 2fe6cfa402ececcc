"""English questions: names in translation and in pinyin, the reports of Chinese ones; short numbers of proposals."""

from __future__ import annotations

import pytest

from kg.api import Graph
from kg.report.ask.answering import _Asker
from kg.report.ask.english import load_fields

pytestmark = pytest.mark.rules


@pytest.fixture(scope="module")
def asker(examples: Graph) -> _Asker:
    return _Asker(examples.store)


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("What did the Jichuan civil affairs bureau promise?", ["霁川", "civil affairs bureau"]),
        ("What does the bureau of human resources say?", ["bureau of human resources"]),
        ("How many gazelle firms does Jichuan (霁川) have?", ["gazelle firms", "霁川"]),
        ("Who replied to Deputy Gu Shuning (顾书宁)?", ["顾书宁"]),
        ("How does the weather bureau of Atlantis work?", []),
    ],
)
def test_names_are_found_in_english_and_pinyin(asker: _Asker, question: str, names: list[str]) -> None:
    assert [named.text for named in asker.find_names(question, "en")] == names


def test_agency_behind_a_place_is_that_of_the_place(asker: _Asker) -> None:
    (_, agency) = asker.find_names("What did the Jichuan finance bureau say?", "en")
    assert [iri.rpartition("/")[2] for iri in agency.iris] == ["霁川市财政局"]


def test_fields_have_their_short_forms() -> None:
    assert {"人力资源和社会保障", "人社"} <= {*load_fields()["human resources"]}


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Which agencies left no opinion on proposal 20240117?", "霁川市人力资源和社会保障局"),
        ("Who has not replied to proposal 20240117?", "霁川市人力资源和社会保障局"),
        ("Whose opinion is missing on proposal 20240117?", "霁川市人力资源和社会保障局"),
        ("Did the finance bureau give an opinion on proposal 20240117?", "Yes: 霁川市财政局"),
        ("Has proposal 045 been answered?", "None was found"),
        ("Which suggestions of proposal 20240117 were not answered?", "suggestions without an answer"),
        ("What did the Jichuan civil affairs bureau promise?", "What 霁川市民政局 says it will do"),
        ("What does the city management bureau plan to do next?", "What 霁川市城市管理局 says it will do"),
        ("What did the finance bureau say in its opinion on proposal 20240117?", "霁川市财政局 says"),
        ("How did the Jichuan finance bureau respond to proposal 0117?", "霁川市财政局 says"),
        ("How much does a little giant get in Jichuan?", "1,000,000"),
        ("What support can little giants get?", "gets or is covered by"),
        ("When was the reply to suggestion No. 86 dated, and by whom?", "霁川市民政局 replied on 2024-06-14"),
        ("Who replied to Deputy Yao Qiming (姚启明) on rural e-commerce, and when?", "None was found"),
        ("What is overdue?", "deadline has passed"),
    ],
)
def test_english_question_has_the_answer_of_the_chinese_one(examples: Graph, question: str, words: str) -> None:
    answer = examples.ask(question)
    assert answer.state == "answered", answer.text
    assert words in answer.text
    assert "Not known" not in answer.text


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("0117号提案还有哪个会办单位没交会办意见？", "霁川市人力资源和社会保障局"),
        ("2024年第117号提案由谁主办？", "霁川市工业和信息化局"),
        ("45号提案是谁提的？", "姚启明"),
        ("谁还没有答复20240117号提案？", "霁川市人力资源和社会保障局"),
        ("青棠县045号提案立案以后交给谁主办？", "青棠县商务局"),
        ("停车难那件提案，市财政局有没有单独出意见？", "不知道"),
    ],
)
def test_short_number_stands_for_the_one_proposal_that_it_fits(examples: Graph, question: str, words: str) -> None:
    assert words in examples.ask(question).text


@pytest.mark.parametrize("question", ["0999号提案由谁主办？", "2023年第117号提案由谁主办？", "17号提案由谁主办？"])
def test_number_that_fits_no_proposal_is_not_known(examples: Graph, question: str) -> None:
    assert examples.ask(question).state == "unknown"
