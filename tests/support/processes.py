"""A function of the tests in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

from tests.support.paths import ROOT


def start(function: Callable[..., None], *arguments: object) -> subprocess.Popen[str]:
    """Start a process that calls *function*; what it prints can be read from ``stdout``."""
    name = function.__name__
    code = f"from {function.__module__} import {name}; {name}(*{arguments!r})"
    return subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, encoding="utf-8", cwd=ROOT)
