"""A graph of an invented city, of any size: proposals, replies, parts, agencies, programmes; the same every time."""

from __future__ import annotations

import random

from viz.data import Edge, FactLine, Node, PageData, Quote

CITY = "沧江市"
_FIELDS = (
    "数字经济",
    "养老服务",
    "轨道交通",
    "科技创新",
    "文旅融合",
    "职业教育",
    "绿色建筑",
    "社区医疗",
    "冷链物流",
    "人才引进",
    "海绵城市",
    "知识产权",
)
_BODIES = (
    "发展和改革局",
    "科学技术局",
    "工业和信息化局",
    "教育局",
    "财政局",
    "人力资源和社会保障局",
    "住房和城乡建设局",
    "交通运输局",
    "卫生健康局",
    "文化和旅游局",
    "市场监督管理局",
    "民政局",
)
_PLACES = ("云栖区", "松湖区", "北岸新区", "石桥镇", "青溪镇")
_VERBS = ("完善", "加强", "推进", "优化", "扩大", "规范", "探索", "健全")
_THINGS = (
    "资金扶持政策",
    "公共服务平台建设",
    "跨部门协同机制",
    "人才培养体系",
    "重点项目用地保障",
    "标准体系建设",
    "试点示范工作",
    "融资服务渠道",
    "基础设施配套",
)
_GROUPS = ("中小微企业", "民营企业", "外来务工人员", "高校毕业生", "老年人", "返乡创业人员")


def _quote(text: str, title: str, agency: str, date: str, before: str = "", after: str = "。") -> Quote:
    return Quote(text, before, after, title, agency, date, f"{date[:4]}/{title[:8]}.txt")


class _Maker:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.nodes: list[Node] = []
        self.edges: list[Edge] = []

    def node(self, kind: str, label: str, **more: object) -> str:
        ident = f"https://example.org/id/{kind}/{len(self.nodes)}"
        self.nodes.append(Node(ident, kind, label, **more))  # type: ignore[arg-type]
        return ident

    def edge(
        self, a: str, predicate: str, b: str, quotes: tuple[Quote, ...] = (), confidence: float | None = 0.9
    ) -> None:
        self.edges.append(Edge(f"e{len(self.edges)}", a, b, predicate, quotes, confidence))

    def named(self, ident: str) -> str:
        return next(node.label for node in self.nodes if node.id == ident)

    def some(self, things: list[str]) -> str:
        """One of *things*, the first ones more often: every city has its busy bureaus."""
        return things[min(int(self.random.expovariate(4 / len(things))), len(things) - 1)]


def city(size: int, seed: int = 5) -> PageData:
    """A page of *size* nodes (a few more at most)."""
    make = _Maker(seed)
    roll = make.random
    agencies, programs, instruments, others = [], [], [], []
    place = make.node("Place", CITY, weight=1.5)
    districts = [make.node("Place", name, aliases=(CITY + name,)) for name in _PLACES]
    for name in _BODIES:
        full = f"{CITY}{name}"
        agencies.append(make.node("Agency", full, aliases=(f"市{name}", f"市{name[0]}{name[-1]}"), weight=2.0))
        make.edge(agencies[-1], "jurisdiction", place)
    for n in range(max(8, size // 30)):
        field = _FIELDS[n % len(_FIELDS)]
        name = f"“{field}{('领航', '倍增', '强基', '先锋', '筑巢')[n // len(_FIELDS) % 5]}”计划"
        title, agency, date = f"关于{field}工作的实施意见", f"{CITY}科学技术局", "2022-05-18"
        facts = (
            FactLine("status", "InForce", (_quote("已印发实施", title, agency, date, before=f"{name}"),)),
            FactLine(
                "建站资助",
                f"最高 {roll.randint(2, 30) * 10} 万元",
                (
                    _quote(
                        "给予最高不超过规定数额的一次性资助",
                        title,
                        agency,
                        date,
                        before="对符合条件的单位，",
                        after="，所需经费由市级财政安排。",
                    ),
                ),
                kind="Provision",
            ),
            FactLine(
                "覆盖企业",
                f"{roll.randint(20, 900)} 家（2022）",
                (_quote(f"累计覆盖{name}参与企业数百家", title, agency, date, before="截至2022年底，"),),
                kind="Observation",
            ),
        )
        programs.append(make.node("Program", name, aliases=(name.strip("“”计划") + "工程",), facts=facts, weight=1.6))
        make.edge(
            make.some(agencies),
            "administers",
            programs[-1],
            (_quote(f"由该局牵头组织{name}的申报", title, agency, date),),
        )
        if n % 3 == 0:
            platform = make.node("Platform", f"{field}综合服务平台")
            make.edge(programs[-1], "availableOn", platform)
    for n in range(max(5, size // 40)):
        field = _FIELDS[(n * 5) % len(_FIELDS)]
        instruments.append(
            make.node(
                "PolicyInstrument",
                f"{CITY}{field}促进办法（{2015 + n % 9}年修订）",
                facts=(FactLine("documentNumber", f"澜府办〔{2015 + n % 9}〕{n + 3}号"),),
                weight=1.5,
            )
        )
        make.edge(instruments[-1], "issuedBy", make.some(agencies))
        make.edge(instruments[-1], "establishes", make.some(programs))
    for n, name in enumerate(_GROUPS):
        others.append(make.node("TargetGroup", name))
        make.edge(programs[n % len(programs)], "supports", others[-1])
    for n in range(5):
        tier = make.node(
            "EnterpriseTier", ("科技型中小企业", "瞪羚企业", "省级专精特新企业", "规模以上工业企业", "独角兽企业")[n]
        )
        others.append(tier)
        firm = make.node("Enterprise", f"沧江{('宏图', '远帆', '启明', '恒川', '嘉禾')[n]}智能装备有限公司")
        make.edge(firm, "hasTier", tier)
        make.edge(firm, "locatedIn", districts[n])
    number = 0
    while len(make.nodes) < size:
        number += 1
        _proposal(make, number, agencies, programs, instruments + others)
    return PageData(
        f"{CITY}政协提案与答复图谱",
        tuple(make.nodes),
        tuple(make.edges),
        subtitle=f"根据 {number} 件提案及其答复生成的示例（城市与内容均为虚构）",
    )


def _proposal(make: _Maker, number: int, agencies: list[str], programs: list[str], things: list[str]) -> None:
    roll = make.random
    field = _FIELDS[number % len(_FIELDS)]
    year = 2021 + number % 3
    title = f"关于加快推进{CITY}{field}高质量发展的提案（第{number}号）"
    by = (
        make.node("Organization", f"民建{CITY}委员会第{number}支部")
        if number % 2
        else make.node("Person", "陆" + "文武斌海清宁"[number % 6] + "远明舟"[number % 3])
    )
    asked = _quote("加大扶持力度", title, "", f"{year}-02-11", before="建议市政府进一步", after="，形成长效机制。")
    proposal = make.node(
        "Proposal",
        title,
        aliases=(f"{year}{number:04d}",),
        weight=3.0,
        quotes=(asked,),
        facts=(
            FactLine(
                "proposalNumber",
                f"{year}{number:04d}",
                (_quote(f"提案编号：{year}{number:04d}", title, "", f"{year}-02-11"),),
            ),
            FactLine("session", "市政协十二届二次会议"),
        ),
    )
    make.edge(proposal, "submittedBy", by)
    suggestions = []
    for _ in range(roll.randint(1, 3)):
        problem = make.node("Problem", f"{field}领域{roll.choice(_THINGS)}不足，覆盖面有限", weight=0.6)
        make.edge(problem, "partOf", proposal)
    for _ in range(roll.randint(2, 5)):
        suggestion = make.node(
            "Suggestion", f"{roll.choice(_VERBS)}{field}{roll.choice(_THINGS)}", quotes=(asked,), weight=0.9
        )
        make.edge(suggestion, "partOf", proposal, (asked,))
        suggestions.append(suggestion)
        if roll.random() < 0.5:
            make.edge(suggestion, "involves", make.some(programs))
    for n in range(roll.randint(1, 3)):
        agency = make.some(agencies)
        reply = make.node(
            "CoHandlingOpinion" if n else "LeadReply",
            f"{make.named(agency)}{'会办意见' if n else '答复'}（第{number}号）",
            weight=1.6,
        )
        make.edge(proposal, "coAgency" if n else "leadAgency", agency)
        make.edge(
            reply,
            "repliesTo",
            proposal,
            (_quote("您提出的提案收悉", title, CITY, f"{year}-06-19", before="尊敬的委员：", after="，现答复如下。"),),
        )
        make.edge(reply, "issuedBy", agency)
        for _ in range(roll.randint(2, 5)):
            kind = "Commitment" if roll.random() < 0.3 else "Measure"
            words = f"{roll.choice(_VERBS)}{field}{roll.choice(_THINGS)}"
            said = _quote(
                words,
                f"对“{title}”的答复",
                CITY,
                f"{year}-06-19",
                before="下一步，我局将" if kind == "Commitment" else "近年来，我局",
                after="，努力满足群众需要。",
            )
            facts = (
                (FactLine("新增数量", f"{roll.randint(3, 60)} 家以上（{year + 1}）", (said,), kind="Target"),)
                if kind == "Commitment"
                else ()
            )
            part = make.node(kind, words, quotes=(said,), facts=facts, weight=0.7)
            make.edge(part, "partOf", reply, (said,))
            if roll.random() < 0.35:
                make.edge(part, "respondsTo", roll.choice(suggestions), (said,), 0.72)
            if roll.random() < 0.6:
                make.edge(part, "involves", make.some(programs + things), (said,))
