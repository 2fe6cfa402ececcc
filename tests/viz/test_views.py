"""The views of a page as values: what stands in them, in what order, and what they say of it."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from viz.data import Edge, FactLine, FigureDetails, Node, PageData, Quote
from viz.payload import build_payload, find_readings
from viz.views import VIEWS, build_views
from viz.views.agencies import build_agency_columns
from viz.views.answers import build_proposal_sheets
from viz.views.index import PageIndex, order_columns
from viz.views.instruments import build_timeline
from viz.views.schema import build_schema
from viz.views.tiers import LEVELS, build_tier_ladder


def page(nodes: list[tuple[str, str]], edges: list[tuple[str, str, str]], facts: dict[str, tuple[FactLine, ...]] | None
         = None) -> PageData:  # fmt: skip
    """Nodes are (name, class), edges (subject, predicate, object)."""
    return PageData(
        "t",
        tuple(Node(name, kind, name, facts=(facts or {}).get(name, ())) for name, kind in nodes),
        tuple(Edge(f"e{n}", a, b, p) for n, (a, p, b) in enumerate(edges)),
    )


def grant(ident: str, *ties: tuple[str, str]) -> FactLine:
    return FactLine(
        "奖励", "50万元", kind="Provision", figure=FigureDetails(ident, "500000", "CNY", "AtMost", ties=ties)
    )


def names(data: PageData, numbers: tuple[int, ...]) -> list[str]:
    return [data.nodes[i].label for i in numbers]


ANSWERED = page(
    [("提案", "Proposal"), ("甲", "Suggestion"), ("甲一", "Suggestion"), ("乙", "Suggestion"), ("丙", "Suggestion"),
     ("丁", "Suggestion"), ("丁一", "Suggestion"), ("答复", "LeadReply"), ("措施", "Measure"), ("承诺", "Commitment"),
     ("另一措施", "Measure")],
    [("甲", "partOf", "提案"), ("甲一", "partOf", "甲"), ("乙", "partOf", "提案"), ("丙", "partOf", "提案"),
     ("丁", "partOf", "提案"), ("丁一", "partOf", "丁"), ("答复", "repliesTo", "提案"), ("措施", "partOf", "答复"),
     ("承诺", "partOf", "答复"), ("另一措施", "partOf", "答复"), ("措施", "respondsTo", "甲"),
     ("承诺", "mayRespondTo", "乙"), ("措施", "respondsTo", "丁一")],
)  # fmt: skip


def test_each_suggestion_says_how_it_was_answered() -> None:
    [sheet] = build_proposal_sheets(PageIndex(ANSWERED))
    states = {ANSWERED.nodes[row.suggestion].label: row.state for row in sheet.rows}
    assert states == {"甲": "answered", "甲一": "heading", "乙": "may", "丙": "none", "丁": "below",
                      "丁一": "answered"}  # fmt: skip
    assert [row.depth for row in sheet.rows] == [0, 1, 0, 0, 0, 1]
    assert names(ANSWERED, sheet.loose) == ["另一措施"]


def test_the_lead_reply_stands_before_the_opinions() -> None:
    data = page(
        [("提案", "Proposal"), ("会办甲", "CoHandlingOpinion"), ("答复", "LeadReply"), ("会办乙", "CoHandlingOpinion")],
        [("会办甲", "repliesTo", "提案"), ("答复", "repliesTo", "提案"), ("会办乙", "repliesTo", "提案")],
    )
    [sheet] = build_proposal_sheets(PageIndex(data))
    assert names(data, sheet.replies) == ["答复", "会办甲", "会办乙"]


def find_silent(state: str = "") -> list[str]:
    """A proposal with two agencies, one of which replied, and the labels of the silent ones."""
    facts = {"提案": (FactLine("replyState", state),)} if state else {}
    data = page(
        [("提案", "Proposal"), ("甲局", "Agency"), ("乙局", "Agency"), ("答复", "LeadReply"), ("措施", "Measure")],
        [("提案", "leadAgency", "甲局"), ("提案", "coAgency", "乙局"), ("答复", "repliesTo", "提案"),
         ("答复", "issuedBy", "甲局"), ("措施", "partOf", "答复")],
        facts,
    )  # fmt: skip
    [sheet] = build_proposal_sheets(PageIndex(data))
    return [data.edges[edge].target for edge in sheet.silent]


def test_agencies_in_charge_without_a_reply_stand_on_the_sheet() -> None:
    assert find_silent() == ["乙局"]


def list_silent(*edges: tuple[str, str, str], state: str = "") -> list[str]:
    """Return the silent agencies of a proposal with a lead agency, two others and an opinion."""
    nodes = [
        ("提案", "Proposal"),
        ("甲局", "Agency"),
        ("乙局", "Agency"),
        ("丙局", "Agency"),
        ("会办", "CoHandlingOpinion"),
    ]
    roles = [("提案", "leadAgency", "甲局"), ("提案", "coAgency", "乙局"), ("提案", "coAgency", "丙局"),
             ("会办", "repliesTo", "提案")]  # fmt: skip
    data = page(nodes, [*roles, *edges], {"提案": (FactLine("replyState", state),)} if state else {})
    [sheet] = build_proposal_sheets(PageIndex(data))
    return [data.edges[edge].target for edge in sheet.silent]


def test_an_opinion_beside_a_list_does_not_hide_who_leads() -> None:
    assert list_silent(("会办", "issuedBy", "乙局")) == ["甲局", "丙局"]


def test_an_opinion_of_nobody_may_be_that_of_each() -> None:
    assert list_silent() == ["甲局"]


def test_the_date_of_a_reply_excuses_its_agency_alone_where_opinions_are_there() -> None:
    assert list_silent(("会办", "issuedBy", "乙局"), state="ReplyElsewhere") == ["丙局"]


@pytest.mark.parametrize("state", ["ReplyNotPublished", "ReplyElsewhere", "ReplyUnreadable"])
def test_nobody_is_silent_where_the_reply_cannot_be_seen(state: str) -> None:
    assert find_silent(state) == []


def test_a_proposal_without_suggestions_and_replies_has_a_sheet_behind_the_others() -> None:
    data = page(
        [("一提案", "Proposal"), ("二提案", "Proposal"), ("建议", "Suggestion"), ("甲局", "Agency")],
        [("建议", "partOf", "二提案"), ("一提案", "leadAgency", "甲局")],
    )
    sheets = build_proposal_sheets(PageIndex(data))
    assert names(data, [sheet.proposal for sheet in sheets]) == ["二提案", "一提案"]
    assert [data.edges[edge].target for edge in sheets[1].silent] == ["甲局"]


def test_an_agency_whose_opinion_is_not_published_is_said_to_be_that() -> None:
    data = page(
        [("提案", "Proposal"), ("甲局", "Agency"), ("乙局", "Agency"), ("答复", "LeadReply"), ("措施", "Measure")],
        [("提案", "leadAgency", "甲局"), ("提案", "coAgency", "乙局"), ("答复", "repliesTo", "提案"),
         ("答复", "issuedBy", "甲局"), ("措施", "partOf", "答复"), ("提案", "opinionNotPublished", "乙局")],
    )  # fmt: skip
    [sheet] = build_proposal_sheets(PageIndex(data))
    assert sheet.silent == ()
    assert [data.edges[edge].target for edge in sheet.hidden] == ["乙局"]


def test_without_a_reply_nothing_is_called_unanswered() -> None:
    kept = tuple(e for e in ANSWERED.edges if e.predicate == "partOf" and e.target not in {"答复"})
    [sheet] = build_proposal_sheets(PageIndex(replace(ANSWERED, edges=kept)))
    assert {row.state for row in sheet.rows} == {"unheard"}


def test_a_reply_without_readable_parts_leaves_it_open_too() -> None:
    gone = {"措施", "承诺", "另一措施"}
    data = PageData("t", tuple(n for n in ANSWERED.nodes if n.id not in gone),
                    tuple(e for e in ANSWERED.edges if not {e.source, e.target} & gone))  # fmt: skip
    [sheet] = build_proposal_sheets(PageIndex(data))
    assert {row.state for row in sheet.rows} == {"unheard"}
    assert len(sheet.replies) == 1


def test_suggestions_stand_in_the_order_of_their_printed_numbers() -> None:
    numbers = ["十", "二", "十一", "二.(十)", "二.(三)", "一"]
    data = page(
        [("提案", "Proposal"), *((n, "Suggestion") for n in numbers)],
        [(n, "partOf", "二" if n.startswith("二.") else "提案") for n in numbers],
        {n: (FactLine("number", n),) for n in numbers},
    )
    [sheet] = build_proposal_sheets(PageIndex(data))
    said = [data.nodes[row.suggestion].label for row in sheet.rows]
    assert said == ["一", "二", "二.(三)", "二.(十)", "十", "十一"]


def test_parts_without_numbers_stand_in_the_order_of_the_text() -> None:
    data = page([("提案", "Proposal"), ("后", "Suggestion"), ("先", "Suggestion")],
                [("后", "partOf", "提案"), ("先", "partOf", "提案")])  # fmt: skip
    quotes = {"后": Quote("后", begin=90), "先": Quote("先", begin=10)}
    nodes = tuple(replace(n, quotes=(quotes[n.id],)) if n.id in quotes else n for n in data.nodes)
    data = replace(data, nodes=nodes)
    [sheet] = build_proposal_sheets(PageIndex(data))
    assert names(data, tuple(row.suggestion for row in sheet.rows)) == ["先", "后"]


def test_parts_that_contain_each_other_do_not_hang_the_page() -> None:
    data = page([("提案", "Proposal"), ("甲", "Suggestion"), ("乙", "Suggestion"), ("答复", "LeadReply"),
                 ("措施", "Measure")],
                [("甲", "partOf", "乙"), ("乙", "partOf", "甲"), ("甲", "partOf", "提案"),
                 ("答复", "repliesTo", "提案"), ("措施", "partOf", "措施"), ("措施", "partOf", "答复"),
                 ("答复", "partOf", "措施")])  # fmt: skip
    [sheet] = build_proposal_sheets(PageIndex(data))
    assert sorted(names(data, tuple(row.suggestion for row in sheet.rows))) == ["乙", "甲"]


def test_agencies_stand_beside_what_they_run_and_whom_that_serves() -> None:
    data = page(
        [("局", "Agency"), ("厅", "Agency"), ("计划", "Program"), ("办法", "PolicyInstrument"),
         ("旧法", "PolicyInstrument"), ("小巨人", "EnterpriseTier"), ("老人", "TargetGroup"), ("无主计划", "Program")],
        [("局", "administers", "计划"), ("计划", "supports", "小巨人"), ("办法", "issuedBy", "厅"),
         ("旧法", "issuedBy", "厅"), ("无主计划", "supports", "老人")],
        {"小巨人": (grant("f", ("about", "小巨人"), ("grantedUnder", "办法"), ("provider", "厅")),)},
    )  # fmt: skip
    found = build_agency_columns(PageIndex(data))
    blocks = [[names(data, column) for column in block] for block in found.blocks]
    assert sorted(map(sorted, blocks[0])) == [["办法", "计划"], ["厅", "局"], ["小巨人"]]
    assert blocks[1:] == [[[], ["无主计划"], ["老人"]]]  # nobody is named for it: that comes last
    by = {(data.nodes[x.left].label, data.nodes[x.right].label): x for x in found.links}
    assert set(by) == {("局", "计划"), ("计划", "小巨人"), ("厅", "办法"), ("办法", "小巨人"), ("无主计划", "老人")}
    assert by["办法", "小巨人"].figures == ("f",)
    assert by["办法", "小巨人"].edges == ()


def test_tiers_stand_by_level_and_then_by_the_steps_of_their_ladder() -> None:
    data = page(
        [("丙", "EnterpriseTier"), ("乙", "EnterpriseTier"), ("甲", "EnterpriseTier"), ("国", "EnterpriseTier"),
         ("省", "EnterpriseTier"), ("孤", "EnterpriseTier")],
        [("甲", "advancesTo", "乙"), ("乙", "advancesTo", "丙"), ("丙", "advancesTo", "省"),
         ("省", "advancesTo", "国")],
        {"国": (FactLine("level", "National"), grant("f", ("about", "国"))), "省": (FactLine("level", "Provincial"),)},
    )  # fmt: skip
    ladder = build_tier_ladder(PageIndex(data))
    assert names(data, tuple(r.node for r in ladder.rungs)) == ["国", "省", "甲", "乙", "丙", "孤"]
    assert [LEVELS[r.level] for r in ladder.rungs][:3] == ["National", "Provincial", ""]
    assert ladder.rungs[0].gets == ((1, None),)
    assert len(ladder.steps) == 4


def test_a_sum_of_a_tier_has_the_place_of_whoever_gives_it() -> None:
    """The place of the sum, of its provider, of the issuer of the policy, or of who writes of it, in this order."""
    quoted = replace(grant("quoted", ("about", "级")), quotes=(Quote("50万元", agency="乙市局"),))
    ministry = replace(grant("ministry", ("about", "级"), ("provider", "部")), quotes=quoted.quotes)
    sums = (
        grant("placed", ("about", "级"), ("provider", "甲市局"), ("place", "丙县")),
        grant("provided", ("about", "级"), ("provider", "甲市局"), ("grantedUnder", "乙市办法")),
        grant("granted", ("about", "级"), ("grantedUnder", "乙市办法")),
        grant("run", ("about", "级"), ("grantedUnder", "甲市计划")),
        quoted,
        ministry,
        grant("unknown", ("about", "级")),
    )
    data = page(
        [("级", "EnterpriseTier"), ("甲市局", "Agency"), ("乙市局", "Agency"), ("部", "Agency"), ("甲市", "Place"),
         ("乙市", "Place"), ("丙县", "Place"), ("乙市办法", "PolicyInstrument"), ("甲市计划", "Program")],
        [("甲市局", "jurisdiction", "甲市"), ("乙市局", "jurisdiction", "乙市"), ("乙市办法", "issuedBy", "乙市局"),
         ("甲市局", "administers", "甲市计划")],
        {"级": sums},
    )  # fmt: skip
    [rung] = build_tier_ladder(PageIndex(data)).rungs
    places = [None if place is None else data.nodes[place].label for _, place in rung.gets]
    assert places == ["丙县", "甲市", "乙市", "甲市", "乙市", None, None]


def test_a_condition_of_a_sum_stands_with_the_sum_and_others_with_the_tier() -> None:
    def condition(ident: str, *ties: tuple[str, str]) -> FactLine:
        return FactLine("营收", "不少于5亿元", kind="Condition", figure=FigureDetails(ident, "500000000", ties=ties))

    facts = (grant("sum", ("about", "级")), condition("own", ("about", "级")),
             condition("of sum", ("about", "级"), ("conditionOf", "sum")))  # fmt: skip
    data = page([("级", "EnterpriseTier")], [], {"级": facts})
    [rung] = build_tier_ladder(PageIndex(data)).rungs
    assert rung.conditions == (1,)
    figures = build_payload(data, [(0, 0, 0, 0)], [0])["figures"]
    assert [figure[12:] for figure in figures] == [[], [], [[0]]]


def test_a_sum_that_all_receivers_share_stands_on_no_card() -> None:
    total = replace(grant("f2", ("about", "甲")), figure=FigureDetails("f2", "2000000000", "CNY", support="Budget"))
    data = page([("甲", "EnterpriseTier")], [], {"甲": (grant("f1", ("about", "甲")), total)})
    [rung] = build_tier_ladder(PageIndex(data)).rungs
    assert [line for line, _ in rung.gets] == [0]


def test_a_ladder_that_goes_in_a_circle_ends() -> None:
    nodes = [("甲", "EnterpriseTier"), ("乙", "EnterpriseTier")]
    data = page(nodes, [("甲", "advancesTo", "乙"), ("乙", "advancesTo", "甲")])
    assert len(build_tier_ladder(PageIndex(data)).rungs) == 2


def test_instruments_stand_by_date_and_say_where_the_year_comes_from() -> None:
    data = page(
        [("甲法", "PolicyInstrument"), ("乙法", "PolicyInstrument"), ("丙法", "PolicyInstrument"),
         ("答复", "LeadReply"), ("别的答复", "LeadReply")],
        [("答复", "basedOn", "丙法")],
        {"甲法": (FactLine("documentNumber", "霁府规〔2023〕9号"),), "乙法": (FactLine("issued", "2024-05"),),
         "答复": (FactLine("issued", "2023-12-01"),)},
    )  # fmt: skip
    line = build_timeline(PageIndex(data))
    assert [(data.nodes[e.node].label, e.date, e.by_number) for e in line.entries] == [
        ("乙法", "2024-05", False),
        ("答复", "2023-12-01", False),
        ("甲法", "2023", True),
        ("丙法", "", False),
    ]
    assert len(line.citations) == 1


def test_the_schema_counts_a_figure_once_whatever_it_is_a_line_of() -> None:
    line = grant("f", ("about", "甲"), ("grantedUnder", "乙"))
    nodes = [("甲", "EnterpriseTier"), ("乙", "Program")]
    data = page(nodes, [("乙", "supports", "甲")], {"甲": (line,), "乙": (line,)})
    found = build_schema(PageIndex(data))
    assert dict(found.classes) == {"EnterpriseTier": 1, "Program": 1, "Provision": 1}
    assert set(found.properties) == {
        ("Program", "supports", "EnterpriseTier", 1),
        ("Provision", "about", "EnterpriseTier", 1),
        ("Provision", "grantedUnder", "Program", 1),
    }


def test_ordering_uncrosses_lines() -> None:
    left, right = list(range(8)), list(range(8, 16))
    links = [(i, 15 - i) for i in range(8)]
    first, second = order_columns([left, right], links)
    assert [dict(links)[i] for i in first] == second


def test_the_order_of_edges_changes_no_view() -> None:
    def said(data: PageData) -> object:
        """Views in names."""
        found = PageIndex(data)
        return (
            [[names(data, c) for c in block] for block in build_agency_columns(found).blocks],
            [names(data, tuple(r.suggestion for r in s.rows)) for s in build_proposal_sheets(found)],
            build_schema(found).to_json(),
        )

    edges = list(ANSWERED.edges)
    random.Random(3).shuffle(edges)
    assert said(replace(ANSWERED, edges=tuple(edges))) == said(ANSWERED)


def test_every_view_of_an_empty_page_is_empty() -> None:
    found = build_views(PageData("空", (), ()))
    assert set(found) == set(VIEWS) - {"graph", "about"}
    assert found["answers"] == []
    assert found["agencies"] == {"blocks": [], "links": []}


def test_characters_have_all_their_readings() -> None:
    found = find_readings(["重庆市", "霁川绿城", "ABC 123"])
    assert found["重"].split()[:2] == ["zhong", "chong"]
    assert found["霁"] == "ji"
    assert "lv" in found["绿"].split()
    assert set(found) == set("重庆市霁川绿城")
    assert find_readings(["市庆重", "城绿川霁"]) == found


def test_readings_that_hardly_any_word_has_are_left_out() -> None:
    """需 is ru in one rare word, and 急需紧 would be found by jrj."""
    found = find_readings(["急需租金", "银行行动长"])
    assert found["需"] == "xu"
    assert found["租"] == "zu"
    assert {"hang", "xing"} <= set(found["行"].split())
    assert {"chang", "zhang"} <= set(found["长"].split())
