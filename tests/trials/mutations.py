"""Damage that knows the structure of what it damages: trees of JSON, arrays of an archive, cells of a table."""

from __future__ import annotations

import copy
import io
import json
import random
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np

Cells = list[list[str]]
LONG = "ن" * 5000
HOSTILE_TEXTS = (
    *("", " ", "nan", "inf", "-1e400", "1_000", "۱۲٫۵", "−1.5", "1.234,5", "1/5", "0x10", "1e-400", "9" * 400, LONG),
    *("<img src=file:/x.png>", "&amp;", "a\0b", "a\nb", "\u202eeulB", "خوش\u200cخیم", "\ud800", "'=1", "#", "%"),
    *("@data", '"', "'", ",", ";", "\t", "؛", "NA", "?", "null", "None", "true", "[]", "{}", "class", "x", "1:2"),
)
HOSTILE_VALUES: tuple[Any, ...] = (
    *HOSTILE_TEXTS,
    *(None, True, False, 0, -1, 1, 2**31, 2**63, 10**400, 1.5, -0.0, 1e308, 1e-320, float("nan"), float("inf")),
    *([], {}, [[]], [None], {"": 0}, [0] * 2000, ["x"] * 2000, [[0, 0]] * 2000, {str(i): i for i in range(500)}),
)


# trees


def mutated_tree(tree: Any, chance: random.Random) -> bytes:
    """JSON of a tree with one to three nodes changed."""
    tree = copy.deepcopy(tree)
    for _ in range(chance.randint(1, 3)):
        if there := places(tree):
            change_node(*chance.choice(there), chance)
    text = json.dumps(tree)
    return text.encode("utf-8", "surrogatepass")


def places(tree: Any) -> list[tuple[Any, Any]]:
    """Every node but the root, as its parent and its key there; of long lists only the ends."""
    found: list[tuple[Any, Any]] = []
    waiting = [tree]
    while waiting:
        parent = waiting.pop()
        keys = list(parent) if isinstance(parent, dict) else [*range(len(parent))][:3] + [*range(len(parent))][-2:]
        for key in keys:
            found.append((parent, key))
            if isinstance(parent[key], dict | list):
                waiting.append(parent[key])
    return found


def change_node(parent: Any, key: Any, chance: random.Random) -> None:
    """Another value, another key, no value, the value twice, wrapped, deeper, or exchanged with a sibling."""
    if key not in parent if isinstance(parent, dict) else key >= len(parent):
        return  # a change before this one took it away
    match chance.randrange(7):
        case 0:
            del parent[key]
        case 1 if isinstance(parent, dict):
            parent[chance.choice([*HOSTILE_TEXTS, *parent])] = parent.pop(key)
        case 1:
            parent.insert(key, copy.deepcopy(parent[key]))
        case 2:
            parent[key] = [parent[key]]
        case 3:
            for _ in range(chance.choice((3, 200))):
                parent[key] = {"a": parent[key]}
        case 4 if isinstance(parent[key], list) and parent[key]:
            parent[key] = parent[key] * chance.choice((0, 2, 300))
        case 5:
            other = chance.choice(list(parent) if isinstance(parent, dict) else range(len(parent)))
            parent[key], parent[other] = parent[other], parent[key]
        case _:
            parent[key] = chance.choice(HOSTILE_VALUES)


# arrays

TYPES = ("i1", "u1", "i8", "u8", "f2", "f4", "f8", "c8", "?", "U1", "U40", "S5", "M8[s]", "i4,f8", ">f8", "f4")


def mutated_archive(arrays: dict[str, Any], chance: random.Random) -> bytes:
    """NPZ of arrays of which one to three are changed."""
    arrays = dict(arrays)
    for _ in range(chance.randint(1, 3)):
        name = chance.choice(list(arrays))
        match chance.randrange(4):
            case 0 if len(arrays) > 1:
                del arrays[name]
            case 1:
                arrays[chance.choice([*HOSTILE_TEXTS[:12], *arrays, "X", "y"])] = arrays[name]
            case _:
                arrays[name] = changed_array(np.asarray(arrays[name]), chance)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in arrays.items():
            if not name or "\0" in name or "\ud800" in name:
                continue
            with archive.open(f"{name}.npy", "w") as entry:
                np.lib.format.write_array(entry, np.asanyarray(array), allow_pickle=True)
    return buffer.getvalue()


def changed_array(array: np.ndarray[Any, Any], chance: random.Random) -> Any:
    """Of another shape, type, length or value."""
    match chance.randrange(7):
        case 0:
            return array[None]
        case 1:
            return array.reshape(-1)[: chance.randint(0, array.size)]
        case 2:
            return np.resize(array, chance.choice([(0,), (0, 2), (3, 0), (1, 1), (2, 2, 2), (20_000,), (12, 1001)]))
        case 3:
            return np.zeros(chance.choice([3_000_000, 5, 1]), dtype=chance.choice(["i1", "f2", "u1"]))
        case 4:
            return np.array([chance.choice(HOSTILE_VALUES) for _ in range(3)], dtype=object)
        case 5:
            with np.errstate(all="ignore"):
                try:
                    return array.astype(chance.choice(TYPES))
                except (ValueError, TypeError, OverflowError):
                    return array.T
        case _:
            changed = array.copy()
            if changed.size and changed.dtype.kind in "fiu":
                worst = (np.nan, np.inf, 1e38, -1.0) if changed.dtype.kind == "f" else (99, 0)
                with np.errstate(all="ignore"):
                    changed.reshape(-1)[chance.randrange(changed.size)] = chance.choice(worst)
            return changed


# tables


def mutated_cells(cells: Cells, chance: random.Random) -> Cells:
    """Rows and cells with at most two changes."""
    cells = [list(row) for row in cells]
    for _ in range(chance.randint(0, 2)):
        row = chance.randrange(len(cells))
        column = chance.randrange(max(1, len(cells[row])))
        match chance.randrange(9):
            case 0 if len(cells) > 2:
                del cells[row]
            case 1:
                cells.insert(row, list(chance.choice(cells)))
            case 2:
                cells[row] = cells[row][:column]
            case 3:
                cells[row].insert(column, chance.choice(HOSTILE_TEXTS))
            case 4:
                cells.insert(row, [chance.choice(HOSTILE_TEXTS)] * chance.choice((1, len(cells[row]), 40)))
            case 5:  # a column of something else
                text = chance.choice(HOSTILE_TEXTS)
                cells = [[text if at == column else cell for at, cell in enumerate(line)] for line in cells]
            case 6:
                shift = chance.choice((0x6F0, 0x660, 0x966)) - 0x30
                table = {0x30 + digit: 0x30 + digit + shift for digit in range(10)}
                cells = [[cell.translate(table) for cell in line] for line in cells]
            case _ if cells[row]:
                cells[row][min(column, len(cells[row]) - 1)] = chance.choice(HOSTILE_TEXTS)
    return cells


ENCODINGS = ("utf-8", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1256", "cp1252", "shift_jis", "utf-32")
HEADS = ("", "", "", "# a note\n", "\n\n", "% by hand\n", "sep=;\n", "12,3,a,b\n", "@relation r\n@data\n", "﻿")


def as_delimited(cells: Cells, chance: random.Random) -> bytes:
    """Text with some delimiter, quoting, line end, head and encoding."""
    mark = chance.choice((",", ",", ";", "\t", " ", "|", "؛"))
    quote = chance.choice(("", "", '"', "'"))
    ends = chance.choice(("\n", "\n", "\r\n", "\r"))
    lines = [mark.join(f"{quote}{cell}{quote}" for cell in row) for row in cells]
    text = chance.choice(HEADS) + ends.join(lines) + chance.choice(("", ends, ends * 3, "\x1a", f"{ends}total{ends}"))
    return text.encode(chance.choice(ENCODINGS), "replace")


def as_points_json(cells: Cells, chance: random.Random) -> bytes:
    """A list with a table of names and values for each row."""
    head = cells[0]
    rows = [{name: value_of(cell) for name, cell in zip(head, row, strict=False)} for row in cells[1:]]
    return mutated_tree({"points": rows}, chance) if chance.random() < 0.3 else mutated_tree(rows or [0], chance)


def value_of(cell: str) -> float | str:
    """The number a cell holds, or its text."""
    try:
        return float(cell)
    except ValueError:
        return cell


def as_arff(cells: Cells, chance: random.Random) -> bytes:
    """Weka's form, with names from the first row."""
    kinds = ("numeric", "real", "{a,b}", "string", "date", "")
    head = [f"@attribute {name or 'x'} {chance.choice(kinds)}" for name in cells[0]]
    lines = [*head, chance.choice(("@data", "@DATA", "")), *(",".join(row) for row in cells[1:])]
    return "\n".join(["% points", "@relation r", *lines]).encode("utf-8", "replace")


def as_libsvm(cells: Cells, chance: random.Random) -> bytes:
    """A label and ``number:value`` in each row."""
    rows = [[row[-1] if row else "", *(f"{at + 1}:{cell}" for at, cell in enumerate(row[:-1]))] for row in cells[1:]]
    return "\n".join(" ".join(row) for row in rows).encode("utf-8", "replace")


CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def as_xlsx(cells: Cells, chance: random.Random) -> bytes:
    """A workbook with one sheet, now and then with a damaged part."""
    rows = "".join(f"<row>{''.join(xlsx_cell(cell) for cell in row)}</row>" for row in cells)
    parts = {
        "[Content_Types].xml": CONTENT_TYPES,
        "_rels/.rels": f'{RELATIONS}<Relationship Id="r1" Type="{RELATION}/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>",
        "xl/workbook.xml": f'<workbook xmlns="{SHEET}" xmlns:r="{RELATION}"><sheets>'
        '<sheet name="points" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{RELATIONS}<Relationship Id="r1" Type="{RELATION}/worksheet" '
        'Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{SHEET}"><sheetData>{rows}</sheetData></worksheet>',
    }
    if chance.random() < 0.4:
        name = chance.choice(list(parts))
        at, cut = chance.randrange(len(parts[name])), chance.choice(("", "<", "</row>", "9" * 300, "\0"))
        parts[name] = parts[name][:at] + cut + parts[name][at + chance.randint(0, 20) :]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text.encode("utf-8", "replace"))
    return buffer.getvalue()


def xlsx_cell(cell: str) -> str:
    """A number where it is one, else a text of its own."""
    if isinstance(value_of(cell), float):
        return f"<c><v>{cell}</v></c>"
    text = cell.replace("&", "&amp;").replace("<", "&lt;")
    return f'<c t="inlineStr"><is><t>{text}</t></is></c>'


WRITERS: dict[str, Callable[[Cells, random.Random], bytes]] = {
    ".csv": as_delimited, ".txt": as_delimited, ".tsv": as_delimited, ".points.json": as_points_json,
    ".arff": as_arff, ".dat": as_libsvm, ".xlsx": as_xlsx,
}  # fmt: skip
