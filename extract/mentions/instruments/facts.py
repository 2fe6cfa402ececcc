"""What is printed beside the title of an instrument: its number (文号), short name, date of issue and state."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from extract.mentions.context import MentionContext
from extract.model import Kind, Span
from ontology.lexicons import Lexicon, join_alternatives

NUMBER = re.compile(
    r"(?P<organ>[一-龥]{1,14}?)\s*[〔\[【(（〈]\s*(?P<year>(?:19|20)\d{2})\s*[〕\]】)）〉]\s*(?:第\s*)?(?P<no>\d{1,5})\s*号"
)
_AFTER_TITLE = re.compile(
    rf"[(（，,]?(?:文号[:：]?)?(?:(?P<number>{NUMBER.pattern})|(?P<order>[一-龥]{{2,14}}令第?(?P<count>\d{{1,4}})号))"
)
_DATE = re.compile(r"(?P<y>(?:19|20)\d{2})年(?:(?P<m>\d{1,2})月(?:(?P<d>\d{1,2})日)?)?")
_SHORT = re.compile(
    r"[)）]?[(（](?:以下|下)(?:简称|统称|称)[:：]?(?:为)?[“\"《「]?(?P<short>[^”\"》」)）]{2,20})[”\"》」]?[)）]"
)


@dataclass(frozen=True, slots=True)
class _Words:
    """Some words of the page without white space, and where each character stands."""

    text: str
    offsets: Sequence[int]

    def locate(self, begin: int, end: int) -> str:
        """Return the span of ``text[begin:end]`` in the form of an attribute."""
        return f"{self.offsets[begin]},{self.offsets[end - 1] + 1}"


def _read_words(text: str, begin: int, end: int) -> _Words:
    begin, end = max(0, begin), min(len(text), end)
    words = text[begin:end]
    joined = "".join(words.split())
    if len(joined) == len(words):
        return _Words(joined, range(begin, begin + len(words)))
    return _Words(joined, [i for i, character in enumerate(words, begin) if not character.isspace()])


def read_facts(page: MentionContext, span: Span, first: int | None = None) -> dict[str, str]:
    """What is printed beside a title: number, short name, date and state.

    Args:
        page: the page.
        span: the title.
        first: where the first title of its list begins: what stands before 《甲》、《乙》 is said of both.
    """
    attrs: dict[str, str] = {}
    after = _read_words(page.text, span.end, span.end + 90)
    number, at = _AFTER_TITLE.match(after.text), 0
    if number:
        at = number.end()
        attrs["documentNumber"] = canonical_number(number)
        attrs["number_span"] = after.locate(*number.span("number" if number["number"] else "order"))
    if short := _SHORT.match(after.text, at):
        attrs["short"] = short["short"]
    begin = span.begin if first is None else first
    sentence = page.find_sentence(begin)
    line = page.text.rfind("\n", 0, begin) + 1
    before = _read_words(page.text, max(sentence.span.begin if sentence else line, begin - 100), begin)
    attrs.update(_read_date(page, span, before))
    if not _compile_states(page.lex).asking.search("".join(span.of(page.text).split())):
        attrs.update(_read_state(page, span, before, after) or _infer_state(page, attrs, before, after))
    return attrs


def canonical_number(found: re.Match[str]) -> str:
    """Return a 文号 in the usual brackets: 澄府办〔2022〕63号; an order keeps its form: 商务部令第8号."""
    if "order" in found.re.groupindex and found["order"]:
        return found["order"]
    organ = re.sub(
        r"^(?:根据|按照|依据|文号|和|与|号|等?的?(?:通知|意见|决定|公告|函))", "", re.sub(r"\s", "", found["organ"])
    )
    ordinal = "第" if organ.endswith(("公告", "令", "通告")) and "第" in found.group() else ""
    return f"{organ}〔{found['year']}〕{ordinal}{int(found['no'])}号"


_VERB = re.compile(r"(?:修订|制定|联合|共同|最新|正式|重新)*(?:印发|出台|颁布|发布|公布|实施|施行|修订)(?:实施|了)?$")


def _read_date(page: MentionContext, span: Span, before: _Words) -> dict[str, str]:
    """The date of issue: the last date before the title in its sentence, if a verb of issuing stands between."""
    cut = max(before.text.rfind(c) for c in "。；;》") + 1
    words = before.text[cut:]
    if not _VERB.search(words):
        return {}
    dates = list(_DATE.finditer(words))
    if not dates:
        return _read_this_year(page, span, before, cut)
    last = dates[-1]
    far = len(words) - last.end() > 40 and last.start() > 4
    if far and re.search(r"[，,]", words[last.end() :].strip("，, ")):
        return {}
    if re.match(r"以来|起|底|末|度", words[last.end() :]):
        return {}
    iso = "-".join([last["y"], *(f"{int(last[part]):02d}" for part in "md" if last[part])])
    return {"issued": iso, "issued_span": before.locate(cut + last.start(), cut + last.end())}


_THIS_YEAR = re.compile(r"(?P<year>今年|去年|前年)(?:以来)?(?:(?P<m>\d{1,2})月)?")
_BACK = {"今年": 0, "去年": 1, "前年": 2}


def _read_this_year(page: MentionContext, span: Span, before: _Words, cut: int) -> dict[str, str]:
    """今年3月 … 出台: the year is the letter's."""
    found = next(reversed(list(_THIS_YEAR.finditer(before.text, cut))), None)
    letter = page.find_letter(span.begin)
    issued = letter.get_value("issued") if letter else None
    if found is None or not issued or len(before.text) - found.end() > 40:
        return {}
    iso = str(int(issued[:4]) - _BACK[found["year"]])
    if found["m"]:
        iso += f"-{int(found['m']):02d}"
    return {"issued": iso, "issued_span": before.locate(*found.span())}


@dataclass(frozen=True, slots=True)
class _States:
    states: tuple[tuple[str, re.Pattern[str]], ...]
    intended: re.Pattern[str]
    """Words before a verb of making that say that it is still to happen."""
    planned: re.Pattern[str]
    """The same, where no other words say that it has happened."""
    done: re.Pattern[str]
    """Words that say that the verb of a title has happened."""
    issued_by: re.Pattern[str]
    """An organ and a verb of issuing at the end of some words: 澄溪市商务局印发."""
    relied_on: re.Pattern[str]
    carried_out: re.Pattern[str]
    """A verb at the end of some words that only what is in force can have: 实施, 执行."""
    asking: re.Pattern[str]
    """A title of a letter that asks for something, which has no state."""
    compound: re.Pattern[str]
    """Words behind a title that make it a part of another one: 《甲条例》裁量标准."""
    behind: tuple[tuple[str, re.Pattern[str]], ...]
    """What follows a title and says its state."""


@cache
def _compile_states(lex: Lexicon) -> _States:
    config = lex.read_config("instruments")
    words, behind = config["status"], config["status_behind"]
    return _States(
        tuple((state, re.compile(join_alternatives(words[state]))) for state in words if state != "planned"),
        re.compile(config["status_intended"]), re.compile(join_alternatives(words["planned"])),
        re.compile(config["status_done"]),
        re.compile(config["issued_by"]),
        re.compile(config["relied_on"]),
        re.compile(config["carried_out"]),
        re.compile(config["asking"]),
        re.compile(config["compound"]),
        tuple((state, re.compile("".join(pattern.split()))) for state, pattern in behind.items()),
    )  # fmt: skip


def _read_state(page: MentionContext, span: Span, before: _Words, after: _Words) -> dict[str, str]:
    """The state by the words behind the title, else by the nearest verb before it."""
    patterns = _compile_states(page.lex)
    if patterns.compound.match(after.text):
        return {}
    stop = re.search(r"[。；;《]", after.text[:70])
    tail = after.text[: stop.start() if stop else 70]
    is_used = patterns.carried_out.search(before.text[-40:]) is not None
    if before.text.endswith(("待", "等")) and (found := _AWAITED.match(tail)):
        return {"status": "Draft", "status_span": after.locate(*found.span())}
    for state, pattern in patterns.behind:
        if is_used and state in _NOT_USED:
            continue  # 根据《甲办法》制定细则: it is in force
        if found := pattern.search(tail):
            return {"status": state, "status_span": after.locate(*found.span())}
    words = before.text[-40:]
    cut = len(before.text) - len(words) + max(words.rfind(c) for c in "。；;，,》") + 1
    clause = before.text[cut:]
    best = max(
        (
            (found.end(), len(found.group()), state)
            for state, pattern in patterns.states
            for found in pattern.finditer(clause)
        ),
        default=None,
    )
    if best is None or len(clause) - best[0] > 6 or patterns.carried_out.search(clause):
        return {}
    end, length, state = best
    if state == "InForce" and _is_only_planned(page, span, words, clause, end, length):
        state = "Draft"
    return {"status": state, "status_span": before.locate(cut + end - length, cut + end)}


_AWAITED = re.compile("(?:正式)?(?:印发|出台|发布|公布)")
"""待《甲办法》出台: it has not happened."""
_TO_BE_DONE = frozenset({Kind.COMMITMENT, Kind.SUGGESTION})
_NOT_USED = frozenset({"Draft", "UnderRevision"})
_CARRY_OUT = re.compile("(?:(?:^|[^发定台])实施|施行)$")


_HAPPENED = re.compile("已|曾|了$")


def _is_only_planned(page: MentionContext, span: Span, words: str, clause: str, end: int, length: int) -> bool:
    """Whether the verb of making at *end* of a title's clause has not happened yet: 将出台, or 出台 as a task."""
    patterns = _compile_states(page.lex)
    letter = page.find_letter(span.begin)
    if (
        letter is None
        or letter.body is None
        or span.begin < letter.body.begin
        or page.text.startswith("的通知", span.end)
        or "印发" in span.of(page.text)
    ):
        return False
    if (
        _CARRY_OUT.search(clause[:end])
        or patterns.issued_by.search(clause[:end])
        or patterns.relied_on.search(clause[:end])
    ):
        return False
    if patterns.intended.search(clause[: end - length]) and not _HAPPENED.search(clause[:end]):
        return True
    if clause[:end].endswith(("修订出台", "了")) or clause.startswith("的", end) or patterns.done.search(words):
        return False
    if patterns.planned.search(clause[: end - length]) or page.is_in_part(span.begin, _TO_BE_DONE):
        return True
    return letter.kind is Kind.INSTRUMENT  # it tells others what to make


def _infer_state(page: MentionContext, attrs: dict[str, str], before: _Words, after: _Words) -> dict[str, str]:
    """In force: what is carried out or relied on, and what has a number, which it got when it was issued."""
    if found := _compile_states(page.lex).carried_out.search(before.text[-40:]):
        cut = len(before.text) - len(before.text[-40:])
        return {"status": "InForce", "status_span": before.locate(cut + found.start(), cut + found.end())}
    if "number_span" in attrs:
        return {"status": "InForce", "status_span": attrs["number_span"]}
    return {}
