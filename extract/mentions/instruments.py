"""Mentions of policy instruments and reports: titles in 《》 or after a verb, numbers (文号), dates and states."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from extract.mentions.context import MentionContext
from extract.mentions.geography import Geography
from extract.model import Kind, Mention, Span
from extract.text.search import SpanSet
from ontology.lexicons import Lexicon, join_alternatives

NUMBER = re.compile(
    r"(?P<organ>[一-龥]{1,14}?)\s*[〔\[【(（〈]\s*(?P<year>(?:19|20)\d{2})\s*[〕\]】)）〉]\s*(?:第\s*)?(?P<no>\d{1,5})\s*号"
)
_AFTER_TITLE = re.compile(
    r"\s*(?:\(|（|，|,)?\s*(?:文号[:：]?)?\s*(?P<number>"
    + NUMBER.pattern.replace("?P<organ>", "?:").replace("?P<year>", "?:").replace("?P<no>", "?:")
    + r")"
)
_DATE = re.compile(r"(?P<y>(?:19|20)\d{2})\s*年\s*(?:(?P<m>\d{1,2})\s*月\s*(?:(?P<d>\d{1,2})\s*日)?)?")
_SHORT = re.compile(
    r"\s*[(（]\s*(?:以下|下)(?:简称|统称|称)[:：]?\s*(?:为)?\s*[“\"《「]?(?P<short>[^”\"》」)）]{2,20})[”\"》」]?\s*[)）]"
)


@dataclass(frozen=True, slots=True)
class _Rules:
    instrument: re.Pattern[str]
    report: re.Pattern[str]
    proposal: re.Pattern[str]
    other: re.Pattern[str]
    bare: re.Pattern[str]
    bare_not: re.Pattern[str]
    states: tuple[tuple[str, re.Pattern[str]], ...]
    planned: re.Pattern[str]


@cache
def _rules(lex: Lexicon) -> _Rules:
    config = lex.read_config("instruments")
    tail = r"(?:[(（\[【][^)）\]】]{1,20}[)）\]】]|\d{4}年?版?)*$"
    verbs = join_alternatives(config["verbs"])
    bare = join_alternatives(config["bare_endings"])
    return _Rules(
        re.compile(rf"(?:{join_alternatives(config['endings'])}){tail}"),
        re.compile(rf"(?:{join_alternatives(config['reports'])}){tail}"),
        re.compile(
            rf"^(?:[(（][^)）]{{1,6}}[)）])?(?:{join_alternatives(config['proposal_start'])}).*(?:{join_alternatives(config['proposals'])})\s*{tail}|的(?:{join_alternatives(config['proposals'])})\s*$|(?:提案|议案)$"
        ),
        re.compile(rf"(?:{join_alternatives(config['others'])})$"),
        re.compile(
            rf"(?:{verbs})(?:了|好|实施)?(?P<title>[^，,。；;：:、《》“”\"\s的和与及了]{{4,40}}?(?:{bare}))(?=[，,。；;、)）\s（(的]|等|，|并|$)"
        ),
        re.compile(join_alternatives(config["bare_not"])),
        tuple(
            (state, re.compile(join_alternatives(words)))
            for state, words in config["status"].items()
            if state != "planned"
        ),
        re.compile(join_alternatives(config["status"]["planned"])),
    )


def find_instruments(page: MentionContext, geo: Geography) -> list[Mention]:
    """Every instrument and report that the page names."""
    out = [m for m in _titled(page) if page.is_in_letter(m.span)]
    taken = SpanSet(page.text, (m.span for m in out))
    rules = _rules(page.lex)
    for found in rules.bare.finditer(page.text):
        span = Span(*found.span("title"))
        if taken.overlaps(span) or not page.is_in_letter(span):
            continue
        words = found.group("title")
        if rules.bare_not.match(words) and not _OWN.match(words):
            continue
        name = _OWN.sub("", words)
        out.append(Mention(span, Kind.INSTRUMENT, name, "instrument.bare", 0.7, _attrs(page, span)))
    for found in re.finditer(join_alternatives(page.lex.read_config("instruments")["named"]), page.text):
        span = Span(*found.span())
        if not taken.overlaps(span):
            out.append(Mention(span, Kind.INSTRUMENT, found.group(), "instrument.named", 0.85))
    return out


_OWN = re.compile("^[我本][市省县区]")


def titles(text: str) -> list[Span]:
    """Stretches in 《》, nested ones whole; a 《 without its fellow reaches no further than its line."""
    out: list[Span] = []
    at = 0
    while (begin := text.find("《", at)) >= 0:
        depth, end = 0, -1
        for i in range(begin, min(len(text), begin + 160)):
            c = text[i]
            if c == "《":
                depth += 1
            elif c == "》":
                depth -= 1
                if depth == 0 or text[i + 1 : i + 2] != "》":
                    end = i
                    if depth == 0:
                        break
            elif c == "\n" and text[i + 1 : i + 2] in {"\n", "\u3000", " "} | {""}:
                break
        if end < 0:
            at = begin + 1
            continue
        out.append(Span(begin, end + 1))
        at = end + 1
    return out


def _titled(page: MentionContext) -> list[Mention]:
    rules = _rules(page.lex)
    out: list[Mention] = []
    proposals = {x.get_value("title") for x in page.outline.letters if x.kind is Kind.PROPOSAL}
    for span in titles(page.text):
        inner = Span(span.begin + 1, span.end - 1)
        name = re.sub(r"\s*\n\s*", "", inner.of(page.text)).strip()
        if len(name) < 3 or rules.proposal.search(name) or name in proposals:
            continue
        if rules.other.search(name):
            continue
        if rules.instrument.search(name):
            kind = Kind.INSTRUMENT
        elif rules.report.search(name):
            kind = Kind.REPORT
        elif len(name) < 5:
            continue
        else:
            kind = Kind.INSTRUMENT
        if kind is Kind.INSTRUMENT and re.search(r"报告[)）]?$", name):
            kind = Kind.REPORT
        out.append(Mention(span, kind, name, "instrument.title", 0.95, _attrs(page, span)))
    return out


def _attrs(page: MentionContext, span: Span) -> dict[str, str]:
    """What is printed beside a title: number, short name, date and state."""
    attrs: dict[str, str] = {}
    rest = page.text[span.end : span.end + 60]
    number = _AFTER_TITLE.match(rest)
    if number:
        found = NUMBER.search(number.group("number"))
        if found:
            attrs["documentNumber"] = canonical_number(found)
            attrs["number_span"] = f"{span.end + number.start('number')},{span.end + number.end('number')}"
        rest = rest[number.end() :].lstrip(")） ")
    short = _SHORT.match(rest)
    if short:
        attrs["short"] = short.group("short")
    attrs.update(_date(page, span))
    attrs.update(_state(page, span))
    return attrs


def canonical_number(found: re.Match[str]) -> str:
    """A 文号 in the usual brackets: 东府办〔2022〕63号."""
    organ = re.sub(r"^(?:根据|按照|依据|文号|和|与|号)", "", re.sub(r"\s", "", found.group("organ")))
    return f"{organ}〔{found.group('year')}〕{int(found.group('no'))}号"


_VERB = re.compile(
    r"(?:修订|制定|联合|共同|最新|正式|重新)*(?:印发|出台|颁布|发布|公布|实施|施行|修订)(?:实施|了)?\s*$"
)


def _date(page: MentionContext, span: Span) -> dict[str, str]:
    """The date of issue: the last date before the title in its sentence, if a verb of issuing stands between."""
    words = page.get_words_before(span.begin, 90)
    cut = max(words.rfind(c) for c in "。；;》")
    words = words[cut + 1 :]
    offset = span.begin - len(words)
    if not _VERB.search(words):
        return {}
    dates = list(_DATE.finditer(words))
    if not dates:
        return _this_year(page, span, words, offset)
    last = dates[-1]
    far = len(words) - last.end() > 40 and last.start() > 4
    if far and re.search(r"[，,]", words[last.end() :].strip("，, ")):
        return {}
    if re.match(r"以来|起|底|末|度", words[last.end() :]):
        return {}
    iso = last.group("y")
    if last.group("m"):
        iso += f"-{int(last.group('m')):02d}"
    if last.group("d"):
        iso += f"-{int(last.group('d')):02d}"
    return {"issued": iso, "issued_span": f"{offset + last.start()},{offset + last.end()}"}


_THIS_YEAR = re.compile(r"(?P<year>今年|去年|前年)(?:以来)?(?:(?P<m>\d{1,2})月)?")
_BACK = {"今年": 0, "去年": 1, "前年": 2}


def _this_year(page: MentionContext, span: Span, words: str, offset: int) -> dict[str, str]:
    """今年3月 … 出台: the year is the letter's."""
    found = next(reversed(list(_THIS_YEAR.finditer(words))), None)
    letter = page.find_letter(span.begin)
    issued = letter.get_value("issued") if letter else None
    if found is None or not issued or len(words) - found.end() > 40:
        return {}
    iso = str(int(issued[:4]) - _BACK[found.group("year")])
    if found.group("m"):
        iso += f"-{int(found.group('m')):02d}"
    return {"issued": iso, "issued_span": f"{offset + found.start()},{offset + found.end()}"}


_DONE = re.compile(r"已|曾|先后|\d年|同意")
"""Words in a title's sentence that say its verb has happened."""


def _state(page: MentionContext, span: Span) -> dict[str, str]:
    rules = _rules(page.lex)
    after = page.get_words_after(span.end, 70)
    stop = re.search(r"[。；;《]", after)
    tail = after[: stop.start()] if stop else after
    for state, pattern in rules.states:
        found = pattern.search(tail)
        if state == "Repealed" and found:
            return {"status": state, "status_span": f"{span.end + found.start()},{span.end + found.end()}"}
    words = page.get_words_before(span.begin, 40)
    cut = max(words.rfind(c) for c in "。；;，,》")
    clause = words[cut + 1 :]
    base = span.begin - len(clause)
    best: tuple[int, int, str] | None = None
    for state, pattern in rules.states:
        for found in pattern.finditer(clause):
            key = (found.end(), len(found.group()), state)
            if best is None or key[:2] > best[:2]:
                best = key
    if best is None or len(clause) - best[0] > 6:
        return {}
    end, length, state = best
    done = clause[:end].endswith(("修订出台", "了")) or _DONE.search(words) is not None
    planned = rules.planned.search(clause[: end - length]) is not None
    if state == "InForce" and not done and (planned or page.is_in_commitment(span.begin)):
        state = "Draft"
    return {"status": state, "status_span": f"{base + end - length},{base + end}"}
