"""What a build is asked for beside its sources: read and checked once, and what of it graphs depend on."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extract.llm.settings import LlmSettings
    from kg.review.decided import Decided


@dataclass(frozen=True, slots=True)
class Inputs:
    """Lexicons, models and decisions of one build; cheap to send to other processes."""

    lexicon_dir: str
    """The user's folder; empty for none."""
    lexicon: str
    """Digest of all the lexicons."""
    model: str
    """The folder of a trained model; empty for none."""
    llm: LlmSettings | None
    decided: Decided | None
    settings: Mapping[str, str]
    """What else graphs depend on: digest of the model, name of a language model and version of what it is asked."""

    def intact(self) -> bool:
        """Whether the files are still what they were when the build began, as far as this process has read them."""
        if _lexicon_now(self.lexicon_dir) != self.lexicon or (self.decided is not None and not self.decided.intact()):
            return False
        return dict(_model(self.model)).items() <= dict(self.settings).items()


def inputs(
    lexicon_dir: str | os.PathLike[str] = "",
    model: str | os.PathLike[str] = "",
    llm: LlmSettings | None = None,
    decisions: str | os.PathLike[str] = "",
) -> Inputs:
    """Read and check what a build is asked for; see :func:`kg.build.build`.

    Raises:
        SourceError, UsageError: something is missing, damaged, or cannot be asked.
    """
    lexicon, decided = _lexicon_digest(str(lexicon_dir)), _decided(decisions)
    return Inputs(str(lexicon_dir), lexicon, str(model), llm, decided, {**_model(str(model)), **_llm(llm)})


def _lexicon_digest(folder: str) -> str:
    from ontology.lexicons import lexicon

    return lexicon(folder).digest


@cache
def _lexicon_now(folder: str) -> str:
    """The digest, taken when the words have been read: a process reads them once."""
    from pathlib import Path

    from ontology.errors import LexiconError
    from ontology.lexicons import Lexicon

    try:
        return Lexicon(Path(folder) if folder else None).digest
    except (LexiconError, OSError):
        return ""


def _model(folder: str) -> Mapping[str, str]:
    """Of a model: its files, not where it lies."""
    if not folder:
        return {}
    from extract.proposer.folder import load

    return {"model": load(folder).digest}


def _llm(llm: LlmSettings | None) -> Mapping[str, str]:
    """Of a language model: its name and the version of what it is asked, never where it is."""
    if llm is None:
        return {}
    from kg.ingest.llm import checked

    return checked(llm)


def _decided(path: str | os.PathLike[str]) -> Decided | None:
    """The decisions to honour: read once, so that every source sees the same."""
    if not str(path):
        return None
    from kg.review.decided import taken

    return taken(path)
