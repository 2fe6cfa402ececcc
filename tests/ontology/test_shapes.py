"""The shapes pass what the builder writes, and name what is wrong with anything else."""

from __future__ import annotations

from functools import cache

import pyoxigraph
import pyshacl
import pytest
from rdflib import RDF, RDFS, SKOS, BNode, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from extract.model import Extraction
from kg.rdf.graph import build_quads
from ontology import SHAPES, terms

PK = Namespace(terms.PK)
PKS = Namespace("https://w3id.org/proposal-kg/shapes#")
SH = Namespace(terms.SH)
NIF = Namespace(terms.NIF)
PROV = Namespace(terms.PROV)
DCTERMS = Namespace(terms.DCTERMS)
DECIMAL = URIRef(terms.XSD + "decimal")
CONSTRAINTS = (
    "minCount", "maxCount", "datatype", "class", "in", "or", "pattern", "minLength", "minInclusive", "maxInclusive",
    "nodeKind", "lessThan",
)  # fmt: skip


@cache
def shapes() -> Graph:
    return Graph().parse(SHAPES)


@pytest.fixture
def graph(extraction: Extraction) -> Graph:
    """The graph of the invented page, as the builder writes it."""
    triples = (q.triple for q in build_quads(extraction))
    return Graph().parse(data=pyoxigraph.serialize(triples, format=pyoxigraph.RdfFormat.N_TRIPLES), format="nt")


def messages(graph: Graph, language: str = "en") -> dict[str, set[str]]:
    """Focus node → what is wrong with it."""
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes(), inference="none")
    assert isinstance(report, Graph)
    found: dict[str, set[str]] = {}
    for result in report.subjects(RDF.type, SH.ValidationResult):
        texts = [o for o in report.objects(result, SH.resultMessage) if isinstance(o, Literal)]
        found.setdefault(str(report.value(result, SH.focusNode)), set()).update(
            str(t) for t in texts if t.language == language
        )
    return found


def a(graph: Graph, kind: str) -> URIRef:
    """Some node of a class: the first by IRI."""
    return min(s for s in graph.subjects(RDF.type, PK[kind]) if isinstance(s, URIRef))


def test_what_the_builder_writes_passes(graph: Graph) -> None:
    assert messages(graph) == {}
    assert {local for local in terms.FIGURE_CLASSES if (None, RDF.type, PK[local]) in graph} >= {"Provision", "Target"}


def test_two_sources_that_differ_on_status_and_date_pass(graph: Graph) -> None:
    instrument = a(graph, "PolicyInstrument")
    graph.add((instrument, PK.status, PK.Draft))
    graph.add((instrument, DCTERMS.issued, Literal("2023-01", datatype=URIRef(terms.XSD + "gYearMonth"))))
    assert messages(graph) == {}


def test_the_shapes_are_valid_shacl() -> None:
    conforms, _, text = pyshacl.validate(Graph(), shacl_graph=shapes(), meta_shacl=True)
    assert conforms, text


def test_every_constraint_has_a_message_in_both_languages() -> None:
    checked = 0
    for node in set(shapes().subjects(SH.path)) | set(shapes().subjects(RDF.type, SH.NodeShape)):
        inside_or = any(True for s, p in shapes().subject_predicates(node) if p == SH.property and isinstance(s, BNode))
        if inside_or or not any((node, SH[c], None) in shapes() for c in CONSTRAINTS):
            continue
        checked += 1
        languages = sorted(str(m.language) for m in shapes().objects(node, SH.message) if isinstance(m, Literal))
        assert languages == ["en", "zh"], shapes().value(node, SH.path) or node
    assert checked > 100


REMOVED = [
    ("Agency", RDFS.label, "exactly one name"),
    ("Agency", PROV.wasQuotedFrom, "no words behind it"),
    ("EnterpriseTier", RDFS.label, "exactly one name"),
    ("Proposal", RDFS.label, "has a name"),
    ("LeadReply", DCTERMS.source, "names the source"),
    ("Suggestion", PK.text, "has its words"),
    ("Measure", PK.partOf, "belongs to a document"),
    ("Commitment", PROV.wasQuotedFrom, "no words behind it"),
    ("Commitment", RDFS.label, "exactly one name"),
    ("Provision", PK.value, "has a value"),
    ("Observation", PK.bound, "how it is bounded"),
    ("Target", PROV.wasQuotedFrom, "no words behind it"),
    ("Evidence", RDF.subject, "exactly one subject"),
    ("Evidence", RDF.predicate, "exactly one predicate"),
    ("Evidence", RDF.object, "exactly one object"),
    ("Evidence", PROV.wasQuotedFrom, "no words behind it"),
    ("Evidence", PK.confidence, "how sure it is"),
    ("Evidence", PK.extractor, "which rule"),
]


@pytest.mark.parametrize(("kind", "predicate", "says"), REMOVED)
def test_what_is_missing_is_named(graph: Graph, kind: str, predicate: URIRef, says: str) -> None:
    node = a(graph, kind)
    assert (node, predicate, None) in graph
    graph.remove((node, predicate, None))
    assert any(says in m for m in messages(graph)[str(node)])


@pytest.mark.parametrize(
    ("kind", "predicate"),
    [
        *((NIF.Phrase, p) for p in (NIF.beginIndex, NIF.endIndex, NIF.anchorOf, NIF.referenceContext)),
        *((NIF.Context, p) for p in (NIF.isString, PK.sha256, PK.sourcePath)),
    ],
)
def test_spans_and_sources_are_complete(graph: Graph, kind: URIRef, predicate: URIRef) -> None:
    node = min(s for s in graph.subjects(RDF.type, kind) if isinstance(s, URIRef))
    assert (node, predicate, None) in graph
    graph.remove((node, predicate, None))
    assert messages(graph)[str(node)]


REPLACED = [
    ("Proposal", PK.proposalNumber, Literal(""), "not empty"),
    ("LeadReply", DCTERMS.issued, Literal("2024年5月"), "real xsd:date"),
    ("LeadReply", DCTERMS.issued, Literal("2024-02-31", datatype=URIRef(terms.XSD + "date")), "real xsd:date"),
    ("Agency", RDFS.label, Literal("某局"), "language tag"),
    ("Provision", PK.value, Literal("五十万"), "a number"),
    ("Provision", PK.bound, PK.National, "Exactly, AtLeast"),
    ("Provision", PK.unit, Literal(""), "not empty"),
    ("PolicyInstrument", PK.status, PK.Exactly, "InForce, Draft"),
    ("EnterpriseTier", PK.level, PK.Draft, "National, Provincial"),
    ("Evidence", PK.confidence, Literal("1.5", datatype=DECIMAL), "from 0 to 1"),
    ("Evidence", PK.confidence, Literal("-0.1", datatype=DECIMAL), "from 0 to 1"),
]


@pytest.mark.parametrize(("kind", "predicate", "value", "says"), REPLACED)
def test_what_has_a_wrong_value_is_named(
    graph: Graph, kind: str, predicate: URIRef, value: Literal | URIRef, says: str
) -> None:
    node = a(graph, kind)
    graph.set((node, predicate, value))
    assert any(says in m for m in messages(graph)[str(node)])


ADDED = [
    ("Provision", PK.value, Literal("2", datatype=DECIMAL)),
    ("Provision", PK.bound, PK.About),
    ("EnterpriseTier", PK.level, PK.Town),
    ("Agency", RDFS.label, Literal("另一个名称", lang="zh")),
    ("Agency", SKOS.altLabel, Literal("", lang="zh")),
    ("Suggestion", PK.text, Literal("另一段话")),
]


@pytest.mark.parametrize(("kind", "predicate", "value"), ADDED)
def test_what_is_said_once_too_often_is_named(graph: Graph, kind: str, predicate: URIRef, value: Node) -> None:
    node = a(graph, kind)
    graph.add((node, predicate, value))
    assert messages(graph)[str(node)]


def test_each_property_goes_from_the_right_class_only(graph: Graph) -> None:
    """A span is never the subject of one of our properties, but for where it stands."""
    place, (context,) = a(graph, "Place"), graph.subjects(RDF.type, NIF.Context)
    names = sorted(terms.PROPERTIES - {"locator"})
    spans = {name: URIRef(f"{context}#char={i},{i + 1}") for i, name in enumerate(names)}
    for name, span in spans.items():
        graph.set((span, RDF.type, NIF.Phrase))
        graph.add((span, PK[name], Literal("x") if name in terms.DATA_PROPERTIES else place))
    said = messages(graph)
    assert [n for n, span in spans.items() if not any(f"pk:{n}) " in m for m in said[str(span)])] == []


def test_each_property_goes_to_the_right_class_only(graph: Graph) -> None:
    """A span is never the object of one of our properties, whatever its subject is."""
    span = min(graph.subjects(RDF.type, NIF.Phrase))
    subjects = {}
    for predicate in [PK[name] for name in sorted(terms.OBJECT_PROPERTIES)] + [SKOS.broader]:
        (shape,) = shapes().subjects(SH.targetSubjectsOf, predicate)
        kind = shapes().value(shape, SH["class"]) or next(
            shapes().value(o, SH["class"]) for o in shapes().items(shapes().value(shape, SH["or"]))
        )
        subject = subjects[predicate] = URIRef(f"https://example.org/subject/{len(subjects)}")
        graph.add((subject, RDF.type, kind))
        graph.add((subject, predicate, span))
    said = messages(graph)
    spelled = {p: f"(pk:{p[len(terms.PK) :]}) " if p.startswith(terms.PK) else "(skos:broader) " for p in subjects}
    assert [p for p, subject in subjects.items() if not any(spelled[p] in m for m in said[str(subject)])] == []


def test_a_span_that_ends_before_it_begins_is_named(graph: Graph) -> None:
    span = min(graph.subjects(RDF.type, NIF.Phrase))
    graph.set((span, NIF.beginIndex, Literal("99999", datatype=URIRef(terms.XSD + "nonNegativeInteger"))))
    assert any("less than its end" in m for m in messages(graph)[str(span)])


def test_a_span_without_position_in_its_iri_is_named(graph: Graph) -> None:
    (context,) = graph.subjects(RDF.type, NIF.Context)
    graph.add((URIRef("https://example.org/words"), RDF.type, NIF.Phrase))
    assert any("#char=BEGIN,END" in m for m in messages(graph)["https://example.org/words"])
    assert str(context) not in messages(graph)


def test_a_reply_is_a_lead_reply_or_an_opinion(graph: Graph) -> None:
    reply = a(graph, "LeadReply")
    graph.add((reply, RDF.type, PK.Reply))
    assert messages(graph) == {}
    graph.remove((reply, RDF.type, PK.LeadReply))
    assert any("either a pk:LeadReply or a pk:CoHandlingOpinion" in m for m in messages(graph)[str(reply)])


def test_a_document_is_in_a_source_or_quoted_from_one(graph: Graph) -> None:
    proposal = a(graph, "Proposal")
    graph.remove((proposal, DCTERMS.source, None))
    if (proposal, PROV.wasQuotedFrom, None) in graph:
        assert messages(graph) == {}
    graph.remove((proposal, PROV.wasQuotedFrom, None))
    assert any("stands in a source" in m for m in messages(graph)[str(proposal)])


def test_a_reply_is_issued_by_an_agency_but_a_report_also_by_other_bodies(graph: Graph) -> None:
    organization, phrase = a(graph, "Organization"), min(graph.subjects(RDF.type, NIF.Phrase))
    report = URIRef("https://example.org/report")
    graph.add((report, RDF.type, PK.Report))
    graph.add((report, RDFS.label, Literal("澄溪市营商环境报告", lang="zh")))
    graph.add((report, PROV.wasQuotedFrom, phrase))
    graph.add((report, PK.issuedBy, organization))
    assert messages(graph) == {}
    reply = a(graph, "LeadReply")
    graph.set((reply, PK.issuedBy, organization))
    assert any("issued (pk:issuedBy) by an agency" in m for m in messages(graph)[str(reply)])


def test_a_build_has_its_version_and_start(graph: Graph) -> None:
    build = URIRef("https://example.org/build/1")
    now = Literal("2024-05-20T08:00:00Z", datatype=URIRef(terms.XSD + "dateTime"))
    graph.add((build, RDF.type, PROV.Activity))
    assert len(messages(graph)[str(build)]) == 2
    graph.add((build, PK.softwareVersion, Literal("0.1.0")))
    graph.add((build, PROV.startedAtTime, now))
    graph.add((build, PK.lexiconDigest, Literal("0" * 64)))
    graph.add((build, DCTERMS.extent, Literal(3)))
    assert messages(graph) == {}
    graph.set((build, PK.lexiconDigest, Literal("0123")))
    assert any("64 hexadecimal digits" in m for m in messages(graph)[str(build)])


def test_messages_are_there_in_chinese(graph: Graph) -> None:
    program, platform = a(graph, "Program"), a(graph, "Platform")
    graph.add((platform, PK.administers, program))
    assert messages(graph, "zh") == {str(platform): {"主管（pk:administers）从机关指向项目、计划。"}}
