"""The check of a reviewing model on annotated files: which errors its changes mend, and which they make.

All changes are applied as in a build, but none is held back for lack of trust. Then each accepted change is left out in
turn, and the graph is judged by the annotation with it and without it. A change with which there are fewer errors fixed
something; one with which there are more broke something; one that makes no difference says nothing about its kind. So a
new name and the relations that need it are judged together, not one before the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from extract.llm.report import LlmReport, Refusal
from extract.llm.review.apply import apply_changes
from extract.llm.review.draft import Draft
from extract.llm.review.session import SectionAnswer
from extract.llm.review.trust import ChangeScore, trust_everything
from extract.model import TITLED_KINDS, Extraction
from kg.evaluate.gold import PathLike, find_gold_files, find_source, read_gold
from kg.evaluate.model import Evaluation, FileResult, MatchVerdict
from kg.evaluate.run import score_extraction
from kg.read import FoundSource, find_sources, read_source
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


def find_check_sources(paths: Iterable[PathLike], source_dir: PathLike | None = None) -> tuple[FoundSource, ...]:
    """Return the sources of annotated files, each once, for an estimate of what a check would send.

    Raises:
        SourceError: an annotated file or its source is missing or cannot be read.
    """
    sources = dict.fromkeys(find_source(read_gold(path), source_dir) for path in find_gold_files(paths))
    return tuple(find_sources(sources).files)


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
        replay = _Replay(extraction, ask(extraction), model, lex)
        reviewed, costs_here = replay.apply()
        costs += costs_here
        before.append(score_extraction(gold, extraction))
        after.append(score_extraction(gold, reviewed))
        errors = _list_errors(after[-1])
        for number, kind in replay.accepted.items():
            without = _list_errors(score_extraction(gold, replay.apply(leave_out=number)[0]))
            new = Counter(errors)
            new.subtract(without)
            scores[kind] = scores.get(kind, ChangeScore()) + _score(new)
            if sum(new.values()) > 0:
                broken.append(BrokenChange(extraction.source.id, kind, tuple(sorted(+new))))
    return CheckReport(
        scores, tuple(broken), costs.refusals, costs, Evaluation(tuple(before)), Evaluation(tuple(after))
    )  # fmt: skip


class _Replay:
    """The answers about one extraction, to be applied with one change left out."""

    def __init__(self, extraction: Extraction, answers: Sequence[SectionAnswer], model: str, lex: Lexicon) -> None:
        self._extraction, self._answers, self._model, self._lex = extraction, answers, model, lex
        self.accepted: dict[tuple[int, int], str] = {}
        """Kinds of the accepted changes, by the numbers of their answer and of the change in it."""

    def apply(self, leave_out: tuple[int, int] | None = None) -> tuple[Extraction, LlmReport]:
        """Return the reviewed extraction with all costs and verdicts. Without *leave_out*, note what is accepted."""
        draft = Draft(self._extraction, self._model, self._lex, trust_everything(self._lex))
        total = LlmReport()
        for i, found in enumerate(self._answers):
            total += found.costs
            if found.answer is None:
                continue
            answer = found.answer
            if leave_out is not None and leave_out[0] == i:
                kept = (*answer.changes[: leave_out[1]], *answer.changes[leave_out[1] + 1 :])
                answer = replace(answer, changes=kept)
            for j, (_, report) in enumerate(apply_changes(answer, draft, found.section, found.text)):
                total += report
                if leave_out is None:
                    self.accepted.update(((i, j), kind) for kind in report.changed)
        return draft.build(), total


def _list_errors(result: FileResult) -> Counter[str]:
    """Return the errors in words. What is said of a document without a title is none: annotations name things only."""
    letters = (x for x in result.extraction.outline.letters if x.kind in TITLED_KINDS and not x.get_value("title"))
    untitled = {result.names.iris[letter.id] for letter in letters}
    return Counter(
        f"{judgement.verdict.value} {judgement.layer}: {judgement.description}"
        for judgement in result.judgements
        if judgement.verdict in _ERRORS and not (judgement.verdict is MatchVerdict.WRONG and judgement.node in untitled)
    )


def _score(new: Counter[str]) -> ChangeScore:
    balance = sum(new.values())
    return ChangeScore(fixed=int(balance < 0), broken=int(balance > 0), neutral=int(balance == 0))
