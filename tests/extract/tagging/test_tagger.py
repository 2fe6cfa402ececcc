"""The sequence model: its probabilities are those of the formula, and its names become candidates."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest

from extract.mentions.words import PageWords, read_words
from extract.model import LetterId, Sentence, Span
from extract.tagging.candidates import read_names
from extract.tagging.features import LONGEST, find_quoted, list_features, read_heads, read_tokens, split_sequences
from extract.tagging.tagger import NameTags, Tagger
from extract.text.segment import segmenter
from ontology.lexicons import Lexicon, load_lexicon

ROWS = """#!replace
>\tO\tB-scheme\t0.4
>\tB-scheme\tI-scheme\t1.1
>\tO\tI-scheme\t-3
w0\t计划\tI-scheme\t2.5
w-1\t实施\tB-scheme\t1.7
t0\tn\tB-scheme\t0.3
tt\tn n\tB-scheme\t0.6
s1\t划\tB-scheme\t0.9
q\t0\tO\t0.8
b\t-\tO\t0.2
m\tB-program-Program\tB-scheme\t1.5
"""


@pytest.fixture
def lexicon(tmp_path: Path) -> Lexicon:
    (tmp_path / "tagger.tsv").write_text(ROWS, encoding="utf-8")
    return Lexicon(tmp_path)


def read_page(text: str) -> PageWords:
    sentence = Sentence(Span(0, len(text)), LetterId("d1"), None, (Span(0, len(text)),))
    return read_words(text, [sentence], segmenter(load_lexicon()))


def test_the_probabilities_are_those_of_all_ways_to_label_a_sequence(lexicon: Lexicon) -> None:
    page, tagger = read_page("我市实施登高计划"), Tagger(lexicon)
    marks = {2: frozenset({"B-program-Program"})}
    found = tagger.compute_marginals(page, marks)
    (sequence,) = split_sequences(page.words)
    features = list_features(read_tokens(page.words, read_heads(lexicon)), find_quoted(page.words), marks, sequence)
    weights = {(t, v, label): float(w) for t, v, label, w in lexicon.read_table("tagger")}
    labels = tagger.labels
    expected = np.zeros((len(sequence), len(labels)))
    for path in itertools.product(range(len(labels)), repeat=len(sequence)):
        score = sum(weights.get((*f, labels[k]), 0.0) for k, word in zip(path, features, strict=True) for f in word)
        score += sum(tagger.transitions[a, b] for a, b in itertools.pairwise(path))
        for i, k in enumerate(path):
            expected[i, k] += np.exp(score)
    expected /= expected.sum(axis=1, keepdims=True)
    assert np.allclose(found[: len(sequence)], expected)


def test_a_long_page_does_not_change_the_probabilities_of_a_sentence(lexicon: Lexicon) -> None:
    tagger = Tagger(lexicon)
    alone = tagger.compute_marginals(read_page("我市实施登高计划。"), {})
    among = tagger.compute_marginals(read_page("我市实施登高计划。" + "各部门要认真落实有关工作要求；" * 90), {})
    assert np.allclose(among[: len(alone) - 1], alone[:-1])


def test_the_probabilities_do_not_depend_on_what_is_kept_or_computed_together(
    lexicon: Lexicon, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = ["我市实施登高计划。" + "各部门要认真落实；" * 5, "“登高计划”由企业实施。", "。"]
    marks = {2: frozenset({"B-program-Program"})}
    plain = [Tagger(lexicon).compute_marginals(read_page(text), marks) for text in texts]
    monkeypatch.setattr("extract.tagging.tagger._KNOWN_TOKENS", 3)  # so that each page drops the tokens before it
    monkeypatch.setattr("extract.tagging.tagger._BATCH", 2)
    monkeypatch.setattr("extract.tagging.tagger._LARGEST_POWER", 0.1)  # so that each sum is scaled
    tagger = Tagger(lexicon)
    for _ in range(2):
        for text, expected in zip(texts, plain, strict=True):
            assert np.allclose(tagger.compute_marginals(read_page(text), marks), expected)


def test_a_text_without_marks_is_cut_into_sequences_of_bounded_length() -> None:
    page = read_page("企业" * 1000)
    sequences = list(split_sequences(page.words))
    assert max(map(len, sequences)) <= LONGEST
    assert sum(map(len, sequences)) == 1000


def test_a_name_is_as_likely_as_its_least_likely_word() -> None:
    labels = ("O", "B-scheme", "I-scheme")
    tags = NameTags(labels, np.array([[0.1, 0.9, 0.0], [0.2, 0.1, 0.7], [0.6, 0.0, 0.4]]))
    assert tags.get_probability("scheme", 0, 2) == pytest.approx(0.6)
    assert tags.get_probability("scheme", 0, 3) == pytest.approx(0.4)
    assert tags.get_probability("person", 0, 2) == 0.0
    assert tags.get_probability("scheme", 2, 2) == 0.0


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        (["O", "B-class", "I-class", "O"], [("class", 1, 3)]),
        (["B-class", "B-class"], [("class", 0, 1), ("class", 1, 2)]),
        (["B-class", "I-scheme"], [("class", 0, 1), ("scheme", 1, 2)]),
        (["I-place", "I-place"], [("place", 0, 2)]),
    ],
)
def test_labels_are_read_as_names(labels: list[str], names: list[tuple[str, int, int]]) -> None:
    assert list(read_names(labels)) == names
