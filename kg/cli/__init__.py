"""The command line ``kg``. Nothing heavy is imported before a command runs."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from kg.cli import texts
from kg.errors import KgError, UsageError

_INTERRUPTED = 130
_INTERNAL = 1


def main(arguments: Sequence[str] | None = None) -> None:
    """Run ``kg`` and exit: 0, or the exit code of the error (see ``kg.errors``)."""
    sys.exit(run(list(sys.argv[1:] if arguments is None else arguments)))


def run(arguments: list[str]) -> int:
    """Run ``kg`` with *arguments*; errors become one line on standard error.

    Returns:
        The exit code.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        lang = texts.choose(arguments)
        texts.use(lang if lang in texts.LANGUAGES else "zh")
        if lang not in texts.LANGUAGES:
            raise UsageError(*(_in(x, "app.lang_unknown", lang=lang) for x in texts.LANGUAGES))
        from kg.cli.app import make

        result = make()(arguments, prog_name="kg", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except KgError as error:
        return _fail(texts.say("app.error", message=error.message(texts.language())), error.exit_code)
    except KeyboardInterrupt:
        return _fail(texts.say("app.interrupted"), _INTERRUPTED)
    except BrokenPipeError:
        # whoever read our output has enough; nothing more may be written to it at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        # Typer's own errors (an unknown option …) have no stable place to import their class from
        if hasattr(error, "format_message"):
            return _fail(texts.say("app.usage", message=error.format_message()), UsageError.exit_code)
        if os.environ.get("KG_DEBUG"):
            raise
        return _fail(texts.say("app.internal", message=f"{type(error).__name__}: {error}"), _INTERNAL)


def _fail(message: str, code: int) -> int:
    sys.stdout.flush()
    print(" ".join(message.split("\n")), file=sys.stderr)
    return code


def _in(language: str, key: str, **values: object) -> str:
    before = texts.language()
    texts.use(language)
    try:
        return texts.say(key, **values)
    finally:
        texts.use(before)


def error(kind: type[KgError], key: str, **values: object) -> KgError:
    """An error of *kind* with the words of *key* in both languages."""
    return kind(_in("zh", key, **values), _in("en", key, **values))
