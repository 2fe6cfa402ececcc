"""Mentions of organs of state, party, congress and CPPCC, and of their offices.

A name is a jurisdiction (full, a level as in 市发改局, or none), what the organ is for (``agencies.tsv``) and 局/厅 …;
some need no entry (人民政府, 政协: ``agencies.toml``), those of the centre are listed (``national_organs.tsv``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from extract.mentions.context import MentionContext
from extract.mentions.geography import Geography
from extract.model import Kind, Mention, Span
from extract.text.normalize import remove_space
from extract.text.search import find_matches
from ontology.lexicons import Lexicon, join_alternatives

LEVELS = "省市县区州旗镇乡盟"


@dataclass(frozen=True, slots=True)
class _Rules:
    suffix: re.Pattern[str]
    unit: re.Pattern[str]
    committee: re.Pattern[str]
    bank: re.Pattern[str]
    tax: re.Pattern[str]
    leading: re.Pattern[str]
    finance: re.Pattern[str]
    relative: re.Pattern[str]


_LEADING = ("领导小组", "联席会议", "指挥部", "组委会")
"""What the names of bodies that several offices form end with."""


@cache
def _rules(lex: Lexicon) -> _Rules:
    config = lex.read_config("agencies")
    units = join_alternatives(config["units"])
    return _Rules(
        re.compile("|".join(rf"{re.escape(w)}(?!{config['not_after'].get(w, '$^')})" for w in config["suffixes"])),
        re.compile(
            rf"((?:[一-龥]{{2,10}}?(?:{units}))|{join_alternatives(config['offices'])})"
            r"(?=[^一-龥]|有关|负责|联系|业务|牵头|会同|副|数据|$)"
        ),
        re.compile(r"(?:管理委员会|管委会)"),
        re.compile(r"(?:中国)?人民银行(?:[一-龥]{2,8}?)(?:中心支行|分行|支行|营业管理部)"),
        re.compile(r"国家税务总局(?:[一-龥]{2,12}?)税务局"),
        re.compile(rf"[一-龥“”\"]{{2,22}}?(?:{'|'.join(f'{w}办公室|{w}' for w in _LEADING[:-1])}|{_LEADING[-1]})"),
        re.compile(rf"[{LEVELS}]财政(?=按|每年|给予|安排|一次性|再|对|设立|负担|承担|预算安排|补助|予以)"),
        re.compile(rf"(?:大赛|组委会)*({join_alternatives(config['relative'])})(?![一-龥]?员[^单])"),
    )


def find_agencies(page: MentionContext, geo: Geography) -> list[Mention]:
    """Every agency named on the page; its parts are in ``attrs`` (prefix, place, core, suffix, unit)."""
    rules = _rules(page.lex)
    out: list[Mention] = []
    out += _by_core(page, geo, rules)
    out += _by_organ(page, geo, rules)
    out += _national(page)
    out += _others(page, geo, rules)
    return [m for m in out if page.is_in_letter(m.span)]


def _prefix(page: MentionContext, geo: Geography, begin: int) -> tuple[int, str, str]:
    """What stands before an organ's name: (where it begins, the level word or "", the places' full names)."""
    text = page.text
    at, places = begin, ""
    while True:
        for length in range(min(9, at), 1, -1):
            word = text[at - length : at]
            if word in geo.levels:
                at, places = at - length, word + places
                break
        else:
            break
    if places:
        return at, "", places
    if at and text[at - 1] in LEVELS and not _ends_name(page, at - 1):
        if at > 1 and text[at - 2 : at] in {
            "我市",
            "我省",
            "我县",
            "我区",
            "本市",
            "本省",
            "本县",
            "本区",
            "全省",
            "全市",
        }:
            return at - 2, text[at - 1], ""
        return at - 1, text[at - 1], ""
    for length in range(min(5, at), 1, -1):
        if text[at - length : at] in geo.shorts:
            return at - length, "", geo.shorts[text[at - length : at]]
    return at, "", ""


def _ends_name(page: MentionContext, at: int) -> bool:
    """Whether the level character at *at* is the end of a longer word (城市, 超市)."""
    return page.text[max(0, at - 1) : at + 1] in {
        "城市",
        "超市",
        "上市",
        "社区",
        "园区",
        "地区",
        "小区",
        "城镇",
        "家乡",
        "城区",
    }


def _core(key: str, text: str) -> str:
    """Of the full forms that a short one may stand for, the one that the page prints, else the usual one."""
    fulls = key.split("|")
    return next((full for full in fulls if len(fulls) > 1 and full in text), fulls[0])


_BARE_LEFT = frozenset('与和及由经向、，,。；;：:的（(《“"\n \u3000同合及对为给到在是请商征报了')


def _by_core(page: MentionContext, geo: Geography, rules: _Rules) -> list[Mention]:
    found: dict[int, tuple[int, Span, str, str]] = {}
    for hit in page.get_hits("core"):
        suffix = rules.suffix.match(page.text, hit.span.end)
        if suffix is None:
            continue
        end = suffix.end()
        old = found.get(end)
        if old is None or hit.span.begin < old[0]:
            found[end] = (hit.span.begin, hit.span, _core(hit.key, page.text), suffix.group())
    out: list[Mention] = []
    for end, (begin, span, core, suffix_word) in found.items():
        start, level, places = _prefix(page, geo, begin)
        attrs = {"core": core, "suffix": suffix_word, "prefix": level, "place": places}
        if level == "区" and (area := _AREA_BEFORE.search(page.get_words_before(begin, 10))):
            words = area.group()
            words = words[max(words.rfind(c) for c in "由经向对和与及报在") + 1 :]
            start = begin - len(words)
            attrs = {"core": core, "suffix": suffix_word, "area": words}
        if start == begin:
            left = page.text[begin - 1] if begin else "\n"
            if left not in _BARE_LEFT or suffix_word in {"部", "办公室", "委员会"} or len(span) < 2:
                continue
            attrs["bare"] = "1"
        if core == "教育" and suffix_word == "部":
            continue
        out.append(_mention(page, Span(start, end), "agency.core", attrs, rules))
    return out


def _mention(page: MentionContext, span: Span, rule: str, attrs: dict[str, str], rules: _Rules) -> Mention:
    """A mention of the organ, with an office of its own if one follows."""
    unit = rules.unit.match(page.text, span.end)
    if unit and not re.search(r"[的和与及对将为]|[省市区县]|会议|工作|开展|负责人", unit.group()[:-1]):
        attrs = {**attrs, "unit": unit.group()}
        span = Span(span.begin, unit.end())
        rule += "+unit"
    return Mention(span, Kind.AGENCY, _clean(span.of(page.text)), rule, 0.92, attrs)


def _by_organ(page: MentionContext, geo: Geography, rules: _Rules) -> list[Mention]:
    best: dict[int, tuple[int, str]] = {}
    out: list[Mention] = []
    for hit in page.get_hits("organ"):
        start, level, places = _prefix(page, geo, hit.span.begin)
        before = page.text[max(0, start - 2) : start]
        if start == hit.span.begin:
            continue
        if hit.key == "委" and (office := _PARTY_OFFICE.match(page.text, hit.span.end)):
            attrs = {"organ": "委", "prefix": level, "place": places, "unit": office.group()}
            span = Span(start, office.end())
            out.append(Mention(span, Kind.AGENCY, _clean(span.of(page.text)), "agency.party-office", 0.88, attrs))
            continue
        if hit.key == "委" or hit.key.endswith(
            ("人大", "政协", "政府", "纪委", "监委", "法院", "残联", "供销社", "海关")
        ):
            after = page.text[hit.span.end : hit.span.end + 2]
            if (
                hit.key == "委"
                and (after[:1] in set("员会托派任以办宣组统政网社改编党、") or after == "常委")
                and after[:1] != "、"
            ):
                continue
            if hit.key.endswith("人大") and after in {"代表", "工作"} and after == "代表":
                continue
            if (
                hit.key.endswith("政府")
                and after in {"性基", "投资", "采购", "网站", "信息", "引导", "补贴", "购买", "服务", "资金", "支持"}
                and not places
            ):
                continue
        if before.endswith(("民建", "民盟", "民进", "民革", "学社", "公党", "工党", "台盟", "联")) and hit.key == "委":
            continue
        if level in {"镇", "乡"} and before.endswith(("各", "乡", "城")):
            continue
        old = best.get(start)
        if old is None or hit.span.end > old[0]:
            best[start] = (hit.span.end, f"{hit.key}\t{level}\t{places}")
    for start, (end, packed) in best.items():
        key, level, places = packed.split("\t")
        attrs = {"organ": key, "prefix": level, "place": places}
        if page.text[max(0, start - 2) : start] == "中共":
            start -= 2
        out.append(_mention(page, Span(start, end), "agency.organ", attrs, rules))
    for found in re.finditer(
        r"(?:中国人民政治协商会议|政协)([一-龥]{2,10}?)(?:委员会)(?:([一-龥]{2,8}?委员会))?", page.text
    ):
        chain = geo.split_chain(found.group(1))
        if chain and "".join(chain) == found.group(1):
            attrs = {"organ": "政协", "prefix": "", "place": found.group(1)}
            if found.group(2):
                attrs["unit"] = found.group(2)
            out.append(Mention(Span(*found.span()), Kind.AGENCY, found.group(), "agency.cppcc", 0.92, attrs))
    return out


def _national(page: MentionContext) -> list[Mention]:
    out: list[Mention] = []
    for hit in page.get_longest_hits("national"):
        before = page.text[max(0, hit.span.begin - 1) : hit.span.begin]
        after = page.text[hit.span.end : hit.span.end + 3]
        if before and before in LEVELS + "委局厅" and not hit.word.startswith(("国", "中国", "中共", "全国")):
            continue
        if after.startswith(("门", "署", "长", "属")) or (
            hit.key == "中国人民银行"
            and re.match(r"[一-龥]{2,8}?(?:中心)?[支分]行", page.text[hit.span.end : hit.span.end + 12])
        ):
            continue
        unit = re.match(
            r"(?:[一-龥]{2,12}?(?:司|局|中心|办公厅)|办公厅)(?=[^一-龥]|副?[局司主]|等|牵头|负责|承办|会同|组织)",
            page.text[hit.span.end : hit.span.end + 16],
        )
        attrs = {"national": hit.key}
        span = hit.span
        if unit and not re.search(r"[的和与及对将为关]|下设|会同", unit.group()[:-1]):
            attrs["unit"] = unit.group()
            span = Span(span.begin, span.end + unit.end())
        out.append(Mention(span, Kind.AGENCY, _clean(span.of(page.text)), "agency.national", 0.95, attrs))
    return out


def _others(page: MentionContext, geo: Geography, rules: _Rules) -> list[Mention]:
    out: list[Mention] = []
    for found in rules.committee.finditer(page.text):
        words = page.get_words_before(found.start(), 16)
        start = _area_start(words, geo)
        if start is None:
            continue
        begin = found.start() - len(words) + start
        name = page.text[begin : found.end()]
        attrs = {"committee": page.text[begin : found.start()]}
        out.append(Mention(Span(begin, found.end()), Kind.AGENCY, _clean(name), "agency.committee", 0.88, attrs))
    for found in rules.bank.finditer(page.text):
        out.append(
            Mention(
                Span(*found.span()),
                Kind.AGENCY,
                found.group(),
                "agency.bank",
                0.92,
                {"full": "中国" + found.group().removeprefix("中国")},
            )
        )
    for found in rules.tax.finditer(page.text):
        out.append(
            Mention(Span(*found.span()), Kind.AGENCY, found.group(), "agency.tax", 0.95, {"full": found.group()})
        )
    for found in _OWN_UNIT.finditer(page.text):
        unit = rules.unit.match(page.text, found.end())
        letter = page.find_letter(found.start())
        issuer = letter.get_value("issuedBy") if letter else None
        if unit and issuer and not re.search(r"[的和与及对将为]", unit.group()[:-1]):
            name = _clean(issuer)
            attrs = {"of_issuer": name, "unit": unit.group(), "prefix": name[0] if name[0] in LEVELS else ""}
            out.append(
                Mention(Span(found.end(), unit.end()), Kind.AGENCY, unit.group(), "agency.own-unit", 0.85, attrs)
            )
    for found in rules.relative.finditer(page.text):
        name = found.group(1)
        attrs = {"full": name}
        out.append(Mention(Span(*found.span()), Kind.AGENCY, _clean(found.group()), "agency.relative", 0.7, attrs))
    for found in rules.finance.finditer(page.text):
        attrs = {
            "core": "财政",
            "suffix": "厅" if found.group()[0] == "省" else "局",
            "prefix": found.group()[0],
            "place": "",
        }
        out.append(Mention(Span(*found.span()), Kind.AGENCY, found.group(), "agency.purse", 0.8, attrs))
    for found in find_matches(rules.leading, page.text, _LEADING):
        words = found.group()
        if re.search(r"担任|主任|组长|下设|[司局部]长", words):
            continue
        cut = max(
            (
                words.rfind(w) + len(w)
                for w in (
                    "成立",
                    "设立",
                    "建立",
                    "发挥",
                    "由",
                    "经",
                    "在",
                    "的",
                    "了",
                    "和",
                    "与",
                    "向",
                    "报",
                    "对",
                    "为",
                )
                if w in words
            ),
            default=0,
        )
        name = words[cut:]
        if len(name) >= 8 or (geo.name_pattern.match(name) and len(name) > 5) or name[:1] in "省市区县":
            out.append(
                Mention(
                    Span(found.start() + cut, found.end()),
                    Kind.AGENCY,
                    _clean(name),
                    "agency.leading",
                    0.75,
                    {"group": name, "prefix": name[0] if name[0] in LEVELS else ""},
                )
            )
    return out


_PARTY_OFFICE = re.compile(r"(?:金融|财经|网信|编|农|外|军民融合|改革|审计|台|港澳|社会工作|国安)办(?![公法事学理])")
_AREA_BEFORE = re.compile(r"[一-龥]{1,6}?(?:开发|新|高新|功能|示范|经开|保税|试验|合作)区$")
_OWN_UNIT = re.compile(r"(?:我|本)(?:局|厅|委|办|部|署)")
_AREA = re.compile(
    r"(?:[省市县区国](?:家级)?)?[一-龥]{0,8}(?:新区|开发区|功能区|高新区|经开区|示范区|试验区|度假区|园区|工业园|产业园|科学城|科技城|自贸区|保税区|片区|景区|新城|产业集聚区)$"
)
_CUT = re.compile(r"[，,、。；;：:（(《“\"]|以及|会同|联合|[和与及由向对将为在了的]|各")


def _area_start(words: str, geo: Geography) -> int | None:
    """Where, in the words before 管委会, the name of its area begins."""
    at = 0
    for found in _CUT.finditer(words):
        at = found.end()
    rest = words[at:]
    for found in geo.name_pattern.finditer(rest):
        return at + found.start()
    if _AREA.search(rest) and len(rest) >= 3:
        return at
    return None


def _clean(words: str) -> str:
    return remove_space(words)
