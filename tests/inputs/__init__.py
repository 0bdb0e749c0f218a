"""Tables as people and programs write them, and what is right for each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Right:
    """What is read from a file.

    Attributes:
        features: names of the coordinates, none without a header.
        counts: the classes and how many points are in each.
        first: the coordinates of the first point.
        doubt: part of what may be meant otherwise; "" if it is plain.
        note: part of what is told besides; "" if nothing is.
        missing: the line, column and cell that the refusal names if rows with missing values are not left out.
        left_out: how many rows are then.
    """

    features: tuple[str, ...]
    counts: dict[str, int]
    first: tuple[float, ...] = (0.09, 2.25)
    doubt: str = ""
    note: str = ""
    missing: str = ""
    left_out: int = 0


XY, AB = ("x", "y"), {"a": 6, "b": 6}
PERSIAN, RED_BLUE, RED_GREEN = ("طول", "عرض"), {"سرخ": 6, "آبی": 6}, {"سرخ": 6, "سبز": 6}
OTHER = (-1.18, -0.15)  # the first point of some files
RIGHT: dict[str, Right] = {
    "01_missing_na.csv": Right(
        ("bill", "flipper"), {"A": 5, "B": 5}, missing="line 6, column “bill”: the cell is empty", left_out=2
    ),
    "02_missing_question.data": Right((), {"a": 5, "b": 5}, missing="line 3, column “x1”: “?”", left_out=2),
    "03_points.arff": Right(XY, {"1": 6, "2": 6}),
    "04_orange_three_headers.tab": Right(XY, AB, note="2 lines below the names"),
    "05_heart.libsvm": Right(("x1", "x2", "x3"), {"-1": 6, "1": 6}, (0.09, 0, 2.25)),
    "06_single_quotes.csv": Right((), {"-1": 6, "1": 6}),
    "07_persian_digits.csv": Right(PERSIAN, RED_BLUE),
    "07b_persian_digits_point.csv": Right(XY, AB),
    "07c_arabic_grouping.csv": Right(XY, AB, (1008.09, 2.25)),
    "08_cp1256.csv": Right(PERSIAN, RED_GREEN, doubt="Persian"),
    "08b_cp1256_merged.csv": Right(XY, {"پل": 6, "گل": 6}, OTHER, doubt="Persian"),
    "09_fa_slash_decimal.csv": Right(PERSIAN, RED_GREEN, doubt="“0/09” may be a date; it is read as 0.09"),
    "10_unicode_minus.csv": Right(XY, AB, (-1.91, 1.25)),
    "11_trailing_sep.csv": Right(XY, AB),
    "12_thousands_space.csv": Right(("area", "height"), AB, (1009.5, 2.25)),
    "12b_thousands_point.csv": Right(("area", "height"), AB, (1005.09, 2.25)),
    "12c_thousands_apostrophe.csv": Right(("area", "height"), AB, (1005.09, 2.25)),
    "16_units_row.csv": Right(("length", "width"), AB, note="“(cm) (cm)”"),
    "17_preamble.csv": Right(XY, AB, note="begins in line 4"),
    "18_multi_candidates.csv": Right(
        ("months", "amount", "good"),
        {"A10": 3, "A11": 3, "A12": 3, "A13": 3},
        (6, 1000, 1),
        doubt="in any of the columns “status”, “purpose”, “good”",
    ),
    "20_points.json": Right(XY, {"-1": 6, "1": 6}),
    "21_markdown.txt": Right(XY, AB, note="“--- --- ---”"),
    "23_footer.csv": Right(XY, AB, note="1 line after the table"),
    "26_float_labels.csv": Right(XY, {"0": 6, "1": 6}),
    "26b_mixed_labels.csv": Right(XY, {"0": 6, "1": 6}),
    "28_arabic_semicolon.csv": Right(XY, AB),
    "29_percent_remarks.csv": Right(XY, AB, note="2 lines of remarks"),
    "30_excel.xlsx": Right(XY, AB, note="The sheet “Points” is read; the file has 1 more."),
    "30b_excel.xls": Right(XY, {"0": 6, "1": 6}),
    "31_libreoffice.ods": Right(PERSIAN, RED_GREEN),
    "32_nbsp.csv": Right(XY, AB),
    "33_left_to_right_marks.csv": Right(XY, AB),
    "34_utf16_without_a_mark.csv": Right(PERSIAN, RED_GREEN),
    "34b_utf16_big_endian.csv": Right(XY, AB),
    "35_r_write_table.txt": Right(XY, AB, OTHER, note="“x1”, which only tells the rows apart"),
    "36_sklearn_counts_row.csv": Right((), {"0": 6, "1": 6}, OTHER, note="begins in line 2"),
    "37_np_savetxt.txt": Right(XY, {"0": 6, "1": 6}),
    "38_cp1251.csv": Right(XY, {"Пёс": 6, "Кот": 6}, OTHER, doubt="Cyrillic"),
    "39_shift_jis.csv": Right(XY, {"犬": 6, "猫": 6}, doubt="Japanese"),
    "40_gbk.csv": Right(("长", "宽"), {"狗": 6, "猫": 6}, doubt="Chinese"),
    "41_cp1252.csv": Right(("größe", "breite"), {"Äpfel": 6, "Birnen": 6}, note="Western European"),
    "46_d_exponent.dat": Right((), {"1": 6, "2": 6}, OTHER),
    "48_pandas_index_noheader.csv": Right(("0", "1"), AB, note="“x1”, which only tells the rows apart"),
    "49_header_numbers.csv": Right(("0", "1"), AB, OTHER),
    "50_header_trailing_comma.csv": Right(XY, AB, note="“id”, which only tells the rows apart"),
    "51_id_not_counting.csv": Right(
        ("radius", "texture"), {"M": 6, "B": 6}, (0.5, -0.79), note="“id”, which only tells the rows apart"
    ),
    "52_class_plus_minus.data": Right((), {"+": 6, "-": 6}),
    "53_points.jsonl": Right(XY, AB),
    "54_survived_first.csv": Right(("Pclass", "Age", "Fare"), {"0": 6, "1": 6}, (1, 5, 7.9)),
    "55_hash_rows_dropped.csv": Right(XY, {"B2": 6, "#1": 6}, (0.37, 2.53)),
    "56_utm_float32.csv": Right(
        ("easting", "northing"), {"a": 10, "b": 10}, (0.19, 0), note="4,500,000 was taken from every “northing”"
    ),
    "57_label_named_in_persian.csv": Right(PERSIAN, {"0": 6, "1": 6}, (15, 23)),
    "58_label_missing_is_class.csv": Right(
        XY, {"a": 5, "b": 5}, (-1.22, 1.81), missing="line 7, column “species”: “NA”", left_out=2
    ),
    "59_iris_of_sklearn.csv": Right((), {"0": 4, "1": 4, "2": 4}, (0.09, 2.25, 2.34, -2.16), note="begins in line 2"),
    "60_german_quotes.arff": Right(("first length", "second"), {"good one": 6, "bad one": 6}),
    "61_milliseconds.csv": Right(("time", "y"), AB, (1, 2.25), note="was taken from every “time”"),
    "62_tips.csv": Right(("total", "tip"), {"L": 6, "D": 6}, doubt="in any of the columns “time”, “smoker”, “sex”"),
    "63_whole_cells_in_quotes.csv": Right(XY, {"a b": 6, "b b": 6}),
    "64_commented_row.csv": Right(XY, AB, note="1 line of remarks"),
}
