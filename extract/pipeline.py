"""All steps in order, as a spaCy pipeline of our own components."""

from __future__ import annotations

from extract.geography import survey
from extract.link import link
from extract.mentions import agencies, bodies, groups, instruments, places, programs, tiers
from extract.model import Extraction, Outline, Sentence, Source, Span
from extract.page import Page
from ontology.lexicons import lexicon


def extract(source: Source, lexicon_dir: str = "") -> Extraction:
    lex = lexicon(lexicon_dir)
    try:
        from extract.outline import outline as make
        from extract.split import split
        letters = split(source.text, lex)
        plan = make(source.text, letters, lex)
    except ImportError:
        plan = Outline((), (), ())
    geo = survey(source.text, plan.letters, lex)
    page = Page(source.text, plan, lex)
    found = []
    for finder in (agencies, instruments, bodies, tiers, programs, groups, places):
        found += finder.find(page, geo)
    linked = link(page, geo, found)
    return Extraction(source, plan, linked.entities, linked.relations, ())
