"""Mentions of enterprise tiers: classes of firms that somebody recognises by a standard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from extract.mentions.classes.expansion import expand_levels
from extract.mentions.context import MentionContext
from extract.mentions.geography import Geography
from extract.mentions.tiers.rules import TierRules, read_rules
from extract.mentions.tiers.shared import find_shared
from extract.model import Kind, Mention, Span
from extract.text.normalize import CLOSE, find_occurrences, include_quotes, remove_space, search_fold
from extract.text.search import SpanSet
from ontology.tiers import load_tiers


def find_tiers(page: MentionContext, geo: Geography) -> list[Mention]:
    """Every tier named on the page; ``attrs`` has the scheme's label (``tier``) and the level."""
    rules = read_rules(page.lex)
    out = [
        *_known(page, rules),
        *_local(page, geo, rules),
        *_named(page, geo, rules),
        *_graded(page, rules),
        *_ladders(page, rules),
    ]
    out += find_shared(page, out)
    out += _ranks(page, rules)
    out += _levelled(page, rules, [m.span for m in out])
    out += _recognised(page, rules, [m.span for m in out])
    out += _again(page, out)
    return [m for m in out if page.is_in_letter(m.span)]


def _known(page: MentionContext, rules: TierRules) -> list[Mention]:
    out: list[Mention] = []
    scheme = {t.label: t.level for t in load_tiers(page.lex.extra)}
    spans = [(h.span, h.key, h.word, False) for h in page.get_longest_hits("tier")]
    held = SpanSet(page.text, (s for s, *_ in spans))
    for hit in page.get_longest_hits("tier_short"):
        after = page.text[hit.span.end : hit.span.end + 2].lstrip('”"')
        if held.overlaps(hit.span) or rules.other_word.match(after):
            continue
        if rules.not_firms.search(page.get_words_before(hit.span.begin, 8)):
            continue  # 营商环境“单项冠军”
        spans.append((hit.span, hit.key, hit.word, True))
    for at, key, word, short in spans:
        span = include_quotes(page.text, at)
        attrs = {"tier": key}
        if scheme.get(key) and any(
            key.startswith(w) or word.startswith(w) for w, v in rules.levels.items() if v == scheme[key] and len(w) > 1
        ):
            attrs["level"] = scheme[key]
        before = page.get_words_before(span.begin, 8)
        level = rules.level.search(remove_space(before))
        if level and not short and not any(w in word for w in rules.levels if len(w) > 1):
            found = level.group().rstrip('“"')
            if len(found) > 1 or re.search(r"(?:^|[^一-龥]|[为对的])[市省县]$", before):
                attrs["level_word"] = found
                attrs["level"] = rules.levels[found]
                begin = page.text.rfind(found, 0, span.begin)
                if begin >= 0:
                    span = Span(begin, span.end)
        elif not level and not short and (wide := _LEVELLED.search(page.get_words_before(span.begin, 14))):
            # 省级低空经济+链主企业: a class of its own, with its level
            span = Span(span.begin - len(wide.group()), span.end)
            attrs = {"level": rules.levels[wide.group(1)]}
        out.append(Mention(span, Kind.TIER, remove_space(span.of(page.text)), "tier.scheme", 0.93, attrs))
    return out


def _local(page: MentionContext, geo: Geography, rules: TierRules) -> list[Mention]:
    """Classes named after the place that recognises them: 沧陵老字号."""
    out: list[Mention] = []
    for found in rules.local.finditer(page.text):
        before = page.get_words_before(found.start(), 8)
        place = next((m for m in geo.name_pattern.finditer(before) if m.end() == len(before)), None)
        if place is None:
            continue
        span = Span(found.start() - len(place.group()), found.end())
        attrs = {"level": geo.levels.get(geo.get_full_name(place.group()), "")}
        out.append(Mention(span, Kind.TIER, span.of(page.text), "tier.local", 0.85, attrs if attrs["level"] else {}))
    return out


def _named(page: MentionContext, geo: Geography, rules: TierRules) -> list[Mention]:
    """Classes that a place is said to recognise: (命名…为)霁川县农业龙头企业, (认定为)市农业龙头企业."""
    out: list[Mention] = []
    for found in rules.named.finditer(page.text):
        name, span = found.group("name"), Span(*found.span("name"))
        chain = "".join(geo.split_chain(name)) or next(
            (m.group() for m in [geo.name_pattern.match(name)] if m is not None), ""
        )
        if chain:
            last = (geo.split_chain(chain) or (geo.get_full_name(chain),))[-1]
            attrs = {"level": geo.levels.get(last, "")}
        elif name[0] in "省市县区" and name[1] not in "级内域场政":
            chain = name[0]
            home = geo.get_home(page.find_letter(span.begin)).resolve_prefix(chain)
            attrs = {"level": rules.levels[chain]} | ({"of": home + name[1:]} if home else {})
        else:
            continue
        core = name[len(chain) :]
        if len(core) < 6 or core[0] in "级的内" or _JOIN.search(core) or rules.vague.search(core):
            continue
        attrs = {key: value for key, value in attrs.items() if value}
        out.append(Mention(span, Kind.TIER, name, "tier.named", 0.85, attrs))
    return out


def _graded(page: MentionContext, rules: TierRules) -> list[Mention]:
    """Each grade of a coordination as a class of its own; the last one has the whole name behind it."""
    out: list[Mention] = []
    for found in rules.graded.finditer(page.text):
        grades = list(_GRADE.finditer(page.text, found.start("grades"), found.end("grades")))
        for k, grade in enumerate(grades):
            end = found.end() if k == len(grades) - 1 else grade.end()
            name = grade.group() + found.group("class")
            out.append(Mention(Span(grade.start(), end), Kind.TIER, name, "tier.graded", 0.8))
    return out


_GRADE = re.compile(r"[一二三四五六]星级|[1-5]A级?")


def _ladders(page: MentionContext, rules: TierRules) -> list[Mention]:
    out: list[Mention] = []
    for found in _ladders_in(page.text, rules):
        at = found.start()
        items = rules.separator.split(found.group())
        for item in items:
            begin = page.text.index(item, at)
            at = begin + len(item)
            lead = max(item.rfind("“"), item.find('"')) + 1
            name = item[lead:].rstrip('”"')
            out.append(
                Mention(
                    Span(begin + lead, begin + lead + len(name)),
                    Kind.TIER,
                    name,
                    "tier.ladder",
                    0.9,
                    {"ladder": str(found.start())} | _level_in(name, rules),
                )
            )
    return out


def _ladders_in(text: str, rules: TierRules) -> Iterator[re.Match[str]]:
    """The ladders of a text, sought where one rung's end and the mark after it stand."""
    done = 0
    for joint in rules.joint.finditer(text):
        if joint.start() < done:
            continue
        found = rules.ladder.search(text, max(done, joint.start() - 24), joint.end() + _LONGEST_LADDER)
        if found is not None:
            yield found
            done = found.end()


def find_level(name: str, rules: TierRules) -> str:
    """Return the level (``National`` …) that a class's own name begins with, else an empty string."""
    return next((v for w, v in rules.levels.items() if len(w) > 1 and search_fold(name).startswith(w)), "")


def _level_in(name: str, rules: TierRules) -> dict[str, str]:
    """The attribute of a mention for the level that a class's own name begins with."""
    level = find_level(name, rules)
    return {"level": level} if level else {}


def _levelled(page: MentionContext, rules: TierRules, taken: list[Span]) -> list[Mention]:
    """Classes that name their level and their rank: 市级冷链骨干企业, 省级物流示范企业."""
    out: list[Mention] = []
    covered = SpanSet(page.text, taken)
    named = (pattern.finditer(page.text) for pattern in (rules.awarded, rules.numbered, rules.honoured))
    proved = (m for m in chain.from_iterable(named) if not rules.people.search(m["name"]))
    for found in chain(rules.ranked.finditer(page.text), rules.counted.finditer(page.text), proved):
        span = Span(*found.span("name" if "name" in found.re.groupindex else 0))
        clause = page.get_words_before(span.begin, 24)
        clause = clause[max(clause.rfind(c) for c in "，。；,;") + 1 :]
        if rules.institution.search(found.group()) and not rules.recognition.search(clause):
            continue  # 建有省级企业技术中心34家: counted, and nobody is said to have or to get it
        if not covered.overlaps(span):
            covered.add(span)
            for begin, name in expand_levels(page.text, *span):
                own = Span(begin, span.end)
                rule = "tier.levelled" if name == own.of(page.text) else "tier.shared"
                out.append(Mention(own, Kind.TIER, name, rule, 0.8, _level_in(name, rules)))
    return out


def _ranks(page: MentionContext, rules: TierRules) -> list[Mention]:
    out: list[Mention] = []
    for found in _RANK.finditer(page.text):
        lead = page.get_words_before(found.start(), 16)
        cut = max((m.end() for m in _RANK_CUT.finditer(lead)), default=0)
        begin = found.start() - len(lead) + cut
        words = page.text[begin : found.end()]
        if rules.rank.fullmatch(words) and len(words) >= 4:
            out.append(Mention(Span(begin, found.end()), Kind.TIER, words, "tier.rank", 0.85))
    return out


_LONGEST_LADDER = 300
"""Characters that are looked at after a ladder's first rung."""
_LEVELLED = re.compile(r"(国家级|省级|市级|区级|县级)((?:(?![的和与及或、对为向等了])[一-龥]){2,8})$")
_RANK = re.compile(r"\d{2,4}强(?:企业)?")
_RANK_CUT = re.compile(r"[为是入选评的了和与限、，,。；;：:\s（(设置]|进入|跻身|列入|上榜|荣登|位居|首次")
_WHOSE = re.compile(r"[我本]([市省县区])")
_JOIN = re.compile(r"、|和|及|与|或者|或")
_LEAD = re.compile(
    r"^(?:我[市省区县]|第[一二三四五六七八九十]+批|[一二三四五六七八九十两]+批|首批|首次|新一批|一批|共|[\d,.]+[多余]?[家户个]|为|备案的|登记的)+"
)


def _recognised(page: MentionContext, rules: TierRules, taken: list[Span]) -> list[Mention]:
    out: list[Mention] = []
    for found in rules.recognised.finditer(page.text):
        at, words = found.start("name"), found.group("name")
        pieces: list[tuple[int, str]] = []
        for mark in _JOIN.finditer(words):
            pieces.append((at, page.text[at : found.start("name") + mark.start()]))
            at = found.start("name") + mark.end()
        pieces.append((at, page.text[at : found.end("name")]))
        for begin, piece in pieces:
            lead = _LEAD.match(piece)
            name = piece[lead.end() :] if lead else piece
            begin += len(piece) - len(name)
            span = Span(begin, begin + len(name))
            if any(s.contains(span) or (s.overlaps(span) and s.end >= span.end) for s in taken):
                continue
            if (
                rules.vague.search(name)
                or name in rules.plain
                or re.search(r"\d", name)
                or len(search_fold(name)) < 4
                or not rules.head.search(name)
            ):
                continue
            if name[0] in CLOSE or name.count("“") != name.count("”"):
                continue
            attrs = _level_in(name, rules)
            if not attrs and lead and (whose := _WHOSE.search(lead.group())):
                attrs = {"level": rules.levels[whose.group(1)]}
            out.append(Mention(span, Kind.TIER, name, "tier.recognised", 0.8, attrs))
    return out


def _again(page: MentionContext, known: list[Mention]) -> list[Mention]:
    """Later mentions of the tiers that this page itself introduced."""
    out: list[Mention] = []
    covered = SpanSet(page.text, (m.span for m in known))
    own = {m.name: m.name for m in known if m.rule != "tier.scheme"}
    for name in list(own):
        if len(search_fold(name)) >= 6 and name.endswith("企业"):
            own.setdefault(name[:2] + "企业", name)
    for word in sorted(own, key=len, reverse=True):
        for span in find_occurrences(page.text, word):
            if not covered.overlaps(span):
                covered.add(span)
                attrs = {"of": own[word]} if own[word] != word else {}
                out.append(Mention(span, Kind.TIER, word, "tier.again", 0.75, attrs))
    return out
