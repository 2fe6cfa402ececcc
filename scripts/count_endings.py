"""Count in how many annotated documents names with an ending are of which class, and write ``name_endings.tsv``.

    python scripts/count_endings.py GOLD ... [--check]

Each argument is a folder of annotated files. An ending is the last Han character of a name, or a word of the lexicon at
its end. Those of enough documents stand in the table: a reviewed change may not give such a name another class. Names
that are optional in an annotation do not count, nor do the other classes that it allows. Heads of ``heads.tsv`` that
stand for receivers by themselves need no documents. A class of firms may always be one of receivers, too.

``--check`` writes nothing. It counts how many names of each document have a class that the other documents rule out.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ontology.lexicons import LEXICON_FOLDER, load_lexicon

TABLE = LEXICON_FOLDER / "name_endings.tsv"
LEAST, LEAST_OF_ONE = 12, 20
"""Documents that an ending needs; those that one of a single character needs."""
FEW = 5
"""Documents that a head of ``heads.tsv`` needs that is no name by itself."""
SELDOM, SELDOM_OF_ONE = 0.02, 0.01
"""Largest share of the documents of a word in which it has a class that does not count."""
_RECEIVERS = frozenset({"EnterpriseTier", "TargetGroup"})
_LONGEST = 4
_HEAD = """\
# Ends of names, the classes that names with them have, and the number of annotated documents that have such names.
# The longest ending of a name decides. A language model that reviews may not give the name another class.
"""
Names = frozenset[tuple[str, str]]
"""Endings with classes that a document has."""


def main(arguments: Sequence[str]) -> int:
    """Count or check. Return the exit code."""
    folders = [Path(argument) for argument in arguments if not argument.startswith("--")]
    documents = [names for folder in folders for names in map(_read_names, sorted(folder.glob("*.gold.json")))]
    heads = {row[0]: (row[1], row[2]) for row in load_lexicon().read_table("heads")}
    words, table = {*heads, *(row[0] for row in load_lexicon().read_table("words"))}, _Table(heads)
    found = [frozenset(_list_endings(names, words)) for names in documents]
    counts = _count(found)
    if "--check" in arguments:
        pairs = zip(documents, found, strict=True)
        lost = [name for names, own in pairs for name in table.list_lost(names, own, counts)]
        print(*lost, f"{len(lost)} of {sum(map(len, documents))} names", sep="\n")
        return 0
    rows = [f"{ending}\t{' '.join(sorted(classes))}\t{number}\n" for ending, classes, number in table.list_rows(counts)]
    TABLE.write_text(_HEAD + "".join(rows), encoding="utf-8")
    print(f"{TABLE.name}: {len(rows)} endings of {len(documents)} documents")
    return 0


def _read_names(path: Path) -> frozenset[tuple[str, str]]:
    """Return the names of a document with their classes."""
    entities = json.loads(path.read_text(encoding="utf-8")).get("entities", [])
    required = [entity for entity in entities if not entity.get("optional")]
    return frozenset(
        ("".join(name.split()).rstrip("”’）)"), entity["type"])
        for entity in required
        for name in (entity["label"], *entity.get("aliases", []))
    )


def _list_endings(names: Names, words: set[str]) -> Iterator[tuple[str, str]]:
    for name, kind in names:
        for length in range(1, min(_LONGEST, len(name)) + 1):
            ending = name[-length:]
            if re.fullmatch("[\u4e00-\u9fff]+", ending) and (length == 1 or ending in words):
                yield ending, kind


def _count(found: Sequence[Names]) -> dict[str, Counter[str]]:
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for names in found:
        for ending, kind in names:
            counts[ending][kind] += 1
    return counts


@dataclass(frozen=True, slots=True)
class _Table:
    """Which endings are sure, and of which classes."""

    heads: Mapping[str, tuple[str, str]]
    """Class and use of the heads of ``heads.tsv``."""

    def find_classes(self, ending: str, counts: Mapping[str, int]) -> frozenset[str]:
        """Return the classes of names with *ending*; none if it is not sure."""
        documents = sum(counts.values())
        kind, use = self.heads.get(ending, ("", ""))
        is_receiver = kind in _RECEIVERS and use == "name"
        least = LEAST_OF_ONE if len(ending) == 1 else FEW if kind else LEAST
        if documents < least and not is_receiver:
            return frozenset()
        seldom = (SELDOM if len(ending) > 1 else SELDOM_OF_ONE) * documents
        classes = {name for name, number in counts.items() if number > seldom} | ({kind} if is_receiver else set())
        close = _RECEIVERS if documents < FEW else {"TargetGroup"}
        return frozenset(classes | close if classes & _RECEIVERS else classes)

    def list_rows(self, counts: Mapping[str, Counter[str]]) -> Iterator[tuple[str, frozenset[str], int]]:
        """Yield the endings that are sure, without those of which a shorter one says the same."""
        listed: dict[str, frozenset[str]] = {}
        for ending in sorted({*counts, *self.heads}, key=lambda word: (len(word), word)):
            seen = counts.get(ending, Counter())
            classes = self.find_classes(ending, seen)
            shorter = next((ending[i:] for i in range(1, len(ending)) if ending[i:] in listed), "")
            if classes and (not shorter or listed[shorter] != classes):
                listed[ending] = classes
                yield ending, classes, sum(seen.values())

    def list_lost(self, names: Names, own: Names, counts: Mapping[str, Counter[str]]) -> Iterator[str]:
        """Yield the names of a document with a class that all others rule out."""
        for name, kind in names:
            for length in range(min(_LONGEST, len(name)), 0, -1):
                ending = name[-length:]
                seen = {k: n - ((ending, k) in own) for k, n in counts.get(ending, {}).items()}
                if classes := self.find_classes(ending, seen):
                    if kind not in classes:
                        yield f"{kind} {name}"
                    break


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
