"""The changes of language models, as rows for a person. A change that a person rejects is left out of later builds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from extract.corrections.model import Decision, DecisionTopic, DecisionVerdict, flatten_text
from extract.revision import make_revision_key
from kg.graph.view import View
from kg.review.doubt import Doubt, make_subject, mark_passage
from ontology.terms import PK, RDFS

_ARROW = " → "


def describe_revisions(view: View, lang: str) -> Iterator[Doubt]:
    """Yield the changes that are in the store, in a fixed order.

    Args:
        view: the store.
        lang: not used: kinds of changes have the same names in all languages, as in the reports.
    """
    for node in view.find_by_class("Revision"):
        values = view.properties(node)

        def get(name: str, values: dict[str, list[str]] = values) -> str:
            return next(iter(values.get(PK + name, ())), "")

        label = next(iter(values.get(RDFS + "label", ())), "")
        before, after = get("before"), get("after")
        for passage in view.passages(node):
            about = make_subject(
                DecisionTopic.REVISION, passage.source, predicate=get("change"), subject=label,
                object=f"{before}{_ARROW}{after}",
            )  # fmt: skip
            cells = {
                "source": passage.source, "predicate": get("change"), "subject": label, "before": before,
                "after": after, "confidence": get("confidence"), "why": get("extractor"),
                "words": flatten_text(passage.text),
            }  # fmt: skip
            yield Doubt("revisions", about, cells, {"sentence": mark_passage(passage)})


def select_rejected(decisions: Iterable[Decision], source: str) -> frozenset[str]:
    """Return the keys of the changes of a model in *source* that a person rejected."""
    return frozenset(
        make_revision_key(decision.predicate, decision.subject, *_split(decision.object))
        for decision in decisions
        if decision.what is DecisionTopic.REVISION
        and decision.verdict is DecisionVerdict.REJECT
        and decision.source == source
    )


def _split(change: str) -> tuple[str, str]:
    before, _, after = f" {change} ".partition(_ARROW)
    return before.strip(), after.strip()
