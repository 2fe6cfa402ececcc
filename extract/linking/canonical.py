"""Canonical names: the fullest official form of a mention, given the home division of its letter."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from extract.mentions.geography import Geography, HomeDivision
from extract.model import Mention
from ontology.lexicons import Lexicon

_FULL_SUFFIX = {"委": "委员会", "办": "办公室"}
_FULL_LEVEL = {
    "国家": "国家级", "全国": "国家级", "部级": "国家级", "省": "省级", "市": "市级", "县": "县级",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CanonicalName:
    """The label of an agency or party."""

    label: str
    division: str = ""
    """Full name of the division that it acts for; empty if it is not known."""


@cache
def _read_long_forms(lex: Lexicon) -> dict[str, str]:
    return dict(lex.read_config("agencies").get("long", {}))


def name_agency(mention: Mention, home: HomeDivision, geography: Geography, lex: Lexicon) -> CanonicalName:
    """Return the canonical name of an agency: 市发改局 in a letter of 澄溪市 is 澄溪市发展和改革局."""
    attrs = mention.attrs
    unit = attrs.get("unit", "")
    if "national" in attrs:
        return CanonicalName(attrs["national"] + unit)
    if "of_issuer" in attrs:
        name = attrs["of_issuer"]
        place = home.resolve_prefix(attrs["prefix"]) if attrs["prefix"] else ""
        return CanonicalName((place + name[1:] if place else name) + unit, place)
    if "full" in attrs:
        return CanonicalName(attrs["full"] + unit)
    if "core" in attrs and ("area" in attrs or "branch" in attrs):
        return _name_local_organ(attrs, home, geography, unit)
    whole = attrs.get("area", "") if not attrs.get("prefix") and not attrs.get("place") else ""
    place = "" if whole else _resolve_place(mention, home)
    prefix = place or whole or attrs.get("prefix", "")
    if "core" in attrs:
        if place and attrs["core"] == "税务" and attrs["suffix"] == "局":
            prefix = "国家税务总局" + prefix
        prefix += attrs.get("government", "")
        return CanonicalName(prefix + attrs["core"] + _expand_suffix(attrs["suffix"]) + unit, place)
    if "organ" in attrs:
        organ = attrs["organ"]
        if organ == "海关" and attrs.get("place"):  # 澄溪海关 is an organ of the centre
            return CanonicalName(mention.name)
        if organ == "法院":
            organ = _name_court(place, attrs.get("prefix", ""), geography, lex)
        long_form = _read_long_forms(lex).get(organ)
        return CanonicalName((long_form.format(prefix) if long_form else prefix + organ) + unit, place)
    if "committee" in attrs:
        committee = _name_committee(attrs["committee"], home, geography, attrs.get("joint", ""))
        return CanonicalName(committee.label + unit, committee.division)
    if "group" in attrs:
        name = attrs["group"]
        if attrs.get("prefix"):
            place = home.resolve_prefix(attrs["prefix"])
            return CanonicalName((place or attrs["prefix"]) + name[1:], place)
        return CanonicalName(name, home.lowest)
    return CanonicalName(mention.name)


_LEVELS = {"省": "Provincial", "自治区": "Provincial", "市": "Municipal", "州": "Municipal", "盟": "Municipal"}


def _name_court(place: str, prefix: str, geography: Geography, lex: Lexicon) -> str:
    """Return the court that 法院 of *place* means: 省法院 is a 高级人民法院."""
    chain = geography.split_chain(place)
    level = geography.levels.get(chain[-1] if chain else place) or _LEVELS.get(prefix, "County")
    courts: dict[str, str] = lex.read_config("agencies")["courts"]
    return courts.get(level, courts["County"])


def _resolve_place(mention: Mention, home: HomeDivision) -> str:
    """Return the full name of the division that an agency's prefix means; empty if it is not known."""
    place = mention.attrs.get("place", "")
    if place:
        if home.county and place == home.county:
            return home.county_chain
        if home.town and place == home.town:
            return home.lowest
        return place
    return home.resolve_prefix(mention.attrs.get("prefix", ""))


def _expand_suffix(suffix: str) -> str:
    return _FULL_SUFFIX.get(suffix, suffix)


def _name_local_organ(attrs: Mapping[str, str], home: HomeDivision, geography: Geography, unit: str) -> CanonicalName:
    """Return the name of an organ of a zone (南汀新区发展和改革局), or of a branch (澄溪市公安局临汀区分局)."""
    core = attrs["core"] + _expand_suffix(attrs["suffix"])
    area = attrs.get("area", "")
    if "branch" not in attrs:
        return CanonicalName(area + core + unit)
    district = area or attrs.get("place", "") or home.county
    found = geography.name_pattern.match(district)
    city = geography.get_full_name(found.group()) if found and found.end() < len(district) else ""
    inside = district[found.end() :] if found and city else district
    city = city or home.city or home.only_city or home.resolve_prefix("市")
    return CanonicalName(city + core + inside + attrs["branch"] + unit, city)


def _name_committee(area: str, home: HomeDivision, geography: Geography, joint: str) -> CanonicalName:
    """Return the name of the administration of *area*: 市高新区 has the 澄溪市高新区管理委员会.

    Args:
        joint: 党工委, if the name has it before 管委会.
    """
    ending = f"{joint}管委会" if joint else "管理委员会"
    if area in {"高新区", "经开区"} and home.lowest:
        return CanonicalName(home.lowest + area + ending, home.lowest)
    if area[:1] in "省市区县" and not area.startswith(("市场", "区域")):
        place = home.resolve_prefix(area[0])
        return CanonicalName((place or area[0]) + area[1:] + ending, place)
    head = geography.name_pattern.match(area)
    return CanonicalName(area + ending, geography.get_full_name(head.group()) if head else "")


def name_party(mention: Mention, home: HomeDivision, geography: Geography) -> CanonicalName:
    """Return the canonical name of a party's branch: 民建市委会 in 澄溪市 is 民建澄溪市委会."""
    place = mention.attrs.get("party", "")
    name = mention.name
    found = re.match(r"(.+?)(省|市|区|县|州)委(会)?$", name)
    if found and not place and home.resolve_prefix(found.group(2)):
        division = home.resolve_prefix(found.group(2))
        return CanonicalName(f"{found.group(1)}{division}委{found.group(3) or '会'}", division)
    if place and geography.get_full_name(place):
        return CanonicalName(name, geography.get_full_name(place))
    return CanonicalName(name, home.lowest)


def name_tier(mention: Mention) -> str:
    """Return the label of a tier: that of its scheme, with the level that the text states."""
    attrs = mention.attrs
    if "tier" not in attrs:
        return attrs.get("of", mention.name).strip('“”"')
    level = attrs.get("level_word", "")
    label = attrs["tier"]
    if not level:
        return label
    level = _FULL_LEVEL.get(level, level)
    return label if label.startswith(level) else level + label
