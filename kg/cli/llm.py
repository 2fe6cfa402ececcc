"""``--llm`` of ``kg build``: its options, and the report of what it cost and brought."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from kg.cli.options import console
from kg.cli.texts import say
from kg.errors import KgError, UsageError

if TYPE_CHECKING:
    from extract.llm.report import Report
    from extract.llm.settings import LlmSettings


def option(name: str, metavar: str) -> Any:
    """``--llm``, ``--llm-model``, ``--llm-key-env`` or ``--llm-cache``."""
    return typer.Option(f"--{name}", metavar=metavar, help=say(f"llm.{name.replace('-', '_')}"))


def chosen(url: str, model: str, key_env: str, cache: str, store: str) -> LlmSettings | None:
    """The settings that the options give; None without ``--llm``. Answers are kept beside the store by default.

    Raises:
        UsageError: options that do not go together, or a URL that is none.
    """
    if not url:
        if model or key_env or cache:
            raise UsageError(
                "--llm-model、--llm-key-env、--llm-cache 要和 --llm 接口地址 一起用",
                "--llm-model, --llm-key-env and --llm-cache go with --llm URL",
            )
        return None
    from kg.ingest.llm import settings

    beside = Path(store)
    return settings(url, model, key_env, cache or str(beside.with_name(f"{beside.name}.llm-cache")))


def show(report: Report) -> KgError | None:
    """Print what the model cost and what came of it; return what is to be said of text that no model has read."""
    from kg.ingest.llm import shortfall

    out = console()
    costs = {
        "requests": report.requests, "retries": report.retries, "cached": report.cached,
        "tokens_in": report.tokens_in, "tokens_out": report.tokens_out, "seconds": f"{report.seconds:.1f}",
    }  # fmt: skip
    out.print(say("llm.costs", **costs), markup=False)
    verdicts = {"offered": report.offered, "accepted": report.accepted, "known": report.known}
    rejected = sum(report.rejected.values())
    out.print(say("llm.verdicts", rejected=rejected, **verdicts), markup=False)
    if rejected:
        by_number = sorted(report.rejected.items(), key=lambda item: (-item[1], item[0]))
        why = "; ".join(f"{say(f'llm.why_{reason}')} {n}" for reason, n in by_number)
        out.print(f"  {why}", markup=False)
    return shortfall(report)
