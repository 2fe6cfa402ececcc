"""Mentions of bodies that are no organs of state (parties, universities, hospitals, banks, firms), and of people."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from extract.mentions.context import MentionContext
from extract.mentions.geography import Geography
from extract.mentions.organs.lines import is_cut
from extract.mentions.words import JoinedText, PageWords
from extract.model import Kind, Mention, Span
from extract.text.normalize import find_occurrences, remove_space
from extract.text.search import SpanSet, find_matches
from extract.text.segment import Word, segmenter
from ontology.lexicons import Lexicon, join_alternatives

_CUT = re.compile(
    r"企业(?=[一-龥]{4})|决定|命名|区分|[，,。；;：:（()）《》“”\"\s、]|以及|会同|联合|包括|引进|推荐|组织|依托|支持|委托|协调|指导|走访|调研|邀请|通过|成立|设立|推动|鼓励|共建|建设|合作|联合|建立|会同|组建|落户|入驻|新建|扩建|改造|[和与及由经向对将把为在了的赴到从如至于]|(?<![高中初同平])等|建成|创建|批复|担任|承担|挂靠"
)


@dataclass(frozen=True, slots=True)
class _Rules:
    party: re.Pattern[str]
    person_before: re.Pattern[str]
    person_title: re.Pattern[str]
    leader: re.Pattern[str]
    name: re.Pattern[str]
    not_names: frozenset[str]
    before_leader: tuple[str, ...]
    """Words before a leader's name that are no part of it, whatever the split into words says."""
    person_named: re.Pattern[str]
    """A name at the end of what stands before a title."""
    national: tuple[str, ...]
    verb: re.Pattern[str]
    """Words that are in no division's name."""
    proper: frozenset[str]
    kinds: frozenset[str]
    """Kinds of bodies of which a place has many: 霁川市+农村+学校 is no name."""
    common: re.Pattern[str]
    no_body: re.Pattern[str]
    """Words that no body's name contains, or begins with."""
    generic: frozenset[str]
    public: re.Pattern[str]
    """Words that with an ending such as 图书馆 name a kind: 霁川市+公共+图书馆."""
    bank: re.Pattern[str]
    """The start of the name of a bank's branch."""
    any_branch: re.Pattern[str]
    """Words before 分行 that mean branches of a kind: 当地, 各一级."""
    firm_kind: re.Pattern[str]
    """Names of firms of a kind: 房地产集团公司."""
    firm_word: re.Pattern[str]
    """Words of which many firms' names are made: a short name of them alone is none."""
    not_local: re.Pattern[str]
    """Words that begin with a character for a level and mean none, or words for firms of a kind."""


@cache
def _rules(lex: Lexicon) -> _Rules:
    config = lex.read_config("organizations")
    people = config["persons"]
    name = rf"(?:(?:{join_alternatives(people['compound'])})[一-龥]{{1,2}}|[{people['surnames']}][一-龥]{{1,2}})"
    return _Rules(
        re.compile(
            rf"(?:{join_alternatives(config['parties'])})(?P<place>[一-龥]{{0,10}}?)(?:{join_alternatives(config['party_units'])})(?!员)"
        ),
        re.compile(
            rf"(?:{join_alternatives(people['before'])})[:：\s]{{0,3}}(?P<name>{name})(?=[，,。；;：:、）)\s]|担任|同志|代表|委员|主持|出席|$|（|\()"
        ),
        re.compile(join_alternatives(people["after"])),
        re.compile(join_alternatives(people["leaders"])),
        re.compile(name),
        frozenset(people["not_names"]),
        tuple(people["before_leader"]),
        re.compile(rf"(?:(?<![一-龥])|(?<=[获经由受向]))(?P<name>{name})\Z"),
        tuple(config["national"]),
        re.compile(join_alternatives(lex.read_config("agencies")["places"]["words"])),
        frozenset(config["proper"]),
        frozenset(config["many"]),
        re.compile(join_alternatives(config["common"])),
        re.compile(join_alternatives(config["no_body"])),
        frozenset(config["generic"]),
        re.compile(rf"[省市区县]?[内域]?(?:{join_alternatives(config['public'])})"),
        re.compile(rf"(?:[一-龥]{{2,8}}银行|{join_alternatives(config['bank_shorts'])})(?=[一-龥]{{2,}})"),
        re.compile(rf"(?:{join_alternatives(config['any_branch'])})"),
        re.compile(rf"(?:{join_alternatives(config['firm_kinds'])})+(?:{join_alternatives(config['company'])})"),
        re.compile(join_alternatives(config["firm_words"])),
        re.compile(join_alternatives(config["not_local"])),
    )


def find_bodies(page: MentionContext, geo: Geography) -> list[Mention]:
    """Every body, firm and person named on the page."""
    joined = page.joined
    out = [*_parties(page, geo), *_firms(page, joined, geo), *_bodies(page, joined, geo), *_people(page)]
    return [m for m in out if page.is_in_letter(m.span) and not is_cut(page, m.span.begin)]


def _parties(page: MentionContext, geo: Geography) -> list[Mention]:
    out: list[Mention] = []
    for found in _rules(page.lex).party.finditer(page.text):
        place = found.group("place")
        if (
            place
            and place not in "省市区县州"
            and not (geo.get_full_name(place) or "".join(geo.split_chain(place)) == place)
        ):
            continue
        out.append(
            Mention(Span(*found.span()), Kind.ORGANIZATION, found.group(), "organization.party", 0.92, {"party": place})
        )
    return out


def _start(words: str, geo: Geography, national: tuple[str, ...], verb: re.Pattern[str]) -> int | None:
    """Where in *words* a name that ends after them begins: at a place's name, or at 中国/全国 …"""
    at = 0
    for found in _CUT.finditer(words):
        if found.group() == "企业" and geo.name_pattern.match(words, at):
            continue  # 澄溪市中小企业+服务中心
        at = found.end()
    rest = words[at:]
    for found in geo.name_pattern.finditer(rest):
        return at + found.start()
    inside = re.search(join_alternatives(national), rest)
    if inside and (inside.start() == 0 or len(rest) - inside.start() >= 4):
        return at + inside.start()
    division = _DIVISION.match(rest)
    if division and not _NOT_DIVISION.match(rest) and not verb.search(division.group(1)):
        return at
    if (
        rest[:1] in set("省市区县")
        and len(rest) >= 2
        and rest[:2] not in {"市场", "区域", "省级", "市级", "县级", "区级"}
    ):
        return at
    return None


def _branch(words: str, rules: _Rules) -> int | None:
    """Where the name of a bank's branch begins: 某某银行+澄溪分行."""
    at = max((m.end() for m in _CUT.finditer(words)), default=0)
    bank = rules.bank.match(words, at)
    return at if bank else None


_BRANCHES = frozenset({"分行", "支行", "中心支行"})


def _proper(words: str, rules: _Rules, university: bool = False) -> int | None:
    """Where a name without a place begins: after a mark or a word such as 与, if not made of common words alone."""
    cuts = list(_CUT.finditer(words))
    if not cuts:
        return None
    stem = words[cuts[-1].end() :]
    least = 2 if university else 4
    if not least <= len(stem) <= 12 or len(rules.common.sub("", stem)) < 2 or rules.no_body.search(stem):
        return None
    return cuts[-1].end()


_ONE = re.compile("人民|中医|中西医|妇幼|妇女儿童|中心|第[一二三四五六七八九十]|实验|红十字")
"""Of these a division has one each: 澄溪市中医医院 is a name, 澄溪市公立医院 a kind."""

_DIVISION = re.compile(r"([一-龥]{2,3})(?:省|自治区|市|自治州|县)(?!级|内|外)(?=[一-龥]{2})")
_NOT_DIVISION = re.compile(r".{0,3}(?:城市|上市|超市|全市|全省|我市|我省|各省|各市|本市|跨省)")


def _bodies(page: MentionContext, joined: JoinedText, geo: Geography) -> list[Mention]:
    rules = _rules(page.lex)
    best: dict[int, Mention] = {}
    for hit in page.get_longest_hits("body"):
        after = page.text[hit.span.end : hit.span.end + 1]
        if (
            after
            and after in "生员长型类级部"
            and hit.key.endswith(("大学", "学院", "中学", "小学", "学校", "协会", "学会"))
        ):
            continue
        at = joined.find_position(hit.span.begin)
        words = joined.get_words_before(at, 22)
        start = _branch(words, rules) if hit.key in _BRANCHES else None
        if start is None:
            start = _start(words, geo, rules.national, rules.verb)
        if start is None and hit.key in rules.proper:
            start = _proper(words, rules, hit.key == "大学")
        if start is None:
            continue
        begin = joined.span(at - len(words) + start, at + 1).begin
        name = remove_space(page.text[begin : hit.span.end])
        stem = name[: -len(hit.key)]
        if _LEVEL.search(name):
            continue
        if (
            name in rules.generic
            or rules.no_body.match(name)
            or len(stem) < 1
            or re.search(r"[级]$", stem)
            or re.search(r"各|多|全|其他|等", stem)
        ):
            continue
        located = geo.name_pattern.match(stem)
        rest = stem[located.end() :] if located else stem
        kind = located and hit.key in rules.kinds and not _ONE.match(rest)
        if hit.key.endswith("馆") and rules.public.fullmatch(rest):
            continue
        if hit.key in _BRANCHES and rules.any_branch.search(name):
            continue
        if kind and len(rules.common.sub("", rest)) < 1 < len(stem):
            continue
        full = geo.get_full_name(stem)
        if full and hit.key in {"联盟", "服务中心", "创新中心", "实验室", "发展中心", "孵化器", "小学", "中学"}:
            continue
        attrs = {"prefix": name[0]} if name[0] in "省市区县" else {}
        best[begin] = Mention(Span(begin, hit.span.end), Kind.ORGANIZATION, name, "organization.named", 0.8, attrs)
    for hit in page.get_longest_hits("bank"):
        at = joined.find_position(hit.span.end - 1) + 1
        branch = re.match(r"[一-龥]{1,8}?(?:中心支行|分行|支行)", joined.get_words_after(at, 12))
        old = best.get(hit.span.begin)
        end = hit.span.end
        if branch and not rules.any_branch.search(branch.group()):
            end = joined.span(at, at + branch.end()).end
        if old is not None and old.span.end >= end:
            continue
        name = remove_space(page.text[hit.span.begin : end])
        best[hit.span.begin] = Mention(Span(hit.span.begin, end), Kind.ORGANIZATION, name, "organization.bank", 0.85)
    return list(best.values())


_LEVEL = re.compile(r"^(?:[一-龥]{2})?(?:国家|省|市|区|县)级")
"""A class that somebody recognises, and no body: (获评)市级示范产业学院, 国家级企业技术中心."""
_FIRM = re.compile(
    r"[一-龥A-Za-z0-9（()）·]{2,34}?(?:股份有限公司|有限责任公司|集团有限公司|有限公司|集团公司)(?:[一-龥]{2,8}(?:分|支)公司)?"
)


_FIRM_MARK = re.compile('[，,。；;：:、《》“”"\\s]|[由和与及向对将]')
_VERB = re.compile("政府|决定|命名|区分")
"""Words before a firm's name that are no part of it, even after a place's name."""
_LOCAL_FIRM = re.compile("[省市区县](?![场域级])")
_GROUP = re.compile(
    r"(?:(?<=[、：:（(〔])|(?<=[，,；;])(?=[省市区县]))(?!大型|企业|产业|相关|各|社会|军工|外资|医疗|教育|行业)[一-龥]{2,6}集团(?=[、，,；;）)〕等])"
)
_COMPANY = re.compile(r"(?<=[、：:（(，,；;〔])(?:国网)?[一-龥]{3,12}公司(?=[、，,；;）)〕。]|等|牵头|负责|配合|按)")
_FORM = re.compile(r"(?:股份|集团|有限责任)?(?:有限)?公司")
_GENERIC_FIRM = re.compile("部门|或|等|一家|多家|各|该|我|其|的")


def _firms(page: MentionContext, joined: JoinedText, geo: Geography) -> list[Mention]:
    rules = _rules(page.lex)
    out: list[Mention] = []
    for found in find_matches(_FIRM, joined.text, ("公司",)):
        words = found.group()
        at = 0
        for mark in _CUT.finditer(words):
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
        if len(name) < (6 if local else 7) or _GENERIC_FIRM.search(name) or rules.firm_kind.fullmatch(name):
            continue
        label = name
        if local:
            home = geo.get_home(page.find_letter(joined.offsets[found.start()]))
            label = (home.resolve_prefix(name[0]) or name[0]) + name[1:]
        attrs = {"of": label} if label != name else {}
        span = joined.span(found.start() + at, found.end())
        out.append(Mention(span, Kind.ENTERPRISE, name, "enterprise.company", 0.92, attrs))
    out += _groups(page, joined, geo, [m.span for m in out])
    for mention in list(out):
        stem = re.sub(r"(?:股份|有限责任|集团)?(?:有限)?公司.*$", "", mention.name)
        located = geo.name_pattern.match(stem)
        core = stem[located.end() :] if located else stem
        for short in _shorts(core):
            if len(rules.firm_word.sub("", short)) < 2:
                continue
            for span in find_occurrences(page.text, short):
                if not any(m.span.overlaps(span) for m in out):
                    attrs = {"of": mention.attrs.get("of", mention.name)}
                    out.append(Mention(span, Kind.ENTERPRISE, short, "enterprise.short", 0.8, attrs))
    return out


def _ends_in_place(words: str, at: int, place: int, geo: Geography) -> bool:
    """Whether a place stands at the end of a firm's name, before its form: 某某农业+澄溪+有限公司."""
    named = geo.name_pattern.match(words, place)
    return named is not None and place - at >= 4 and _FORM.fullmatch(words, named.end()) is not None


def _groups(page: MentionContext, joined: JoinedText, geo: Geography, taken: list[Span]) -> list[Mention]:
    """Groups and firms without a full form, in lists of bodies: 市水务集团, 省电力公司."""
    rules = _rules(page.lex)
    out: list[Mention] = []
    covered = SpanSet(page.text, taken)
    for found in (
        *find_matches(_GROUP, joined.text, ("集团",)),
        *find_matches(_COMPANY, joined.text, ("公司",)),
    ):
        name, span = found.group(), joined.span(*found.span())
        group = name.endswith("集团")
        local = name[0] in "省市区县" and not rules.not_local.match(name)
        if covered.overlaps(span) or (not group and rules.not_local.search(name)):
            continue
        if group and rules.not_local.match(name) and not name.startswith("市政"):
            continue  # 市属国企集团
        named = geo.name_pattern.match(name.removeprefix("国网"))
        if not (group or local or (named and len(name) - len(named.group()) >= 4)):
            continue
        attrs: dict[str, str] = {}
        if local:
            home = geo.get_home(page.find_letter(span.begin))
            if division := home.resolve_prefix(name[0]):
                attrs = {"of": division + name[1:]}
        rule = "enterprise.group" if group else "enterprise.local"
        out.append(Mention(span, Kind.ENTERPRISE, name, rule, 0.75, attrs))
    return out


def _shorts(core: str) -> list[str]:
    """Short names under which a firm may appear: the longest beginnings of its name without place and form."""
    return [core[:n] for n in range(len(core), 3, -1)]


def _people(page: MentionContext) -> list[Mention]:
    rules = _rules(page.lex)
    out: list[Mention] = []
    for found in rules.person_before.finditer(page.text):
        name = _check_name(found.group("name"), page.lex)
        if name and name not in rules.not_names:
            span = Span(found.end("name") - len(name), found.end("name"))
            out.append(Mention(span, Kind.PERSON, name, "person.office", 0.85))
    for title in rules.person_title.finditer(page.text):
        named = rules.person_named.search(page.text, max(0, title.start() - 5), title.start())
        name = _check_name(named.group("name"), page.lex) if named else ""
        if name and name not in rules.not_names:
            out.append(Mention(Span(title.start() - len(name), title.start()), Kind.PERSON, name, "person.title", 0.75))
    return [*out, *_find_leaders(page, rules)]


def _check_name(name: str, lex: Lexicon) -> str:
    """Return *name*; empty if it is a word of its own, or 和 or the like and a surname or word (和谭代表)."""
    words = segmenter(lex).segment(name)
    if len(words) == 1 and not words[0].tag.startswith(("nr", "x")):
        return ""
    return "" if name[0] in "和于从经都向时" and (len(name) == 2 or len(words) < len(name)) else name


def _find_leaders(page: MentionContext, rules: _Rules) -> list[Mention]:
    """People with a title of state leaders (…总理), whose names are single characters between words of other kinds."""
    out: list[Mention] = []
    words = page.words
    if not rules.leader.search(words.text):
        return out
    numbers = {word.begin: number for number, word in enumerate(words.words)}
    for title in rules.leader.finditer(words.text):
        number = numbers.get(title.start())
        for length in (3, 2):
            begin = title.start() - length
            if begin < 0 or not rules.name.fullmatch(words.text, begin, title.start()):
                continue
            first = numbers.get(begin)
            if first is None or number is None:  # a word crosses the name's beginning: 落|实习…
                if not words.text.endswith(rules.before_leader, 0, begin):
                    continue
                out.append(_make_leader(words, begin, title.start()))
                break
            if _is_name(words.words[first:number]) and (not first or words.words[first - 1].tag not in _NOUNS):
                out.append(_make_leader(words, begin, title.start()))
                break
    return out


def _is_name(words: Sequence[Word]) -> bool:
    """Whether *words* can be a name: single characters, or one word that is a person's name."""
    return all(len(word.text) == 1 for word in words) or (len(words) == 1 and words[0].tag.startswith("nr"))


def _make_leader(words: PageWords, begin: int, end: int) -> Mention:
    return Mention(words.span(begin, end), Kind.PERSON, words.text[begin:end], "person.leader", 0.85)


_NOUNS = frozenset({"x", "n", "nr", "a", "b", "j"})
"""Parts of speech that before a name show that it began earlier."""
