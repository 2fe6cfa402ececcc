"""Annotated documents, read up to the mentions of the rules."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache

from extract.linking.link import LinkedMentions
from extract.mentions.context import MentionContext
from extract.mentions.geography import Geography
from extract.model import Entity, Mention
from extract.pipeline import pipeline
from extract.tagging.tagger import NameTags
from extract.text.normalize import name_key
from extract.text.signs import fold_signs
from kg.evaluate.gold import find_gold_files, find_source, read_gold
from kg.evaluate.model import Gold
from kg.read import read_source
from ontology.lexicons import Lexicon

PARTS = 4
"""Parts that the documents are divided into."""


@dataclass(slots=True)
class Document:
    """An annotated document, and what the models say of it that were fitted on other documents."""

    name: str
    gold: Gold
    context: MentionContext
    geography: Geography
    mentions: list[Mention]
    part: int
    weight: int = 1
    """How often its relations count in their fit: more if its readers follow the guide closely."""
    tags: NameTags | None = None
    linked: LinkedMentions | None = None
    """The entities with all candidates."""
    kept: LinkedMentions | None = None
    """The entities that the decision keeps."""
    rows: list[tuple[Entity, Mapping[str, float]]] = field(default_factory=list)
    """The candidates with the features of the decision."""


def read_documents(arguments: Iterable[str]) -> list[Document]:
    """Read all annotated documents; a document that is annotated twice counts once.

    Args:
        arguments: folders of annotated files, each with the folder of its sources behind ``=`` if it is another one,
            and with the weight of its relations behind ``*`` if it is not 1.
    """
    documents: dict[str, Document] = {}
    nlp = pipeline()
    for argument in arguments:
        argument, _, weight = argument.partition("*")
        folder, _, sources = argument.partition("=")
        for path in find_gold_files([folder]):
            gold = read_gold(path)
            source = find_source(gold, sources or None)
            if source.stem in documents:
                continue
            doc = nlp.make_doc(fold_signs(read_source(source).text))
            for name, component in nlp.pipeline:
                if name == "pk_tagger":
                    break
                doc = component(doc)
            part = int(hashlib.sha256(source.stem.encode()).hexdigest(), 16) % PARTS
            documents[source.stem] = Document(
                source.stem, gold, doc._.context, doc._.geography, doc._.mentions, part, int(weight or 1)
            )
    return list(documents.values())


def names_place(value: str, lex: Lexicon) -> bool:
    """Whether a feature holds the name of a division: no weight may stand for a place."""
    wide, counties = _list_divisions(lex)
    return any(word in counties for word in value.split()) or any(name in value for name in wide)


@cache
def _list_divisions(lex: Lexicon) -> tuple[frozenset[str], frozenset[str]]:
    """Return the names of divisions above counties, and those of counties."""
    rows = [row for row in lex.read_table("divisions") if row[2] != "National"]
    wide = {name for row in rows if row[2] != "County" for name in row[:2] if len(name) > 1}
    return frozenset(wide), frozenset(name for row in rows if row[2] == "County" for name in row[:2] if name)


def list_keys(names: Iterable[str]) -> set[str]:
    """Return the keys by which names are compared."""
    return {name_key(name) for name in names}
