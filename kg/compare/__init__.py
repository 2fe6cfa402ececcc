"""What is different between two graphs, by facts: stores, exports, and stores as they were after a build.

Where a text stands, and how often something is said, are no facts: a line put in front of a text changes nothing.
"""

from __future__ import annotations

import os

from kg.compare.changes import changes
from kg.compare.load import side, to_now
from kg.compare.model import OPS, Change, Diff, Op, Said, Thing, What

__all__ = ["OPS", "Change", "Diff", "Op", "Said", "Thing", "What", "diff"]


def diff(
    a: str | os.PathLike[str],
    b: str | os.PathLike[str] | None = None,
    *,
    about: str | None = None,
    kind: str | None = None,
    lang: str = "zh",
) -> Diff:
    """What is different between *a* and *b*, fact by fact.

    Args:
        a: the folder of a store, ``STORE@BUILD`` for one as it was (``STORE@3``, ``STORE@previous``,
            ``STORE@2024-06-30``), or a file of RDF that was exported.
        b: the other one; without it, *a* is a store, and now is compared with that build, or with before the last.
        about: only what has to do with the thing of this name, on either side.
        kind: only things, parts or figures of this class (``Agency``, 承诺).
        lang: language of the words (``zh`` or ``en``).

    Raises:
        SourceError, StoreError: a side that is missing or cannot be read.
        NotFoundError: no such build, or nothing is called *about*.
        UsageError: a file that is no RDF, or an unknown class.
    """
    from kg.compare.select import class_named, selected

    wanted = class_named(kind) if kind else ""
    one, other = to_now(a, lang) if b is None else (side(a, lang), side(b, lang))
    bases = one.index.base, other.index.base
    if all(bases) and bases[0] != bases[1]:  # stores whose IRIs begin otherwise: the rest tells what is the same
        one = side(a, lang, bases)
    found = changes(one.index, other.index, lang)
    before, after = (set(s.index.sources.values()) for s in (one, other))
    listed = selected(found, one.index, other.index, about, wanted)
    return Diff(one.name, other.name, tuple(sorted(after - before)), tuple(sorted(before - after)), listed)
