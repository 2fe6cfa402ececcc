"""Stores of invented letters, and one of the examples."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import kg


@pytest.fixture
def build(tmp_path: Path) -> Callable[..., Path]:
    """Builds a store of texts by name of their file."""

    def made(store: str, **texts: str) -> Path:
        folder = tmp_path / f"in-{store}"
        for old in folder.glob("*"):
            old.unlink()
        folder.mkdir(exist_ok=True)
        for name, text in texts.items():
            (folder / f"{name}.txt").write_text(text, encoding="utf-8")
        assert not kg.build(folder, tmp_path / store).failed
        return tmp_path / store

    return made
