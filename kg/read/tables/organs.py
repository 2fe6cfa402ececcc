"""Organs in the cells of lists: names beside each other, lead and co-handling ones, and what each of them says."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from extract.text.signs import simplify
from ontology.lexicons import load_lexicon

_MARKS = " \t\n、,，;；。"
_RANKS = "省市县区州旗盟"
"""A first character of a name that a text may leave out: 财政局 for 市财政局."""
_SHORTEST = 3


@cache
def load_lists() -> dict[str, Any]:
    """Return the content of ``lists.toml``."""
    return tomllib.loads((files(__package__) / "lists.toml").read_text(encoding="utf-8"))


def is_organ(words: str) -> bool:
    """Return whether *words* are the name of one organ."""
    return split_organs(words) == [words] and is_name(words)


def split_organs(words: str) -> list[str]:
    """Return the names in a cell with organs beside each other: 1.甲局 2.乙局; 甲局/乙局; 甲局和乙局."""
    settings = load_lists()
    found: list[str] = []
    for piece in re.split(settings["between"], words):
        name = piece.strip(_MARKS)
        begin = 0
        for joint in re.finditer(settings["joint"], name):
            left, right = name[begin : joint.start()], name[joint.end() :]
            if is_name(left) and is_name(right):
                found.append(left)
                begin = joint.end()
        found.append(name[begin:])
    return [name for name in found if name]


def split_roles(words: str) -> tuple[str, str] | None:
    """Return the lead and the co-handling organs of a cell that says which is which; None if it does not.

    The forms are 主办：甲局；会办：乙局、丙局, 甲局（主办）、乙局（会办） and 甲局主办，乙局会办.
    """
    roles, folded = load_lists()["roles"], simplify(words)
    organs: dict[bool, list[str]] = {True: [], False: []}

    def add(role: str, begin: int, end: int) -> None:
        organs[bool(re.match(roles["lead"], role))].append(words[begin:end].strip(_MARKS))

    begins = list(re.finditer(roles["before"], folded))
    if begins and not folded[: begins[0].start()].strip(_MARKS):
        for m, following in zip(begins, [*begins[1:], None], strict=True):
            add(m["role"] or m["bare"] or m["marked"], m.end(), following.start() if following else len(words))
    elif told := list(re.finditer(roles["told"], folded)):
        if re.sub(roles["told"], "", folded).strip(_MARKS):
            return None
        for m in told:
            add(m["role"], *m.span("list"))
    else:
        end = 0
        for m in re.finditer(roles["after"], folded):
            add(m["role"], end, m.start())
            end = m.end()
        if end and words[end:].strip(_MARKS):
            add("", end, len(words))
    if not organs[True] and not organs[False]:
        return None
    return "、".join(filter(None, organs[True])), "、".join(filter(None, organs[False]))


def says_none(words: str) -> bool:
    """Return whether a cell, or what one organ says in it, only tells that nothing came: 暂未收到; 拟于8月底前答复."""
    return _is_all_of(words, "UNANSWERED", "DUE")


def says_undue(words: str) -> bool:
    """Return whether a cell only tells that no answer of its own is due: 撤案, 退回, 不作提案办理, 与第9号合并办理."""
    return _is_all_of(words, "UNDUE", "MERGED")


def says_answered(words: str) -> bool:
    """Return whether a cell only tells that an answer came: 是, 已答复, 2025年6月20日书面答复，委员满意."""
    folded = simplify(words).strip(_MARKS)
    if re.fullmatch(load_lists()["answered"], folded):
        return True
    bare = re.sub("[（()）]", "，", folded)
    return _compile_answered().match(folded) is not None and _is_all_of(
        bare, "ANSWERED", "ANSWERED_ON", "ANSWERED_BESIDE"
    )


@cache
def _compile_answered() -> re.Pattern[str]:
    return re.compile(get_answered())


def get_answered() -> str:
    """Return the pattern of words by which an answer came."""
    return f"(?:{_load_states()['ANSWERED']}|{_load_states()['ANSWERED_ON']})"


def get_unanswered() -> str:
    """Return the pattern of words by which none came yet."""
    return f"(?:{_load_states()['UNANSWERED']}|{_load_states()['DUE']})"


def get_beside() -> str:
    """Return the pattern of words that may stand beside those by which an answer came: 见附件, 委员满意."""
    return f"(?:{_load_states()['ANSWERED_BESIDE']})"


def _is_all_of(words: str, *names: str) -> bool:
    """Return whether each clause of *words* is one of some patterns of ``structure.toml``."""
    one = "|".join(_load_states()[name] for name in names)
    return re.fullmatch(f"(?:{one})(?:[{_MARKS}]+(?:{one}))*", simplify(words).strip(_MARKS)) is not None


def split_states(words: str) -> tuple[str, dict[str, str]]:
    """Return a cell with organs without what it says of their answers, and that by organ: 甲局（已回）."""
    folded = simplify(words)
    states: dict[str, str] = {}
    kept, end = "", 0
    for m in _compile_states().finditer(folded):
        kept += words[end : m.start()]
        end = m.end()
        if names := split_organs(kept):
            state = next(name for name in ("state", "told", "sign") if m[name])
            states[_strip_role(names[-1])] = words[m.start(state) : m.end(state)]
        kept += f"（{words[m.start('role') : m.end('role')]}）" if m["role"] else ""
    return kept + words[end:], states


def _strip_role(name: str) -> str:
    """Return a name without the role behind it: 甲局（主办）."""
    m = re.search(f"(?:{load_lists()['roles']['after']})$", simplify(name))
    return name[: m.start()] if m is not None else name


@cache
def _load_states() -> dict[str, str]:
    """Return words for answers that came or did not (``ANSWERED``, ``UNANSWERED`` … of ``structure.toml``)."""
    patterns: dict[str, str] = load_lexicon().read_config("structure")["patterns"]
    return patterns | {"MERGED": patterns["MERGED"].replace("{CASES}", patterns["CASES"])}


@cache
def _compile_states() -> re.Pattern[str]:
    state = f"(?:{_load_states()['ANSWERED']}|{_load_states()['UNANSWERED']})"
    return re.compile(load_lists()["states"]["behind"].replace("{state}", state))


class Said(NamedTuple):
    """What one organ says in a cell."""

    organ: str
    """Empty if the cell does not say whose words they are."""
    joins: bool
    """Whether it is a co-handling organ."""
    words: str


def split_statements(words: str, lead: Sequence[str], co: Sequence[str]) -> list[Said]:
    """Return what each organ says in a cell that names them: 甲局：同意。乙局：无意见。

    Args:
        words: the text of the cell.
        lead: the lead organs of the row.
        co: its co-handling organs.
    """
    folded, known = simplify(words), {simplify(name): name for name in [*lead, *co]}
    heads = list(_find_heads(folded, known))
    if heads and not folded[: heads[0].start()].strip():
        return _read_heads(words, heads, lead, co)
    pieces = _find_clauses(folded, known) or _find_ends(folded, known)
    found = [(find_full(name, known), _cut(words, begin, end)) for name, begin, end in pieces]
    return [Said(organ, organ in co and organ not in lead, said) for organ, said in found] or [Said("", False, words)]


def _read_heads(words: str, heads: list[re.Match[str]], lead: Sequence[str], co: Sequence[str]) -> list[Said]:
    """Return what stands behind names and roles with colons."""
    known = {simplify(name): name for name in [*lead, *co]}
    found: list[Said] = []
    for m, end in zip(heads, [*(m.start() for m in heads[1:]), len(words)], strict=True):
        if m["role"]:
            joins = not re.match(load_lists()["roles"]["lead"], m["role"])
            organs = co if joins else lead
            organ = organs[0] if len(organs) == 1 else ""
        else:
            organ = find_full(m["known"] or words[slice(*m.span("name"))], known)
            joins = organ in co and organ not in lead
        if said := words[m.end() : end].strip():
            found.append(Said(organ, joins, said))
    return found


def _find_clauses(folded: str, known: Iterable[str]) -> list[tuple[str, int, int]]:
    """Return names and places of clauses that each begin with an organ of the row: 甲局已反馈，乙局未反馈."""
    clause = re.compile(load_lists()["statement"]["clause"].replace("{names}", join_names(known)))
    found: list[tuple[str, int, int]] = []
    for marks in ("，,；;。\n", "，,；;。\n、"):
        pieces = [piece for piece in re.finditer(f"[^{marks}]+", folded) if piece[0].strip()]
        matches = [clause.fullmatch(piece[0].strip()) for piece in pieces]
        if len(matches) > 1 and all(matches):
            for piece, m in zip(pieces, matches, strict=True):
                assert m is not None
                found.append((m["known"], piece.end() - len(piece[0].lstrip()) + m.start("rest"), piece.end()))
            return found
    return []


def _find_ends(folded: str, known: Iterable[str]) -> list[tuple[str, int, int]]:
    """Return names and places of texts that end with an organ of the row: 同意。（甲局）; 同意。甲局."""
    end = load_lists()["statement"]["end"].replace("{names}", join_names(known))
    found: list[tuple[str, int, int]] = []
    begin = 0
    for m in re.finditer(end, folded):
        # a dated signature stays in the text, on lines of its own
        found.append((m["bracket"] or m["bare"], begin, m.end() if m["date"] else m.start()))
        begin = m.end()
    return found if found and not folded[begin:].strip() else []


def find_subjects(words: str, organs: Sequence[str]) -> list[str]:
    """Return the organs that a text begins with, as those who say it: 甲局、乙局均无意见.

    *organs* are those of the row; if it names none, those that the text names.
    """
    known = {simplify(name): name for name in organs}
    names, folded = join_names(known), simplify(words)
    if re.fullmatch(load_lists()["statement"]["all"], folded):
        return list(organs)
    if not organs:
        names = get_lazy_organ()
    m = re.match(load_lists()["statement"]["subject"].replace("{names}", names), folded)
    return [] if m is None else list(dict.fromkeys(find_full(one, known) for one in re.findall(names, m["list"])))


def _find_heads(folded: str, known: dict[str, str]) -> Iterator[re.Match[str]]:
    """Yield the names before the words of organs."""
    head = load_lists()["statement"]["head"]
    head = head.replace("{names}", join_names(known)).replace("{organ}", get_lazy_organ())
    yield from re.finditer(head, folded)


def _cut(words: str, begin: int, end: int) -> str:
    """Return the words of an organ; a dated signature at their end stands on lines of its own."""
    said = words[begin:end].strip()
    m = re.search(load_lists()["statement"]["signature"], said)
    return f"{said[: m.start()].rstrip()}\n{m['organ'].strip()}\n{m['date'].strip()}" if m else said


def join_names(known: Iterable[str]) -> str:
    """Return a pattern for any of some names; for nothing if there is none."""
    return "|".join(_make_pattern(name) for name in sorted(known, key=len, reverse=True)) or "(?!)"


def get_lazy_organ() -> str:
    """Return the pattern of an organ that takes no more than it needs: 甲局 of 甲局会办意见."""
    return str(load_lists()["organ"]).replace("}(", "}?(", 1)


def is_name(words: str) -> bool:
    """Return whether *words* end like the name of an organ."""
    return re.fullmatch(load_lists()["organ"], words) is not None


def _make_pattern(name: str) -> str:
    """Return a pattern for a name whose rank may be left out."""
    if name[:1] in _RANKS and len(name) > _SHORTEST:
        return f"{name[0]}?{re.escape(name[1:])}"
    return re.escape(name)


def find_full(name: str, known: dict[str, str]) -> str:
    """Return the organ of a row that *name* means, as it is printed; *name* itself if it is none of them."""
    return next((full for short, full in known.items() if name in (short, short[1:])), name)
