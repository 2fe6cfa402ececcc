"""The command line ``kg``. Large libraries are imported only when a command runs."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Sequence

from kg.cli import texts
from kg.errors import KgError, StoreError, UsageError, find_damage_error, find_disk_error

_INTERRUPTED = 130
_INTERNAL = 1


def main(arguments: Sequence[str] | None = None) -> None:
    """Run ``kg`` and exit with 0, or with the exit code of the error (see ``kg.errors``)."""
    sys.exit(run_command(list(sys.argv[1:] if arguments is None else arguments)))


def run_command(arguments: list[str]) -> int:
    """Run ``kg`` with *arguments* and print each error as one line on standard error.

    Returns:
        The exit code.
    """
    try:
        code = _run_command(arguments)
    except KeyboardInterrupt:
        code = _INTERRUPTED
    if code == _INTERRUPTED:  # Typer turns an interruption into this exit code
        return _fail(texts.get_text("app.interrupted"), code)
    return code


def _run_command(arguments: list[str]) -> int:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        lang = texts.choose_language(arguments)
        texts.use_language(lang if lang in texts.LANGUAGES else "zh")
        if lang not in texts.LANGUAGES:
            raise make_error(UsageError, "app.lang_unknown", lang=lang)
        from kg.cli.app import make_app

        result = make_app()(arguments, prog_name="kg", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except KgError as error:
        damaged = None if isinstance(error, StoreError) else find_damage_error(error)
        return _fail_with(find_disk_error(error) or damaged or error)
    except BrokenPipeError:
        # The reader of our output has closed it. Python must not write to it again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        # Typer's own errors (an unknown option …): the module of their class differs between versions.
        if hasattr(error, "format_message"):
            return _fail(texts.get_text("app.usage", message=error.format_message()), UsageError.exit_code)
        if known := find_disk_error(error) or find_damage_error(error):
            return _fail_with(known)
        if os.environ.get("KG_DEBUG"):
            raise
        return _fail(texts.get_text("app.internal", message=f"{type(error).__name__}: {error}"), _INTERNAL)


def make_error(kind: type[KgError], key: str, **values: object) -> KgError:
    """Return an error of class *kind* with the text of *key* in both languages."""
    return kind(_get_text_in("zh", key, **values), _get_text_in("en", key, **values))


def _fail_with(error: KgError) -> int:
    return _fail(texts.get_text("app.error", message=error.message(texts.get_language())), error.exit_code)


def _fail(message: str, code: int) -> int:
    with contextlib.suppress(OSError):  # a full disk
        sys.stdout.flush()
    print(" ".join(message.split("\n")), file=sys.stderr)
    return code


def _get_text_in(language: str, key: str, **values: object) -> str:
    before = texts.get_language()
    texts.use_language(language)
    try:
        return texts.get_text(key, **values)
    finally:
        texts.use_language(before)
