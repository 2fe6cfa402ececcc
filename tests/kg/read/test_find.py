"""What is found in folders: plain files only, under names in any encoding; what describes the others is left out."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from kg import read
from kg.errors import SourceError
from kg.read.paths import print_path
from kg.read.values import Limits
from tests.support.format_files import REPLY, package

TEXT = "\n".join(REPLY)
NAMES = ("a.txt", "a.zip", "a.xlsx", "a.csv", "a.html", "a.docx", "a.pdf", "a.doc", "a.xml")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("kind", ["pipe", "socket", "device"])
def test_what_is_no_plain_file_is_reported_under_any_name(tmp_path: Path, name: str, kind: str) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    place = folder / name
    if kind == "pipe":
        os.mkfifo(place)
    elif kind == "device":
        place.symlink_to("/dev/zero")
    else:
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(place))
    (folder / "好.txt").write_text(TEXT, encoding="utf-8")
    listing = read.find_sources([folder])
    errors = [lost.error for lost in listing.unreadable]
    for found in listing.files:
        if found.id != "好.txt":
            with pytest.raises(SourceError) as caught:
                read.load_document(found)
            errors.append(caught.value)
    assert [error.en for error in errors] == [f"{place}: not a plain file (but a pipe, device or socket)"]


def test_a_pipe_that_is_given_by_its_name_is_not_called_missing(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    with pytest.raises(SourceError, match="not a plain file"):
        read.find_sources([tmp_path / "a.txt"])


@pytest.mark.parametrize(
    "name",
    ["README.md", "readme.txt", "README.en.md", "INDEX.tsv", "index.csv", "LICENSE.txt", "CHANGELOG.md", "使用说明.txt",
     "文件清单.csv"],
)  # fmt: skip
def test_files_that_describe_the_others_are_no_documents(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(TEXT, encoding="utf-8")
    (tmp_path / "好.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "包.zip").write_bytes(package({name: TEXT, "答复.txt": TEXT}))
    listing = read.find_sources([tmp_path])
    assert [found.id for found in listing.files] == ["包.zip/答复.txt", "好.txt"]
    assert sorted(path.name for path in listing.skipped) == [name, name]
    assert [found.id for found in read.find_sources([tmp_path / name]).files] == [name]


@pytest.mark.parametrize("name", ["index.html", "关于说明书的通知.txt", "indexing.md"])
def test_documents_with_similar_names_are_read(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(f"<p>{TEXT}</p>", encoding="utf-8")
    assert [found.id for found in read.find_sources([tmp_path]).files] == [name]


def test_of_xml_files_only_word_documents_are_read(tmp_path: Path) -> None:
    (tmp_path / "sitemap.xml").write_text("<urlset/>", encoding="utf-8")
    word = (
        '<w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml"><w:body><w:p><w:r><w:t>{}</w:t>'
    )
    text = word.format(REPLY[0]) + "</w:r></w:p></w:body></w:wordDocument>"
    (tmp_path / "答复.xml").write_text(text, encoding="utf-8")
    listing = read.find_sources([tmp_path])
    assert [path.name for path in listing.skipped] == ["sitemap.xml"]
    assert [read.load_document(found).source.text for found in listing.files] == [REPLY[0] + "\n"]


# names


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have only names in Unicode")
def test_names_that_are_not_utf_8_are_read_as_gb18030(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path) + "/提案".encode("gb18030")
    os.mkdir(folder)  # noqa: PTH102 - a name in bytes
    for name in ("答复.txt".encode("gb18030"), b"\xff\xfe.txt", "好.txt".encode()):
        with open(folder + b"/" + name, "wb") as stream:  # noqa: PTH123
            stream.write(TEXT.encode())
    found = read.find_sources([tmp_path]).files
    assert [one.id for one in found] == ["提案/\\xff\\xfe.txt", "提案/好.txt", "提案/答复.txt"]
    for one in found:
        source = read.load_document(one).source
        assert source.text == TEXT
        (one.id + one.origin + one.where + source.path).encode()  # can be stored and printed


@pytest.mark.parametrize("locale", ["C", "C.UTF-8", "zh_CN.GBK"])
def test_ids_are_the_same_under_any_locale(tmp_path: Path, locale: str) -> None:
    (tmp_path / "第15号答复.txt").write_text(TEXT, encoding="utf-8")
    script = (
        "import sys; from kg import read; "
        "sys.stdout.buffer.write(' '.join(f.id + f.origin for f in read.find_sources(sys.argv[1:]).files).encode())"
    )
    environment = {**os.environ, "LC_ALL": locale, "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run([sys.executable, "-c", script, tmp_path], env=environment, capture_output=True, check=True)
    assert done.stdout.decode() == f"第15号答复.txt{tmp_path}/第15号答复.txt"


def test_a_name_that_was_never_bytes_is_left_as_it_is() -> None:
    assert print_path("提案/答复.txt") == "提案/答复.txt"


# archives


def test_what_inner_archives_unpack_to_counts_against_the_bound(tmp_path: Path) -> None:
    inner = package({f"{i}.txt": os.urandom(300_000) for i in range(3)})
    (tmp_path / "包.zip").write_bytes(package({f"{i}.zip": inner for i in range(3)}))
    listing = read.find_sources([tmp_path], limits=Limits(archive_bytes=4_000_000))
    assert len(listing.files) == 6
    assert all("unpacks to too much" in lost.error.en for lost in listing.unreadable) and listing.unreadable


def test_two_members_of_one_name_are_told_and_the_last_is_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "包.zip", "w") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        for name, words in (("a.txt", "旧文。"), ("b.txt", TEXT), ("a.txt", TEXT)):
            archive.writestr(name, words)
    listing = read.find_sources([tmp_path])
    assert [found.id for found in listing.files] == ["包.zip/a.txt", "包.zip/b.txt"]
    assert read.load_document(listing.files[0]).source.text == TEXT
    (lost,) = listing.unreadable
    assert lost.member == "a.txt~1" and "several files" in lost.error.en
