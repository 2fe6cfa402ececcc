"""``kg llm``: check a language model and estimate its costs; the ``--llm`` options of ``kg build`` and its report."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kg.cli.options import STORE, make_lang_option, open_output
from kg.cli.texts import build_help, get_text
from kg.errors import KgError, UsageError

if TYPE_CHECKING:
    from extract.llm.estimates import CostEstimate
    from extract.llm.report import LlmReport, Refusal
    from extract.llm.settings import LlmSettings
    from kg.ingest.llm_check import CheckReport
    from kg.read import FoundSource

CHECKS_FILE = "kg-llm-checks.json"
"""Default of ``--llm-checks``, in the current folder."""
TIMEOUT, JOBS = 300.0, 4
"""Defaults of ``--llm-timeout``, in seconds, and ``--llm-jobs``."""
LIMIT = 2_000_000
"""Default of ``--llm-limit``, in tokens."""
_MOST_REFUSALS = 20
"""How many refused changes are listed without ``--verbose``."""


def make_option(name: str, metavar: str) -> Any:
    """Return one of the ``--llm`` options."""
    return typer.Option(f"--{name}", metavar=metavar, help=get_text(f"llm.{name.replace('-', '_')}"))


def make_redact_option() -> Any:
    """Return the option ``--llm-redact``."""
    return typer.Option("--llm-redact", help=get_text("llm.llm_redact"))


def register(app: typer.Typer) -> None:
    """Add ``kg llm`` to *app*."""

    @app.command("llm", help=build_help("llm"))
    def command(
        action: Annotated[str, typer.Argument(metavar="check|estimate", help=get_text("llm.action"))],
        paths: Annotated[list[str] | None, typer.Argument(metavar="PATH...", help=get_text("llm.paths"))] = None,
        gold: Annotated[list[str] | None, typer.Option("--gold", metavar="GOLD", help=get_text("llm.gold"))] = None,
        source_dir: Annotated[str, typer.Option("--source-dir", metavar="DIR", help=get_text("eval.source_dir"))] = "",
        llm: Annotated[str, make_option("llm", "URL")] = "",
        llm_model: Annotated[str, make_option("llm-model", "NAME")] = "",
        llm_key_env: Annotated[str, make_option("llm-key-env", "VAR")] = "",
        llm_cache: Annotated[str, make_option("llm-cache", "DIR")] = "",
        llm_checks: Annotated[str, make_option("llm-checks", "FILE")] = CHECKS_FILE,
        llm_limit: Annotated[int, make_option("llm-limit", "TOKENS")] = LIMIT,
        llm_prices: Annotated[str, make_option("llm-prices", "IN,OUT")] = "",
        llm_redact: Annotated[bool, make_redact_option()] = False,
        llm_timeout: Annotated[float, make_option("llm-timeout", "SECONDS")] = TIMEOUT,
        llm_jobs: Annotated[int, make_option("llm-jobs", "N")] = JOBS,
        lexicon: Annotated[str, typer.Option("--lexicon", metavar="DIR", help=get_text("build.lexicon"))] = "",
        lang: Annotated[str | None, make_lang_option()] = None,
    ) -> None:
        from kg.cli import make_error

        prices = read_prices(llm_prices)
        if action == "estimate" and paths:
            print_estimate(estimate_paths(paths, lexicon, redact=llm_redact), prices)
        elif action == "check" and gold and llm:
            from extract.llm.settings import LlmSettings

            cache = llm_cache or "kg-llm-check.llm-cache"
            settings = LlmSettings(
                llm, llm_model, llm_key_env, cache, llm_jobs, llm_timeout, redact=llm_redact
            )  # fmt: skip
            _approve_check(gold, source_dir, make_approval(lexicon, settings, llm_limit))
            _check(gold, source_dir, settings, lexicon, llm_checks, prices)
        else:
            raise make_error(UsageError, "llm.usage")


def read_settings(options: dict[str, Any], store: str) -> LlmSettings | None:
    """Return the settings that the options give, or None without ``--llm`` and with ``--llm-mode off``.

    By default answers are kept in a folder next to the store.

    Raises:
        UsageError: an option is given without ``--llm``, or the URL is not valid.
    """
    url, mode = options["url"], options["mode"]
    if not url:
        if any(options[name] for name in ("model", "key_env", "cache", "redact")) or mode != "review":
            raise UsageError(
                "--llm-model、--llm-key-env、--llm-cache 等要和 --llm 接口地址 一起用",
                "--llm-model, --llm-key-env, --llm-cache and the like need --llm URL",
            )
        return None
    if mode == "off":
        return None
    from extract.llm.settings import LlmSettings
    from kg.store.endpoint import is_address

    store_path = Path(STORE if is_address(store) else store)
    cache = options["cache"] or str(store_path.with_name(f"{store_path.name}.llm-cache"))
    return LlmSettings(
        url, options["model"], options["key_env"], cache, options["jobs"], options["timeout"], mode=mode,
        checks=options["checks"], redact=options["redact"],
    )  # fmt: skip


# costs


def read_prices(text: str) -> tuple[float, float] | None:
    """Return the prices of a million tokens in and out, None if *text* is empty.

    Raises:
        UsageError: *text* is not two numbers.
    """
    if not text:
        return None
    try:
        price_in, price_out = (float(part) for part in text.replace("，", ",").split(","))
        if not all(0 <= price < math.inf for price in (price_in, price_out)):
            raise ValueError
    except ValueError as error:
        raise UsageError(
            f"--llm-prices {text}：应为两个数，如 2,8（每百万词元的输入、输出价格）",
            f"--llm-prices {text}: expected two numbers such as 2,8 (price of a million tokens in and out)",
        ) from error
    return price_in, price_out


def estimate_paths(paths: list[str], lexicon: str, *, redact: bool) -> CostEstimate:
    """Return what a review of *paths* would send. The rules read them; nothing is sent."""
    from kg import read
    from kg.ingest.llm_estimate import estimate_files

    return estimate_files(read.find_sources(paths).files, lexicon, redact=redact)


def print_estimate(estimate: CostEstimate, prices: tuple[float, float] | None) -> None:
    """Print what a review would send, and what it would cost."""
    values = {
        "requests": estimate.requests, "characters": estimate.characters,
        "tokens_in": estimate.tokens_in, "tokens_out": estimate.tokens_out,
    }  # fmt: skip
    open_output().print(get_text("llm.estimate", **values), markup=False)
    _print_price(estimate.tokens_in, estimate.tokens_out, prices)


def _print_price(tokens_in: int, tokens_out: int, prices: tuple[float, float] | None) -> None:
    if prices is not None:
        cost = (tokens_in * prices[0] + tokens_out * prices[1]) / 1_000_000
        open_output().print(get_text("llm.price", cost=f"{cost:.2f}"), markup=False)


def make_approval(lexicon: str, settings: LlmSettings, limit: int) -> Callable[[Sequence[FoundSource]], None]:
    """Return a function that asks whether to send more than *limit* tokens about files; 0 is no limit.

    Files that the store has as they are, and answers in the cache, do not count. The function raises UsageError if the
    answer is no, or there is nobody to ask.

    Raises:
        UsageError: *limit* is negative.
    """
    from kg.cli import make_error

    if limit < 0:
        raise make_error(UsageError, "llm.bad_limit", limit=limit)

    def approve(files: Sequence[FoundSource]) -> None:
        from kg.ingest.llm_estimate import find_excess

        estimate = find_excess(files, limit, lexicon, settings)
        if estimate is None:
            return
        print_estimate(estimate, None)
        if not typer.get_text_stream("stdin").isatty() or not typer.confirm(get_text("llm.confirm")):
            raise make_error(UsageError, "llm.over_limit", limit=limit)

    return approve


# reports


def print_report(
    report: LlmReport, prices: tuple[float, float] | None = None, *, verbose: bool = False
) -> KgError | None:
    """Print what the model cost and found.

    Returns:
        An error about the text that the model did not read, or None if it read everything.
    """
    from kg.ingest.llm import describe_shortfall

    out = open_output()
    costs = {
        "requests": report.requests, "retries": report.retries, "cached": report.cached,
        "tokens_in": report.tokens_in, "tokens_out": report.tokens_out, "seconds": f"{report.seconds:.1f}",
    }  # fmt: skip
    out.print(get_text("llm.costs", **costs), markup=False)
    _print_price(report.tokens_in, report.tokens_out, prices)
    verdicts = {"offered": report.offered, "accepted": report.accepted, "known": report.known}
    rejected = sum(report.rejected.values())
    out.print(get_text("llm.verdicts", rejected=rejected, **verdicts), markup=False)
    if report.changed:
        out.print(f"  {'; '.join(f'{name} {n}' for name, n in report.changed.items())}", markup=False)
    if rejected:
        by_number = sorted(report.rejected.items(), key=lambda item: (-item[1], item[0]))
        why = "; ".join(f"{get_text(f'llm.why_{reason}')} {n}" for reason, n in by_number)
        out.print(f"  {why}", markup=False)
    _print_refusals(report.refusals, None if verbose else _MOST_REFUSALS)
    if report.unchecked:
        out.print(get_text("llm.unchecked"), markup=False, soft_wrap=True)
    return describe_shortfall(report)


def _print_refusals(refusals: tuple[Refusal, ...], most: int | None) -> None:
    out = open_output()
    for refusal in refusals[:most]:
        why = get_text(f"llm.why_{refusal.reason}")
        out.print(f"  {refusal.source} {refusal.change}: {refusal.words} — {why}", markup=False, soft_wrap=True)
    if most is not None and len(refusals) > most:
        out.print(f"  {get_text('llm.more', n=len(refusals) - most)}", markup=False)


# check


def _approve_check(gold: list[str], source_dir: str, approve: Callable[[Sequence[FoundSource]], None]) -> None:
    """Ask whether to send what a check needs, if that is above the limit."""
    from kg.ingest.llm_check import find_check_sources

    approve(find_check_sources(gold, source_dir or None))


def _check(
    gold: list[str],
    source_dir: str,
    settings: LlmSettings,
    lexicon: str,
    checks: str,
    prices: tuple[float, float] | None,
) -> None:
    """Check a model on annotated files, print the table and keep the result."""
    from extract.llm.review.rules import compute_prompt_version
    from extract.llm.review.trust import CheckResult, read_checks, render_checks
    from kg.files import write_files
    from kg.ingest.llm import get_review_session
    from kg.ingest.llm_check import check_model
    from ontology.lexicons import load_lexicon

    lex = load_lexicon(lexicon)
    session = get_review_session(settings)
    report = check_model(gold, lambda extraction: session.ask(extraction, lex), settings.model, lex, source_dir or None)
    _print_check(report, lexicon)
    shortfall = print_report(report.costs, prices)
    result = CheckResult(settings.model, compute_prompt_version(lex), report.scores, len(report.before.files))
    if shortfall is not None:
        raise shortfall
    results = {**read_checks(checks), (result.model, result.prompt): result}
    for path in write_files({Path(checks): render_checks(results).encode("utf-8")}):
        open_output().print(get_text("app.written", path=path), markup=False, soft_wrap=True)


def _print_check(report: CheckReport, lexicon: str) -> None:
    from rich.table import Table

    from extract.llm.review.trust import OVERRIDES, CheckResult, make_trust
    from ontology.lexicons import load_lexicon

    out = open_output()
    trust = make_trust(CheckResult("", "", report.scores), load_lexicon(lexicon))
    table = Table(
        *(get_text(f"llm.column_{name}") for name in ("change", "fixed", "broken", "neutral", "precision", "use"))
    )
    for name, score in sorted(report.scores.items()):
        judged = score.fixed + score.broken
        use = "adds" if name not in OVERRIDES else "trusted" if trust.may_override(name) else "not_trusted"
        precision = f"{score.precision:.2f}" if judged else "–"
        row = (name, str(score.fixed), str(score.broken), str(score.neutral), precision, get_text(f"llm.{use}"))
        table.add_row(*row)
    out.print(table)
    for name, evaluation in (("before", report.before), ("after", report.after)):
        scores = "  ".join(f"{layer} {evaluation.total[layer].f1:.3f}" for layer in evaluation.present)
        out.print(f"{get_text(f'llm.{name}')}: {scores}", markup=False, soft_wrap=True)
    for broken in report.broken:
        out.print(f"  {broken.source} {broken.change}: {'; '.join(broken.errors)}", markup=False, soft_wrap=True)
