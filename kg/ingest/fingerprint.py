"""The graph fingerprint of a source: a digest of everything that its graph depends on.

While it is the same, reading the source again would give the same graph. It covers:

* the bytes, how they are read, the id, and the base of the IRIs,
* the lexicons, the settings of the build, and the decisions about the source,
* this software: its version and each file of it that can change a graph,
* the libraries and programs that take part.

If a language model takes part, its name and its prompt are covered. Its answers are not: they are kept on disk. A
source that lacks an answer gets no fingerprint.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from kg.read.found import LIMITS, FoundSource
from kg.read.load import Fingerprint
from kg.read.programs import find_version, identify_software
from kg.version import compute_graph_digest

if TYPE_CHECKING:
    from extract.corrections.model import Decision
    from kg.ingest.inputs import BuildInputs

_FORM = "1"
"""Version of the graph fingerprint itself."""
_LIBRARIES = ("spacy", "ahocorasick-rs")
"""Libraries that the rules use."""


class GraphFingerprints:
    """Computes the graph fingerprints of the sources of one build."""

    def __init__(self, base: str, inputs: BuildInputs) -> None:
        """Digest what all sources of the build have in common.

        Args:
            base: what IRIs begin with.
            inputs: lexicons, models and decisions. A decision counts only for the source that it is about.
        """
        common = {
            "form": _FORM, "base": base, "lexicon": inputs.lexicon_digest, "settings": dict(inputs.settings),
            "software": compute_graph_digest(),
            "limits": repr(LIMITS), "python": f"{sys.version_info[0]}.{sys.version_info[1]}",
            "libraries": [f"{name} {find_version(name)}" for name in _LIBRARIES],
        }  # fmt: skip
        self._common = _digest(json.dumps(common, sort_keys=True))
        self._decisions = _DecisionDigests(inputs.decisions_file.decisions if inputs.decisions_file else ())

    def compute(self, found: FoundSource, content: Fingerprint) -> str:
        """Return the graph fingerprint of *found*, as 64 hex digits.

        Args:
            found: the source.
            content: the fingerprint of its content.
        """
        kind = content.kind
        own = [self._common, found.id, content.sha256, kind, content.context, found.media_type, identify_software(kind)]
        return _digest(json.dumps([*own, self._decisions.compute(found.id)]))


class _DecisionDigests:
    """Digests of the decisions about each source. Most sources have no decisions of their own and share one digest."""

    def __init__(self, decisions: Iterable[Decision]) -> None:
        self._by_source: dict[str, list[Decision]] = {}
        for decision in decisions:
            self._by_source.setdefault(decision.source, []).append(decision)
        self._common = self._digest_decisions("") if self._by_source else ""

    def compute(self, source: str) -> str:
        return self._digest_decisions(source) if source in self._by_source else self._common

    def _digest_decisions(self, source: str) -> str:
        from extract.corrections.model import EVERYWHERE, render_decisions

        decisions = [*self._by_source.get(EVERYWHERE, ()), *self._by_source.get(source, ())]
        return _digest(render_decisions(decisions)) if decisions else ""


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
