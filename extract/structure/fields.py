"""What letters say of themselves: header fields, letterheads, openings, signatures and dates, as printed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from extract.model import Field, Span
from extract.structure.cues import HAN, Cues, squeeze_label
from extract.structure.lines import Line, LineKind, label_of
from extract.text.dates import DATE, find_dates, iso


def header_fields(text: str, lines: Sequence[Line], indexes: Iterable[int], cues: Cues) -> list[Field]:
    """The fields of labelled lines (案号：…), several a line included; names are those of the label table."""
    out: list[Field] = []
    pending = ""
    for i in indexes:
        line = lines[i]
        if line.kind is LineKind.FIELD and line.note == "value":
            out += _values(pending, line.span, text, cues)
            pending = ""
            continue
        found = [] if line.kind is LineKind.TITLE else list(cues.label.finditer(text, *_ends(line.span)))
        if not found and line.kind is LineKind.FIELD:
            m = cues.strong_label.match(line.text)
            if m:
                name = cues.labels[label_of(m)].field
                out += _values(name, Span(line.span.begin + m.end(), line.span.end), text, cues)
            elif m := cues.bare_label.match(line.text):
                pending = cues.labels[label_of(m)].field
            continue
        for k, m in enumerate(found):
            end = found[k + 1].start() if k + 1 < len(found) else line.span.end
            name = cues.labels[label_of(m)].field
            value = _strip(text, Span(m.end(), end))
            if len(value) == 0:
                pending = name
            else:
                out += _values(name, value, text, cues)
    return out


def _ends(span: Span) -> tuple[int, int]:
    return span.begin, span.end


def _strip(text: str, span: Span) -> Span:
    begin, end = span.begin, span.end
    while begin < end and (text[begin].isspace() or text[begin] in "【[|"):
        begin += 1
    while end > begin and (text[end - 1].isspace() or text[end - 1] in "】]|；;"):
        end -= 1
    return Span(begin, end)


def _values(name: str, span: Span, text: str, cues: Cues) -> list[Field]:
    words = span.of(text)
    if not words or words in ("无", "暂无", "/", "-", "—"):
        return []
    if name == "title":
        return _title_and_number(text, span)
    if name == "proposalNumber":
        m = cues.number_alone.match(words)
        return [_sub("proposalNumber", m, "n", span)] if m else []
    if name == "handlingClass":
        m = cues.handling_class.match(words)
        return (
            [Field(name, m["c"].translate(_NARROW), Span(span.begin + m.start("c"), span.begin + m.end("c")))]
            if m
            else []
        )
    if name in ("issued", "published"):
        return [Field(name, value, where) for where, value in find_dates(text, span.begin, span.end)[:1]]
    if name == "documentNumber":
        return document_numbers(text, span.begin, span.end, cues)[:1]
    if name in ("leadAgency", "coAgency", "handling"):
        return _handlers(name, text, span, cues)
    if name == "review":
        return _reviewed(text, span, cues)
    if name in ("issuedBy", "publisher"):
        return _names(name, text, span)
    if name == "submittedBy":
        return [
            Field(name, v, Span(f.span.begin, f.span.begin + len(v)))
            for f in _names(name, text, span)
            if (v := re.split(r"[（(]", cues.person_tail.sub("", re.sub(r"等\d*[人位名]?$", "", f.value)))[0])
            and not v.isdigit()
        ]
    return [Field(name, words, span)]


_NARROW = str.maketrans("ＡＢＣＤＥＦａｂｃｄｅｆ", "ABCDEFabcdef")


def _sub(name: str, m: re.Match[str], group: str, span: Span) -> Field:
    return Field(name, m[group], Span(span.begin + m.start(group), span.begin + m.end(group)))


def _names(name: str, text: str, span: Span) -> list[Field]:
    out = []
    for m in re.finditer(r"(?:[（(][^（()）]*[)）]|[^、,，;；\s|/])+", span.of(text)):
        words = m[0].rstrip("。.")
        if words.endswith(("）", ")")) and not re.search("[（(]", words):
            words = words[:-1]
        if len(words) >= 2:
            begin = span.begin + m.start()
            out.append(Field(name, words, Span(begin, begin + len(words))))
    return out


def _handlers(name: str, text: str, span: Span, cues: Cues) -> list[Field]:
    """Organs in charge, by the notes behind them if there are any: 市商务局（主办）、市税务局."""
    out = []
    lead, co = cues.patterns["role_lead"], cues.patterns["role_co"]
    found = _names(name, text, span)
    noted = any(lead.search(f.value) for f in found)
    for f in found:
        is_lead = lead.search(f.value)
        note = is_lead or co.search(f.value)
        role = "leadAgency" if is_lead else "coAgency" if note or noted else name
        value = f.value[: note.start()] if note else f.value
        out.append(Field(role, value, Span(f.span.begin, f.span.begin + len(value))))
    return out


def _reviewed(text: str, span: Span, cues: Cues) -> list[Field]:
    """Who is to handle a proposal, as its review says: 立案，交县商务局主办，县财政局会办."""
    out = []
    for m in cues.patterns["review"].finditer(text, span.begin, span.end):
        role = m["role"]
        name = (
            "leadAgency" if cues.patterns["review_lead"].search(role)
            else "coAgency" if cues.patterns["review_co"].search(role) else "handling"
        )  # fmt: skip
        for f in _names(name, text, Span(m.start("list"), m.end("list"))):
            lead = cues.patterns["review_trim"].match(f.value)
            value = f.value[lead.end() :] if lead else f.value
            if cues.organ_tail.search(value) and len(value) >= 3:
                out.append(Field(name, value, Span(f.span.end - len(value), f.span.end)))
    return out


def _title_and_number(text: str, span: Span) -> list[Field]:
    """A title field may carry the number before or after: (20230368)关于…的建议."""
    words = span.of(text)
    out = []
    begin, end = span.begin, span.end
    if m := re.match(r"\s*(?:[（(【\[]\s*第?\s*(\d{2,12})\s*号?\s*[)）】\]]|第\s*(\d{1,12})\s*号\s*[:：]?)\s*", words):
        group = 1 if m[1] else 2
        out.append(Field("proposalNumber", m[group], Span(begin + m.start(group), begin + m.end(group))))
        begin += m.end()
    elif m := re.search(r"\s*[（(【]\s*第?\s*(\d{2,12})\s*号?[^）)】]{0,4}[)）】]\s*$", words):
        out.append(Field("proposalNumber", m[1], Span(begin + m.start(1), begin + m.end(1))))
        end = begin + m.start()
    if text[begin:end].startswith("《") and text[begin:end].endswith("》"):
        begin, end = begin + 1, end - 1
    out.append(Field("title", text[begin:end], Span(begin, end)))
    return out


def document_numbers(text: str, begin: int, end: int, cues: Cues) -> list[Field]:
    """文号 between *begin* and *end*, brackets normalised to 〔〕."""
    out = []
    for m in cues.document_number.finditer(text, begin, end):
        value = re.sub(r"[\[【（(［]", "〔", re.sub(r"[\]】）)］]", "〕", "".join(m[0].split())))
        out.append(Field("documentNumber", value, Span(m.start(), m.end())))
    return out


def organs(text: str, span: Span, cues: Cues, name: str = "issuedBy") -> list[Field]:
    """The organs on a letterhead or signature line; names glued together (…部财政部) are taken apart."""
    out: list[Field] = []
    words = span.of(text)
    if note := cues.organ_note.search(words):
        words = words[: note.start()]
    for m in re.finditer(r"[^\s、,，]+", words):
        token, begin = m[0], span.begin + m.start()
        cuts = list(cues.patterns["organ_cut"].finditer(token))
        pieces = [(c.start(), c.end()) for c in cuts]
        if pieces:
            pieces[-1] = (pieces[-1][0], len(token))
        if len(pieces) < 2 or any(e - b < 3 for b, e in pieces) or not _several(token, pieces, cues):
            pieces = [(0, len(token))]
        for b, e in pieces:
            if e - b >= 2:
                out.append(Field(name, token[b:e], Span(begin + b, begin + e)))
    merged: list[Field] = []
    for f in out:  # 市 场 监 管 局, set with gaps
        if merged and len(f.value) <= 2 and not cues.organ_tail.search(merged[-1].value):
            last = merged.pop()
            whole = Span(last.span.begin, f.span.end)
            f = Field(name, squeeze_label(whole.of(text)), whole)
        merged.append(f)
    return merged


def _several(token: str, pieces: list[tuple[int, int]], cues: Cues) -> bool:
    # Organs of one rank glued together are ministries (…部…部); a name such as 省政府办公厅 or 市委宣传部 is one.
    words = [token[b:e] for b, e in pieces]
    ministries = any(cues.patterns["ministry"].search(w) for w in words)
    return len(token) > 12 and ministries and not cues.patterns["local_organ"].match(words[0])


def signature(text: str, lines: Sequence[Line], tail: Sequence[int], cues: Cues) -> list[Field]:
    """``issuedBy`` and ``issued`` as the lines below a letter say."""
    out: list[Field] = []
    for i in tail:
        line = lines[i]
        if line.kind is LineKind.ORGAN:
            out += organs(text, line.span, cues)
        elif line.kind in (LineKind.DATE, LineKind.SIGNATURE):
            m = DATE.search(text, line.span.begin, line.span.end)
            if m is None:
                continue
            if line.kind is LineKind.SIGNATURE:
                out += organs(text, Span(line.span.begin, m.start()), cues)
            if (value := iso(m)) and not any(f.name == "issued" for f in out):
                out.append(Field("issued", value, Span(m.start(), m.end())))
    return out


def glued_signature(text: str, body: Span, cues: Cues) -> tuple[Span, list[Field]] | None:
    """A signature set on the text's last line (…支持！某市某局2024年8月20日): the text before it, and what it says."""
    line = max(text.rfind("\n", body.begin, body.end) + 1, body.begin)
    dates = list(DATE.finditer(text, line, body.end))
    if not dates or dates[-1].end() < body.end - 2:
        return None
    begin = max(text.rfind(ch, line, dates[-1].start()) for ch in "。！!？） \u3000") + 1
    words = text[begin : dates[-1].start()].strip()
    value = iso(dates[-1])
    if begin <= line or not value or not 4 <= len(words) <= 60 or not cues.organ_tail.search(words):
        return None
    where = Span(begin, dates[-1].start())
    return Span(body.begin, begin), [
        *organs(text, where, cues),
        Field("issued", value, Span(dates[-1].start(), dates[-1].end())),
    ]


def consulted(text: str, begin: int, end: int, cues: Cues) -> list[Field]:
    """Organs whose opinion the opening says it took in: 经综合市财政局、市人社局等单位的意见."""
    for m in cues.consult.finditer(text, begin, end):
        stop = re.compile(r"[。；;：:\n]").search(text, m.end(), end)
        good: list[Field] = []
        after = m.end()
        for words, at in _rejoined(text, m.end(), stop.start() if stop else end, cues):
            name = cues.consult_tail.sub("", words)
            if not cues.organ_tail.search(name) and (cut := cues.patterns["organ_cut"].match(name)):
                name = cut[0]  # 市工业和信息化局+进行了专题研究
            if not (cues.organ_tail.search(name) and 3 <= len(name) <= 30 and not cues.not_consulted.match(name)):
                break
            good.append(Field("consulted", name, Span(at, at + len(name))))
            after = at + len(name)
            if name != words:
                break
        if good and cues.consult_after.match(text, after, end):
            return good
    return []


def handled(text: str, begin: int, end: int, cues: Cues) -> list[Field]:
    """Who else handles a proposal, as a reply's opening says: 由我局主办，市财政局会办; 经综合会办单位市财政局意见."""
    out = []
    for m in cues.patterns["told_co"].finditer(text, begin, end):
        group = "a" if m["a"] else "b"
        for words, at in _rejoined(text, m.start(group), m.end(group), cues):
            if cues.organ_tail.search(words) and 3 <= len(words) <= 30 and not cues.not_consulted.match(words):
                out.append(Field("coAgency", words, Span(at, at + len(words))))
    return out


def all_consulted(text: str, begin: int, end: int, told: Iterable[Field], cues: Cues) -> list[Field]:
    """The co-handlers just named, where the opening says that the opinions of all of them went in."""
    found = cues.patterns["consult_all"].search(text, begin, end)
    return [Field("consulted", f.value, f.span) for f in told] if found else []


def _rejoined(text: str, begin: int, end: int, cues: Cues) -> list[tuple[str, int]]:
    """Split a list of organs at 、 and at those 和 that stand between two of them (not the one in 发展和改革局)."""
    pieces = [(m[0], begin + m.start()) for m in re.finditer(r"[^、,，]+", text[begin:end])]
    out = []
    for words, at in pieces:
        lead = re.match(r"\s*", words)
        assert lead is not None
        words, at = words[lead.end() :].rstrip(), at + lead.end()
        start = 0
        for m in re.finditer("以及|和|及|与", words):
            left, right = words[start : m.start()], words[m.end() :]
            if cues.organ_tail.search(left) and len(left) >= 3 and len(right) >= 3:
                out.append((left, at + start))
                start = m.end()
        out.append((words[start:], at + start))
    return out


def based_on(text: str, begin: int, end: int, cues: Cues) -> list[Field]:
    """Titles of the instruments that the opening names as its ground: 根据《…》(文号)要求."""
    out: list[Field] = []
    for m in cues.based_on.finditer(text, begin, end):
        at = m.end()
        gap = re.compile(rf"[{HAN}、 ]{{0,20}}").match(text, at, end)
        if gap and not text.startswith("《", at):
            at = gap.end() if text.startswith("《", gap.end()) else at
        while (book := cues.patterns["book_list"].match(text, at, end)) is not None:
            title = Span(book.start("t"), book.end("t"))
            if all(f.value != title.of(text) for f in out):
                out.append(Field("basedOn", title.of(text), title))
            at = book.end()
    return out
