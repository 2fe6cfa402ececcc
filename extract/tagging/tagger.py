"""A linear-chain conditional random field over the words of a page (Lafferty, McCallum and Pereira 2001).

The weights stand in ``tagger.tsv``. They were fitted on annotated documents by ``scripts/fit_models.py``. A label is
``O``, or ``B-`` or ``I-`` and the kind of a name. The result is, for each word, the probability of each label.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import accumulate, chain, repeat
from operator import itemgetter
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from extract.mentions.words import PageWords
from extract.tagging.features import (
    BIAS,
    EDGE,
    REACHES,
    TAG_WINDOW,
    Token,
    find_quotes,
    get_views,
    name_template,
    read_heads,
    split_sequences,
)
from ontology.lexicons import Lexicon

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
TRANSITION = ">"
"""Template of the weights of two labels in a row; the value is the first label."""
_BATCH = 512
"""Sequences that are computed together."""
_OUTSIDE = 0
"""A place of padding, which stands for all words outside the sequences."""
_KNOWN_TOKENS = 20_000
"""Tokens whose scores are kept from page to page, about 17 MB."""
_LARGEST_POWER = 300.0
"""Power of e that the sums of a sequence may reach before they are scaled, so that the product of two is a number."""


_get_tag = itemgetter(3)


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


class _TokenScores:
    """The summed weights of each distinct token at each offset, computed when it is first seen.

    Most words of a page were on an earlier one, so their scores are kept; more than ``_KNOWN_TOKENS`` are dropped
    before the next page. Number 0 is the edge of a sequence.

    Args:
        families: the weights of what is seen of one token.
        heads: the class of each head.
        tags: the number of each part of speech, from 1 on; 0 is one without weights.
        count: number of labels.
    """

    def __init__(
        self, families: Mapping[str, _WeightTable], heads: Mapping[str, str], tags: Mapping[str, int], count: int
    ) -> None:
        self._families, self._heads, self._tag_numbers = families, heads, tags
        self._numbers: dict[tuple[str, str], int] = {}
        self.scores: Floats = np.zeros((2 * TAG_WINDOW + 1, 1024, count))
        """By offset, number and label."""
        self.tags: Ints = np.zeros(1024, np.intp)
        """The number of the part of speech, by number."""
        self._score([EDGE], 0)

    def number_all(self, keys: Sequence[tuple[str, str]]) -> Ints:
        """Return the numbers of tokens, given as text and part of speech; their scores are known then."""
        if len(self._numbers) > _KNOWN_TOKENS:
            self._numbers.clear()
        numbers = self._numbers
        found = list(map(numbers.get, keys))
        if None in found:
            new = [key for key in dict.fromkeys(keys) if key not in numbers]
            first = len(numbers) + 1
            self._score([Token(text, tag, self._heads.get(text, "")) for text, tag in new], first)
            numbers.update(zip(new, range(first, first + len(new)), strict=True))
            found = list(map(numbers.get, keys))
        return np.array(found, np.intp)

    def _score(self, tokens: Sequence[Token], first: int) -> None:
        """Set the scores of new tokens, with the numbers from *first* on."""
        end = first + len(tokens)
        if end > len(self.tags):
            self.scores = np.concatenate(
                [
                    self.scores[:, :first],
                    np.zeros_like(self.scores, shape=(self.scores.shape[0], end, self.scores.shape[2])),
                ],
                axis=1,
            )
            self.tags = np.concatenate([self.tags[:first], np.zeros(end, np.intp)])
        self.tags[first:end] = [self._tag_numbers.get(token.tag, 0) for token in tokens]
        own = self.scores[:, first:end]
        own[:] = 0.0
        views = zip(*map(get_views, tokens), strict=True)
        for (family, reach), values in zip(REACHES.items(), views, strict=True):
            table = self._families[family]
            own[TAG_WINDOW - reach : TAG_WINDOW + reach + 1] += table.weights.take(table.find_all(values), axis=1)


def _fill_pairs(rows: Iterable[tuple[str, int, float]], numbers: Mapping[str, int], count: int) -> Floats:
    """Return weights of two parts of speech, by the number of the first times their count plus that of the second.

    Args:
        rows: value (two parts of speech), number of the label, weight.
        numbers: the number of each part of speech, from 1 on.
        count: number of labels.
    """
    size = len(numbers) + 1
    weights: Floats = np.zeros((size * size, count))
    for value, label, weight in rows:
        one, _, two = value.partition(" ")
        weights[numbers[one] * size + numbers[two], label] = weight
    return weights


class Tagger:
    """The model. Build it once a lexicon: ``load_tagger(lex)``."""

    def __init__(self, lex: Lexicon) -> None:
        rows = lex.read_table("tagger")
        self.labels: tuple[str, ...] = ("O", *sorted({row[2] for row in rows} - {"O"}))
        number = {label: k for k, label in enumerate(self.labels)}
        self.transitions: Floats = np.zeros((len(self.labels), len(self.labels)))
        by_template: dict[str, list[tuple[str, int, float]]] = {}
        for template, value, label, weight in rows:
            if template == TRANSITION:
                self.transitions[number[value], number[label]] = float(weight)
            else:
                by_template.setdefault(template, []).append((value, number[label], float(weight)))
        count = len(self.labels)
        families = {
            family: _WeightTable(
                [by_template.get(name_template(family, at), ()) for at in range(-reach, reach + 1)], count
            )
            for family, reach in REACHES.items()
        }
        pairs = [by_template.get(template, []) for template in ("tt", "pt")]
        seen = sorted({tag for pair in pairs for value, *_ in pair for tag in value.partition(" ")[::2]})
        self._tags = {tag: k for k, tag in enumerate(seen, 1)}
        self._next, self._previous = (_fill_pairs(pair, self._tags, count) for pair in pairs)
        """Weights of the parts of speech of a word and the next one, and of a word and the one before it."""
        self._tokens = _TokenScores(families, read_heads(lex), self._tags, count)
        self._others = {t: _WeightTable([by_template.get(t, ())], count) for t in (BIAS[0], "q", "m")}
        """Weights of the other templates."""
        self._moves: Floats = np.exp(np.stack([self.transitions, self.transitions.T]))
        self._steepest = max(1.0, math.log(count) + float(self.transitions.max()), -float(self.transitions.min()))
        """Power of e that bounds how much a move changes the sums."""
        self._lock = Lock()
        """Held while scores of tokens are looked up: threads may share a model."""

    def compute_marginals(self, page: PageWords, marks: Mapping[int, frozenset[str]]) -> Floats:
        """Return the probability of each label for each word of a page; words outside sequences are ``O``.

        Args:
            page: the words.
            marks: for each word the mentions that the rules have found there (``mark_mentions``).
        """
        sequences = sorted(split_sequences(page.words), key=len, reverse=True)
        batches = [sequences[k : k + _BATCH] for k in range(0, len(sequences), _BATCH)]
        computed = [self._compute_batch(page, marks, _Places(batch, len(page.words)), batch) for batch in batches]
        if len(computed) == 1:
            return computed[0]
        out: Floats = np.zeros((len(page.words), len(self.labels)))
        out[:, 0] = 1.0
        for batch, marginals in zip(batches, computed, strict=True):
            for sequence in batch:
                out[sequence.start : sequence.stop] = marginals[sequence.start : sequence.stop]
        return out

    def _compute_batch(
        self, page: PageWords, marks: Mapping[int, frozenset[str]], places: _Places, batch: Sequence[range]
    ) -> Floats:
        """Return the marginals of all words of a page; those of words outside the sequences of *batch* are ``O``."""
        scores = self._score_words(page, marks, places)
        scores -= scores[:, :1].copy()
        marginals = self._sum(scores, batch, places)
        marginals[_OUTSIDE] = 0.0
        marginals[_OUTSIDE, 0] = 1.0
        found: Floats = marginals.take(places.by_word, axis=0)
        return found

    # ---- scores of words

    def _score_words(self, page: PageWords, marks: Mapping[int, frozenset[str]], places: _Places) -> Floats:
        """Return the scores of the labels at each padded place; those of the padding mean nothing."""
        keys = list(zip(page.texts, map(_get_tag, page.words), strict=True))
        with self._lock:
            numbers = np.zeros(places.size, np.intp)
            numbers[places.padded] = self._tokens.number_all(keys)[places.words]
            tags = self._tokens.tags[numbers]
            scores: Floats = np.zeros((places.size, len(self.labels)))
            inner = scores[TAG_WINDOW:-TAG_WINDOW]
            found: Floats = np.empty_like(inner)
            for offset, weights in enumerate(self._tokens.scores):
                seen = numbers[offset : offset + len(inner)]
                inner += weights.take(seen, axis=0, out=found, mode="clip")
        pairs = tags[:-1] * (len(self._tags) + 1) + tags[1:]
        scores[:-1] += self._next.take(pairs, axis=0)
        scores[1:] += self._previous.take(pairs, axis=0)
        bias, quotes = self._others[BIAS[0]], self._others["q"]
        outside, inside = quotes.weights[0, quotes.find_all("01")]
        scores += bias.weights[0, bias.find_all(BIAS[1:])] + outside
        quoted = list(chain.from_iterable(find_quotes(page.words)))
        scores[places.find(quoted)] += inside - outside
        self._add_marks(scores, marks, places)
        return scores

    def _add_marks(self, scores: Floats, marks: Mapping[int, frozenset[str]], places: _Places) -> None:
        if not marks:
            return
        table = self._others["m"]
        sets: dict[frozenset[str], int] = {}
        numbers = [sets.setdefault(found, len(sets)) for found in marks.values()]
        weights = table.weights[0].take(table.find_all(chain.from_iterable(map(sorted, sets))), axis=0)
        begins = list(accumulate(map(len, sets), initial=0))[:-1]
        scores[places.find(list(marks))] += np.add.reduceat(weights, begins)[numbers]

    # ---- forward and backward sums

    def _sum(self, scores: Floats, batch: Sequence[range], places: _Places) -> Floats:
        """Return the marginals at each padded place by the scores of the labels there; that of ``O`` is 0.

        The sums over the words before and after a word are computed in one pass, forward from the beginnings of all
        sequences and backward from their ends; the longest sequence is the first, so those that go on are a slice.
        """
        unscaled = max(1, int(_LARGEST_POWER / (self._steepest + float(scores.max()))))
        potentials = np.exp(scores, out=scores)
        lengths = np.array([len(s) for s in batch])
        counts = (lengths > np.arange(lengths[0])[:, None]).sum(axis=1)
        bounds = [0, *np.cumsum(counts).tolist()]
        step = np.repeat(np.arange(len(counts)), counts)
        sequence = np.arange(bounds[-1]) - np.repeat(bounds[:-1], counts)
        ahead = places.begins[sequence] + step
        behind = places.begins[sequence] + lengths[sequence] - 1 - step
        own = potentials.take(np.stack([ahead, behind]), axis=0)
        sums: Floats = np.empty_like(own)
        sums[:, : bounds[1]] = 1.0
        for k in range(1, len(counts)):
            begin, end = bounds[k], bounds[k + 1]
            before = slice(bounds[k - 1], bounds[k - 1] + end - begin)
            now = sums[:, begin:end]
            np.matmul(sums[:, before] * own[:, before], self._moves, out=now)
            if k % unscaled == 0:
                now /= now.sum(axis=2, keepdims=True)
        potentials[ahead] *= sums[0]
        potentials[behind] *= sums[1]
        potentials /= (potentials @ np.ones(potentials.shape[1]))[:, None]
        return potentials


class _Places:
    """Where the words of some sequences stand in an array in which padding as wide as the window follows each.

    Args:
        sequences: ranges of word numbers.
        count: number of words of the page.
    """

    def __init__(self, sequences: Sequence[range], count: int) -> None:
        begins: list[int] = []
        words: list[int] = []
        padded: list[int] = []
        at = TAG_WINDOW
        for sequence in sequences:
            begins.append(at)
            words += sequence
            padded += range(at, at + len(sequence))
            at += len(sequence) + TAG_WINDOW
        self.size = at
        self.begins: Ints = np.array(begins, np.intp)
        """The place of the first word of each sequence."""
        self.words: Ints = np.array(words, np.intp)
        self.padded: Ints = np.array(padded, np.intp)
        """The place of each word of ``words``."""
        self.by_word: Ints = np.full(count, _OUTSIDE, np.intp)
        """The place of each word of the page; ``_OUTSIDE`` for a word outside the sequences."""
        self.by_word[self.words] = self.padded

    def find(self, words: Sequence[int]) -> Ints:
        """Return the places of words."""
        return self.by_word[np.array(words, np.intp)]


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
        self._columns: dict[str, memoryview[float]] = {
            label: memoryview(column) for label, column in zip(labels, np.ascontiguousarray(marginals.T), strict=True)
        }
        self._probabilities: dict[tuple[str, int, int], float] = {}
        """Of names that were asked for: several steps ask for the same ones."""

    def get_probability(self, kind: str, first: int, last: int) -> float:
        """Return how likely the words from *first* to before *last* are one whole name of *kind*.

        It is the lowest of the probabilities of its words: that the first begins a name, that the others go on, and
        that the word behind it does not.
        """
        key = kind, first, last
        found = self._probabilities.get(key)
        if found is None:
            found = self._probabilities[key] = self._compute_probability(kind, first, last)
        return found

    def _compute_probability(self, kind: str, first: int, last: int) -> float:
        begin, inner = self._columns.get(f"B-{kind}"), self._columns.get(f"I-{kind}")
        if begin is None or inner is None or not 0 <= first < last <= len(begin):
            return 0.0
        lowest = min([begin[first], *inner[first + 1 : last]])
        return min(lowest, 1.0 - inner[last]) if last < len(inner) else lowest

    def get_column(self, label: str) -> Sequence[float]:
        """Return how likely each word of the page has *label*."""
        return self._columns.get(label, [0.0] * len(self.marginals))


NO_TAGS = NameTags((), np.zeros((0, 0)))
"""Of a page that no model has read: every probability is 0."""
