"""One form for signs that mean the same: radicals, compatibility ideographs, full-width digits, brackets of 文号, and
traditional characters.

PDF files and old input methods write ⼈ (a radical) for 人, ﹝2023﹞ for 〔2023〕 and ２０２３ for 2023. Each sign
is folded to exactly one sign, so that offsets in the folded text are offsets in the source. The stored text stays as it
is printed.

A text in traditional characters is folded to simplified ones as a whole. In other texts a traditional character is a
part of a name, and stays; only the words of amounts behind a number (5萬元) are read there, too.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

_FOLDED = "[\u2e80-\u2fd5\uf900-\ufad9\U0002f800-\U0002fa1d\uff10-\uff19\uff21-\uff3a\uff41-\uff5a﹝﹞［］]"
_MAY_CHANGE = re.compile(_FOLDED)
_BRACKETS = {"﹝": "〔", "﹞": "〕", "［": "〔", "］": "〕"}


TRADITIONAL_AMOUNTS = tuple(zip("萬億餘圓個戶畝噸輛", "万亿余圆个户亩吨辆", strict=True))
"""Traditional characters of amounts, which number rules read in any text, with the simplified ones."""


def fold_signs(text: str) -> str:
    """Return *text* with one form for each sign; it has the same length."""
    if _MAY_CHANGE.search(text):
        text = _MAY_CHANGE.sub(lambda m: _fold_sign(m[0]), text)
    return simplify(text) if is_traditional(text) else text


def is_traditional(text: str) -> bool:
    """Return whether a text is in traditional characters."""
    table, config = _load_traditional(), _read_config()["traditional"]
    if text.isascii() or _find_pure().search(text) is None:
        return False
    found = set(text) & table.pure
    if len(found) < config["least_different"]:
        return False
    counted = Counter(text)
    ideographs = sum(n for char, n in counted.items() if "\u4e00" <= char <= "\u9fff")
    return sum(counted[char] for char in found) >= float(config["least_share"]) * ideographs


@cache
def _find_pure() -> re.Pattern[str]:
    """Return a pattern of the characters that only traditional texts have. Most texts have none."""
    return re.compile(f"[{''.join(map(re.escape, sorted(_load_traditional().pure)))}]")


def simplify(text: str) -> str:
    """Return *text* in simplified characters; it has the same length."""
    table = _load_traditional()
    return table.words.sub(lambda m: table.words_simplified[m[0]], text).translate(table.characters)


@cache
def _fold_sign(sign: str) -> str:
    known = _BRACKETS.get(sign) or _load_radicals().get(sign)
    folded = known or unicodedata.normalize("NFKC", sign)
    return folded if len(folded) == 1 else sign


@dataclass(frozen=True, slots=True)
class _Traditional:
    """Traditional characters and what they are folded to."""

    characters: Mapping[int, str]
    """The simplified character by the code of the traditional one."""
    pure: frozenset[str]
    """Traditional characters that no text in simplified characters has."""
    words: re.Pattern[str]
    """Words with a character that has two simplified ones."""
    words_simplified: Mapping[str, str]


@cache
def _load_traditional() -> _Traditional:
    characters: dict[int, str] = {}
    for line in (files(__package__) / "traditional.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            simplified, traditional = line.split("\t")
            characters |= dict.fromkeys(map(ord, traditional), simplified)
    words: dict[str, str] = _read_config()["words"]
    pure = frozenset(char for char in map(chr, characters) if not char.encode("gb2312", "ignore"))
    pattern = re.compile("|".join(map(re.escape, words)))
    return _Traditional(characters, pure, pattern, words)


@cache
def _read_config() -> Mapping[str, Any]:
    return tomllib.loads((files(__package__) / "signs.toml").read_text(encoding="utf-8"))


def _load_radicals() -> Mapping[str, str]:
    """Return the characters for radicals to which Unicode gives no equivalent."""
    radicals: Mapping[str, str] = _read_config()["radicals"]
    return radicals
