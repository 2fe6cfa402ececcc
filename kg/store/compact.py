"""A store written anew as one sorted load, which takes about 60 % of the room that groups of sources leave.

Oxigraph compresses what is loaded in one piece. Groups that are loaded one after another are merged later, and RocksDB
leaves what it merges into the lowest level of a small database uncompressed. The new folder is made beside the store,
and takes its place by renaming. If the process is killed between two renamings, the store is put back when it is next
opened.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain, islice
from pathlib import Path

from pyoxigraph import Quad
from pyoxigraph import Store as Oxigraph

from kg.errors import StoreError
from kg.store import folder

_PIECE = 900_000
"""Statements in one piece; Oxigraph sorts a million at once."""
_MOST_PIECES = 4
"""More pieces would be merged, and uncompressed again."""
_LEAST = 8 << 20
"""Bytes of a store that is worth it."""
_COMPACT = 170
"""Bytes a statement, the default graph included, of a store that is not worth writing anew."""


def compact_store(path: Path) -> bool:
    """Write a closed store anew, and return whether that was done.

    It is not done if another program uses the store, if it is compact or too large, or if there is no room.
    """
    path = path.resolve()
    new, old = _name_new(path), _name_old(path)
    try:
        lock = folder.lock(path, write=True)
    except StoreError:
        return False
    try:
        if not _is_worth_it(path):
            return False
        shutil.rmtree(new, ignore_errors=True)
        _write_anew(path, new)
        path.rename(old)
        new.rename(path)
    except OSError:  # no room, no permission, or a folder that cannot be renamed
        shutil.rmtree(new, ignore_errors=True)
        restore_store(path)
        return False
    finally:
        if lock is not None:
            lock.close()
    shutil.rmtree(old, ignore_errors=True)
    return True


def restore_store(path: Path) -> None:
    """Put back a store that was being renamed when a process was killed."""
    path = path.resolve()
    if not path.exists() and folder.is_store(_name_old(path)):
        with suppress(OSError):
            _name_old(path).rename(path)


def _name_new(path: Path) -> Path:
    return path.with_name(f".{path.name}.new")


def _name_old(path: Path) -> Path:
    return path.with_name(f".{path.name}.old")


def _is_worth_it(path: Path) -> bool:
    size = sum(file.stat().st_size for file in path.glob("*.sst"))
    if size < _LEAST:
        return False
    statements = len(Oxigraph.read_only(str(path)))
    return statements <= _PIECE * _MOST_PIECES and size > _COMPACT * statements


def _write_anew(path: Path, new: Path) -> None:
    written = Oxigraph(new)
    quads: Iterator[Quad] = iter(Oxigraph.read_only(str(path)).quads_for_pattern(None, None, None, None))
    for first in quads:
        written.bulk_extend(chain([first], islice(quads, _PIECE - 1)))
    written.flush()
    del written
    for name in folder.list_own_files(path):
        if (path / name).is_dir():
            shutil.copytree(path / name, new / name)
        else:
            shutil.copy2(path / name, new / name)
