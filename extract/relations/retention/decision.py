"""Which candidate names stay: a scored decision, made once for a page, when it is known what each name does.

A noun phrase found by its head alone is only a candidate. What tells a name from a passing phrase is the part it plays
(it gets something, an instrument sets it up, a figure is about it), how often the page uses it, how it is built and
what stands around it. The weights of these features were fitted on annotated documents (logistic regression) and stand
in ``retention.toml``.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import cache, partial
from itertools import chain, combinations, pairwise
from typing import NamedTuple

from extract.linking.link import LinkedMentions, remove_entities
from extract.linking.quoted import join_quoted
from extract.mentions.overlaps import CANDIDATES
from extract.mentions.words import BREAK, PageWords
from extract.model import Entity, EntityId, Kind, Outline, Span
from extract.relations.duties import read_duties
from extract.relations.events import EventReader
from extract.relations.frames import read_frames
from extract.relations.pair import logistic, weigh
from extract.relations.retention.borders import BorderReader
from extract.relations.retention.rivals import choose_readings
from extract.tagging.features import KIND_CODES
from extract.tagging.tagger import NameTags
from ontology.lexicons import Lexicon

_LEVEL = re.compile(r"^(?:国家|省|市|区|县|全国|全省|全市)级?")
_GENERIC = re.compile(
    r"(?:资金|财政|一次性|专项|最高|平均|单体|相应|相关|政府|企业|项|项目|线上|快捷|定额)*(?:奖补|补助|补贴|奖励|贴息|资助|贷款|信贷|资金|项目)"
)
_LOOSE_TAGS = frozenset({"d", "c", "p", "r", "v", "f", "q", "u"})
"""Parts of speech that seldom begin a name."""
_FUNCTION_TAGS = frozenset({"d", "c", "p", "r"})
_VERB_TAGS = frozenset({"v", "vd", "d", "p", "vn"})
_SMOOTHING = 0.02
"""Added to probabilities of the sequence model, so that 0 and 1 have a logit."""
_SCHEMES = frozenset({Kind.PROGRAM, Kind.PLATFORM})
_NAMES = (
    "count", "again", "length", "short", "level", "quoted", "receives", "receiver", "gives", "established", "run",
)  # fmt: skip
"""Features that schemes have under other names."""
_SCHEME_NAMES = tuple(f"scheme_{name}" for name in _NAMES)
_NOT_AROUND: Mapping[str, float] = dict.fromkeys(
    ("after_give", "after_preposition", "after_support", "starts", "ends", "opened", "unknown"), 0.0
)
_TELLING = frozenset({"supports", "establishes", "administers", "operates"})
"""Properties whose relations tell a name from a passing phrase."""


class _Names(dict[str, str]):
    """Names of features of parts of speech: a prefix and the part of speech. Each is put together once."""

    def __init__(self, prefix: str) -> None:
        super().__init__()
        self._prefix = prefix

    def __missing__(self, tag: str) -> str:
        name = self[tag] = f"{self._prefix}_{tag}"
        return name


_FIRST, _BEFORE, _NEXT = _Names("first"), _Names("before"), _Names("next")
_NOTHING: frozenset[str] = frozenset()
_LIST = frozenset("、和及与或") | {"以及", "或者"}
_LONGEST_LIST = 8
"""Names that share one end, at most."""
_FINE, _COARSE = 5, 4
"""Grades of a probability."""
_MANY, _LONG = 4, 16
"""Mentions and characters from which names count alike."""
_AMOUNT = re.compile(r"\d[^。；\n]{0,3}(?:元|%)")
_PREPOSITIONS = frozenset({"对", "为", "向", "给", "面向", "由", "将", "通过", "在", "依托"})
_SUPPORTS = frozenset({"支持", "鼓励", "扶持", "帮助", "引导", "培育", "奖励", "保障", "吸引", "引进"})


def find_features(
    linked: LinkedMentions, events: EventReader, page: PageWords, outline: Outline, lex: Lexicon, tags: NameTags
) -> Iterator[tuple[Entity, Mapping[str, float]]]:
    """Yield the candidates among the entities of a page, each with its features."""
    subjects: dict[str, set[str]] = {}
    objects: dict[str, set[str]] = {}
    for r in (*events.read_relations(), *read_frames(events.index, lex, _TELLING), *read_duties(events.index, lex)):
        subjects.setdefault(r.subject, set()).add(r.predicate)
        objects.setdefault(r.object, set()).add(r.predicate)
    neighbours = _find_neighbours(linked, page)
    gives = _read_gives(lex)
    receivers = {named.entity.id for clause in events.index.clauses for named in clause.receivers}
    labels = {e.label for e in linked.entities}
    shorter = {label: [end for k in range(1, len(label) - 1) if (end := label[k:]) in labels] for label in labels}
    inside_longer = set(chain.from_iterable(shorter.values()))
    repeated = {e.id for e in linked.entities if len(e.spans) > 1}
    headings = _list_places(sorted([p.heading for p in outline.parts if p.heading]))
    borders = BorderReader(linked, page, tags)
    letters = [(*letter.span, str(letter.kind)) for letter in outline.letters]
    for entity in linked.entities:
        if not entity.rule.startswith(CANDIDATES):
            continue
        ident, label, rule, spans = entity.id, entity.label, entity.rule, entity.spans
        places = [_locate(page, span) for span in spans]
        into, out = objects.get(ident, _NOTHING), subjects.get(ident, _NOTHING)
        found: dict[str, float] = {"bias": 1.0, f"kind_{entity.kind}": 1.0}
        values = (
            1.0,
            math.log(len(spans)),
            float(len(spans) > 1),
            min(len(label), 20) / 10,
            float(len(label) <= 4),
            float(_LEVEL.search(label) is not None),
            float("“" in label),
            float("supports" in into),
            float(ident in receivers),
            float("supports" in out),
            float("establishes" in into),
            float("administers" in into or "operates" in into),
        )
        prefix, names = ("scheme_", _SCHEME_NAMES) if entity.kind in _SCHEMES else ("", _NAMES)
        found |= zip((f"{prefix}rule_{rule}", *names), values, strict=True)
        kind = _find_letter(spans[0], letters) if spans else ""
        found[f"page_{kind}"] = found[f"page_{kind}_{rule}"] = 1.0
        found["generic"] = float(_GENERIC.fullmatch(label) is not None)
        found[f"tail_{label[-2:]}"] = 1.0
        _look_around(found, places, page, gives)
        _rate_by_tags(found, entity, places, tags)
        _list_grades(found, entity)
        borders.add_features(found, entity)
        found["heading"] = float(not headings.isdisjoint([span[0] for span in spans]))
        mates = neighbours.get(ident, _NOTHING)
        found["listed"] = float(bool(mates))
        found["part_of_longer"] = float(label in inside_longer)
        found["longer_than_other"] = float(bool(shorter[label]))
        found["mate_receives"] = float(not receivers.isdisjoint(mates))
        found["mate_again"] = float(not repeated.isdisjoint(mates))
        yield entity, found


def _list_grades(found: dict[str, float], entity: Entity) -> None:
    """Add what tells grades apart that no single weight can: probability by rule, number and length by class.

    The end of a name is a feature of its own, too, and of a class the whole name and its beginning: some are known from
    other documents. Whole names of schemes are often those of one place, so they are none.
    """
    label, kind, best = entity.label, str(entity.kind), found["tag_best"]
    times = min(_MANY, len(entity.spans))
    found[f"rated_{entity.rule}_{int(best * _FINE)}"] = 1.0
    found[f"rated_{kind}_{times}_{int(best * _COARSE)}"] = 1.0
    found[f"length_{kind}_{min(len(label), _LONG) // 2}"] = 1.0
    found[f"tail_{label[-3:]}"] = 1.0
    if entity.kind not in _SCHEMES:
        found[f"is_{label}"] = found[f"head_{label[:2]}"] = 1.0


@cache
def _read_gives(lex: Lexicon) -> frozenset[str]:
    """Return the verbs of giving."""
    return frozenset((lex.read_config("events")["give"] + " " + lex.read_config("phrases")["scheme_verbs"]).split())


class _Place(NamedTuple):
    """Where a name stands in the joined text of a page."""

    begin: int
    end: int
    first: int
    """Number of its first word."""
    last: int
    """Number of the first word after it."""


_make_place: Callable[[tuple[int, int, int, int]], _Place] = partial(tuple.__new__, _Place)
"""Faster than the constructor."""


def _locate(page: PageWords, span: Span) -> _Place:
    begin, end = page.find_position(span[0]), page.find_end(span[1])
    return _make_place((begin, end, page.number_word(begin), page.number_word(end)))


def _rate_by_tags(found: dict[str, float], entity: Entity, places: Sequence[_Place], tags: NameTags) -> None:
    """Add how likely the sequence model holds the places of an entity for one whole name of its kind."""
    kind = KIND_CODES.get(entity.kind, "")
    rated = [tags.get_probability(kind, first, last) for _, _, first, last in places]
    best = max(rated, default=0.0)
    logit = math.log((best + _SMOOTHING) / (1 + _SMOOTHING - best))
    found["tag_best"] = best
    found["tag_logit"] = logit
    found["tag_mean"] = sum(rated) / max(1, len(rated))
    found["tag_zero"] = float(best < 0.05)
    found[f"tag_{kind}"] = logit


def _find_neighbours(linked: LinkedMentions, page: PageWords) -> dict[str, set[str]]:
    """Return the names that stand in a list with each name: they are of one kind, and stay or go together."""
    kinds = {e.id: e.kind for e in linked.entities}
    placed = sorted((s.begin, s.end, e.id) for e in linked.entities for s in e.spans)
    found: dict[str, set[str]] = {}
    for (_, end, one), (begin, _, two) in pairwise(placed):
        if one != two and kinds[one] is kinds[two] and 0 < begin - end <= 2:
            gap = page.text[page.find_end(end) : page.find_end(begin)]
            if gap in _LIST:
                found.setdefault(one, set()).add(two)
                found.setdefault(two, set()).add(one)
    return found


def _look_around(found: dict[str, float], places: Iterable[_Place], page: PageWords, gives: frozenset[str]) -> None:
    """Add what stands before and after the mentions of an entity: the best of all places counts."""
    found |= _NOT_AROUND
    words = page.words
    for _, end, k, m in places:
        before = words[k - 1] if k else None
        after = words[m] if m < len(words) else None
        if before is None or before.text == BREAK:
            found["starts"] = 1.0
        else:
            text = before.text
            if text in gives:
                found["after_give"] = 1.0
            if text in _PREPOSITIONS:
                found["after_preposition"] = 1.0
            if text in _SUPPORTS:
                found["after_support"] = 1.0
            if text in "“【（(":
                found["opened"] = 1.0
        if after is None or after.tag in ("w", "sp") or after.text == BREAK:
            found["ends"] = 1.0
        elif after.tag == "m":
            found["before_number"] = 1.0
        elif after.tag in _VERB_TAGS:
            found["before_verb"] = 1.0
        own = words[k:m]
        tags = [word[3] for word in own]
        if "x" in tags and any(w.tag == "x" and "\u4e00" <= w.text <= "\u9fff" for w in own):
            found["unknown"] = 1.0
        if own:
            found[_FIRST[tags[0]]] = 1.0
            found["words"] = min(m - k, 6) / 3
            if tags[0] in _LOOSE_TAGS:
                found["loose"] = 1.0
        if before is not None:
            found[_BEFORE[before.tag]] = 1.0
        if after is not None:
            found[_NEXT[after.tag]] = 1.0
        if _AMOUNT.search(page.text, end, end + 60):
            found["amount"] = 1.0
        if not _FUNCTION_TAGS.isdisjoint(tags[1:]):
            found["function_word"] = 1.0


def _list_places(headings: Sequence[Span]) -> Set[int]:
    """Return all places in headings, which are sorted. A heading ends where the next one begins."""
    begins = [*(heading.begin for heading in headings[1:]), sys.maxsize]
    bounded = zip(headings, begins, strict=False)
    return {at for (begin, end), following in bounded for at in range(begin, min(end, following))}


def _find_letter(span: Span, letters: Iterable[tuple[int, int, str]]) -> str:
    """Return the class of the first of *letters* that a span lies in; empty if there is none."""
    begin, end = span
    for first, last, kind in letters:
        if first <= begin and end <= last:
            return kind
    return ""


def keep_likely_names(linked: LinkedMentions, events: EventReader, lex: Lexicon, tags: NameTags) -> LinkedMentions:
    """Return *linked* without the candidates whose score is below the threshold of ``retention.toml``.

    Of candidates that overlap with other borders the likeliest one stays. Of those left, the short and the long form of
    a name in quotes are joined.

    Args:
        linked: all names of a page.
        events: reads the events of the page for all these names.
        lex: the lexicon.
        tags: what the sequence model says of the words.
    """
    config = lex.read_config("retention")
    weights: Mapping[str, float] = config["weights"]
    threshold = float(config["threshold"])
    sure, funded = re.compile(config["sure"]), (re.compile(config["set_up"]), re.compile(config["funded"]))
    index = events.index

    def is_certain(entity: Entity) -> bool:
        if entity.rule == "program.quoted":
            return sure.fullmatch(entity.label) is not None
        return entity.rule == "program.ending" and _is_funded(entity, index.page, *funded)

    scores = {
        entity.id: 1.0 if is_certain(entity) else _score(weights, features)
        for entity, features in find_features(linked, events, index.page, index.outline, lex, tags)
    }
    dropped = {ident for ident, score in scores.items() if score < threshold}
    lowest = float(config["lowest_of_list"])
    lists = _find_lists(linked, index.page)

    def is_rescued(ident: EntityId) -> bool:
        standing = len(lists.get(ident, set()) - dropped)
        return standing > 0 and scores[ident] >= lowest / standing

    while rescued := {ident for ident in dropped if is_rescued(ident)}:
        dropped -= rescued
    kept = remove_entities(linked, dropped)
    chosen = choose_readings(kept, {i: score for i, score in scores.items() if i not in dropped}, index.page)
    return join_quoted(chosen, lex)


def _is_funded(entity: Entity, page: PageWords, set_up: re.Pattern[str], funded: re.Pattern[str]) -> bool:
    """Whether the page says that a program is set up with money of its own: 设立冷链再贷款，额度15亿元."""
    for span in entity.spans:
        begin, end = page.find_position(span.begin), page.find_end(span.end)
        if set_up.search(page.text, max(0, begin - 6), begin) and funded.match(page.text, end):
            return True
    return False


def _find_lists(linked: LinkedMentions, page: PageWords) -> dict[str, set[str]]:
    """Return the classes that share words with each class: 二孩家庭 and 三孩家庭 in 二孩、三孩家庭.

    They end at one place, and the one that begins later follows a separator. Its words are a whole name, those of the
    earlier one are in two places.
    """
    labels: dict[str, str] = {e.id: e.label for e in linked.entities if e.kind in (Kind.GROUP, Kind.TIER)}
    ends: dict[int, list[tuple[int, str]]] = {}
    for span, ident in linked.mentions:
        if ident in labels:
            ends.setdefault(span[1], []).append((span[0], ident))
    found: dict[str, set[str]] = {}
    for end, placed in ends.items():
        placed.sort()
        stop = page.find_end(end)
        begins = [(page.find_position(begin), ident) for begin, ident in placed]
        for (one_begin, one), (two_begin, two) in combinations(begins[:_LONGEST_LIST], 2):
            text = page.text[one_begin:stop]
            if one_begin < two_begin and text != labels[one] and _ends_item(page, two_begin):
                found.setdefault(one, set()).add(two)
                found.setdefault(two, set()).add(one)
    return found


def _ends_item(page: PageWords, position: int) -> bool:
    """Whether a separator of a list stands before *position*."""
    k = page.number_word(position) - 1
    return k >= 0 and page.words[k].text in _LIST


def _score(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    """Return the probability of a candidate: the logistic function of its weighted features."""
    return logistic(weigh(weights, features))
