"""Fitting: labelled chunks in, a spaCy pipeline with one ``ner`` component out. The same seed gives the same model."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import spacy
from spacy.language import Language
from spacy.training import Example
from thinc.api import fix_random_seed

from extract.train.examples import Labelled
from ontology.errors import ModelError

Progress = Callable[[int, int, float], None]
"""Called after each epoch with epochs done, epochs in all, and the loss."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How the net is built and trained; all of it is kept with the model."""

    epochs: int = 12
    seed: int = 0
    width: int = 64
    depth: int = 4
    window: int = 2
    rows: int = 3000
    """Rows of the embedding table: characters are hashed into them."""
    hidden: int = 48
    dropout: float = 0.2
    batch: int = 4
    """Chunks a step."""
    learn_rate: float = 0.001


def fit(chunks: Sequence[Labelled], settings: Settings, progress: Progress | None = None) -> Language:
    """Train a recogniser of names on *chunks*.

    Raises:
        ModelError: there is no name to learn.
    """
    labels = sorted({str(n.kind) for c in chunks for n in c.names if n.kind})
    if not labels:
        raise ModelError(
            "没有可学习的名称：标注文件和规则都没有在这些文字里找到名称",
            "nothing to learn: neither the gold files nor the rules name anything in these texts",
        )
    fix_random_seed(settings.seed)
    nlp = spacy.blank("zh")
    component = nlp.add_pipe("ner", config={"model": _architecture(settings)})
    for label in labels:
        component.add_label(label)  # type: ignore[attr-defined]
    examples = [_example(nlp, chunk) for chunk in chunks]
    optimizer = nlp.initialize(lambda: examples[: settings.batch])
    optimizer.learn_rate = settings.learn_rate
    order = random.Random(settings.seed)
    for epoch in range(1, settings.epochs + 1):
        order.shuffle(examples)
        losses: dict[str, float] = {}
        for at in range(0, len(examples), settings.batch):
            nlp.update(examples[at : at + settings.batch], drop=settings.dropout, sgd=optimizer, losses=losses)
        if progress:
            progress(epoch, settings.epochs, losses["ner"])
    averages = optimizer.averages
    if averages:
        with nlp.use_params(averages):  # the mean of all steps generalises better than the last one
            data = nlp.to_bytes()
        nlp.from_bytes(data)
    return nlp


def _architecture(settings: Settings) -> dict[str, Any]:
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


def _example(nlp: Language, chunk: Labelled) -> Example:
    reference = nlp.make_doc(chunk.text)
    spans = [(reference.char_span(n.span.begin, n.span.end, label=str(n.kind or "")), n.kind) for n in chunk.names]
    known = [s for s, kind in spans if s is not None and kind]
    open_ = [s for s, kind in spans if s is not None and not kind]
    reference.set_ents(known, missing=open_, default="outside")
    return Example(nlp.make_doc(chunk.text), reference)
