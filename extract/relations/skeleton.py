"""A sentence's skeleton: its text with every mention as one letter, so that patterns read grammar and not names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from extract.model import Entity, Kind, Sentence, Span

_LETTER: Mapping[Kind, str] = {
    Kind.AGENCY: "\ue000", Kind.ORGANIZATION: "\ue001", Kind.ENTERPRISE: "\ue002", Kind.PERSON: "\ue003",
    Kind.INSTRUMENT: "\ue004", Kind.REPORT: "\ue005", Kind.PROGRAM: "\ue006", Kind.PLATFORM: "\ue007",
    Kind.TIER: "\ue008", Kind.GROUP: "\ue009", Kind.PLACE: "\ue00a",
}  # fmt: skip
WHOLE = "\ue00b"
"""我市, 全省 …: the division itself, which is no agency."""
TITLE = "\ue00c"
"""A title that is no entity (a proposal's): what it says is nobody's statement."""
_CLASS = {
    "A": "\ue000", "O": "\ue000\ue001\ue002", "E": "\ue002", "I": "\ue004\ue005", "P": "\ue006", "F": "\ue007",
    "Q": "\ue006\ue007", "K": "\ue008", "T": "\ue008\ue009", "B": "\ue008\ue009\ue002\ue00a", "L": "\ue00a",
    "Z": WHOLE, "X": "\ue000-\ue00a",
}  # fmt: skip
_LONGEST_LIST = 40
"""Most names of a list behind the first."""
_JOIN = r"[、，]?(?:和|及|与|以及|或|会同|联合)?"


def compile_pattern(pattern: str, words: Mapping[str, str]) -> re.Pattern[str]:
    """A regular expression over skeletons, from the notation of ``relations.toml``."""
    out = re.sub(r"\{(\w+)\}", lambda m: words[m.group(1)] if m.group(1) in words else m.group(), pattern)
    out = out.replace("~~", "[^。；]{0,40}?").replace("~", "[^，。；：]{0,14}?")

    def expand(found: re.Match[str]) -> str:
        letters = f"[{_CLASS[found.group(1)]}]"
        return f"{letters}(?:{_JOIN}{letters}){{0,{_LONGEST_LIST}}}" if found.group(2) else letters

    out = re.sub(r"<\^([A-Z])>", lambda m: f"[^。；{_CLASS[m.group(1)]}]", out)
    return re.compile(re.sub(r"<([A-Z])(\*)?>", expand, out))


def needs(pattern: str) -> tuple[str, ...]:
    """For the subject's and the object's group of a pattern, the letters of which a skeleton must have one."""
    out: list[str] = []
    for found in _GROUP.finditer(pattern):
        depth, end = 1, found.end()
        while depth and end < len(pattern):
            depth += (pattern[end] == "(") - (pattern[end] == ")")
            end += 1
        out.append("".join(_CLASS[m] for m in _LETTERS.findall(pattern, found.end(), end)))
    return tuple(letters for letters in out if letters)


_GROUP = re.compile(r"\(\?P<[so]>")
_LETTERS = re.compile(r"<([A-Z])\*?>")


class Skeleton(NamedTuple):
    """``text`` with its way back to the page: for each character its position, for each mention its entity."""

    sentence: Sentence
    text: str
    at: tuple[int, ...]
    entities: Mapping[int, str]
    """Index of a letter → entity id."""
    ends: Mapping[int, int]
    """Index of a letter → where its mention ends on the page."""
    letters: frozenset[str]
    """The letters that stand for mentions in it."""

    def span(self, begin: int, end: int) -> Span:
        """The page's span of a stretch of the skeleton."""
        last = end - 1
        return Span(self.at[begin], self.ends.get(last, self.at[last] + 1))

    def named(self, begin: int, end: int) -> list[str]:
        """Entities named in a stretch, in order, each once."""
        return list(dict.fromkeys(self.entities[i] for i in range(begin, end) if i in self.entities))


class Roles(NamedTuple):
    """Ids of the entities that a letter speaks of without their names."""

    issuer: str | None
    """我局"""
    addressee: str | None
    """贵局"""
    own: str | None
    """本办法"""


_NOTE = re.compile(r"[（(][^（()）]{0,60}[)）]")
SPEAKER = re.compile(
    r"(?=[我贵全本])(?:(我|贵)(局|厅|委|办|部|署|会|中心|院|处|行)(?![员员托])|(我|全|(?<!资)本)(市|省|区|县|镇|州)(?!场))"
)
_DROP = frozenset("“”\"'‘’「」『』《》 \t\u3000\n\r")
_FOLD = str.maketrans(",;:?!()", "，；：？！（）", "".join(_DROP))
_FOLDED = re.compile("[" + "".join(map(re.escape, sorted(_DROP.union(",;:?!()")))) + "]")
_TITLE = re.compile(r"《[^》\n]*》")
_ASIDE = re.compile(r"号|简称|统称|见附件|下同|含|包括|仅限|除外|如|即")


def skeleton(
    text: str, sentence: Sentence, mentions: list[tuple[Span, str]], kinds: Mapping[str, Entity], roles: Roles
) -> Skeleton:
    """Return a sentence with one letter for each mention, which the relation patterns read.

    我局, 贵局 and 本办法 get the letter of what they mean, titles in 《》 a letter of their own; notes in brackets are
    left out.

    Args:
        text: the text of the page.
        sentence: the sentence in it.
        mentions: of the sentence, outermost only, by position.
        kinds: entities by id.
        roles: what 我局, 贵局 and 本办法 mean.
    """
    begin, end = sentence.span.begin, sentence.span.end
    tokens = [_Token(span.begin, span.end, _LETTER[kinds[ident].kind], ident) for span, ident in mentions]
    tokens += _speakers(text, begin, end, roles)
    tokens += [_Token(m.start(), m.end(), TITLE, None) for m in _TITLE.finditer(text, begin, end)]
    tokens += [
        _Token(m.start(), m.end(), "", None) for m in _NOTE.finditer(text, begin, end) if _ASIDE.search(m.group())
    ]
    tokens.sort(key=_order)
    out: list[str] = []
    at: list[int] = []
    entities: dict[int, str] = {}
    ends: dict[int, int] = {}
    i = begin
    for token in tokens:
        if token.begin < i:
            continue
        _plain(text, i, token.begin, out, at)
        i = token.end
        if token.letter:
            ends[len(at)] = token.end
            if token.ident is not None:
                entities[len(at)] = token.ident
            out.append(token.letter)
            at.append(token.begin)
    _plain(text, i, end, out, at)
    skeletal = "".join(out)
    return Skeleton(sentence, skeletal, tuple(at), entities, ends, frozenset(skeletal[i] for i in ends))


class _Token(NamedTuple):
    """A stretch that becomes one letter, or none."""

    begin: int
    end: int
    letter: str
    ident: str | None


def _order(token: _Token) -> tuple[int, bool, int]:
    """By position; mentions before what is read from the words alone, the longer first."""
    return token.begin, token.ident is None, -token.end


def _speakers(text: str, begin: int, end: int, roles: Roles) -> Iterator[_Token]:
    """我局, 贵局, 我市, 本办法."""
    for m in SPEAKER.finditer(text, begin, end):
        who = roles.issuer if m.group(1) == "我" else roles.addressee if m.group(1) else None
        yield _Token(m.start(), m.end(), _LETTER[Kind.AGENCY] if who else WHOLE, who)
    if roles.own:
        for m in _OWN.finditer(text, begin, end):
            yield _Token(m.start(), m.end(), _LETTER[Kind.INSTRUMENT], roles.own)


def _plain(text: str, begin: int, end: int, out: list[str], at: list[int]) -> None:
    """Add running text, without quotes and white space, its marks made full-width."""
    if begin >= end:
        return
    words = text[begin:end]
    folded = words if _FOLDED.search(words) is None else words.translate(_FOLD)
    out.append(folded)
    if len(folded) == len(words):
        at.extend(range(begin, end))
    else:
        at.extend(i for i, c in enumerate(words, begin) if c not in _DROP)


_OWN = re.compile(r"本(?:实施)?(?:办法|措施|规定|方案|意见|细则|条例|政策|通知|规划|计划|指引|若干措施|若干政策)")
