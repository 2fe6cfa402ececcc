"""When is something in a graph what an annotation says? One function a layer, each gives judgements and nothing else.

The rules are the ones that the annotation guide states: names match by label or any alias, quotes, brackets, width and
white space aside; a part matches by how its text begins; a figure by number, unit and place; where gold lists several
readings, any is right; what gold calls optional counts neither for nor against.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from kg.evaluate.gold import DOCUMENT_FACTS, DOCUMENT_LINKS, ENTITY_FACTS
from kg.evaluate.model import Evidence, Gold, GoldDocument, GoldEntity, GoldFigure, Judge, Judgement
from kg.evaluate.reading import (
    DOCUMENT_TYPES,
    EDGES,
    ENTITY_TYPES,
    FIGURE_TYPES,
    PART_TYPES,
    Place,
    Reading,
    fold,
    property_iri,
)
from ontology.terms import NIF, PROV, RDF, RDFS

# which side of these lines a name falls on is a matter of reading
_ALIKE = (
    {"Agency", "Organization"}, {"Program", "Platform"}, {"EnterpriseTier", "TargetGroup"},
    {"PolicyInstrument", "Report"},
)  # fmt: skip
_PART_HEAD = 12
"""Folded characters of a part's beginning that are compared …"""
_PART_LEAST = 6
"""… at least, where the graph has fewer …"""
_PART_SHIFT = 8
"""… and may come after that many, when a number or a label stands before."""
_ANSWER_HEAD, _ANSWER_SHIFT = 10, 40
"""The same for answers, which may name a part by words a little further on."""
_TOLERANCE = 1e-6
"""Relative difference of numbers that are the same."""


class Names:
    """What gold calls its things: every label leads to all forms that are right for it."""

    def __init__(self, entities: Iterable[GoldEntity]) -> None:
        self.accepted = {id(e): {fold(n) for n in (e.label, *e.aliases)} for e in entities}
        self.by_name: defaultdict[str, list[GoldEntity]] = defaultdict(list)
        for e in entities:
            for n in self.accepted[id(e)]:
                self.by_name[n].append(e)

    def forms(self, labels: Iterable[str]) -> set[str]:
        """Folded names that are right where gold says any of *labels*."""
        found = {fold(label) for label in labels}
        return found.union(*(self.accepted[id(e)] for n in found for e in self.by_name.get(n, ())))


def judge(gold: Gold, graph: Reading) -> tuple[Judgement, ...]:
    """Judgements of all layers, in their order."""
    to = Judge()
    names = Names(gold.entities)
    matched = documents(gold, graph, names, to)
    parts(gold, graph, to)
    answers(gold, graph, to)
    found = entities(gold, graph, names, to)
    attributes(gold, graph, found, to)
    edges(gold, graph, names, set(matched), to)
    figures(gold, graph, names, to)
    return tuple(to.made)


def documents(gold: Gold, graph: Reading, names: Names, to: Judge) -> list[str]:
    """Each annotated document against the one that fits it best: its type, and each annotated value.

    Returns:
        The documents of the graph that were matched.
    """
    taken: list[str] = []
    for doc in gold.documents:
        kinds = [t for t in DOCUMENT_TYPES if (t == "Proposal") == (doc.type == "Proposal")]
        candidates = {n: _fits(doc, n, graph, names) for n in graph.of(*kinds) if n not in taken}
        best = max(candidates, key=candidates.__getitem__, default=None)
        if best is not None and not candidates[best] and len(candidates) > 1:
            best = None
        if best is not None:
            taken.append(best)
        _document(doc, best, graph, names, to)
    for node in graph.of(*DOCUMENT_TYPES):
        # a letter with text of its own that gold does not know; a proposal that is only referred to has no parts
        if node not in taken and graph.subjects("partOf", node):
            kind = next(t for t in DOCUMENT_TYPES if t in graph.kinds(node))
            to.wrong("documents", "type", f"document {graph.label(node)} ({kind})", node=node)
    return taken


def _fits(doc: GoldDocument, node: str, graph: Reading, names: Names) -> int:
    if doc.type == "Proposal":
        number, title = doc.facts.get("proposalNumber"), doc.facts.get("title")
        return 2 * (number in graph.objects(node, "proposalNumber")) + (
            title is not None and fold(title) in graph.called(node)
        )
    issuers = {n for o in graph.objects(node, "issuedBy") for n in graph.called(o)}
    agreed = any(names.forms((a,)) & issuers for a in doc.links.get("issuedBy", ()))
    return 2 * agreed + (doc.facts.get("issued") in graph.objects(node, "issued"))


def _document(doc: GoldDocument, node: str | None, graph: Reading, names: Names, to: Judge) -> None:
    """One row for the type, and one for each value of a property that is annotated; compared as sets."""
    wanted: dict[tuple[str, str], tuple[str, ...]] = {("type", doc.type): ()}
    got: dict[tuple[str, str], tuple[str, str, str] | None] = {}
    if node is not None:
        got |= {("type", t): None for t in DOCUMENT_TYPES if t in graph.kinds(node)}
    for key in DOCUMENT_FACTS:
        if key in doc.facts:
            wanted[key, fold(doc.facts[key])] = (doc.facts[key],)
            for value in graph.objects(node, key) if node is not None else ():
                got[key, fold(value)] = None
    for key in DOCUMENT_LINKS:
        if key not in doc.links:
            continue
        for label in doc.links[key]:
            also = sorted(a for e in names.by_name.get(fold(label), ()) for a in e.aliases)
            wanted[key, fold(label)] = (label, *also)
        for value in graph.objects(node, key) if node is not None else ():
            called = graph.called(value) or {fold(value)}
            hit = next((fold(w) for w in doc.links[key] if names.forms((w,)) & called), None)
            got[key, hit if hit is not None else fold(graph.label(value))] = (str(node), key, value)
    if doc.replies_to is not None:
        wanted |= {("repliesTo", fold(v)): (v,) for v in doc.replies_to}
        for value in graph.objects(node, "repliesTo") if node is not None else ():
            keys = {fold(o) for o in graph.objects(value, "proposalNumber")} | graph.called(value)
            hit = next((fold(v) for v in doc.replies_to if fold(v) in keys), fold(value))
            got["repliesTo", hit] = (str(node), "repliesTo", value)
    for (key, value), words in wanted.items():
        what = f"{doc.id} {key} {value}"
        if (key, value) in got:
            to.found("documents", key, what, node=str(node), statement=got[key, value], words=words)
        else:
            to.missed("documents", key, what, words=words)
    for (key, value), statement in got.items():
        if (key, value) not in wanted:
            to.wrong("documents", key, f"{doc.id} {key} {value}", node=str(node), statement=statement)


def _heads(node: str, graph: Reading) -> set[str]:
    return {fold(o) for p in ("text", RDFS + "label") for o in graph.objects(node, p)}


def parts(gold: Gold, graph: Reading, to: Judge) -> None:
    """The same class, and one text begins as the other does."""
    heads = {n: _heads(n, graph) for n in graph.of(*PART_TYPES)}
    free, touched = dict.fromkeys(heads), dict[str, None]()
    for part in gold.parts:
        wanted = [fold(b)[:_PART_HEAD] for b in part.begins]
        near = [n for n, texts in heads.items() if any(_begins(h, head) for head in wanted for h in texts)]
        touched |= dict.fromkeys(near)
        same = [n for n in near if part.type in graph.kinds(n) and n in free]
        what = f"{part.type} {part.number} {part.begins[0]}"
        if same:
            best = min(same, key=lambda n: min(map(len, heads[n])))
            del free[best]
            (to.open if part.optional else to.found)("parts", part.type, what, node=best, words=part.begins)
        elif not part.optional:
            to.missed("parts", part.type, what, words=part.begins)
    # a heading and its only paragraph are one part: either, or both, will do
    matched = set(touched) - set(free)
    for node in free:
        kind = sorted(graph.kinds(node) & set(PART_TYPES))[0]
        what = f"{kind} {graph.label(node)}"
        around = {*graph.objects(node, "partOf"), *graph.subjects("partOf", node)}
        (to.open if node in touched and around & matched else to.wrong)("parts", kind, what, node=node)


def _begins(text: str, head: str) -> bool:
    return (
        text.startswith(head)
        or (len(text) >= _PART_LEAST and head.startswith(text))
        or 0 <= text.find(head) <= _PART_SHIFT
    )


def answers(gold: Gold, graph: Reading, to: Judge) -> None:
    """A section, or any part under it, answers a suggestion, or any part under it."""
    links = graph.pairs("respondsTo")
    used: set[tuple[str, str]] = set()
    open_: set[tuple[str, str]] = set()

    def under(node: str, begins: str) -> bool:
        head = fold(begins)[:_ANSWER_HEAD]
        return any(head in h[:_ANSWER_SHIFT] for a in _upwards(node, graph) for h in _heads(a, graph))

    for answer in gold.answers or ():
        hits = [x for x in links if under(x[0], answer.part) and under(x[1], answer.suggestion)]
        what, words = f"{answer.part} -> {answer.suggestion}", (answer.part,)
        if answer.optional:
            open_ |= set(hits)
            continue
        used |= set(hits)
        if hits:
            s, o = hits[0]
            to.found("responds", "", what, node=s, statement=(s, "respondsTo", o), words=words)
        else:
            to.missed("responds", "", what, words=words)
        for s, o in hits[1:]:  # each further link that says the same is right, and counts once
            said = f"{graph.label(s)} -> {graph.label(o)}"
            to.open("responds", "", said, node=s, statement=(s, "respondsTo", o))
    for s, o in links:
        if (s, o) not in used:
            what = f"{graph.label(s)} -> {graph.label(o)}"
            neutral = gold.answers is None or (s, o) in open_
            (to.open if neutral else to.wrong)("responds", "", what, node=s, statement=(s, "respondsTo", o))


def _upwards(node: str, graph: Reading) -> list[str]:
    """*node*, and all that it is part of."""
    seen = [node]
    for at in seen:
        seen += [up for up in graph.objects(at, "partOf") if up not in seen]
    return seen


def entities(gold: Gold, graph: Reading, names: Names, to: Judge) -> Mapping[int, list[str]]:
    """One thing of the graph for each of gold's, of its class or one like it; a second one is one too many.

    Returns:
        The things of the graph, by ``id`` of what they are in gold.
    """
    back: defaultdict[int, list[str]] = defaultdict(list)
    for node in dict.fromkeys(graph.of(*ENTITY_TYPES)):
        mine = graph.kinds(node) & set(ENTITY_TYPES)
        hits = [e for n in sorted(graph.called(node)) for e in names.by_name.get(n, ()) if _alike(e.type) & mine]
        if not hits:
            kind = sorted(mine)[0]
            to.wrong("entities", kind, f"{kind} {graph.label(node)}", node=node)
            continue
        own = fold(graph.label(node))
        hit = next((e for e in hits if own in names.accepted[id(e)]), hits[0])
        back[id(hit)].append(node)
        if len(back[id(hit)]) > 1 and not hit.optional:
            to.wrong("entities", hit.type, f"{hit.type} {graph.label(node)} (again)", node=node)
        elif hit.optional:
            to.open("entities", hit.type, f"{hit.type} {graph.label(node)}", node=node)
    for e in gold.entities:
        if e.optional:
            continue
        words = (e.label, *e.aliases)
        if back.get(id(e)):
            to.found("entities", e.type, f"{e.type} {e.label}", node=back[id(e)][0], words=words)
        else:
            to.missed("entities", e.type, f"{e.type} {e.label}", words=words)
    return back


def _alike(kind: str) -> set[str]:
    return next((group for group in _ALIKE if kind in group), {kind})


def attributes(gold: Gold, graph: Reading, nodes: Mapping[int, Sequence[str]], to: Judge) -> None:
    """Numbers, dates, states and levels of the things that were found, compared as sets."""
    for e in gold.entities:
        found = nodes.get(id(e), ())
        for key in ENTITY_FACTS:
            values = {fold(o.rpartition("#")[2]): n for n in found for o in graph.objects(n, key)}
            wanted = fold(e.facts[key]) if key in e.facts else None
            if wanted is None and key not in ("documentNumber", "issued"):
                continue  # a level or a state that gold does not mention is no error
            what = f"{e.label} {key} "
            if wanted is not None and wanted in values:
                to.found("attributes", key, what + e.facts[key], node=values[wanted], words=(e.facts[key],))
            elif wanted is not None and not e.optional:
                to.missed("attributes", key, what + e.facts[key], words=(e.facts[key], e.label, *e.aliases))
            for value, node in values.items():
                if value != wanted:
                    to.wrong("attributes", key, what + value, node=node)


def edges(gold: Gold, graph: Reading, names: Names, letters: set[str], to: Judge) -> None:
    """The property, between things of the right names. What documents state is their own layer."""
    ends = [(names.forms(e.subjects), names.forms(e.objects)) for e in gold.edges]
    found: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    for name in EDGES:
        for s, o in graph.pairs(name):
            if s in letters or graph.kinds(s) & set(DOCUMENT_TYPES):
                continue
            sn, on = graph.called(s), graph.called(o)
            alike = (i for i, e in enumerate(gold.edges) if e.property == name and ends[i][0] & sn and ends[i][1] & on)
            match = next(alike, None)
            if match is None:
                to.wrong("edges", name, f"{graph.label(s)} {name} {graph.label(o)}", node=s, statement=(s, name, o))
            else:
                found[match].append((s, name, o))
    for i, e in enumerate(gold.edges):
        what = f"{e.subjects[0]} {e.property} {e.objects[0]}"
        words = (e.quote,) if e.quote else ()
        made = found.get(i, [])
        if made and not e.optional:
            to.found("edges", e.property, what, node=made[0][0], statement=made[0], words=words)
        elif not made and not e.optional:
            to.missed("edges", e.property, what, words=words)
        for statement in made if e.optional else made[1:]:
            to.open("edges", e.property, what, node=statement[0], statement=statement, words=words)


def figures(gold: Gold, graph: Reading, names: Names, to: Judge) -> None:
    """The same number and unit, quoted from the same place; then what it says of them."""
    spare = dict.fromkeys(graph.of(*FIGURE_TYPES))
    for f in gold.figures:
        here = _standing(f.quote, graph)
        points = {node: _same(f, node, here, graph, names) for node in spare}
        best = max(points, key=points.__getitem__, default=None)
        what = f"{f.type} {f.value:g} {f.unit}: {f.quote}"
        if best is None or not points[best]:
            if not f.optional:
                to.missed("figures", f.type, what, words=(f.quote,))
            continue
        del spare[best]
        (to.open if f.optional else to.found)("figures", f.type, what, node=best, words=(f.quote,))
        if not f.optional:
            _slots(f, best, graph, names, to)
    for node in spare:
        kind = sorted(graph.kinds(node) & set(FIGURE_TYPES))[0]
        value, unit, quote = (
            next(iter(v), "") for v in (graph.objects(node, "value"), graph.objects(node, "unit"), graph.quotes(node))
        )
        to.wrong("figures", kind, f"{kind} {value} {unit}: {quote}", node=node)


def _standing(quote: str, graph: Reading) -> list[Place]:
    return [Place(c, m.start(), m.end()) for c, t in graph.texts.items() for m in re.finditer(re.escape(quote), t)]


def _same(f: GoldFigure, node: str, here: Sequence[Place], graph: Reading, names: Names) -> int:
    """0 if *node* is another figure; more, the more of what it says is right."""
    values = [float(v) for v in graph.objects(node, "value")]
    if not any(abs(v - f.value) <= _TOLERANCE * max(1.0, abs(f.value)) for v in values):
        return 0
    units = {fold(u) for u in graph.objects(node, "unit")}
    if fold(f.unit) not in units and (f.unit or units):
        return 0
    if here:
        if not any(a.overlaps(b) for a in here for b in graph.places(node)):
            return 0
    elif not any(fold(f.quote) in q or q in fold(f.quote) for q in graph.quotes(node) if q):
        return 0
    return 1 + (f.type in graph.kinds(node)) + (f.about is not None and _about(f, node, graph, names))


def _about(f: GoldFigure, node: str, graph: Reading, names: Names) -> bool:
    wanted = names.forms(f.about or ())
    return any(wanted & graph.called(o) for o in graph.objects(node, "about"))


def _slots(f: GoldFigure, node: str, graph: Reading, names: Names, to: Judge) -> None:
    checks = [("type", f.type, f.type in graph.kinds(node))]
    if f.bound is not None:
        checks.append(("bound", f.bound, any(o.endswith(f.bound) for o in graph.objects(node, "bound"))))
    if f.about is not None:
        checks.append(("about", "|".join(f.about), _about(f, node, graph, names)))
    if f.period is not None:
        checks.append(("period", f.period, any(fold(o) == fold(f.period) for o in graph.objects(node, "period"))))
    for slot, want, right in checks:
        say = to.found if right else to.missed
        say("slots", slot, f"{slot} of {f.quote}: want {want}", words=(f.quote,))


def evidence(graph: Reading) -> Evidence:
    """Every span quotes its text; every statement and figure has one."""
    good, wrong, missing = 0, list[str](), list[str]()
    for span, anchor in graph.pairs(NIF + "anchorOf"):
        place = graph.place(span)
        if place is not None and graph.texts.get(place.context, "")[place.begin : place.end] == anchor:
            good += 1
        else:
            wrong.append(f"{span} does not quote its text")
    stated = {
        tuple(next(iter(graph.objects(e, RDF + p)), "") for p in ("subject", "predicate", "object"))
        for e in graph.of("Evidence")
        if graph.objects(e, PROV + "wasQuotedFrom")
    }
    for name in dict.fromkeys((*EDGES, *DOCUMENT_LINKS)):
        for s, o in graph.pairs(name):
            if (s, property_iri(name), o) not in stated:
                missing.append(f"no evidence: {graph.label(s)} {name} {graph.label(o)}")
    missing += [f"no evidence: figure {n}" for n in graph.of(*FIGURE_TYPES) if not graph.quotes(n)]
    return Evidence(good, tuple(wrong), tuple(missing))
