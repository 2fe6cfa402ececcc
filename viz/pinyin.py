"""How the characters of names are read, so that a page can be searched by pinyin and by initials.

The page gets a table of characters, not of names: a name of ten characters needs no ten readings of its own, and one
character with two (重) is found by both.
"""

from __future__ import annotations

from collections.abc import Iterable


def readings(names: Iterable[str]) -> dict[str, str]:
    """The readings of every Chinese character in *names*, without tones (ü as v), with blanks between several.

    The same table for the same names, in whatever order.
    """
    characters = sorted({c for name in names for c in name if "\u3400" <= c <= "\u9fff" or c >= "\U00020000"})
    if not characters:
        return {}
    from pypinyin import Style, pinyin  # a dictionary of phrases comes with it: a tenth of a second

    found: dict[str, str] = {}
    for c in characters:
        said = pinyin(c, style=Style.NORMAL, heteronym=True, errors="ignore", v_to_u=False)
        if said:
            found[c] = " ".join(dict.fromkeys(said[0]))
    return found
