"""Overlapping candidates: of two readings of one name the likelier one stays."""

from __future__ import annotations

from extract.linking.link import LinkedMentions
from extract.mentions.words import PageWords, read_words
from extract.model import Entity, EntityId, Kind, LetterId, Sentence, Span
from extract.relations.retention.rivals import choose_readings
from extract.text.segment import segmenter
from ontology.lexicons import load_lexicon

TEXT = "扩大青禾平台推广。升级青禾平台。培育国家级、省级示范茶园。"


def read_page() -> PageWords:
    whole = Span(0, len(TEXT))
    return read_words(TEXT, [Sentence(whole, LetterId("d1"), None, (whole,))], segmenter(load_lexicon()))


def link(*names: tuple[str, Kind, list[str]]) -> LinkedMentions:
    """Return the names of the text: label, class, and the words of each place, which stand there first or alone."""
    entities, mentions = [], []
    for n, (label, kind, places) in enumerate(names):
        spans = []
        for place in places:
            words, _, at = place.partition("@")
            begin = TEXT.index(words, int(at or 0))
            spans.append(Span(begin, begin + len(words)))
        ident = EntityId(f"e{n}")
        entities.append(Entity(ident, kind, label, (), tuple(spans), "", (), 0.7, "tagger.scheme"))
        mentions += [(span, ident) for span in spans]
    return LinkedMentions(tuple(entities), tuple(sorted(mentions)), ())


def choose(linked: LinkedMentions, *scores: float) -> dict[str, int]:
    """Return the labels that stay, with the number of their places."""
    chosen = choose_readings(linked, {e.id: s for e, s in zip(linked.entities, scores, strict=True)}, read_page())
    places = [ident for _, ident in chosen.mentions]
    assert all(len(e.spans) == places.count(e.id) for e in chosen.entities)
    return {e.label: len(e.spans) for e in chosen.entities}


SHORT = ("青禾平台", Kind.PLATFORM, ["青禾平台", "青禾平台@8"])
LONG = ("青禾平台推广", Kind.PROGRAM, ["青禾平台推广"])


def test_the_likelier_reading_takes_the_place() -> None:
    assert choose(link(SHORT, LONG), 0.9, 0.6) == {"青禾平台": 2}


def test_a_name_keeps_the_places_that_nothing_likelier_takes() -> None:
    assert choose(link(SHORT, LONG), 0.6, 0.9) == {"青禾平台": 1, "青禾平台推广": 1}


def test_a_name_that_stands_alone_elsewhere_leaves_its_place_to_a_longer_likely_name() -> None:
    assert choose(link(SHORT, ("升级青禾平台", Kind.PROGRAM, ["升级青禾平台"])), 0.95, 0.8) == {
        "青禾平台": 1,
        "升级青禾平台": 1,
    }


def test_a_name_that_stands_nowhere_else_keeps_its_place() -> None:
    short = ("青禾平台", Kind.PLATFORM, ["青禾平台"])
    assert choose(link(short, LONG), 0.95, 0.8) == {"青禾平台": 1}


def test_names_of_two_families_stay_both() -> None:
    inner = ("青禾平台", Kind.GROUP, ["青禾平台"])
    assert choose(link(inner, LONG), 0.6, 0.9) == {"青禾平台": 1, "青禾平台推广": 1}


def test_names_that_share_words_stay_both() -> None:
    shared = ("国家级示范茶园", Kind.TIER, ["国家级、省级示范茶园"])
    whole = ("省级示范茶园", Kind.TIER, ["省级示范茶园"])
    assert choose(link(shared, whole), 0.9, 0.6) == {"国家级示范茶园": 1, "省级示范茶园": 1}


def test_a_name_without_a_score_is_no_rival() -> None:
    linked = link(SHORT, LONG)
    chosen = choose_readings(linked, {linked.entities[1].id: 0.9}, read_page())
    assert [e.label for e in chosen.entities] == ["青禾平台", "青禾平台推广"]


def test_a_name_hides_the_place_that_it_contains() -> None:
    place = ("青禾", Kind.PLACE, ["青禾", "青禾@8"])
    linked = link(place, LONG)
    chosen = choose_readings(linked, {linked.entities[1].id: 0.9}, read_page())
    assert {e.label: len(e.spans) for e in chosen.entities} == {"青禾": 1, "青禾平台推广": 1}


def test_a_certain_name_hides_the_scheme_that_it_contains() -> None:
    linked = link(("青禾平台推广", Kind.INSTRUMENT, ["青禾平台推广"]), ("青禾平台", Kind.PLATFORM, ["青禾平台"]))
    chosen = choose_readings(linked, {linked.entities[1].id: 0.9}, read_page())
    assert [e.label for e in chosen.entities] == ["青禾平台推广"]
