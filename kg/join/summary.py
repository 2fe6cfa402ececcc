"""A summary of the graph of links for people: counts and lists."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from pyoxigraph import Literal

from kg.store.store import Store
from ontology.terms import DCTERMS, PK, RDFS


@dataclass(frozen=True, slots=True)
class AmbiguousProposal:
    """A proposal that a reply or list names, and that may be any of several others. It was joined with none."""

    name: str
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JoinSummary:
    """What joining found in a store."""

    states: Mapping[str, int] = field(default_factory=dict)
    """Number of proposals by local name of their state (``ReplyFound`` …)."""
    replies: int = 0
    """Replies that were linked with a node of a proposal that their own source does not name."""
    answers: int = 0
    """Statements that a measure or commitment answers, or may answer, a suggestion in another file."""
    doubles: int = 0
    """Letters with text that are the same as another one."""
    ambiguous: tuple[AmbiguousProposal, ...] = ()
    unreadable: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Proposals whose reply could not be read, each with the ids of the files."""


def summarize_links(store: Store) -> JoinSummary:
    """Return the summary of the graph of links of *store*."""
    states: Counter[str] = Counter()
    replies, answers, doubles = set(), 0, 0
    candidates: dict[str, list[str]] = defaultdict(list)
    files: dict[str, list[str]] = defaultdict(list)
    with_text = {quad.subject for quad in store.find_statements(None, DCTERMS + "source")}
    for quad in store.read_quads(store.links_graph):
        predicate = quad.predicate.value.removeprefix(PK)
        subject, obj = getattr(quad.subject, "value", ""), getattr(quad.object, "value", "")
        if predicate == "replyState":
            states[obj.removeprefix(PK)] += 1
        elif predicate == "repliesTo":
            replies.add(subject)
        elif predicate in ("respondsTo", "mayRespondTo"):
            answers += 1
        elif predicate == "sameAs" and quad.subject in with_text and quad.object in with_text:
            doubles += 1
        elif predicate == "mayBeSameAs":
            candidates[subject].append(obj)
        elif predicate == "unreadFile":
            files[subject].append(obj)
    ambiguous = tuple(
        AmbiguousProposal(_make_label(store, iri), tuple(sorted(_make_label(store, x) for x in candidates[iri])))
        for iri in sorted(candidates)
    )
    unreadable = tuple((_make_label(store, iri), tuple(sorted(files[iri]))) for iri in sorted(files))
    return JoinSummary(dict(sorted(states.items())), len(replies), answers, doubles, ambiguous, unreadable)


def _make_label(store: Store, iri: str) -> str:
    """Return number and title of a proposal, as far as they are known."""

    def find_longest(prop: str) -> str:
        found = store.find_statements(iri, prop)
        values = [quad.object.value for quad in found if isinstance(quad.object, Literal)]
        return max(values, key=lambda value: (len(value), value), default="")

    named = " ".join(filter(None, (find_longest(PK + "proposalNumber"), find_longest(DCTERMS + "title"))))
    return named or find_longest(RDFS + "label") or iri
