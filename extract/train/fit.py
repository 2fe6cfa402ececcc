"""Fitting of a spaCy pipeline with one ``ner`` component to labelled chunks. The same seed gives the same model."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import spacy
from spacy.language import Language
from spacy.training import Example
from thinc.api import fix_random_seed

from extract.train.examples import LabelledChunk
from ontology.errors import ModelError

ReportEpoch = Callable[[int, int, float], None]
"""Function that is called after each epoch with the epochs done, all epochs, and the loss."""


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    """Size of the network, and parameters of its training. They are recorded in the model."""

    epochs: int = 12
    seed: int = 0
    width: int = 64
    depth: int = 4
    window: int = 2
    rows: int = 3000
    """Rows of the embedding table that characters are hashed into."""
    hidden: int = 48
    dropout: float = 0.2
    batch: int = 4
    """Chunks per step."""
    learn_rate: float = 0.001


def fit_model(
    chunks: Sequence[LabelledChunk], settings: TrainingSettings, progress: ReportEpoch | None = None
) -> Language:
    """Return a pipeline that is trained to find the names in *chunks*.

    Raises:
        ModelError: no chunk has a name.
    """
    labels = sorted({str(name.kind) for chunk in chunks for name in chunk.names if name.kind})
    if not labels:
        raise ModelError(
            "没有可学习的名称：标注文件和规则都没有在这些文字里找到名称",
            "nothing to learn: neither the annotated files nor the rules have a name in these texts",
        )
    fix_random_seed(settings.seed)
    nlp = spacy.blank("zh")
    component = nlp.add_pipe("ner", config={"model": _build_architecture(settings)})
    for label in labels:
        component.add_label(label)  # type: ignore[attr-defined]
    examples = [_make_example(nlp, chunk) for chunk in chunks]
    optimizer = nlp.initialize(lambda: examples[: settings.batch])
    optimizer.learn_rate = settings.learn_rate
    order = random.Random(settings.seed)
    for epoch in range(1, settings.epochs + 1):
        order.shuffle(examples)
        losses: dict[str, float] = {}
        for start in range(0, len(examples), settings.batch):
            nlp.update(examples[start : start + settings.batch], drop=settings.dropout, sgd=optimizer, losses=losses)
        if progress:
            progress(epoch, settings.epochs, losses["ner"])
    averages = optimizer.averages
    if averages:
        with nlp.use_params(averages):  # the mean of all steps generalises better than the last step
            data = nlp.to_bytes()
        nlp.from_bytes(data)
    return nlp


def _build_architecture(settings: TrainingSettings) -> dict[str, Any]:
    return {
        "@architectures": "spacy.TransitionBasedParser.v2",
        "state_type": "ner",
        "extra_state_tokens": False,
        "hidden_width": settings.hidden,
        "maxout_pieces": 2,
        "use_upper": True,
        "tok2vec": {
            "@architectures": "spacy.HashEmbedCNN.v2",
            "width": settings.width,
            "depth": settings.depth,
            "embed_size": settings.rows,
            "window_size": settings.window,
            "maxout_pieces": 3,
            "subword_features": False,  # a token is one character
            "pretrained_vectors": None,
        },
    }


def _make_example(nlp: Language, chunk: LabelledChunk) -> Example:
    reference = nlp.make_doc(chunk.text)
    labels = [
        (reference.char_span(name.span.begin, name.span.end, label=str(name.kind or "")), name.kind)
        for name in chunk.names
    ]
    known = [span for span, kind in labels if span is not None and kind]
    left_open = [span for span, kind in labels if span is not None and not kind]
    reference.set_ents(known, missing=left_open, default="outside")
    return Example(nlp.make_doc(chunk.text), reference)
