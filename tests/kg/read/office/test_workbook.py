"""Workbooks: values as a reader of the sheet sees them, from any program's XML; hostile parts are refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import read
from kg.errors import SourceError
from kg.read.office.workbook import number_column, read_workbook
from kg.read.values import Limits
from tests.support.format_files import package

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def book(
    rows: str, *, strings: str = "", styles: str = "", settings: str = "", prefix: str = "", namespace: str = MAIN
) -> bytes:
    """Return a workbook of one sheet, with the tags of its parts under *prefix*."""
    colon = f"{prefix}:" if prefix else ""
    declared = f'xmlns{":" + prefix if prefix else ""}="{namespace}"'
    parts = {
        "[Content_Types].xml": "<Types/>",
        "xl/_rels/workbook.xml.rels": f'<Relationships><Relationship Id="r1" Type="{RELATIONS}/worksheet" '
        'Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/workbook.xml": f'<{colon}workbook {declared} xmlns:r="{RELATIONS}">{settings}<{colon}sheets>'
        f'<{colon}sheet name="甲" sheetId="1" r:id="r1"/></{colon}sheets></{colon}workbook>',
        "xl/worksheets/sheet1.xml": f"<{colon}worksheet {declared}><{colon}sheetData>{rows}</{colon}sheetData>"
        f"</{colon}worksheet>",
    }
    if strings:
        parts["xl/sharedStrings.xml"] = f"<sst {declared}>{strings}</sst>"
    if styles:
        parts["xl/styles.xml"] = f"<styleSheet {declared}>{styles}</styleSheet>"
    return package(parts)


def cells(data: bytes) -> dict[int, list[str]]:
    ((name, grid),) = read_workbook(data, Limits())
    assert name == "甲"
    return grid.rows


def test_strings_are_read_in_all_their_forms() -> None:
    strings = "<si><t>托育</t></si><si><r><t>提</t></r><r><t>案</t></r><rPh><t>てい</t></rPh></si>"
    rows = (
        '<row r="2"><c r="B2" t="s"><v>1</v></c><c r="C2" t="s"><v>0</v></c><c r="D2" t="s"><v>9</v></c>'
        '<c t="inlineStr"><is><t>乙</t></is></c><c t="str"><f>A1</f><v>丙</v></c><c t="e"><v>#N/A</v></c></row>'
    )
    assert cells(book(rows, strings=strings)) == {2: ["", "提案", "托育", "", "乙", "丙"]}


@pytest.mark.parametrize(("prefix", "namespace"), [("x", MAIN), ("", STRICT)])
def test_other_programs_write_other_prefixes_and_namespaces(prefix: str, namespace: str) -> None:
    colon = f"{prefix}:" if prefix else ""
    rows = f"<{colon}row><{colon}c><{colon}v>12</{colon}v></{colon}c></{colon}row>"
    assert cells(book(rows, prefix=prefix, namespace=namespace)) == {1: ["12"]}


STYLES = (
    '<numFmts><numFmt numFmtId="170" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/>'
    '<numFmt numFmtId="171" formatCode="[Red]0.0&quot;d&quot;"/><numFmt numFmtId="172" formatCode="0.0%"/></numFmts>'
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/><xf numFmtId="171"/><xf numFmtId="172"/>'
    '<xf numFmtId="31"/></cellXfs>'
)


@pytest.mark.parametrize(
    ("style", "value", "printed"),
    [
        (0, "45463", "45463"), (1, "45463", "2024年6月20日"), (1, "45463.75", "2024年6月20日"),
        (2, "45463", "2024年6月20日"), (3, "45463", "45463"), (4, "0.815", "81.5%"), (5, "45463", "2024年6月20日"),
        (0, "12.0", "12"), (0, "1.5E3", "1500"), (0, "0.1", "0.1"), (0, "20240015000000001", "20240015000000001"),
    ],
)  # fmt: skip
def test_numbers_are_printed_in_their_format(style: int, value: str, printed: str) -> None:
    assert cells(book(f'<row><c s="{style}"><v>{value}</v></c></row>', styles=STYLES)) == {1: [printed]}


def test_days_may_be_counted_from_1904() -> None:
    rows = '<row><c s="1"><v>44001</v></c></row>'
    assert cells(book(rows, styles=STYLES, settings='<workbookPr date1904="1"/>')) == {1: ["2024年6月20日"]}


def test_a_part_with_a_dtd_or_too_deep_is_refused(tmp_path: Path) -> None:
    for rows, says in (("<a>" * 200 + "</a>" * 200, "too deeply"), ("<row", "broken XML")):
        with pytest.raises(SourceError, match=says):
            list(read_workbook(book(rows), Limits()))
    strings = '<!DOCTYPE x [<!ENTITY a "b">]><sst><si><t>&a;</t></si></sst>'
    parts = {"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>", "xl/sharedStrings.xml": strings}
    (tmp_path / "a.xlsx").write_bytes(package(parts))
    (lost,) = read.find_sources([tmp_path]).unreadable
    assert "DTD" in lost.error.en


def test_columns_are_numbered_by_their_letters() -> None:
    assert [number_column(letters) for letters in ("A", "Z", "AA", "XFD")] == [1, 26, 27, 16384]


def test_too_many_rows_with_values_are_refused_and_empty_ones_are_not() -> None:
    rows = "".join(f'<row r="{y}"><c r="A{y}"><v>{y}</v></c></row>' for y in range(1, 8))
    with pytest.raises(SourceError, match="limit 5 rows"):
        list(read_workbook(book(rows), Limits(rows=5)))
    assert len(list(read_workbook(book('<row r="900000"><c r="A900000"><v>1</v></c></row>'), Limits(rows=5)))) == 1


def test_rows_that_are_all_alike_are_no_bomb() -> None:
    rows = "<row><c><v>1</v></c></row>" + '<row><c s="1"/><c s="1"/><c s="1"/></row>' * 60_000
    assert cells(book(rows)) == {1: ["1"]}
