"""What the graph of links says, counted and listed for people."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode

from kg.store.store import Store
from ontology.terms import DCTERMS, PK, RDFS


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """A proposal that a reply or list names, and that several others may be: none was joined."""

    name: str
    candidates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """What joining the letters of a store found."""

    states: Mapping[str, int] = field(default_factory=dict)
    """Proposals by local name of their state (``ReplyFound`` …)."""
    replies: int = 0
    """Replies tied to a proposal in another file under another name than their own source has for it."""
    answers: int = 0
    """Measures and commitments that answer, or may answer, a suggestion in another file."""
    doubles: int = 0
    """Letters that are there twice."""
    ambiguous: tuple[Ambiguous, ...] = ()
    unreadable: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Proposals whose reply could not be read, each with the ids of the files."""


def summary(store: Store) -> Joined:
    """What the graph of links of *store* says."""
    states: Counter[str] = Counter()
    replies, answers, doubles = set(), 0, 0
    maybe: dict[str, list[str]] = defaultdict(list)
    files: dict[str, list[str]] = defaultdict(list)
    texts = {q.subject for q in store.oxigraph.quads_for_pattern(None, NamedNode(DCTERMS + "source"), None, None)}
    for q in store.quads(store.links_graph):
        predicate = q.predicate.value.removeprefix(PK)
        subject, obj = getattr(q.subject, "value", ""), getattr(q.object, "value", "")
        if predicate == "replyState":
            states[obj.removeprefix(PK)] += 1
        elif predicate == "repliesTo":
            replies.add(subject)
        elif predicate in ("respondsTo", "mayRespondTo"):
            answers += 1
        elif predicate == "sameAs" and q.subject in texts and q.object in texts:
            doubles += 1
        elif predicate == "mayBeSameAs":
            maybe[subject].append(obj)
        elif predicate == "unreadFile":
            files[subject].append(obj)
    return Joined(
        dict(sorted(states.items())), len(replies), answers, doubles,
        tuple(Ambiguous(_label(store, x), tuple(sorted(_label(store, y) for y in maybe[x]))) for x in sorted(maybe)),
        tuple((_label(store, x), tuple(sorted(files[x]))) for x in sorted(files)),
    )  # fmt: skip


def _label(store: Store, iri: str) -> str:
    """A proposal's number and title, as far as they are known."""

    def said(prop: str) -> str:
        found = store.oxigraph.quads_for_pattern(NamedNode(iri), NamedNode(prop), None, None)
        values = [q.object.value for q in found if isinstance(q.object, Literal)]
        return max(values, key=lambda s: (len(s), s), default="")

    return " ".join(filter(None, (said(PK + "proposalNumber"), said(DCTERMS + "title")))) or said(RDFS + "label") or iri
