"""The ``--llm`` options of ``kg build``, and the report of what the language model cost and found."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from kg.cli.options import open_output
from kg.cli.texts import get_text
from kg.errors import KgError, UsageError

if TYPE_CHECKING:
    from extract.llm.report import LlmReport
    from extract.llm.settings import LlmSettings


def make_option(name: str, metavar: str) -> Any:
    """Return the option ``--llm``, ``--llm-model``, ``--llm-key-env`` or ``--llm-cache``."""
    return typer.Option(f"--{name}", metavar=metavar, help=get_text(f"llm.{name.replace('-', '_')}"))


def read_settings(url: str, model: str, key_env: str, cache: str, store: str) -> LlmSettings | None:
    """Return the settings that the options give, or None without ``--llm``.

    By default answers are kept in a folder next to the store.

    Raises:
        UsageError: an option is given without ``--llm``, or the URL is not valid.
    """
    if not url:
        if model or key_env or cache:
            raise UsageError(
                "--llm-model、--llm-key-env、--llm-cache 要和 --llm 接口地址 一起用",
                "--llm-model, --llm-key-env and --llm-cache need --llm URL",
            )
        return None
    from kg.ingest.llm import make_settings

    store_path = Path(store)
    return make_settings(url, model, key_env, cache or str(store_path.with_name(f"{store_path.name}.llm-cache")))


def print_report(report: LlmReport) -> KgError | None:
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
    verdicts = {"offered": report.offered, "accepted": report.accepted, "known": report.known}
    rejected = sum(report.rejected.values())
    out.print(get_text("llm.verdicts", rejected=rejected, **verdicts), markup=False)
    if rejected:
        by_number = sorted(report.rejected.items(), key=lambda item: (-item[1], item[0]))
        why = "; ".join(f"{get_text(f'llm.why_{reason}')} {n}" for reason, n in by_number)
        out.print(f"  {why}", markup=False)
    return describe_shortfall(report)
