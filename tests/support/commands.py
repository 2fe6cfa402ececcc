"""The command line, run in this process."""

from __future__ import annotations

import pytest

from kg.cli import run_command


def run_kg(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    """Run a command and return its exit code, its output and its errors."""
    capsys.readouterr()
    code = run_command([str(a) for a in arguments])
    out, err = capsys.readouterr()
    return code, out, err
