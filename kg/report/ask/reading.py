"""A question → the ways to read it: a frame, the names, and the words that no frame accounts for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from extract.text.segment import segmenter
from kg.report.ask.grammar import QuestionGrammar
from kg.report.ask.model import Named, QuestionFrame, QuestionReading
from ontology.lexicons import load_lexicon

_ENGLISH = re.compile(r"[A-Za-z]{2,}[^A-Za-z\u4e00-\u9fff]+[A-Za-z]{2,}")
_TOKEN = re.compile(r"[A-Za-z][A-Za-z0-9.'’-]*|\d[\d.,]*")
_QUOTES = frozenset('“”‘’"《》「」『』')
_CHINESE = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class _Masked:
    """A question in which ``<class>`` stands for each name, with the place of each of its signs (-1: none)."""

    text: str
    places: tuple[int, ...]


def detect_language(question: str) -> str:
    """Return the language of a question: English if two Latin words stand side by side."""
    return "en" if _ENGLISH.search(question) else "zh"


def read_question(
    question: str, names: list[Named], grammar: QuestionGrammar, lang: str, own_from: int = 0
) -> list[QuestionReading]:
    """Return the ways to read *question*, the one that leaves fewest words over first.

    Args:
        question: the question.
        names: the names in it.
        grammar: the grammar.
        lang: its language.
        own_from: where its topic, which an earlier part of a question gives, ends. If the topic names a proposal, no
            more of it has to be in an answer.
    """
    masked = _mask(question, names)
    if own_from and any("Proposal" in named.kinds and named.end <= own_from for named in names):
        masked = _drop_topic(masked, own_from)
    found = []
    for frame in grammar.frames:
        match = _match_frame(frame, masked.text, lang)
        if match is None or not (_has_needed(frame, names) or _may_have_topic(frame, question, grammar, lang)):
            continue
        reading = _read(question, masked, names, grammar, lang, frame, match)
        if reading is not None:
            size = sum(end - begin for begin, end in _list_fixed(match))
            found.append(((len(reading.words), -size, frame.order), reading))
    return [reading for _, reading in sorted(found, key=lambda item: item[0])]


def _mask(question: str, names: list[Named]) -> _Masked:
    text, at = "", 0
    places: list[int] = []
    for named in names:
        text += question[at : named.begin].lower()
        places += range(at, named.begin)
        text += f"<{named.kinds[0].lower()}>"
        places += [-1] * (len(named.kinds[0]) + 2)
        at = named.end
    text, places = text + question[at:].lower(), [*places, *range(at, len(question))]
    kept = [(char, place) for char, place in zip(text, places, strict=True) if char not in _QUOTES]
    return _Masked("".join(char for char, _ in kept), tuple(place for _, place in kept))


def _drop_topic(masked: _Masked, end: int) -> _Masked:
    """Return a question without the words before *end*, names apart."""
    text = "".join(" " if 0 <= place < end else char for char, place in zip(masked.text, masked.places, strict=True))
    return _Masked(text, masked.places)


def _match_frame(frame: QuestionFrame, text: str, lang: str) -> re.Match[str] | None:
    """Return the match of the pattern of *frame* that accounts for most of *text*."""
    matches = filter(None, (_compile(pattern).search(text) for pattern in frame.patterns[lang]))
    return max(matches, key=lambda match: sum(e - b for b, e in _list_fixed(match)), default=None)


def _has_needed(frame: QuestionFrame, names: list[Named]) -> bool:
    needed = frame.list_setting("needs")
    return not needed or any(kind in needed for named in names for kind in named.kinds)


def _may_have_topic(frame: QuestionFrame, question: str, grammar: QuestionGrammar, lang: str) -> bool:
    """Return whether a question may name by its topic the proposal that *frame* needs."""
    has_noun = grammar.proposal_noun[lang].search(question.lower()) is not None
    return has_noun and bool(frame.settings.get("topic")) and frame.list_setting("needs") == ("Proposal",)


def _list_fixed(match: re.Match[str]) -> list[tuple[int, int]]:
    """Return the stretches of a match that its pattern fixes: what stands in a group is not part of them."""
    gaps = sorted(match.span(group) for group in range(1, match.re.groups + 1) if match.start(group) >= 0)
    found, at = [], match.start()
    for begin, end in gaps:
        found.append((at, begin))
        at = max(at, end)
    return [(begin, end) for begin, end in (*found, (at, match.end())) if begin < end]


def _read(
    question: str, masked: _Masked, names: list[Named], grammar: QuestionGrammar, lang: str, *chosen: object
) -> QuestionReading | None:
    frame, match = chosen
    assert isinstance(frame, QuestionFrame) and isinstance(match, re.Match)
    fixed = _list_fixed(match)
    taken = {at for begin, end in fixed for at in range(begin, end)}
    rest = "".join(
        char if place >= 0 and at not in taken else " "
        for at, (char, place) in enumerate(zip(masked.text, masked.places, strict=True))
    )
    year = grammar.year.search(rest)
    if year:
        rest = rest[: year.start()] + " " * len(year[0]) + rest[year.end() :]
    if grammar.blockers[lang].search(rest):
        return None
    unit = grammar.unit[lang].search(masked.text) if grammar.unit[lang].pattern else None
    if unit:
        rest = rest[: unit.start(1)] + " " * len(unit[1]) + rest[unit.end(1) :]
    cue = "".join(masked.text[begin:end] for begin, end in fixed)
    return QuestionReading(
        question, lang, frame, tuple(names), tuple(dict.fromkeys(list_words(rest, grammar, lang))),
        year[1] if year else "", unit[1] if unit else "", cue, bool(grammar.counted[lang].search(masked.text)),
    )  # fmt: skip


def list_words(rest: str, grammar: QuestionGrammar, lang: str) -> Iterator[str]:
    """Yield the words of what is left of a question that are no stop words."""
    rest = grammar.stop_phrases[lang].sub(lambda found: " " * len(found[0]), rest)
    if lang == "en":
        tokens = [token.lower().rstrip(".") for token in _TOKEN.findall(rest)]
        yield from _translate([t for t in tokens if t not in grammar.stops["en"]], grammar)
        rest = _TOKEN.sub(lambda found: " " * len(found[0]), rest)
    for stretch in _CHINESE.findall(rest):
        words = segmenter(load_lexicon("")).segment(stretch)
        yield from _join_signs([word.text for word in words], grammar)


def _join_signs(words: list[str], grammar: QuestionGrammar) -> Iterator[str]:
    """Yield the words that are no stop words; single signs are parts of the words beside them (办 结 率, 适 老化)."""
    found: list[str] = []
    is_open = is_run = False  # whether the last word can take more; whether it is a run of single signs
    for word in words:
        if word in grammar.particles or word in grammar.stops["zh"]:
            is_open = False
            continue
        joins = (_is_sign(word) and (is_run or word in grammar.suffixes)) or (is_run and _is_sign(found[-1]))
        if is_open and joins:
            found[-1] += word
            is_run = is_run and _is_sign(word)
        else:
            found.append(word)
            is_open, is_run = True, _is_sign(word)
    yield from (word for word in found if len(word) > 1 or word.isdigit())


def _is_sign(word: str) -> bool:
    return len(word) == 1 and not word.isdigit()


def _translate(tokens: list[str], grammar: QuestionGrammar) -> Iterator[str]:
    """Yield the Chinese words for English ones, longer terms first; words without any stay as they are."""
    at = 0
    while at < len(tokens):
        for size in range(min(grammar.longest_term, len(tokens) - at), 0, -1):
            term = " ".join(tokens[at : at + size])
            known = next((grammar.glossary[form] for form in _list_forms(term) if form in grammar.glossary), None)
            if known is not None:
                break
        else:
            known, size = tokens[at], 1
        if known:
            yield known
        at += size


def _list_forms(term: str) -> Iterator[str]:
    """Yield a term and its singular forms."""
    yield term
    for ending, instead in (("ies", "y"), ("es", ""), ("s", ""), ("'s", "")):
        if term.endswith(ending):
            yield term.removesuffix(ending) + instead


@cache
def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
