"""Candidate names of the sequence model, and the choice between overlapping candidates.

The model reads words, so it finds names whose head no lexicon has. It proposes; ``extract.relations.retention`` decides
with all features of a page.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from extract.mentions.agencies import begins_document_number
from extract.mentions.classes.expansion import expand_phrase, find_range
from extract.mentions.context import MentionContext
from extract.mentions.geography import Geography
from extract.mentions.overlaps import FAMILIES
from extract.mentions.phrases import Phrase
from extract.model import Kind, Mention, Span
from extract.records import copy_with
from extract.tagging.alternatives import cut_name, find_quotes, split_names, trim_name
from extract.tagging.features import KIND_CODES, find_words, mark_mentions, read_heads
from extract.tagging.tagger import NameTags, load_tagger
from extract.text.search import SpanSet
from ontology.lexicons import Lexicon, join_alternatives

RULE = "tagger."
"""Rules of mentions of the model begin so; the kind follows."""
SHARED = f"{RULE}shared"
"""Rule of mentions that share the end of a name of the model."""
PART, CUT, QUOTED = f"{RULE}part", f"{RULE}cut", f"{RULE}quoted"
"""Rules of other readings: a name of a list, a name without the words beside it, what stands in quotes."""
EXTENDED = "extended."
"""Those of mentions that extend a certain one; they are not decided again."""
_MARKS = (("“", "”"), ("《", "》"), ("（", "）"), ("(", ")"), ("〈", "〉"), ("【", "】"))
_MARK = re.compile("[“”《》（）()〈〉【】]")
_SHARING: Mapping[str, Kind] = {"class": Kind.GROUP, "scheme": Kind.PROGRAM}
"""Kinds whose names may share their end in a list, with the class of the list."""
_CLASSES: Mapping[str, Sequence[Kind]] = {
    code: [kind for kind, own in KIND_CODES.items() if own == code] for code in KIND_CODES.values()
}
"""The classes of each kind of name."""
_LEVELS_BEFORE = re.compile("[省市县区州盟旗）)]、$")
"""The end of a list of levels, whose organs are of all places: 各县（市）、区财政局."""
_CONFIDENCE = 0.7
_REACH = 120
"""Characters before a span within which a mention that overlaps it begins."""


@dataclass(frozen=True, slots=True)
class _Settings:
    """Values of ``tagger.toml``."""

    lowest: float
    """Probability below which nothing is proposed."""
    lowest_reading: float
    """The same for another reading of a proposal."""
    sure: float
    """Probability from which a proposal may displace a candidate of a rule …"""
    margin: float
    """… if it is more probable by this much."""
    extends: float
    """Probability above which a proposal may extend a certain mention."""
    outside_weight: float
    """Weight of the label ``O`` in the second reading, which looks for less probable names."""
    kinds: frozenset[str]
    candidates: tuple[str, ...]
    endings: Mapping[Kind, re.Pattern[str]]
    common: frozenset[str]
    """Nouns that name nothing, whatever stands around them."""
    refused: Mapping[str, re.Pattern[str]]
    """What is no name, by kind; ``all`` holds for every kind."""
    trimmed: Mapping[str, re.Pattern[str]]
    """What is cut off before a name, by kind."""
    required: Mapping[str, re.Pattern[str]]
    """Endings of which a name of a kind must have one."""


@cache
def _read_settings(lex: Lexicon) -> _Settings:
    config, agencies = lex.read_config("tagger"), lex.read_config("agencies")
    refused: dict[str, str] = dict(config["refused"])
    others = f"(?:{join_alternatives(agencies['other_divisions'])})的?[省市县区州旗]"
    refused["body"] += f"|(?:{others}|{join_alternatives(agencies['city_kinds'])}).*"
    return _Settings(
        lowest=float(config["lowest"]),
        lowest_reading=float(config["lowest_reading"]),
        sure=float(config["sure"]),
        margin=float(config["margin"]),
        extends=float(config["extends"]),
        outside_weight=float(config["outside_weight"]),
        kinds=frozenset(config["kinds"]),
        candidates=tuple(config["candidates"]),
        endings={Kind(kind): _compile_endings(words) for kind, words in config["endings"].items()},
        common=frozenset(lex.read_config("phrases")["common"].split()),
        refused={kind: re.compile(pattern) for kind, pattern in refused.items()},
        trimmed={kind: re.compile(pattern) for kind, pattern in config["trimmed"].items()},
        required={kind: _compile_endings(words) for kind, words in config["required"].items()},
    )


def tag_names(context: MentionContext, mentions: Sequence[Mention]) -> NameTags:
    """Return what the model says of the words of a page on which rules have found *mentions*."""
    tagger = load_tagger(context.lex)
    return NameTags(tagger.labels, tagger.compute_marginals(context.words, mark_mentions(context.words, mentions)))


def add_candidates(
    context: MentionContext, geography: Geography, mentions: Sequence[Mention], tags: NameTags
) -> list[Mention]:
    """Return *mentions* and the proposals of the model, without candidates that a likelier proposal displaces."""
    settings = _read_settings(context.lex)
    known = {(m.span, KIND_CODES.get(m.kind)) for m in mentions}
    certain = sorted(
        m.span for m in mentions
        if m.kind in KIND_CODES and not m.rule.startswith(settings.candidates) and m.kind is not Kind.PLACE
    )  # fmt: skip
    taken = SpanSet(context.text, certain)
    proposals: list[tuple[float, Mention]] = []
    found = list(propose_names(context, tags, settings))
    for probability, kind, first, last in found:
        mention = _make_mention(context, geography, (kind, first, last), settings, known)
        if mention is None:
            continue
        if taken.overlaps(mention.span):
            if probability <= settings.extends or not _extends_one(mention.span, certain):
                continue
            mention = copy_with(mention, rule=f"{EXTENDED}{kind}")
        known.add((mention.span, kind))
        proposals.append((probability, mention))
        proposals += ((0.0, shared) for shared in _share_end(context, kind, first, last, settings))
    known |= set(_find_short_forms(context, mentions))
    names = dict.fromkeys(_list_names(context, mentions, found, settings))
    for kind, first, last, rule in _list_alternatives(context, names, tags, settings):
        mention = _make_mention(context, geography, (kind, first, last), settings, known)
        if mention is not None and not taken.overlaps(mention.span):
            known.add((mention.span, kind))
            proposals.append((0.0, copy_with(mention, rule=rule)))
    sure = sorted((m.span, probability) for probability, m in proposals if probability > settings.sure)
    covered = SpanSet(context.text, [span for span, _ in sure])
    kept = [
        m for m in mentions
        if not m.rule.startswith(settings.candidates)
        or (m.kind in FAMILIES and not m.attrs)  # one that tells its short form is joined with the other reading
        or not covered.overlaps(m.span)
        or not _is_displaced(context, m, tags, sure, settings)
    ]  # fmt: skip
    return [*kept, *(mention for _, mention in proposals)]


def _find_short_forms(context: MentionContext, mentions: Iterable[Mention]) -> Iterator[tuple[Span, str | None]]:
    """Yield where the short forms stand that mentions have inside, which are no names: 青苗 in “青苗”计划."""
    for mention in mentions:
        short = mention.attrs.get("short", "")
        begin = context.text.find(short, *mention.span) if short else -1
        if begin >= 0:
            yield Span(begin, begin + len(short)), KIND_CODES.get(mention.kind)


def _list_names(
    context: MentionContext,
    mentions: Iterable[Mention],
    proposals: Iterable[tuple[float, str, int, int]],
    settings: _Settings,
) -> Iterator[tuple[str, int, int]]:
    """Yield kind, first word and end of the classes and schemes that are proposed or found by rules as candidates."""
    for _, kind, first, last in proposals:
        if kind in _SHARING:
            yield kind, first, last
    for mention in mentions:
        if mention.kind in FAMILIES and mention.rule.startswith(settings.candidates):
            first, last = find_words(context.words, mention)
            if first < last:
                yield FAMILIES[mention.kind], first, last


def _list_alternatives(
    context: MentionContext, names: Iterable[tuple[str, int, int]], tags: NameTags, settings: _Settings
) -> Iterator[tuple[str, int, int, str]]:
    """Yield kind, first word, end and rule of other readings of classes and schemes, and of what stands in quotes.

    Args:
        context: the page.
        names: kind, first word and end of the names that the model and the rules read.
        tags: what the model says of the words.
        settings: how likely a reading has to be.
    """
    words, heads = context.words.words, read_heads(context.lex)
    for kind, first, last in names:
        if last - first < 2:
            continue
        parts = list(split_names(words, first, last))
        readings = [(part, PART) for part in parts if len(parts) > 1]
        readings += [(cut, CUT) for part in parts for cut in cut_name(words, *part, heads)]
        readings += [(trimmed, CUT) for trimmed in trim_name(words, first, last)]
        for (begin, end), rule in readings:
            if tags.get_probability(kind, begin, end) >= settings.lowest_reading:
                yield kind, begin, end, rule
    for first, last in find_quotes(context.words.texts):
        yield "scheme", first, last, QUOTED


def _share_end(context: MentionContext, kind: str, first: int, last: int, settings: _Settings) -> Iterator[Mention]:
    """Yield the mentions that share the end of a name in a list: 国家级 in 国家级、省级创业孵化基地."""
    if kind not in _SHARING:
        return
    words = context.words
    begin, end = words.words[first].begin, words.words[last - 1].end
    head = words.words[last - 1].text
    name = Phrase(begin, end, _SHARING[kind], "name", head, words.text[begin:end], last - 1 - first)
    for phrase in expand_phrase(name, words, context.lex):
        if phrase.shared and _has_form(kind, phrase.name, settings):
            found = _find_kind(kind, phrase.name, settings)
            span = context.words.span(phrase.begin, phrase.end)
            yield Mention(span, found, phrase.name, SHARED, _CONFIDENCE)


def _extends_one(span: Span, certain: Sequence[Span]) -> bool:
    """Whether *span* overlaps one certain mention only, begins as it does and is longer.

    Args:
        span: a proposal.
        certain: the certain mentions, sorted.
    """
    first = bisect_left(certain, Span(span.begin - _REACH, 0))
    near = certain[first : bisect_left(certain, Span(span.end, 0))]
    overlapping = [other for other in near if span.overlaps(other)]
    return len(overlapping) == 1 and span.begin == overlapping[0].begin and span.end > overlapping[0].end


def _is_displaced(
    context: MentionContext, mention: Mention, tags: NameTags, sure: Sequence[tuple[Span, float]], settings: _Settings
) -> bool:
    """Whether a proposal of *sure*, sorted, overlaps a candidate and is likelier by the margin."""
    least = get_mention_probability(context, mention, tags) + settings.margin
    first = bisect_left(sure, (Span(mention.span.begin - _REACH, 0), 0.0))
    near = sure[first : bisect_left(sure, (Span(mention.span.end, 0), 0.0))]
    return any(probability > least and span.overlaps(mention.span) for span, probability in near)


def get_mention_probability(context: MentionContext, mention: Mention, tags: NameTags) -> float:
    """Return how likely the words of a mention are one whole name of its kind."""
    kind = KIND_CODES.get(mention.kind)
    return tags.get_probability(kind, *find_words(context.words, mention)) if kind is not None else 0.0


def propose_names(
    context: MentionContext, tags: NameTags, settings: _Settings
) -> Iterator[tuple[float, str, int, int]]:
    """Yield probability, kind, first word and end of each name that the model reads.

    Two readings count: the most probable label of each word, and the same with less weight for ``O``.
    """
    inner, outside = tags.marginals[:, 1:], tags.marginals[:, 0]
    likeliest, probabilities = inner.argmax(axis=1) + 1, inner.max(axis=1)
    found: dict[tuple[str, int, int], None] = {}
    for weight in (1.0, settings.outside_weight):
        inside = np.flatnonzero(probabilities > outside * weight)
        found |= dict.fromkeys(read_names([tags.labels[k] for k in likeliest[inside].tolist()], inside.tolist()))
    for kind, first, last in found:
        if kind in settings.kinds:
            probability = tags.get_probability(kind, first, last)
            if probability >= settings.lowest:
                yield probability, kind, first, last


def read_names(labels: Sequence[str], places: Sequence[int] | None = None) -> Iterator[tuple[str, int, int]]:
    """Yield kind, begin and end of the names that a sequence of labels marks.

    An ``I-`` that does not continue a name of its kind begins one.

    Args:
        labels: the labels.
        places: numbers of the words with these labels, in order; words between them are ``O``. None if no word is
            left out.
    """
    begin, end, kind, inner = 0, -1, "", ""
    for i, label in zip(range(len(labels)) if places is None else places, labels, strict=True):
        if kind and (label != inner or i != end):
            yield kind, begin, end
            kind = ""
        if label != "O" and not kind:
            begin, kind = i, label[2:]
            inner = f"I-{kind}"
        end = i + 1
    if kind:
        yield kind, begin, end


def _make_mention(
    context: MentionContext,
    geography: Geography,
    words: tuple[str, int, int],
    settings: _Settings,
    known: Collection[tuple[Span, str | None]],
) -> Mention | None:
    """Return the mention of words, None if they have not the form of a name or are one already.

    Args:
        context: the page.
        geography: its places.
        words: kind, first word and end of what may be a name.
        settings: the forms of names.
        known: spans and kinds of the mentions that there are.
    """
    kind, first, last = words
    page = context.words
    begin, end = page.words[first][0], page.words[last - 1][1]
    name = page.text[begin:end]
    if (trimmed := settings.trimmed.get(kind)) is not None and (found := trimmed.match(name)) is not None:
        begin, name = begin + found.end(), name[found.end() :]
    if len(name) < 2:
        return None
    if kind == "class" and (at := find_range(page.text, begin, name)) < begin:
        begin, name = at, page.text[at:begin] + name
    quoted = name[0] == "“" and name[-1] == "”" and name.count("“") == 1
    span = page.span(begin + 1, end - 1) if quoted else page.span(begin, end)
    if (span, kind) in known:
        return None
    if _MARK.search(name) is not None and any(name.count(a) != name.count(b) for a, b in _MARKS):
        return None
    if name in settings.common or not _has_form(kind, name, settings):
        return None
    if quoted:
        begin, end, name = begin + 1, end - 1, name[1:-1]
    if begins_document_number(context.text, span):
        return None
    own = _find_kind(kind, name, settings)
    attrs: dict[str, str] = {}
    if kind == "body" and name[0] in "省市区县":
        if own is Kind.ORGANIZATION:
            attrs["prefix"] = name[0]
        elif _LEVELS_BEFORE.search(page.text, max(0, begin - 2), begin):
            return None
        elif place := geography.get_home(context.find_letter(span.begin)).resolve_prefix(name[0]):
            attrs["full"] = place + name[1:]
    return Mention(span, own, name, f"{RULE}{kind}", _CONFIDENCE, attrs)


def _has_form(kind: str, name: str, settings: _Settings) -> bool:
    """Whether a name has an ending of its kind, and is none of the phrases that only point at something."""
    required = settings.required.get(kind)
    if required is not None and not required.search(name):
        return False
    patterns = (settings.refused.get("all"), settings.refused.get(kind))
    return not any(pattern is not None and pattern.fullmatch(name) for pattern in patterns)


def _compile_endings(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"(?:{join_alternatives(words)})[”）)》]?\Z")


def _find_kind(kind: str, name: str, settings: _Settings) -> Kind:
    """Return the class of a name of a kind: one whose words it has, else the first class of the kind."""
    first, *others = _CLASSES[kind]
    return next((k for k in others if k in settings.endings and settings.endings[k].search(name)), first)
