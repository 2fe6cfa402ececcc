"""The annotation of the invented page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from kg.evaluate import FileResult

Gold = dict[str, Any]
Judged = Callable[..., FileResult]


def annotation() -> Gold:
    """What a careful reader takes from the invented page: all that the extraction made by hand says."""
    return {
        "source": "pages/20240015.txt",
        "documents": [
            {
                "id": "P", "type": "Proposal", "proposalNumber": "20240015", "title": "关于扶持专精特新企业的提案",
                "session": "市政协五届三次会议", "submittedBy": ["民建澄溪市委会"],
                "leadAgency": ["澄溪市工业和信息化局"], "coAgency": ["市科学技术局", "市财政局"],
            },
            {
                "id": "R1", "type": "LeadReply", "issuedBy": ["澄溪市工业和信息化局"], "issued": "2024-05-20",
                "addressedTo": ["民建澄溪市委会"], "consulted": ["市科技局"], "repliesTo": ["20240015"],
                "basedOn": ["澄溪市先进制造业促进办法"],
            },
            {
                "id": "R2", "type": "CoHandlingOpinion", "issuedBy": ["澄溪市科学技术局"], "issued": "2024-04-09",
                "addressedTo": ["市工业和信息化局"], "repliesTo": ["20240015"],
            },
        ],
        "parts": [
            {"doc": "P", "type": "Suggestion", "number": "一", "begins": "加大奖补力度"},
            {"doc": "P", "type": "Suggestion", "number": "一.1", "begins": "对新认定的企业给予奖励"},
            {"doc": "P", "type": "Suggestion", "number": "一.2", "begins": ["设立风险补偿资金", "设立"]},
            {"doc": "R1", "type": "Measure", "number": "(一)", "begins": "关于加大奖补力度"},
            {"doc": "R1", "type": "Commitment", "number": "(二)", "begins": "下一步,力争到2026年"},
            {"doc": "R2", "type": "Measure", "begins": "对第20240015号提案"},
        ],
        "responds": [{"part": "关于加大奖补力度", "suggestion": "加大奖补力度"}],
        "entities": [
            {"type": "Agency", "label": "澄溪市工业和信息化局", "aliases": ["市工业和信息化局"]},
            {"type": "Agency", "label": "澄溪市科学技术局", "aliases": ["市科学技术局", "市科技局"]},
            {"type": "Agency", "label": "澄溪市财政局", "aliases": ["市财政局"]},
            {"type": "Organization", "label": "民建澄溪市委会", "aliases": ["民建市委会"]},
            {"type": "Place", "label": "澄溪市"},
            {
                "type": "PolicyInstrument", "label": "澄溪市先进制造业促进办法", "documentNumber": "栖府办〔2022〕8号",
                "issued": "2022", "status": "InForce",
            },
            {
                "type": "EnterpriseTier", "label": "国家级专精特新“小巨人”企业", "aliases": ["小巨人企业"],
                "level": "National",
            },
            {"type": "EnterpriseTier", "label": "省级专精特新中小企业", "level": "Provincial"},
            {"type": "Program", "label": "登高计划"},
            {"type": "Platform", "label": "栖企通"},
            {"type": "TargetGroup", "label": "高新技术企业"},
        ],
        "edges": [
            {"s": "市工业和信息化局", "p": "administers", "o": "登高计划", "quote": "我局实施“登高计划”"},
            {"s": "登高计划", "p": "availableOn", "o": "栖企通", "quote": "通过“栖企通”平台申报"},
            {"s": "登高计划", "p": "supports", "o": ["科技型企业", "高新技术企业"], "quote": "高新技术企业同等享受"},
            {"s": "澄溪市先进制造业促进办法", "p": "supports", "o": "小巨人企业", "quote": "给予最高50万元奖励"},
        ],
        "figures": [
            {
                "type": "Provision", "value": 500000, "unit": "CNY", "bound": "AtMost", "about": "小巨人企业",
                "quote": "最高50万元",
            },
            {
                "type": "Observation", "value": 128, "unit": "家", "bound": "Exactly", "about": "省级专精特新中小企业",
                "period": "2023", "quote": "128家",
            },
            {
                "type": "Target", "value": 20, "unit": "家", "bound": "AtLeast", "about": "小巨人企业",
                "quote": "20家以上",
            },
        ],
    }  # fmt: skip
