"""The inputs of a build besides its sources: lexicons, models and decisions, read and checked once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from extract.llm.settings import LlmSettings
    from kg.review.decisions import DecisionsFile


@dataclass(frozen=True, slots=True)
class BuildInputs:
    """Lexicons, models and decisions of one build. They are cheap to send to other processes."""

    lexicon_dir: str
    """Folder of the user's own lexicons; empty for none."""
    lexicon_digest: str
    """Digest of all lexicons."""
    model: str
    """Folder of a trained model; empty for none."""
    llm: LlmSettings | None
    decisions_file: DecisionsFile | None
    settings: Mapping[str, str]
    """What else graphs depend on: the digest of the trained model, the name and prompt version of the language
    model."""

    def is_intact(self) -> bool:
        """Return whether the files that this process has read are the same as at the beginning of the build."""
        if _digest_read_lexicon(self.lexicon_dir) != self.lexicon_digest:
            return False
        if self.decisions_file is not None and not self.decisions_file.is_intact():
            return False
        return dict(_read_model_settings(self.model)).items() <= dict(self.settings).items()


def read_inputs(
    lexicon_dir: str | os.PathLike[str] = "",
    model: str | os.PathLike[str] = "",
    llm: LlmSettings | None = None,
    decisions: str | os.PathLike[str] = "",
) -> BuildInputs:
    """Read and check the inputs of a build; see :func:`kg.ingest.build.build` for the arguments.

    Raises:
        SourceError: the decisions file is missing or cannot be read.
        UsageError: a lexicon, the trained model or a decision is wrong, or the language model cannot be asked.
    """
    lexicon_digest, decisions_file = _digest_lexicon(str(lexicon_dir)), _read_decisions(decisions)
    settings = {**_read_model_settings(str(model)), **_read_llm_settings(llm, str(lexicon_dir))}
    return BuildInputs(str(lexicon_dir), lexicon_digest, str(model), llm, decisions_file, settings)


def _digest_lexicon(folder: str) -> str:
    from ontology.lexicons import load_lexicon

    return load_lexicon(folder).digest


@cache
def _digest_read_lexicon(folder: str) -> str:
    """Return the digest of the lexicons as this process read them: it reads them only once.

    The digest is empty if they cannot be read any more.
    """
    from pathlib import Path

    from ontology.errors import LexiconError
    from ontology.lexicons import Lexicon

    try:
        return Lexicon(Path(folder) if folder else None).digest
    except (LexiconError, OSError):
        return ""


def _read_model_settings(folder: str) -> Mapping[str, str]:
    """Return the digest of the files of a trained model. Its path does not count."""
    if not folder:
        return {}
    from extract.proposer.folder import load_model

    return {"model": load_model(folder).digest}


def _read_llm_settings(llm: LlmSettings | None, lexicon_dir: str) -> Mapping[str, str]:
    """Return the name, the prompt version and the trusted changes of a language model. Its address does not count."""
    if llm is None:
        return {}
    from kg.ingest.llm import check_endpoint

    return check_endpoint(llm, lexicon_dir)


def _read_decisions(path: str | os.PathLike[str]) -> DecisionsFile | None:
    """Read the decisions to apply, once for all sources; None if *path* is empty."""
    if not str(path):
        return None
    from kg.review.decisions import open_decisions

    return open_decisions(path)
