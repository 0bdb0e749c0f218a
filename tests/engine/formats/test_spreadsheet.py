"""Spreadsheets: what cells become, and that no file ends the program or takes its memory."""

from __future__ import annotations

import datetime
import io
import struct
import sys
import zipfile
from pathlib import Path

import pytest

from engine.errors import InputError
from engine.formats import spreadsheet
from engine.formats.spreadsheet import as_lines, cell_text, read_sheets, sheet_as_text
from engine.formats.tables import TableError, open_table

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="r" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
    '<sheets><sheet name="S" sheetId="1" r:id="r"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
    f'<Relationship Id="r" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


def workbook(rows: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in PARTS.items():
            archive.writestr(name, content)
        archive.writestr(
            "xl/worksheets/sheet1.xml", f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
        )
    return buffer.getvalue()


def cell(place: str, value: str) -> str:
    return f'<row r="{place.lstrip("ABCXFD")}"><c r="{place}"><v>{value}</v></c></row>'


def test_rows_keep_their_numbers_and_empty_ones_are_empty_lines() -> None:
    text, name, others = sheet_as_text(workbook(cell("B2", "1.5") + cell("C4", "3")))

    assert (name, others) == ("S", 0)
    assert text.decode().split("\n") == ["", "1.5\t", "", "\t3", ""]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.0, "3"),
        (-0.5, "-0.5"),
        (1e300, "1e+300"),
        (True, "True"),
        ("a\n b\tc", "a b c"),
        ("", ""),
        (datetime.date(2026, 11, 27), "2026-11-27"),
    ],
)
def test_a_value_is_written_as_one_would_type_it(value: object, text: str) -> None:
    assert cell_text(value) == text


def test_marks_in_cells_are_quoted() -> None:
    assert as_lines([['a"b', "c"], ["", ""]]) == '"a""b"\tc\n\n'


@pytest.mark.parametrize("place", ["XFD1048576", "XFDD99999999"])
def test_a_cell_far_away_does_not_end_the_program(place: str, tmp_path: Path) -> None:
    (tmp_path / "far.xlsx").write_bytes(workbook(cell("A1", "1") + cell(place, "2")))

    with pytest.raises(TableError, match=r"it cannot be read as a spreadsheet: it is damaged, or too large"):
        open_table(tmp_path / "far.xlsx")


@pytest.mark.parametrize("content", [b"PK\x03\x04" + bytes(500), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(5000)])
def test_what_only_begins_like_a_spreadsheet_is_told(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "f.xls").write_bytes(content)

    with pytest.raises(TableError, match="spreadsheet"):
        open_table(tmp_path / "f.xls")


def test_an_empty_sheet_is_told(tmp_path: Path) -> None:
    (tmp_path / "f.xlsx").write_bytes(workbook(""))

    with pytest.raises(TableError, match="it is empty"):
        open_table(tmp_path / "f.xlsx")


def test_reading_can_be_given_up() -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 200_000))

    with pytest.raises(TableError, match="cannot be read as a spreadsheet"):
        open_table_cancelled(workbook(rows))


def open_table_cancelled(content: bytes) -> object:
    from engine.formats.tables import TableSource

    return TableSource(content, "The text", is_cancelled=lambda: True)


def test_a_sheet_is_refused_once_its_text_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    content = workbook('<row><c t="inlineStr"><is><t>abcdefgh</t></is></c><c><v>1</v></c></row>' * 9)
    assert read_sheets(content)[1] == "abcdefgh\t1\n" * 9

    monkeypatch.setattr(spreadsheet, "MAX_TEXT", 40)

    head, text = read_sheets(content)
    assert InputError.from_json(head["problem"]).template == "it is too large; remove some of its rows."
    assert text == ""


def test_a_reader_that_cannot_be_started_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "f.xlsx").write_bytes(workbook("<row><c><v>1</v></c></row>"))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "none"))

    with pytest.raises(TableError, match=r"“f.xlsx” cannot .* could not be started"):
        open_table(tmp_path / "f.xlsx")


def test_an_encoding_is_not_ignored_for_a_spreadsheet(tmp_path: Path) -> None:
    (tmp_path / "f.xlsx").write_bytes(workbook(cell("A1", "1")))

    with pytest.raises(TableError, match=r"it is a spreadsheet, .* Choose no encoding\."):
        open_table(tmp_path / "f.xlsx", "cp1256")


def record(kind: int, content: bytes = b"") -> bytes:
    """A record of Excel's binary workbooks: kind and length in seven bits a byte ([MS-XLSB] 2.1.4), and the content."""
    return b"".join(map(seven_bits, (kind, len(content)))) + content


def seven_bits(number: int) -> bytes:
    return bytes([number]) if number < 128 else bytes([number % 128 + 128, number // 128])


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def binary_workbook(rows: list[list[float | str]]) -> bytes:
    cells = b""
    for number, row in enumerate(rows):
        cells += record(0, struct.pack("<I", number) + bytes(13))
        for column, value in enumerate(row):
            place = struct.pack("<II", column, 0)
            cells += (
                record(6, place + wide(value))
                if isinstance(value, str)
                else record(5, place + struct.pack("<d", value))
            )
    extent = struct.pack("<IIII", 0, len(rows) - 1, 0, len(rows[0]) - 1)
    parts = {
        "xl/workbook.bin": record(0x9C, struct.pack("<II", 0, 1) + wide("r") + wide("S")) + record(0x90) + record(0x9D),
        "xl/_rels/workbook.bin.rels": PARTS["xl/_rels/workbook.xml.rels"].replace(".xml", ".bin").encode(),
        "xl/styles.bin": record(0x269, bytes(4)),
        "xl/worksheets/sheet1.bin": record(0x94, extent) + record(0x91) + cells + record(0x92),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_a_binary_workbook_is_read_like_others(tmp_path: Path) -> None:
    (tmp_path / "f.xlsb").write_bytes(binary_workbook([["x", "y", "class"], [1.5, 2, "آ"], [3, -4, "b"]]))

    read = open_table(tmp_path / "f.xlsb").read_as_found()

    assert read.dataset.points.tolist() == [[1.5, 2], [3, -4]]
    assert read.dataset.class_names == ("آ", "b")
