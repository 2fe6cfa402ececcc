"""The check of a reviewing model on annotated files: which errors its changes mend, and which they make.

The changes are applied one after another, as in a build, but none is held back for lack of trust. After each, the graph
is judged by the annotation again. A change that leaves fewer errors fixed something; one that leaves more broke
something; one after which there are as many says nothing about its kind.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from extract.llm.report import LlmReport, Refusal
from extract.llm.review.apply import apply_changes
from extract.llm.review.draft import Draft
from extract.llm.review.session import SectionAnswer
from extract.llm.review.trust import ChangeScore, trust_everything
from extract.model import Extraction
from kg.evaluate.gold import PathLike, find_gold_files, find_source, read_gold
from kg.evaluate.model import Evaluation, FileResult, Gold, MatchVerdict
from kg.evaluate.run import score_extraction
from kg.read import read_source
from ontology.lexicons import Lexicon

AskModel = Callable[[Extraction], Sequence[SectionAnswer]]
"""Returns the answers of a model about the sections of an extraction."""
_ERRORS = (MatchVerdict.MISSED, MatchVerdict.WRONG)


@dataclass(frozen=True, slots=True)
class BrokenChange:
    """A change that made an error."""

    source: str
    change: str
    errors: tuple[str, ...]
    """The new errors, each on one line."""


@dataclass(frozen=True)
class CheckReport:
    """The results of a check."""

    scores: dict[str, ChangeScore]
    """Counts by kind of change."""
    broken: tuple[BrokenChange, ...]
    refusals: tuple[Refusal, ...]
    costs: LlmReport
    before: Evaluation
    after: Evaluation


def check_model(
    paths: Iterable[PathLike],
    ask: AskModel,
    model: str,
    lex: Lexicon,
    source_dir: PathLike | None = None,
) -> CheckReport:
    """Let a model review annotated files, and count for each kind of change how many were right.

    Args:
        paths: annotated files, or folders of them.
        ask: returns the answers of the model.
        model: its name.
        lex: the lexicon.
        source_dir: the folder that their ``source`` is relative to.

    Raises:
        SourceError: an annotated file or its source is missing or cannot be read.
        LlmError: the cache cannot be written.
    """
    from extract.pipeline import extract

    scores: dict[str, ChangeScore] = {}
    broken: list[BrokenChange] = []
    before: list[FileResult] = []
    after: list[FileResult] = []
    costs = LlmReport()
    for gold in [read_gold(path) for path in find_gold_files(paths)]:
        extraction = extract(read_source(find_source(gold, source_dir)), lexicon_dir=lex.extra)
        draft = Draft(extraction, model, lex, trust_everything(lex))
        answers = ask(extraction)
        before.append(score_extraction(gold, extraction))
        for report, new in _judge_changes(gold, draft, answers):
            costs += report
            for kind in report.changed:
                scores[kind] = scores.get(kind, ChangeScore()) + _score(new)
                if errors := tuple(sorted(+new)):
                    broken.append(BrokenChange(extraction.source.id, kind, errors))
        for answer in answers:
            costs += answer.costs
        after.append(score_extraction(gold, draft.build()))
    return CheckReport(
        scores, tuple(broken), costs.refusals, costs, Evaluation(tuple(before)), Evaluation(tuple(after))
    )  # fmt: skip


def _judge_changes(
    gold: Gold, draft: Draft, answers: Sequence[SectionAnswer]
) -> Iterator[tuple[LlmReport, Counter[str]]]:
    """Apply the changes, and yield for each its verdict and the errors it made, with those it mended as negative."""
    errors = _list_errors(gold, draft.build())
    for answer in answers:
        if answer.answer is None:
            continue
        for _, report in apply_changes(answer.answer, draft, answer.section):
            found = _list_errors(gold, draft.build()) if report.accepted else errors
            new = Counter(found)
            new.subtract(errors)
            errors = found
            yield report, new


def _list_errors(gold: Gold, extraction: Extraction) -> Counter[str]:
    result = score_extraction(gold, extraction)
    return Counter(
        f"{judgement.verdict.value} {judgement.layer}: {judgement.description}"
        for judgement in result.judgements
        if judgement.verdict in _ERRORS
    )


def _score(new: Counter[str]) -> ChangeScore:
    balance = sum(new.values())
    return ChangeScore(fixed=int(balance < 0), broken=int(balance > 0), neutral=int(balance == 0))
