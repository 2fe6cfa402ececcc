"""The ontology holds every term of the contract and every term that the code uses, explained in two languages."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pyoxigraph
import pytest
from rdflib import OWL, RDF, RDFS, SKOS, Graph, Literal, Namespace, URIRef

from extract.model import Bound, Kind
from ontology import ONTOLOGY, SHAPES, TIERS, terms
from ontology.labels import load_labels
from ontology.lexicons import load_lexicon
from tests.support.paths import ROOT

PK = Namespace(terms.PK)
SCHEMA = Namespace(terms.SCHEMA)
SH = Namespace(terms.SH)
CONTRACT = [
    (kind, words.split())
    for kind, words in (
        line.split("\t")
        for line in (Path(__file__).parent / "contract_terms.tsv").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    )
]


@cache
def ontology() -> Graph:
    return Graph().parse(ONTOLOGY)


@cache
def shapes() -> Graph:
    return Graph().parse(SHAPES)


def contract(*kinds: str) -> set[str]:
    return {word for kind, words in CONTRACT for word in words if kind in kinds}


def local(term: object) -> str:
    return str(term).removeprefix(terms.PK)


def own(kind: URIRef) -> set[str]:
    """Local names of what is of class *kind* in the ontology."""
    return {local(s) for s in ontology().subjects(RDF.type, kind)}


def iri(name: str) -> URIRef:
    """``skos:Concept`` as an IRI."""
    prefix, _, rest = name.partition(":")
    return URIRef(terms.PREFIXES[prefix] + rest)


class TestTerms:
    def test_the_contract_is_in_the_ontology(self) -> None:
        assert contract("class") - own(OWL.Class) == set()
        assert contract("object") - own(OWL.ObjectProperty) == set()
        assert contract("data") - own(OWL.DatatypeProperty) == set()
        values = set(ontology().objects(predicate=SCHEMA.rangeIncludes))
        individuals = {local(s) for c in values for s in ontology().subjects(RDF.type, c)}
        assert contract("individual") == individuals

    @pytest.mark.parametrize("words", [words for kind, words in CONTRACT if kind == "under"], ids=" ".join)
    def test_classes_stand_under_the_standards(self, words: list[str]) -> None:
        above = set(ontology().transitive_objects(PK[words[0]], RDFS.subClassOf))
        assert iri(words[1]) in above

    def test_constants_are_the_ontology(self) -> None:
        subjects = {local(s) for s in ontology().subjects() if str(s).startswith(terms.PK)}
        assert subjects == terms.TERMS
        assert own(OWL.Class) == terms.CLASSES
        assert own(OWL.ObjectProperty) == terms.OBJECT_PROPERTIES
        assert own(OWL.DatatypeProperty) == terms.DATA_PROPERTIES

    def test_what_extraction_makes_is_known(self) -> None:
        assert {k.value for k in Kind} <= terms.CLASSES
        assert {b.value for b in Bound} == set(terms.BOUNDS)

    def test_prefixes_of_the_contract(self) -> None:
        assert {"pk", "nif", "dcterms", "skos", "rdfs", "prov", "org", "eli", "oa", "qb", "xsd"} <= set(terms.PREFIXES)
        assert terms.PREFIXES["pk"] == "https://w3id.org/proposal-kg/ns#"
        assert terms.ID == "https://w3id.org/proposal-kg/id/"

    def test_files_declare_prefixes_as_the_contract_spells_them(self) -> None:
        for file in (ONTOLOGY, SHAPES, TIERS):
            declared = dict(re.findall(r"(?m)^@prefix (\w+): <([^>]+)> \.$", file.read_text(encoding="utf-8")))
            known = {prefix: ns for prefix, ns in declared.items() if prefix in terms.PREFIXES}
            assert known == {prefix: terms.PREFIXES[prefix] for prefix in known}


class TestExplanations:
    @pytest.mark.parametrize("name", sorted(terms.TERMS))
    def test_every_term_has_a_label_and_a_definition_in_both_languages(self, name: str) -> None:
        for predicate in (RDFS.label, SKOS.definition):
            texts = [o for o in ontology().objects(PK[name], predicate) if isinstance(o, Literal)]
            assert sorted(str(t.language) for t in texts) == ["en", "zh"], f"{name} {predicate}"
            assert all(str(t).strip() for t in texts)
            chinese = next(str(t) for t in texts if t.language == "zh")
            assert re.search(r"[\u4e00-\u9fff]", chinese) or chinese == "SHA-256"

    def test_no_two_classes_share_a_label(self) -> None:
        labels = Counter(o for c in terms.CLASSES for o in ontology().objects(PK[c], RDFS.label))
        assert [label for label, n in labels.items() if n > 1] == []

    @pytest.mark.parametrize("name", sorted(terms.PROPERTIES))
    def test_every_property_says_what_it_goes_from_and_to(self, name: str) -> None:
        classes = {PK[c] for c in terms.CLASSES} | {iri("nif:Context"), iri("nif:Phrase"), iri("prov:Activity")}
        domain = set(ontology().objects(PK[name], SCHEMA.domainIncludes))
        reach = set(ontology().objects(PK[name], SCHEMA.rangeIncludes))
        assert domain
        assert domain <= classes
        assert reach
        if name in terms.OBJECT_PROPERTIES:
            assert reach <= classes
        else:
            assert reach <= {iri("xsd:string"), iri("xsd:decimal"), iri("rdf:langString")}

    def test_levels_are_ranked(self) -> None:
        ranks = [int(str(ontology().value(PK[level], SKOS.notation))) for level in terms.LEVELS]
        assert ranks == [1, 2, 3, 4, 5]


class TestUse:
    """What code, queries and data call ``pk:X`` exists."""

    @staticmethod
    def used() -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        forms = (
            r"(?<![\w-])pk:([A-Za-z]\w*)",  # Turtle, SPARQL, docstrings
            r"(?<!\w)PK \+ [\"'](\w+)[\"']",  # Python
            r"\{(?:terms\.)?PK\}(\w+)",  # f-strings
            r"proposal-kg/ns#(\w+)",  # full IRIs
        )
        for folder in ("kg", "viz", "extract", "ontology", "benchmarks", "scripts"):
            for path in sorted((ROOT / folder).rglob("*")):
                if path.suffix in {".py", ".rq", ".toml", ".tsv", ".ttl", ".js", ".html", ".json"}:
                    text = path.read_text(encoding="utf-8", errors="replace")
                    for form in forms:
                        for name in re.findall(form, text):
                            found.setdefault(name, set()).add(path.relative_to(ROOT).as_posix())
        return found

    def test_every_term_in_use_is_defined(self) -> None:
        used = self.used()
        assert len(used) > 50
        assert {name: files for name, files in used.items() if name not in terms.TERMS} == {}

    def test_the_graph_of_a_page_uses_defined_terms_only(self, extraction: object) -> None:
        from kg.rdf.graph import build_quads

        made = {str(t.value) for q in build_quads(extraction) for t in (q.predicate, q.object) if hasattr(t, "value")}  # type: ignore[arg-type]
        names = {local(value) for value in made if value.startswith(terms.PK)}
        assert {"Agency", "administers", "Exactly"} <= names
        assert names <= terms.TERMS


class TestFiles:
    @pytest.mark.parametrize("file", [ONTOLOGY, SHAPES, TIERS], ids=lambda p: p.name)
    def test_a_second_parser_reads_the_same(self, file: Path) -> None:
        def canonical(data: str, form: pyoxigraph.RdfFormat) -> pyoxigraph.Dataset:
            dataset = pyoxigraph.Dataset(pyoxigraph.parse(data, format=form))
            dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.UNSTABLE)
            return dataset

        by_rdflib = canonical(Graph().parse(file).serialize(format="nt"), pyoxigraph.RdfFormat.N_TRIPLES)
        by_oxigraph = canonical(file.read_text(encoding="utf-8"), pyoxigraph.RdfFormat.TURTLE)
        assert len(by_rdflib) > 400
        assert by_rdflib == by_oxigraph


class TestShapesCover:
    """Shapes there are for all of it; what they reject is in ``test_shapes.py``."""

    def test_every_class(self) -> None:
        targets = {local(o) for o in shapes().objects(predicate=SH.targetClass)}
        assert terms.CLASSES - terms.ABSTRACT_CLASSES - targets == set()
        assert {iri("nif:Context"), iri("nif:Phrase"), iri("prov:Activity")} <= set(
            shapes().objects(predicate=SH.targetClass)
        )

    def test_every_property(self) -> None:
        paths = {local(o) for o in shapes().objects(predicate=SH.path)}
        subjects = {local(o) for o in shapes().objects(predicate=SH.targetSubjectsOf)}
        assert terms.PROPERTIES - paths == set()
        assert terms.PROPERTIES - subjects == set()

    def test_other_vocabularies_properties(self) -> None:
        paths = set(shapes().objects(predicate=SH.path)) | set(shapes().objects(predicate=SH.targetClass))
        assert {iri(t) for t in contract("other")} - paths == set()

    def test_shapes_and_ontology_agree_on_what_a_property_goes_from_and_to(self) -> None:
        def narrow(classes: set[URIRef]) -> set[URIRef]:
            """Abstract classes as the classes that graphs use."""
            done: set[URIRef] = set()
            for c in classes:
                below = set(ontology().subjects(RDFS.subClassOf, c)) & {PK[x] for x in terms.CLASSES}
                done |= narrow(below) if below and local(c) in {"Document", "Part", "Figure", "Reply"} else {c}
            return done

        def alternatives(node: object) -> set[URIRef]:
            members = set(shapes().objects(node, SH["class"]))
            for lists in shapes().objects(node, SH["or"]):
                for option in shapes().items(lists):
                    members |= set(shapes().objects(option, SH["class"]))
            return members

        for name in sorted(terms.PROPERTIES):
            (shape,) = shapes().subjects(SH.targetSubjectsOf, PK[name])
            (inner,) = (x for x in shapes().objects(shape, SH.property) if (x, SH.path, PK[name]) in shapes())
            assert narrow(set(ontology().objects(PK[name], SCHEMA.domainIncludes))) == alternatives(shape), name
            if name in terms.OBJECT_PROPERTIES and (inner, SH["in"], None) not in shapes():
                assert narrow(set(ontology().objects(PK[name], SCHEMA.rangeIncludes))) == alternatives(inner), name
            for values in shapes().objects(inner, SH["in"]):
                (kind,) = ontology().objects(PK[name], SCHEMA.rangeIncludes)
                assert set(shapes().items(values)) == set(ontology().subjects(RDF.type, kind)), name


def test_every_statement_between_things_and_every_currency_has_a_label() -> None:
    labels = load_labels()
    unnamed = {"bound", "supportType", "operator", "recordOf", "revisionOf", "groupKind", "stackingKind"}
    known = {*labels["predicates"], *labels["facts"], *labels["values"]}
    assert terms.OBJECT_PROPERTIES - known - unnamed == set()
    units = load_lexicon().read_table("units")
    assert {symbol for _, kind, symbol, *_ in units if kind == "money"} - {*labels["units"]} == set()


class TestReference:
    """``docs/ontology.md`` and ``docs/ontology.en.md``."""

    def test_it_is_made_from_the_files_as_they_are(self) -> None:
        script = ROOT / "scripts" / "make_reference.py"
        run = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, cwd=ROOT)
        assert run.returncode == 0, run.stderr

    @pytest.mark.parametrize("name", ["ontology.md", "ontology.en.md"])
    def test_it_explains_every_term(self, name: str) -> None:
        page = (ROOT / "docs" / name).read_text(encoding="utf-8")
        assert {term for term in terms.TERMS if f"| `pk:{term}`<br>" not in page} == set()
