"""Names of divisions in a text: those of the public data, and words that have the form of one.

Known names are in ``divisions.tsv``. Others are found by the way that official Chinese writes them: a short run of
characters that ends in 省/市/区/县/镇 …, at the start of a line or after a mark, and before an organ.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from extract.text.normalize import find_occurrences
from extract.text.segment import Segmenter
from ontology.lexicons import Lexicon, join_alternatives

_STEM_LENGTH = 4
"""Most characters of a division's name before its last one."""
_AROUND = 4
"""How many characters around a name are split into words with it."""
_NO_NAME = frozenset({"t", "v", "ad", "d", "r", "c", "p", "m", "u", "f"})
"""Parts of speech of words that no division's name is made of."""
_NUMBER = re.compile(r"[一-龥]{1,5}[〔\[(（]\d{4}")
"""The rest of a document number: its first characters (澄房市(办〔2024〕2号)) are no division."""
_ORGAN_ENDS = frozenset("局厅署")
"""Last characters of organs, with which no stem of a division's name ends."""
_LEVEL = re.compile("(?:市|区|县|旗|镇|乡|街道)\\Z")
_STEM = re.compile(r"(?:(?![与和及在到赴而])[一-龥])+")


class KnownDivision(NamedTuple):
    short: str
    level: str
    parents: tuple[str, ...]
    """More than one if several counties have the name."""


@dataclass(frozen=True, slots=True)
class DivisionPatterns:
    chain: re.Pattern[str]
    """One to four names before an organ, 关于 and the like."""
    ending: re.Pattern[str]
    """The last characters of a name that is not before an organ, with what shows that a name ends here."""
    before: re.Pattern[str]
    """Matches where a division's name may begin: after a mark, or after a word that cannot belong to it."""
    common: frozenset[str]
    not_ending: tuple[str, ...]
    short_ending: tuple[str, ...]
    """Of these, the endings of a name of three characters before an organ: 芦城市."""
    not_inside: frozenset[str]
    """Characters of no division's name, unless an organ follows it."""
    levels: dict[str, str]
    """Last characters of a name → level."""
    known: dict[str, KnownDivision]
    suffix: re.Pattern[str]
    name: re.Pattern[str]
    other_word: re.Pattern[str]
    """Words that no division's name contains."""
    verbs: frozenset[str]
    """The same words: 会同县 is a county, but 会同+县财政局 is what texts say."""
    verbs_before: frozenset[str]
    """Words right before the division of an organ."""
    prepositions: frozenset[str]
    """Characters that no division's name has behind its first one."""
    others: re.Pattern[str]
    """Words that mean other divisions than one: 周边县."""


@cache
def compile_patterns(lex: Lexicon) -> DivisionPatterns:
    config = lex.read_config("agencies")
    places = config["places"]
    levels = dict(places["levels"])
    unit = join_alternatives(levels)
    agencies = lex.read_table("agencies")
    cores = [row[0] for row in agencies]
    shorts = [word for row in agencies for word in row[1].split()]
    organs = [organ for organ in config["organs"] if len(organ) > 1]
    tail = join_alternatives([*cores, *shorts, *organs, "关于", "委会", "委员会", "委办"])
    leads = frozenset([*places["before_chain"], *(word[-2:] for word in places["proposers"])])
    before_chain, single = join_alternatives(leads), "".join(places["before_chain_short"])
    never = "".join(places["never_first"])
    name = rf"(?:[一-龥](?<![市区县镇乡][和与及])){{1,6}}?(?:{unit})"
    chain = re.compile(
        rf"(?:(?<![^\s《（(“\"、，,。；;：:>])|(?<={before_chain})|(?<=[{single}])(?!.(?<={before_chain}))|(?<=[市区县镇乡][和与及]))(?!{before_chain}|[{never}])((?:{name}){{1,4}})(?={tail}|委(?:[：:、]|$)|第?[一二三四五六七八九十\d]+届)",
        re.M,
    )
    after = join_alternatives(places["after"])
    free = "|".join(f"{ending}(?![{letters}])" for ending, letters in places["free"].items())
    ending = re.compile(rf"(?:{unit})(?=[、，,。；;）)等的与和及\d《“\"]|{after}|[一-龥]{{2,30}}》)|{free}")
    before = re.compile(rf"(?<=[《、，,。；;：:（(“\"与和及在到赴而\s])\Z|(?:{join_alternatives(places['before'])})\Z")
    return DivisionPatterns(
        chain, ending, before, frozenset([*places["common"], *config["city_kinds"]]), tuple(places["not_ending"]),
        tuple(places["short_ending"]),
        frozenset(places["stop"]), levels, _read_divisions(lex),
        re.compile(rf"(?:{unit})$"),
        re.compile(rf"{name}(?=.{{2}}|$)"),
        re.compile(rf"[{places['particles']}]|{join_alternatives(places['words'])}"), frozenset(places["words"]),
        leads,
        frozenset([*places["never_first"], *places["never_inside"]]),
        re.compile(join_alternatives(config["other_divisions"])),
    )  # fmt: skip


def _read_divisions(lex: Lexicon) -> dict[str, KnownDivision]:
    known: dict[str, KnownDivision] = {}
    for full, short, level, parent, *_ in lex.read_table("divisions"):
        if level in {"Provincial", "Municipal"}:
            known[full] = KnownDivision(short, level, (parent,))
        elif level == "County":
            parents = known[full].parents if full in known else ()
            known[full] = KnownDivision(short, level, (*parents, parent))
    return known


def stands_alone(text: str, name: str, words: Segmenter) -> bool:
    """Whether *name* occurs in *text* as words of its own: 南山区 does not in 云南山区, nor 会同县 in 会同县财政局."""
    occurrences = list(find_occurrences(text, name))[:20]
    return not occurrences or any(_are_noun(split_inside(text, *span, words)) for span in occurrences)


def split_inside(text: str, begin: int, end: int, words: Segmenter) -> list[tuple[str, str]] | None:
    """Return the words from *begin* to *end* with their tags; None if one of them crosses an end."""
    first = max(0, begin - _AROUND)
    first = max(first, text.rfind("\n", first, begin) + 1)
    inside: list[tuple[str, str]] = []
    for word in words.segment(text[first : end + _AROUND]):
        left, right = first + word.begin, first + word.end
        if left < begin < right or left < end < right:
            return None
        if begin <= left < end:
            inside.append((word.text, word.tag))
    return inside


def find_chains(text: str, patterns: DivisionPatterns, words: Segmenter) -> list[tuple[str, ...]]:
    """Find chains of division names: those before an organ first, then single names in other places."""
    chains: list[tuple[str, ...]] = []
    at = 0
    while found := patterns.chain.search(text, at):
        chain = _split_names(found.group(1), patterns, strict=False)
        if (
            chain
            and not _NUMBER.match(text, found.end())
            and _has_clean_begin(text, found.start(1), chain[0], patterns, words)
        ):
            chains.append(chain)
            at = found.end()
        else:
            at = found.start() + 1  # 委员走访+白鹭区教育局: the name may begin further on
    sure_names = {name for chain in chains for name in chain}
    for found in patterns.ending.finditer(text):
        stem = "" if _NUMBER.match(text, found.end()) else _find_stem(text, found.start(), patterns)
        chain = _split_names(stem + found.group(), patterns, strict=True) if stem else ()
        if len(chain) != 1 or any(chain[0].endswith(name) and chain[0] != name for name in sure_names):
            continue
        if chain[0] in patterns.known or _may_be_name(text, found.start() - len(stem), found.end(), words):
            chains.append(chain)
    return [*chains, *_find_listed(text, [chain[-1] for chain in chains], patterns, words)]


def _find_listed(text: str, names: list[str], patterns: DivisionPatterns, words: Segmenter) -> list[tuple[str, ...]]:
    """Find the names that a list continues after one of *names*: 北岸区 in 梧桐区、北岸区建成食堂60家."""
    found: list[tuple[str, ...]] = []
    waiting = list(dict.fromkeys(names))
    known = set(waiting)
    while waiting:
        name = waiting.pop()
        level = _LEVEL.search(name)
        if level is None:
            continue
        after = re.compile(rf"{re.escape(name)}[、和与及]((?:(?![和与及])[一-龥]){{2,4}}?{level[0]})")
        for listed in after.finditer(text):
            chain = _split_names(listed[1], patterns, strict=True)
            if len(chain) != 1 or chain[0] in known:
                continue
            inside = split_inside(text, *listed.span(1), words)
            if chain[0] in patterns.known or _are_noun(inside, _NO_NAME - {"f"}):
                found.append(chain)
                known.add(chain[0])
                waiting.append(chain[0])
    return found


def _has_clean_begin(text: str, begin: int, name: str, patterns: DivisionPatterns, words: Segmenter) -> bool:
    """Whether a chain does not begin with a verb: 提交+市(财政局)."""
    if name in patterns.known or name[-1] not in "省市区县":
        return True
    if text[max(0, begin - 2) : begin] in patterns.verbs_before:  # 函告+白鹭区: no word goes on from the verb
        text, begin = text[begin : begin + len(name) + _AROUND], 0
    inside = split_inside(text, begin, begin + len(name), words)
    if not inside:  # the level may begin a word: 探索+市政府
        stem = split_inside(text, begin, begin + len(name) - 1, words)
        if stem is None:  # 经+验报灰鹤县: a word crosses the beginning
            return False
        return not text.startswith("市场", begin + len(name) - 1) and (not stem or _are_noun([*stem, (name[-1], "n")]))
    if _joins_word(name, inside):
        return inside[0][1] not in _NO_NAME or text.count(name) > 1
    stem = inside[:-1] if len(inside) > 1 else inside
    if len(stem) > 1 and any(len(word) > 1 and tag == "n" for word, tag in stem):
        return False
    return _are_noun(inside) and not _ends_in_longer_word(inside)


def _joins_word(name: str, inside: list[tuple[str, str]]) -> bool:
    """Whether a name of three characters ends in what is a word elsewhere: 岚+山区, 芦+城市."""
    return len(name) == len("岚山区") and len(inside) == 2 and len(inside[0][0]) == 1


def _are_noun(inside: list[tuple[str, str]] | None, no_name: frozenset[str] = _NO_NAME) -> bool:
    """Whether words, the last of which says the level, are not all verbs or the like.

    Args:
        inside: the words with their parts of speech; None if a word crosses an end of the name.
        no_name: parts of speech of which no longer word of a name is.
    """
    if inside is None:
        return False
    stem = inside[:-1] if len(inside) > 1 else inside
    if any(len(word) > 1 and tag in no_name for word, tag in stem):
        return False
    if len(stem) > 1 and stem[0][1] in _NO_NAME and stem[-1][1] in {"vn", "n", "a"} and len(stem[-1][0]) > 1:
        return False  # 受+威胁+区
    if stem[-1][1] in {"p", "c"}:  # 请径向+省
        return False
    return not all(len(word) == 1 and tag in _NO_NAME for word, tag in stem)


def _may_be_name(text: str, begin: int, end: int, words: Segmenter) -> bool:
    """Whether the words from *begin* to *end* can be the name of a division: 今年县, 助农集市 and 需跨市 cannot."""
    inside = split_inside(text, begin, end, words)
    if text[end - 1] not in "省市区县州":  # a town may be called 建设街道, but not 托管+磨憨镇
        return not inside or len(inside) < 3 or len(inside[0][0]) == 1 or inside[0][1] not in _NO_NAME
    return _are_noun(inside) and inside is not None and not _ends_in_longer_word(inside)


def _ends_in_longer_word(inside: list[tuple[str, str]]) -> bool:
    """Whether the last of some words is more than a level: 助农+集市, 年+澄溪市."""
    last, tag = inside[-1]
    return len(inside) > 1 and len(last) > 1 and tag in {"n", "ns"}


class CountedPlace(NamedTuple):
    """A division of a list that says their level once, with its place in the text: 青石 in 青石、白沙两镇."""

    begin: int
    end: int
    name: str


_COUNTED_END = re.compile(
    r"(?<=[一-龥]{2})(?P<count>[两二三四五六七八2-8])个?(?P<level>[市区县镇乡旗](?![级域长容委])|街道)"
)
_NUMBERS = ("两二2", "三3", "四4", "五5", "六6", "七7", "八8")
_COUNTS = {word: number for number, words in enumerate(_NUMBERS, 2) for word in words}


def find_counted(text: str, patterns: DivisionPatterns, words: Segmenter) -> list[CountedPlace]:
    """Return the divisions of lists that say their number and level after the last: 青石、白沙*两镇*."""
    found: list[CountedPlace] = []
    for mark in _COUNTED_END.finditer(text):
        items = _read_items(text, mark.start(), _COUNTS[mark["count"]], patterns)
        stems = [text[begin:end] for begin, end in items]
        if items and not all(len(list(words.segment(stem))) == 1 and _is_common(stem, words) for stem in stems):
            found += [CountedPlace(begin, end, text[begin:end] + mark["level"]) for begin, end in items]
    return found


def _read_items(text: str, end: int, count: int, patterns: DivisionPatterns) -> list[tuple[int, int]]:
    """Return the places of the *count* items of a list that ends at *end*; nothing if they are no names."""
    items: list[tuple[int, int]] = []
    while len(items) < count:
        begin = end
        while begin and end - begin < _STEM_LENGTH and _STEM.fullmatch(text, begin - 1, end):
            begin -= 1
        if len(items) == count - 1:
            stem = _find_stem(text, end, patterns)
            begin = end - len(stem)
        elif begin and text[begin - 1] not in "、和与及":
            return []
        if end - begin < 2 or patterns.suffix.search(text, begin, end) or text[begin:end] in patterns.common:
            return []
        items.insert(0, (begin, end))
        end = begin - 1
    return items


def _is_common(stem: str, words: Segmenter) -> bool:
    """Whether a stem is a common word: 产业、生活两区 are no divisions."""
    return all(word.tag not in ("ns", "nr", "nz", "nrt", "x") for word in words.segment(stem))


def _find_stem(text: str, end: int, patterns: DivisionPatterns) -> str:
    """Return the shortest run of two or more characters before *end* where a name may begin; empty if there is none."""
    for begin in range(end - 2, max(-1, end - 1 - _STEM_LENGTH), -1):
        stem = text[begin:end]
        if not _STEM.fullmatch(stem):
            return ""
        if begin == 0 or patterns.before.search(text, max(0, begin - 3), begin):
            return stem
    return ""


def _split_names(words: str, patterns: DivisionPatterns, *, strict: bool) -> tuple[str, ...]:
    """Split 澄溪市临汀区 into its names; empty if one of them is no division.

    Args:
        strict: whether no organ follows, so that a name must have a longer stem without unlikely characters.
    """
    names: list[str] = []
    rest = words
    while rest:
        found = patterns.name.match(rest)
        if found is None:
            return ()
        name = found.group()
        rest = rest[found.end() :]
        stem = patterns.suffix.sub("", name)
        if name in patterns.known and stem not in patterns.verbs:
            names.append(name)
            continue
        short = len(name) == len("芦城市") and not strict and name[0] not in patterns.not_inside
        if name in patterns.common or name[-2:-1] == name[-1]:
            return ()
        if name.endswith(patterns.not_ending) and not (short and name.endswith(patterns.short_ending)):
            return ()
        if len(stem) > (3 if name[-1] == "省" else 4):
            return ()
        if strict and (len(stem) == 1 or any(character in patterns.not_inside for character in stem)):
            return ()
        if patterns.others.fullmatch(stem) or patterns.prepositions.intersection(stem[1:]):
            return ()
        if stem[-1:] in _ORGAN_ENDS:  # 市财政局+市税务局
            return ()
        city = name.endswith(("街道", "镇")) or (short and stem[-1] == "城")
        if patterns.other_word.search(stem.replace("城", "") if city else stem) or (
            len(stem) == 1 and len(words) == len(name)
        ):
            return ()
        names.append(name)
    return tuple(names)
