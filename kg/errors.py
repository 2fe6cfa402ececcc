"""Errors that a user can cause, and nothing else.

    KgError
    ├── UsageError        an argument that does not fit                       exit 2
    ├── SourceError       a file that cannot be read                          exit 3
    ├── StoreError        a store that is missing, locked or damaged          exit 4
    ├── QueryError        SPARQL that does not parse or run                   exit 5
    ├── NotFoundError     a name, source or query that the store has not      exit 6
    └── ValidationFailed  a graph that breaks its shapes                      exit 7

Each carries a message in Chinese and one in English: what is wrong, where, and what to do.
"""

from __future__ import annotations

from collections.abc import Sequence


class KgError(Exception):
    """Base of all errors meant for a user: one line, no traceback.

    Args:
        zh: the message in Chinese.
        en: the message in English.
    """

    exit_code = 1

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh = zh
        self.en = en

    def __reduce__(self) -> tuple[type[KgError], tuple[str, str]]:
        # errors come back from other processes; by default only the English message would
        return type(self), (self.zh, self.en)

    def message(self, lang: str) -> str:
        """The message in *lang* (``zh`` or ``en``)."""
        return self.zh if lang == "zh" else self.en


class UsageError(KgError):
    exit_code = 2


def one_of(form: str, formats: Sequence[str]) -> str:
    """*form*, if it is one of *formats*.

    Raises:
        UsageError: it is none of them.
    """
    if form not in formats:
        raise UsageError(
            f"{form}：没有这种格式（有：{'、'.join(formats)}）",
            f"{form}: no such format (there are: {', '.join(formats)})",
        )
    return form


class SourceError(KgError):
    exit_code = 3


class StoreError(KgError):
    exit_code = 4


class QueryError(KgError):
    exit_code = 5


class NotFoundError(KgError):
    exit_code = 6


class ValidationFailed(KgError):
    exit_code = 7
