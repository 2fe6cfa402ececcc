"""A linear-chain conditional random field over the words of a page (Lafferty, McCallum and Pereira 2001).

The weights stand in ``tagger.tsv``. They were fitted on annotated documents by ``scripts/fit_models.py``. A label is
``O``, or ``B-`` or ``I-`` and the kind of a name. The result is, for each word, the probability of each label.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from extract.mentions.words import PageWords
from extract.tagging.features import (
    BIAS,
    EDGE,
    REACHES,
    TAG_WINDOW,
    Token,
    find_quoted,
    get_views,
    name_template,
    read_heads,
    split_sequences,
)
from ontology.lexicons import Lexicon

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
TRANSITION = ">"
"""Template of the weights of two labels in a row; the value is the first label."""
_BATCH = 64
"""Sequences that are computed together."""


class _WeightTable:
    """The weights of one family of templates, by value of the feature.

    Args:
        templates: for each template of the family its rows: value, number of the label, weight.
        count: number of labels.
    """

    def __init__(self, templates: Sequence[Iterable[tuple[str, int, float]]], count: int) -> None:
        values = dict.fromkeys(value for rows in templates for value, _, _ in rows)
        self._ids: dict[str | None, int] = {value: k for k, value in enumerate(values, 1)}
        self.weights: Floats = np.zeros((len(templates), len(values) + 1, count))
        """By template, id and label; id 0 is a value without weights."""
        for t, rows in enumerate(templates):
            for value, label, weight in rows:
                self.weights[t, self._ids[value], label] = weight

    def find_all(self, values: Iterable[str | None]) -> list[int]:
        """Return the ids of values; None is a value without weights."""
        return list(map(self._ids.get, values, repeat(0)))


class Tagger:
    """The model. Build it once a lexicon: ``load_tagger(lex)``."""

    def __init__(self, lex: Lexicon) -> None:
        rows = lex.read_table("tagger")
        self.labels: tuple[str, ...] = ("O", *sorted({label for _, _, label, _ in rows} - {"O"}))
        number = {label: k for k, label in enumerate(self.labels)}
        self.transitions: Floats = np.zeros((len(self.labels), len(self.labels)))
        by_template: dict[str, list[tuple[str, int, float]]] = {}
        for template, value, label, weight in rows:
            if template == TRANSITION:
                self.transitions[number[value], number[label]] = float(weight)
            else:
                by_template.setdefault(template, []).append((value, number[label], float(weight)))
        count = len(self.labels)
        self._families = {
            family: _WeightTable(
                [by_template.get(name_template(family, at), ()) for at in range(-reach, reach + 1)], count
            )
            for family, reach in REACHES.items()
        }
        """Weights of what is seen of one token, for all places of it."""
        self._others = {t: _WeightTable([by_template.get(t, ())], count) for t in (BIAS[0], "q", "m", "tt", "pt")}
        """Weights of the other templates."""
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
        potentials: Floats = np.exp(scores - scores.max(axis=1, keepdims=True))
        for batch in (sequences[k : k + _BATCH] for k in range(0, len(sequences), _BATCH)):
            computed = self._run_batch([potentials[s.start : s.stop] for s in batch])
            for sequence, marginals in zip(batch, computed, strict=True):
                out[sequence.start : sequence.stop] = marginals
        return out

    # ---- scores of words

    def _score_words(self, page: PageWords, marks: Mapping[int, frozenset[str]], sequences: Sequence[range]) -> Floats:
        made: dict[tuple[str, str], int] = {}
        kinds = [made.setdefault(word[2:], len(made) + 1) for word in page.words]
        types = [EDGE, *(Token(text, tag, self._heads.get(text, "")) for text, tag in made)]
        numbers: Ints = np.array(kinds, np.int64)
        size = len(kinds)
        first, last = self._find_bounds(size, sequences)
        at = np.arange(size)
        others = self._others
        scores: Floats = np.zeros((size, len(self.labels)))
        scores += others[BIAS[0]].weights[0, others[BIAS[0]].find_all(BIAS[1:])]
        type_scores = self._score_types(types)
        for offset in range(-TAG_WINDOW, TAG_WINDOW + 1):
            places = at + offset
            inside = (places >= first) & (places < last)
            shifted = np.where(inside, numbers[np.clip(places, 0, size - 1)], 0)
            scores += type_scores[offset + TAG_WINDOW].take(shifted, axis=0)
        quoted = np.array(find_quoted(page.words), dtype=np.int64)
        scores += others["q"].weights[0, others["q"].find_all("01")][quoted]
        scores += self._score_pairs(types, numbers, first, last)
        self._add_marks(scores, marks)
        return scores

    def _find_bounds(self, size: int, sequences: Sequence[range]) -> tuple[Ints, Ints]:
        first, last = np.zeros(size, np.int64), np.zeros(size, np.int64)
        for s in sequences:
            first[s.start : s.stop], last[s.start : s.stop] = s.start, s.stop
        return first, last

    def _score_types(self, types: Sequence[Token]) -> Floats:
        """Return the summed weights of each distinct token at each offset: offsets, tokens, labels."""
        summed: Floats = np.zeros((2 * TAG_WINDOW + 1, len(types), len(self.labels)))
        views = zip(*map(get_views, types), strict=True)
        for (family, reach), values in zip(REACHES.items(), views, strict=True):
            table = self._families[family]
            summed[TAG_WINDOW - reach : TAG_WINDOW + reach + 1] += table.weights.take(table.find_all(values), axis=1)
        return summed

    def _score_pairs(self, types: Sequence[Token], numbers: Ints, first: Ints, last: Ints) -> Floats:
        """Return the weights of the parts of speech of a word and its neighbours."""
        tags = sorted({token.tag for token in types})
        number = {tag: k for k, tag in enumerate(tags)}
        own = np.array([number[token.tag] for token in types])[numbers]
        scores: Floats = np.zeros((len(numbers), len(self.labels)))
        follows = (np.arange(1, len(numbers)) < last[:-1])[:, None]
        seen, codes = np.unique(own[:-1] * len(tags) + own[1:], return_inverse=True)
        pairs = [f"{tags[code // len(tags)]} {tags[code % len(tags)]}" for code in seen.tolist()]
        for template, target in (("tt", slice(None, -1)), ("pt", slice(1, None))):
            table = self._others[template]
            scores[target] += np.where(follows, table.weights[0, table.find_all(pairs)][codes], 0.0)
        return scores

    def _add_marks(self, scores: Floats, marks: Mapping[int, frozenset[str]]) -> None:
        table = self._others["m"]
        sets: dict[frozenset[str], int] = {}
        numbers = [sets.setdefault(found, len(sets)) for found in marks.values()]
        summed = [table.weights[0, table.find_all(sorted(found))].sum(axis=0) for found in sets]
        if summed:
            scores[list(marks)] += np.array(summed)[numbers]

    # ---- forward and backward sums

    def _run_batch(self, batch: Sequence[Floats]) -> Iterator[Floats]:
        """Yield the marginals of sequences, from the shortest to the longest, by the potentials of their words.

        Sums are scaled at each word, so that none overflows.
        """
        length, size, count = len(batch[-1]), len(batch), len(self.labels)
        potentials: Floats = np.ones((length, size, count))
        for k, own in enumerate(batch):
            potentials[: len(own), k] = own
        moves: Floats = np.exp(self.transitions)
        add = np.add.reduce
        forward: Floats = np.empty_like(potentials)
        forward[0] = potentials[0] / add(potentials[0], axis=1, keepdims=True)
        for i in range(1, length):
            step = forward[i]
            np.matmul(forward[i - 1], moves, out=step)
            step *= potentials[i]
            step /= add(step, axis=1, keepdims=True)
        backward: Floats = np.ones_like(potentials)
        ended = [bisect_right(batch, i, key=len) for i in range(length)]
        for i in range(length - 2, -1, -1):
            step = backward[i]
            np.matmul(potentials[i + 1] * backward[i + 1], moves.T, out=step)
            step /= add(step, axis=1, keepdims=True)
            step[: ended[i + 1]] = 1.0
        marginals = forward * backward
        marginals /= marginals.sum(axis=2, keepdims=True)
        for k, own in enumerate(batch):
            yield marginals[: len(own), k]


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

    def get_label_probability(self, label: str, i: int) -> float:
        """Return how likely word *i* has *label*; 0 outside the page and for a label that the model has not."""
        column = self._columns.get(label)
        return column[i] if column is not None and 0 <= i < len(column) else 0.0


NO_TAGS = NameTags((), np.zeros((0, 0)))
"""Of a page that no model has read: every probability is 0."""
