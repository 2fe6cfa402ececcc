"""The state of a store that is being served: links to the files of the store as they were after its last build.

A server that holds a store open would keep builds out, and a build would keep readers out. The server therefore reads a
copy. Files of Oxigraph with statements are never changed once they are written, so that the copy has links to them and
takes no space where the file system allows links. It is made while no build runs: half a build is never served.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph
from pyoxigraph import Literal, NamedNode, Quad

from kg.errors import StoreError
from kg.store import folder
from kg.store.history import HISTORY_FOLDER
from kg.store.store import Store
from ontology.terms import PK

_PREFIX = "kg-serve-"
_TABLE = ".sst"
"""Suffix of files that Oxigraph writes once."""
_NOT_COPIED = frozenset({"LOCK", "LOG", "IDENTITY", "kg.lock"})
_KEPT = 2
"""How many states stay: the present one, and the one before it, which queries may still read."""
_READ_FROM, _FAILURE = NamedNode(PK + "readFrom"), NamedNode(PK + "failure")
_SIGNS = ("/", "\\")
"""What ends the name of a folder in a path."""
_LOOK_SECONDS = 0.5
"""How often the store is looked at for changes, at most."""


class StoreCopies:
    """Copies of the states of one store. Use it as a context manager, or :meth:`close` it.

    Args:
        store: the folder of the store.
        hides_folders: whether the copies have only the names of the files that sources were read from, not the
            folders: those are known to this computer alone.

    Attributes:
        number: the number of the present state, from 1.
    """

    def __init__(self, store: Path, *, hides_folders: bool = False) -> None:
        """Copy the present state.

        Raises:
            StoreError: there is no store, or a build is running.
        """
        self._store, self._hides_folders = store, hides_folders
        if not folder.is_store(store):
            folder.check_new(store, write=False)
        with Store(store):  # converts a store of an earlier format, and fails if the store is damaged or in use
            pass
        self._room = _make_room(store)
        self._lock = threading.Lock()
        self._signature: tuple[tuple[str, int, int], ...] = ()
        self._looked = 0.0
        self.number = 0
        self._renew()

    def __enter__(self) -> StoreCopies:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove the copies."""
        shutil.rmtree(self._room, ignore_errors=True)

    @property
    def path(self) -> Path:
        """The folder of the present state, after a look at the store."""
        return self.get_folder(self.look())

    def get_folder(self, number: int) -> Path:
        """Return the folder of the state with a number."""
        return self._room / str(number)

    def look(self) -> int:
        """Return the number of the present state, after a look at the store."""
        if time.monotonic() - self._looked > _LOOK_SECONDS and self._lock.acquire(blocking=False):
            try:
                self._renew()
            except (OSError, StoreError):
                pass  # a build is running, or the store was taken away: the copy is served
            finally:
                self._lock.release()
        return self.number

    def forget_look(self) -> None:
        """Have the next look see what changed a moment ago."""
        self._looked = 0.0

    def _renew(self) -> None:
        """Copy the store if it has changed."""
        self._looked = time.monotonic()
        if _read_signature(self._store) == self._signature:
            return
        held = folder.lock(self._store, write=False)
        try:
            signature = _read_signature(self._store)
            target = self._room / str(self.number + 1)
            shutil.rmtree(target, ignore_errors=True)
            _copy_files(self._store, target)
            if self._hides_folders:
                hide_folders(target)
        finally:
            if held is not None:
                held.close()
        self.number, self._signature = self.number + 1, signature
        shutil.rmtree(self._room / str(self.number - _KEPT), ignore_errors=True)


def hide_folders(copy: Path) -> None:
    """Leave only the names of files in what a copy of a store says of where its sources were read.

    Args:
        copy: the folder of the copy, which nobody reads yet.
    """
    store = pyoxigraph.Store(str(copy))
    old, new = [], []
    paths: dict[object, str] = {}
    for name, hide in ((_READ_FROM, _hide_folder), (_FAILURE, _hide_in_message)):
        for quad in list(store.quads_for_pattern(None, name, None, None)):
            if not isinstance(quad.object, Literal):
                continue
            text = quad.object.value
            shown = hide(text, paths.setdefault(quad.subject, text))
            if shown != text:
                old.append(quad)
                new.append(Quad(quad.subject, name, _change_text(quad.object, shown), quad.graph_name))
    for quad in old:
        store.remove(quad)
    store.extend(new)
    store.flush()


def _hide_folder(path: str, _: str) -> str:
    """Return the name of a file; the address of a page stays."""
    return path if "://" in path else _split_path(path)[1]


def _hide_in_message(text: str, path: str) -> str:
    """Return a message about a file without its folders: the message has them in full, or as the user gave them."""
    if "://" in path:
        return text
    folder, name = _split_path(path)
    text = text.replace(folder, "") if folder else text
    before, found, rest = text.partition(name)
    return found + rest if before.endswith(_SIGNS) else text


def _split_path(path: str) -> tuple[str, str]:
    """Return the folders of a path with the sign at their end, and the name of its file."""
    end = max(path.rfind(sign) for sign in _SIGNS) + 1
    return path[:end], path[end:]


def _change_text(old: Literal, text: str) -> Literal:
    return Literal(text, language=old.language) if old.language else Literal(text, datatype=old.datatype)


def _make_room(store: Path) -> Path:
    """Return a new folder for copies: beside the files of the store, so that they can be links, or else elsewhere."""
    _remove_abandoned(store)
    prefix = f"{_PREFIX}{os.getpid()}-"
    try:
        return Path(tempfile.mkdtemp(prefix=prefix, dir=store))
    except OSError:
        return Path(tempfile.mkdtemp(prefix=prefix))


def _remove_abandoned(store: Path) -> None:
    """Remove the copies of servers that were killed."""
    for room in store.glob(f"{_PREFIX}*"):
        process = room.name.removeprefix(_PREFIX).partition("-")[0]
        if process.isdecimal() and not _is_running(int(process)):
            shutil.rmtree(room, ignore_errors=True)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _list_files(store: Path) -> Iterator[os.DirEntry[str]]:
    with os.scandir(store) as entries:
        yield from (entry for entry in entries if entry.is_file() and entry.name not in _NOT_COPIED)


def _read_signature(store: Path) -> tuple[tuple[str, int, int], ...]:
    """Return names, sizes and times of the files of a store."""
    found = []
    for entry in _list_files(store):
        with contextlib.suppress(FileNotFoundError):
            state = entry.stat()
            found.append((entry.name, state.st_size, state.st_mtime_ns))
    return tuple(sorted(found))


def _copy_files(store: Path, target: Path) -> None:
    target.mkdir(parents=True)
    for entry in _list_files(store):
        copy = target / entry.name
        if entry.name.endswith(_TABLE):
            _link(Path(entry.path), copy)  # or a copy, on another file system or one without links
        else:
            shutil.copy2(entry.path, copy)
    steps = store / HISTORY_FOLDER
    if steps.is_dir():  # what each build changed; a step that has ended is not written to any more
        (target / HISTORY_FOLDER).mkdir()
        for file in steps.iterdir():
            if file.is_file():
                _link(file, target / HISTORY_FOLDER / file.name)


def _link(file: Path, copy: Path) -> None:
    try:
        os.link(file, copy)
    except OSError:
        shutil.copy2(file, copy)
