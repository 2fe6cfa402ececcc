"""What every format has."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import read
from kg.errors import SourceError
from kg.read import guard
from kg.read.values import Limits
from tests.support.documents import text
from tests.support.format_files import FORMATS, REPLY, pdf, portal

# web pages


def test_the_content_says_what_a_file_is(tmp_path: Path) -> None:
    for name in ("a.doc", "b.docx", "c.txt"):
        assert REPLY[3] in text(tmp_path / name, portal())


# what every format has


def test_a_missing_library_is_named_with_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read here and not in the other process, so that the library can be taken away."""
    from kg.read.pdf import pdf as reader

    monkeypatch.setitem(__import__("sys").modules, "pypdfium2", None)
    with pytest.raises(SourceError, match="pypdfium2 is missing"):
        reader.read_pdf(pdf(["x"]), Limits())


def test_a_digest_changes_if_and_only_if_the_bytes_do(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(portal(), encoding="utf-8")
    first = read.compute_digest(read.FoundSource("a.html", path))
    assert read.compute_digest(read.FoundSource("b.html", path)) == first
    path.write_text(portal() + " ", encoding="utf-8")
    assert read.compute_digest(read.FoundSource("a.html", path)) != first


def test_the_same_file_gives_the_same_text_and_marks_each_time() -> None:
    first = read.read_source(FORMATS / "答复.pdf")
    guard.stop_process()
    assert read.read_source(FORMATS / "答复.pdf") == first
