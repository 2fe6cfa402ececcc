"""A small invented page with the extraction that a careful reader would make of it.

澄溪市 and all that is in it are invented. The extraction is made by hand, so that what comes after extraction can be
tested whatever the rules of ``extract`` find.
"""

from __future__ import annotations

from decimal import Decimal

from extract.model import (
    Bound,
    Entity,
    Extraction,
    Fact,
    Field,
    Figure,
    Kind,
    Letter,
    Outline,
    Part,
    Relation,
    Sentence,
    Source,
    Span,
)

PAGE = """案由:(20240015)关于扶持“专精特新”企业的提案
会议名称:市政协五届三次会议
提案者:民建澄溪市委会
主办:市工业和信息化局
会办:市科学技术局、市财政局

一、加大奖补力度
1.对新认定的企业给予奖励。
2.设立风险补偿资金。

市工业和信息化局答复:
民建市委会:
第20240015号提案收悉,经综合市科技局意见,答复如下:
(一)关于加大奖补力度。根据《澄溪市先进制造业促进办法》(栖府办〔2022〕8号),对国家级专精特新“小巨人”企业给予最高50万元奖励。我局实施“登高计划”,通过“栖企通”平台申报。截至2023年底,全市有省级专精特新中小企业128家。
(二)下一步,力争到2026年培育“小巨人”企业20家以上。
澄溪市工业和信息化局
2024年5月20日

市科学技术局会办意见:
市工业和信息化局:
对第20240015号提案,我局支持高新技术企业同等享受“登高计划”。
澄溪市科学技术局
2024年4月9日
"""


def span(words: str, nth: int = 0, text: str = PAGE) -> Span:
    """Where *words* stand in *text* for the *nth* time."""
    begin = -1
    for _ in range(nth + 1):
        begin = text.index(words, begin + 1)
    return Span(begin, begin + len(words))


def stretch(first: str, last: str, text: str = PAGE) -> Span:
    """From the first place of *first* to the end of the next *last*."""
    begin = text.index(first)
    return Span(begin, text.index(last, begin) + len(last))


def make_extraction(source_id: str = "2024/20240015.txt", text: str = PAGE) -> Extraction:
    """The extraction of :data:`PAGE`, as if it were the source *source_id*."""
    shift = text.index(PAGE)

    def at(words: str, nth: int = 0) -> Span:
        found = span(words, nth)
        return Span(found.begin + shift, found.end + shift)

    def from_to(first: str, last: str) -> Span:
        found = stretch(first, last)
        return Span(found.begin + shift, found.end + shift)

    letters = (
        Letter(
            "d1", Kind.PROPOSAL, from_to("案由", "风险补偿资金。"), from_to("一、", "风险补偿资金。"),
            (
                Field("proposalNumber", "20240015", at("20240015")),
                Field("title", "关于扶持“专精特新”企业的提案", at("关于扶持“专精特新”企业的提案")),
                Field("session", "市政协五届三次会议", at("市政协五届三次会议")),
                Field("leadAgency", "市工业和信息化局", at("市工业和信息化局")),
                Field("coAgency", "市科学技术局", at("市科学技术局")),
                Field("coAgency", "市财政局", at("市财政局")),
            ),
        ),
        Letter(
            "d2", Kind.LEAD_REPLY, from_to("市工业和信息化局答复", "5月20日"), from_to("(一)关于", "20家以上。"),
            (
                Field("issued", "2024-05-20", at("2024年5月20日")),
                Field("repliesTo", "d1", at("第20240015号提案")),
            ),
        ),
        Letter(
            "d3", Kind.CO_OPINION, from_to("市科学技术局会办意见", "4月9日"), from_to("对第2024", "“登高计划”。"),
            (Field("issued", "2024-04-09", at("2024年4月9日")),),
        ),
    )  # fmt: skip
    parts = (
        Part("p1", "d1", Kind.SUGGESTION, "一", from_to("加大奖补力度", "风险补偿资金。"), at("加大奖补力度"), None),
        Part("p2", "d1", Kind.SUGGESTION, "一.1", at("对新认定的企业给予奖励。"), None, "p1"),
        Part("p3", "d1", Kind.SUGGESTION, "一.2", at("设立风险补偿资金。"), None, "p1"),
        Part("p4", "d2", Kind.MEASURE, "(一)", from_to("关于加大奖补力度", "128家。"), at("关于加大奖补力度"), None),
        Part("p5", "d2", Kind.COMMITMENT, "(二)", from_to("下一步", "20家以上。"), None, None),
        Part("p6", "d3", Kind.MEASURE, "", from_to("对第20240015", "“登高计划”。"), None, None),
    )
    sentences = tuple(
        Sentence(s, letter, part, (s,))
        for s, letter, part in (
            (at("对新认定的企业给予奖励。"), "d1", "p2"),
            (at("设立风险补偿资金。"), "d1", "p3"),
            (from_to("根据《澄溪", "万元奖励。"), "d2", "p4"),
            (from_to("我局实施", "平台申报。"), "d2", "p4"),
            (from_to("截至2023", "128家。"), "d2", "p4"),
            (from_to("下一步", "20家以上。"), "d2", "p5"),
            (from_to("对第20240015", "“登高计划”。"), "d3", "p6"),
        )
    )
    instrument = "澄溪市先进制造业促进办法"
    entities = (
        Entity("e1", Kind.AGENCY, "澄溪市工业和信息化局", ("市工业和信息化局",), (at("市工业和信息化局"),), "澄溪市"),
        Entity("e2", Kind.AGENCY, "澄溪市科学技术局", ("市科学技术局", "市科技局"), (at("市科学技术局"),), "澄溪市"),
        Entity("e3", Kind.AGENCY, "澄溪市财政局", ("市财政局",), (at("市财政局"),), "澄溪市"),
        Entity("e4", Kind.ORGANIZATION, "民建澄溪市委会", ("民建市委会",), (at("民建澄溪市委会"),), "澄溪市"),
        Entity("e5", Kind.PLACE, "澄溪市", (), (at("澄溪市"),), ""),
        Entity(
            "e6", Kind.INSTRUMENT, instrument, (), (at(instrument),), "",
            (
                Fact("documentNumber", "栖府办〔2022〕8号", at("栖府办〔2022〕8号")),
                Fact("issued", "2022", at("2022", 0)),
                Fact("status", "InForce", at(f"根据《{instrument}》")),
            ),
        ),
        Entity(
            "e7", Kind.TIER, "国家级专精特新“小巨人”企业", ("“小巨人”企业",),
            (at("国家级专精特新“小巨人”企业"), at("“小巨人”企业", 1)), "",
            (Fact("level", "National", at("国家级")),),
        ),
        Entity("e8", Kind.TIER, "省级专精特新中小企业", (), (at("省级专精特新中小企业"),), "",
               (Fact("level", "Provincial", at("省级")),)),
        Entity("e9", Kind.PROGRAM, "登高计划", (), (at("登高计划"), at("登高计划", 1)), "澄溪市"),
        Entity("e10", Kind.PLATFORM, "栖企通", (), (at("栖企通"),), "澄溪市"),
        Entity("e11", Kind.TIER, "高新技术企业", (), (at("高新技术企业"),), ""),
    )  # fmt: skip
    header = {"leadAgency": ("e1", "主办:市工业和信息化局"), "submittedBy": ("e4", "提案者:民建澄溪市委会")}
    relations = (
        *(Relation("d1", p, e, at(words), f"header.{p}", 0.98) for p, (e, words) in header.items()),
        Relation("d1", "coAgency", "e2", at("会办:市科学技术局、市财政局"), "header.coAgency", 0.98),
        Relation("d1", "coAgency", "e3", at("会办:市科学技术局、市财政局"), "header.coAgency", 0.98),
        Relation("d2", "issuedBy", "e1", at("澄溪市工业和信息化局"), "signature", 0.95),
        Relation("d2", "addressedTo", "e4", at("民建市委会:"), "salutation", 0.95),
        Relation("d2", "consulted", "e2", at("经综合市科技局意见"), "consulted", 0.95),
        Relation("d2", "repliesTo", "d1", at("第20240015号提案"), "number", 0.95),
        Relation("d3", "issuedBy", "e2", at("澄溪市科学技术局"), "signature", 0.95),
        Relation("d3", "addressedTo", "e1", at("市工业和信息化局:\n"), "salutation", 0.95),
        Relation("d3", "repliesTo", "d1", at("第20240015号提案", 1), "number", 0.95),
        *(Relation(e, "jurisdiction", "e5", at("澄溪市"), "name", 0.9) for e in ("e1", "e2", "e3")),
        Relation("e1", "administers", "e9", at("我局实施“登高计划”"), "administers", 0.9),
        Relation("e9", "availableOn", "e10", at("“登高计划”,通过“栖企通”平台申报"), "availableOn", 0.8),
        Relation("e9", "supports", "e11", at("支持高新技术企业同等享受“登高计划”"), "supports", 0.8),
        Relation("d2", "basedOn", "e6", at(f"根据《{instrument}》"), "basedOn", 0.9),
        Relation("e6", "supports", "e7", from_to("根据《澄溪", "万元奖励"), "supports", 0.8),
        Relation("p4", "respondsTo", "p1", at("关于加大奖补力度"), "heading", 0.95),
        *(Relation("p4", "involves", e, at("登高计划"), "mention", 0.9) for e in ("e6", "e7", "e8", "e9", "e10")),
        Relation("p4", "actor", "e1", at("我局"), "actor", 0.9),
        Relation("p5", "involves", "e7", at("“小巨人”企业", 1), "mention", 0.9),
        Relation("p6", "involves", "e9", at("登高计划", 1), "mention", 0.9),
    )
    figures = (
        Figure("f1", Kind.PROVISION, at("给予最高50万元奖励"), Decimal("500000"), "CNY", Bound.AT_MOST, "奖励",
               about="e7", granted_under="e6", provider="e1", rule="provision"),
        Figure("f2", Kind.OBSERVATION, at("省级专精特新中小企业128家"), Decimal("128"), "家", Bound.EXACTLY,
               "省级专精特新中小企业", about="e8", period="2023", place="e5", rule="count"),
        Figure("f3", Kind.TARGET, at("“小巨人”企业20家以上"), Decimal("20"), "家", Bound.AT_LEAST, "“小巨人”企业",
               about="e7", deadline="2026", part_of="p5", rule="target"),
    )  # fmt: skip
    return Extraction(Source(source_id, text), Outline(letters, parts, sentences), entities, relations, figures)
