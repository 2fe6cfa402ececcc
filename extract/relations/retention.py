"""Which candidate names stay: a scored decision, made once for a page, when it is known what each name does.

A noun phrase found by its head alone is only a candidate. What tells a name from a passing phrase is the part it plays
(it gets something, an instrument sets it up, a figure is about it), how often the page uses it, how it is built and
what stands around it. The weights of these features were fitted on annotated documents (logistic regression) and stand
in ``retention.toml``.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from itertools import combinations, pairwise

from extract.linking.link import LinkedMentions, remove_entities
from extract.mentions.overlaps import CANDIDATES
from extract.mentions.words import BREAK, PageWords
from extract.model import Entity, Kind, Letter, Outline, Span
from extract.relations.borders import BorderReader
from extract.relations.duties import read_duties
from extract.relations.events import EventReader
from extract.relations.frames import read_frames
from extract.relations.rivals import choose_readings
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
_LIST = frozenset("、和及与或") | {"以及", "或者"}
_LONGEST_LIST = 8
"""Names that share one end, at most."""
_AMOUNT = re.compile(r"\d[^。；\n]{0,3}(?:元|%)")
_PREPOSITIONS = frozenset({"对", "为", "向", "给", "面向", "由", "将", "通过", "在", "依托"})
_SUPPORTS = frozenset({"支持", "鼓励", "扶持", "帮助", "引导", "培育", "奖励", "保障", "吸引", "引进"})


def find_features(
    linked: LinkedMentions, events: EventReader, page: PageWords, outline: Outline, lex: Lexicon, tags: NameTags
) -> Iterator[tuple[Entity, Mapping[str, float]]]:
    """Yield the candidates among the entities of a page, each with its features."""
    subjects: dict[str, set[str]] = {}
    objects: dict[str, set[str]] = {}
    for r in (*events.read_relations(), *read_frames(events.index, lex), *read_duties(events.index, lex)):
        subjects.setdefault(r.subject, set()).add(r.predicate)
        objects.setdefault(r.object, set()).add(r.predicate)
    neighbours = _find_neighbours(linked, page)
    gives = frozenset((lex.read_config("events")["give"] + " " + lex.read_config("phrases")["scheme_verbs"]).split())
    receivers = {named.entity.id for clause in events.index.clauses for named in clause.receivers}
    labels = {e.label for e in linked.entities}
    endings = {label[k:] for label in labels for k in range(1, len(label) - 1)}
    repeated = {e.id for e in linked.entities if len(e.spans) > 1}
    headings = sorted((p.heading.begin, p.heading.end) for p in outline.parts if p.heading)
    borders = BorderReader(linked, page, tags)
    for entity in linked.entities:
        if not entity.rule.startswith(CANDIDATES):
            continue
        into, out = objects.get(entity.id, set()), subjects.get(entity.id, set())
        found: dict[str, float] = {
            "bias": 1.0,
            f"kind_{entity.kind.value}": 1.0,
            f"rule_{entity.rule}": 1.0,
            "count": math.log(len(entity.spans)),
            "again": float(len(entity.spans) > 1),
            "length": min(len(entity.label), 20) / 10,
            "short": float(len(entity.label) <= 4),
            "level": float(_LEVEL.search(entity.label) is not None),
            "quoted": float("“" in entity.label),
            "receives": float("supports" in into),
            "receiver": float(entity.id in receivers),
            "gives": float("supports" in out),
            "established": float("establishes" in into),
            "run": float(bool(into & {"administers", "operates"})),
        }
        if entity.kind in (Kind.PROGRAM, Kind.PLATFORM):
            found = {
                f"scheme_{k}" if k not in ("bias",) and not k.startswith("kind_") else k: v for k, v in found.items()
            }
        kind = next((letter.kind.value for letter in outline.letters if _stands_in(entity, letter)), "")
        found[f"page_{kind}"] = found[f"page_{kind}_{entity.rule}"] = 1.0
        found["generic"] = float(_GENERIC.fullmatch(entity.label) is not None)
        found[f"tail_{entity.label[-2:]}"] = 1.0
        for name, value in _around(entity, page, gives).items():
            found[name] = value
        found |= _rate_by_tags(entity, page, tags)
        found |= borders.find_features(entity)
        found["heading"] = float(any(_inside(s, headings) for s in entity.spans))
        mates = neighbours.get(entity.id, ())
        found["listed"] = float(bool(mates))
        found["part_of_longer"] = float(entity.label in endings)
        found["longer_than_other"] = float(any(entity.label[k:] in labels for k in range(1, len(entity.label) - 1)))
        found["mate_receives"] = float(any(m in receivers for m in mates))
        found["mate_again"] = float(any(m in repeated for m in mates))
        yield entity, found


def _rate_by_tags(entity: Entity, page: PageWords, tags: NameTags) -> dict[str, float]:
    """How likely the sequence model holds the places of an entity for one whole name of its kind."""
    kind = KIND_CODES.get(entity.kind, "")
    rated = []
    for span in entity.spans:
        begin, end = page.find_position(span.begin), page.find_end(span.end)
        rated.append(tags.get_probability(kind, bisect_left(page.begins, begin), bisect_left(page.begins, end)))
    best = max(rated, default=0.0)
    logit = math.log((best + _SMOOTHING) / (1 + _SMOOTHING - best))
    return {
        "tag_best": best,
        "tag_logit": logit,
        "tag_mean": sum(rated) / max(1, len(rated)),
        "tag_zero": float(best < 0.05),
        f"tag_{kind}": logit,
    }


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


def _around(entity: Entity, page: PageWords, gives: frozenset[str]) -> dict[str, float]:
    """What stands before and after the mentions of an entity: the best of all places counts."""
    found = dict.fromkeys(
        ("after_give", "after_preposition", "after_support", "starts", "ends", "opened", "unknown"), 0.0
    )
    for span in entity.spans:
        begin, end = page.find_position(span.begin), page.find_end(span.end)
        k = bisect_left(page.begins, begin)
        before = page.words[k - 1] if k else None
        m = bisect_left(page.begins, end)
        after = page.words[m] if m < len(page.words) else None
        if before is None or before.text == BREAK:
            found["starts"] = 1.0
        else:
            for name, is_so in (
                ("after_give", before.text in gives),
                ("after_preposition", before.text in _PREPOSITIONS),
                ("after_support", before.text in _SUPPORTS),
                ("opened", before.text in "“【（("),
            ):
                if is_so:
                    found[name] = 1.0
        if after is None or after.tag in ("w", "sp") or after.text == BREAK:
            found["ends"] = 1.0
        elif after.tag == "m":
            found["before_number"] = 1.0
        elif after.tag in _VERB_TAGS:
            found["before_verb"] = 1.0
        tags = [word.tag for word in page.words[k:m]]
        if "x" in tags and any(w.tag == "x" and "\u4e00" <= w.text <= "\u9fff" for w in page.words[k:m]):
            found["unknown"] = 1.0
        if k < m:
            found[f"first_{page.words[k].tag}"] = 1.0
            found["words"] = min(m - k, 6) / 3
        if before is not None:
            found[f"before_{before.tag}"] = 1.0
        if after is not None:
            found[f"next_{after.tag}"] = 1.0
        if _AMOUNT.search(page.text, end, end + 60):
            found["amount"] = 1.0
        if k < m and page.words[k].tag in _LOOSE_TAGS:
            found["loose"] = 1.0
        if not _FUNCTION_TAGS.isdisjoint(tags[1:]):
            found["function_word"] = 1.0
    return found


def _stands_in(entity: Entity, letter: Letter) -> bool:
    """Whether the first mention of an entity stands in a letter."""
    return bool(entity.spans) and letter.span.contains(entity.spans[0])


def _inside(span: Span, headings: list[tuple[int, int]]) -> bool:
    i = bisect_left(headings, (span.begin + 1, 0)) - 1
    return i >= 0 and headings[i][0] <= span.begin < headings[i][1]


def keep_likely_names(linked: LinkedMentions, events: EventReader, lex: Lexicon, tags: NameTags) -> LinkedMentions:
    """Return *linked* without the candidates whose score is below the threshold of ``retention.toml``.

    Of candidates that overlap with other borders the likeliest one stays.

    Args:
        linked: all names of a page.
        events: reads the events of the page for all these names.
        lex: the lexicon.
        tags: what the sequence model says of the words.
    """
    config = lex.read_config("retention")
    weights: Mapping[str, float] = config["weights"]
    threshold = float(config["threshold"])
    sure = re.compile(config["sure"])
    index = events.index
    scores = {
        entity.id: 1.0 if _is_sure(entity, sure) else _score(weights, features)
        for entity, features in find_features(linked, events, index.page, index.outline, lex, tags)
    }
    dropped = {ident for ident, score in scores.items() if score < threshold}
    lowest = float(config["lowest_of_list"])
    lists = _find_lists(linked, index.page)
    while rescued := {i for i in dropped if scores[i] >= lowest and not lists.get(i, set()) <= dropped}:
        dropped -= rescued
    kept = remove_entities(linked, dropped)
    return choose_readings(kept, {i: score for i, score in scores.items() if i not in dropped}, index.page)


def _is_sure(entity: Entity, sure: re.Pattern[str]) -> bool:
    return entity.rule == "program.quoted" and sure.fullmatch(entity.label) is not None


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
    k = bisect_left(page.begins, position) - 1
    return k >= 0 and page.words[k].text in _LIST


def _score(weights: Mapping[str, float], features: Mapping[str, float]) -> float:
    """Return the probability of a candidate: the logistic function of its weighted features."""
    return 1 / (1 + math.exp(-sum([weights[name] * value for name, value in features.items() if name in weights])))
