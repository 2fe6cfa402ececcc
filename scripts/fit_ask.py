"""Fit how likely a sentence answers a question, and write the weights into ``kg/report/ask/sentences/decision.toml``.

    python scripts/fit_ask.py [QUESTIONS=DOCUMENTS ...] [--check]

Each argument is a file of questions and the folder of the documents that they are about; without any, those of
``annotations/questions``. Every sentence that the search finds for a question is a case: its
evidence is measured (``kg/report/ask/sentences/features.py``), and it answers or not. The weights are those of a
logistic regression in which what speaks for a sentence has no negative weight, and what speaks against it no positive
one. A sentence that has some of the answers, or has them in other words, is no case.

``--check`` writes nothing. It leaves out each file in turn, fits on the others, and prints for some thresholds how many
of its questions the best sentence answers right and wrong, and how many that the documents do not answer get one.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.fitting.logistic import Floats
from scripts.fitting.questions import AskedQuestion, CandidateSentence, read_questions

ROOT = Path(__file__).resolve().parent.parent
DECISION = ROOT / "kg/report/ask/sentences/decision.toml"
QUESTIONS = (
    (ROOT / "annotations/questions/E.toml", ROOT / "annotations/E"),
    (ROOT / "annotations/questions/F.toml", ROOT / "annotations/F"),
    (ROOT / "annotations/questions/G.toml", ROOT / "annotations/G"),
)
FOR = frozenset(
    {"own", "near", "around", "held", "focus", "name_here", "evidence", "evidence_all", "evidence_any", "tight"}
    | {"pairs", "pairs_near", "whole"}
)
AGAINST = frozenset(
    {"doer_away", "own_name_lost", "lost_official", "lost_verb", "lost_second", "unsaid", "name_lost", "number_lost"}
    | {"year_lost", "few", "unread", "aspect", "contrary", "no_place", "valueless"}
)
RIDGE = 3.0
_CASES = 10
"""Sentences of a question that are fitted on."""
_WRONG, _FIRST_WRONG = 0.7, 2.0
"""How much a case counts that does not answer; the best one of a question that the documents do not answer."""
_SMALLEST = 0.005
_THRESHOLDS = (0.2, 0.3, 0.35, 0.4, 0.5, 0.6)


def fit(questions: Iterable[AskedQuestion]) -> dict[str, float]:
    """Return the weights, that of ``bias`` among them."""
    cases = [case for question in questions for case in _list_cases(question)]
    names = sorted({name for features, _, _ in cases for name in features})
    data = np.array([[features.get(name, 0.0) for name in names] for features, _, _ in cases])
    mean, spread = data.mean(axis=0), data.std(axis=0) + 1e-6
    data = np.c_[(data - mean) / spread, np.ones(len(cases))]
    right = np.array([float(answers) for _, answers, _ in cases])
    counts = np.array([count for _, _, count in cases])
    least = np.array([0.0 if name in FOR else -np.inf for name in names] + [-np.inf])
    most = np.array([0.0 if name in AGAINST else np.inf for name in names] + [np.inf])
    found = _descend(data, right, counts, (least, most))
    weights = {name: float(found[at] / spread[at]) for at, name in enumerate(names)}
    weights["bias"] = float(found[-1] - sum(found[at] * mean[at] / spread[at] for at in range(len(names))))
    return {name: weight for name, weight in weights.items() if abs(weight) >= _SMALLEST}


def _list_cases(question: AskedQuestion) -> Iterable[tuple[Mapping[str, float], bool, float]]:
    some = [case for case in question.candidates[:_CASES] if case.answers is not None and not case.is_ruled_out]
    for at, case in enumerate(some):
        is_worst = not question.is_answered and at == 0
        yield case.features, bool(case.answers), 1.0 if case.answers else _FIRST_WRONG if is_worst else _WRONG


def _descend(data: Floats, right: Floats, counts: Floats, bounds: tuple[Floats, Floats]) -> Floats:
    """Return the weights of the least loss within *bounds*: projected gradients with momentum."""
    ridge = np.full(data.shape[1], RIDGE)
    ridge[-1] = 0.0
    steepest = 0.25 * float(np.linalg.norm((data * counts[:, None]).T @ data, 2)) + RIDGE
    weights = at = np.zeros(data.shape[1])
    momentum = 1.0
    for _ in range(4000):
        gradient = data.T @ (counts * (1 / (1 + np.exp(-data @ at)) - right)) + ridge * at
        new = np.clip(at - gradient / steepest, *bounds)
        following = (1 + np.sqrt(1 + 4 * momentum * momentum)) / 2
        at = new + (momentum - 1) / following * (new - weights)
        if np.abs(new - weights).max() < 1e-6:
            return new
        weights, momentum = new, following
    return weights


def score(weights: Mapping[str, float], case: CandidateSentence) -> float:
    """Return how likely a sentence answers; 0 if something rules it out."""
    total = weights["bias"] + sum(weights.get(name, 0.0) * value for name, value in case.features.items())
    return 0.0 if case.is_ruled_out else float(1 / (1 + np.exp(-total)))


def check(questions: Sequence[AskedQuestion]) -> None:
    """Print what the weights say of each file of questions that they were not fitted on."""
    for group in sorted({question.group for question in questions}):
        weights = fit(question for question in questions if question.group != group)
        own = [q for q in questions if q.group == group and not q.is_part and q.candidates]
        print(group, report(weights, own))


def report(weights: Mapping[str, float], questions: Sequence[AskedQuestion]) -> str:
    """Return for each threshold how many questions are answered right, wrong, and although there is no answer."""
    best = [(q, max(((score(weights, c), c.answers is not False) for c in q.candidates), default=(0.0, False)))
            for q in questions]  # fmt: skip
    told = [f"{len(best)} questions, {sum(q.is_answered for q, _ in best)} with an answer;"]
    for least in _THRESHOLDS:
        sure = [(q, is_right) for q, (chance, is_right) in best if chance >= least]
        right = sum(q.is_answered and is_right for q, is_right in sure)
        wrong = sum(q.is_answered and not is_right for q, is_right in sure)
        told.append(f"{least}: {right} right {wrong} wrong {len(sure) - right - wrong} without;")
    return " ".join(told)


def write(weights: Mapping[str, float]) -> None:
    """Write the weights in the place of the earlier ones."""
    text = DECISION.read_text(encoding="utf-8")
    head = text[: text.index("[weights]")]
    lines = [f"bias = {weights['bias']:.3f}"]
    lines += [f"{name} = {weight:.3f}" for name, weight in sorted(weights.items()) if name != "bias"]
    DECISION.write_text(head + "[weights]\n" + "\n".join(lines) + "\n", encoding="utf-8")


def main(words: Sequence[str]) -> None:
    """Fit on the questions that are named, or on those of the project."""
    named = [word.partition("=") for word in words if not word.startswith("--")]
    files = [(Path(one), Path(other)) for one, _, other in named] or list(QUESTIONS)
    questions = [question for path, documents in files for question in read_questions(path, documents)]
    if "--check" in words:
        check(questions)
    else:
        write(fit(questions))


if __name__ == "__main__":
    main(sys.argv[1:])
