"""One form for signs that look the same: radicals, compatibility ideographs, full-width digits, brackets of 文号.

PDF files and old input methods write ⼈ (a radical) for 人, ﹝2023﹞ for 〔2023〕 and ２０２３ for 2023. Each sign
is folded to exactly one sign, so that offsets in the folded text are offsets in the source. The stored text stays as it
is printed.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib.resources import files

_FOLDED = "[\u2e80-\u2fd5\uf900-\ufad9\U0002f800-\U0002fa1d\uff10-\uff19\uff21-\uff3a\uff41-\uff5a﹝﹞［］]"
_MAY_CHANGE = re.compile(_FOLDED)
_BRACKETS = {"﹝": "〔", "﹞": "〕", "［": "〔", "］": "〕"}


def fold_signs(text: str) -> str:
    """Return *text* with one form for each sign; it has the same length."""
    if not _MAY_CHANGE.search(text):
        return text
    return _MAY_CHANGE.sub(lambda m: _fold_sign(m[0]), text)


@cache
def _fold_sign(sign: str) -> str:
    known = _BRACKETS.get(sign) or _load_radicals().get(sign)
    folded = known or unicodedata.normalize("NFKC", sign)
    return folded if len(folded) == 1 else sign


@cache
def _load_radicals() -> dict[str, str]:
    """Return the characters for radicals to which Unicode gives no equivalent."""
    text = (files(__package__) / "signs.toml").read_text(encoding="utf-8")
    radicals: dict[str, str] = tomllib.loads(text)["radicals"]
    return radicals
