"""An invented city as a graph of any size: proposals, replies, parts, agencies, programs. It is the same every time."""

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
_BUREAUS = (
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
_DISTRICTS = ("云栖区", "松湖区", "北岸新区", "石桥镇", "青溪镇")
_VERBS = ("完善", "加强", "推进", "优化", "扩大", "规范", "探索", "健全")
_TOPICS = (
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
_PROGRAM_NAMES = ("领航", "倍增", "强基", "先锋", "筑巢")
_TIERS = ("科技型中小企业", "瞪羚企业", "省级专精特新企业", "规模以上工业企业", "独角兽企业")
_ENTERPRISES = ("宏图", "远帆", "启明", "恒川", "嘉禾")
_REPLY_KINDS = (("LeadReply", "答复", "leadAgency"), ("CoHandlingOpinion", "会办意见", "coAgency"))
"""Class, words in the label, and role of the agency: of the first reply to a proposal, and of the others."""


def make_city(size: int, seed: int = 5) -> PageData:
    """Return a page with at least *size* nodes: proposals are added until there are enough."""
    city = _CityMaker(seed)
    city.add_places_and_agencies()
    for number in range(max(8, size // 30)):
        city.add_program(number)
    for number in range(max(5, size // 40)):
        city.add_instrument(number)
    city.add_groups_and_tiers()
    proposals = 0
    while len(city.nodes) < size:
        proposals += 1
        city.add_proposal(proposals)
    return PageData(
        f"{CITY}政协提案与答复图谱",
        tuple(city.nodes),
        tuple(city.edges),
        subtitle=f"根据 {proposals} 件提案及其答复生成的示例（城市与内容均为虚构）",
    )


class _CityMaker:
    """Makes nodes and edges. The order of random choices is fixed, so that a seed always gives the same city."""

    def __init__(self, seed: int) -> None:
        self.nodes: list[Node] = []
        self.edges: list[Edge] = []
        self._random = random.Random(seed)
        self._place = ""
        self._districts: list[str] = []
        self._agencies: list[str] = []
        self._programs: list[str] = []
        self._instruments: list[str] = []
        self._groups_and_tiers: list[str] = []

    def add_places_and_agencies(self) -> None:
        """Add the city, its districts and its bureaus."""
        self._place = self._add_node("Place", CITY, weight=1.5)
        self._districts = [self._add_node("Place", name, aliases=(CITY + name,)) for name in _DISTRICTS]
        for name in _BUREAUS:
            aliases = (f"市{name}", f"市{name[0]}{name[-1]}")
            self._agencies.append(self._add_node("Agency", f"{CITY}{name}", aliases=aliases, weight=2.0))
            self._add_edge(self._agencies[-1], "jurisdiction", self._place)

    def add_program(self, number: int) -> None:
        """Add a program with its figures, its agency and sometimes its platform."""
        field = _FIELDS[number % len(_FIELDS)]
        name = f"“{field}{_PROGRAM_NAMES[number // len(_FIELDS) % 5]}”计划"
        title, agency, date = f"关于{field}工作的实施意见", f"{CITY}科学技术局", "2022-05-18"

        def quote(words: str, **around: str) -> tuple[Quote, ...]:
            return (_make_quote(words, title, agency, date, **around),)

        grant = quote(
            "给予最高不超过规定数额的一次性资助", before="对符合条件的单位，", after="，所需经费由市级财政安排。"
        )
        coverage = quote(f"累计覆盖{name}参与企业数百家", before="截至2022年底，")
        facts = (
            FactLine("status", "InForce", quote("已印发实施", before=name)),
            FactLine("建站资助", f"最高 {self._random.randint(2, 30) * 10} 万元", grant, kind="Provision"),
            FactLine("覆盖企业", f"{self._random.randint(20, 900)} 家（2022）", coverage, kind="Observation"),
        )
        aliases = (name.strip("“”计划") + "工程",)
        self._programs.append(self._add_node("Program", name, aliases=aliases, facts=facts, weight=1.6))
        administers = quote(f"由该局牵头组织{name}的申报")
        self._add_edge(self._choose(self._agencies), "administers", self._programs[-1], administers)
        if number % 3 == 0:
            platform = self._add_node("Platform", f"{field}综合服务平台")
            self._add_edge(self._programs[-1], "availableOn", platform)

    def add_instrument(self, number: int) -> None:
        """Add a policy instrument with its issuer and its program."""
        field, year = _FIELDS[(number * 5) % len(_FIELDS)], 2015 + number % 9
        facts = (FactLine("documentNumber", f"澜府办〔{year}〕{number + 3}号"),)
        title = f"{CITY}{field}促进办法（{year}年修订）"
        self._instruments.append(self._add_node("PolicyInstrument", title, facts=facts, weight=1.5))
        self._add_edge(self._instruments[-1], "issuedBy", self._choose(self._agencies))
        self._add_edge(self._instruments[-1], "establishes", self._choose(self._programs))

    def add_groups_and_tiers(self) -> None:
        """Add target groups, tiers of enterprises, and an enterprise of each tier."""
        for number, name in enumerate(_GROUPS):
            group = self._add_node("TargetGroup", name)
            self._groups_and_tiers.append(group)
            self._add_edge(self._programs[number % len(self._programs)], "supports", group)
        for number, (tier_name, enterprise_name) in enumerate(zip(_TIERS, _ENTERPRISES, strict=True)):
            tier = self._add_node("EnterpriseTier", tier_name)
            self._groups_and_tiers.append(tier)
            enterprise = self._add_node("Enterprise", f"沧江{enterprise_name}智能装备有限公司")
            self._add_edge(enterprise, "hasTier", tier)
            self._add_edge(enterprise, "locatedIn", self._districts[number])

    def add_proposal(self, number: int) -> None:
        """Add a proposal with its problems, suggestions and replies."""
        field, year = _FIELDS[number % len(_FIELDS)], 2021 + number % 3
        title = f"关于加快推进{CITY}{field}高质量发展的提案（第{number}号）"
        if number % 2:
            author = self._add_node("Organization", f"民建{CITY}委员会第{number}支部")
        else:
            author = self._add_node("Person", "陆" + "文武斌海清宁"[number % 6] + "远明舟"[number % 3])
        asked = _make_quote(
            "加大扶持力度", title, "", f"{year}-02-11", before="建议市政府进一步", after="，形成长效机制。"
        )
        printed_number = f"{year}{number:04d}"
        number_quote = _make_quote(f"提案编号：{printed_number}", title, "", f"{year}-02-11")
        facts = (
            FactLine("proposalNumber", printed_number, (number_quote,)),
            FactLine("session", "市政协十二届二次会议"),
        )
        proposal = self._add_node(
            "Proposal", title, aliases=(printed_number,), weight=3.0, quotes=(asked,), facts=facts
        )
        self._add_edge(proposal, "submittedBy", author)
        for _ in range(self._random.randint(1, 3)):
            label = f"{field}领域{self._random.choice(_TOPICS)}不足，覆盖面有限"
            self._add_edge(self._add_node("Problem", label, weight=0.6), "partOf", proposal)
        suggestions = [self._add_suggestion(field, proposal, asked) for _ in range(self._random.randint(2, 5))]
        for reply_number in range(self._random.randint(1, 3)):
            self._add_reply(number, reply_number, title, proposal, suggestions)

    def _add_suggestion(self, field: str, proposal: str, asked: Quote) -> str:
        label = self._make_action(field)
        suggestion = self._add_node("Suggestion", label, quotes=(asked,), weight=0.9)
        self._add_edge(suggestion, "partOf", proposal, (asked,))
        if self._random.random() < 0.5:
            self._add_edge(suggestion, "involves", self._choose(self._programs))
        return suggestion

    def _add_reply(self, number: int, reply_number: int, title: str, proposal: str, suggestions: list[str]) -> None:
        """Add a reply of an agency: the first reply of a proposal is the leading one."""
        field, year = _FIELDS[number % len(_FIELDS)], 2021 + number % 3
        agency = self._choose(self._agencies)
        kind, words, role = _REPLY_KINDS[reply_number > 0]
        reply = self._add_node(kind, f"{self._get_label(agency)}{words}（第{number}号）", weight=1.6)
        self._add_edge(proposal, role, agency)
        received = _make_quote(
            "您提出的提案收悉", title, CITY, f"{year}-06-19", before="尊敬的委员：", after="，现答复如下。"
        )
        self._add_edge(reply, "repliesTo", proposal, (received,))
        self._add_edge(reply, "issuedBy", agency)
        for _ in range(self._random.randint(2, 5)):
            self._add_reply_part(field, year, title, reply, suggestions)

    def _add_reply_part(self, field: str, year: int, title: str, reply: str, suggestions: list[str]) -> None:
        """Add a measure or commitment, which sometimes answers a suggestion."""
        is_commitment = self._random.random() < 0.3
        label = self._make_action(field)
        quote = _make_quote(
            label,
            f"对“{title}”的答复",
            CITY,
            f"{year}-06-19",
            before="下一步，我局将" if is_commitment else "近年来，我局",
            after="，努力满足群众需要。",
        )
        facts: tuple[FactLine, ...] = ()
        if is_commitment:
            value = f"{self._random.randint(3, 60)} 家以上（{year + 1}）"
            facts = (FactLine("新增数量", value, (quote,), kind="Target"),)
        kind = "Commitment" if is_commitment else "Measure"
        part = self._add_node(kind, label, quotes=(quote,), facts=facts, weight=0.7)
        self._add_edge(part, "partOf", reply, (quote,))
        if self._random.random() < 0.35:
            self._add_edge(part, "respondsTo", self._random.choice(suggestions), (quote,), 0.72)
        if self._random.random() < 0.6:
            others = [*self._programs, *self._instruments, *self._groups_and_tiers]
            self._add_edge(part, "involves", self._choose(others), (quote,))

    def _add_node(self, kind: str, label: str, **fields: object) -> str:
        """Add a node and return its id."""
        node_id = f"https://example.org/id/{kind}/{len(self.nodes)}"
        self.nodes.append(Node(node_id, kind, label, **fields))  # type: ignore[arg-type]
        return node_id

    def _add_edge(
        self,
        source: str,
        predicate: str,
        target: str,
        quotes: tuple[Quote, ...] = (),
        confidence: float | None = 0.9,
    ) -> None:
        self.edges.append(Edge(f"e{len(self.edges)}", source, target, predicate, quotes, confidence))

    def _get_label(self, node_id: str) -> str:
        return next(node.label for node in self.nodes if node.id == node_id)

    def _choose(self, node_ids: list[str]) -> str:
        """Return one of *node_ids*, the first ones more often: every city has its busy bureaus."""
        return node_ids[min(int(self._random.expovariate(4 / len(node_ids))), len(node_ids) - 1)]

    def _make_action(self, field: str) -> str:
        return f"{self._random.choice(_VERBS)}{field}{self._random.choice(_TOPICS)}"


def _make_quote(text: str, title: str, agency: str, date: str, before: str = "", after: str = "。") -> Quote:
    return Quote(text, before, after, title, agency, date, f"{date[:4]}/{title[:8]}.txt")
