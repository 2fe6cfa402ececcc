#!/usr/bin/env python3
"""Write docs/ontology.md and docs/ontology.en.md from the Turtle files of ontology/.

    scripts/make_reference.py            writes both pages
    scripts/make_reference.py --check    fails if a page is not up to date

Headings are the ``# -- 中文 · English`` comments of proposal-kg.ttl and tiers.ttl; all else is read from the graphs.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from rdflib import RDFS, SKOS, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from ontology import ONTOLOGY, SHAPES, TIERS
from ontology.terms import ABSTRACT_CLASSES, CLASSES, PK, PROPERTIES, SCHEMA, SH, TIER
from ontology.tiers import load_tiers, strip_quotes

DOCS = Path(__file__).parent.parent / "docs"
PAGES = {"zh": DOCS / "ontology.md", "en": DOCS / "ontology.en.md"}
SHACL = Namespace(SH)
SCHEMA_ORG = Namespace(SCHEMA)
TERM = Namespace(PK)
PREFIX = re.compile(r"(?m)^@prefix ([\w-]+): <([^>]+)> \.$")
HEADING = re.compile(r"(?m)^# -- (?P<zh>.+) · (?P<en>.+)$|^(?:pk|tier):(?P<term>[\w-]+) a ")

HEAD = {
    "zh": """\
[English](ontology.en.md)

<!-- 由 scripts/make_reference.py 从 ontology/*.ttl 生成，请勿手改。 -->

# 词汇表

图谱用的类、属性和取值，以及图必须满足的条件。机器可读的原件：[`proposal-kg.ttl`](../ontology/proposal-kg.ttl)（词汇）、
[`shapes.ttl`](../ontology/shapes.ttl)（SHACL 形状）、[`tiers.ttl`](../ontology/tiers.ttl)（企业层级）。

| 前缀 | 命名空间 |
| --- | --- |
""",
    "en": """\
[中文](ontology.md)

<!-- Made by scripts/make_reference.py from ontology/*.ttl; do not edit. -->

# Ontology

The classes, properties and values of the graph, and the conditions that a graph must meet. The machine-readable
originals are [`proposal-kg.ttl`](../ontology/proposal-kg.ttl) (vocabulary), [`shapes.ttl`](../ontology/shapes.ttl)
(SHACL shapes) and [`tiers.ttl`](../ontology/tiers.ttl) (tiers of enterprises).

| prefix | namespace |
| --- | --- |
""",
}
SHAPES_HEAD = {
    "zh": "## 图的要求\n\n`kg validate` 按这些形状检查图。\n",
    "en": "## What a graph must be\n\n`kg validate` checks a graph against these shapes.\n",
}
TIERS_HEAD = {
    "zh": """\
## 企业层级

参考知识：只用来认出名称，不进入任何文档的图。自己的层级写在同样格式的 Turtle 文件里。引号有无都行。
标有“短语”的写法只有在上下文里才指该层级。
""",
    "en": """\
## Tiers of enterprises

Reference knowledge: it serves to recognise names and is in no source's graph. Tiers of your own go into a Turtle file
of the same form. Quotation marks do not matter. Spellings after “phrases” name the tier only where the context says so.
""",
}
CLASS_COLUMNS = {"zh": ("类", "是什么", "上位", "相近"), "en": ("class", "meaning", "under", "close to")}
PROPERTY_COLUMNS = {
    "zh": ("属性", "是什么", "从", "到", "个数", "对应的通用词汇"),
    "en": ("property", "meaning", "from", "to", "how many", "standard terms"),
}
VALUE_COLUMNS = {"zh": ("取值", "是什么"), "en": ("value", "meaning")}
TIER_COLUMNS = {
    "zh": ("层级", "级别", "上位", "进阶为", "其他写法"),
    "en": ("tier", "level", "broader", "advances to", "other spellings"),
}
ABSTRACT = {"zh": "（只用下位类）", "en": " (subclasses only)"}
PHRASES = {"zh": "短语：", "en": "phrases: "}
SEPARATOR = {"zh": "；", "en": "; "}
ENUMERATION = {"zh": "、", "en": ", "}


def make_reference(lang: str) -> str:
    """Return the page on the ontology in *lang*."""
    graph, shapes = Graph().parse(ONTOLOGY), Graph().parse(SHAPES)
    text = ONTOLOGY.read_text(encoding="utf-8")
    page = _ReferencePage(graph, shapes, {ns: prefix for prefix, ns in PREFIX.findall(text)}, lang)
    namespaces = sorted(PREFIX.findall(text))
    return "\n".join(
        [
            HEAD[lang] + "\n".join(f"| `{prefix}:` | <{ns}> |" for prefix, ns in namespaces) + "\n",
            *page.format_vocabulary(text),
            *page.format_shapes(),
            *page.format_tiers(),
        ]
    )


class _ReferencePage:
    """Formats the sections of the page from the graphs of the ontology and of its shapes."""

    def __init__(self, graph: Graph, shapes: Graph, prefixes: dict[str, str], lang: str) -> None:
        self.graph = graph
        self.shapes = shapes
        self.prefixes = prefixes
        self.lang = lang

    def format_vocabulary(self, text: str) -> Iterator[str]:
        for heading, names in _read_sections(text, self.lang):
            yield f"## {heading}\n"
            if names[0] in CLASSES:
                yield _format_table(CLASS_COLUMNS[self.lang], map(self._make_class_row, names))
            elif names[0] in PROPERTIES:
                yield _format_table(PROPERTY_COLUMNS[self.lang], map(self._make_property_row, names))
            else:
                yield _format_table(VALUE_COLUMNS[self.lang], map(self._make_value_row, names))

    def _make_class_row(self, name: str) -> list[str]:
        abstract = name in ABSTRACT_CLASSES and (TERM[name], SKOS.scopeNote, None) in self.graph
        return [
            self._format_title(name),
            self._find_text(name, SKOS.definition) + (ABSTRACT[self.lang] if abstract else ""),
            self._format_terms(name, RDFS.subClassOf),
            self._format_terms(name, SKOS.closeMatch),
        ]

    def _make_property_row(self, name: str) -> list[str]:
        above, near = self._format_terms(name, RDFS.subPropertyOf), self._format_terms(name, SKOS.closeMatch)
        most = self.shapes.value(self._find_shape(name), SHACL.maxCount)
        return [
            self._format_title(name),
            self._find_text(name, SKOS.definition),
            self._format_terms(name, SCHEMA_ORG.domainIncludes),
            self._format_terms(name, SCHEMA_ORG.rangeIncludes),
            f"≤ {most}" if most is not None else "",
            SEPARATOR[self.lang].join(x for x in (f"⊂ {above}" if above else "", f"≈ {near}" if near else "") if x),
        ]

    def _make_value_row(self, name: str) -> list[str]:
        return [self._format_title(name), self._find_text(name, SKOS.definition)]

    def format_shapes(self) -> Iterator[str]:
        """Yield what the shapes of classes demand; the demands of property shapes are in the tables of properties."""
        yield SHAPES_HEAD[self.lang]
        text = SHAPES.read_text(encoding="utf-8")
        for name in re.findall(r"(?m)^pks:(\w+) a sh:NodeShape", text):
            shape = URIRef(f"https://w3id.org/proposal-kg/shapes#{name}")
            targets = sorted(self._format_term(t) for t in self.shapes.objects(shape, SHACL.targetClass))
            if not targets:
                continue
            yield f"**{ENUMERATION[self.lang].join(targets)}**\n"
            inner = sorted(
                self.shapes.objects(shape, SHACL.property), key=lambda p: str(self.shapes.value(p, SHACL.path))
            )
            for node in (shape, *inner):
                message = _find_text(self.shapes.objects(node, SHACL.message), self.lang)
                if message:
                    yield f"- {message}"
            yield ""

    def format_tiers(self) -> Iterator[str]:
        yield TIERS_HEAD[self.lang]
        known = {t.iri: t for t in load_tiers()}
        for heading, names in _read_sections(TIERS.read_text(encoding="utf-8"), self.lang):
            yield f"### {heading}\n"
            rows = []
            for tier in (known[TIER + name] for name in names):
                spellings = ["、".join(_select_spellings(tier.aliases, {strip_quotes(tier.label)}))]
                if tier.hidden:
                    spellings.append(PHRASES[self.lang] + "、".join(_select_spellings(tier.hidden, set())))
                above = "、".join(known[i].label for i in tier.advances_to)
                wider = "、".join(known[i].label for i in tier.broader)
                label = tier.label if self.lang == "zh" else f"{tier.label}<br>{tier.label_en}"
                level = self._find_text(tier.level, RDFS.label) if tier.level else ""
                rows.append([label, level, wider, above, SEPARATOR[self.lang].join(filter(None, spellings))])
            yield _format_table(TIER_COLUMNS[self.lang], rows)

    def _find_shape(self, name: str) -> Node:
        """Return the shape of the values of a property."""
        (outer,) = self.shapes.subjects(SHACL.targetSubjectsOf, TERM[name])
        (inner,) = (x for x in self.shapes.objects(outer, SHACL.property) if (x, SHACL.path, TERM[name]) in self.shapes)
        return inner

    def _format_title(self, name: str) -> str:
        return f"`pk:{name}`<br>{self._find_text(name, RDFS.label)}"

    def _find_text(self, name: str, predicate: URIRef) -> str:
        return _find_text(self.graph.objects(TERM[name], predicate), self.lang)

    def _format_terms(self, name: str, predicate: URIRef) -> str:
        return ", ".join(sorted(self._format_term(o) for o in self.graph.objects(TERM[name], predicate)))

    def _format_term(self, term: Node) -> str:
        """Return a term with its prefix."""
        for ns, prefix in self.prefixes.items():
            if str(term).startswith(ns):
                return f"{prefix}:{str(term)[len(ns) :]}"
        return f"<{term}>"


def _read_sections(text: str, lang: str) -> list[tuple[str, list[str]]]:
    """Return the headings of a Turtle file with the terms below each, in the order of the file."""
    sections: list[tuple[str, list[str]]] = []
    for match in HEADING.finditer(text):
        if match[lang]:
            sections.append((match[lang], []))
        else:
            sections[-1][1].append(match["term"])
    return sections


def _select_spellings(names: Iterable[str], shown: set[str]) -> Iterator[str]:
    """Yield the *names* that differ in more than quotation marks from one another and from those *shown*.

    Of two names that differ only in quotation marks the quoted one is given.
    """
    for name in sorted(names, key=lambda n: (-len(n), n)):
        if strip_quotes(name) not in shown:
            shown.add(strip_quotes(name))
            yield name


def _find_text(values: Iterable[Node], language: str) -> str:
    """Return the first literal in *language*; empty if there is none."""
    return next((str(v) for v in values if isinstance(v, Literal) and v.language == language), "")


def _format_table(columns: Iterable[str], rows: Iterable[list[str]]) -> str:
    head = list(columns)
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the pages, or with ``--check`` return 1 if one is out of date."""
    check = "--check" in sys.argv[1:]
    stale = []
    for lang, path in PAGES.items():
        page = make_reference(lang)
        if not check:
            path.write_text(page, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != page:
            stale.append(f"docs/{path.name}")
    for name in stale:
        print(f"{name} 不是最新的，请运行 scripts/make_reference.py。", file=sys.stderr)
        print(f"{name} is out of date: run scripts/make_reference.py.", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
