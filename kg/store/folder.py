"""The folder of a store: its settings, its lock, what may be in it, and stores of an earlier format.

An advisory lock on ``kg.lock`` keeps one writer and the readers apart.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import IO, Any

from kg.errors import KgError, StoreError, UsageError, find_disk_error
from kg.rdf import iri
from kg.store.distinct import fill_folder

try:
    import fcntl
except ImportError:  # Windows: Oxigraph's own lock still keeps writers apart
    fcntl = None  # type: ignore[assignment]

_SETTINGS = "kg-store.json"
_LOCK = "kg.lock"
_OURS = {_SETTINGS, f"{_SETTINGS}.new", _LOCK}
_HISTORY = "kg-history"
KEPT = "kg-join.db"
"""The file of ``kg.join.kept``."""
_FORMAT = 3
_WITHOUT_DEFAULT_GRAPH = 2
"""The format of stores whose default graph is empty. It is filled when such a store is opened."""
_OXIGRAPH = "CURRENT"
"""A file in each folder of Oxigraph."""


def is_store(path: Path) -> bool:
    """Return whether there is a store in *path*."""
    return (path / _OXIGRAPH).exists()


def list_own_files(path: Path) -> list[str]:
    """Return the names of the files and folders of a store that are not Oxigraph's; the lock is not among them."""
    return [name for name in (_SETTINGS, _HISTORY, KEPT) if (path / name).exists()]


def check_new(path: Path, write: bool) -> None:
    """Make the folder of a new store.

    Raises:
        StoreError: the store is to be read, or the folder holds something else or cannot be made.
    """
    if not write:
        raise StoreError(
            f"{path}：这里没有知识图谱库；请先运行 kg build 文件或文件夹 --store {path}",
            f"{path}: no store here; make one with kg build PATH --store {path}",
        )
    if path.exists() and (not path.is_dir() or {p.name for p in path.iterdir()} - _OURS):
        raise StoreError(
            f"{path}：已有其他内容，不能作为知识图谱库；请换一个 --store 文件夹",
            f"{path}: holds something else; choose another folder for --store",
        )
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"{path}：无法新建文件夹（{error.strerror}）", f"{path}: cannot be made ({error.strerror})"
        ) from error


def is_outdated(path: Path) -> bool:
    """Return whether the store was made without a default graph."""
    return _read_settings(path).get("format") == _WITHOUT_DEFAULT_GRAPH


def convert(path: Path, held: IO[bytes] | None, write: bool) -> IO[bytes] | None:
    """Fill the default graph of a store of the earlier format, and return the lock on the folder.

    Args:
        path: the folder.
        held: the lock on it.
        write: whether the lock is that of a writer.

    Raises:
        StoreError: the store is in use, or cannot be written to.
    """
    if not write and held is not None:
        held.close()
    try:
        own = held if write else lock(path, write=True)
        fill_folder(path)
        _write_settings(path, {**_read_settings(path), "format": _FORMAT})
    except (OSError, StoreError) as error:
        why = error if isinstance(error, StoreError) else StoreError(str(error), str(error))
        raise StoreError(
            f"{path}：由旧版本建立，打开前要转换一次，但转换不了（{why.zh}）；请在能写入且没有其他程序使用时再打开一次",
            f"{path}: made by an earlier version; it has to be converted once, which failed ({why.en}); "
            "open it again where it can be written to and no other program uses it",
        ) from error
    if write or own is None:
        return own
    own.close()
    return lock(path, write=False)


def load_base(path: Path, write: bool, base: str | None) -> str:
    """Return the base of the store; write the settings of a new store.

    Raises:
        StoreError: the store was made by another version.
        UsageError: the store has another base.
    """
    settings = _read_settings(path)
    if not settings:
        if write:
            _write_settings(path, {"format": _FORMAT, "base": base or iri.BASE})
        return base or iri.BASE
    if settings.get("format") != _FORMAT:
        raise StoreError(
            f"{path}：由其他版本建立；请换一个 --store 文件夹重新运行 kg build",
            f"{path}: made by another version; build again into another folder",
        )
    stored = str(settings.get("base", iri.BASE))
    if base is not None and base != stored:
        raise make_base_error(path, stored, base)
    return stored


def make_base_error(path: object, stored: str, base: str) -> UsageError:
    """Return the error for a store whose IRIs begin with *stored*, not with *base*."""
    return UsageError(
        f"{path}：建库时的 IRI 前缀是 {stored}，不能改为 {base}；请换一个 --store 文件夹",
        f"{path}: made with the base {stored}, not {base}; choose another folder for --store",
    )


def _read_settings(path: Path) -> dict[str, Any]:
    file = path / _SETTINGS
    settings: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return settings


def _write_settings(path: Path, settings: dict[str, Any]) -> None:
    file = path / _SETTINGS
    new = file.with_name(f"{file.name}.new")
    new.write_text(json.dumps(settings, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    new.replace(file)


def lock(folder: Path, write: bool) -> IO[bytes] | None:
    """Lock a folder for one writer, or for readers; None where the system has no such locks.

    Raises:
        StoreError: another program uses it, or it cannot be written to.
    """
    if fcntl is None:
        return None
    path = folder / _LOCK
    try:
        handle: IO[bytes] = path.open("ab" if write or not path.exists() else "rb")
    except OSError as error:
        if write:
            why = error.strerror
            raise StoreError(f"{folder}：不能写入（{why}）", f"{folder}: not writable ({why})") from error
        return None  # a store on a read-only medium has no writers
    try:
        fcntl.flock(handle, (fcntl.LOCK_EX if write else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except OSError as error:
        handle.close()
        raise _make_lock_error(folder) from error
    return handle


def _make_lock_error(folder: Path) -> StoreError:
    return StoreError(
        f"{folder}：正被另一个程序使用；请等它结束后再试",
        f"{folder}: in use by another program; try again when it has ended",
    )


def make_damage_error(folder: Path, error: Exception) -> KgError:
    """Return the error for a store that cannot be opened because of *error*."""
    if full := find_disk_error(error):
        return full
    text = " ".join(str(error).split())
    if "lock" in text.lower() and "LOCK" in text:
        return _make_lock_error(folder)
    text = text[:200]
    return StoreError(
        f"{folder}：知识图谱库损坏，打不开（{text}）；请换一个 --store 文件夹重新运行 kg build",
        f"{folder}: damaged, cannot be opened ({text}); build again into another folder",
    )
