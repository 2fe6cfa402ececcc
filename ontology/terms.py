"""Names of the ontology and of the vocabularies that it uses, as plain strings.

``PK + "Agency"`` is the IRI of ``pk:Agency``. No RDF library is needed to use the names. The tests compare them with
``proposal-kg.ttl``.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

PK = "https://w3id.org/proposal-kg/ns#"
"""Namespace of the project's terms."""
ID = "https://w3id.org/proposal-kg/id/"
"""Default base of the IRIs of entities."""
TIER = "https://w3id.org/proposal-kg/tier/"
"""Namespace of the tiers that are known nationwide (``tiers.ttl``)."""

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
XSD = "http://www.w3.org/2001/XMLSchema#"
OWL = "http://www.w3.org/2002/07/owl#"
SH = "http://www.w3.org/ns/shacl#"
SCHEMA = "http://schema.org/"
NIF = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"
DCTERMS = "http://purl.org/dc/terms/"
SKOS = "http://www.w3.org/2004/02/skos/core#"
PROV = "http://www.w3.org/ns/prov#"
ORG = "http://www.w3.org/ns/org#"
ELI = "http://data.europa.eu/eli/ontology#"
OA = "http://www.w3.org/ns/oa#"
QB = "http://purl.org/linked-data/cube#"

PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        "pk": PK,
        "nif": NIF,
        "dcterms": DCTERMS,
        "skos": SKOS,
        "rdf": RDF,
        "rdfs": RDFS,
        "prov": PROV,
        "org": ORG,
        "eli": ELI,
        "oa": OA,
        "qb": QB,
        "xsd": XSD,
    }
)
"""Prefixes that queries may use without a declaration and that exports declare."""

DOCUMENT_CLASSES = frozenset({"Proposal", "Reply", "LeadReply", "CoHandlingOpinion", "PolicyInstrument", "Report"})
PART_CLASSES = frozenset({"Problem", "Suggestion", "Measure", "Commitment"})
ENTITY_CLASSES = frozenset(
    {
        "Agency", "Organization", "Enterprise", "Person", "Program", "Platform", "EnterpriseTier",
        "TargetGroup", "Place",
    }
)  # fmt: skip
FIGURE_CLASSES = frozenset({"Provision", "Observation", "Target", "Condition"})
RULE_CLASSES = frozenset({"ConditionGroup", "StackingRule"})
"""Groups of conditions, and rules about several supports."""
ABSTRACT_CLASSES = frozenset(
    {
        "Document",
        "Part",
        "Figure",
        "AdministrativeLevel",
        "InstrumentStatus",
        "BoundType",
        "SupportType",
        "ConditionOperator",
        "GroupKind",
        "StackingKind",
        "ReplyState",
        "Outcome",
    }
)
"""Superclasses, and classes of the individuals below. Graphs use the narrower classes."""
RECORD_CLASSES = frozenset({"Evidence", "Revision", "SourceRecord"})
"""Classes of the evidence of a statement, of a change by a model, and of the record of a source."""
CLASSES = (
    DOCUMENT_CLASSES | PART_CLASSES | ENTITY_CLASSES | FIGURE_CLASSES | RULE_CLASSES | ABSTRACT_CLASSES | RECORD_CLASSES
)

OBJECT_PROPERTIES = frozenset(
    {
        "submittedBy", "leadAgency", "coAgency", "repliesTo", "issuedBy", "addressedTo", "consulted",
        "approvedBy", "basedOn", "status", "partOf", "actor", "involves", "respondsTo", "mayRespondTo",
        "jurisdiction", "locatedIn", "level", "administers", "operates", "establishes", "supports",
        "availableOn", "treatedAs", "advancesTo", "hasTier", "participatesIn", "bound", "about", "place",
        "grantedUnder", "provider", "conditionOf", "sameAs", "mayBeSameAs", "replyState", "opinionNotPublished",
        "opinionNotReceived",
        "recordOf", "revisionOf", "supportType", "operator", "groupOf", "groupKind", "stackingOf", "stackingKind",
        "outcome",
    }
)  # fmt: skip
DATA_PROPERTIES = frozenset(
    {
        "proposalNumber", "session", "documentNumber", "handlingClass", "number", "text", "value", "unit",
        "metric", "period", "per", "deadline", "frequency", "confidence", "extractor", "locator", "sha256",
        "change", "before", "after", "withdrawnExtractor", "withdrawnConfidence",
        "property", "criterion", "requires", "needed", "outOf",
        "sourcePath", "softwareVersion", "softwareDigest", "settings", "lexiconDigest", "readFrom", "member",
        "originalSha256", "buildKey", "findings", "failure", "unreadFile",
    }
)  # fmt: skip
PROPERTIES = OBJECT_PROPERTIES | DATA_PROPERTIES

LEVELS = ("National", "Provincial", "Municipal", "County", "Town")
"""Administrative levels, the widest first."""
STATUSES = ("InForce", "Draft", "UnderRevision", "Repealed")
BOUNDS = ("Exactly", "AtLeast", "AtMost", "About")
SUPPORTS = ("Grant", "Relief", "Credit", "OtherTerm", "Budget")
"""What a provision gives."""
OPERATORS = ("GreaterOrEqual", "Greater", "LessOrEqual", "Less", "Equal", "Is", "Has", "Does", "Within", "Not")
"""How a condition compares, or what it asks for."""
GROUP_KINDS = ("AllOf", "AnyOf", "SomeOf")
STACKING_KINDS = ("HighestOnly", "NoRepeat", "Once", "Cumulative")
REPLY_STATES = ("ReplyFound", "NoReplyFound", "ReplyNotPublished", "ReplyElsewhere", "ReplyNotDue", "ReplyUnreadable")
OUTCOMES = ("NotTakenUp",)
"""What a measure says became of the suggestion that it answers."""
INDIVIDUALS = frozenset(
    {*LEVELS, *STATUSES, *BOUNDS, *SUPPORTS, *OPERATORS, *GROUP_KINDS, *STACKING_KINDS, *REPLY_STATES, *OUTCOMES}
)

TERMS = CLASSES | PROPERTIES | INDIVIDUALS
"""Every local name in ``pk:``."""
