"""Mentions of firms: full names, short names of them, and groups and firms without a full form."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from extract.mentions.context import MentionContext
from extract.mentions.geography import Geography
from extract.model import Kind, Mention, Span
from extract.text.normalize import find_occurrences
from extract.text.search import SpanSet, find_matches
from extract.text.segment import segmenter
from ontology.lexicons import Lexicon, join_alternatives

CUT = re.compile(
    r"企业(?=[一-龥]{4})|决定|命名|区分|[，,。；;：:（()）《》“”\"\s、]|以及|会同|联合|包括|引进|推荐|组织|依托|支持|委托|协调|指导|走访|调研|邀请|通过|成立|设立|推动|鼓励|共建|建设|合作|联合|建立|会同|组建|落户|入驻|新建|扩建|改造|[和与及由经向对将把为在了的赴到从如至于]|(?<![高中初同平])等|建成|创建|批复|担任|承担|挂靠"
)
"""Words that the name of a body does not contain."""


_LEFT = r"(?:(?<=[、，,；;：:（(〔\[\n])|(?<=[和与及由])(?=中国|国网|[省市县区]))"
_RIGHT = r"(?=[、，,；;：:）)〕\]。\n]|等|牵头|负责|配合|按|和|与|$)"
"""What stands around a firm in a list of bodies."""


@dataclass(frozen=True, slots=True)
class _Rules:
    kind: re.Pattern[str]
    """Names of firms of a kind: 房地产集团公司."""
    word: re.Pattern[str]
    """Words of which many firms' names are made: a short name of them alone is none."""
    not_local: re.Pattern[str]
    """Words that begin with a character for a level and mean none, or words for firms of a kind."""
    not_group: re.Pattern[str]
    """Words for groups of a kind: 大型集团."""
    group: re.Pattern[str]
    company: re.Pattern[str]
    utility: re.Pattern[str]
    """Firms that are still called 局: 霁川供电局."""
    railway: re.Pattern[str]


@cache
def _rules(lex: Lexicon) -> _Rules:
    config = lex.read_config("organizations")
    return _Rules(
        re.compile(rf"(?:{join_alternatives(config['firm_kinds'])})+(?:{join_alternatives(config['company'])})"),
        re.compile(join_alternatives(config["firm_words"])),
        re.compile(join_alternatives(config["not_local"])),
        re.compile(join_alternatives(config["not_group"])),
        re.compile(rf"{_LEFT}(?P<name>[一-龥]{{2,8}}集团){_RIGHT}", re.M),
        re.compile(rf"{_LEFT}(?P<name>(?:国网)?[一-龥]{{3,14}}公司){_RIGHT}", re.M),
        re.compile(rf"{_LEFT}(?P<name>[一-龥]{{2,8}}(?:{join_alternatives(config['utilities'])})){_RIGHT}", re.M),
        re.compile(
            rf"(?:{join_alternatives(config['railways'])})(?P<place>[一-龥]{{2,4}})局(?:集团(?:有限公司)?|(?![一-龥]))"
        ),
    )


_FIRM = re.compile(
    r"[一-龥A-Za-z0-9（()）·]{2,34}?(?:股份有限公司|有限责任公司|集团有限公司|有限公司|集团公司)(?:[一-龥]{2,8}(?:分|支)公司)?"
)


_FIRM_MARK = re.compile('[，,。；;：:、《》“”"\\s]|[由和与及向对将]')
_VERB = re.compile("政府|决定|命名|区分")
"""Words before a firm's name that are no part of it, even after a place's name."""
_LOCAL_FIRM = re.compile("[省市区县](?![场域级])")
_FORM = re.compile(r"(?:股份|集团|有限责任)?(?:有限)?公司")
_GENERIC_FIRM = re.compile("部门|或|等|一家|多家|各|该|我|其|的")


def find_firms(page: MentionContext, geo: Geography) -> list[Mention]:
    """Every firm named on the page."""
    rules, joined = _rules(page.lex), page.joined
    out: list[Mention] = []
    for found in find_matches(_FIRM, joined.text, ("公司",)):
        words = found.group()
        at = 0
        for mark in CUT.finditer(words):
            if mark.group() not in "（()）":
                at = mark.end()
        clause = max((mark.end() for mark in _FIRM_MARK.finditer(words)), default=0)
        if (
            clause < at <= clause + 8
            and not _VERB.search(words, clause, at)
            and (_LOCAL_FIRM.match(words, clause) or geo.name_pattern.match(words, clause))
        ):
            at = clause  # 省+联合…公司, 澄溪+建设…公司
        found_at = (m.start() for m in geo.name_pattern.finditer(words) if m.start() >= at)
        place = next((p for p in found_at if words[p - 1 : p] not in {"(", "（"}), None)
        if place is not None and place - at <= 10 and not _ends_in_place(words, at, place, geo):
            at = place
            at = words.find("中国", max(0, place - 8), place) if "中国" in words[max(0, place - 8) : place] else at
        name = words[at:]
        local = _LOCAL_FIRM.match(name) is not None
        if len(name) < (6 if local else 7) or _GENERIC_FIRM.search(name) or rules.kind.fullmatch(name):
            continue
        label = name
        if local:
            home = geo.get_home(page.find_letter(joined.offsets[found.start()]))
            label = (home.resolve_prefix(name[0]) or name[0]) + name[1:]
        attrs = {"of": label} if label != name else {}
        span = joined.span(found.start() + at, found.end())
        out.append(Mention(span, Kind.ENTERPRISE, name, "enterprise.company", 0.92, attrs))
    out += _groups(page, geo, [m.span for m in out])
    return out + _find_short_names(page, geo, out)


def _find_short_names(page: MentionContext, geo: Geography, firms: Sequence[Mention]) -> list[Mention]:
    """Return the places at which one of *firms* is named by the beginning of its name, outside of all their names."""
    rules, out = _rules(page.lex), []
    taken = SpanSet(page.text, [m.span for m in firms])
    sought: set[str] = set()
    for mention in firms:
        stem = re.sub(r"(?:股份|有限责任|集团)?(?:有限)?公司.*$", "", mention.name)
        located = geo.name_pattern.match(stem)
        core = stem[located.end() :] if located else stem
        for short in _shorts(core):
            if short in sought or len(rules.word.sub("", short)) < 2:
                continue
            sought.add(short)
            for span in find_occurrences(page.text, short):
                if not taken.overlaps(span):
                    taken.add(span)
                    attrs = {"of": mention.attrs.get("of", mention.name)}
                    out.append(Mention(span, Kind.ENTERPRISE, short, "enterprise.short", 0.8, attrs))
    return out


def _ends_in_place(words: str, at: int, place: int, geo: Geography) -> bool:
    """Whether a place stands at the end of a firm's name, before its form: 某某农业+澄溪+有限公司."""
    named = geo.name_pattern.match(words, place)
    return named is not None and place - at >= 4 and _FORM.fullmatch(words, named.end()) is not None


def _groups(page: MentionContext, geo: Geography, taken: list[Span]) -> list[Mention]:
    """Groups and firms without a full form, in lists of bodies: 市水务集团, 省电力公司, 某某保险霁川分公司."""
    rules, joined = _rules(page.lex), page.joined
    out: list[Mention] = []
    covered = SpanSet(page.text, taken)
    for pattern, word in ((rules.group, "集团"), (rules.company, "公司"), (rules.utility, "局")):
        for found in find_matches(pattern, joined.text, (word,)):
            name, span = found.group("name"), joined.span(*found.span("name"))
            local = name[0] in "省市区县" and not rules.not_local.match(name)
            if covered.overlaps(span) or not _names_firm(
                name, local, joined.text[found.start("name") - 1], geo, page.lex
            ):
                continue
            attrs: dict[str, str] = {}
            if local:
                home = geo.get_home(page.find_letter(span.begin))
                if division := home.resolve_prefix(name[0]):
                    attrs = {"of": division + name[1:]}
            rule = "enterprise.group" if word == "集团" else "enterprise.local"
            out.append(Mention(span, Kind.ENTERPRISE, name, rule, 0.75, attrs))
    for found in find_matches(rules.railway, joined.text, ("局",)):
        span = joined.span(*found.span())
        if geo.get_full_name(found.group("place")) and not covered.overlaps(span):
            attrs = {"of": f"中国铁路{found.group('place')}局集团有限公司"}
            out.append(Mention(span, Kind.ENTERPRISE, found.group(), "enterprise.railway", 0.9, attrs))
    return out


def _names_firm(name: str, local: bool, before: str, geo: Geography, lex: Lexicon) -> bool:
    """Whether *name*, which ends as a firm's name does, is one: no 大型集团, 各子公司, (，)组建集团.

    Args:
        local: whether it begins with a level: 市水务集团.
        before: the character before it.
    """
    rules = _rules(lex)
    listed = before in "、：:（(〔"
    first = segmenter(lex).segment(name)[0]
    if (not listed and len(first.text) > 1 and first.tag in _NOT_FIRST) or _CLAUSE.search(name):
        return False
    named = geo.name_pattern.search(name.removeprefix("国网"))
    if name.endswith("集团"):
        if rules.not_group.match(name) or (rules.not_local.match(name) and not name.startswith("市政")):
            return False  # 市属国企集团
        return listed or local or name.startswith("中国") or (named is not None and not named.start())
    if name.endswith("分公司") and named and named.start() >= 2:
        return not rules.not_local.search(name.removesuffix("分公司"))
    if rules.not_local.search(name):
        return False
    return local or (named is not None and not named.start() and len(name) - len(named.group()) >= 3)


_CLAUSE = re.compile("政府|部门|组建|成立|设立|引进|推动|鼓励|委托|通过|[由对将为在的]")
"""Words that show that a clause stands before 公司: 市政府组建…公司."""
_NOT_FIRST = frozenset({"v", "d", "p", "r", "m", "c", "ad", "vd"})
"""Parts of speech that no firm's name begins with."""


def _shorts(core: str) -> list[str]:
    """Short names under which a firm may appear: the longest beginnings of its name without place and form."""
    return [core[:n] for n in range(len(core), 3, -1)]
