"""Shared by the extraction tests: read a text and look things up by name."""

from __future__ import annotations

from extract.model import Entity, Extraction, Kind, Source
from extract.pipeline import extract


def read(text: str, name: str = "test.txt") -> Extraction:
    return extract(Source(name, text))


def labels(x: Extraction, kind: Kind) -> set[str]:
    return {e.label for e in x.entities if e.kind is kind}


def the(x: Extraction, name: str) -> Entity:
    found = x.find_entity(name)
    assert found is not None, f"{name} not among {[e.label for e in x.entities]}"
    return found


def edges(x: Extraction, predicate: str) -> set[tuple[str, str]]:
    """(subject label, object label) of the relations between entities."""
    names = {e.id: e.label for e in x.entities}
    return {
        (names[r.subject], names[r.object])
        for r in x.relations
        if r.predicate == predicate and r.subject in names and r.object in names
    }


def reply(body: str, *, issuer: str = "霁川市科学技术局", to: str = "市工业和信息化局") -> str:
    """A co-handling opinion of an invented city with *body* as its text."""
    return (
        f"{to}：\n　　《关于促进企业创新的提案》（第20240001号）收悉。经研究，提出会办意见如下：\n"
        f"　　{body}\n　　特此回复。\n\n　　　　　　{issuer}\n　　　　　　2024年5月9日\n"
    )
