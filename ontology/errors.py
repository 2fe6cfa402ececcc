"""Errors that a user can cause. Each has a message in Chinese and in English: what is wrong, where, what to do.

KgError
├── UsageError        an argument or setting that does not fit            exit 2
│   ├── LexiconError  a lexicon or tier file that cannot be read
│   ├── ModelError    training data or a model folder that cannot be used
│   └── LlmError      a language model that cannot be used
├── SourceError       a file that cannot be read                          exit 3
├── StoreError        a store that is missing, locked or damaged          exit 4
├── QueryError        SPARQL that does not parse or run                   exit 5
├── NotFoundError     a name, source or query that is not in the store    exit 6
├── ValidationFailed  a graph that breaks its shapes                      exit 7
└── DiskError         a full disk                                         exit 8
"""

from __future__ import annotations


class KgError(Exception):
    """Base of all errors meant for a user: printed as one line, without a traceback.

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
        # pickle: by default an error from another process would keep only the English message
        return type(self), (self.zh, self.en)

    def message(self, lang: str) -> str:
        """Return the message in *lang* (``zh`` or ``en``)."""
        return self.zh if lang == "zh" else self.en


class UsageError(KgError):
    """An argument or setting does not fit."""

    exit_code = 2


class LexiconError(UsageError):
    """A lexicon or tier file cannot be read; the message names the file and, where there is one, the line."""


class ModelError(UsageError):
    """A training has nothing to learn, or a folder is not a model that ``kg train`` made."""


class LlmError(UsageError):
    """A language model cannot be used."""


class SourceError(KgError):
    """A file or address cannot be read."""

    exit_code = 3


class StoreError(KgError):
    """A store is missing, locked or damaged."""

    exit_code = 4


class QueryError(KgError):
    """A SPARQL query does not parse or run."""

    exit_code = 5


class NotFoundError(KgError):
    """A name, source or query is not in the store."""

    exit_code = 6


class ValidationFailed(KgError):
    """A graph breaks its shapes."""

    exit_code = 7


class DiskError(KgError):
    """A disk is full, or a file would be longer than the system allows."""

    exit_code = 8
