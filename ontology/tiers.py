"""The tier scheme: classes of firms known nation-wide, with their spellings, levels and ladders (``tiers.ttl``).

A user adds tiers, or spellings of known ones, in Turtle files of the same form.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from ontology.errors import LexiconError
from ontology.terms import LEVELS, PK, RDF, SKOS

HOME = Path(__file__).parent / "tiers.ttl"
_QUOTES = str.maketrans("", "", "“”‘’「」『』\"'")

_Values = Mapping[str, Mapping[str, list[NamedNode | Literal]]]
"""Subject → predicate → objects, in the order of the file."""


@dataclass(frozen=True, slots=True)
class Tier:
    """A class of firms that somebody recognises by a standard."""

    iri: str
    label: str
    """Its name in Chinese."""
    aliases: tuple[str, ...]
    """Spellings that name it wherever they stand, sorted; each, and the label, also without quotation marks."""
    level: str
    """Local name in ``pk:`` (``National`` …), or empty where the level is not fixed."""
    broader: tuple[str, ...]
    """IRIs of wider tiers."""
    advances_to: tuple[str, ...]
    """IRIs of the next rungs of its ladder."""
    hidden: tuple[str, ...] = ()
    """Short forms that name it only where the context says so: 高企 also stands in 提高企业."""
    label_en: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Label and aliases."""
        return (self.label, *self.aliases)


@cache
def tiers(extra: str = "") -> tuple[Tier, ...]:
    """The known tiers, sorted by IRI, read once a process.

    Args:
        extra: a user's Turtle file, or a folder whose ``*.ttl`` files are all read; empty for none.

    Raises:
        LexiconError: a file cannot be read or is not Turtle; a tier has not one Chinese ``skos:prefLabel``; its level,
            ``skos:broader`` or ``pk:advancesTo`` is unknown; a spelling is given to two tiers.
    """
    values: dict[str, dict[str, list[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(list))
    for path in (HOME, *_files(extra)):
        _read(path, values)
    found = tuple(_tier(iri, values) for iri in sorted(_instances(values)))
    _check(found, extra or str(HOME))
    return found


def names(known: Iterable[Tier]) -> dict[str, Tier]:
    """Label and aliases of *known* → tier; hidden forms are left out, since they need context."""
    return {name: tier for tier in known for name in tier.names}


def unquoted(name: str) -> str:
    """*name* without quotation marks, which no spelling of a tier depends on."""
    return name.translate(_QUOTES)


def _files(extra: str) -> list[Path]:
    if not extra:
        return []
    path = Path(extra)
    if path.is_dir():
        return sorted(path.glob("*.ttl"))
    return [path]


def _read(path: Path, values: dict[str, dict[str, list[NamedNode | Literal]]]) -> None:
    try:
        for triple in parse(path=path, format=RdfFormat.TURTLE):
            subject, value = triple.subject, triple.object
            # Blank nodes say nothing that a tier needs.
            if isinstance(subject, NamedNode) and isinstance(value, NamedNode | Literal):
                kept = values[subject.value][triple.predicate.value]
                if value not in kept:
                    kept.append(value)
    except (OSError, SyntaxError, ValueError) as error:
        raise LexiconError(f"层级表：{path}：{error}", f"tiers: {path}: {error}") from error


def _instances(values: _Values) -> list[str]:
    tier = NamedNode(PK + "EnterpriseTier")
    return [iri for iri, facts in values.items() if tier in facts.get(RDF + "type", [])]


def _tier(iri: str, values: _Values) -> Tier:
    facts = values[iri]
    labels = _texts(facts.get(SKOS + "prefLabel", []), "zh")
    if len(labels) != 1:
        raise LexiconError(
            f"层级表：<{iri}>：中文 skos:prefLabel 有 {len(labels)} 个，应为一个",
            f"tiers: <{iri}>: {len(labels)} Chinese skos:prefLabel, expected one",
        )
    levels = [v.value.removeprefix(PK) for v in facts.get(PK + "level", [])]
    if len(levels) > 1 or not set(levels) <= set(LEVELS):
        raise LexiconError(
            f"层级表：<{iri}>：pk:level 为 {' '.join(levels)}，应为 {'、'.join(LEVELS)} 之一",
            f"tiers: <{iri}>: pk:level is {' '.join(levels)}, expected one of {' '.join(LEVELS)}",
        )
    label = labels[0]
    spelled = {label, *_texts(facts.get(SKOS + "altLabel", []), "zh")}
    hidden = set(_texts(facts.get(SKOS + "hiddenLabel", []), "zh"))
    return Tier(
        iri=iri,
        label=label,
        aliases=tuple(sorted((spelled | {unquoted(s) for s in spelled}) - {label})),
        level=levels[0] if levels else "",
        broader=tuple(sorted(v.value for v in facts.get(SKOS + "broader", []))),
        advances_to=tuple(sorted(v.value for v in facts.get(PK + "advancesTo", []))),
        hidden=tuple(sorted(hidden | {unquoted(s) for s in hidden})),
        label_en=next(iter(_texts(facts.get(SKOS + "prefLabel", []), "en")), ""),
    )


def _texts(values: Iterable[NamedNode | Literal], language: str) -> list[str]:
    """Literals in *language*; untagged ones count as Chinese, so that a user need not write @zh."""
    return [
        v.value
        for v in values
        if isinstance(v, Literal) and (v.language or "zh").split("-")[0].lower() == language and v.value.strip()
    ]


def _check(found: tuple[Tier, ...], where: str) -> None:
    known = {tier.iri for tier in found}
    owner: dict[str, str] = {}
    for tier in found:
        for other in (*tier.broader, *tier.advances_to):
            if other not in known:
                raise LexiconError(
                    f"层级表：{where}：<{tier.iri}> 指向 <{other}>，后者不是层级",
                    f"tiers: {where}: <{tier.iri}> points to <{other}>, which is no tier",
                )
        for name in (*tier.names, *tier.hidden):
            if owner.setdefault(name, tier.iri) != tier.iri:
                raise LexiconError(
                    f"层级表：{where}：{name} 同时是 <{owner[name]}> 和 <{tier.iri}> 的名称",
                    f"tiers: {where}: {name} names both <{owner[name]}> and <{tier.iri}>",
                )
