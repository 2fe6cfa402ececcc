"""The graph of links: made anew from the graphs of the sources, the same whatever was built in which order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad

from kg import version
from kg.join import doubles
from kg.join.answering import Answering
from kg.join.issuers import issuers
from kg.join.letters import Letters
from kg.join.match import match
from kg.join.settings import confidence, settings
from kg.join.states import State, states
from kg.join.summary import Joined, summary
from kg.join.values import Link, Matches
from kg.rdf import iri
from kg.store.records import records
from kg.store.store import Store
from ontology.lexicons import lexicon
from ontology.terms import DCTERMS, NIF, PK, PROV, RDF, XSD

if TYPE_CHECKING:
    from ontology.lexicons import Lexicon


def join(store: Store, *, lexicon_dir: str = "", changed: bool = True) -> Joined:
    """Find out which letters of *store* belong together, and write it into its graph of links.

    Args:
        store: an open store that can be written to.
        lexicon_dir: the user's lexicon folder that the store was built with.
        changed: whether any source has changed; if not, nothing is done unless other files could not be read, the
            graph was made by other rules, or a build was killed before it came to this.

    Returns:
        What was found.
    """
    lex = lexicon(lexicon_dir)
    lost = unread_files(store)
    digest = iri.digest(version.links_digest(), repr(settings()), lex.digest, *lost, size=64)
    if changed or links_digest(store) != digest:
        store.replace(store.links_graph, quads(store, lost, lex), links_record(store, digest))
    return summary(store)


def quads(store: Store, lost: Iterable[str], lex: Lexicon) -> list[Quad]:
    """The graph of links of *store*.

    Args:
        store: an open store.
        lost: ids of files that could not be read.
        lex: the lexicon that the store was built with.
    """
    letters = Letters(store)
    matches = match(letters)
    twice = doubles.replies(letters, matches)
    same = {**matches.same, **{x.subject: x.object for x in twice}}
    parts = doubles.pieces(letters, same.items())
    moved = {x.subject: x.object for x in parts}
    about = _about(letters, matches)
    links = [*matches.links, *twice, *parts, *issuers(letters, matches, about)]
    links += _answers(letters, matches, about, same, moved, lex)
    answered = {
        root for reply, roots in about.items() for root in roots
        if letters.all[reply].kind == "LeadReply" and letters.all[reply].text
    }  # fmt: skip
    told = states(letters, matches, answered, lost)
    return list(_Graph(store, letters).build(links, told))


def _about(letters: Letters, matches: Matches) -> dict[str, list[str]]:
    """By reply: the proposals that it is about, by what stands for them."""
    found: dict[str, set[str]] = defaultdict(set)
    for reply in letters.replies:
        found[reply.iri] |= {matches.root(a) for s in reply.sightings for a in s.answers}
    for link in matches.links:
        if link.predicate == "repliesTo":
            found[link.subject].add(link.object)
    return {reply: sorted(roots) for reply, roots in sorted(found.items())}


def _answers(
    letters: Letters,
    matches: Matches,
    about: dict[str, list[str]],
    same: dict[str, str],
    moved: dict[str, str],
    lex: Lexicon,
) -> Iterator[Link]:
    nodes: dict[str, list[str]] = defaultdict(list)
    for other, root in matches.same.items():
        nodes[root].append(other)
    finder = Answering(letters, lex)
    for iri_, roots in about.items():
        reply = letters.all[iri_]
        if iri_ in same or not reply.text:
            continue
        proposals = [[letters.all[x] for x in (r, *nodes[r]) if x in letters.all] for r in roots]
        for link in finder.between(reply, proposals):
            yield Link(
                moved.get(link.subject, link.subject), link.predicate, moved.get(link.object, link.object),
                link.how, link.confidence, link.quotes,
            )  # fmt: skip


class _Graph:
    """Collects the quads, each once."""

    def __init__(self, store: Store, letters: Letters) -> None:
        self.context = NamedNode(store.links_graph)
        self.letters = letters
        self.quads: dict[Quad, None] = {}

    def build(self, links: Iterable[Link], told: Iterable[State]) -> Iterator[Quad]:
        best: dict[tuple[str, str, str], Link] = {}
        for link in sorted(links):
            key = (link.subject, link.predicate, link.object)
            if key not in best or link.confidence > best[key].confidence:
                best[key] = link
        for link in best.values():
            self._link(link)
            if link.predicate == "sameAs":
                self._restate(link)
        for state in told:
            self._state(state)
        return iter(self.quads)

    def _link(self, link: Link) -> None:
        self._add(link.subject, PK + link.predicate, NamedNode(link.object))
        self._evidence(link)

    def _restate(self, link: Link) -> None:
        """What identifies a letter, on the node that stands for it, where its own sources do not say it."""
        if link.subject not in self.letters.all:
            return
        main, other = self.letters.all[link.object], self.letters.all[link.subject]
        for prop, own, more in (
            (PK + "proposalNumber", [s.numbers for s in main.sightings], [s.numbers for s in other.sightings]),
            (PK + "session", [s.sessions for s in main.sightings], [s.sessions for s in other.sightings]),
            (DCTERMS + "title", [s.titles for s in main.sightings], [s.titles for s in other.sightings]),
        ):
            if not any(own):
                for value in sorted({v for values in more for v in values}):
                    self._add(link.object, prop, Literal(value))

    def _state(self, state: State) -> None:
        self._add(state.proposal, PK + "replyState", NamedNode(PK + state.state.value))
        for source in state.files:
            self._add(state.proposal, PK + "unreadFile", Literal(source))
        if state.quote is not None:
            said = Link(state.proposal, "replyState", PK + state.state.value, "join.not-published",
                        confidence("state"), (state.quote,))  # fmt: skip
            self._evidence(said)

    def _evidence(self, link: Link) -> None:
        predicate = PK + link.predicate
        node = f"{self.context.value}#e-{iri.digest(link.subject, predicate, link.object, size=12)}"
        self._add(node, RDF + "type", NamedNode(PK + "Evidence"))
        self._add(node, RDF + "subject", NamedNode(link.subject))
        self._add(node, RDF + "predicate", NamedNode(predicate))
        self._add(node, RDF + "object", NamedNode(link.object))
        sure = Literal(f"{link.confidence:.3g}", datatype=NamedNode(XSD + "decimal"))
        self._add(node, PK + "confidence", sure)
        self._add(node, PK + "extractor", Literal(link.how))
        for quote in dict.fromkeys(link.quotes):
            self._add(node, PROV + "wasQuotedFrom", NamedNode(quote.iri))
            self._span(quote.iri, quote.graph, quote.begin, quote.end)

    def _span(self, node: str, graph: str, begin: int, end: int) -> None:
        """The quoted words, whole here too: a source may not quote them itself, and may go."""
        number = NamedNode(XSD + "integer")
        self._add(node, RDF + "type", NamedNode(NIF + "Phrase"))
        self._add(node, NIF + "beginIndex", Literal(str(begin), datatype=number))
        self._add(node, NIF + "endIndex", Literal(str(end), datatype=number))
        self._add(node, NIF + "anchorOf", Literal(self.letters.text(graph)[begin:end]))
        self._add(node, NIF + "referenceContext", NamedNode(graph))

    def _add(self, subject: str, predicate: str, obj: NamedNode | Literal) -> None:
        self.quads[Quad(NamedNode(subject), NamedNode(predicate), obj, self.context)] = None


_DIGEST = NamedNode(DCTERMS + "identifier")


def links_digest(store: Store) -> str:
    """The digest that was :func:`links_record`; empty if there is no graph of links, or it does not count any more."""
    found = (getattr(q.object, "value", "") for q in store.recorded(store.links_graph) if q.predicate == _DIGEST)
    return min(found, default="")


def links_record(store: Store, digest: str) -> list[Quad]:
    """The record of a graph of links that is made of what has *digest*."""
    node = NamedNode(store.record_iri(store.links_graph))
    return [Quad(node, _DIGEST, Literal(digest), NamedNode(store.builds_graph))]


def invalidate_links(store: Store) -> None:
    """Before a source is changed: the graph of links does not count until it is made anew.

    Whoever is killed in between, leaves it to the next build.
    """
    store.record(store.links_graph, ())


def unread_files(store: Store) -> tuple[str, ...]:
    """Ids of the files that could not be read, and are in the store by no earlier reading."""
    stored = store.sources()
    return tuple(r.source for r in records(store).values() if r.failure is not None and r.source not in stored)
