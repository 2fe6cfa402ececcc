"""Apply the decisions of people to an extraction. :func:`apply_decisions` has these properties:

* The order of the decisions does not matter.
* Applying the decisions twice gives the same as applying them once.
* A decision about something that is not in the extraction changes nothing. It is returned with the reason.
* Names are followed: after "A is B", a decision about B is also about A. Decisions that lead in a circle or contradict
  each other change nothing and are returned.
* An addition needs words of the text: if its quote is not in the text, it is returned.
"""

from __future__ import annotations

from collections.abc import Iterable

from extract.corrections.entities import apply_to_entities
from extract.corrections.facts import apply_to_facts
from extract.corrections.figures import apply_to_figures
from extract.corrections.ledger import Ledger
from extract.corrections.model import Decision, Unapplied, select_decisions
from extract.model import Extraction
from ontology.lexicons import Lexicon


def apply_decisions(
    extraction: Extraction, decisions: Iterable[Decision], lex: Lexicon | None = None
) -> tuple[Extraction, tuple[Unapplied, ...]]:
    """Return *extraction* with *decisions* applied, and the decisions that could not be applied, sorted.

    Args:
        extraction: the result of the extractors.
        decisions: decisions about any sources. Those about other sources are ignored.
        lex: the lexicon for the numbers of added figures. None: the one of the project.
    """
    ledger = Ledger(select_decisions(set(decisions), extraction.source.id), extraction.source.text)
    if not ledger.decisions:
        return extraction, ()
    corrected, names = apply_to_entities(extraction, ledger)
    corrected = apply_to_facts(corrected, names, ledger)
    corrected = apply_to_figures(corrected, names, ledger, lex)
    return corrected, ledger.list_unapplied()
