"""The key of a source: a digest of all that its graph depends on. While it is the same, the graph would be the same.

It holds the bytes and how they are read, the id, the base of IRIs, the lexicons, the settings of the build, the
decisions about the source, this software (its version, and every file of it that can change a graph), and the libraries
and programs that take part. Where a language model takes part, its name and what it is asked are in the key, its
answers are not: those that a source got are kept on disk, and one that lacks answers gets no key at all.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

from kg.read.found import LIMITS, Found
from kg.read.load import Print
from kg.read.programs import identity, library
from kg.version import graph_digest

if TYPE_CHECKING:
    from extract.corrections.model import Decision
    from kg.ingest.inputs import Inputs

_FORM = "1"
"""Of the key itself."""
_LIBRARIES = ("spacy", "ahocorasick-rs")
"""What the rules run on."""


class Keys:
    """Makes the keys of one build.

    Args:
        base: what IRIs begin with.
        given: what it was asked for; of the decisions, those about other sources count for none.
    """

    def __init__(self, base: str, given: Inputs) -> None:
        common = {
            "form": _FORM, "base": base, "lexicon": given.lexicon, "settings": dict(given.settings),
            "software": graph_digest(),
            "limits": repr(LIMITS), "python": f"{sys.version_info[0]}.{sys.version_info[1]}",
            "libraries": [f"{name} {library(name)}" for name in _LIBRARIES],
        }  # fmt: skip
        self._common = _digest(json.dumps(common, sort_keys=True))
        self._decisions = _Decisions(given.decided.decisions if given.decided else ())

    def of(self, found: Found, told: Print) -> str:
        """The key of *found*, whose bytes are *told*."""
        own = [self._common, found.id, told.sha256, told.kind, told.how, found.media_type, identity(told.kind)]
        return _digest(json.dumps([*own, self._decisions.about(found.id)]))


class _Decisions:
    """Digests of the decisions that concern a source; most sources have none of their own."""

    def __init__(self, decisions: Iterable[Decision]) -> None:
        self._by_source: dict[str, list[Decision]] = {}
        for one in decisions:
            self._by_source.setdefault(one.source, []).append(one)
        self._common = self._digest("") if self._by_source else ""

    def about(self, source: str) -> str:
        return self._digest(source) if source in self._by_source else self._common

    def _digest(self, source: str) -> str:
        from extract.corrections.model import EVERYWHERE, render

        some = [*self._by_source.get(EVERYWHERE, ()), *self._by_source.get(source, ())]
        return _digest(render(some)) if some else ""


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
