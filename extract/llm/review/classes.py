"""Whether words allow a class: the form of a name and what stands before it, and what stands around a number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from extract.llm.review.context import ReviewContext
from extract.llm.review.quotes import RefusedChangeError
from extract.llm.review.rules import has_rule, matches_rule, read_rules
from extract.model import FIGURE_KINDS, Figure, Kind, Span
from extract.text.segment import segmenter
from ontology.lexicons import Lexicon

_CLOSING = "”’）)"
"""Marks behind the last word of a name."""
_BRACKETS = re.compile(r"(?<=.)[（(][^（）()]*[）)]$")
"""A note in brackets behind a name."""
_ACTIONS = frozenset({"v", "vn"})
"""Parts of speech of words for what is done."""
_PLACE = "ns"
"""Part of speech of names of places."""
_LONGEST_PLACE = 4
"""Characters of the name of a place before the word for its kind of division."""
_LONGEST_PERSON = 4
"""Characters of the name of a person."""
_WORDED = (Kind.TIER, Kind.GROUP, Kind.ORGANIZATION)
"""Classes whose names end in a word."""
_DOTS = ("·", "・")
"""What stands between the parts of a foreign name."""
_SCOPES = ("clause", "sentence", "item", "before", "after")
_NUMBER = re.compile(r"\d[\d.,]*")
_AROUND = 16
"""Characters before and after a number that say what it is."""


# names


@cache
def _read_endings(lex: Lexicon) -> Mapping[str, frozenset[str]]:
    """Return the classes of names by how they end."""
    endings: dict[str, frozenset[str]] = {}
    for ending, classes, *_ in lex.read_table("name_endings"):
        endings[ending] = endings.get(ending, frozenset()) | {*classes.split()}
    return endings


def may_name(name: str, kind: Kind, places: Iterable[Span], text: str, lex: Lexicon) -> bool:
    """Return whether the form of *name* and the words before it at *places* allow the class *kind*."""
    is_single = kind.value in read_rules(lex)["forms"]["single"]
    return fits_form(name, kind, lex) and not (is_single and is_counted(places, text, lex))


def fits_form(name: str, kind: Kind, lex: Lexicon) -> bool:
    """Return whether the form of *name* allows the class *kind*."""
    name = _BRACKETS.sub("", "".join(name.split()))
    if has_rule(lex, "forms", "must", kind.value) and not matches_rule(name, lex, "forms", "must", kind.value):
        return False
    if matches_rule(name, lex, "forms", "never", kind.value):
        return False
    if kind is Kind.PERSON and not _begins_with_surname(name, lex):
        return False
    if kind not in (Kind.PLACE, Kind.AGENCY) and _is_place_name(name, lex):
        return False
    if kind in _WORDED and not _ends_in_word(name.rstrip(_CLOSING), lex):
        return False
    return _fits_ending(name.rstrip(_CLOSING), kind, lex)


def _fits_ending(name: str, kind: Kind, lex: Lexicon) -> bool:
    """Return whether names that end like *name* may be of the class *kind*: the longest known ending decides."""
    ending = _find_ending(name, lex)
    if len(ending) < 2 and kind.value in read_rules(lex)["forms"]["doers"] and _is_action(name, lex):
        return False
    classes = _read_endings(lex)[ending] if ending else {kind.value}
    is_recognised = Kind.GROUP.value in classes and matches_rule(name, lex, "forms", "recognised")
    return kind.value in classes or (kind is Kind.TIER and is_recognised)


def _find_ending(name: str, lex: Lexicon) -> str:
    """Return the longest known ending of *name*."""
    return next((name[i:] for i in range(len(name)) if name[i:] in _read_endings(lex)), "")


def _is_action(name: str, lex: Lexicon) -> bool:
    """Return whether the last of several words of *name* says what is done: 云上合作示范应用."""
    words = segmenter(lex).segment(name)
    return len(words) > 1 and words[-1].tag in _ACTIONS and len(words[-1].text) > 1


def _begins_with_surname(name: str, lex: Lexicon) -> bool:
    persons = lex.read_config("organizations")["persons"]
    return name.startswith((*persons["surnames"], *persons["compound"])) or any(dot in name for dot in _DOTS)


def _is_place_name(name: str, lex: Lexicon) -> bool:
    """Return whether *name* is a known place, or an unknown name and a word for its kind of division: 柳坪县."""
    words = segmenter(lex).segment(name)
    if len(words) == 1:
        return words[0].tag == _PLACE
    *before, last = words
    is_division = matches_rule(last.text, lex, "forms", "division")
    is_short = last.begin <= _LONGEST_PLACE and name[: last.begin].isalpha()
    return is_division and is_short and all(word.tag == _PLACE or len(word.text) == 1 for word in before)


def _ends_in_word(name: str, lex: Lexicon) -> bool:
    """Return whether *name* ends in a word, or is too long for the name of a person."""
    if len(name) > _LONGEST_PERSON or not name.isalpha() or _find_ending(name, lex):
        return True
    return len(segmenter(lex).segment(name)[-1].text) > 1 or not _begins_with_surname(name, lex)


def is_counted(places: Iterable[Span], text: str, lex: Lexicon) -> bool:
    """Return whether words before one of *places* count what is named there: 一批示范基地. So it is no single thing."""
    return any(
        matches_rule("".join(text[max(0, p.begin - 8) : p.begin].split()), lex, "forms", "counted") for p in places
    )


# figures


def read_figure_kind(figure: Figure, value: str, context: ReviewContext, *, is_new: bool = False) -> str:
    """Return the class *value* of a figure that the rules found, or of a new one.

    Raises:
        RefusedChangeError: there is no such class, or the words around the number contradict it.
    """
    kind = next((kind for kind in FIGURE_KINDS if kind.value == value), None)
    if kind is None:
        raise RefusedChangeError("kind")
    words = _read_words(figure, context)
    contradicts = matches_rule(words["clause"], context.lex, "figure", "contradicts", kind.value)
    if contradicts and not matches_rule(words["clause"], context.lex, "figure", "unless", kind.value):
        raise RefusedChangeError("contradiction")
    is_moved = figure.kind is Kind.PROVISION and kind is not Kind.PROVISION
    if is_moved and not matches_rule(words["sentence"], context.lex, "figure", "instead", kind.value):
        raise RefusedChangeError("contradiction")
    if kind is not figure.kind:
        needs_words = has_rule(context.lex, "figure", "given", kind.value)
        if needs_words and not matches_rule(words["sentence"], context.lex, "figure", "given", kind.value):
            raise RefusedChangeError("contradiction")
    if is_new or kind is not figure.kind:
        clashes: list[Mapping[str, Any]] = read_rules(context.lex)["figure"]["clash"]
        part = context.find_part(figure.span)
        found = part.kind.value if part is not None and part.kind is not None else ""
        if any(kind.value in clash["kinds"] and _clashes(clash, words, found) for clash in clashes):
            raise RefusedChangeError("contradiction")
        if _is_at_wrong_time(figure, kind, context):
            raise RefusedChangeError("contradiction")
    if kind is not Kind.OBSERVATION and context.letter.kind is Kind.PROPOSAL:
        raise RefusedChangeError("wish")
    if kind is Kind.PROVISION and context.is_denied([figure.span]):
        raise RefusedChangeError("denied")
    return kind.value


def _read_words(figure: Figure, context: ReviewContext) -> Mapping[str, str]:
    """Return the words around the number of *figure*, white space aside."""
    quoted, at = context.quoted, figure.span
    numbers = [*_NUMBER.finditer(at.of(context.draft.text))]
    begin, end = (at.begin + numbers[-1].start(), at.begin + numbers[-1].end()) if numbers else at
    spans = (
        quoted.find_clause(at), quoted.find_sentence(at), quoted.list_item_spans(at)[0],
        Span(max(0, begin - _AROUND), begin), Span(end, min(len(context.draft.text), end + _AROUND)),
    )  # fmt: skip
    return {name: "".join(span.of(context.draft.text).split()) for name, span in zip(_SCOPES, spans, strict=True)}


def _clashes(clash: Mapping[str, Any], words: Mapping[str, str], part: str) -> bool:
    """Return whether *words* are those that an entry of ``[[figure.clash]]`` says no figure of its classes has."""
    if part not in clash.get("parts", [part]):
        return False
    if any(name in clash and not re.search(clash[name], words[name]) for name in _SCOPES):
        return False
    lacking = clash.get("lacks", {})
    return not any(re.search(pattern, words[name]) for name, pattern in lacking.items())


def _is_at_wrong_time(figure: Figure, kind: Kind, context: ReviewContext) -> bool:
    """Return whether an observation is of a year after the letter, or a target of one before it."""
    year, issued = _find_year(figure.period), _find_year(context.letter.get_value("issued") or "")
    if not year or not issued:
        return False
    return (kind is Kind.OBSERVATION and year > issued) or (kind is Kind.TARGET and year < issued)


def _find_year(time: str) -> int:
    """Return the last year of a time in standard form, 0 if it has none."""
    years = re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", time)
    return int(years[-1]) if years else 0
