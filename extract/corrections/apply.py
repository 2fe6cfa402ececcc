"""An extraction with the decisions of people applied. :func:`apply` keeps these promises:

* The order of the decisions does not matter.
* Applying them twice gives the same as applying them once.
* A decision about something that is not there changes nothing and is returned, with the reason.
* Names are followed: after "A is B", a decision about B is also about A. Decisions that lead in a circle, or that
  contradict each other, are returned and change nothing.
* Nothing is added without words of the text: an addition whose quote is not found is returned.
"""

from __future__ import annotations

from collections.abc import Iterable

from extract.corrections.entities import decide_names
from extract.corrections.facts import decide_facts
from extract.corrections.figures import decide_figures
from extract.corrections.ledger import Ledger
from extract.corrections.model import Decision, Unapplied, concerning
from extract.model import Extraction
from ontology.lexicons import Lexicon


def apply(
    extraction: Extraction, decisions: Iterable[Decision], lex: Lexicon | None = None
) -> tuple[Extraction, tuple[Unapplied, ...]]:
    """Return *extraction* with *decisions* applied.

    Args:
        extraction: what the extractors found.
        decisions: of any sources; those about other sources are ignored.
        lex: the lexicon, for numbers of added figures; by default the project's.

    Returns:
        The changed extraction, and the decisions that could not be applied, sorted.
    """
    ledger = Ledger(concerning(set(decisions), extraction.source.id), extraction.source.text)
    if not ledger.decisions:
        return extraction, ()
    decided, names = decide_names(extraction, ledger)
    decided = decide_facts(decided, names, ledger)
    decided = decide_figures(decided, names, ledger, lex)
    return decided, ledger.unapplied()
