"""A sentence's skeleton: its text with every mention as one letter, so that patterns read grammar and not names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

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
_JOIN = r"(?:[、，]?(?:和|及|与|以及|或)?|[、，])"


def compile_pattern(pattern: str, words: Mapping[str, str]) -> re.Pattern[str]:
    """A regular expression over skeletons, from the notation of ``relations.toml``."""
    out = re.sub(r"\{(\w+)\}", lambda m: words[m.group(1)] if m.group(1) in words else m.group(), pattern)
    out = out.replace("~~", "[^。；]{0,40}?").replace("~", "[^，。；：]{0,14}?")

    def expand(found: re.Match[str]) -> str:
        letters = f"[{_CLASS[found.group(1)]}]"
        return f"{letters}(?:{_JOIN}{letters})*" if found.group(2) else letters

    out = re.sub(r"<\^([A-Z])>", lambda m: f"[^。；{_CLASS[m.group(1)]}]", out)
    return re.compile(re.sub(r"<([A-Z])(\*)?>", expand, out))


@dataclass(frozen=True, slots=True)
class Skeleton:
    """``text`` with its way back to the page: for each character its position, for each mention its entity."""

    sentence: Sentence
    text: str
    at: tuple[int, ...]
    entities: Mapping[int, str]
    """Index of a letter → entity id."""
    ends: Mapping[int, int]
    """Index of a letter → where its mention ends on the page."""

    def span(self, begin: int, end: int) -> Span:
        """The page's span of a stretch of the skeleton."""
        last = end - 1
        return Span(self.at[begin], self.ends.get(last, self.at[last] + 1))

    def named(self, begin: int, end: int) -> list[str]:
        """Entities named in a stretch, in order, each once."""
        return list(dict.fromkeys(self.entities[i] for i in range(begin, end) if i in self.entities))


_NOTE = re.compile(r"[（(][^（()）]{0,60}[)）]")
_SPEAKER = re.compile(
    r"(我|贵)(局|厅|委|办|部|署|会|中心|院|处|行)(?![员员托])|(我|全|(?<!资)本)(市|省|区|县|镇|州)(?!场)"
)
_DROP = frozenset("“”\"'‘’「」『』《》 \t\u3000\n\r")
_HALF = str.maketrans(",;:?!()", "，；：？！（）")


def skeleton(
    text: str, sentence: Sentence, mentions: list[tuple[Span, str]], kinds: Mapping[str, Entity], *,
    issuer: str | None, addressee: str | None, own: str | None,
) -> Skeleton:  # fmt: skip
    """Make a sentence's skeleton.

    Args:
        mentions: of the sentence, outermost only, by position.
        kinds: entities by id.
        issuer: entity that 我局 means; addressee: that 贵局 means; own: that 本办法 means.
    """
    letters: list[str] = []
    at: list[int] = []
    entities: dict[int, str] = {}
    ends: dict[int, int] = {}
    i, end, k = sentence.span.begin, sentence.span.end, 0
    notes = {
        m.start() + i: m.end() + i
        for m in _NOTE.finditer(text[i:end])
        if re.search(r"号|简称|统称|见附件|下同|含|包括|仅限|除外|如|即", m.group())
    }
    while i < end:
        while k < len(mentions) and mentions[k][0].begin < i:
            k += 1
        if i in notes and (k >= len(mentions) or mentions[k][0].begin != i):
            i = notes[i]
            continue
        if k < len(mentions) and mentions[k][0].begin == i:
            span, ident = mentions[k]
            entities[len(letters)], ends[len(letters)] = ident, span.end
            letters.append(_LETTER[kinds[ident].kind])
            at.append(i)
            i = span.end
            continue
        found = _SPEAKER.match(text, i, end)
        if found:
            who = issuer if found.group(1) == "我" else addressee if found.group(1) else None
            if found.group(3):
                letters.append(WHOLE)
                ends[len(letters) - 1] = found.end()
                at.append(i)
            elif who:
                entities[len(letters)], ends[len(letters)] = who, found.end()
                letters.append(_LETTER[Kind.AGENCY])
                at.append(i)
            else:
                letters.append(WHOLE)
                ends[len(letters) - 1] = found.end()
                at.append(i)
            i = found.end()
            continue
        if own and text[i] == "本" and (found := _OWN.match(text, i, end)):
            entities[len(letters)], ends[len(letters)] = own, found.end()
            letters.append(_LETTER[Kind.INSTRUMENT])
            at.append(i)
            i = found.end()
            continue
        c = text[i]
        if c == "《" and (close := text.find("》", i, end)) > 0:
            letters.append(TITLE)
            ends[len(letters) - 1] = close + 1
            at.append(i)
            i = close + 1
            continue
        if c not in _DROP:
            letters.append(c.translate(_HALF))
            at.append(i)
        i += 1
    return Skeleton(sentence, "".join(letters), tuple(at), entities, ends)


_OWN = re.compile(r"本(?:实施)?(?:办法|措施|规定|方案|意见|细则|条例|政策|通知|规划|计划|指引|若干措施|若干政策)")
