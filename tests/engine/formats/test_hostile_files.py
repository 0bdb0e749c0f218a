"""Files that are damaged or made to do harm: each opens or is refused with a sentence, in bounded memory."""

from __future__ import annotations

import io
import json
import os
import random
import sys
import tracemalloc
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import fields
from itertools import count
from lzma import LZMAError
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.config import TrainingConfig
from engine.data.projection import principal_plane
from engine.dataset import Dataset
from engine.errors import JOINERS, InputError
from engine.experiment import Experiment, ExperimentError, as_json, load, save
from engine.formats.npz import OWN_SIZES, NpzError, as_arrays, load_npz, save_npz
from engine.formats.recovery_file import read_recovery, write_recovery
from engine.formats.table_text import TableText
from engine.formats.tables import TableError, as_text, open_table, table_from_text, write_table

CLOUD = np.random.default_rng(5).normal(size=(12, 3)).astype(np.float32)
FLAT = Dataset(CLOUD[:, :2], np.arange(12) % 3, ("Blue", "Zwei “x”", "آبی"))
DEEP = Dataset(
    CLOUD, np.arange(12) % 3, FLAT.class_names, feature_names=("a", "b", "c"), projection=principal_plane(CLOUD)
)
BYTES = 64 * 2**20


def read_table(path: Path) -> Dataset | None:
    """What the import does with a file when all its proposals are taken."""
    source = open_table(path)
    sample = source.look()
    points = source.read(sample.format, sample.columns)
    return None if points is None else points.dataset


# mutations

PIECES = (
    *(b"nan", b"inf", b"-Infinity", b"1e400", b"1_000", b"9" * 5000, b"-1", b"0", b"", b"\0", b"\xff\xfe", b"\x80"),
    *(b"[", b"]", b"{", b"}", b"[" * 3000, b'"', b"'", b",", b";", b"\t", b"\n", b"\r", b"#", b":", b"null", b"true"),
    *(
        b'"a":',
        b"PK\x01\x02",
        b"PK\x03\x04",
        b"\x93NUMPY",
        b"|O",
        b"<U9",
        b"\xd9\x86",
        b"(1, 2)",
        b"1e-400",
        b"\xf4\x8f",
    ),
)


def mutated(content: bytes, chance: random.Random) -> bytes:
    """The content with one to four changes."""
    data = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        place, length = chance.randrange(len(data) + 1), chance.randint(0, 40)
        match chance.randrange(6):
            case 0 if place < len(data):
                data[place] ^= 1 << chance.randrange(8)
            case 1:
                del data[place:]
            case 2:
                data[place:place] = chance.choice(PIECES)
            case 3:
                data[place : place + length] = chance.choice(PIECES)
            case 4:
                data[place:place] = data[(start := chance.randrange(len(data) + 1)) : start + length]
            case _:
                data[place : place + chance.randint(1, 8)] = chance.randbytes(chance.randint(1, 8))
    return bytes(data)


def mutated_inside(content: bytes, chance: random.Random) -> bytes:
    """The zip file with changes in one of its entries, whose checksums are right."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = {name: archive.read(name) for name in archive.namelist()}
    changed = chance.choice(list(entries))
    entries[changed] = mutated(entries[changed], chance)
    return zipped({}, {name.removesuffix(".npy"): entry for name, entry in entries.items()})


def zipped(arrays: Mapping[str, object], entries: dict[str, bytes] | None = None, *, compress: bool = False) -> bytes:
    """A zip file of arrays as numpy writes them, pickle included, and of other entries."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED if compress else zipfile.ZIP_STORED) as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w") as entry:
                np.lib.format.write_array(entry, np.asanyarray(array), allow_pickle=True)
        for name, content in (entries or {}).items():
            archive.writestr(f"{name}.npy", content)
    return buffer.getvalue()


def originals(kind: str, folder: Path) -> list[bytes]:
    """Good files of one kind."""
    paths = [folder / f"flat.{kind}", folder / f"deep.{kind}"]
    for path, dataset in zip(paths, (FLAT, DEEP), strict=True):
        if kind == "json":
            save(path, Experiment(dataset, (TrainingConfig(), TrainingConfig(seed=2))))
        elif kind == "csv":
            write_table(path, dataset)
        elif kind == "tsv":
            path.write_text(as_text(dataset, np.ones(12, dtype=bool)), encoding="utf-8")
        elif kind == "npz":
            save_npz(path, dataset)
        else:
            write_recovery(path, Experiment(dataset), "/home/someone/lesson.json")
    return [path.read_bytes() for path in paths]


READERS: dict[str, Callable[[Path], object]] = {
    "json": load, "csv": read_table, "tsv": read_table, "npz": load_npz, "recovery": read_recovery
}  # fmt: skip


@pytest.mark.parametrize("kind", READERS)
def test_five_thousand_damaged_files_of_each_kind_open_or_are_refused_politely(kind: str, tmp_path: Path) -> None:
    chance = random.Random(f"damaged {kind}")
    good, read = originals(kind, tmp_path), READERS[kind]
    path = tmp_path / "damaged"
    n_opened, n_refused = 0, 0

    for number in range(5000):
        inside = kind in ("npz", "recovery") and number % 4 >= 2
        content = (mutated_inside if inside else mutated)(good[number % len(good)], chance)
        path.write_bytes(content)
        try:
            read(path)
            n_opened += 1
        except InputError as error:
            n_refused += 1
            sentence = str(error)
            assert "damaged" in sentence, sentence  # the file's name
            assert all(sign.isprintable() or sign in JOINERS for sign in sentence), sentence
            assert sentence[-1] in ".?", sentence
            assert len(sentence) <= 300, sentence
        except Exception as error:
            error.add_note(f"file {number}: {content!r}")
            raise

    assert n_refused > 500
    assert n_opened > 0


# bad input, one by one

GOOD_CSV = "x,y,class\n1,2,A\n3,4,B\n"
GOOD_JSON = json.dumps(as_json(Experiment(FLAT)))


def refusal(
    read: Callable[[Path], object], path: Path, content: bytes | str | None = None, *, most_bytes: int = BYTES
) -> str:
    """The sentence with which a file is refused; it takes not much memory."""
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    tracemalloc.start()
    try:
        with pytest.raises(InputError) as caught:
            read(path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < most_bytes
    return str(caught.value)


BAD_TABLES: dict[str, tuple[str | bytes, str]] = {
    "empty": (b"", "“f.csv” cannot be read as a table: it is empty."),
    "blank": (b"\xef\xbb\xbf \n\n", "“f.csv” cannot be read as a table: it is empty."),
    "comments": ("# one\n# two\n", "“f.csv” cannot be read as a table: it has only comments."),
    "header alone": ("x,y,class\n", "it has no column of numbers"),
    "binary": (bytes(range(256)) * 50, "it is not a text file."),
    "binary without NUL": (bytes(range(1, 256)) * 50, "it is not a text file."),
    "spreadsheet": (b"PK\x03\x04" + bytes(100), "it begins like a spreadsheet, but is none, or a damaged one."),
    "utf-16 cut off": (GOOD_CSV.encode("utf-16")[:-1], "it is not a text file: not all of it is UTF-16."),
    "too few cells": (GOOD_CSV + "5,6\n", "line 4 has 2 columns; other lines have 3."),
    "too many cells": (GOOD_CSV + "# c\n\n5,6,A,B\n", "line 6 has 4 columns; other lines have 3."),
    "nan": (
        GOOD_CSV * 1 + "nan,6,A\n" + "5,6,A\n" * 9,
        "line 4, column “x”: “nan” is a missing value; every point needs a number there.",
    ),
    "infinity": (GOOD_CSV + "5,-inf,A\n" + "5,6,A\n" * 9, "line 4, column “y”: “-inf” is not a number."),
    "1e400": (GOOD_CSV + "5,1e400,A\n", "line 4, column “y”: “1e400” is too large a number."),
    "1e39": (GOOD_CSV + "5,1e39,A\n", "line 4, column “y”: “1e39” is too large a number."),
    "1_000": (GOOD_CSV + "1_000,6,A\n" + "5,6,A\n" * 9, "line 4, column “x”: “1_000” is not a number."),
    "no digits": (GOOD_CSV + "Ⅳ,6,A\n" + "5,6,A\n" * 9, "line 4, column “x”: “Ⅳ” is not a number."),
    "missing": (GOOD_CSV + ",6,A\n", "line 4, column “x”: the cell is empty; every point needs a number there."),
    "no class": (GOOD_CSV + "5,6,\n", "line 4, column “class”: the cell is empty; every point needs a class."),
    "one column": ("1\n2\n3\n", "it has only one column of numbers; a point needs two or more."),
    "one of numbers": ("1,a\n2,b\n3,a\n", "it has only one column of numbers; a point needs two or more."),
    "no numbers": ("a,b\nc,d\n", "it has no column of numbers; a point needs two or more."),
    "500 columns too many": (",".join(["1"] * 1500) + "\n", "it has 1,500 columns; at most 1,000 are possible."),
    "open quotation mark": (GOOD_CSV + '5,6,"A\n' + "5,6,A\n" * 500, "the quotation mark in line 4 is not closed."),
    "endless cell": (GOOD_CSV + '5,6,"' + "A" * 200_000, "line 4 cannot be split into cells."),
    "endless line": (GOOD_CSV + "," * 2_000_000, "line 4 has more than 1,048,576 characters."),
    "endless row": (GOOD_CSV + '"\n",' * 1_000_000, "the quotation mark in line 4 is not closed."),
}


@pytest.mark.parametrize("name", BAD_TABLES)
def test_a_bad_table_is_refused_with_the_line_and_what_to_do(name: str, tmp_path: Path) -> None:
    content, sentence = BAD_TABLES[name]

    told = refusal(read_table, tmp_path / "f.csv", content)

    assert sentence in told
    assert told.startswith("“f.csv” cannot be read as a table: ")


def test_five_hundred_classes_are_counted_and_another_column_is_asked_for(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text("".join(f"{i / 7},{i / 3},name{i}\n" for i in range(500)), encoding="utf-8")
    source = open_table(tmp_path / "f.csv")
    sample = source.look()

    assert sample.columns.label is None  # nothing with so many values is proposed
    with pytest.raises(TableError, match=r"“x3” has 500 different values; at most 10 .* Choose another column"):
        source.read(sample.format, type(sample.columns)((0, 1), 2))


def test_thousands_of_empty_lines_before_a_table_are_not_tried_in_all_ways() -> None:
    read = table_from_text("\n \t\n" * 10_000 + "% remark\n\nx,y\n1,2\n3,4\n").read_as_found()

    assert read.dataset.points.tolist() == [[1, 2], [3, 4]]


def test_of_a_line_without_end_no_more_is_decoded_than_is_possible() -> None:
    text = TableText(b"1,2\n" + b"1" * 2**24, "cp1252")
    tracemalloc.start()
    try:
        with pytest.raises(TableError, match="line 2 has more than 1,048,576 characters"):
            list(text.rows(","))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 2**23


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            b"1 1:2\n" * 60 + b"1 " + b" ".join(b"%d:0" % n for n in range(1, 10**5)) + b"\n",
            "has 1,001 columns in 61 rows",
        ),
        (b"1 1:2\n" * 2_000_001, "more than 2,000,000 lines"),
        (b"@relation r\n@attribute x numeric\n@data\n" + b"\n" * 2_000_001, "more than 2,000,000 lines"),
    ],
)
def test_what_would_be_too_large_as_a_table_is_refused_while_it_is_made_one(content: bytes, sentence: str) -> None:
    with pytest.raises(TableError, match=sentence):
        TableText(content)


@pytest.mark.parametrize("name", ["utf-32", "utf-16"])
def test_what_is_not_in_a_wide_encoding_is_told(name: str, tmp_path: Path) -> None:
    told = refusal(lambda path: open_table(path, name).look(), tmp_path / "f.csv", GOOD_CSV + " ")

    assert f"not all of it is {name.upper()}" in told


def test_ten_million_rows_are_refused_and_not_all_read(tmp_path: Path) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(b"1,2,A\n" * 10**7)
    read: list[float] = []
    source = open_table(path)
    sample = source.look()

    with pytest.raises(TableError, match="it has more than 1,000,000 rows; remove some"):
        source.read(sample.format, sample.columns, progress=read.append)

    assert 0.09 < max(read) < 0.11


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "“f.json” is not an experiment: it is not JSON"),
        (bytes(range(256)), "it is not a text file."),
        (GOOD_JSON.encode("utf-16"), "it is not a text file."),
        ("[" * 900_000, "it is nested too deeply."),
        ("[" * 20_000_000, "it has 20,000,000 lists; at most 1,070,000 are possible."),
        ('{"a":' * 2_000_000, "it has 2,000,000 tables; at most 80,000 are possible."),
        ("[" + "0," * 15_000_000, "it has 15,000,000 values; at most 12,600,000 are possible."),
        ("[" + '"ab",' * 3_000_000, "it has 6,000,000 quotation marks; at most 800,000 are possible."),
        (GOOD_JSON.replace('"labels": [', f'"labels": ["{"x" * 10**6}", ' + '"y", ' * 10**4), "must be whole numbers"),
        (GOOD_JSON.replace('"points": [', f'"points": ["{"x" * 10**6}", ' + '"y", ' * 10**4), "is no number"),
        (GOOD_JSON.replace('"points"', '"labels": [], "points"'), "“labels” stands twice in one table"),
        (GOOD_JSON.replace('"format": 1', '"format": 7'), "a newer version (format 7); this one reads up to 4."),
        (GOOD_JSON.replace("Blue", "<b>\\u0007"), "has characters that cannot be shown"),
        (GOOD_JSON.replace("Blue", "\\u202eeulB"), "has characters that cannot be shown"),
        (GOOD_JSON.replace('"serials": [0', '"serials": [9223372036854775807'), "9223372036854775807 is too large"),
    ],
)
def test_a_bad_experiment_is_refused_before_it_eats_memory(content: str | bytes, sentence: str, tmp_path: Path) -> None:
    assert sentence in refusal(load, tmp_path / "f.json", content)


class Harm:
    """Leaves a file behind when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, ...]:
        return (Path.touch, (self.path,))


@pytest.mark.parametrize("name", [field.name for field in fields(TrainingConfig)])
def test_a_setting_that_is_a_long_list_of_numbers_is_refused(name: str, tmp_path: Path) -> None:
    content = as_json(Experiment(FLAT))
    content["lanes"][0][name] = [1] * 100_000  # read as an array

    assert name in refusal(load, tmp_path / "f.json", json.dumps(content))


def test_no_code_from_a_file_is_run(tmp_path: Path) -> None:
    harm = np.array([Harm(tmp_path / "harmed")], dtype=object)
    content = zipped({"X": np.zeros((1, 2)), "y": harm})

    for read in (load_npz, read_recovery):
        refusal(read, tmp_path / "f.npz", content)
    assert "Python objects, which could run code" in refusal(load_npz, tmp_path / "f.npz", content)

    assert not (tmp_path / "harmed").exists()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open("y.npy") as entry:
        np.lib.format.read_array(entry, allow_pickle=True)  # a reader that is less careful
    assert (tmp_path / "harmed").exists()


ZEROS = np.zeros((8_000_000, 5), dtype=np.float64)


def test_a_zip_bomb_is_refused_by_what_its_directory_says(tmp_path: Path) -> None:
    content = zipped({"X": ZEROS}, compress=True)

    assert len(content) < 2**20
    assert "305 MB of arrays; at most 256 MB can be read." in refusal(load_npz, tmp_path / "f.npz", content)


def test_a_zip_bomb_that_lies_about_its_size_is_not_unpacked(tmp_path: Path) -> None:
    content = zipped({"X": ZEROS}, compress=True)
    true_size = (ZEROS.nbytes + 128).to_bytes(4, "little")
    assert content.count(true_size) >= 1

    assert "damaged" in refusal(load_npz, tmp_path / "f.npz", content.replace(true_size, (1000).to_bytes(4, "little")))


POINTS = np.zeros((3, 2))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "it is no NPZ file, or a damaged one"),
        (b"x,y\n1,2\n", "it is no NPZ file, or a damaged one"),
        (zipped({}), "it has no array called points or X."),
        (zipped({"a": POINTS}), "it has no array called points or X."),
        (zipped({"X": np.zeros((3, 1))}), "“X” has shape (3, 1); it must be a table"),
        (zipped({"X": np.zeros(3)}), "“X” has shape (3,); it must be a table"),
        (zipped({"X": np.array([["a", "b"]])}), "“X” holds no numbers."),
        (zipped({"X": POINTS * np.nan}), "Point number 1 is [nan, nan]; coordinates must be finite numbers."),
        (zipped({"X": np.array([[1, 2, np.nan], [3, 4, 5]])}), "[1.0, 2.0, nan]; coordinates must be finite numbers."),
        (zipped({"X": POINTS + 1e300}), "Point number 1 is [inf, inf]; coordinates must be finite numbers."),
        (zipped({"X": POINTS, "y": [0, 1]}), "the labels have shape (2,); there must be one for each point, 3 in all."),
        (zipped({"X": POINTS, "y": [0, 0.5, 1]}), "the labels have numbers that are not whole"),
        (zipped({"X": POINTS, "y": [0, np.inf, 1]}), "the labels have numbers that are not whole"),
        (zipped({"X": np.zeros((500, 2)), "y": np.arange(500)}), "there are 500 different labels; at most 10 are"),
        (zipped({"X": np.zeros((10**7, 2), dtype=np.int8)}, compress=True), "“X” has 20000000 values; at most 10,0"),
        (zipped({"X": np.array([(1, 2.0)], dtype="i4,f8")}), "“X” has no plain numbers or texts"),
        (zipped({"X": POINTS.astype(complex)}), "“X” has values of the kind <c16, which are not read."),
        (
            zipped({}, {"X": b"\x93NUMPY\1\0\x46\0{'descr': '<f8', 'fortran_order': False, 'shape': (9, 2)}"}),
            "is damaged",
        ),
        (
            zipped({"X": POINTS, "y": np.full(3, 0x110000, dtype=np.uint32).view("U1")}),
            "it has texts of characters that do not exist.",
        ),
        (zipped({"points": POINTS, "class_names": ["A", "B"]}), "there are class names but no labels."),
        (zipped({"points": POINTS, "labels": [0, 1, 2], "class_names": ["A", "B"]}), "Label 2 names no class"),
        (zipped({"points": POINTS, "labels": [0, 1, 1], "class_names": ["A", "A"]}), "Two classes are named “A”"),
        (b"PK\x01\x02" * 2000, "it has more than 1,000 entries."),
    ],
)
def test_a_bad_npz_file_is_refused_with_the_array_and_what_is_wrong(
    content: bytes, sentence: str, tmp_path: Path
) -> None:
    told = refusal(load_npz, tmp_path / "f.npz", content)

    assert told.startswith("“f.npz” holds no points that can be read: ")
    assert sentence in told


def header_of(text: str, version: int = 1) -> bytes:
    """The beginning of an array whose header is this text."""
    content = text.encode("latin-1")
    return b"\x93NUMPY" + bytes([version, 0]) + len(content).to_bytes(2 if version == 1 else 4, "little") + content


PLAIN_HEADER = "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2)}"


@pytest.mark.parametrize(
    ("beginning", "sentence"),
    [
        (b"", "is damaged: its header cannot be read"),
        (b"\x93NUMPY\1", "is damaged: its header cannot be read"),
        (header_of(PLAIN_HEADER)[:40], "is damaged: its header cannot be read"),
        (header_of(PLAIN_HEADER, 9), "is damaged: its header cannot be read"),
        (header_of(PLAIN_HEADER + " " * 20_000), "is damaged: its header cannot be read"),
        (header_of(PLAIN_HEADER.replace("3, 2", "-3, -2")), "is damaged"),
        (header_of(PLAIN_HEADER.replace("3, 2", "3.0, 2")), "is damaged: its header cannot be read"),
        (header_of(PLAIN_HEADER.replace("3, 2", "1" * 5000 + ",")), "is damaged: its header cannot be read"),
        (header_of(PLAIN_HEADER.replace("3, 2", "9" * 300 + ",")), "values; at most"),
        (header_of(PLAIN_HEADER.replace("3, 2", "1, " * 2000)), "is damaged"),
        (header_of(PLAIN_HEADER.replace("(3, 2)", "__import__('os')._exit(3)")), "its header cannot be read"),
        (header_of(PLAIN_HEADER.replace("(3, 2)", "(" * 3000)), "its header cannot be read"),
        (header_of(PLAIN_HEADER.replace("(3, 2)", "-" * 9000 + "1")), "its header cannot be read"),
        (header_of(PLAIN_HEADER.replace("(3, 2)", "[" * 90 + "]" * 90)), "its header cannot be read"),
        (header_of(PLAIN_HEADER.replace("False", "1 is 2")), "its header cannot be read"),
        (header_of(PLAIN_HEADER.replace("'<f8'", "'a5'")), ""),
        (header_of(PLAIN_HEADER.replace("<f8", "U99999")), "has texts of more than 1,000 characters"),
        (header_of(PLAIN_HEADER.replace("<f8", "(9999,9999)f8")), "has no plain numbers or texts"),
        (header_of(PLAIN_HEADER.replace("'<f8'", "('<f8', (99999,))")), "has no plain numbers or texts"),
        (header_of(PLAIN_HEADER.replace("'<f8'", "[('a', '<f8'), ('b', '|O')]")), "has no plain numbers or texts"),
        (header_of(PLAIN_HEADER.replace("<f8", "|O")), "It holds Python objects, which could run code."),
        (header_of(PLAIN_HEADER.replace("<f8", "M8[ns]")), "has values of the kind <M8[ns], which are not read"),
        (header_of(PLAIN_HEADER.replace("<f8", "V5")), "has values of the kind |V5, which are not read"),
        (header_of(PLAIN_HEADER.replace("<f8", "U0")), "its values have no size"),
    ],
    ids=map(str, count()),
)
def test_a_hostile_header_is_a_sentence_and_runs_nothing(beginning: bytes, sentence: str, tmp_path: Path) -> None:
    told = refusal(load_npz, tmp_path / "f.npz", zipped({}, {"X": beginning + bytes(48)}), most_bytes=2**24)

    assert "“X” " in told or "a damaged one" in told
    assert sentence in told


@pytest.mark.parametrize("version", [1, 2])
def test_headers_of_both_versions_are_read_and_those_of_python_2(version: int, tmp_path: Path) -> None:
    for text in (PLAIN_HEADER, PLAIN_HEADER.replace("3, 2", "3L, 2L")):
        (tmp_path / "f.npz").write_bytes(zipped({}, {"X": header_of(text, version) + bytes(48)}))

        assert load_npz(tmp_path / "f.npz").points.tolist() == [[0, 0]] * 3


MANY = 2 * 10**7
GOOD_ARRAYS = as_arrays(DEEP)


@pytest.mark.parametrize("kind", ["npz", "recovery"])
@pytest.mark.parametrize("name", OWN_SIZES)
def test_an_array_of_too_many_small_numbers_is_refused_before_it_is_unpacked(
    kind: str, name: str, tmp_path: Path
) -> None:
    """Twenty kilobytes that would be 160 MB as whole numbers, and gigabytes as Python's."""
    many = np.zeros(MANY, dtype=np.float16 if name.startswith("projection") else np.int8)
    settings = np.frombuffer(b'{"format": 1, "lanes": [{}]}', dtype=np.uint8)
    content = zipped({**GOOD_ARRAYS, "settings": settings, name: many}, compress=True)
    assert len(content) < 2**17

    told = refusal(load_npz if kind == "npz" else read_recovery, tmp_path / "f.npz", content, most_bytes=2**20)

    assert f"“{name}” has {MANY} values; at most {OWN_SIZES[name]:,} can be read." in told


def test_the_settings_of_a_recovery_file_are_limited_too(tmp_path: Path) -> None:
    content = zipped({**GOOD_ARRAYS, "settings": np.full(MANY, ord("["), dtype=np.uint8)}, compress=True)

    assert "“settings” has 20000000 values" in refusal(read_recovery, tmp_path / "f.npz", content, most_bytes=2**20)


@pytest.mark.parametrize("labels", [np.arange(10**6), np.arange(10**6).astype("U30"), np.arange(10**6).astype("S30")])
def test_a_million_different_labels_are_not_all_looked_at(labels: np.ndarray[Any, Any], tmp_path: Path) -> None:
    content = zipped({"X": np.zeros((10**6, 2), np.int8), "y": labels}, compress=True)

    told = refusal(load_npz, tmp_path / "f.npz", content, most_bytes=3 * labels.nbytes + 2**26)

    assert "there are 65,536 or more different labels; at most 10 are possible." in told


def test_texts_of_half_a_million_characters_are_refused_before_they_are_unpacked(tmp_path: Path) -> None:
    for name in ("class_names", "feature_names"):
        arrays = {**GOOD_ARRAYS, name: np.array(["n" * 500_000, "m", "l"])}
        told = refusal(load_npz, tmp_path / "f.npz", zipped(arrays, compress=True), most_bytes=2**20)
        assert f"“{name}” has texts of more than 1,000 characters." in told


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
@pytest.mark.parametrize("damage", [False, True])
@pytest.mark.parametrize("kind", ["npz", "recovery"])
def test_what_numpy_does_not_compress_so_is_refused(kind: str, damage: bool, method: int, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.writestr("points.npy", bytes(1000))
    content = bytearray(buffer.getvalue())
    if damage:
        content[45:60] = bytes(15)

    told = refusal(load_npz if kind == "npz" else read_recovery, tmp_path / "f.npz", bytes(content))

    assert "it is compressed in a way that NumPy does not use." in told


@pytest.mark.parametrize("error", [LZMAError("odd"), NotImplementedError("method 99"), SystemError()])
@pytest.mark.parametrize("kind", ["npz", "recovery"])
def test_whatever_the_unpacking_raises_is_a_sentence(
    kind: str, error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise error

    content = zipped({"points": POINTS})
    monkeypatch.setattr(zipfile.ZipFile, "open", fail)

    told = refusal(load_npz if kind == "npz" else read_recovery, tmp_path / "f.npz", content)

    assert "a damaged one" in told


@pytest.mark.parametrize("read", [load_npz, read_recovery])
def test_too_little_memory_is_left_to_whoever_reads(
    read: Callable[[Path], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise MemoryError

    (tmp_path / "f.npz").write_bytes(zipped({"points": POINTS}))
    monkeypatch.setattr(zipfile.ZipFile, "open", fail)

    with pytest.raises(MemoryError):  # who offers what was left tries again at the next start
        read(tmp_path / "f.npz")


def test_an_array_that_stands_twice_in_a_zip_file_is_refused(tmp_path: Path) -> None:
    content = zipped({"X": POINTS, "Y": POINTS}).replace(b"Y.npy", b"X.npy")

    assert "an array stands in it twice" in refusal(load_npz, tmp_path / "f.npz", content)


ALL_READERS: dict[str, tuple[Callable[[Path], object], type[InputError]]] = {
    "experiment": (load, ExperimentError), "table": (open_table, TableError),
    "npz": (load_npz, NpzError), "recovery": (read_recovery, ExperimentError),
}  # fmt: skip
ALL_WRITERS: dict[str, tuple[Callable[[Path], object], type[InputError]]] = {
    "experiment": (lambda path: save(path, Experiment(FLAT)), ExperimentError),
    "table": (lambda path: write_table(path, FLAT), TableError),
    "npz": (lambda path: save_npz(path, FLAT), NpzError),
    "recovery": (lambda path: write_recovery(path, Experiment(FLAT), None), ExperimentError),
}


@pytest.mark.parametrize("kind", ALL_READERS)
def test_a_file_of_two_gigabytes_is_refused_at_once(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "huge"
    with path.open("wb") as file:
        file.truncate(2**31)  # takes no space on the disk

    assert "huge” is 2,048 MB large; at most 256 MB can be read." in refusal(ALL_READERS[kind][0], path)


@pytest.mark.parametrize("kind", ALL_READERS)
def test_what_cannot_be_opened_is_refused_with_its_path_and_the_reason(kind: str, tmp_path: Path) -> None:
    read, error = ALL_READERS[kind]
    for path, reason in [
        (tmp_path, "it is a folder"),
        (tmp_path / "gone", "No such file"),
        (tmp_path / "a\0b", "name"),
    ]:
        with pytest.raises(error, match=rf"could not be read: .*{reason}.*\."):
            read(path)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in folders")
@pytest.mark.parametrize("kind", ALL_READERS)
def test_a_pipe_is_not_waited_for(kind: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    assert "pipe” could not be read: it is no ordinary file." in refusal(ALL_READERS[kind][0], tmp_path / "pipe")


@pytest.mark.parametrize(("number", "reason"), [(13, "Permission denied"), (5, "Input/output error")])
@pytest.mark.parametrize("kind", ALL_READERS)
def test_no_permission_and_a_vanished_disk_are_told(
    kind: str, number: int, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "f").write_bytes(b"1,2\n")

    def fail(*arguments: object, **options: object) -> object:
        raise OSError(number, reason)

    monkeypatch.setattr("engine.files.whole_files.open", fail, raising=False)

    assert f"f” could not be read: {reason}." in refusal(ALL_READERS[kind][0], tmp_path / "f")


@pytest.mark.parametrize("kind", ALL_WRITERS)
def test_a_folder_in_the_place_of_the_file_is_told_and_stays(kind: str, tmp_path: Path) -> None:
    write, error = ALL_WRITERS[kind]
    (tmp_path / "f" / "inner").mkdir(parents=True)

    with pytest.raises(error, match=r"f” could not be saved: .*\. Choose another place\."):
        write(tmp_path / "f")

    assert sorted(path.name for path in tmp_path.rglob("*") if path.name != "home") == ["f", "inner"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("kind", ALL_WRITERS)
def test_a_full_disk_leaves_the_old_file_whole_and_nothing_else(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, error = ALL_WRITERS[kind]
    (tmp_path / "f").write_bytes(b"old")
    monkeypatch.setattr("engine.files.whole_files.open", lambda path, mode: open("/dev/full", mode), raising=False)  # noqa: SIM115

    with pytest.raises(error, match=r"f” could not be saved: No space left on device\. Choose another place\."):
        write(tmp_path / "f")

    assert (tmp_path / "f").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["f"]


def test_names_with_markup_stay_as_they_are_and_what_cannot_be_shown_is_left_out() -> None:
    text = "<i>x</i>\ty\tclass\n1\t2\t<b>Blue</b>\n1\t2\tآبی\n1\t2\t\u202eeulB\x07\n1\t2\t&amp;\n"
    source = table_from_text(text)
    sample = source.look()

    points = source.read(sample.format, sample.columns)

    assert points is not None
    dataset = points.dataset
    assert dataset.class_names == ("<b>Blue</b>", "آبی", "eulB", "&amp;")
    assert dataset.feature_names == ("<i>x</i>", "y")


@pytest.mark.parametrize("kind", ["experiment", "npz", "recovery"])
def test_names_from_right_to_left_and_with_markup_come_back(kind: str, tmp_path: Path) -> None:
    dataset = Dataset(POINTS, [0, 1, 1], ("نارنجی", "<b>&amp;</b>"))  # type: ignore[arg-type]
    path = tmp_path / "f"
    if kind == "npz":
        save_npz(path, dataset)
        assert load_npz(path) == dataset
    else:
        experiment = Experiment(dataset, title="<script>\u202e\x00\ud800")
        save(path, experiment) if kind == "experiment" else write_recovery(path, experiment, "/a/<b>\u202e")
        assert (load(path) if kind == "experiment" else read_recovery(path)[0]) == experiment


def test_the_path_in_a_sentence_is_on_one_line(tmp_path: Path) -> None:
    with pytest.raises(ExperimentError, match=r"a�b<b>\.json") as caught:
        load(tmp_path / "a\nb<b>.json")

    assert str(caught.value).isprintable()
