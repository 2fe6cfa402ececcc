"""Two sides as changes: what only one says, and what one says otherwise."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from kg.compare import wording
from kg.compare.data import aside, fact, predicate, settings, value, word
from kg.compare.index import Figure, Index
from kg.compare.model import Change, Op, Said, Thing, What
from kg.compare.pairing import Figures, documents, parts
from kg.graph.view import NODE_CLASSES, Passage
from kg.rdf.iri import fold
from kg.store.serialize import rank_class
from ontology.labels import name_class
from ontology.terms import ENTITY_CLASSES, PART_CLASSES, PK


def changes(a: Index, b: Index, lang: str) -> tuple[Change, ...]:
    """All that is different, in the order of classes, names and properties."""
    found = list(_Comparison(a, b, lang).all())
    return tuple(sorted(found, key=_order))


def _order(c: Change) -> tuple[object, ...]:
    whats = ("thing", "fact", "statement", "part", "figure")
    return (rank_class(c.thing.kind), fold(c.thing.label), c.thing.iri, whats.index(c.what), c.label,
            c.property, c.op != "changed", c.words, c.op)  # fmt: skip


class _Comparison:
    def __init__(self, a: Index, b: Index, lang: str) -> None:
        self.a, self.b, self.lang = a, b, lang
        self.same = documents(a, b)
        self.same |= parts(a, b, self.same)
        self.other = {new: old for old, new in self.same.items()}

    def all(self) -> Iterator[Change]:
        yield from self._things()
        yield from self._parts()
        yield from self._facts()
        yield from self._statements()
        yield from self._figures()

    # the same thing on both sides has one name: that of the second

    def canon(self, iri: str, index: Index) -> str:
        return self.same.get(iri, iri) if index is self.a else iri

    def raw(self, iri: str, index: Index) -> str:
        """The name that *iri* has on a side."""
        return self.other.get(iri, iri) if index is self.a else iri

    def thing(self, iri: str, index: Index) -> Thing:
        """What a change is listed under: of both sides the second has the say."""
        home = self.canon(index.document(iri), index)
        old = self.raw(home, self.a)
        if kind := self.b.kind(home):
            return Thing(home, self.b.label(home), kind, None if self.a.kind(old) else "added")
        if kind := self.a.kind(old):
            return Thing(old, self.a.label(old), kind, "dropped")
        return Thing(home, index.label(home), "")  # a source: figures that stand in no document

    def make(
        self, op: Op, what: What, index: Index, subject: str, prop: str, label: str,
        before: Said | None, after: Said | None, things: Iterable[str] = (), said: str = "",
    ) -> Change:  # fmt: skip
        """A change; without words of its own it reads as what the sides say."""
        if not said:
            if before and after:
                said = wording.arrow(before.words, after.words, self.lang)
            else:
                said = "".join(x.words for x in (before, after) if x)
        listed = self.thing(subject, index)
        names = {subject, listed.iri, *things}
        # by either name: a user may ask for either
        names |= {self.same.get(n, n) for n in names} | {self.other.get(n, n) for n in names}
        return Change(op, what, listed, prop, label, said, before, after, frozenset(names))

    def one_sided(
        self, what: What, index: Index, subject: str, prop: str, label: str, said: Said, things: Iterable[str] = ()
    ) -> Change:
        if index is self.a:
            return self.make("dropped", what, index, subject, prop, label, said, None, things)
        return self.make("added", what, index, subject, prop, label, None, said, things)

    def sides(self) -> tuple[tuple[Index, Index], tuple[Index, Index]]:
        return (self.a, self.b), (self.b, self.a)

    # things

    def _things(self) -> Iterator[Change]:
        for index, opposite in self.sides():
            for iri in index.of(NODE_CLASSES - PART_CLASSES):
                if not opposite.kind(self.raw(self.canon(iri, index), opposite)):
                    said = Said(index.label(iri), iri, passages=index.passages(iri)[:1])
                    yield self.one_sided("thing", index, iri, index.kind(iri), "", said)

    def _parts(self) -> Iterator[Change]:
        lang = self.lang
        for one, other in sorted(self.same.items()):
            if self.a.kind(one) not in PART_CLASSES:
                continue
            texts = self.a.text(one), self.b.text(other)
            if fold(texts[0]) == fold(texts[1]) and self.a.kind(one) == self.b.kind(other):
                continue
            before, after = (
                Said(t, i, passages=x.passages(i)) for x, i, t in ((self.a, one, texts[0]), (self.b, other, texts[1]))
            )
            kinds = [name_class(k, lang) for k in (self.a.kind(one), self.b.kind(other))]
            label = kinds[1] if kinds[0] == kinds[1] else wording.arrow(kinds[0], kinds[1], lang)
            line = wording.texts(*texts, lang)
            yield self.make("changed", "part", self.b, other, self.b.kind(other), label, before, after, (one,), line)
        for index, known in ((self.a, self.same), (self.b, self.other)):
            for part in index.of(PART_CLASSES):
                if part not in known:
                    tied = {o for name in ("actor", "involves") for o in index.links[part].get(PK + name, ())}
                    text = " ".join((index.text(part) or index.label(part)).split())
                    said = Said(text, part, passages=index.passages(part))
                    kind = index.kind(part)
                    yield self.one_sided("part", index, part, kind, name_class(kind, lang), said, tied)

    # plain facts

    def _facts(self) -> Iterator[Change]:
        pairs = {self.canon(i, x): None for x in (self.a, self.b) for i in x.of(NODE_CLASSES)}
        for iri in sorted(pairs):
            old, new = self._literals(self.raw(iri, self.a), self.a), self._literals(iri, self.b)
            for name in sorted({*old, *new}):
                yield from self._values(iri, name, old.get(name, set()), new.get(name, set()))

    def _literals(self, iri: str, index: Index) -> dict[str, set[str]]:
        """What *index* says of a thing, by local name; individuals of the ontology are values, too."""
        kind = index.kind(iri)
        found: dict[str, set[str]] = {}
        for prop, values in index.literals.get(iri, {}).items():
            local = prop.replace("/", "#").rpartition("#")[2]
            if prop not in aside("literals") and local not in {"label", "altLabel"}:
                found[local] = values
        for prop, objects in index.links.get(iri, {}).items():
            values = {o for o in objects if o.startswith(PK)}
            if values and prop not in aside("links"):
                found[prop.replace("/", "#").rpartition("#")[2]] = values
        if kind and kind not in PART_CLASSES:
            if kind not in settings()["aside"]["labels_of"]:
                found["label"] = {index.label(iri)}
            found["altLabel"] = index.aliases(iri)
            found["class"] = {PK + kind}
        return found

    def _values(self, iri: str, name: str, old: set[str], new: set[str]) -> Iterator[Change]:
        gone, come = old - new, new - old
        present = [bool(i.kind(self.raw(iri, i))) for i in (self.a, self.b)]
        if not (gone or come) or (name in {"label", "class"} and not all(present)):
            return  # of a thing that is new or gone, name and class are said already
        label = fact(name, self.lang)
        if len(gone) == len(come) == 1 and len(old) == len(new) == 1:
            before, after = (self._said(iri, name, next(iter(x)), i) for x, i in ((gone, self.a), (come, self.b)))
            yield self.make("changed", "fact", self.b, iri, name, self._of(iri, label, self.b), before, after)
            return
        for values, index in ((gone, self.a), (come, self.b)):
            for one in sorted(values):
                raw = self.raw(iri, index)
                said = self._said(iri, name, one, index)
                yield self.one_sided("fact", index, raw, name, self._of(raw, label, index), said)

    def _said(self, iri: str, name: str, raw: str, index: Index) -> Said:
        if raw.startswith(PK):
            local = raw.removeprefix(PK)
            said = name_class(local, self.lang) if name == "class" else value(local, self.lang)
        else:
            said = raw
        return Said(said, raw, passages=self._saying(self.raw(iri, index), said, index))

    def _saying(self, iri: str, said: str, index: Index) -> tuple[Passage, ...]:
        """Quotes that have the very words; of entities else the first one, which the rest of its facts stand in."""
        passages = index.passages(iri)
        key = fold(said)
        saying = tuple(p for p in passages if key and key in fold(p.text))
        return saying or (passages[:1] if index.kind(iri) in ENTITY_CLASSES or len(passages) == 1 else ())

    # statements

    def _statements(self) -> Iterator[Change]:
        of_a, of_b = self._stated(self.a), self._stated(self.b)
        gone, come = set(of_a) - set(of_b), set(of_b) - set(of_a)
        kept: dict[tuple[str, str], int] = defaultdict(int)
        for s, p, _ in set(of_a) & set(of_b):
            kept[s, p] += 1
        replaced = settings()["one"]["links"]
        by_role: dict[tuple[str, str], tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
        for listed, at in ((gone, 0), (come, 1)):
            for s, p, o in sorted(listed):
                by_role[s, p][at].append(o)
        for (s, p), (old, new) in sorted(by_role.items()):
            local = p.replace("/", "#").rpartition("#")[2]
            if local in replaced and len(old) == len(new) == 1 and not kept[s, p]:
                before, after = (
                    self._object(x[s, p, o], i) for x, o, i in ((of_a, old[0], self.a), (of_b, new[0], self.b))
                )
                things = {*of_a[s, p, old[0]], *of_b[s, p, new[0]]} - {p}
                label = self._of(s, predicate(local, self.lang), self.b)
                yield self.make("changed", "statement", self.b, s, local, label, before, after, things)
                continue
            for objects, stated, index in ((old, of_a, self.a), (new, of_b, self.b)):
                for o in objects:
                    raw = stated[s, p, o]
                    label = self._of(raw[0], predicate(local, self.lang), index)
                    things = {raw[0], raw[2]}
                    yield self.one_sided("statement", index, raw[0], local, label, self._object(raw, index), things)

    def _stated(self, index: Index) -> dict[tuple[str, str, str], tuple[str, str, str]]:
        """What a side states between things, with the names of both sides made one, by the names it has there."""
        left_out = aside("links")
        with_part = {PK + name for name in settings()["aside"]["with_part"]}
        paired = self.same if index is self.a else self.other
        found = {}
        for s, props in index.links.items():
            kind = index.kind(s)
            if kind not in NODE_CLASSES:
                continue
            new_part = kind in PART_CLASSES and s not in paired
            for p, objects in props.items():
                if p in left_out or (new_part and p in with_part):
                    continue
                for o in objects:
                    if not o.startswith(PK):
                        found[self.canon(s, index), p, self.canon(o, index)] = (s, p, o)
        return found

    def _object(self, raw: tuple[str, str, str], index: Index) -> Said:
        o = raw[2]
        label = index.label(o)
        if index.kind(o) in PART_CLASSES:
            label = self._part(o, index)
        return Said(label, o, passages=index.statement(*raw))

    def _part(self, iri: str, index: Index) -> str:
        kind = name_class(index.kind(iri), self.lang)
        return kind + word("quoted", self.lang, x=index.label(iri))

    def _of(self, subject: str, label: str, index: Index) -> str:
        """A property of a part says which part; that of a thing stands under the thing."""
        if index.kind(subject) not in PART_CLASSES:
            return label
        return word("of_part", self.lang, part=self._part(subject, index), label=label)

    # figures

    def _figures(self) -> Iterator[Change]:
        lang = self.lang
        found = Figures(self.a, self.b, self.same)
        for ours, theirs in found.pairs:
            x, y = ours[0], theirs[0]
            before, after = wording.said_figure(self.a, x, lang), wording.said_figure(self.b, y, lang)
            things = {*self._tied(x), *self._tied(y)}
            label = wording.figure_label(y, lang)
            said = wording.figures(self.a, x, self.b, y, lang)
            yield self.make("changed", "figure", self.b, y.subject, y.facts.kind, label, before, after, things, said)
        for groups, index in ((found.only_a, self.a), (found.only_b, self.b)):
            for group in groups.values():
                f = group[0]
                said_one = wording.said_figure(index, f, lang)
                label = wording.figure_label(f, lang)
                yield self.one_sided("figure", index, f.subject, f.facts.kind, label, said_one, self._tied(f))

    @staticmethod
    def _tied(f: Figure) -> set[str]:
        return {f.facts.iri, f.subject, f.document, *f.slots.values()} - {""}
