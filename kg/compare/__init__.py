"""Compare two graphs by their facts: stores, exported files, and stores as they were after a build.

The place of a text and the number of times that something is said are not facts: a line added before a text changes
nothing.
"""

from __future__ import annotations

import os

from kg.compare.changes import find_changes
from kg.compare.load import read_side, read_side_and_now
from kg.compare.model import OPERATIONS, Change, ChangedThing, ChangeKind, Diff, FactValue, Operation

__all__ = ["OPERATIONS", "Change", "ChangeKind", "ChangedThing", "Diff", "FactValue", "Operation", "diff"]


def diff(
    a: str | os.PathLike[str],
    b: str | os.PathLike[str] | None = None,
    *,
    about: str | None = None,
    kind: str | None = None,
    lang: str = "zh",
) -> Diff:
    """Return the differences between two graphs, fact by fact.

    Args:
        a: the first graph: the folder of a store, a store as it was after a build (``STORE@3``, ``STORE@previous``,
            ``STORE@2024-06-30``), or a file of RDF that ``kg export`` wrote.
        b: the second graph. Without it, *a* is a store: that build, or the state before the last build, is compared
            with the store as it is now.
        about: name of a thing: only changes that involve it, on either side.
        kind: name of a class (``Agency``, 承诺): only changes of things, parts or figures of this class.
        lang: language of the words (``zh`` or ``en``).

    Raises:
        SourceError: a graph is missing or cannot be read.
        StoreError: a store is in use or damaged, or its history does not match its content.
        NotFoundError: there is no such build, or no thing has the name *about*.
        UsageError: a file is not RDF, or there is no such class.
    """
    from kg.compare.select import find_class, select_changes

    wanted = find_class(kind) if kind else ""
    old, new = read_side_and_now(a, lang) if b is None else (read_side(a, lang), read_side(b, lang))
    bases = old.index.base, new.index.base
    if all(bases) and bases[0] != bases[1]:
        # The IRIs of the two stores differ only in their beginning: read the first with the beginning of the second.
        old = read_side(a, lang, bases)
    found = find_changes(old.index, new.index, lang)
    before, after = (set(side.index.sources.values()) for side in (old, new))
    changes = select_changes(found, old.index, new.index, about, wanted)
    return Diff(old.name, new.name, tuple(sorted(after - before)), tuple(sorted(before - after)), changes)
