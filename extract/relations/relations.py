"""Clauses → relations between entities, by the patterns of ``relations.toml`` over skeletons, and by names and ladders.

A proposal's wishes state nothing; a negated verb states nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cache, lru_cache

from extract.linking.link import LinkedMentions
from extract.model import TITLED_KINDS, Entity, Kind, Letter, Outline, Part, Relation, Span
from extract.relations.headings import Headings
from extract.relations.implied import Namer
from extract.relations.skeleton import WHOLE, Roles, Skeleton, compile_pattern, needs, skeleton
from extract.text.literals import WordSearch, find_required_words
from ontology.lexicons import Lexicon, join_alternatives

_NEGATED = re.compile(r"未(?![来经])|不得|不再|没有|无法|不予|禁止|不能|难以|停止|暂停|取消")


@dataclass(frozen=True, slots=True)
class _Rule:
    name: str
    rule: str
    pattern: re.Pattern[str]
    subject: str
    object: str
    both: bool
    confidence: float
    needs: tuple[str, ...]
    """Of each of these sets of letters a sentence must have one, or the pattern cannot match."""
    words: Set[str]
    """Of these words, if there are any, it must have one, too."""


@cache
def _rules(lex: Lexicon) -> tuple[_Rule, ...]:
    config = lex.read_config("relations")
    words = {name: join_alternatives(items) for name, items in config["words"].items()}
    return tuple(
        _Rule(
            r["name"], r["rule"], pattern := compile_pattern(r["pattern"], words), r.get("subject", ""),
            r.get("object", ""), bool(r.get("both")), float(r.get("confidence", 0.88)), needs(r["pattern"]),
            find_required_words(pattern),
        )
        for r in config["relation"]
    )  # fmt: skip


@cache
def _word_search(lex: Lexicon) -> WordSearch:
    return WordSearch(word for rule in _rules(lex) for word in rule.words)


@lru_cache(maxsize=4096)
def _rules_for(lex: Lexicon, present: frozenset[str]) -> tuple[_Rule, ...]:
    """The rules that can match a sentence with mentions of these kinds."""
    return tuple(r for r in _rules(lex) if not any(present.isdisjoint(letters) for letters in r.needs))


@dataclass(slots=True)
class _State:
    """What earlier sentences of a part left for later ones."""

    place: tuple[str | None, str] = (None, "-")
    instrument: str | None = None
    program: str | None = None
    """Of the part's heading or first words."""
    spoken: str | None = None
    """The last one that earlier sentences named."""
    group: str | None = None
    """The class of beneficiaries that a heading names."""


class Relater:
    """The relations of one page."""

    def __init__(self, text: str, outline: Outline, linked: LinkedMentions, lex: Lexicon) -> None:
        self.text = text
        self.outline = outline
        self.linked = linked
        self.lex = lex
        self.entities: dict[str, Entity] = {e.id: e for e in linked.entities}
        self.fields: dict[tuple[str, str], list[str]] = {}
        for r in linked.relations:
            self.fields.setdefault((r.subject, r.predicate), []).append(r.object)
        self.kinds = {
            name: (frozenset(a), frozenset(b)) for name, (a, b) in lex.read_config("relations")["kinds"].items()
        }
        self.in_proposals = frozenset(lex.read_config("relations")["in_proposals"])
        self.letters = {x.id: x for x in outline.letters}
        self._said: dict[str, str] = {}
        """Part → the instrument that it introduced last: its items are about it."""
        self._list_of: tuple[str, int] | None = None
        self.parts: dict[str, Part] = {p.id: p for p in outline.parts}
        self._heads = Headings(text if any(x.kind in TITLED_KINDS for x in outline.letters) else "")

    def one(self, letter: Letter, name: str) -> str | None:
        return next(iter(self.fields.get((letter.id, name), ())), None)

    def own(self, letter: Letter) -> str | None:
        return self.one(letter, "instrument")

    # ---- sentences

    def skeletons(self) -> Iterator[tuple[Letter, Skeleton]]:
        mentions = self.linked.mentions
        roles_of = {
            x.id: Roles(self.one(x, "issuedBy"), self.one(x, "addressedTo"), self.own(x)) for x in self.outline.letters
        }
        at = 0
        for sentence in self.outline.sentences:
            letter = self.letters[sentence.letter]
            while at < len(mentions) and mentions[at][0].begin < sentence.span.begin:
                at += 1
            inside: list[tuple[Span, str]] = []
            i = at
            while i < len(mentions) and mentions[i][0].begin < sentence.span.end:
                span, ident = mentions[i]
                if inside and span.begin < inside[-1][0].end:
                    if len(span) > len(inside[-1][0]):
                        inside[-1] = (span, ident)
                elif span.end <= sentence.span.end + 1:
                    inside.append((span, ident))
                i += 1
            roles = roles_of[letter.id]
            yield letter, skeleton(self.text, sentence, inside, self.entities, roles)

    def relations(self) -> list[Relation]:
        out: list[Relation] = []
        state = _State()
        for letter, bones in self.skeletons():
            part = bones.sentence.part
            if letter.kind is Kind.PROPOSAL:
                asked = part is not None and self.parts[part].kind is Kind.SUGGESTION
                if not asked and not _ASKS.match(bones.text):
                    found = self._sentence(letter, bones, _State())
                    out += [r for r in found if r.predicate in self.in_proposals and not self._wished(r.span)]
                continue
            place = (part, self._heads.place(bones.sentence.span.begin) if letter.kind in TITLED_KINDS else "")
            if place != state.place:
                state = self._enter(part, bones)
                state.place = place
            out += self._sentence(letter, bones, state)
            out += self._under_class(letter, bones, state)
            out += self._listed(letter, bones, state)
            self._leave(bones, state, article=letter.kind in TITLED_KINDS)
        issuers: dict[str, str] = {x.id: issuer for x in self.outline.letters if (issuer := self.one(x, "issuedBy"))}
        out += Namer(self.text, self.outline, self.linked, issuers).relations()
        return _best(out)

    def _wished(self, span: Span) -> bool:
        """Whether the clause of a statement only asks for it."""
        begin = max(self.text.rfind(c, 0, span.begin) for c in "，；。\n") + 1
        return bool(_WISH.search(self.text, begin, span.end))

    def _enter(self, part: str | None, bones: Skeleton) -> _State:
        """The state at the begin of a part or article: the program and the class that the headings above it name."""
        state = _State()
        ident: str | None = part
        while ident and state.program is None:
            piece = self.parts[ident]
            window = piece.heading or Span(piece.span.begin, min(piece.span.end, piece.span.begin + 30))
            for span, entity in self.linked.find_in(window):
                if self.entities[entity].kind is Kind.PROGRAM and (piece.heading or span.begin - window.begin <= 8):
                    state.program = entity
                    break
            ident = piece.parent
        for heading in self._heads.above(bones.sentence.span.begin):
            for span, entity in self.linked.find_in(heading):
                kind = self.entities[entity].kind
                if kind is Kind.PROGRAM and state.program is None:
                    state.program = entity
                elif kind in (Kind.TIER, Kind.GROUP) and state.group is None and len(span) * 2 >= len(heading):
                    state.group = entity
        above = self.parts[part].parent if part else None
        while above and state.instrument is None:
            state.instrument = self._said.get(above)
            above = self.parts[above].parent
        return state

    def _leave(self, bones: Skeleton, state: _State, *, article: bool) -> None:
        for i in sorted(bones.entities):
            if self.entities[bones.entities[i]].kind is Kind.PROGRAM:
                state.spoken = bones.entities[i]
            if (
                self.entities[bones.entities[i]].kind is Kind.INSTRUMENT
                and i > 0
                and bones.text.endswith(_ISSUED, 0, i)
            ):
                state.instrument = bones.entities[i]
                if bones.sentence.part:
                    self._said[bones.sentence.part] = bones.entities[i]
            if article and self.entities[bones.entities[i]].kind is Kind.PROGRAM and bones.text.endswith(_SET_UP, 0, i):
                state.program = bones.entities[i]

    # ---- patterns

    def _sentence(self, letter: Letter, bones: Skeleton, state: _State) -> Iterator[Relation]:
        words = _word_search(self.lex).find_words(bones.text)
        for rule in _rules_for(self.lex, bones.letters):
            if rule.words and rule.words.isdisjoint(words):
                continue
            for found in rule.pattern.finditer(bones.text):
                if _NEGATED.search(bones.text, max(0, found.start() - 4), found.end()):
                    continue
                subjects = self._group(bones, found, "s")
                objects = self._group(bones, found, "o")
                if not subjects:
                    subjects = self._default(rule.subject, letter, bones, found, state)
                if rule.both and rule.subject:
                    subjects = list(
                        dict.fromkeys([*subjects, *self._default(rule.subject, letter, bones, found, state)])
                    )
                if not objects or (rule.both and rule.object):
                    objects = list(dict.fromkeys([*objects, *self._default(rule.object, letter, bones, found, state)]))
                groups = _groups(found)
                begin = min(found.start(g) for g in groups)
                if {g[0] for g in groups} != {"s", "o"}:
                    # One side is understood: the words in between, the verb above all, are what states it.
                    begin = found.start() + (bones.text[found.start()] in _MARKS)
                span = bones.span(begin, found.end())
                for s in subjects:
                    for o in objects:
                        if s != o and self._fits(rule, s, o):
                            yield Relation(s, rule.name, o, span, rule.rule, rule.confidence)

    def _fits(self, rule: _Rule, s: str, o: str) -> bool:
        """Whether the contract lets this property hold between these kinds; laws are not made by departments."""
        allowed = self.kinds.get(rule.name)
        subject, obj = self.entities.get(s), self.entities.get(o)
        if subject is None or obj is None:
            return False
        if allowed and (str(subject.kind) not in allowed[0] or str(obj.kind) not in allowed[1]):
            return False
        if rule.rule == "issued.implicit":
            return subject.rule != "instrument.bare" and not _LAW.search(subject.label)
        return True

    @staticmethod
    def _group(bones: Skeleton, found: re.Match[str], name: str) -> list[str]:
        out: list[str] = []
        for group in (name, name + "2"):
            if group in found.re.groupindex and found.group(group) is not None:
                out += bones.named(*found.span(group))
        return out

    def _under_class(self, letter: Letter, bones: Skeleton, state: _State) -> Iterator[Relation]:
        """An award under a heading that names its beneficiaries, in a sentence that names none."""
        if letter.kind not in TITLED_KINDS or not state.group:
            return
        if any(self.entities[i].kind in (Kind.TIER, Kind.GROUP) for i in bones.entities.values()):
            return
        found = re.search(r"给予|奖励|补助|补贴|资助", bones.text)
        source = state.program or self.own(letter)
        if found and source:
            yield Relation(source, "supports", state.group, bones.span(0, found.end()), "support.heading", 0.8)

    def _listed(self, letter: Letter, bones: Skeleton, state: _State) -> Iterator[Relation]:
        """下列金融企业：(一)… (二)…: what the items' headings name is narrower than what the list is of."""
        if letter.kind not in TITLED_KINDS:
            return
        found = _FOLLOWING.search(bones.text)
        if found:
            self._list_of = (bones.entities[found.start(1)], bones.sentence.span.begin)
            return
        if self._list_of is None or not state.group or state.group == self._list_of[0]:
            return
        parent, begin = self._list_of
        if re.search(r"\n[\s\u3000]*第[一二三四五六七八九十百]+条", self.text[begin : bones.sentence.span.begin]):
            self._list_of = None
            return
        yield Relation(state.group, "broader", parent, bones.span(0, len(bones.text)), "broader.list", 0.85)

    def _default(self, what: str, letter: Letter, bones: Skeleton, found: re.Match[str], state: _State) -> list[str]:
        own = self.own(letter)
        if what == "issuer":
            if own or letter.kind in TITLED_KINDS:
                return []
            begin = max(bones.text.rfind(c, 0, found.start() + 1) for c in "。；")
            before = bones.text[begin + 1 : found.end()]
            if WHOLE in before and "\ue000" not in before.rsplit(WHOLE, 1)[1]:
                return []
            if named := self._leading(bones, begin + 1, found.start()):
                return [named]
            return self.fields.get((letter.id, "issuedBy"), [])[:3]
        if what == "home":
            return self._home(letter, bones, found.start())
        if what == "own":
            return [own] if own else []
        if what == "class":
            return [state.group] if state.group else []
        if what in {"last", "source", "topic", "named"}:
            ident = self._near(what, bones, found, state)
            if ident is None and what in {"last", "source"}:
                ident = state.instrument
            if ident is None and what != "topic":
                ident = own
            return [ident] if ident else []
        return []

    def _leading(self, bones: Skeleton, begin: int, end: int) -> str | None:
        """The agency that an earlier clause of the sentence begins with: what later clauses tell is its doing."""
        for i in sorted(bones.entities, reverse=True):
            if begin <= i < end and (i == 0 or bones.text[i - 1] in "，。；："):
                entity = self.entities[bones.entities[i]]
                if entity.kind is Kind.AGENCY and not _HEEDED.match(bones.text, i + 1):
                    return entity.id
        return None

    def _home(self, letter: Letter, bones: Skeleton, at: int) -> list[str]:
        """What 我市 means in a letter: the division of its issuer, if that is a 市."""
        unit = self.text[bones.ends[bones.text.index(WHOLE, at)] - 1]
        for agency in self.fields.get((letter.id, "issuedBy"), []):
            for place in self.fields.get((agency, "jurisdiction"), []):
                if self.entities[place].label.endswith(unit):
                    return [place]
        return []

    def _near(self, what: str, bones: Skeleton, found: re.Match[str], state: _State) -> str | None:
        """The instrument, or the program, that the sentence (else the heading) is about where a match begins."""
        programs: list[int] = []
        instruments: list[int] = []
        for i in sorted(bones.entities):
            if i > found.start():
                break
            kind = self.entities[bones.entities[i]].kind
            if kind is Kind.INSTRUMENT and not bones.text[:i].endswith(("废止", "修订")):
                instruments.append(i)
            elif (
                kind is Kind.PROGRAM
                and not _PAID.search(bones.text, max(0, i - 16), i)
                and not bones.text.endswith(_WON, 0, i)
            ):
                programs.append(i)
        if what == "topic":
            return state.program or (bones.entities[programs[-1]] if programs else state.spoken)
        near = max([*programs, *instruments] if what == "source" else instruments, default=None)
        if near is not None:
            return bones.entities[near]
        return state.program if what == "source" else None


_PAID = re.compile(r"(?:给予|发放|享受|获得|申领|申请|拨付)[^，。；]{0,12}$")
"""Before a program that is what somebody gets, not what the sentence is about."""
_FOLLOWING = re.compile("(?:下列|以下)([\ue008\ue009])[^。；]*：$")
_LAW = re.compile(r"(?:条例|(?<!办)法)$")
"""Laws and local regulations are passed by congresses, whoever drafts them."""
_ISSUED = tuple(v + e for v in ("印发", "出台", "修订", "制定", "编制", "颁布", "实施") for e in ("", "了"))
_SET_UP = ("设立", "实施", "推出", "建立")
_WISH = re.compile(r"建议|应当|希望|争取|力争|拟|推动|鼓励|支持")
_ASKS = re.compile(r".{0,12}?(?:建议|希望|应当|力争|争取)")
_WON = ("入选", "获评", "列入", "纳入", "评为", "入围", "创建", "认定为", "获批")
"""Before a program: a title to be won, which nobody pays under."""
_MARKS = "，。；：、）."
_HEEDED = re.compile(
    r"[^，。；]{0,2}(?:高度重视|坚强领导|领导下|部署|要求|指出|同意|批准|关心|审议|等(?:单位|部门))|[、和与]"
)
"""Behind an agency: what follows is not its own doing, or not its alone."""


def _groups(found: re.Match[str]) -> list[str]:
    return [g for g in found.re.groupindex if found.group(g) is not None]


def _best(relations: Sequence[Relation]) -> list[Relation]:
    """Each statement once: the surest rule, then the shortest words."""
    best: dict[tuple[str, str, str], Relation] = {}
    for r in relations:
        k = (r.subject, r.predicate, r.object)
        old = best.get(k)
        if old is None or (r.confidence, -len(r.span)) > (old.confidence, -len(old.span)):
            best[k] = r
    return sorted(best.values(), key=lambda r: (r.span, r.predicate, r.subject, r.object))


def find_relations(text: str, outline: Outline, linked: LinkedMentions, lex: Lexicon) -> tuple[Relation, ...]:
    """What the sentences state about the entities."""
    return tuple(Relater(text, outline, linked, lex).relations())
