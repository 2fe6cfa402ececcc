"""The tier scheme: tiers of enterprises that are known nationwide, with spellings, levels and ladders (``tiers.ttl``).

A user may add tiers, or spellings of known tiers, in Turtle files of the same form.
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

TIERS_FILE = Path(__file__).parent / "tiers.ttl"
_QUOTES = str.maketrans("", "", "“”‘’「」『』\"'")

_Values = Mapping[str, Mapping[str, list[NamedNode | Literal]]]
"""Subject → predicate → objects, in the order of the files."""


@dataclass(frozen=True, slots=True)
class Tier:
    """A class of enterprises that an authority recognises by a standard."""

    iri: str
    label: str
    """Its name in Chinese."""
    aliases: tuple[str, ...]
    """Other spellings, sorted. Each spelling, and the label, is also given without quotation marks."""
    level: str
    """Local name in ``pk:`` (``National`` …), or empty if the level is not fixed."""
    broader: tuple[str, ...]
    """IRIs of wider tiers."""
    advances_to: tuple[str, ...]
    """IRIs of the next tiers of its ladder."""
    hidden: tuple[str, ...] = ()
    """Short forms that need context to be recognised: 高企 also occurs in 提高企业."""
    label_en: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Label and aliases."""
        return (self.label, *self.aliases)


@cache
def load_tiers(extra: str = "") -> tuple[Tier, ...]:
    """Return the known tiers, sorted by IRI. They are read once per process.

    Args:
        extra: a user's Turtle file, or a folder whose ``*.ttl`` files are all read. Empty: none.

    Raises:
        LexiconError: a file cannot be read or is not Turtle, a tier does not have exactly one Chinese
            ``skos:prefLabel``, its level, ``skos:broader`` or ``pk:advancesTo`` is unknown, or two tiers have the same
            spelling.
    """
    values: dict[str, dict[str, list[NamedNode | Literal]]] = defaultdict(lambda: defaultdict(list))
    for path in (TIERS_FILE, *_list_files(extra)):
        _read_file(path, values)
    found = tuple(_make_tier(iri, values) for iri in sorted(_find_tiers(values)))
    _check_tiers(found, extra or str(TIERS_FILE))
    return found


def index_tier_names(known: Iterable[Tier]) -> dict[str, Tier]:
    """Return label and aliases → tier for all *known* tiers. Hidden forms are left out, because they need context."""
    return {name: tier for tier in known for name in tier.names}


def strip_quotes(name: str) -> str:
    """Return *name* without quotation marks. All spellings of a tier also exist without them."""
    return name.translate(_QUOTES)


def _list_files(extra: str) -> list[Path]:
    if not extra:
        return []
    path = Path(extra)
    if path.is_dir():
        return sorted(path.glob("*.ttl"))
    return [path]


def _read_file(path: Path, values: dict[str, dict[str, list[NamedNode | Literal]]]) -> None:
    try:
        for triple in parse(path=path, format=RdfFormat.TURTLE):
            subject, value = triple.subject, triple.object
            # tiers are described without blank nodes
            if isinstance(subject, NamedNode) and isinstance(value, NamedNode | Literal):
                objects = values[subject.value][triple.predicate.value]
                if value not in objects:
                    objects.append(value)
    except (OSError, SyntaxError, ValueError) as error:
        raise LexiconError(f"层级表：{path}：{error}", f"tiers: {path}: {error}") from error


def _find_tiers(values: _Values) -> list[str]:
    tier = NamedNode(PK + "EnterpriseTier")
    return [iri for iri, facts in values.items() if tier in facts.get(RDF + "type", [])]


def _make_tier(iri: str, values: _Values) -> Tier:
    facts = values[iri]
    labels = _select_texts(facts.get(SKOS + "prefLabel", []), "zh")
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
    spelled = {label, *_select_texts(facts.get(SKOS + "altLabel", []), "zh")}
    hidden = set(_select_texts(facts.get(SKOS + "hiddenLabel", []), "zh"))
    return Tier(
        iri=iri,
        label=label,
        aliases=tuple(sorted((spelled | {strip_quotes(s) for s in spelled}) - {label})),
        level=levels[0] if levels else "",
        broader=tuple(sorted(v.value for v in facts.get(SKOS + "broader", []))),
        advances_to=tuple(sorted(v.value for v in facts.get(PK + "advancesTo", []))),
        hidden=tuple(sorted(hidden | {strip_quotes(s) for s in hidden})),
        label_en=next(iter(_select_texts(facts.get(SKOS + "prefLabel", []), "en")), ""),
    )


def _select_texts(values: Iterable[NamedNode | Literal], language: str) -> list[str]:
    """Return the literals in *language*. Literals without a language tag count as Chinese."""
    return [
        v.value
        for v in values
        if isinstance(v, Literal) and (v.language or "zh").split("-")[0].lower() == language and v.value.strip()
    ]


def _check_tiers(found: tuple[Tier, ...], where: str) -> None:
    known = {tier.iri for tier in found}
    owner: dict[str, str] = {}
    for tier in found:
        for other in (*tier.broader, *tier.advances_to):
            if other not in known:
                raise LexiconError(
                    f"层级表：{where}：<{tier.iri}> 指向 <{other}>，后者不是层级",
                    f"tiers: {where}: <{tier.iri}> points to <{other}>, which is not a tier",
                )
        for name in (*tier.names, *tier.hidden):
            if owner.setdefault(name, tier.iri) != tier.iri:
                raise LexiconError(
                    f"层级表：{where}：{name} 同时是 <{owner[name]}> 和 <{tier.iri}> 的名称",
                    f"tiers: {where}: {name} names both <{owner[name]}> and <{tier.iri}>",
                )
