#!/usr/bin/env python3
"""Write docs/ontology.md from the Turtle files of ontology/.

    scripts/make_reference.py            writes the page
    scripts/make_reference.py --check    fails if the page is not up to date

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
from ontology.tiers import tiers, unquoted

PAGE = Path(__file__).parent.parent / "docs" / "ontology.md"
SHACL = Namespace(SH)
SCHEMA_ORG = Namespace(SCHEMA)
TERM = Namespace(PK)
PREFIX = re.compile(r"(?m)^@prefix ([\w-]+): <([^>]+)> \.$")
HEADING = re.compile(r"(?m)^# -- (?P<heading>.+)$|^(?:pk|tier):(?P<term>[\w-]+) a ")

HEAD = """\
<!-- 由 scripts/make_reference.py 从 ontology/*.ttl 生成，请勿手改。 Made from ontology/*.ttl; do not edit. -->

# 词汇表 · Ontology

图谱用的类、属性和取值，以及图必须满足的条件。机器可读的原件：[`proposal-kg.ttl`](../ontology/proposal-kg.ttl)（词汇）、
[`shapes.ttl`](../ontology/shapes.ttl)（SHACL 形状）、[`tiers.ttl`](../ontology/tiers.ttl)（企业层级）。

The classes, properties and values of the graph, and what a graph must be. The machine-readable originals are
`proposal-kg.ttl` (vocabulary), `shapes.ttl` (SHACL shapes) and `tiers.ttl` (tiers of enterprises).

| 前缀 Prefix | 命名空间 Namespace |
| --- | --- |
"""
SHAPES_HEAD = """\
## 图的要求 · What a graph must be

`kg validate` 按这些形状检查图。`kg validate` checks a graph against these shapes.
"""
TIERS_HEAD = """\
## 企业层级 · Tiers of enterprises

参考知识：只用来认出名称，不进入任何文档的图。自己的层级写在同样格式的 Turtle 文件里。引号有无都行。
标有“短语”的写法只有在上下文里才指该层级。

Reference knowledge, used to recognise names; in no source's graph. Tiers of your own go into a Turtle file of the same
form. Quotation marks do not matter. Spellings after 短语 name the tier only where the context says so.
"""


def reference() -> str:
    """The page."""
    graph, shapes = Graph().parse(ONTOLOGY), Graph().parse(SHAPES)
    text = ONTOLOGY.read_text(encoding="utf-8")
    page = _Page(graph, shapes, {ns: prefix for prefix, ns in PREFIX.findall(text)})
    namespaces = sorted(PREFIX.findall(text))
    return "\n".join(
        [
            HEAD + "\n".join(f"| `{prefix}:` | <{ns}> |" for prefix, ns in namespaces) + "\n",
            *page.vocabulary(text),
            *page.demands(),
            *_tier_tables(),
        ]
    )


class _Page:
    def __init__(self, graph: Graph, shapes: Graph, prefixes: dict[str, str]) -> None:
        self.graph = graph
        self.shapes = shapes
        self.prefixes = prefixes

    def vocabulary(self, text: str) -> Iterator[str]:
        for heading, names in _sections(text):
            yield f"## {heading}\n"
            if names[0] in CLASSES:
                yield _table("类 Class|是什么 What it is|上位 Under|相近 Close to", map(self.class_row, names))
            elif names[0] in PROPERTIES:
                yield _table(
                    "属性 Property|是什么 What it is|从 From|到 To|个数 How many|对应 Standard terms",
                    map(self.property_row, names),
                )
            else:
                yield _table("取值 Value|是什么 What it is", map(self.value_row, names))

    def class_row(self, name: str) -> list[str]:
        note = "（只用下位类 subclasses only）" if name in ABSTRACT_CLASSES and self.has(name, SKOS.scopeNote) else ""
        return [
            self.title(name),
            self.text(name, SKOS.definition) + note,
            self.terms(name, RDFS.subClassOf),
            self.terms(name, SKOS.closeMatch),
        ]

    def property_row(self, name: str) -> list[str]:
        above, near = self.terms(name, RDFS.subPropertyOf), self.terms(name, SKOS.closeMatch)
        most = self.shapes.value(self.shape(name), SHACL.maxCount)
        return [
            self.title(name),
            self.text(name, SKOS.definition),
            self.terms(name, SCHEMA_ORG.domainIncludes),
            self.terms(name, SCHEMA_ORG.rangeIncludes),
            f"≤ {most}" if most is not None else "",
            "；".join(x for x in (f"⊂ {above}" if above else "", f"≈ {near}" if near else "") if x),
        ]

    def value_row(self, name: str) -> list[str]:
        return [self.title(name), self.text(name, SKOS.definition)]

    def demands(self) -> Iterator[str]:
        """What the shapes of classes demand; what those of properties do stands in the tables above."""
        yield SHAPES_HEAD
        text = SHAPES.read_text(encoding="utf-8")
        for name in re.findall(r"(?m)^pks:(\w+) a sh:NodeShape", text):
            shape = URIRef(f"https://w3id.org/proposal-kg/shapes#{name}")
            targets = sorted(self.name(t) for t in self.shapes.objects(shape, SHACL.targetClass))
            if not targets:
                continue
            yield f"**{'、'.join(targets)}**\n"
            inner = sorted(
                self.shapes.objects(shape, SHACL.property), key=lambda p: str(self.shapes.value(p, SHACL.path))
            )
            for node in (shape, *inner):
                zh, en = (_in(self.shapes.objects(node, SHACL.message), lang) for lang in ("zh", "en"))
                if zh:
                    yield f"- {zh} {en}"
            yield ""

    def shape(self, name: str) -> Node:
        """The shape of the values of a property."""
        (outer,) = self.shapes.subjects(SHACL.targetSubjectsOf, TERM[name])
        (inner,) = self.shapes.objects(outer, SHACL.property)
        return inner

    def has(self, name: str, predicate: URIRef) -> bool:
        return (TERM[name], predicate, None) in self.graph

    def title(self, name: str) -> str:
        values = list(self.graph.objects(TERM[name], RDFS.label))
        zh, en = _in(values, "zh"), _in(values, "en")
        return f"`pk:{name}`<br>{zh}" + (f" {en}" if en != zh else "")

    def text(self, name: str, predicate: URIRef) -> str:
        values = list(self.graph.objects(TERM[name], predicate))
        return f"{_in(values, 'zh')}<br>{_in(values, 'en')}"

    def terms(self, name: str, predicate: URIRef) -> str:
        return ", ".join(sorted(self.name(o) for o in self.graph.objects(TERM[name], predicate)))

    def name(self, term: Node) -> str:
        """A term with its prefix."""
        for ns, prefix in self.prefixes.items():
            if str(term).startswith(ns):
                return f"{prefix}:{str(term)[len(ns) :]}"
        return f"<{term}>"


def _sections(text: str) -> list[tuple[str, list[str]]]:
    """Headings of a Turtle file with the terms below each, in the order of the file."""
    found: list[tuple[str, list[str]]] = []
    for match in HEADING.finditer(text):
        if match["heading"]:
            found.append((match["heading"], []))
        else:
            found[-1][1].append(match["term"])
    return found


def _tier_tables() -> Iterator[str]:
    yield TIERS_HEAD
    known = {t.iri: t for t in tiers()}
    for heading, names in _sections(TIERS.read_text(encoding="utf-8")):
        yield f"### {heading}\n"
        rows = []
        for tier in (known[TIER + name] for name in names):
            spelled = "、".join(_spellings(tier.aliases, {unquoted(tier.label)}))
            if tier.hidden:
                spelled += "；短语：" + "、".join(_spellings(tier.hidden, set()))
            above = "、".join(known[i].label for i in tier.advances_to)
            wider = "、".join(known[i].label for i in tier.broader)
            rows.append([f"{tier.label}<br>{tier.label_en}", tier.level, wider, above, spelled])
        yield _table("层级 Tier|级别 Level|上位 Broader|进阶为 Advances to|其他写法 Spellings", rows)


def _spellings(names: Iterable[str], shown: set[str]) -> Iterator[str]:
    """*names* that differ in more than quotation marks from one another and from those *shown*; the quoted ones."""
    for name in sorted(names, key=lambda n: (-len(n), n)):
        if unquoted(name) not in shown:
            shown.add(unquoted(name))
            yield name


def _in(values: Iterable[Node], language: str) -> str:
    return next((str(v) for v in values if isinstance(v, Literal) and v.language == language), "")


def _table(head: str, rows: Iterable[list[str]]) -> str:
    lines = ["| " + " | ".join(head.split("|")) + " |", "|" + " --- |" * len(head.split("|"))]
    lines += ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def main() -> int:
    page = reference()
    if "--check" in sys.argv[1:]:
        if PAGE.exists() and PAGE.read_text(encoding="utf-8") == page:
            return 0
        print("docs/ontology.md 不是最新的，请运行 scripts/make_reference.py。", file=sys.stderr)
        print("docs/ontology.md is out of date: run scripts/make_reference.py.", file=sys.stderr)
        return 1
    PAGE.write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
