"""The errors of ``ontology.errors``, re-exported for users of ``kg``, and a check of choices."""

from __future__ import annotations

import errno
from collections.abc import Sequence

from ontology.errors import (
    DiskError,
    KgError,
    LexiconError,
    LlmError,
    ModelError,
    NotFoundError,
    QueryError,
    SourceError,
    StoreError,
    UsageError,
    ValidationFailed,
)

__all__ = [
    "DiskError",
    "KgError",
    "LexiconError",
    "LlmError",
    "ModelError",
    "NotFoundError",
    "QueryError",
    "SourceError",
    "StoreError",
    "UsageError",
    "ValidationFailed",
    "check_choice",
    "find_damage_error",
    "find_disk_error",
]

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FULL_WORDS = ("No space left on device", "Disk quota exceeded", "File too large")
"""What the errors of Oxigraph say, which have no number."""


def check_choice(form: str, formats: Sequence[str]) -> str:
    """Return *form* if it is one of *formats*.

    Raises:
        UsageError: it is not.
    """
    if form not in formats:
        raise UsageError(
            f"{form}：没有这种格式（有：{'、'.join(formats)}）",
            f"{form}: no such format (there are: {', '.join(formats)})",
        )
    return form


def find_damage_error(error: BaseException) -> StoreError | None:
    """Return the error to report if *error* says that the files of a store are damaged, else None."""
    text = " ".join(str(error).split())[:200]
    if not isinstance(error, OSError | RuntimeError | QueryError) or "Corruption:" not in text:
        return None
    return StoreError(
        f"知识图谱库的文件损坏（{text}）；请换一个 --store 文件夹重新运行 kg build",
        f"the files of the store are damaged ({text}); build again into another folder",
    )


def find_disk_error(error: BaseException) -> DiskError | None:
    """Return the error to report if *error* says that a disk is full or a file too large, else None."""
    seen: BaseException | None = error
    while seen is not None:
        if (isinstance(seen, OSError) and seen.errno in _FULL) or any(words in str(seen) for words in _FULL_WORDS):
            path = getattr(seen, "filename", None)
            zh, en = (f"{path}：", f"{path}: ") if path else ("", "")
            return DiskError(
                f"{zh}磁盘已满或文件大小受限，写不下；已有的内容没有损坏，腾出空间后重新运行同一命令",
                f"{en}the disk is full, or files are limited in size; nothing stored before is lost: free some space "
                "and run the same command again",
            )
        seen = seen.__cause__ or seen.__context__
    return None
