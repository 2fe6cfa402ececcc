"""Relations that a clause states by two names and the words around them: X包括A和B, 向X申请P, P由X负责.

The frames are data (``[[frame]]`` of ``relations.toml``). Each name may be a list; a list is read as a whole, and notes
in brackets inside it are passed over. A clause that denies or asks for something states nothing.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache, partial
from typing import Any, NamedTuple

from extract.model import Kind, Relation
from extract.relations.clauses import Clause, ClauseIndex, NamedSpan
from extract.relations.skeleton import SPEAKER
from ontology.errors import LexiconError
from ontology.lexicons import Lexicon, join_alternatives

_JOIN = re.compile(r"(?:[（(][^（()）]{0,40}[)）])?[“”\"]?(?:[、，]?(?:和|及|与|以及|或|会同|联合|商)?)[“”\"]?")
_DENIED = re.compile(r"未(?![来经])|不得|不再|没有|无法|不予|禁止|不能|停止|暂停|取消|建议|希望|恳请")
_REACH = 100
"""Characters between two names of a frame at most."""
_LEFT = 30
"""Characters before a name that a frame looks at."""
_ONE_OBJECT = frozenset({"broader", "treatedAs"})


@dataclass(frozen=True, slots=True)
class Frame:
    """How a clause says a relation between two lists of names."""

    name: str
    rule: str
    first: frozenset[Kind]
    second: frozenset[Kind]
    """Empty if the clause names only one of the two: the other one is ``understood``."""
    reverse: bool
    """Whether the name that stands first is the object."""
    one_object: bool
    """Whether only the nearest of several objects counts: A等X和Y says nothing about A and Y."""
    understood: str
    """``issuer``: the agency that writes; ``topic``: the only scheme that the item named before."""
    before: re.Pattern[str]
    between: re.Pattern[str]
    after: re.Pattern[str]

    slots: _Slots
    """What names it looks for: ``first``, ``second``, ``one_object``."""


_Slots = tuple[frozenset[Kind], frozenset[Kind], bool]


class NameList(NamedTuple):
    """Names of a clause that form one list: A、B和C."""

    names: Sequence[NamedSpan]
    begin: int
    end: int


_new_list: Callable[[tuple[Sequence[NamedSpan], int, int]], NameList] = partial(tuple.__new__, NameList)
"""Faster than the constructor."""


def _make_list(names: Sequence[NamedSpan]) -> NameList:
    return _new_list((names, names[0][0], names[-1][1]))


@cache
def _compile_frames(lex: Lexicon) -> tuple[Frame, ...]:
    config = lex.read_config("relations")
    words = {name: join_alternatives(items) for name, items in config["words"].items()}

    def compile_words(pattern: str) -> re.Pattern[str]:
        return re.compile(re.sub(r"\{([a-z]+)\}", lambda m: f"(?:{words[m.group(1)]})", pattern))

    def compile_frame(frame: Mapping[str, Any]) -> Frame:
        first, second = frozenset(map(Kind, frame["first"])), frozenset(map(Kind, frame.get("second", ())))
        one_object = frame["name"] in _ONE_OBJECT
        return Frame(
            frame["name"], frame["rule"], first, second, bool(frame.get("reverse")), one_object,
            frame.get("understood", ""), compile_words(f"(?:{frame.get('before', '')})\\Z"),
            compile_words(frame.get("between", "")), compile_words(frame.get("after", "")), (first, second, one_object),
        )  # fmt: skip

    out = []
    for frame in config["frame"]:
        try:
            out.append(compile_frame(frame))
            if frame["name"] not in config["kinds"]:
                raise ValueError(f"name = {frame['name']!r}")
        except (KeyError, ValueError, re.error) as error:
            rule = frame.get("rule", "?")
            raise LexiconError(
                f"词表：relations.toml：框架 {rule} 有误：{error}；请对照文件开头的说明改正",
                f"lexicon: relations.toml: frame {rule} is wrong: {error}; compare it with the notes in that file",
            ) from error
    return tuple(out)


@cache
def _join_betweens(lex: Lexicon) -> Mapping[_Slots, re.Pattern[str] | None]:
    """Return, for the frames of the same slots, one pattern of all words between; ``None`` if they cannot be joined."""
    by_slots: dict[_Slots, list[re.Pattern[str]]] = {}
    for frame in _compile_frames(lex):
        by_slots.setdefault(frame.slots, []).append(frame.between)
    return {
        slots: None
        if any(p.groups or p.flags != re.UNICODE for p in patterns)
        else re.compile("|".join(f"(?:{p.pattern})" for p in patterns))
        for slots, patterns in by_slots.items()
    }


def read_lists(text: str, named: Sequence[NamedSpan], kinds: frozenset[Kind]) -> list[NameList]:
    """Return the lists of names of some kinds in a clause, in order; a name inside another name is left out.

    Args:
        text: the text that the positions of *named* refer to.
        named: the mentions of the clause, sorted, the outermost of nested ones first.
    """
    return _read_lists(text, leave_out_inner(named), kinds)


def leave_out_inner(named: Sequence[NamedSpan]) -> Sequence[NamedSpan]:
    """Return the mentions that lie in no other one; *named* is sorted, the outermost of nested ones first."""
    out = []
    end = -1
    for name in named:
        if name.begin >= end:
            out.append(name)
            end = name.end
    return out


def _read_lists(text: str, outer: Sequence[NamedSpan], kinds: frozenset[Kind]) -> list[NameList]:
    out: list[list[NamedSpan]] = []
    for name in outer:
        if name.entity.kind not in kinds:
            continue
        if not out:
            out.append([name])
        elif _JOIN.fullmatch(text, out[-1][-1].end, name.begin):
            out[-1].append(name)
        elif _opens(text, out[-1][-1].end, name.begin):
            out.append([name])
        else:
            for known in reversed(out[-3:-1]):
                if _JOIN.fullmatch(text, known[-1].end, name.begin):
                    known.append(name)
                    break
            else:
                out.append([name])
    return list(map(_make_list, out))


def _opens(text: str, begin: int, end: int) -> bool:
    """Whether a bracket opens between two names and is not closed."""
    between = text[begin:end]
    return max(between.rfind("（"), between.rfind("(")) > max(between.rfind("）"), between.rfind(")"))


class FrameReader:
    """Reads the frames of one page's clauses.

    Args:
        index: the clauses of the page with their mentions.
        lex: the lexicon.
        only: the properties to look for; None for all.
    """

    def __init__(self, index: ClauseIndex, lex: Lexicon, only: Set[str] | None = None) -> None:
        self.index = index
        self.text = index.page.text
        self.frames = [frame for frame in _compile_frames(lex) if only is None or frame.name in only]
        self._betweens = _join_betweens(lex)
        self._speakers: dict[int, Sequence[tuple[int, int]]] = index.readings.setdefault("speakers", {})
        """Beginning of a clause → where it speaks of 我局."""
        self._possible: dict[frozenset[Kind], Sequence[Frame]] = {}
        self._parents = {part.id: part.parent for part in index.outline.parts}
        self._programs: dict[str | None, set[str]] = {}
        """Part → the programs that its clauses named so far."""
        self.kinds: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
            name: (frozenset(s), frozenset(o)) for name, (s, o) in lex.read_config("relations")["kinds"].items()
        }

    def read_relations(self) -> Iterator[Relation]:
        for clause in self.index.clauses:
            if self.index.letters[clause.sentence.letter].kind is Kind.PROPOSAL:
                continue
            if clause.named:
                yield from self._read_clause(clause)
                programs = {n.entity.id for n in clause.named if n.entity.kind is Kind.PROGRAM}
                self._programs.setdefault(clause.sentence.part, set()).update(programs)

    def _find_topic(self, clause: Clause) -> str | None:
        """The only program that the item of a clause, or the nearest item above it that names one, named so far."""
        part = clause.sentence.part
        while part is not None:
            if programs := self._programs.get(part):
                return next(iter(programs)) if len(programs) == 1 else None
            part = self._parents.get(part)
        return None

    def _read_clause(self, clause: Clause) -> Iterator[Relation]:
        named = self._add_speakers(clause)
        frames = self._find_possible(frozenset([name.entity.kind for name in named]))
        outer = leave_out_inner(named) if frames else ()
        if len(outer) == 1:
            frames = [frame for frame in frames if frame.understood]
        if not frames:
            return
        lists: dict[frozenset[Kind], list[NameList]] = {}
        pairs: dict[_Slots, list[tuple[NameList, NameList]]] = {}
        for frame in frames:
            for kinds in (frame.first, frame.second):
                if kinds not in lists:
                    lists[kinds] = _read_lists(self.text, outer, kinds)
            if frame.understood:
                for names in lists[frame.first]:
                    yield from self._match_one(clause, frame, names)
                continue
            slots = frame.slots
            if slots not in pairs:
                pairs[slots] = list(self._find_pairs(lists[frame.first], lists[frame.second], slots))
            for first, second in pairs[slots]:
                yield from self._match(clause, frame, first, second)

    def _find_pairs(
        self, firsts: Sequence[NameList], seconds: Sequence[NameList], slots: _Slots
    ) -> Iterator[tuple[NameList, NameList]]:
        """The lists that can fill the slots of some frames, and have words of one of these frames between them."""
        between = self._betweens[slots]
        begins = [names.begin for names in seconds]
        for first in firsts:
            for second in seconds[bisect_left(begins, first.begin) :]:
                if second.begin > first.end + _REACH:
                    break
                left = first
                if first.end > second.begin:
                    before = [n for n in first.names if n.end <= second.begin] if slots[2] else ()
                    if not before:
                        continue
                    left = _make_list(before)
                if between is None or between.fullmatch(self.text, left.end, second.begin):
                    yield left, second

    def _find_possible(self, kinds: frozenset[Kind]) -> Sequence[Frame]:
        """The frames whose slots names of *kinds* can fill."""
        found = self._possible.get(kinds)
        if found is None:
            found = self._possible[kinds] = [
                frame
                for frame in self.frames
                if not frame.first.isdisjoint(kinds) and (frame.understood or not frame.second.isdisjoint(kinds))
            ]
        return found

    def _add_speakers(self, clause: Clause) -> Sequence[NamedSpan]:
        """The mentions of a clause and its 我局: the agency that writes."""
        issuer = self.index.entities.get(self.index.issuer.get(clause.sentence.letter, ""))
        if issuer is None:
            return clause.named
        places = self._speakers.get(clause.begin)
        if places is None:
            found = SPEAKER.finditer(self.text, clause.begin, clause.end)
            places = self._speakers[clause.begin] = [m.span() for m in found if m.group(1) == "我"]
        spoken = [NamedSpan(begin, end, issuer) for begin, end in places]
        return sorted([*clause.named, *spoken], key=lambda n: (n.begin, -n.end)) if spoken else clause.named

    def _match(self, clause: Clause, frame: Frame, first: NameList, second: NameList) -> Iterator[Relation]:
        if not frame.between.fullmatch(self.text, first.end, second.begin):
            return
        after = frame.after.match(self.text, second.end, clause.end)
        begin = self._find_begin(clause, frame, first)
        if after is None or begin is None:
            return
        if self._is_denied(clause, begin, (first.begin, first.end), (second.begin, after.end())):
            return
        subjects, objects = (second.names, first.names) if frame.reverse else (first.names, second.names)
        if frame.one_object:
            objects = objects[-1:] if frame.reverse else objects[:1]
        for subject in subjects:
            for obj in objects:
                yield from self._relate(frame, subject.entity.id, obj.entity.id, begin, after.end())

    def _match_one(self, clause: Clause, frame: Frame, names: NameList) -> Iterator[Relation]:
        after = frame.after.match(self.text, names.end, clause.end)
        begin = self._find_begin(clause, frame, names)
        if after is None or begin is None or self._is_denied(clause, begin, (names.begin, names.end), after.span()):
            return
        if frame.understood == "issuer":
            letter = clause.sentence.letter
            other = None if letter in self.index.own else self.index.issuer.get(letter)
        else:
            other = self._find_topic(clause)
        for name in names.names if other else ():
            subject, obj = (other, name.entity.id) if frame.reverse else (name.entity.id, other)
            yield from self._relate(frame, str(subject), str(obj), begin, after.end())

    def _find_begin(self, clause: Clause, frame: Frame, names: NameList) -> int | None:
        """Where the words before a list begin that a frame asks for; ``None`` if they are not there."""
        left = max(clause.begin, names.begin - _LEFT)
        found = frame.before.search(self.text[left : names.begin])
        return None if found is None else left + found.start()

    def _is_denied(self, clause: Clause, begin: int, first: tuple[int, int], last: tuple[int, int]) -> bool:
        """Whether the words before and between two names deny a statement or only ask for it."""
        left = max(clause.begin, begin - _REACH)
        pause = self.index.find_pause_before(left, begin)
        words = self.text[max(pause + 1, left) : first[0]] + " " + self.text[first[1] : last[0]]
        return _DENIED.search(words) is not None

    def _relate(self, frame: Frame, subject: str, obj: str, begin: int, end: int) -> Iterator[Relation]:
        subjects, objects = self.kinds[frame.name]
        entities = self.index.entities
        fits = str(entities[subject].kind) in subjects and str(entities[obj].kind) in objects
        if fits and subject != obj:
            yield Relation(subject, frame.name, obj, self.index.page.span(begin, end), frame.rule, 0.85)


def read_frames(index: ClauseIndex, lex: Lexicon, only: Set[str] | None = None) -> list[Relation]:
    """Return the relations that the clauses of a page state by frames, each once.

    Args:
        index: the clauses of the page with their mentions.
        lex: the lexicon.
        only: the properties to look for; None for all.
    """
    out: dict[tuple[str, str, str], Relation] = {}
    for relation in FrameReader(index, lex, only).read_relations():
        key = (relation.subject, relation.predicate, relation.object)
        if key not in out or len(relation.span) < len(out[key].span):
            out[key] = relation
    return list(out.values())
