"""Files that are broken or meant to do harm: each is reported in one line, and the rest of the folder is built."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from kg import read
from kg.errors import SourceError
from kg.ingest.build import build
from kg.read import guard
from kg.read.values import Limits, ReadError
from tests.support.format_files import (
    REPLY,
    W,
    docx,
    encrypted_office,
    encrypted_zip,
    package,
    paragraph,
    pdf,
    portal,
    windows_zip,
    workbook,
)

TEXT = "\n".join(REPLY)
XXE = (
    f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:document {W}><w:body><w:p><w:r>'
    "<w:t>&x;</w:t></w:r></w:p></w:body></w:document>"
)
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "哈哈哈哈">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + f"]><w:document {W}><w:body><w:p><w:r><w:t>&i;</w:t></w:r></w:p></w:body></w:document>"
)


def types(name: str, document: str) -> bytes:
    return package({"[Content_Types].xml": "<Types/>", name: document})


def bomb() -> bytes:
    """A document of 70 MB of zeros in 70 kB."""
    return package({"[Content_Types].xml": "<Types/>", "word/document.xml": b"0" * (70 << 20)})


HOSTILE: dict[str, tuple[bytes, str]] = {
    "空.txt": (b"", "空的"),
    "空白.docx": (docx(paragraph("")), "空的"),
    "零.pdf": (bytes(500), "空的"),
    "图片.txt": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, "不是文本文件"),
    "混用.txt": (("第一行是中文字符。\n" * 3).encode() + "第二种编码的一行。\n".encode("gb18030"), "混用了两种编码"),
    "一行.txt": ("公".encode() * 3_400_000, "文字过多"),
    "一行.html": (b"<html><p>" + b"a" * 10_000_000, "文字过多"),
    "加密.docx": (encrypted_office(), "密码"),
    "加密.xlsx": (encrypted_office(), "密码"),
    "加密.pdf": (pdf(["x"], encrypt=True), "密码"),
    "截断.docx": (docx(paragraph(TEXT))[:-60], "损坏"),
    "截断.xlsx": (workbook([["a"]])[:2000], "损坏"),
    "截断.pdf": (pdf(["x"])[:60], "损坏"),
    "不是.pdf": (b"%PDF-1.7 nothing more", "损坏"),
    "外部实体.docx": (types("word/document.xml", XXE), "外部实体"),
    "十亿笑.docx": (types("word/document.xml", LAUGHS), "外部实体"),
    "外部实体.xlsx": (
        types("xl/workbook.xml", XXE.replace("w:document", "workbook")), "外部实体",
    ),
    "炸弹.docx": (bomb(), "压缩炸弹"),
    "炸弹.xlsx": (package({"[Content_Types].xml": "<Types/>", "xl/workbook.xml": b"0" * (70 << 20)}), "压缩炸弹"),
    "嵌套.html": (b"<html><body>" + b"<div>" * 1_000_000, "嵌套过深"),
    "嵌套.docx": (docx("<w:ins>" * 5_000 + "</w:ins>" * 5_000), "嵌套过深"),
    "嵌套.mht": (
        b"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=a\n\n"
        + b"--a\nContent-Type: multipart/mixed; boundary=a\n\n" * 3_000, "没有网页",
    ),
    "错.xml.docx": (types("word/document.xml", "<w:document"), "损坏"),
    "不是.docx": (types("word/other.xml", "<x/>"), "不是 Word"),
    "加密.zip": (encrypted_zip("a.txt", TEXT.encode()), "密码"),
    "截断.zip": (package({"a.txt": TEXT})[:-40], "损坏"),
}  # fmt: skip
"""Name → what is in it, and words of the message."""


@pytest.mark.parametrize("name", sorted(HOSTILE))
def test_each_is_reported_in_a_line_that_names_it(tmp_path: Path, name: str) -> None:
    data, says = HOSTILE[name]
    (tmp_path / name).write_bytes(data)
    listing = read.find_sources([tmp_path])
    errors = [lost.error for lost in listing.unreadable]
    for found in listing.files:
        with pytest.raises(SourceError) as caught:
            read.load_document(found)
        errors.append(caught.value)
    assert len(errors) == 1
    for message in (errors[0].zh, errors[0].en):
        assert name in message and "\n" not in message and len(message) < 400
    assert says in errors[0].zh


def test_the_rest_of_the_folder_is_built(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name, (data, _) in HOSTILE.items():
        (folder / name).write_bytes(data)
    (folder / "好.txt").write_text(TEXT, encoding="utf-8")
    (folder / "好.html").write_text(portal(), encoding="utf-8")
    report = build(folder, tmp_path / "store")
    assert [b.source for b in report.built] == ["好.html", "好.txt"]
    assert len(report.failed) == len(HOSTILE)
    assert not any("反馈给我们" in f.error.zh for f in report.failed)


def test_a_file_of_200_megabytes_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "大.txt"
    with path.open("wb") as stream:
        stream.truncate(200 << 20)
    with pytest.raises(SourceError, match="too large"):
        read.read_source(path)


def test_a_file_that_may_not_be_read_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(docx(paragraph("x")))
    path.chmod(0)
    if os.access(path, os.R_OK):
        pytest.skip("root may read every file")
    with pytest.raises(SourceError, match="cannot be read"):
        read.read_source(path)


def test_a_pipe_is_no_file_to_wait_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    with pytest.raises(SourceError, match="not a plain file"):
        read.read_source(tmp_path / "a.txt")


def test_a_truncated_pdf_that_can_be_read_says_what_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf(["Reply 20240015"] * 3)[:-7])
    assert "truncated" in read.load_document(read.FoundSource("a.pdf", path)).report.warnings


def test_gb18030_is_not_taken_for_what_merely_decodes(tmp_path: Path) -> None:
    """UTF-8 that lost a byte would decode as GB18030, as rubbish."""
    data = (TEXT * 20).encode()
    (tmp_path / "a.txt").write_bytes(data[:700] + data[701:])
    with pytest.raises(SourceError):
        read.read_source(tmp_path / "a.txt")


# the other process

READERS = "tests.support.readers"


@pytest.mark.parametrize(("what", "says"), [("forever", "given up"), ("greedy", "memory"), ("crash", "crashed")])
def test_a_reader_that_goes_wrong_is_ended_and_the_next_one_works(what: str, says: str) -> None:
    limits = Limits(seconds=3.0)
    with pytest.raises(ReadError, match=says):
        guard.run_guarded(f"{READERS}:{what}", b"", limits)
    ((_, reading),) = guard.run_guarded(f"{READERS}:chatty", "好".encode(), Limits())
    assert reading.text == "好"


# archives


def test_an_archive_is_read_with_the_archives_in_it(tmp_path: Path) -> None:
    inner = package({"深/b.html": portal(), "更深.zip": package({"c.txt": TEXT})})
    outer = {"a.txt": TEXT, "内.zip": inner, "图.jpg": b"x", "__MACOSX/._a.txt": b"x"}
    (tmp_path / "包.zip").write_bytes(package(outer))
    listing = read.find_sources([tmp_path])
    assert [f.id for f in listing.files] == ["包.zip/a.txt", "包.zip/内.zip/深/b.html"]
    assert [p.name for p in listing.skipped] == ["图.jpg"]
    assert len(listing.unreadable) == 1 and "只读一层" in listing.unreadable[0].error.zh
    texts = [read.load_document(f).source.text for f in listing.files]
    assert texts[0] == TEXT and REPLY[-1] in texts[1]


def test_names_that_windows_packed_are_read(tmp_path: Path) -> None:
    (tmp_path / "包.zip").write_bytes(windows_zip({"提案/第15号答复.txt": TEXT.encode("gbk")}))
    (found,) = read.find_sources([tmp_path]).files
    assert found.id == "包.zip/提案/第15号答复.txt"
    assert read.load_document(found).source.text == TEXT


@pytest.mark.parametrize("name", ["../../外.txt", "/etc/外.txt", "C:\\外.txt", "a\\..\\..\\外.txt"])
def test_names_that_point_outside_are_refused_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "深" / "in"
    folder.mkdir(parents=True)
    (folder / "包.zip").write_bytes(package({name: TEXT, "好.txt": TEXT}))
    listing = read.find_sources([folder])
    assert [f.id for f in listing.files] == ["包.zip/好.txt"]
    assert len(listing.unreadable) == 1 and "压缩包之外" in listing.unreadable[0].error.zh
    assert sorted(p.name for p in tmp_path.rglob("*") if p.is_file()) == ["包.zip"]


def test_a_zip_bomb_is_refused_member_by_member(tmp_path: Path) -> None:
    files = {"大.txt": b"0" * (70 << 20), "小.txt": b"0" * (9 << 20), "好.txt": TEXT}
    (tmp_path / "包.zip").write_bytes(package(files))
    listing = read.find_sources([tmp_path])
    says = [lost.error.zh for lost in listing.unreadable]
    for found in listing.files:
        try:
            read.load_document(found)
        except SourceError as error:
            says.append(error.zh)
    assert len(says) == 2 and all("压缩炸弹" in s for s in says)


def test_an_archive_that_lies_about_sizes_is_refused(tmp_path: Path) -> None:
    data = bytearray(package({"a.txt": b"0" * (70 << 20)}))
    for sign, at in ((b"PK\3\4", 22), (b"PK\1\2", 24)):
        begin = data.find(sign)
        data[begin + at : begin + at + 4] = (100).to_bytes(4, "little")
    (tmp_path / "包.zip").write_bytes(bytes(data))
    (found,) = read.find_sources([tmp_path]).files
    with pytest.raises(SourceError):
        read.load_document(found)


def test_too_many_members_are_refused(tmp_path: Path) -> None:
    (tmp_path / "包.zip").write_bytes(package({f"{i}.txt": "x" for i in range(20)}))
    listing = read.find_sources([tmp_path], limits=Limits(archive_members=10))
    assert listing.files == () and "过多" in listing.unreadable[0].error.zh


def test_links_in_archives_are_left_alone(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "包.zip", "w") as archive:
        link = zipfile.ZipInfo("a.txt")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("好.txt", TEXT)
    assert [f.id for f in read.find_sources([tmp_path]).files] == ["包.zip/好.txt"]
