"""Where the checkout and the files of the tests are."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
FORMATS = ROOT / "tests" / "formats"
GOLD = ROOT / "tests" / "gold"
