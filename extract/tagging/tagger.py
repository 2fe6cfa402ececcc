"""A linear-chain conditional random field over the words of a page (Lafferty, McCallum and Pereira 2001).

The weights stand in ``tagger.tsv``. They were fitted on annotated documents by ``scripts/fit_models.py``. A label is
``O``, or ``B-`` or ``I-`` and the kind of a name. The result is, for each word, the probability of each label.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from extract.mentions.words import PageWords
from extract.tagging.features import (
    BIAS,
    EDGE,
    TAG_WINDOW,
    Token,
    find_quoted,
    list_token_values,
    read_heads,
    read_tokens,
    split_sequences,
)
from ontology.lexicons import Lexicon

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
TRANSITION = ">"
"""Template of the weights of two labels in a row; the value is the first label."""
_BATCH = 64
"""Sequences that are computed together."""


class Tagger:
    """The model. Build it once a lexicon: ``load_tagger(lex)``."""

    def __init__(self, lex: Lexicon) -> None:
        rows = lex.read_table("tagger")
        self.labels: tuple[str, ...] = ("O", *sorted({label for _, _, label, _ in rows} - {"O"}))
        number = {label: k for k, label in enumerate(self.labels)}
        self._ids: dict[str, dict[str, int]] = {}
        self.transitions: Floats = np.zeros((len(self.labels), len(self.labels)))
        weights: list[list[float]] = [[0.0] * len(self.labels)]  # row 0: a feature without weights
        for template, value, label, weight in rows:
            if template == TRANSITION:
                self.transitions[number[value], number[label]] = float(weight)
                continue
            own = self._ids.setdefault(template, {})
            if value not in own:
                own[value] = len(weights)
                weights.append([0.0] * len(self.labels))
            weights[own[value]][number[label]] = float(weight)
        self._weights: Floats = np.array(weights)
        self._heads = read_heads(lex)

    def compute_marginals(self, page: PageWords, marks: Mapping[int, frozenset[str]]) -> Floats:
        """Return the probability of each label for each word of a page; words outside sequences are ``O``.

        Args:
            page: the words.
            marks: for each word the mentions that the rules have found there (``mark_mentions``).
        """
        out: Floats = np.zeros((len(page.words), len(self.labels)))
        out[:, 0] = 1.0
        sequences = sorted(split_sequences(page.words), key=len)
        if not sequences:
            return out
        scores = self._score_words(page, marks, sequences)
        for batch in (sequences[k : k + _BATCH] for k in range(0, len(sequences), _BATCH)):
            computed = self._run_batch([scores[s.start : s.stop] for s in batch])
            for sequence, marginals in zip(batch, computed, strict=True):
                out[sequence.start : sequence.stop] = marginals
        return out

    # ---- scores of words

    def _score_words(self, page: PageWords, marks: Mapping[int, frozenset[str]], sequences: Sequence[range]) -> Floats:
        tokens = read_tokens(page.words, self._heads)
        kinds: dict[int, int] = {id(EDGE): 0}
        types: list[Token] = [EDGE]
        numbers = np.empty(len(tokens), np.int64)
        for i, token in enumerate(tokens):
            k = kinds.get(id(token))
            if k is None:
                k = kinds[id(token)] = len(types)
                types.append(token)
            numbers[i] = k
        first, last = self._find_bounds(len(tokens), sequences)
        at = np.arange(len(tokens))
        scores: Floats = np.zeros((len(tokens), len(self.labels)))
        scores += self._weights[self._find_id(*BIAS)]
        for offset in range(-TAG_WINDOW, TAG_WINDOW + 1):
            inside = (at + offset >= first) & (at + offset < last)
            shifted = np.where(inside, numbers[np.clip(at + offset, 0, len(tokens) - 1)], 0)
            scores += self._score_types(types, offset)[shifted]
        quoted = np.array(find_quoted(page.words), dtype=np.int64)
        scores += self._weights[[self._find_id("q", "0"), self._find_id("q", "1")]][quoted]
        scores += self._score_pairs(types, numbers, first, last)
        for i, found in marks.items():
            for mark in found:
                scores[i] += self._weights[self._find_id("m", mark)]
        return scores

    def _find_id(self, template: str, value: str) -> int:
        return self._ids.get(template, {}).get(value, 0)

    def _find_bounds(self, size: int, sequences: Sequence[range]) -> tuple[Ints, Ints]:
        first, last = np.zeros(size, np.int64), np.zeros(size, np.int64)
        for s in sequences:
            first[s.start : s.stop], last[s.start : s.stop] = s.start, s.stop
        return first, last

    def _score_types(self, types: Sequence[Token], offset: int) -> Floats:
        """Return the summed weights of each distinct token at *offset*."""
        summed: Floats = np.zeros((len(types), len(self.labels)))
        for template, values in list_token_values(types, offset):
            ids = self._ids.get(template)
            if ids:
                summed += self._weights[[ids.get(value, 0) for value in values]]
        return summed

    def _score_pairs(self, types: Sequence[Token], numbers: Ints, first: Ints, last: Ints) -> Floats:
        """Return the weights of the parts of speech of a word and its neighbours."""
        tags = sorted({token.tag for token in types})
        number = {tag: k for k, tag in enumerate(tags)}
        own = np.array([number[token.tag] for token in types])[numbers]
        scores: Floats = np.zeros((len(numbers), len(self.labels)))
        at = np.arange(len(numbers))
        follows = (at + 1 < last)[:-1]
        for template, target in (("tt", slice(None, -1)), ("pt", slice(1, None))):
            ids = np.array([[self._find_id(template, f"{a} {b}") for b in tags] for a in tags])
            scores[target][follows] += self._weights[ids[own[:-1], own[1:]]][follows]
        return scores

    # ---- forward and backward sums

    def _run_batch(self, batch: Sequence[Floats]) -> Iterator[Floats]:
        """Yield the marginals of each sequence. Sums are scaled at each word, so that none overflows."""
        length, size, count = max(map(len, batch)), len(batch), len(self.labels)
        potentials: Floats = np.ones((length, size, count))
        for k, scores in enumerate(batch):
            potentials[: len(scores), k] = np.exp(scores - scores.max(axis=1, keepdims=True))
        lengths = np.array([len(scores) for scores in batch])
        moves: Floats = np.exp(self.transitions)
        forward: Floats = np.empty_like(potentials)
        forward[0] = potentials[0] / potentials[0].sum(axis=1, keepdims=True)
        for i in range(1, length):
            step = (forward[i - 1] @ moves) * potentials[i]
            forward[i] = step / step.sum(axis=1, keepdims=True)
        backward: Floats = np.ones_like(potentials)
        for i in range(length - 2, -1, -1):
            step = (potentials[i + 1] * backward[i + 1]) @ moves.T
            step /= step.sum(axis=1, keepdims=True)
            backward[i] = np.where((i + 1 < lengths)[:, None], step, 1.0)
        marginals = forward * backward
        marginals /= marginals.sum(axis=2, keepdims=True)
        for k, scores in enumerate(batch):
            yield marginals[: len(scores), k]


@cache
def load_tagger(lex: Lexicon) -> Tagger:
    """Return the model of *lex*, built once."""
    return Tagger(lex)


class NameTags:
    """What the model says of the words of one page.

    Args:
        labels: the labels of the model.
        marginals: probability of each label (columns) for each word (rows).
    """

    def __init__(self, labels: Sequence[str], marginals: Floats) -> None:
        self.labels, self.marginals = labels, marginals
        self._columns: dict[str, list[float]] = dict(zip(labels, marginals.T.tolist(), strict=True))

    def get_probability(self, kind: str, first: int, last: int) -> float:
        """Return how likely the words from *first* to before *last* are one whole name of *kind*.

        It is the lowest of the probabilities of its words: that the first begins a name, that the others go on, and
        that the word behind it does not.
        """
        begin, inner = self._columns.get(f"B-{kind}"), self._columns.get(f"I-{kind}")
        if begin is None or inner is None or not 0 <= first < last <= len(begin):
            return 0.0
        lowest = min([begin[first], *inner[first + 1 : last]])
        return min(lowest, 1.0 - inner[last]) if last < len(inner) else lowest
