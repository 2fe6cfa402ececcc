"""The class of a figure, decided by the words around its number; the verdict of the rules is one feature of several.

Rules know the verbs of giving and promising that somebody thought of. What policies say besides (推荐1项) is learned:
``kind_weights.tsv`` has the weights of the features (multinomial logistic regression), fitted on annotated documents by
``scripts/fit_models.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from extract.figures.around import Around, Verdict
from extract.figures.context import Number, Scene
from extract.figures.cues import cues_in
from extract.model import Kind, Span
from ontology.lexicons import Lexicon

KINDS = (Kind.OBSERVATION, Kind.PROVISION, Kind.TARGET)
"""The classes that are told apart, in the order of the columns of ``kind_weights.tsv``."""
MARGIN = 0.5
"""By how much the score of another class must exceed that of the rules' verdict."""
SURE = frozenset({"cost share", "existing", "former", "rule", "validity"})
"""Rules that see more than the features do."""
RULE = "rated"
"""Rule of a figure whose class is not that of the rules."""
_LEFT, _RIGHT, _BEFORE = 14, 6, 24
"""Characters before and after the number, and of the segment before its clause, that count."""
_CUES = ("give", "give_now", "give_share", "past", "past_strict", "cap", "target", "must")
"""Groups of words in ``figures.toml`` that tell the classes apart."""
_BLANK = re.compile(r"[\s\d]+")
_Weights = dict[str, tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class KindCase:
    """A number with what the decision sees of it."""

    span: Span
    """The number in the source's text."""
    features: Sequence[str]


def describe_number(
    scene: Scene, number: Number, a: Around, earlier: Kind | None, verdict: Verdict, lex: Lexicon
) -> list[str]:
    """Return the features of a number.

    Args:
        scene: its sentence.
        number: the number.
        a: the words around it.
        earlier: the class of the number before it in the sentence.
        verdict: what the rules say.
        lex: the lexicon (``figures.toml`` has the cues).
    """
    quantity, letter = number.quantity, scene.letter.kind
    part = next((p.kind for p in scene.chain if p.kind is not None), "")
    found = [
        "bias",
        f"rule_{verdict.rule}",
        f"kind_{verdict.kind}",
        f"letter_{letter}",
        f"rule_{verdict.rule}_{letter}",
        f"part_{part}",
        f"unit_{quantity.unit}",
        f"unit_{quantity.unit}_{quantity.bound}",
        f"quantity_{quantity.kind}",
        f"bound_{quantity.bound}",
        f"earlier_{earlier}",
        f"earlier_{earlier}_{verdict.rule}",
    ]
    cue = cues_in(a.segment, lex)
    for name in _CUES:
        found += [
            f"{name}_{where}" for where, words in (("close", a.near), ("segment", a.segment)) if cue.has(name, words)
        ]
    left, right = _BLANK.sub("", a.left)[-_LEFT:], _BLANK.sub("", a.right)[:_RIGHT]
    found += [f"left_{left[-length:]}" for length in (1, 2, 3, 4)]
    found += [f"right_{right[:length]}" for length in (1, 2, 3)]
    for name, words in (("near", left), ("after", right), ("before", _BLANK.sub("", a.before)[-_BEFORE:])):
        found += [f"{name}_{pair}" for pair in _list_pairs(words)]
    return found


def _list_pairs(words: str) -> Iterator[str]:
    """Yield the pairs of neighbouring characters, each once."""
    return iter(dict.fromkeys(words[k : k + 2] for k in range(len(words) - 1)))


def is_open(verdict: Verdict, scene: Scene) -> bool:
    """Whether a verdict of the rules may be changed by ``choose_kind``."""
    return verdict.kind in KINDS and verdict.rule not in SURE and scene.letter.kind is Kind.INSTRUMENT


def choose_kind(features: Sequence[str], verdict: Verdict, scene: Scene, lex: Lexicon) -> Verdict:
    """Return the verdict of the rules, or that of the likeliest class if its score is higher by the margin.

    Conditions, and numbers of letters, whose past and future the rules tell apart nearly always, are left to them.

    Args:
        features: those of ``describe_number``.
        verdict: what the rules say.
        scene: the sentence.
        lex: the lexicon (``kind_weights.tsv``).
    """
    if not is_open(verdict, scene):
        return verdict
    weights = _load_weights(lex)
    scores = [sum(column) for column in zip(*(weights[name] for name in features if name in weights), strict=True)]
    if not scores:
        return verdict
    best = max(range(len(KINDS)), key=scores.__getitem__)
    if scores[best] - scores[KINDS.index(verdict.kind)] <= MARGIN:
        return verdict
    return Verdict(KINDS[best], RULE)


@cache
def _load_weights(lex: Lexicon) -> _Weights:
    return {name: tuple(map(float, weights[: len(KINDS)])) for name, *weights in lex.read_table("kind_weights")}
