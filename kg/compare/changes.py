"""Find the changes between two sides: facts that only one side has, and facts that have another value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

from extract.text.normalize import name_key, print_line
from kg.compare import wording
from kg.compare.data import format_phrase, label_individual, label_link, label_literal, list_ignored, load_settings
from kg.compare.index import ComparedFigure, FactIndex
from kg.compare.model import Change, ChangedThing, ChangeKind, FactValue, Operation
from kg.compare.pairing import FigurePairing, pair_documents, pair_parts
from kg.graph.facts import Passage
from kg.graph.view import NODE_CLASSES
from kg.store.serialize import rank_class
from ontology.labels import name_class
from ontology.terms import ENTITY_CLASSES, PART_CLASSES, PK

_KINDS: tuple[ChangeKind, ...] = ("thing", "fact", "statement", "part", "figure")
"""Kinds of changes, in the order in which they are listed under a thing."""


def find_changes(old: FactIndex, new: FactIndex, lang: str) -> tuple[Change, ...]:
    """Return all changes from *old* to *new*, by class, name and property, with words in *lang*."""
    return tuple(sorted(_Comparison(old, new, lang).find_all(), key=_make_sort_key))


def _make_sort_key(change: Change) -> tuple[object, ...]:
    thing = change.thing
    return (rank_class(thing.kind), name_key(thing.label), thing.iri, _KINDS.index(change.what), change.label,
            change.property, change.op != "changed", change.words, change.op)  # fmt: skip


class _Triple(NamedTuple):
    subject: str
    predicate: str
    object: str


@dataclass(frozen=True, slots=True)
class _Topic:
    """What a change is about."""

    what: ChangeKind
    index: FactIndex
    """The side that *subject* is an IRI of."""
    subject: str
    property: str
    """Local name of the property or class."""
    label: str
    """The property in words."""
    things: frozenset[str] = frozenset()
    """IRIs of other things that are involved."""


class _Comparison:
    """The two sides, and which documents and parts of them are the same.

    A thing that is the same on both sides may have two IRIs. Its IRI on the new side is its common IRI.
    """

    def __init__(self, old: FactIndex, new: FactIndex, lang: str) -> None:
        self.old, self.new, self.lang = old, new, lang
        self._new_iris = pair_documents(old, new)
        self._new_iris |= pair_parts(old, new, self._new_iris)
        self._old_iris = {new_iri: old_iri for old_iri, new_iri in self._new_iris.items()}

    def find_all(self) -> Iterator[Change]:
        yield from self._compare_things()
        yield from self._compare_parts()
        yield from self._compare_facts()
        yield from self._compare_statements()
        yield from self._compare_figures()

    # IRIs

    def _get_common_iri(self, iri: str, index: FactIndex) -> str:
        """Return the common IRI of a thing that has the IRI *iri* on the side *index*."""
        return self._new_iris.get(iri, iri) if index is self.old else iri

    def _get_iri(self, common: str, index: FactIndex) -> str:
        """Return the IRI on the side *index* of the thing with the IRI *common*."""
        return self._old_iris.get(common, common) if index is self.old else common

    def _list_sides(self) -> tuple[tuple[FactIndex, FactIndex], tuple[FactIndex, FactIndex]]:
        """Return each side, with the side opposite."""
        return (self.old, self.new), (self.new, self.old)

    # making changes

    def _make_change(self, topic: _Topic, before: FactValue | None, after: FactValue | None, words: str = "") -> Change:
        """Return a change from *before* to *after*; None for a side without the fact.

        Args:
            topic: what the change is about.
            before: the old value.
            after: the new value.
            words: the change in words; made from the two values if empty.
        """
        op: Operation = "changed" if before and after else "dropped" if before else "added"
        if not words and before and after:
            words = wording.describe_change(before.words, after.words, self.lang)
        elif not words:
            words = "".join(value.words for value in (before, after) if value)
        thing = self._find_changed_thing(topic.subject, topic.index)
        # A user may ask for a thing by its name on either side, so that both IRIs are needed.
        iris = {topic.subject, thing.iri, *topic.things}
        iris |= {self._new_iris.get(iri, iri) for iri in iris} | {self._old_iris.get(iri, iri) for iri in iris}
        return Change(op, topic.what, thing, topic.property, topic.label, words, before, after, frozenset(iris))

    def _make_one_sided(self, topic: _Topic, value: FactValue) -> Change:
        """Return the change for a fact that only the side of *topic* has."""
        if topic.index is self.old:
            return self._make_change(topic, value, None)
        return self._make_change(topic, None, value)

    def _find_changed_thing(self, iri: str, index: FactIndex) -> ChangedThing:
        """Return the thing that a change of *iri* is listed under, as the new side names it if it has it."""
        home = self._get_common_iri(index.document(iri), index)
        old = self._get_iri(home, self.old)
        if kind := self.new.kind(home):
            return ChangedThing(home, self.new.label(home), kind, None if self.old.kind(old) else "added")
        if kind := self.old.kind(old):
            return ChangedThing(old, self.old.label(old), kind, "dropped")
        return ChangedThing(home, index.label(home), "")  # the source of a figure that is in no document

    # things and parts

    def _compare_things(self) -> Iterator[Change]:
        for index, opposite in self._list_sides():
            for iri in index.find_by_class(NODE_CLASSES - PART_CLASSES):
                if not opposite.kind(self._get_iri(self._get_common_iri(iri, index), opposite)):
                    value = FactValue(index.label(iri), iri, passages=index.passages(iri)[:1])
                    yield self._make_one_sided(_Topic("thing", index, iri, index.kind(iri), ""), value)

    def _compare_parts(self) -> Iterator[Change]:
        for old, new in sorted(self._new_iris.items()):
            if self.old.kind(old) in PART_CLASSES:
                yield from self._compare_part(old, new)
        for index, paired in ((self.old, self._new_iris), (self.new, self._old_iris)):
            for part in index.find_by_class(PART_CLASSES):
                if part not in paired:
                    yield self._make_unpaired_part(part, index)

    def _compare_part(self, old: str, new: str) -> Iterator[Change]:
        """Compare the text and class of one part that both sides have."""
        texts = self.old.text(old), self.new.text(new)
        kinds = self.old.kind(old), self.new.kind(new)
        if name_key(texts[0]) == name_key(texts[1]) and kinds[0] == kinds[1]:
            return
        names = [name_class(kind, self.lang) for kind in kinds]
        label = names[1] if names[0] == names[1] else wording.describe_change(names[0], names[1], self.lang)
        topic = _Topic("part", self.new, new, kinds[1], label, frozenset({old}))
        before = FactValue(texts[0], old, passages=self.old.passages(old))
        after = FactValue(texts[1], new, passages=self.new.passages(new))
        yield self._make_change(topic, before, after, wording.describe_text_change(*texts, self.lang))

    def _make_unpaired_part(self, part: str, index: FactIndex) -> Change:
        things = {thing for name in ("actor", "involves") for thing in index.links[part].get(PK + name, ())}
        text = print_line(index.text(part) or index.label(part))
        kind = index.kind(part)
        topic = _Topic("part", index, part, kind, name_class(kind, self.lang), frozenset(things))
        return self._make_one_sided(topic, FactValue(text, part, passages=index.passages(part)))

    # facts: properties with literal values

    def _compare_facts(self) -> Iterator[Change]:
        iris = {
            self._get_common_iri(iri, index)
            for index in (self.old, self.new)
            for iri in index.find_by_class(NODE_CLASSES)
        }
        for iri in sorted(iris):
            old, new = self._list_facts(self._get_iri(iri, self.old), self.old), self._list_facts(iri, self.new)
            for name in sorted({*old, *new}):
                yield from self._compare_values(iri, name, old.get(name, set()), new.get(name, set()))

    def _list_facts(self, iri: str, index: FactIndex) -> dict[str, set[str]]:
        """Return the values of the facts of a thing, by local name of the property.

        Individuals of the ontology count as values, too.
        """
        kind = index.kind(iri)
        found: dict[str, set[str]] = {}
        for prop, values in index.literals.get(iri, {}).items():
            local = _get_local_name(prop)
            if prop not in list_ignored("literals") and local not in {"label", "altLabel"}:
                found[local] = values
        for prop, objects in index.links.get(iri, {}).items():
            individuals = {individual for individual in objects if individual.startswith(PK)}
            if individuals and prop not in list_ignored("links"):
                found[_get_local_name(prop)] = individuals
        if kind and kind not in PART_CLASSES:
            if kind not in load_settings()["aside"]["labels_of"]:
                found["label"] = {index.label(iri)}
            found["altLabel"] = index.aliases(iri)
            found["class"] = {PK + kind}
        return found

    def _compare_values(self, iri: str, name: str, old: set[str], new: set[str]) -> Iterator[Change]:
        """Compare the values of the property *name* of the thing with the common IRI *iri*."""
        dropped, added = old - new, new - old
        on_both = all(index.kind(self._get_iri(iri, index)) for index in (self.old, self.new))
        if not (dropped or added) or (name in {"label", "class"} and not on_both):
            return  # the change of the thing itself has its name and class
        label = label_literal(name, self.lang)
        if len(dropped) == len(added) == 1 and len(old) == len(new) == 1:
            topic = _Topic("fact", self.new, iri, name, self._add_part(iri, label, self.new))
            before = self._make_value(self._get_iri(iri, self.old), name, next(iter(dropped)), self.old)
            yield self._make_change(topic, before, self._make_value(iri, name, next(iter(added)), self.new))
            return
        for values, index in ((dropped, self.old), (added, self.new)):
            subject = self._get_iri(iri, index)
            topic = _Topic("fact", index, subject, name, self._add_part(subject, label, index))
            for value in sorted(values):
                yield self._make_one_sided(topic, self._make_value(subject, name, value, index))

    def _make_value(self, iri: str, name: str, value: str, index: FactIndex) -> FactValue:
        words = value
        if value.startswith(PK):
            local = value.removeprefix(PK)
            words = name_class(local, self.lang) if name == "class" else label_individual(local, self.lang)
        return FactValue(words, value, passages=self._find_passages(iri, words, index))

    def _find_passages(self, iri: str, words: str, index: FactIndex) -> tuple[Passage, ...]:
        """Return the passages of a thing that contain *words*.

        If there are none, return the first passage of an entity (its other facts are in the text around it), or the
        only passage of another thing.
        """
        passages = index.passages(iri)
        key = name_key(words)
        found = tuple(passage for passage in passages if key and key in name_key(passage.text))
        return found or (passages[:1] if index.kind(iri) in ENTITY_CLASSES or len(passages) == 1 else ())

    # statements: properties between things

    def _compare_statements(self) -> Iterator[Change]:
        old, new = self._list_statements(self.old), self._list_statements(self.new)
        kept = {(triple.subject, triple.predicate) for triple in old.keys() & new.keys()}
        replaceable = load_settings()["one"]["links"]
        changed: dict[tuple[str, str], tuple[list[_Triple], list[_Triple]]] = defaultdict(lambda: ([], []))
        for triple in sorted(old.keys() - new.keys()):
            changed[triple.subject, triple.predicate][0].append(triple)
        for triple in sorted(new.keys() - old.keys()):
            changed[triple.subject, triple.predicate][1].append(triple)
        for role, (dropped, added) in sorted(changed.items()):
            one_each = len(dropped) == len(added) == 1
            if one_each and role not in kept and _get_local_name(role[1]) in replaceable:
                yield self._make_replacement(role[0], old[dropped[0]], new[added[0]])
                continue
            for triples, own, index in ((dropped, old, self.old), (added, new, self.new)):
                for triple in triples:
                    yield self._make_one_sided_statement(own[triple], index)

    def _list_statements(self, index: FactIndex) -> dict[_Triple, _Triple]:
        """Return the statements of a side by their form with common IRIs, which is the same on both sides."""
        ignored = list_ignored("links")
        with_part = {PK + name for name in load_settings()["aside"]["with_part"]}
        paired = self._new_iris if index is self.old else self._old_iris
        found = {}
        for subject, properties in index.links.items():
            kind = index.kind(subject)
            if kind not in NODE_CLASSES:
                continue
            unpaired_part = kind in PART_CLASSES and subject not in paired
            for prop, objects in properties.items():
                if prop in ignored or (unpaired_part and prop in with_part):
                    continue
                for target in objects:
                    if not target.startswith(PK):
                        ends = self._get_common_iri(subject, index), self._get_common_iri(target, index)
                        found[_Triple(ends[0], prop, ends[1])] = _Triple(subject, prop, target)
        return found

    def _make_replacement(self, subject: str, old: _Triple, new: _Triple) -> Change:
        """Return the change of a statement whose object is replaced; *subject* is the common IRI."""
        local = _get_local_name(new.predicate)
        things = frozenset({old.subject, old.object, new.subject, new.object})
        label = self._add_part(subject, label_link(local, self.lang), self.new)
        topic = _Topic("statement", self.new, subject, local, label, things)
        return self._make_change(topic, self._make_object(old, self.old), self._make_object(new, self.new))

    def _make_one_sided_statement(self, triple: _Triple, index: FactIndex) -> Change:
        local = _get_local_name(triple.predicate)
        label = self._add_part(triple.subject, label_link(local, self.lang), index)
        things = frozenset({triple.subject, triple.object})
        topic = _Topic("statement", index, triple.subject, local, label, things)
        return self._make_one_sided(topic, self._make_object(triple, index))

    def _make_object(self, triple: _Triple, index: FactIndex) -> FactValue:
        is_part = index.kind(triple.object) in PART_CLASSES
        label = self._name_part(triple.object, index) if is_part else index.label(triple.object)
        return FactValue(label, triple.object, passages=index.statement_passages(*triple))

    def _name_part(self, iri: str, index: FactIndex) -> str:
        kind = name_class(index.kind(iri), self.lang)
        return kind + format_phrase("quoted", self.lang, x=index.label(iri))

    def _add_part(self, subject: str, label: str, index: FactIndex) -> str:
        """Return *label* with the name of the part if *subject* is one: its changes are listed under its document."""
        if index.kind(subject) not in PART_CLASSES:
            return label
        return format_phrase("of_part", self.lang, part=self._name_part(subject, index), label=label)

    # figures

    def _compare_figures(self) -> Iterator[Change]:
        lang = self.lang
        found = FigurePairing(self.old, self.new, self._new_iris)
        for old_group, new_group in found.pairs:
            old, new = old_group[0], new_group[0]
            topic = self._make_figure_topic(new, self.new)
            topic = replace(topic, things=_list_things(old) | _list_things(new))
            before = wording.describe_figure(self.old, old, lang)
            after = wording.describe_figure(self.new, new, lang)
            words = wording.describe_figure_change(self.old, old, self.new, new, lang)
            yield self._make_change(topic, before, after, words)
        for groups, index in ((found.only_old, self.old), (found.only_new, self.new)):
            for group in groups.values():
                value = wording.describe_figure(index, group[0], lang)
                yield self._make_one_sided(self._make_figure_topic(group[0], index), value)

    def _make_figure_topic(self, figure: ComparedFigure, index: FactIndex) -> _Topic:
        label = wording.label_figure(figure, self.lang)
        return _Topic("figure", index, figure.subject, figure.facts.kind, label, _list_things(figure))


def _list_things(figure: ComparedFigure) -> frozenset[str]:
    """Return the IRIs of a figure, its subject, its document and the things in its slots."""
    return frozenset({figure.facts.iri, figure.subject, figure.document, *figure.slots.values()} - {""})


def _get_local_name(iri: str) -> str:
    return iri.replace("/", "#").rpartition("#")[2]
