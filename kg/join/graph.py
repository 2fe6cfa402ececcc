"""The graph of links. It is made anew from the graphs of the sources, and does not depend on the order of builds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Quad

from kg import version
from kg.join.agencies import find_full_names
from kg.join.answering import AnswerFinder
from kg.join.doubles import find_double_pieces, find_double_replies, find_told_suggestions
from kg.join.instruments import find_same_instruments
from kg.join.kept import KeptResults
from kg.join.letters import StoredLetters
from kg.join.match import match_letters
from kg.join.model import JoinLink, Matches, QuotedSpan
from kg.join.replies.merged import link_merged_replies
from kg.join.replies.opinions import find_hidden_letters, link_hidden_opinions
from kg.join.replies.states import ProposalState, find_reply_states
from kg.join.settings import get_confidence, load_settings
from kg.join.summary import JoinSummary, summarize_links
from kg.rdf.identifiers import make_context_iri
from kg.rdf.iri import hash_values
from kg.store.folder import KEPT
from kg.store.records import SourceRecord, read_records
from kg.store.store import Store
from ontology.lexicons import load_lexicon
from ontology.terms import DCTERMS, NIF, PK, PROV, RDF, XSD

if TYPE_CHECKING:
    from ontology.lexicons import Lexicon

_DIGEST = NamedNode(DCTERMS + "identifier")


def join_letters(store: Store, *, lexicon_dir: str = "", changed: bool = True) -> JoinSummary:
    """Find the letters of *store* that belong together, write the graph of links, and return its summary.

    Args:
        store: an open store that can be written to.
        lexicon_dir: the user's lexicon folder that the store was built with.
        changed: whether any source has changed. If not, the graph is made only if it is out of date: other files could
            not be read, the rules have changed, or a build was killed before it made the graph.
    """
    lex = load_lexicon(lexicon_dir)
    records = read_records(store)
    unread = find_unread_files(store, records)
    rules = hash_values(version.compute_links_digest(), repr(load_settings()), lex.digest, size=64)
    digest = hash_values(rules, *unread, size=64)
    if changed or read_links_digest(store) != digest:
        kept = _open_kept_results(store, rules, records)
        quads = build_link_quads(store, unread, lex, kept)
        kept.close()
        store.replace_graph(store.links_graph, quads, make_links_record(store, digest))
    return summarize_links(store)


def _open_kept_results(store: Store, rules: str, records: Mapping[str, SourceRecord]) -> KeptResults:
    """Return the results of earlier builds; a store behind a server has none."""
    if store.remote is not None:
        return KeptResults()
    versions = {
        make_context_iri(x.source, store.base): " ".join((x.read, x.build, x.sha256, x.key)) for x in records.values()
    }
    return KeptResults(store.path / KEPT, rules, versions)


def build_link_quads(store: Store, unread: Iterable[str], lex: Lexicon, kept: KeptResults | None = None) -> list[Quad]:
    """Return the quads of the graph of links of *store*.

    Args:
        store: an open store.
        unread: ids of files that could not be read.
        lex: the lexicon that the store was built with.
        kept: results of earlier builds.
    """
    letters = StoredLetters(store, kept)
    matches = match_letters(letters)
    double_replies = find_double_replies(letters, matches)
    same_letters = {**matches.same, **{link.subject: link.object for link in double_replies}}
    double_pieces = (*find_double_pieces(letters, same_letters.items()), *find_told_suggestions(letters, matches))
    about = _group_by_reply(letters, matches)
    same_pieces = {link.subject: link.object for link in double_pieces}
    full_names = list(find_full_names(letters, matches, about))
    hidden = find_hidden_letters(letters, matches, about)
    answered = {root for reply, roots in about.items() for root in roots if _is_lead_reply_with_text(letters, reply)}
    notices = {(letter.proposal, letter.leads, letter.quote) for letter in hidden if letter.came}
    states = find_reply_states(letters, matches, answered, unread, sorted(notices))
    merged, states = link_merged_replies(states, letters, matches, about)
    for link in merged:
        about[link.subject] = sorted({*about[link.subject], link.object})
    answers = _find_answers(letters, matches, {r: p for r, p in about.items() if r not in same_letters}, lex)
    links = [
        *matches.links,
        *merged,
        *double_replies,
        *double_pieces,
        *full_names,
        *find_same_instruments(letters),
        *link_hidden_opinions(hidden, full_names, letters, matches),
        *(_use_main_pieces(link, same_pieces) for link in answers),
    ]
    return list(_LinkGraph(store, letters).build_quads(links, states))


def read_links_digest(store: Store) -> str:
    """Return the digest in the record of the graph of links; empty if there is no graph, or it is invalid."""
    found = (
        getattr(quad.object, "value", "") for quad in store.read_record(store.links_graph) if quad.predicate == _DIGEST
    )
    return min(found, default="")


def make_links_record(store: Store, digest: str) -> list[Quad]:
    """Return the record of a graph of links whose inputs have *digest*."""
    node = NamedNode(store.make_record_iri(store.links_graph))
    return [Quad(node, _DIGEST, Literal(digest), NamedNode(store.builds_graph))]


def invalidate_links(store: Store) -> None:
    """Mark the graph of links as out of date, before a source is changed.

    If the process is killed before it makes the graph anew, the next build does.
    """
    store.replace_record(store.links_graph, ())


def find_unread_files(store: Store, records: Mapping[str, SourceRecord]) -> tuple[str, ...]:
    """Return the ids of the files that could not be read and that the store does not have from an earlier build."""
    failed = [record.source for record in records.values() if record.failure is not None]
    stored = store.list_sources() if failed else {}
    return tuple(source for source in failed if source not in stored)


def _group_by_reply(letters: StoredLetters, matches: Matches) -> dict[str, list[str]]:
    """Return by reply the roots of the proposals that it is about."""
    found: dict[str, set[str]] = defaultdict(set)
    for reply in letters.replies:
        found[reply.iri] |= {matches.get_root(iri) for sighting in reply.sightings for iri in sighting.answers}
    for link in matches.links:
        if link.predicate == "repliesTo":
            found[link.subject].add(link.object)
    return {reply: sorted(roots) for reply, roots in sorted(found.items())}


def _find_answers(
    letters: StoredLetters, matches: Matches, about: Mapping[str, list[str]], lex: Lexicon
) -> Iterator[JoinLink]:
    others: dict[str, list[str]] = defaultdict(list)
    for iri, root in matches.same.items():
        others[root].append(iri)
    finder = AnswerFinder(letters, lex)
    for iri, roots in about.items():
        reply = letters.nodes[iri]
        if reply.has_text:
            proposals = [[letters.nodes[x] for x in (root, *others[root]) if x in letters.nodes] for root in roots]
            names = [[(node.iri, [s.graph for s in node.sightings]) for node in nodes] for nodes in proposals]
            graphs = [s.graph for nodes in ([reply], *proposals) for node in nodes for s in node.sightings]
            find = partial(finder.find_answers, reply, proposals)
            yield from letters.find_links(f"answers {iri}", graphs, find, names)


def _use_main_pieces(link: JoinLink, same_pieces: Mapping[str, str]) -> JoinLink:
    """Return *link* with the pieces that represent its own."""
    subject, obj = same_pieces.get(link.subject, link.subject), same_pieces.get(link.object, link.object)
    return replace(link, subject=subject, object=obj)


def _is_lead_reply_with_text(letters: StoredLetters, reply: str) -> bool:
    node = letters.nodes[reply]
    return node.kind == "LeadReply" and node.has_text


class _LinkGraph:
    """Collects the quads of the graph of links, each once."""

    def __init__(self, store: Store, letters: StoredLetters) -> None:
        self._graph = NamedNode(store.links_graph)
        self._letters = letters
        self._quads: dict[Quad, None] = {}

    def build_quads(self, links: Iterable[JoinLink], states: Iterable[ProposalState]) -> Iterator[Quad]:
        """Return the quads of *links* and *states*. Of equal statements the one with the best confidence is kept."""
        best: dict[tuple[str, str, str], JoinLink] = {}
        for link in sorted(links):
            key = (link.subject, link.predicate, link.object)
            if key not in best or link.confidence > best[key].confidence:
                best[key] = link
        for link in best.values():
            self._add_link(link)
            if link.predicate == "sameAs":
                self._copy_keys(link)
        for state in states:
            self._add_state(state)
        return iter(self._quads)

    def _add_link(self, link: JoinLink) -> None:
        self._add_quad(link.subject, PK + link.predicate, NamedNode(link.object))
        self._add_evidence(link)

    def _copy_keys(self, link: JoinLink) -> None:
        """Copy number, session and title of a letter to the node that represents it, if its own sources lack them."""
        if link.subject not in self._letters.nodes:
            return
        main, other = self._letters.nodes[link.object], self._letters.nodes[link.subject]
        for prop, own, more in (
            (PK + "proposalNumber", [s.numbers for s in main.sightings], [s.numbers for s in other.sightings]),
            (PK + "session", [s.sessions for s in main.sightings], [s.sessions for s in other.sightings]),
            (DCTERMS + "title", [s.titles for s in main.sightings], [s.titles for s in other.sightings]),
        ):
            if not any(own):
                for value in sorted({value for values in more for value in values}):
                    self._add_quad(link.object, prop, Literal(value))

    def _add_state(self, state: ProposalState) -> None:
        self._add_quad(state.proposal, PK + "replyState", NamedNode(PK + state.state.value))
        for source in state.files:
            self._add_quad(state.proposal, PK + "unreadFile", Literal(source))
        if state.quote is not None:
            statement = JoinLink(state.proposal, "replyState", PK + state.state.value, "join.not-published",
                                 get_confidence("state"), (state.quote,))  # fmt: skip
            self._add_evidence(statement)

    def _add_evidence(self, link: JoinLink) -> None:
        predicate = PK + link.predicate
        node = f"{self._graph.value}#e-{hash_values(link.subject, predicate, link.object, size=12)}"
        self._add_quad(node, RDF + "type", NamedNode(PK + "Evidence"))
        self._add_quad(node, RDF + "subject", NamedNode(link.subject))
        self._add_quad(node, RDF + "predicate", NamedNode(predicate))
        self._add_quad(node, RDF + "object", NamedNode(link.object))
        confidence = Literal(f"{link.confidence:.3g}", datatype=NamedNode(XSD + "decimal"))
        self._add_quad(node, PK + "confidence", confidence)
        self._add_quad(node, PK + "extractor", Literal(link.rule))
        for quote in dict.fromkeys(link.quotes):
            self._add_quad(node, PROV + "wasQuotedFrom", NamedNode(quote.iri))
            self._add_span(quote)

    def _add_span(self, quote: QuotedSpan) -> None:
        """Add the whole span: the source may not quote these words itself, and may be removed."""
        integer = NamedNode(XSD + "integer")
        self._add_quad(quote.iri, RDF + "type", NamedNode(NIF + "Phrase"))
        self._add_quad(quote.iri, NIF + "beginIndex", Literal(str(quote.begin), datatype=integer))
        self._add_quad(quote.iri, NIF + "endIndex", Literal(str(quote.end), datatype=integer))
        self._add_quad(quote.iri, NIF + "anchorOf", Literal(self._letters.get_words(quote)))
        self._add_quad(quote.iri, NIF + "referenceContext", NamedNode(quote.graph))

    def _add_quad(self, subject: str, predicate: str, obj: NamedNode | Literal) -> None:
        self._quads[Quad(NamedNode(subject), NamedNode(predicate), obj, self._graph)] = None
