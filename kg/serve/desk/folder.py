"""The folder of a desk: files, store, decisions, and what is needed to take the last change of the files back.

files/             the files as they were dropped
store/             the graph
kg-decisions.tsv   the decisions of people
changes/N/         the files that the change N took away or replaced, and what it added (change.json)
last-build.json    what the last build reported
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import NotFoundError, UsageError
from kg.files import write_files
from kg.serve.desk.names import make_safe_name
from kg.store.store import Store

LARGEST_FILE = 500_000_000
"""Bytes of a file that the desk takes."""
_CHANGE = "change.json"
_MOST_CHANGES = 20


@dataclass(frozen=True, slots=True)
class DeskFile:
    """A file of the desk."""

    name: str
    """Its path below the folder of files."""
    size: int
    changed: float
    """Time of its last change, in seconds."""


class DeskFolder:
    """The folder of a desk. It belongs to one server at a time."""

    def __init__(self, path: Path) -> None:
        """Open the folder, and make it with an empty store if it is new.

        Raises:
            StoreError, UsageError: the folder cannot be used.
        """
        self.path = path
        self.files, self.store = path / "files", path / "store"
        self.decisions = path / "kg-decisions.tsv"
        self._changes, self._report = path / "changes", path / "last-build.json"
        try:
            self.files.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(
                f"{path}：不能用作工作台的文件夹（{error.strerror}）",
                f"{path}: cannot be the folder of a desk ({error.strerror})",
            ) from error
        if not self.store.exists():
            Store(self.store, write=True).close()

    # files

    def list_files(self) -> list[DeskFile]:
        """Return the files, sorted by name."""
        found = []
        for path in sorted(self.files.rglob("*")):
            if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
                state = path.stat()
                found.append(DeskFile(path.relative_to(self.files).as_posix(), state.st_size, state.st_mtime))
        return found

    def open_upload(self, suffix: str = "") -> Path:
        """Return a new file for what a browser sends; :meth:`keep_upload` takes it over."""
        handle, name = tempfile.mkstemp(prefix=".upload-", suffix=suffix, dir=self.path)
        os.close(handle)
        return Path(name)

    def keep_upload(self, upload: Path, name: str, change: int) -> tuple[str, str]:
        """Take a file over into the folder of files.

        Args:
            upload: the file that has the bytes; it is moved.
            name: its name, as the browser tells it.
            change: the number of the change that it belongs to.

        Returns:
            The name that it has now, and what happened: ``new``, ``same`` or ``replaced``.

        Raises:
            UsageError: the name cannot be used.
        """
        safe = make_safe_name(name)
        target = self.files / safe
        if not target.resolve().is_relative_to(self.files.resolve()):
            raise UsageError(f"{safe}：不能用作文件名", f"{safe}: cannot be the name of a file")
        if target.is_dir():
            raise UsageError(f"{safe}：这里已有同名的文件夹", f"{safe}: a folder has this name here")
        if any(folder.is_file() for folder in target.parents if folder.is_relative_to(self.files)):
            raise UsageError(
                f"{safe}：这里已有与它的文件夹同名的文件", f"{safe}: a file has the name of its folder here"
            )
        if target.is_file() and _have_same_bytes(target, upload):
            upload.unlink()
            return safe, "same"
        happened = "replaced" if target.exists() else "new"
        if target.exists():
            self._put_aside(safe, change)
        self._note(change, added=safe)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            upload.chmod(0o644)
            upload.replace(target)
        except OSError as error:
            raise UsageError(
                f"{safe}：存不下（{error.strerror}）", f"{safe}: cannot be stored ({error.strerror})"
            ) from error
        return safe, happened

    def remove_files(self, names: list[str]) -> int:
        """Take files away, and return the number of the change.

        Raises:
            NotFoundError: there is no such file.
        """
        known = {file.name for file in self.list_files()}
        for name in names:
            if name not in known:
                raise NotFoundError(f"{name}：没有这个文件", f"{name}: there is no such file")
        change = self.begin_change()
        for name in names:
            self._put_aside(name, change)
        return change

    # changes

    def begin_change(self) -> int:
        """Return the number of a new change of the files."""
        numbers = self._list_changes()
        for old in numbers[: max(0, len(numbers) - _MOST_CHANGES)]:
            shutil.rmtree(self._changes / str(old), ignore_errors=True)
        return (numbers[-1] if numbers else 0) + 1

    def describe_last_change(self) -> dict[str, Any] | None:
        """Return the files that the last change added and took away; None if there is none to take back."""
        numbers = self._list_changes()
        return self._read_change(numbers[-1]) if numbers else None

    def undo_change(self) -> None:
        """Take the last change back: what it added goes, what it took away or replaced returns.

        Raises:
            NotFoundError: there is none.
        """
        numbers = self._list_changes()
        if not numbers:
            raise NotFoundError("没有可以撤销的", "there is nothing to take back")
        change = self._read_change(numbers[-1])
        for name in change["added"]:
            with suppress(FileNotFoundError, NotADirectoryError):
                (self.files / name).unlink()
        for name in change["taken"]:
            aside, target = self._changes / str(numbers[-1]) / "files" / name, self.files / name
            if aside.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                aside.replace(target)
        shutil.rmtree(self._changes / str(numbers[-1]), ignore_errors=True)

    def hash_decisions(self) -> str:
        """Return the digest of the file of decisions; empty if there is none."""
        return hashlib.sha256(self.decisions.read_bytes()).hexdigest() if self.decisions.exists() else ""

    # the last build

    def read_report(self) -> dict[str, Any]:
        """Return what the last build reported; empty if there was none."""
        try:
            found: dict[str, Any] = json.loads(self._report.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found

    def write_report(self, report: dict[str, Any]) -> None:
        """Keep what a build reported."""
        write_files({self._report: json.dumps(report, ensure_ascii=False, indent=1).encode("utf-8")})

    def _list_changes(self) -> list[int]:
        return sorted(int(path.parent.name) for path in self._changes.glob(f"*/{_CHANGE}"))

    def _read_change(self, number: int) -> dict[str, Any]:
        found: dict[str, Any] = json.loads((self._changes / str(number) / _CHANGE).read_text(encoding="utf-8"))
        return found

    def _note(self, number: int, **what: str) -> None:
        file = self._changes / str(number) / _CHANGE
        change = self._read_change(number) if file.exists() else {"added": [], "taken": []}
        for kind, name in what.items():
            if name not in change[kind]:
                change[kind].append(name)
        write_files({file: json.dumps(change, ensure_ascii=False).encode("utf-8")})

    def _put_aside(self, name: str, number: int) -> None:
        aside = self._changes / str(number) / "files" / name
        if aside.exists():
            return  # the change replaced it twice: what was there before it counts
        self._note(number, taken=name)
        aside.parent.mkdir(parents=True, exist_ok=True)
        (self.files / name).replace(aside)


def _have_same_bytes(first: Path, second: Path) -> bool:
    if first.stat().st_size != second.stat().st_size:
        return False
    return all(a == b for a, b in zip(_read_pieces(first), _read_pieces(second), strict=True))


def _read_pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            yield piece
