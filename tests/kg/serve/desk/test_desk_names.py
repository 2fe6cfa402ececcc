"""Names of dropped files: no name leads out of the folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import UsageError
from kg.serve.desk.names import is_hidden, make_safe_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("答复.docx", "答复.docx"),
        ("2024/甲/答复.docx", "2024/甲/答复.docx"),
        ("../../etc/passwd", "etc/passwd"),
        ("/etc/passwd", "etc/passwd"),
        ("C:\\文件\\答复.docx", "C/文件/答复.docx"),
        ("..\\..\\x.txt", "x.txt"),
        ("a/./b//c.txt", "a/b/c.txt"),
        ("a\x00b\r\n.txt", "ab.txt"),
        ("\u202etxt.exe", "txt.exe"),
        ("CON.txt", "_CON.txt"),
        ("nul", "_nul"),
        ("x. . ", "x"),
        ('<img src=x onerror="1">.txt', "img src=x onerror=1.txt"),
        ("~$x.docx", "$x.docx"),
    ],
)
def test_a_name_is_made_safe(name: str, safe: str) -> None:
    assert make_safe_name(name) == safe


@pytest.mark.parametrize("name", ["", "..", "/", "...", "\x00", "../..", "   "])
def test_nothing_is_no_name(name: str) -> None:
    with pytest.raises(UsageError):
        make_safe_name(name)


def test_a_long_name_keeps_its_suffix() -> None:
    safe = make_safe_name("长" * 500 + ".docx")
    assert safe.endswith(".docx") and len(safe.encode()) <= 200


@given(st.text(max_size=80))
def test_no_name_leads_out(name: str) -> None:
    try:
        safe = make_safe_name(name)
    except UsageError:
        return
    folder = Path("/desk/files")
    path = Path(*folder.parts, safe)
    assert ".." not in path.parts and path.is_relative_to(folder) and path != folder
    assert "\x00" not in safe and not safe.startswith("/")
    assert make_safe_name(safe) == safe
    safe.encode()


@pytest.mark.parametrize("name", [".DS_Store", "a/.git/config", "Thumbs.db", "~$答复.docx", "__MACOSX/x"])
def test_files_of_programs_are_hidden(name: str) -> None:
    assert is_hidden(name)


@pytest.mark.parametrize("name", ["答复.docx", "../a.txt", "./a.txt", "a/b.txt"])
def test_documents_are_not_hidden(name: str) -> None:
    assert not is_hidden(name)
