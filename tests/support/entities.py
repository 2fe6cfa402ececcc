"""Extractions of a few entities."""

from __future__ import annotations

from hypothesis import strategies as st

from extract.model import Entity, Extraction, Kind, Outline, Source, Span

names = st.text(min_size=1, max_size=30)


def things(label: str, jurisdiction: str = "", kind: Kind = Kind.PROGRAM) -> Extraction:
    """An extraction with one entity and nothing else."""
    return with_entities([(kind, label, jurisdiction)])


def with_entities(rows: list[tuple[Kind, str, str]]) -> Extraction:
    entities = tuple(
        Entity(f"e{i}", kind, label, (), (Span(0, 1),), place) for i, (kind, label, place) in enumerate(rows, 1)
    )
    return Extraction(Source("a.txt", "文字"), Outline((), (), ()), entities, (), ())
