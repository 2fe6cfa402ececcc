"""Mentions of organs of state, party, congress and CPPCC, and of their offices.

A name is a jurisdiction (full, a level as in 市发改局, or none), what the organ is for (``agencies.tsv``) and 局/厅 …;
some need no entry (人民政府, 政协: ``agencies.toml``). Organs of the centre, and bodies that an ending shows, are in
``extract.mentions.organs``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from extract.mentions.context import LexiconHit, MentionContext
from extract.mentions.geography import Geography
from extract.mentions.organs.boards import find_boards
from extract.mentions.organs.national import find_national_organs
from extract.mentions.organs.offices import find_offices
from extract.mentions.organs.prefixes import LEVELS, Prefix, is_below_issuer, is_generic, read_prefix
from extract.mentions.words import is_cut
from extract.model import Kind, Mention, Span
from extract.text.normalize import remove_space
from extract.text.search import SpanSet, find_matches
from extract.text.segment import segmenter
from ontology.lexicons import Lexicon, join_alternatives


@dataclass(frozen=True, slots=True)
class _Patterns:
    suffix: re.Pattern[str]
    unit: re.Pattern[str]
    not_unit: re.Pattern[str]
    finance: re.Pattern[str]
    party_office: re.Pattern[str]
    other_party: re.Pattern[str]
    """Another party, or a league, before 市委: 民盟霁川+市委."""
    after: dict[str, frozenset[str]]
    """Organ → words after it that make it a word of another kind: 政府+采购."""
    commissions: frozenset[str]

    def get_suffix(self, core: str, suffix: str) -> str:
        """Return the suffix of an organ in a list that shares *suffix*: 省发展改革、财政厅 has a 委员会."""
        return "委" if suffix == "厅" and core in self.commissions else suffix


@cache
def _compile_patterns(lex: Lexicon) -> _Patterns:
    config = lex.read_config("agencies")
    units = join_alternatives(config["units"])
    suffixes = "|".join(rf"{re.escape(w)}(?!{config['not_after'].get(w, '$^')})" for w in config["suffixes"])
    return _Patterns(
        re.compile(rf"(?:{suffixes})(?:\s*分局)?"),
        re.compile(
            rf"((?:[一-龥]{{2,10}}?(?:{units}))|{join_alternatives(config['offices'])})"
            r"(?=[^一-龥]|有关|负责|联系|业务|牵头|会同|副|数据|$)"
        ),
        re.compile(config["not_unit"]),
        re.compile(rf"[{LEVELS}]级?财政(?={join_alternatives(config['pays'])})"),
        re.compile(rf"(?:{join_alternatives(config['party_offices'])})(?![公法事学理])"),
        re.compile(
            rf"(?:(?:{join_alternatives(config['other_parties'])})[^\W和与及]{{0,4}}|{join_alternatives(config['leagues'])})$"
        ),
        {organ: frozenset(words) for organ, words in config["after_organ"].items()},
        frozenset(config["commissions"]),
    )


def find_agencies(page: MentionContext, geo: Geography) -> list[Mention]:
    """Every agency named on the page; its parts are in ``attrs`` (prefix, place, core, suffix, unit)."""
    patterns = _compile_patterns(page.lex)
    out = [*_find_by_core(page, geo, patterns), *_find_by_organ(page, geo, patterns), *_find_committees(page, geo)]
    out += _find_youth_leagues(page)
    out += find_national_organs(page, geo)
    out += find_boards(page, geo)
    out += _find_purses(page, patterns)
    known = SpanSet(page.text, (m.span for m in out))
    out += [m for m in find_offices(page, geo, patterns.unit) if not known.contains(m.span.end - 1)]
    words = segmenter(page.lex)
    return [
        m for m in out
        if page.is_in_letter(m.span) and not is_cut(page.text, m.span.begin, words)
        and not begins_document_number(page.text, m.span)
    ]  # fmt: skip


_NUMBER_REST = re.compile(r"\s?[〔\[(（](?:19|20)\d\d[〕\])）]\s?(?:第?\s?\d|[Xx×]+号)")


def begins_document_number(text: str, span: Span) -> bool:
    """Whether words are the sign of an office in a document number: 霁府办+〔2023〕12号."""
    return _NUMBER_REST.match(text, span.end) is not None


def _choose_core(key: str, text: str) -> str:
    """Of the full forms that a short one may stand for, the one that the page prints, else the usual one."""
    fulls = key.split("|")
    return next((full for full in fulls if len(fulls) > 1 and full in text), fulls[0])


_BARE_LEFT = frozenset('与和及由经向、，,。；;：:的（(《“"\n \u3000同合及对为给到在是请商征报了')


def _find_by_core(page: MentionContext, geo: Geography, patterns: _Patterns) -> list[Mention]:
    """Organs by what they are for: 市+发改+局."""
    found: dict[int, tuple[LexiconHit, str]] = {}
    ends: dict[int, LexiconHit] = {}
    """Hits that no suffix follows, by their end."""
    for hit in page.get_hits("core"):
        ending = patterns.suffix.match(page.joined.text, page.joined.find_position(hit.span.end))
        if ending is None:
            if hit.span.end not in ends or hit.span.begin < ends[hit.span.end].span.begin:
                ends[hit.span.end] = hit
            continue
        end = page.joined.span(*ending.span()).end
        if end not in found or hit.span.begin < found[end][0].span.begin:
            found[end] = (hit, ending.group())
    out: list[Mention] = []
    for end, (hit, suffix) in found.items():
        prefix = read_prefix(page, geo, hit.span.begin)
        if is_generic(page, geo, prefix):
            continue
        core = _choose_core(hit.key, page.text)
        if core == "教育" and suffix == "部":
            continue
        attrs = {"core": core, "suffix": suffix, **prefix.attrs}
        if prefix.begin == hit.span.begin and (joint := _read_joint(page, geo, hit, ends)):
            prefix, first = joint
            attrs = {"core": f"{first}和{core}", "suffix": suffix, **prefix.attrs}
        elif prefix.begin == hit.span.begin:
            shared = _find_shared(page, geo, hit, ends)
            if shared:
                head = shared[-1][1]
                for key, _, at in shared:
                    out.append(_make_shared(page, at, head, key, patterns.get_suffix(key, suffix)))
                attrs = {**attrs, **head.attrs}
            elif not _stands_bare(page, Span(hit.span.begin, end), suffix):
                continue
            else:
                attrs["bare"] = "1"
        if attrs.get("place") and geo.levels.get(attrs["place"]) in _LOW and not suffix.endswith("分局"):
            words = page.joined.text[page.joined.find_position(hit.span.begin) : page.joined.find_position(end)]
            out += _find_listed(page, geo, prefix.begin, words, {"core": core, "suffix": suffix})
        if suffix.endswith("分局"):
            attrs = {**attrs, "suffix": "局", "branch": "分局"}
        out.append(_add_unit(page, Span(prefix.begin, end), "agency.core", attrs, patterns))
    return out


def _read_joint(
    page: MentionContext, geo: Geography, hit: LexiconHit, ends: dict[int, LexiconHit]
) -> tuple[Prefix, str] | None:
    """Return the jurisdiction and the first field of an organ with two: 市经济合作和外事局."""
    at = hit.span.begin - 1
    first = ends.get(at) if at > 0 and page.text[at] in "和与" else None
    if first is None:
        return None
    prefix = read_prefix(page, geo, first.span.begin)
    if prefix.begin == first.span.begin or is_generic(page, geo, prefix):
        return None
    return prefix, _choose_core(first.key, page.text)


def _stands_bare(page: MentionContext, span: Span, suffix: str) -> bool:
    """Whether an organ without a jurisdiction may stand at *span*: …、人社局."""
    left = page.text[span.begin - 1] if span.begin else "\n"
    return (
        left in _BARE_LEFT
        and page.text[span.end : span.end + 1] not in {"(", "（"}
        and suffix not in {"部", "办公室", "委员会"}
        and len(span) >= 2 + len(suffix)
    )


def _find_shared(
    page: MentionContext, geo: Geography, hit: LexiconHit, ends: dict[int, LexiconHit]
) -> list[tuple[str, Prefix, Span]]:
    """Return the organs before *hit* that share its suffix, the first one last: 市发改、财政、人社局."""
    out: list[tuple[str, Prefix, Span]] = []
    at = hit.span.begin
    while at and page.text[at - 1] == "、" and (other := ends.get(at - 1)):
        prefix = read_prefix(page, geo, other.span.begin)
        out.append((_choose_core(other.key, page.text), prefix, Span(prefix.begin, other.span.end)))
        at = other.span.begin
        if prefix.begin < other.span.begin:
            return out
    return []


def _make_shared(page: MentionContext, span: Span, head: Prefix, core: str, suffix: str) -> Mention:
    attrs = {"core": core, "suffix": suffix, **head.attrs}
    return Mention(span, Kind.AGENCY, remove_space(span.of(page.text)) + suffix, "agency.shared", 0.85, attrs)


def _add_unit(page: MentionContext, span: Span, rule: str, attrs: dict[str, str], patterns: _Patterns) -> Mention:
    """A mention of the organ, with an office of its own if one follows."""
    at = page.joined.find_position(span.end)
    unit = patterns.unit.match(page.joined.text, at)
    if attrs.get("organ", "").endswith("中心") and (branch := _CENTRE_UNIT.match(page.joined.text, at)):
        unit = None
        attrs = {**attrs, "unit": branch.group()}
        span = Span(span.begin, page.joined.span(*branch.span()).end)
    if unit and not patterns.not_unit.search(unit.group()[:-1].removesuffix("工作委员")):
        attrs = {**attrs, "unit": unit.group()}
        span = Span(span.begin, page.joined.span(*unit.span()).end)
        rule += "+unit"
    return Mention(span, Kind.AGENCY, remove_space(span.of(page.text)), rule, 0.92, attrs)


_CENTRE_UNIT = re.compile("[一-龥]{2,6}?(?:管理部|办事处|分中心)")
"""A branch of a centre, with the name of its place: 住房公积金管理中心+岭东县管理部."""


def _find_by_organ(page: MentionContext, geo: Geography, patterns: _Patterns) -> list[Mention]:
    """Organs that need no core: 市+人民政府."""
    best: dict[int, tuple[int, dict[str, str]]] = {}
    out: list[Mention] = []
    for hit in page.get_hits("organ"):
        prefix = read_prefix(page, geo, hit.span.begin)
        start = prefix.begin
        if start == hit.span.begin or is_generic(page, geo, prefix) or is_below_issuer(page, geo, prefix):
            continue
        attrs = {"organ": hit.key, **prefix.attrs}
        if hit.key == "委" and (office := patterns.party_office.match(page.text, hit.span.end)):
            span = Span(start, office.end())
            name = remove_space(span.of(page.text))
            attrs["unit"] = office.group()
            out.append(Mention(span, Kind.AGENCY, name, "agency.party-office", 0.88, attrs))
            continue
        if not _is_organ(page, hit, prefix, patterns):
            continue
        if start not in best or hit.span.end > best[start][0]:
            best[start] = (hit.span.end, attrs)
    for start, (end, attrs) in best.items():
        if page.text[max(0, start - 2) : start] == "中共":
            start -= 2
        out.append(_add_unit(page, Span(start, end), "agency.organ", attrs, patterns))
        if attrs["organ"] in _GOVERNMENTS and attrs["place"]:
            out += _find_listed(page, geo, start, attrs["organ"], {"organ": attrs["organ"]})
    return out


_LOW = frozenset({"County", "Town"})
"""Levels of divisions whose organs share a name in a list: 云岭县、溪口区财政局."""
_GOVERNMENTS = frozenset({"政府", "人民政府"})


def _find_listed(
    page: MentionContext, geo: Geography, begin: int, ending: str, organ: dict[str, str]
) -> Iterator[Mention]:
    """Yield the organs of the divisions before *begin* in a list that shares an organ: 溪川市、云岭市人民政府.

    Args:
        page: the page.
        geo: its geography.
        begin: where the last organ of the list begins.
        ending: the words that the list shares.
        organ: what says which organ they are.
    """
    joined = page.joined
    at = joined.find_position(begin)
    while at and joined.text[at - 1] in "、和":
        words = joined.get_words_before(at - 1, 9)
        name = next((words[i:] for i in range(len(words) - 1) if words[i:] in geo.levels), "")
        if not name:
            return
        at -= 1 + len(name)
        attrs = {**organ, "prefix": "", "place": name}
        span = joined.span(at, at + len(name))
        yield Mention(span, Kind.AGENCY, name + ending, "agency.shared", 0.97, attrs)  # more than the place alone


def _is_organ(page: MentionContext, hit: LexiconHit, prefix: Prefix, patterns: _Patterns) -> bool:
    """Whether a hit is an organ by the words around it: no 市委 in 民建市委, no 市政府 in 市政府采购."""
    before = page.text[max(0, prefix.begin - 2) : prefix.begin]
    after = page.text[hit.span.end : hit.span.end + 2]
    if page.text.startswith("全", prefix.begin):  # 全市法院
        return False
    if hit.key != "政府" and after[:1] in patterns.after.get(hit.key, ()):
        return False
    if hit.key == "党委" and prefix.attrs["prefix"] not in {"", "自治区"}:
        return False
    if hit.key == "委":
        if after == "常委":
            return False
        if patterns.other_party.search(page.text, max(0, prefix.begin - 10), prefix.begin):
            return False
    if hit.key.endswith("人大") and after == "代表" and page.text[hit.span.end : hit.span.end + 4] != "代表工作":
        return False
    if hit.key.endswith("政府") and after in patterns.after["政府"] and not prefix.attrs["place"]:
        return False
    return not (prefix.attrs["prefix"] in {"镇", "乡"} and before.endswith(("各", "乡", "城")))


_CPPCC = re.compile(r"(?:中国人民政治协商会议|政协)([一-龥]{2,10}?)委员会([一-龥]{2,8}?委员会)?")
_PARTY = re.compile(
    r"(?:中共|中国共产党)([一-龥]{2,10}?)委员会"
    r"((?:组织|宣传|统战|统一战线工作|社会工作)部|办公[室厅]|党校)?"
)


def _find_committees(page: MentionContext, geo: Geography) -> Iterator[Mention]:
    """Yield committees by their full names: 政协溪川市委员会提案委员会, 中共溪川市委员会组织部."""
    for pattern, organ, rule in ((_CPPCC, "政协", "agency.cppcc"), (_PARTY, "委", "agency.party")):
        for found in pattern.finditer(page.text):
            place, unit = found.group(1), found.group(2) or ""
            if "".join(geo.split_chain(place)) != place:
                continue
            attrs = {"organ": organ, "prefix": "", "place": place}
            if organ == "委":
                attrs["organ"] += unit.replace("统一战线工作部", "统战部")
            elif unit:
                attrs["unit"] = unit
            yield Mention(Span(*found.span()), Kind.AGENCY, found.group(), rule, 0.92, attrs)


_YOUTH_LEAGUE = re.compile(r"(?:共青|(?<![一-龥])|(?<=[和与及由]))团(?P<level>[省市县区州旗])委(?![员托派任])")

_YOUTH_LEAGUES = tuple(f"团{level}委" for level in "省市县区州旗")


def _find_youth_leagues(page: MentionContext) -> list[Mention]:
    """团市委: the level stands inside the name."""
    out: list[Mention] = []
    for found in find_matches(_YOUTH_LEAGUE, page.text, _YOUTH_LEAGUES):
        attrs = {"organ": "团委", "prefix": found.group("level"), "place": ""}
        out.append(Mention(Span(*found.span()), Kind.AGENCY, found.group(), "agency.youth-league", 0.92, attrs))
    return out


def _find_purses(page: MentionContext, patterns: _Patterns) -> list[Mention]:
    """市财政 where it pays: the bureau of finance."""
    out: list[Mention] = []
    for found in patterns.finance.finditer(page.joined.text):
        level = found.group()[0]
        attrs = {"core": "财政", "suffix": "厅" if level == "省" else "局", "prefix": level, "place": ""}
        out.append(Mention(page.joined.span(*found.span()), Kind.AGENCY, found.group(), "agency.purse", 0.8, attrs))
    return out
