"""What in a store a person should look at, as rows of tables; what was decided before is not asked again."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from pyoxigraph import Literal, NamedNode

from extract.corrections.figures import printed
from extract.corrections.model import EVERYWHERE, Decision, Verdict, What, flat
from kg.graph.view import FigureFacts, Passage, View, sentence_around
from kg.graph.wording import format_figure
from kg.rdf.iri import fold
from kg.review.decided import open_gaps
from kg.review.gaps import Gap, gaps_of
from kg.review.names import Named, near, odd_aliases
from kg.review.words import say, settings, with_words
from kg.store.store import Store
from ontology.labels import name_class, name_fact, name_property
from ontology.terms import DCTERMS, PK, RDF, RDFS, SKOS


@dataclass(frozen=True, slots=True)
class Row:
    """Something doubtful."""

    sheet: str
    about: Decision
    """What a decision about it would be about; its verdict does not matter."""
    cells: Mapping[str, str]
    """What to show, by column."""
    passages: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)
    """Columns that show a sentence: what stands before the quoted words, these, and what follows."""
    unplaced: tuple[str, tuple[str, ...]] = ("", ())
    """Of two names, if one thing is told apart by its place and the other not: the place, and sources of the other."""

    @property
    def id(self) -> str:
        """The same as long as it is about the same."""
        return hashlib.sha256("\0".join((self.sheet, *self.about.key)).encode()).hexdigest()[:10]


def doubts(
    store: Store, decisions: Iterable[Decision] = (), *, lexicon_dir: str = "", lang: str = "zh"
) -> tuple[Row, ...]:
    """Rows for all that is doubtful in *store*, by sheet, in a fixed order.

    Args:
        store: an open store.
        decisions: what people decided already: it is left out.
        lexicon_dir: the user's lexicon folder that the store was built with.
        lang: language of the terms in the cells.
    """
    decided = tuple(decisions)
    found = _Finder(store, lang)
    settled = {replace(d, slot="").key for d in decided}
    # a name that a person gave a thing is no odd one
    settled |= {
        replace(d, subject=d.value, object=d.subject, slot="").key for d in decided if d.verdict is Verdict.MERGE
    }
    rows = [
        r for r in (*found.statements(), *found.names(), *found.aliases(), *found.conflicts())
        if r.about.key not in settled and replace(r.about, source=EVERYWHERE).key not in settled
    ]  # fmt: skip
    # one value left of two is no conflict any more
    groups: dict[str, int] = defaultdict(int)
    for r in rows:
        groups[r.cells.get("group", "")] += 1
    rows = [r for r in rows if r.sheet != "conflicts" or groups[r.cells["group"]] > 1]
    rows += found.gaps(open_gaps(gaps_of(store, lexicon_dir=lexicon_dir), decided))
    seen: set[str] = set()
    return tuple(r for r in rows if not (r.id in seen or seen.add(r.id)))  # type: ignore[func-returns-value]


def _about(what: What, source: str, **more: str) -> Decision:
    blank = dict.fromkeys(("kind", "subject", "predicate", "object_kind", "object", "quote", "slot"), "")
    return Decision(source=source, what=what, verdict=Verdict.ACCEPT, **blank | {n: flat(v) for n, v in more.items()})


class _Finder:
    def __init__(self, store: Store, lang: str) -> None:
        self.store, self.lang, self.view = store, lang, View(store)
        self.rules = settings()["doubt"]
        self.source_of = {graph: source for source, graph in store.sources().items()}

    # words

    def _kind(self, name: str) -> str:
        return with_words(name, name_class(name, self.lang))

    def _thing(self, iri: str) -> str:
        return f"{name_class(self.view.kind(iri), self.lang)}：{self.view.label(iri)}"

    @staticmethod
    def _passage(p: Passage) -> tuple[str, str, str]:
        return p.before, p.text, p.after

    def _first(self, iri: str, source: str = "") -> Passage | None:
        found = self.view.passages(iri)
        return next((p for p in found if not source or p.source == source), None)

    # sheets

    def statements(self) -> Iterator[Row]:
        view = self.view
        for evidence in view.of_kind("Evidence"):
            props = view.props(evidence)
            confidence = float(next(iter(props.get(PK + "confidence", ())), "1"))
            if confidence >= self.rules["confidence"]:
                continue
            subject, prop, obj = (props[RDF + x][0] for x in ("subject", "predicate", "object"))
            predicate = prop.replace("/", "#").rpartition("#")[2]
            for p in view.passages(evidence):
                about = _about(
                    What.STATEMENT, p.source, kind=view.kind(subject), subject=view.label(subject), predicate=predicate,
                    object_kind=view.kind(obj), object=view.label(obj), quote=p.text,
                )  # fmt: skip
                cells = {
                    "source": p.source, "confidence": f"{confidence:.2f}", "subject": self._thing(subject),
                    "predicate": with_words(predicate, name_property(predicate, self.lang)),
                    "object": self._thing(obj), "words": flat(p.text),
                }  # fmt: skip
                yield Row("statements", about, cells, {"sentence": self._passage(p)})

    def _named(self) -> list[Named]:
        found = []
        for iri in self.view.of_kind(*self.rules["named"]):
            places = [self.view.label(p) for p in self.view.props(iri).get(PK + "jurisdiction", ())]
            place = places[0] if places else self._segment(iri)
            aliases = tuple(self.view.aliases(iri))
            found.append(Named(iri, self.view.kind(iri), self.view.label(iri), aliases, fold(place)))
        return found

    def names(self) -> Iterator[Row]:
        for pair in near(self._named()):
            a, b = pair.first, pair.second
            unplaced = self._unplaced(a.iri, b.iri)
            if fold(a.label) == fold(b.label) and not unplaced[0]:
                continue  # no name that a person could give tells them apart or makes them one
            about = _about(What.NAMES, EVERYWHERE, kind=a.kind, subject=a.label, object_kind=b.kind, object=b.label)
            cells = {
                "kind": self._kind(a.kind), "subject": a.label, "object": b.label,
                "why": say("why", pair.why, self.lang, x=pair.what),
            }  # fmt: skip
            shown = {"sentence": self._first(a.iri), "other_sentence": self._first(b.iri)}
            passages = {c: self._passage(p) for c, p in shown.items() if p is not None}
            yield Row("names", about, cells, passages, unplaced)

    def _unplaced(self, a: str, b: str) -> tuple[str, tuple[str, ...]]:
        one, other = self._segment(a), self._segment(b)
        if bool(one) == bool(other):
            return "", ()
        without = b if one else a
        return one or other, tuple(source for source, _ in self._names_by_source(without))

    def _segment(self, iri: str) -> str:
        """The place in the IRI of a thing whose name alone does not tell it from others."""
        segments = iri.removeprefix(self.store.base).split("/")
        return segments[1] if len(segments) > 2 else ""

    def aliases(self) -> Iterator[Row]:
        for thing in self._named():
            odd = odd_aliases(thing) if thing.kind in self.rules["compared"] else ()
            for source, names in self._names_by_source(thing.iri):
                for alias in (a for a in odd if a in names):
                    about = _about(What.ENTITY, source, kind=thing.kind, subject=thing.label, object=alias)
                    cells = {"source": source, "kind": self._kind(thing.kind), "subject": thing.label, "object": alias,
                             "words": alias}  # fmt: skip
                    sentence = self._sentence_with(source, alias)
                    yield Row("aliases", about, cells, {"sentence": sentence} if sentence else {})

    def _names_by_source(self, iri: str) -> list[tuple[str, set[str]]]:
        found: dict[str, set[str]] = defaultdict(set)
        for prop in (RDFS + "label", SKOS + "altLabel"):
            for graph, value in self._by_graph(iri, prop):
                found[self.source_of.get(graph, "")].add(value)
        return sorted(found.items())

    def _by_graph(self, iri: str, prop: str) -> list[tuple[str, str]]:
        quads = self.store.oxigraph.quads_for_pattern(NamedNode(iri), NamedNode(prop), None, None)
        return sorted(
            (q.graph_name.value, q.object.value)
            for q in quads
            if isinstance(q.graph_name, NamedNode) and isinstance(q.object, NamedNode | Literal)
        )

    def _sentence_with(self, source: str, said: str) -> tuple[str, str, str] | None:
        graph = self.store.sources().get(source, "")
        text = self.view.source(graph)[1]
        at = text.find(said)
        if at < 0:
            return None
        left, right = sentence_around(text, at, at + len(said))
        return text[left:at], said, text[at + len(said) : right]

    def conflicts(self) -> Iterator[Row]:
        number = 0
        for iri in self.view.of_kind("PolicyInstrument"):
            for name in self.rules["single"]:
                stated = [(self.source_of.get(g, ""), v) for g, v in self._by_graph(iri, _property(name))]
                if _contradict({v for _, v in stated}):
                    number += 1
                    yield from (self._fact(number, iri, name, source, value) for source, value in stated)
        for same in self._same_figures():
            number += 1
            for f in same:
                yield from self._figure(number, f)

    def _fact(self, number: int, iri: str, name: str, source: str, value: str) -> Row:
        kind, label = self.view.kind(iri), self.view.label(iri)
        about = _about(What.FACT, source, kind=kind, subject=label, predicate=name, object=value)
        cells = {"group": str(number), "source": source, "subject": self._thing(iri),
                 "predicate": with_words(name, name_fact(name, self.lang)), "object": value}  # fmt: skip
        found = self._first(iri, source)
        sentence = self._sentence_with(source, value) or (self._passage(found) if found else None)
        return Row("conflicts", about, cells, {"sentence": sentence} if sentence else {})

    def _same_figures(self) -> list[list[FigureFacts]]:
        """Figures that say two values of one thing, one measure and one time."""
        groups: dict[tuple[str, ...], list[FigureFacts]] = defaultdict(list)
        for f in self.view.all_figures():
            slots = dict(reversed(f.slots))
            when = f.period or f.deadline
            if f.kind in self.rules["figures"] and "about" in slots and f.metric and when:
                measure = (f.kind, slots["about"], slots.get("place", ""), fold(f.metric), f.unit, when, f.bound, f.per)
                groups[measure].append(f)
        # two values in one sentence are a change: 由45个工作日压缩至10个工作日
        return [g for _, g in sorted(groups.items()) if len({f.value for f in g}) > 1 and len(_sentences(g)) > 1]

    def _figure(self, number: int, f: FigureFacts) -> Iterator[Row]:
        slots = dict(reversed(f.slots))
        for p in f.passages:
            about = _about(What.FIGURE, p.source, kind=f.kind, subject=printed(f.value, f.unit), quote=p.text)
            cells = {
                "group": str(number), "source": p.source, "subject": self._thing(slots["about"]),
                "predicate": f"{f.metric}（{f.period or f.deadline}）", "object": format_figure(f, self.lang),
                "words": flat(p.text),
            }  # fmt: skip
            yield Row("conflicts", about, cells, {"sentence": self._passage(p)})

    def gaps(self, found: Iterable[Gap]) -> Iterator[Row]:
        for g in found:
            about = _about(What.GAP, g.source, predicate=g.cue.value, quote=g.sentence)
            cells = {"source": g.source, "letter": g.letter, "why": say("cues", g.cue.value, self.lang),
                     "words": "、".join(g.words)}  # fmt: skip
            yield Row("gaps", about, cells, {"sentence": _marked(g.sentence, g.words[0])})


def _sentences(figures: Iterable[FigureFacts]) -> set[tuple[str, str]]:
    return {(p.source, p.before + p.text + p.after) for f in figures for p in f.passages}


def _marked(sentence: str, said: str) -> tuple[str, str, str]:
    before, said, after = sentence.partition(flat(said))
    return before, said, after


def _property(name: str) -> str:
    return DCTERMS + name if name == "issued" else PK + name


def _contradict(values: set[str]) -> bool:
    """Whether two of *values* cannot both be: 2022 and 2022-03 can."""
    return any(not (a.startswith(b) or b.startswith(a)) and fold(a) != fold(b) for a in values for b in values)
