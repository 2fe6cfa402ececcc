"""Mentions of programs (plans, projects, funds, awards, cards, lists …) and platforms (systems, apps, hotlines).

Names in quotes are read by what follows or precedes them; names without quotes by their last word and the verb that
brings them in (实施…工程, 设立…基金, 上线…系统), in lists too. 【…】 headings of a policy name its awards.
"""

from __future__ import annotations

import re

from extract.mentions.context import LexiconHit, MentionContext
from extract.mentions.geography import Geography
from extract.mentions.programs.rules import ProgramRules, compile_program_rules
from extract.model import Kind, Mention, Span
from extract.text.normalize import find_occurrences, remove_space, search_fold
from extract.text.search import SpanSet
from ontology.lexicons import join_alternatives

_QUOTED = re.compile(r"[“「『]([^”」』“「\n]{2,24})[”」』]|\"([^\"\n]{2,24})\"")


_STOP = re.compile(r"[，,。；;：:？！]")
_AMOUNT = re.compile(r"[\d.%]+")
_PLAN_YEARS = re.compile(r"[一二三四五六七八九十]+五$")
_NOTE_AT_END = re.compile(r"(?<=[一-龥])[(（][一-龥]{1,6}[)）]$")
_PLACE_OR_YEAR = re.compile(r"(?:\d{4}年度?|[“\"]|全国|国家|本市|全市|全省)+$")
_ITEM_BEGINS = re.compile(r"(?:^|[，,。；;：:])\s*(?:[一二三四五六七八九十]是|\d+[.、])?$")
_OF_QUOTED = re.compile(r"之[“\"]")


def find_programs(page: MentionContext, geo: Geography) -> list[Mention]:
    """Every program and platform named on the page."""
    rules = compile_program_rules(page.lex)
    quoted = list(_quoted(page, rules))
    out = [*quoted, *_headed(page), *_chinas(page)]
    taken = [m.span for m in out]
    out += _unquoted(page, geo, rules, taken)
    out += _hotlines(page)
    out += _honours(page, rules)
    out += _again(page, out)
    return [m for m in out if page.is_in_letter(m.span)]


def _quoted(page: MentionContext, rules: ProgramRules) -> list[Mention]:
    out: list[Mention] = []
    listed: dict[int, Kind] = {}
    previous: tuple[int, Kind] | None = None
    for found in _QUOTED.finditer(page.text):
        inner = (found.group(1) or found.group(2)).strip()
        begin, end = found.span()
        if _STOP.search(inner) or len(inner) > 16 or _AMOUNT.fullmatch(inner):
            previous = None
            continue
        before = page.get_words_before(begin, 10)
        after = page.get_words_after(end, 14)
        kind, stop, sure = _classify(inner, before, after, rules)
        if (
            kind is None
            and previous
            and begin - previous[0] <= 1
            and page.text[previous[0] : begin] in {"", "、", "和", "及", "与"}
        ):
            kind, stop, sure = previous[1], 0, 0.75
        if kind is None:
            previous = None
            continue
        previous = (end, kind)
        listed[begin] = kind
        suffix = after[:stop]
        name = f"“{inner}”{suffix}" if suffix else inner
        product = len(inner) >= 3 and inner.endswith(rules.products) and not rules.product_kind.match(suffix)
        attrs = {"short": inner} if suffix and not product else {}
        lead = _lead(page, begin, rules)
        if inner in rules.needs_before and not lead:
            previous = None
            continue
        if (
            suffix in {"办理", "工作", "建设", "创建", "服务", "窗口", "功能", "产品", "榜单", "活动", "专项债"}
            and stop
        ):
            name, attrs = inner, {}
        if lead and (suffix or inner in rules.needs_before):
            attrs = {"short": name} if inner in rules.needs_before else {"short": inner, "also": name}
            name = lead + (name if name.startswith("“") else f"“{inner}”")
            if inner in rules.needs_before:
                attrs = {"also": lead + inner}
            begin -= len(lead)
        out.append(
            Mention(
                Span(begin, end + stop),
                kind,
                name,
                "program.quoted" if kind is Kind.PROGRAM else "platform.quoted",
                sure,
                attrs,
            )
        )
    return out


_CHINAS = re.compile(
    r"中国[（(][一-龥]{2,8}[)）][一-龥]{2,16}?(?:博览会|展览会|交易会|洽谈会|展洽会|论坛|大会|文化节|艺术节|旅游节)"
)


def _chinas(page: MentionContext) -> list[Mention]:
    """Fairs and forums with the place in brackets: 中国（霁川）国际装备博览会."""
    return [
        Mention(Span(*m.span()), Kind.PROGRAM, m.group(), "program.fair", 0.88) for m in _CHINAS.finditer(page.text)
    ]


def _lead(page: MentionContext, begin: int, rules: ProgramRules) -> str:
    """The words that stand before a name in quotes and belong to it: 企业标准“领跑者”."""
    words = page.get_words_before(begin, 16)
    at = 0
    for mark in rules.boundary.finditer(words):
        at = mark.end()
    lead = words[at:]
    if not 2 <= len(lead) <= 12 or re.search(r"[局厅委办部署]$|政府$", lead) or re.search(r"[“”\"]", lead):
        return ""
    return lead


_CLASS_MARKS = frozenset({"专精特新", "小巨人", "十四五", "十三五", "十五五"})
"""Words in quotes that mark a class of firms or a plan's years."""


def _classify(inner: str, before: str, after: str, rules: ProgramRules) -> tuple[Kind | None, int, float]:
    """(kind, how much after the quotes belongs to the name, confidence) of a name in quotes."""
    if search_fold(inner) in _CLASS_MARKS or _PLAN_YEARS.match(inner):
        return None, 0, 0.0
    platform = rules.after_platform.match(after)
    program = rules.after_program.match(after)
    if (
        platform
        and (not program or platform.end() > program.end())
        and not re.search(r"[和与的、在等]|工作|计划|行动|项目", platform.group())
    ):
        return Kind.PLATFORM, platform.end(), 0.92
    if program:
        return Kind.PROGRAM, program.end(), 0.88
    if rules.inner_program.search(inner):
        return Kind.PROGRAM, 0, 0.85
    if re.search(r"(?:在|上线|通过|依托|登录|开通|接入|运用|打造)$", before) and rules.inner_platform.search(inner):
        return Kind.PLATFORM, 0, 0.8
    if re.match(r"等(?:[一-龥]{0,6})(?:产品|贷款|项目|计划|活动|品牌|行动|模式|服务)", after):
        return Kind.PROGRAM, 0, 0.8
    if re.search(r"(?:推出|推行|实行|上线|设立|实施|创新|开展|发放|持有|启动|举办|承办|主办|联办)(?:了)?$", before):
        return Kind.PROGRAM, 0, 0.72
    return None, 0, 0.0


_NATIONAL = re.compile(r"中国国际|中国|国家|全国|国际|APEC|世界")
_NOT_NATIONAL_WORDS = "项目 资金 基金 计划 工程 奖励 补贴 补助 资助 评价 评估 改革 试点 奖 险 保 券 卡 贷 债"
_NOT_NATIONAL = frozenset(_NOT_NATIONAL_WORDS.split())
_HEADING = re.compile(r"【([^】\n]{2,20})】")
_AWARD = re.compile(r"(?:奖|奖励|补贴|补助|资助|支持|贴息|计划|行动|工程|基金)$")


def _headed(page: MentionContext) -> list[Mention]:
    """【落户奖】: the headings of articles that are awards."""
    out: list[Mention] = []
    for found in _HEADING.finditer(page.text):
        if _AWARD.search(found.group(1)):
            out.append(
                Mention(Span(*found.span(1)), Kind.PROGRAM, found.group(1), "program.heading", 0.88, {"heading": "1"})
            )
    for found in re.finditer(
        r"(?m)^[\x20\t\u3000\xa0]*(?:\d+[.、．]|[(（][一二三四五六七八九十]+[)）])\s*([一-龥]{2,10}(?:奖励|奖|补贴|补助|资助|贴息))[。：:]",
        page.text,
    ):
        out.append(
            Mention(Span(*found.span(1)), Kind.PROGRAM, found.group(1), "program.heading", 0.8, {"heading": "1"})
        )
    return out


def _name_before(page: MentionContext, hit: LexiconHit, rules: ProgramRules, length: int = 26) -> tuple[int, str]:
    """(where the name that ends in *hit* begins, the words before it).

    A verb directly before the last word belongs to the name: 能力提升+工程, 梯队培育+工程, 意识提升(保护)+项目.
    """
    words = page.get_words_before(hit.span.begin, length)
    inner = _NOTE_AT_END.search(words)
    tail = inner.start() if inner else len(words)
    at = 0
    for mark in rules.boundary.finditer(words, 0, tail):
        if (
            mark.group() in {"和", "及", "与"}
            and at
            and words[at - 1] == "、"
            and mark.start() - at >= 2
            and not rules.ending.search(words[at : mark.start()])
        ):
            continue
        adjacent = mark.end() == tail and len(mark.group()) >= 2 and "一" <= mark.group()[0] <= "龥"
        if adjacent and mark.start() - at >= 2 and mark.group() in _NOMINAL:
            continue
        at = mark.end()
    stem = words[at:]
    for opened, closed in ("“”", "「」"):
        if stem.count(closed) > stem.count(opened):
            left = words.rfind(opened, max(0, at - 14), at)
            at = left if left >= 0 and not re.search(r"[，,。；;]", words[left:at]) else at + stem.rfind(closed) + 1
        elif stem.count(opened) > stem.count(closed) and closed not in hit.span.of(page.text):
            at += stem.rfind(opened) + 1
    if words[at:].count('"') % 2:
        left = words.rfind('"', max(0, at - 14), at)
        at = left if left >= 0 else at + words[at:].rfind('"') + 1
    return hit.span.begin - len(words) + at, words[:at]


_NOMINAL_WORDS = (
    "提升 培育 建设 保护 促进 推广 改造 研发 认定 申报 扶持 支持 创建 引导 "
    "发展 优化 帮扶 补助 奖励 推进 拓展 研究 健全 完善 运营 提供 引进 培养 申请"
)
_NOMINAL = frozenset(_NOMINAL_WORDS.split())


_FOLLOWS = re.compile(
    r"\s*(?:[，,。；;：:、）)（(！]|等|之|的|和|与|及|或|立项|申报|认定|工作|试点|建设|入库|入选|上|中|对象|范围|名单|服务|办理|向|已|共|累计|发|资助|支持|提供|[“”\"]|\d|为|是|将|由|实行|实现|全|首期|总?规模|\n|$)"
)


_PREFIX = re.compile(r"^(?:年度|年|度|市级?以上|新一轮|首个|首批|一个|两个|本|该|此|其|等|级)+")


def _is_bare(name: str, stem: str, kind: Kind, hit: LexiconHit, rules: ProgramRules) -> bool:
    """Whether *name* says no more than its last word; *stem* is the name without that word."""
    folded = search_fold(name)
    if len(search_fold(stem)) < 2:
        return True
    if kind is Kind.PLATFORM:
        return name in rules.platform_bare or folded.endswith(("工作平台", "收集平台"))
    return folded in rules.bare or (len(folded) < 4 and hit.word not in {"奖", "卡", "贷", "券"})


def _unquoted(page: MentionContext, geo: Geography, rules: ProgramRules, taken: list[Span]) -> list[Mention]:
    out: list[Mention] = []
    hits = [(h, Kind.PROGRAM) for h in page.get_longest_hits("program")] + [
        (h, Kind.PLATFORM) for h in page.get_longest_hits("platform")
    ]
    accepted: dict[int, Kind] = {}
    covered = SpanSet(page.text, taken)
    for hit, kind in sorted(hits, key=lambda x: (x[0].span.begin, -x[0].span.end)):
        if covered.overlaps(hit.span):
            continue
        if not _FOLLOWS.match(page.text, hit.span.end):
            continue
        begin, before = _name_before(page, hit, rules)
        name = remove_space(page.text[begin : hit.span.end])
        name = name if name.startswith("年度人才") else _PREFIX.sub("", name)
        begin = hit.span.end - len(name) if len(page.text[begin : hit.span.end]) >= len(name) else begin
        stem = name[: -len(hit.word)] if search_fold(name).endswith(hit.word) else name
        if _is_bare(name, stem, kind, hit, rules):
            continue
        before = page.get_words_before(begin, 26)
        before = _PLACE_OR_YEAR.sub("", before)
        verb = (rules.platform_verb if kind is Kind.PLATFORM else rules.verb).search(before)
        listed = before.endswith(("、", "和", "及", "与", "，", ",")) and any(
            begin - (2 if before[-1] in "，,、" else 3) <= e <= begin and k is kind for e, k in accepted.items()
        )
        head = _ITEM_BEGINS.search(before) is not None
        strong = len(search_fold(stem)) >= 2 and search_fold(name).endswith(rules.strong)
        item = head and len(search_fold(name)) >= 8 and hit.word in {"项目", "工程", "计划", "行动", "资助"}
        wide = len(search_fold(stem)) >= 4 or page.text[hit.span.end : hit.span.end + 1] in "，,。；;、0123456789"
        national = (
            _NATIONAL.match(search_fold(name)) is not None
            and len(search_fold(name)) >= 8
            and hit.word not in _NOT_NATIONAL
        )
        located = geo.name_pattern.match(name) is not None
        if kind is Kind.PLATFORM and not (verb or listed or national or located):
            continue
        if kind is Kind.PLATFORM and verb and rules.planned.search(verb.group()) and not (national or located):
            continue
        if (
            verb
            and verb.group().startswith("给予")
            and not re.match(r"[一-龥]{2,8}(?:企业|人才|人员|机构|户)[一-龥]{2,}(?:补|助|贴|奖)", search_fold(name))
        ):
            continue
        if _OF_QUOTED.search(name):
            cut = name.rindex("之") + 1
            begin, name = begin + page.text[begin : hit.span.end].rindex("之") + 1, name[cut:]
            item = True
        fund = located and hit.word.endswith(("基金", "资金")) and len(search_fold(name)) >= 8
        if not ((verb and wide) or listed or strong or item or fund):
            continue
        if len(search_fold(name)) > 24 or search_fold(name).endswith(("风险", "机制")) or "拟" in name:
            continue
        sure = 0.82 if verb else 0.7
        accepted[hit.span.end] = kind
        label = "program.ending" if kind is Kind.PROGRAM else "platform.ending"
        out.append(Mention(Span(begin, hit.span.end), kind, name, label, sure))
    return out


def _honours(page: MentionContext, rules: ProgramRules) -> list[Mention]:
    """Titles that places and bodies win: 入选国家级电子商务进农村综合示范县."""
    return [
        Mention(Span(*m.span("name")), Kind.PROGRAM, remove_space(m.group("name")), "program.honour", 0.78)
        for m in rules.honour.finditer(page.text)
    ]


_HOTLINE = re.compile(r"(?<!\d)(12\d{3}|9\d{4}|1[012]\d)(?!\d)(?:[一-龥]{0,10}?热线|平台)?")


def _hotlines(page: MentionContext) -> list[Mention]:
    out: list[Mention] = []
    for found in _HOTLINE.finditer(page.text):
        words = found.group()
        if "热线" not in words and not (words.startswith("12") and len(found.group(1)) == 5):
            continue
        if (
            re.match(r"[\d,.]|[家人个名项万亿元户次份条%％]", page.get_words_after(found.end(), 1) or " ")
            and "热线" not in words
        ):
            continue
        attrs = {"short": found.group(1)} if "热线" in words else {}
        out.append(Mention(Span(*found.span()), Kind.PLATFORM, words, "platform.hotline", 0.85, attrs))
    return out


def _contest(page: MentionContext, known: list[Mention], words: dict[str, Mention], covered: SpanSet) -> list[Mention]:
    """The parts and pages of the one contest that a page is about; 大赛 alone means that contest from here on."""
    contests = {
        m.name: m for m in known if m.kind is Kind.PROGRAM and search_fold(m.name).endswith("大赛") and len(m.name) > 6
    }
    if len(contests) != 1:
        return []
    words.setdefault("大赛", next(iter(contests.values())))
    config = page.lex.read_config("programs")
    out: list[Mention] = []
    for pattern, kind in (
        (rf"(?:{join_alternatives(config['contest_parts'])})", Kind.PROGRAM),
        (rf"大赛(?:{join_alternatives(config['contest_pages'])})", Kind.PLATFORM),
    ):
        for found in re.finditer(pattern, page.text):
            span = Span(*found.span())
            if not covered.overlaps(span):
                covered.add(span)
                out.append(Mention(span, kind, found.group(), "program.contest", 0.75))
    return out


def _again(page: MentionContext, known: list[Mention]) -> list[Mention]:
    """Later mentions of names once found: without quotes, or by their short form in quotes; longer forms first."""
    out: list[Mention] = []
    covered = SpanSet(page.text, (m.span for m in known))
    words: dict[str, Mention] = {}
    for mention in known:
        for word in (mention.name.strip('“”"'), search_fold(mention.name), mention.attrs.get("short", "")):
            if len(word) >= 3:
                words.setdefault(word, mention)
    out += _contest(page, known, words, covered)
    for word in sorted(words, key=lambda w: (-len(w), w)):
        mention = words[word]
        for span in find_occurrences(page.text, word):
            if covered.overlaps(span):
                continue
            if word.endswith("奖") and page.text.startswith("励", span.end):
                span = Span(span.begin, span.end + 1)
            covered.add(span)
            rule = mention.rule.split(".")[0] + ".again"
            out.append(Mention(span, mention.kind, word, rule, 0.75, {"of": mention.name}))
    return out
