"""Canonical names: from what a mention says and the place that its letter speaks for, to the fullest official form."""

from __future__ import annotations

import re
from functools import cache

from extract.mentions.geography import Geography, Home
from extract.model import Mention
from ontology.lexicons import Lexicon

_FULL_SUFFIX = {"委": "委员会", "办": "办公室"}


@cache
def _long(lex: Lexicon) -> dict[str, str]:
    return dict(lex.config("agencies").get("long", {}))


def place_of(mention: Mention, home: Home) -> str:
    """The division that an agency's prefix means: its full name, or "" if it is not known."""
    attrs = mention.attrs
    place = attrs.get("place", "")
    if place:
        if home.county and place == home.county:
            return home.county_chain
        if home.town and place == home.town:
            return home.lowest
        return place
    return home.at(attrs.get("prefix", ""))


def agency(mention: Mention, home: Home, geo: Geography, lex: Lexicon) -> tuple[str, str]:
    """(label, division) of an agency's mention: 市发改局 in a letter of 澄溪市 is 澄溪市发展和改革局."""
    attrs = mention.attrs
    unit = attrs.get("unit", "")
    if "national" in attrs:
        return attrs["national"] + unit, ""
    if "of_issuer" in attrs:
        name = attrs["of_issuer"]
        place = home.at(attrs["prefix"]) if attrs["prefix"] else ""
        return (place + name[1:] if place else name) + unit, place
    if "full" in attrs:
        return attrs["full"] + unit, ""
    if "area" in attrs:
        return attrs["area"] + attrs["core"] + _FULL_SUFFIX.get(attrs["suffix"], attrs["suffix"]) + unit, ""
    place = place_of(mention, home)
    prefix = place or attrs.get("prefix", "")
    if "core" in attrs:
        suffix = _FULL_SUFFIX.get(attrs["suffix"], attrs["suffix"])
        return prefix + attrs["core"] + suffix + unit, place
    if "organ" in attrs:
        organ = attrs["organ"]
        form = _long(lex).get(organ)
        return (form.format(prefix) if form else prefix + organ) + unit, place
    if "committee" in attrs:
        area = attrs["committee"]
        tail = "管理委员会"
        head = geo.names.match(area)
        if area[:1] in "省市区县" and not area.startswith(("市场", "区域")):
            place = home.at(area[0])
            return (place or area[0]) + area[1:] + tail, place
        place = geo.full(head.group()) if head else ""
        return area + tail, place
    if "group" in attrs:
        name = attrs["group"]
        if attrs.get("prefix"):
            place = home.at(attrs["prefix"])
            return (place or attrs["prefix"]) + name[1:], place
        return name, home.lowest
    return mention.name, ""


def party(mention: Mention, home: Home, geo: Geography) -> tuple[str, str]:
    """(label, division) of a party's branch: 民建市委会 in 澄溪市 is 民建澄溪市委会."""
    place = mention.attrs.get("party", "")
    name = mention.name
    found = re.match(r"(.+?)(省|市|区|县|州)委(会)?$", name)
    if found and not place and home.at(found.group(2)):
        full = home.at(found.group(2))
        return f"{found.group(1)}{full}委{found.group(3) or '会'}", full
    if place and geo.full(place):
        return name, geo.full(place)
    return name, home.lowest


def tier(mention: Mention) -> str:
    """The label of a tier: the scheme's, with the level that the text gives it."""
    attrs = mention.attrs
    if "tier" not in attrs:
        return attrs.get("of", mention.name).strip('“”"')
    word = attrs.get("level_word", "")
    label = attrs["tier"]
    if not word:
        return label
    word = {"国家": "国家级", "全国": "国家级", "部级": "国家级", "省": "省级", "市": "市级", "县": "县级"}.get(
        word, word
    )
    return label if label.startswith(word) else word + label
