"""Doubts: what a person should check in a store, as rows of tables. What was decided before is left out."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace

from pyoxigraph import Literal, NamedNode

from extract.corrections.figures import format_figure_number
from extract.corrections.model import EVERYWHERE, Decision, DecisionTopic, DecisionVerdict, flatten_text
from extract.text.normalize import name_key
from kg.graph.facts import FigureFacts, Passage
from kg.graph.sentences import sentence_around
from kg.graph.view import View
from kg.graph.wording import format_figure
from kg.review.decisions import filter_open_gaps
from kg.review.doubt import Doubt, MarkedSentence, MissingPlace, make_subject, mark_passage
from kg.review.gaps import Gap, find_gaps_in_store
from kg.review.names import NamedThing, find_odd_aliases, find_similar_names
from kg.review.revisions import describe_revisions
from kg.review.wording import format_name, get_text, load_settings
from kg.store.store import Store
from ontology.labels import name_class, name_fact, name_property
from ontology.terms import DCTERMS, FIGURE_CLASSES, PK, RDF, RDFS, SKOS


def find_doubts(
    store: Store, decisions: Iterable[Decision] = (), *, lexicon_dir: str = "", lang: str = "zh"
) -> tuple[Doubt, ...]:
    """Return all doubts about *store*, by sheet, in a fixed order.

    Args:
        store: an open store.
        decisions: the earlier decisions of people; what they are about is left out.
        lexicon_dir: the user's lexicon folder that the store was built with.
        lang: language of the terms in the cells.
    """
    decided = tuple(decisions)
    finder = _DoubtFinder(store, lang)
    settled = {replace(decision, slot="").key for decision in decided}
    # a name that a person gave to a thing is no odd alias
    settled |= {
        replace(decision, subject=decision.value, object=decision.subject, slot="").key
        for decision in decided
        if decision.verdict is DecisionVerdict.MERGE
    }
    doubts = [
        doubt
        for doubt in (
            *finder.find_statements(), *finder.find_names(), *finder.find_aliases(), *finder.find_conflicts(),
            *describe_revisions(finder.view, lang),
        )
        if doubt.about.key not in settled and replace(doubt.about, source=EVERYWHERE).key not in settled
    ]  # fmt: skip
    # a group of conflicting values with only one value left is no conflict
    group_sizes = Counter(doubt.cells.get("group", "") for doubt in doubts)
    doubts = [doubt for doubt in doubts if doubt.sheet != "conflicts" or group_sizes[doubt.cells["group"]] > 1]
    doubts += finder.describe_gaps(filter_open_gaps(find_gaps_in_store(store, lexicon_dir=lexicon_dir), decided))
    by_id: dict[str, Doubt] = {}
    for doubt in doubts:
        by_id.setdefault(doubt.id, doubt)
    return tuple(by_id.values())


class _DoubtFinder:
    def __init__(self, store: Store, lang: str) -> None:
        self._store, self._lang, self.view = store, lang, View(store)
        self._view = self.view
        self._rules = load_settings()["doubt"]
        self._sources = {graph: source for source, graph in store.list_sources().items()}
        """Ids of sources by graph."""

    def find_statements(self) -> Iterator[Doubt]:
        """Yield the statements with a low confidence."""
        view = self._view
        for evidence in view.find_by_class("Evidence"):
            values = view.properties(evidence)
            confidence = float(next(iter(values.get(PK + "confidence", ())), "1"))
            if confidence >= self._rules["confidence"]:
                continue
            subject, prop, obj = (values[RDF + end][0] for end in ("subject", "predicate", "object"))
            if view.kind(subject) in FIGURE_CLASSES:
                continue  # a decision is about a figure as a whole
            predicate = prop.replace("/", "#").rpartition("#")[2]
            for passage in view.passages(evidence):
                about = make_subject(
                    DecisionTopic.STATEMENT, passage.source, kind=view.kind(subject), subject=view.label(subject),
                    predicate=predicate, object_kind=view.kind(obj), object=view.label(obj), quote=passage.text,
                )  # fmt: skip
                cells = {
                    "source": passage.source, "confidence": f"{confidence:.2f}", "subject": self._name_thing(subject),
                    "predicate": format_name(predicate, name_property(predicate, self._lang)),
                    "object": self._name_thing(obj), "words": flatten_text(passage.text),
                }  # fmt: skip
                yield Doubt("statements", about, cells, {"sentence": mark_passage(passage)})

    def find_names(self) -> Iterator[Doubt]:
        """Yield the pairs of things that may be one under two names."""
        for pair in find_similar_names(self._list_named_things()):
            first, second = pair.first, pair.second
            missing_place = self._find_missing_place(first.iri, second.iri)
            if name_key(first.label) == name_key(second.label) and not missing_place.place:
                continue  # the names are equal: no decision about them could merge or separate the things
            about = make_subject(
                DecisionTopic.NAMES, EVERYWHERE, kind=first.kind, subject=first.label, object_kind=second.kind,
                object=second.label,
            )  # fmt: skip
            cells = {
                "kind": self._name_class(first.kind), "subject": first.label, "object": second.label,
                "why": get_text("why", pair.reason, self._lang, x=pair.shared),
            }  # fmt: skip
            shown = {"sentence": self._find_first(first.iri), "other_sentence": self._find_first(second.iri)}
            passages = {column: mark_passage(passage) for column, passage in shown.items() if passage is not None}
            yield Doubt("names", about, cells, passages, missing_place)

    def find_aliases(self) -> Iterator[Doubt]:
        """Yield the aliases that are no shorter form of the label."""
        for thing in self._list_named_things():
            odd = find_odd_aliases(thing) if thing.kind in self._rules["compared"] else ()
            for source, names in self._list_names_by_source(thing.iri):
                for alias in odd:
                    if alias in names:
                        yield self._describe_alias(thing, source, alias)

    def find_conflicts(self) -> Iterator[Doubt]:
        """Yield the facts and figures that contradict each other; they share the number of their group."""
        group = 0
        for iri in self._view.find_by_class("PolicyInstrument"):
            for name in self._rules["single"]:
                stated = [
                    (self._sources.get(graph, ""), value)
                    for graph, value in self._list_values_by_graph(iri, _make_property_iri(name))
                ]
                if _have_contradiction({value for _, value in stated}):
                    group += 1
                    yield from (self._describe_fact(group, iri, name, source, value) for source, value in stated)
        for figures in self._group_figures():
            group += 1
            for figure in figures:
                yield from self._describe_figure(group, figure)

    def describe_gaps(self, gaps: Iterable[Gap]) -> Iterator[Doubt]:
        """Yield a doubt for each gap."""
        for gap in gaps:
            about = make_subject(DecisionTopic.GAP, gap.source, predicate=gap.cue.value, quote=gap.sentence)
            cells = {
                "source": gap.source, "letter": name_class(gap.letter, self._lang),
                "why": get_text("cues", gap.cue.value, self._lang),
                "words": "、".join(gap.words),
            }  # fmt: skip
            sentence = MarkedSentence(*gap.sentence.partition(flatten_text(gap.words[0])))
            yield Doubt("gaps", about, cells, {"sentence": sentence})

    # names

    def _describe_alias(self, thing: NamedThing, source: str, alias: str) -> Doubt:
        about = make_subject(DecisionTopic.ENTITY, source, kind=thing.kind, subject=thing.label, object=alias)
        cells = {
            "source": source, "kind": self._name_class(thing.kind), "subject": thing.label, "object": alias,
            "words": alias,
        }  # fmt: skip
        sentence = self._find_sentence(source, alias)
        return Doubt("aliases", about, cells, {"sentence": sentence} if sentence else {})

    def _name_class(self, kind: str) -> str:
        return format_name(kind, name_class(kind, self._lang))

    def _name_thing(self, iri: str) -> str:
        return f"{name_class(self._view.kind(iri), self._lang)}：{self._view.label(iri)}"

    def _list_named_things(self) -> list[NamedThing]:
        found = []
        for iri in self._view.find_by_class(*self._rules["named"]):
            places = [self._view.label(place) for place in self._view.properties(iri).get(PK + "jurisdiction", ())]
            place = places[0] if places else self._find_place_in_iri(iri)
            aliases = tuple(self._view.aliases(iri))
            found.append(NamedThing(iri, self._view.kind(iri), self._view.label(iri), aliases, name_key(place)))
        return found

    def _find_missing_place(self, iri: str, other: str) -> MissingPlace:
        place, other_place = self._find_place_in_iri(iri), self._find_place_in_iri(other)
        if bool(place) == bool(other_place):
            return MissingPlace()
        without_place = other if place else iri
        sources = tuple(source for source, _ in self._list_names_by_source(without_place))
        return MissingPlace(place or other_place, sources)

    def _find_place_in_iri(self, iri: str) -> str:
        """Return the place in an IRI: it is there if the name alone does not identify the thing."""
        segments = iri.removeprefix(self._store.base).split("/")
        return segments[1] if len(segments) > 2 else ""

    def _list_names_by_source(self, iri: str) -> list[tuple[str, set[str]]]:
        found: dict[str, set[str]] = defaultdict(set)
        for prop in (RDFS + "label", SKOS + "altLabel"):
            for graph, value in self._list_values_by_graph(iri, prop):
                found[self._sources.get(graph, "")].add(value)
        return sorted(found.items())

    def _list_values_by_graph(self, iri: str, prop: str) -> list[tuple[str, str]]:
        quads = self._store.oxigraph.quads_for_pattern(NamedNode(iri), NamedNode(prop), None, None)
        return sorted(
            (quad.graph_name.value, quad.object.value)
            for quad in quads
            if isinstance(quad.graph_name, NamedNode) and isinstance(quad.object, NamedNode | Literal)
        )

    # sentences

    def _find_first(self, iri: str, source: str = "") -> Passage | None:
        """Return the first passage of *iri*, in *source* if it is given."""
        return next((p for p in self._view.passages(iri) if not source or p.source == source), None)

    def _find_sentence(self, source: str, words: str) -> MarkedSentence | None:
        """Return the first sentence of a source that contains *words*."""
        graph = self._store.list_sources().get(source, "")
        text = self._view.source(graph)[1]
        begin = text.find(words)
        if begin < 0:
            return None
        end = begin + len(words)
        left, right = sentence_around(text, begin, end)
        return MarkedSentence(text[left:begin], words, text[end:right])

    # conflicts

    def _describe_fact(self, group: int, iri: str, name: str, source: str, value: str) -> Doubt:
        kind, label = self._view.kind(iri), self._view.label(iri)
        about = make_subject(DecisionTopic.FACT, source, kind=kind, subject=label, predicate=name, object=value)
        cells = {
            "group": str(group), "source": source, "subject": self._name_thing(iri),
            "predicate": format_name(name, name_fact(name, self._lang)), "object": value,
        }  # fmt: skip
        passage = self._find_first(iri, source)
        sentence = self._find_sentence(source, value) or (mark_passage(passage) if passage else None)
        return Doubt("conflicts", about, cells, {"sentence": sentence} if sentence else {})

    def _describe_figure(self, group: int, figure: FigureFacts) -> Iterator[Doubt]:
        slots = dict(reversed(figure.slots))
        number = format_figure_number(figure.value, figure.unit)
        for passage in figure.passages:
            about = make_subject(
                DecisionTopic.FIGURE, passage.source, kind=figure.kind, subject=number, quote=passage.text
            )
            cells = {
                "group": str(group), "source": passage.source, "subject": self._name_thing(slots["about"]),
                "predicate": f"{figure.metric}（{figure.period or figure.deadline}）",
                "object": format_figure(figure, self._lang), "words": flatten_text(passage.text),
            }  # fmt: skip
            yield Doubt("conflicts", about, cells, {"sentence": mark_passage(passage)})

    def _group_figures(self) -> list[list[FigureFacts]]:
        """Return the groups of figures that have the same subject, measure and time, but two values."""
        groups: dict[tuple[str, ...], list[FigureFacts]] = defaultdict(list)
        for figure in self._view.all_figures():
            slots = dict(reversed(figure.slots))
            time = figure.period or figure.deadline
            if figure.kind in self._rules["figures"] and "about" in slots and figure.metric and time:
                key = (
                    figure.kind, slots["about"], slots.get("place", ""), name_key(figure.metric), figure.unit, time,
                    figure.bound, figure.per,
                )  # fmt: skip
                groups[key].append(figure)
        # two values in one sentence are a change, not a conflict: 由45个工作日压缩至10个工作日
        return [
            figures
            for _, figures in sorted(groups.items())
            if len({figure.value for figure in figures}) > 1 and len(_collect_sentences(figures)) > 1
        ]


def _collect_sentences(figures: Iterable[FigureFacts]) -> set[tuple[str, str]]:
    return {(p.source, p.before + p.text + p.after) for figure in figures for p in figure.passages}


def _make_property_iri(name: str) -> str:
    return DCTERMS + name if name == "issued" else PK + name


def _have_contradiction(values: set[str]) -> bool:
    """Return whether two of *values* exclude each other. 2022 and 2022-03 do not."""
    return any(not (a.startswith(b) or b.startswith(a)) and name_key(a) != name_key(b) for a in values for b in values)
