"""Tables: what is found in them by itself, exact numbers there and back, and names that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.names import seen
from engine.dataset import MAX_NAME_LENGTH, Dataset
from engine.formats import table_reading, tables
from engine.formats.table_text import IDLE_LINES
from engine.formats.tables import (
    Columns,
    TableError,
    TableFormat,
    TableSource,
    as_text,
    open_table,
    table_from_text,
    write_table,
)

PLAIN = TableFormat(",", ".", has_header=True)


def taken(source: TableSource) -> Dataset:
    """The dataset if all that was found is taken."""
    sample = source.look()
    points = source.read(sample.format, sample.columns)
    assert points is not None
    return points.dataset


def names_of_points(dataset: Dataset) -> list[str]:
    return [dataset.class_names[label] for label in dataset.labels]


# what is found

FOUND: dict[str, tuple[str, TableFormat, Columns]] = {
    "comma": ("x,y,c\n1,2,A\n3,4,B\n", TableFormat(",", ".", True), Columns((0, 1), 2)),
    "comma and blank": ("1, 2, A\n3, 4, B\n", TableFormat(",", ".", False), Columns((0, 1), 2)),
    "tab": ("x\ty\tc\n1.5\t2\tA b\n3\t4\tB\n", TableFormat("\t", ".", True), Columns((0, 1), 2)),
    "semicolon, decimal comma": ("x;y;c\n1,5;2,5;A\n3;4;B\n", TableFormat(";", ",", True), Columns((0, 1), 2)),
    "semicolon, decimal point": ("1.5;2.5;A\n3;4;B\n", TableFormat(";", ".", False), Columns((0, 1), 2)),
    "tab, decimal comma": ("1,5\t2,5\tA\n3\t4\tB\n", TableFormat("\t", ",", False), Columns((0, 1), 2)),
    "quoted decimal comma": ('"1,5","2,5",A\n"3,1","4,5",B\n', TableFormat(",", ",", False), Columns((0, 1), 2)),
    "blanks": ("  1.5   2 A\n 3 \t 4   B\n", TableFormat("", ".", False), Columns((0, 1), 2)),
    "blanks, decimal comma": ("1,5 2,5\n3,1 4,2\n", TableFormat("", ",", False), Columns((0, 1), None)),
    "bar": ("x|y|c\n1|2|A\n3|4|B\n", TableFormat("|", ".", True), Columns((0, 1), 2)),
    "two columns, no label": ("0,1\n1,0\n", TableFormat(",", ".", False), Columns((0, 1), None)),
    "two columns called x and y": ("x,y\n0,1\n1,0\n", TableFormat(",", ".", True), Columns((0, 1), None)),
    "whole numbers last": ("0.1,1.5,0\n1.2,0.3,1\n", TableFormat(",", ".", False), Columns((0, 1), 2)),
    "whole numbers first": ("2,0.1,1.5\n1,1.2,0.3\n", TableFormat(",", ".", False), Columns((1, 2), 0)),
    "a target named so": ("target,a,b,k\n1,.5,.6,3\n0,.1,.2,4\n", TableFormat(",", ".", True), Columns((1, 2, 3), 0)),
    "y beside x1 and x2": ("y,x1,x2\n1,5,6\n0,7,8\n", TableFormat(",", ".", True), Columns((1, 2), 0)),
    "y beside x": ("x,y,z\n1,5,6.5\n0,7,8.5\n", TableFormat(",", ".", True), Columns((1, 2), 0)),
    "text before numbers": ("kind,a,b,n\nu,1,2,0\nv,3,4,1\n", TableFormat(",", ".", True), Columns((1, 2, 3), 0)),
    "an index of rows": (",a,b,c\n0,.1,1,u\n1,.2,2,v\n2,.4,1,u\n", TableFormat(",", ".", True), Columns((1, 2), 3)),
    "a remark beside": ("1,2,A,\n3,4,B,\n", TableFormat(",", ".", False), Columns((0, 1), 2)),
    "four features": ("1.1,2,3,4,A\n3.2,4,5,6,B\n", TableFormat(",", ".", False), Columns((0, 1, 2, 3), 4)),
    "exponents": ("1e-3,-2E+5\n.5,+4.\n", TableFormat(",", ".", False), Columns((0, 1), None)),
    "comments and empty lines": ("# x y\n\n1,2\n\n# end\n3,4\n", TableFormat(",", ".", True), Columns((0, 1), None)),
    "a hint for Excel": ("sep=;\n1;2\n3;4\n", TableFormat(";", ".", False), Columns((0, 1), None)),
    "one row": ("1\t2\tA", TableFormat("\t", ".", False), Columns((0, 1), 2)),
    "header of quoted lines": ('"x\n(cm)","y",c\n1,2,A\n', TableFormat(",", ".", True), Columns((0, 1), 2)),
}


@pytest.mark.parametrize("name", FOUND)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_format_and_columns_are_found(name: str, end: str) -> None:
    text, table_format, columns = FOUND[name]

    sample = table_from_text(text.replace("\n", end)).look()

    assert sample.format == table_format
    assert sample.columns == columns
    assert len(sample.names) == len(sample.numeric) == sample.n_columns
    assert {len(row) for row in sample.rows} == {sample.n_columns}


def test_the_sample_shows_names_and_the_first_hundred_rows_as_text() -> None:
    text = "a;;c\n" + "".join(f"{row},5;007;A\n" for row in range(150))

    sample = table_from_text(text).look()

    assert sample.names == ("a", "x2", "c")
    assert sample.numeric == (True, True, False)
    assert len(sample.rows) == 100
    assert sample.rows[99] == ("99,5", "007", "A")


def test_a_given_format_is_kept_and_the_rest_is_found_again() -> None:
    source = table_from_text("1,5;2,5;3\n4,5;5,5;6\n")

    sample = source.look(TableFormat(",", ".", False))

    assert sample.rows[0] == ("1", "5;2", "5;3")
    assert sample.numeric == (True, False, False)
    assert source.look().columns == Columns((0, 1), 2)


def test_rows_of_other_lengths_are_shown_and_found_wrong_only_when_read() -> None:
    source = table_from_text("x,y,c\n1,2,A\n3,4\n5,6,B,C\n7,8,A\n9,9,A\n9,9,A\n")
    sample = source.look()

    assert sample.rows[1:3] == (("3", "4", ""), ("5", "6", "B"))
    with pytest.raises(TableError, match="line 3 has 2 columns; other lines have 3"):
        source.read(sample.format, sample.columns)


@pytest.mark.parametrize(
    ("encoding", "word"),
    [("utf-8", "آبی"), ("utf-8-sig", "آبی"), ("utf-16", "آبی"), ("latin-1", "Äpfel"), ("cp1252", "“Äpfel” 5 €")],
)
def test_the_encoding_is_found(encoding: str, word: str, tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_bytes(f"x,y,{word}\n1,2,{word}\n".encode(encoding))
    source = open_table(tmp_path / "f.csv")

    assert source.look().names == ("x", "y", word)
    assert taken(source).class_names[0] == word


# datasets


def test_classes_are_in_the_order_in_which_they_come() -> None:
    dataset = taken(table_from_text("1,2,pear\n3,4,apple\n5,6,pear\n7,8,fig\n"))

    assert dataset.class_names == ("pear", "apple", "fig")
    assert dataset.labels.tolist() == [0, 1, 0, 2]
    assert dataset.points.tolist() == [[1, 2], [3, 4], [5, 6], [7, 8]]
    assert dataset.feature_names == ()


def test_classes_that_are_numbers_are_sorted_by_value() -> None:
    dataset = taken(table_from_text("a,b,class\n1.5,2,10\n3,4,9\n5,6,-1\n7,8,10\n"))

    assert dataset.class_names == ("-1", "9", "10")
    assert dataset.labels.tolist() == [2, 1, 0, 2]
    assert dataset.feature_names == ("a", "b")


def test_labels_with_endless_exponents_are_texts() -> None:
    huge = f"1e{'9' * 400}"

    dataset = taken(table_from_text(f"a,b,class\n1.5,2,{huge}\n3,4.5,1\n"))

    assert dataset.class_names == (huge[:MAX_NAME_LENGTH], "1")


@pytest.mark.parametrize("line", ["1 one two", "1 1:2 three 2:5", "1 1:2 2:"])
def test_a_line_that_is_no_sparse_row_is_no_point_at_zero(line: str) -> None:
    with pytest.raises(TableError, match="line 62 is not like the others"):
        table_from_text("1 1:1 2:2\n" * 60 + "2 # no values\n" + line + "\n")


def test_a_doubt_about_long_names_leaves_room_for_what_to_do() -> None:
    names = ",".join(f"{number} {'w' * 38}" for number in range(5))
    rows = "".join(f"a{n % 2},b{n % 3},c{n % 2},d{n % 2},e{n % 2},{n}.5,{n}.25\n" for n in range(12))
    source = TableSource(f"{names},u,v\n{rows}".encode(), f"“{'f' * 60}”")

    with pytest.raises(TableError, match=r"“0 w+…” is taken\. Choose what is meant .* or change the table\.$"):
        source.read_as_found()


def test_a_hundred_thousand_names_are_not_all_compared_before_they_are_too_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared: list[str] = []

    def one_writing(text: str) -> str:
        compared.append(text)
        return text

    monkeypatch.setattr(table_reading, "one_writing", one_writing)
    source = table_from_text("x,y,c\n" + "".join(f"{n}.5,{n}.25,name {n}\n" for n in range(100_000)))

    with pytest.raises(TableError, match="“c” has 100,000 different values; at most 10 classes"):
        source.read_with_doubts("c")

    assert not compared


def test_one_class_gets_a_second_one_without_points() -> None:
    dataset = taken(table_from_text("1,2,Orange\n3,4,Orange\n"))

    assert dataset.class_names[0] == "Orange"
    assert dataset.class_counts().tolist() == [2, 0]


def test_without_a_label_all_points_are_of_the_first_class() -> None:
    dataset = taken(table_from_text("1,2\n3,4\n"))

    assert dataset.class_names == ("Blue", "Orange")
    assert dataset.labels.tolist() == [0, 0]


def test_long_names_are_shortened_and_made_to_differ() -> None:
    stem = "n" * 60
    dataset = taken(table_from_text(f"1,2,{stem}a\n3,4,{stem}b\n5,6,\x07\n7,8,{stem}c\n"))

    assert len(set(dataset.class_names)) == 4
    assert dataset.class_names[0] == "n" * MAX_NAME_LENGTH
    assert all(name.startswith("nnn") for name in (dataset.class_names[1], dataset.class_names[3]))
    assert all(len(name) <= MAX_NAME_LENGTH for name in dataset.class_names)


def test_more_than_two_features_are_shown_on_their_principal_plane() -> None:
    generator = np.random.default_rng(1)
    flat = generator.normal(size=(200, 2)) @ np.array([[3, 0, 1, 2], [0, 1, 1, -1]])
    rows = "".join(",".join(map(repr, row)) + f",{'AB'[i % 2]}\n" for i, row in enumerate(flat.tolist()))

    dataset = taken(table_from_text("a,b,c,d,class\n" + rows))

    assert dataset.feature_names == ("a", "b", "c", "d")
    assert dataset.projection is not None
    assert sum(dataset.projection.explained) == pytest.approx(1)  # the points lie on a plane
    assert dataset.places.shape == (200, 2)


def test_chosen_columns_are_taken_in_their_order() -> None:
    source = table_from_text("a,b,c,d\n1,2,3,0\n4,5,6,1\n")

    points = source.read(PLAIN, Columns((2, 0), 1))

    assert points is not None
    dataset = points.dataset
    assert dataset.points.tolist() == [[3, 1], [6, 4]]
    assert dataset.feature_names == ("c", "a")
    assert dataset.class_names == ("2", "5")


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (Columns((0,), 2), "choose them"),
        (Columns((0, 0), 2), "chosen twice"),
        (Columns((0, 2), 2), "chosen twice"),
        (Columns((0, 3), 2), "no column number 4; it has 3"),
        (Columns((0, 1), -1), "no column number 0"),
    ],
)
def test_columns_that_make_no_points_are_refused(columns: Columns, message: str) -> None:
    with pytest.raises(TableError, match=message):
        table_from_text("x,y,c\n1,2,A\n").read(PLAIN, columns)


def test_of_a_column_that_is_too_seldom_numbers_a_cell_is_quoted_that_is_none() -> None:
    with pytest.raises(TableError, match="Line 3, column “bill”: “foo” is not a number"):
        table_from_text("height,bill,kind\n1,2,a\n2,foo,b\n3,1,a\n").read(PLAIN, Columns((0,), 2))


def test_another_decimal_sign_is_suggested() -> None:
    with pytest.raises(TableError, match=r"line 2, column “y”: “2,5” is not a number\. Is the decimal sign a comma"):
        table_from_text("x;y;c\n1;2,5;A\n").read(TableFormat(";", ".", True), Columns((0, 1), 2))


@pytest.mark.parametrize("parts", [("ab", ".", True), ("\n", ".", True), ('"', ".", True), (",", "'", True)])
def test_a_format_that_cannot_be_is_refused(parts: tuple[str, str, bool]) -> None:
    with pytest.raises(TableError, match=r"cannot be separated by|must be a point, a comma or a stroke"):
        TableFormat(*parts)


@pytest.mark.parametrize("wrong", [0, 4_999, 5_000, 12_344])
def test_a_wrong_cell_is_named_wherever_it_is(wrong: int) -> None:
    rows = [f"{i},{i / 7!r},{'AB'[i % 2]}" for i in range(12_345)]
    rows[wrong] = "1,oops,A"

    with pytest.raises(TableError, match=f"line {wrong + 2}, column “y”: “oops” is not a number"):
        table_from_text("x,y,c\n" + "\n".join(rows)).read(PLAIN, Columns((0, 1), 2))


def test_progress_rises_to_one_and_reading_can_be_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "BLOCK_ROWS", 100)
    source = table_from_text("x,y,c\n" + "1.25,2.25,A\n" * 10_000)
    shares: list[float] = []

    whole = source.read(PLAIN, Columns((0, 1), 2), progress=shares.append)
    stopped = source.read(PLAIN, Columns((0, 1), 2), progress=shares.append, is_cancelled=lambda: len(shares) >= 130)

    assert whole is not None
    assert len(whole.dataset) == 10_000
    assert stopped is None
    assert shares[:100] == sorted(shares[:100])
    assert shares[99] == 1.0
    assert len(shares) == 130


def test_looking_for_rows_among_empty_lines_can_be_given_up(tmp_path: Path) -> None:
    (tmp_path / "f.csv").write_text("x,y\n" + "\n" * 3 * IDLE_LINES + "1,2\n")
    asked: list[int] = []

    def is_cancelled() -> bool:
        asked.append(1)
        return len(asked) >= 2

    with pytest.raises(TableError, match="given up"):
        open_table(tmp_path / "f.csv", is_cancelled=is_cancelled).look()
    assert len(asked) == 2


def test_reading_lines_without_rows_can_be_cancelled() -> None:
    source = table_from_text("x,y\n" + "1,2\n" * 1200 + "\n" * 3 * IDLE_LINES + "1,2\n")
    sample = source.look()
    asked: list[int] = []

    def is_cancelled() -> bool:
        asked.append(1)
        return len(asked) >= 2

    assert source.read(sample.format, sample.columns, is_cancelled=is_cancelled) is None
    assert len(asked) == 2


def test_a_hundred_thousand_rows_are_read_as_they_were_written(tmp_path: Path) -> None:
    generator = np.random.default_rng(1)
    dataset = Dataset(
        generator.normal(size=(100_000, 2)).astype(np.float32), generator.integers(0, 3, 100_000), ("A", "B", "C")
    )
    write_table(tmp_path / "f.csv", dataset)

    read = taken(open_table(tmp_path / "f.csv"))

    np.testing.assert_array_equal(read.points, dataset.points)


# there and back

shown = st.characters(exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"), include_characters=" ")
names = st.one_of(
    st.sampled_from(
        ["=1+1", "'=1", "''@x", "-1", "+a", "@", "nan", 'a"b', "a,b", "#", ";", "1", "1.0", "'", "\\", "x"]
    ),
    st.text(shown, min_size=1, max_size=MAX_NAME_LENGTH).map(seen).filter(bool),
)
single_precision = st.floats(width=32, allow_nan=False, allow_infinity=False)


@st.composite
def datasets(draw: st.DrawFn) -> Dataset:
    n_features = draw(st.sampled_from([2, 2, 3]))
    rows = draw(st.lists(st.tuples(*[single_precision] * n_features, st.integers(0, 2)), min_size=1, max_size=12))
    return Dataset(
        np.array([row[:-1] for row in rows], dtype=np.float32),
        np.array([row[-1] for row in rows]),
        tuple(draw(st.lists(names, min_size=3, max_size=3, unique=True))),
        feature_names=tuple(draw(st.lists(names, min_size=n_features, max_size=n_features))),
    )


@given(datasets())
def test_a_table_gives_the_same_points_and_names_back(
    tmp_path_factory: pytest.TempPathFactory, dataset: Dataset
) -> None:
    path = tmp_path_factory.getbasetemp() / "again.csv"
    features = Columns(tuple(range(dataset.n_features)), dataset.n_features)
    write_table(path, dataset)

    for source, delimiter in ((open_table(path), ","), (table_from_text(as_text(dataset, dataset.labels >= 0)), "\t")):
        points = source.read(TableFormat(delimiter, ".", has_header=True), features)

        assert points is not None
        again = points.dataset
        assert again.points.tobytes() == dataset.points.tobytes()
        assert names_of_points(again) == names_of_points(dataset)
        assert again.feature_names == dataset.feature_names


@given(st.lists(st.tuples(single_precision, single_precision, st.integers(0, 2)), min_size=1, max_size=12))
def test_what_was_written_is_found_by_itself(rows: list[tuple[float, float, int]]) -> None:
    dataset = Dataset(
        np.array([row[:2] for row in rows], dtype=np.float32), np.array([row[2] for row in rows]), ("Blue", "1", "=x")
    )

    again = taken(table_from_text(as_text(dataset, np.ones(len(rows), dtype=bool))))

    assert again.points.tobytes() == dataset.points.tobytes()
    assert names_of_points(again) == names_of_points(dataset)


def test_any_reader_of_csv_gets_the_same_numbers(tmp_path: Path) -> None:
    dataset = Dataset(
        np.array([[0.1, -0.0], [1e-45, 3.4028235e38]], np.float32), np.array([1, 0]), ('a "b", c', "d")
    )  # fmt: skip

    write_table(tmp_path / "f.csv", dataset)

    text = (tmp_path / "f.csv").read_text(encoding="utf-8")
    assert text.startswith("x,y,class\n0.1,-0.0,d\n1e-45,3.4028235e+38,")
    rows = list(csv.reader(io.StringIO(text)))
    assert np.array([row[:2] for row in rows[1:]], dtype=np.float32).tobytes() == dataset.points.tobytes()
    assert [row[2] for row in rows] == ["class", "d", 'a "b", c']


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("@sum", "'@sum"),
        ("-x", "'-x"),
        ("+1+2", "'+1+2"),
        ("-1", "-1"),
        ("+2.5", "'+2.5"),  # else it would be read as the number 2.5, as which it is another name
        ("1.0", "'1.0"),
        ("?", "'?"),
        ("'a", "'a"),
    ],
)
def test_a_spreadsheet_gets_no_formula(name: str, cell: str, tmp_path: Path) -> None:
    dataset = Dataset([[1, 2]], [0], (name, "other"))  # type: ignore[arg-type]

    write_table(tmp_path / "f.csv", dataset)

    rows = list(csv.reader(io.StringIO((tmp_path / "f.csv").read_text(encoding="utf-8"))))
    assert rows[1] == ["1.0", "2.0", cell]


def test_names_beyond_ascii_are_marked_as_utf_8_for_spreadsheets(tmp_path: Path) -> None:
    for name, mark in (("آبی", True), ("Blue", False)):
        write_table(tmp_path / "f.csv", Dataset([[1, 2]], [0], (name, "other")))  # type: ignore[arg-type]

        assert (tmp_path / "f.csv").read_bytes().startswith(b"\xef\xbb\xbf") is mark


def test_only_the_chosen_points_are_copied() -> None:
    dataset = Dataset([[1, 2], [3, 4], [5, 6]], [0, 1, 1], ("A", "B"))  # type: ignore[arg-type]

    assert as_text(dataset, np.array([True, False, True])) == "x\ty\tclass\n1.0\t2.0\tA\n5.0\t6.0\tB\n"


def test_numbers_in_the_names_of_classes_do_not_make_blanks_the_separator() -> None:
    text = "x\ty\tclass\n" + "".join(f"{n / 10}\t{n / 7:.3f}\tName {n % 2}\n" for n in range(1, 30))
    sample = table_from_text(text).look()
    assert sample.format.delimiter == "\t"
    assert sample.columns == Columns((0, 1), 2)


MANY = "".join(f"{i},{i % 7}.5,kind {i}\n" for i in range(0, 1000, 2))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (f"x,y,species\n{MANY}", "The column “species” has 500 different values in the first 500 rows; at most 10"),
        (f"x,y,class\n{MANY.replace('kind ', '')}", "The column “class” has 500 different values"),
        ('"1,000",2,a\n"2,500",3,b\n', "“1,000” may be thousands; it is read as 1.000."),
    ],
)
def test_what_may_be_meant_otherwise_is_refused_where_nobody_can_be_asked(text: str, sentence: str) -> None:
    source = table_from_text(text)

    sample = source.look()
    assert sentence in " ".join(map(str, [*sample.doubts, sample.label_doubt]))
    with pytest.raises(TableError, match=re.escape(sentence[1:])):
        source.read_as_found()


@pytest.mark.parametrize(
    "text",
    [
        "x,y,species\n1,2,a\n3,4,b\n",
        f"id,x,y\n{''.join(f'p{i},{i}.5,{i % 7}.5' + chr(10) for i in range(40))}",  # names of the rows
        f"name,x,y,class\n{''.join(f'p{i},{i}.5,{i % 7}.5,{i % 2}' + chr(10) for i in range(40))}",
        '"1,000","2,5",a\n"2,500",3,b\n',  # the second is no thousand
        '"0,123","0,500",a\n"0,250",3,b\n',
        "1,000;2,500;a\n2,500;3;b\n",
        "x,y\n1.5,2\n3,4\n",
    ],
)
def test_a_plain_table_raises_no_doubts(text: str) -> None:
    source = table_from_text(text)

    assert (source.look().doubts, source.look().label_doubt) == ((), None)
    assert len(source.read_as_found().dataset) >= 2


@pytest.mark.parametrize("text", ["x,y\n" + "\n" * 10**6 + "1,2\n", "x,y\n1,2\n" + "#\n" * 10**6 + "3,4\n"])
def test_reading_where_nobody_is_asked_can_be_given_up(text: str, tmp_path: Path) -> None:
    (tmp_path / "long.csv").write_text(text)
    asked: list[bool] = []

    def is_cancelled() -> bool:
        asked.append(len(asked) >= 5)
        return asked[-1]

    with pytest.raises(TableError, match="given up"):
        open_table(tmp_path / "long.csv", is_cancelled=is_cancelled).read_as_found()
    assert asked.count(True) == 1


def test_a_number_with_commas_between_thousands_is_named_as_such() -> None:
    source = table_from_text('1,2,a\n3,4,b\n"1,000",4,b\n5,6,a\n5,6,a\n5,6,a\n')

    with pytest.raises(TableError, match=r"line 3, column “x1”: “1,000” is not a number\. If these are thousands"):
        source.read(TableFormat(",", ".", False), Columns((0, 1), 2))


def test_a_table_is_written_in_blocks_as_it_is_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(3)
    dataset = Dataset(generator.normal(size=(50, 3)).astype(np.float32), generator.integers(0, 2, 50), ("a, b", "c"))
    mask = generator.random(50) < 0.7
    written = []
    for rows in (1, 7, 50, 1000):
        monkeypatch.setattr("engine.formats.table_writing.ROWS", rows)
        written.append(as_text(dataset, mask))

    assert set(written) == {written[0]}
    assert written[0].count("\n") == mask.sum() + 1


@pytest.mark.parametrize(
    "text", ["x;y;c\n1 234,5;2;a\n2 345,5;3;b\n", "x;y;c\n" + "1,5;2;a\n2,5;3;b\n" * 9 + "1 234,5;3;b\n"]
)
def test_thousands_parted_by_blanks_are_refused_with_what_to_do(text: str) -> None:
    with pytest.raises(TableError, match=r"“1 234,5”.*If these are thousands, write them without blanks\.$"):
        table_from_text(text).read_as_found()


@pytest.mark.parametrize("text", ['@relation r\n@attribute " real\n@data\n', "x,y\n1,2\n"])
def test_where_there_are_no_rows_that_is_told(text: str) -> None:
    with pytest.raises(TableError, match=r"it has no rows\.$"):
        table_from_text(text).look(None if "@" in text else TableFormat(",", ".", has_header=True, first_line=9))


def test_numbers_parted_by_blanks_are_columns() -> None:
    dataset = taken(table_from_text("1,234 567,890\n2,345 678,901\n"))

    assert dataset.points.tolist() == [
        [np.float32(1.234), np.float32(567.89)],
        [np.float32(2.345), np.float32(678.901)],
    ]


def test_sparse_arff_is_refused_with_what_to_do() -> None:
    with pytest.raises(
        TableError, match=r"it is sparse ARFF, which Marz cannot read\. Save it in dense form; Weka has"
    ):
        table_from_text("@relation r\n@attribute x numeric\n@attribute y numeric\n@data\n{0 1.5, 1 2}\n")
