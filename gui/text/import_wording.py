"""The choices of an import and their tips; its outcome, or the reason why it cannot be done, in sentences."""

# Tests: tests/gui/files/test_import_dialog.py

from __future__ import annotations

from engine.dataset import MAX_CLASSES, Dataset
from engine.formats.table_reading import has_missing, labels_are_signs, named_classes
from engine.formats.table_sample import wrong_cell
from engine.formats.tables import Columns, TableSample
from engine.isolates import isolated, with_isolated_quotes
from engine.messages import message
from gui.text.language import count, mark, say

MAX_SHOWN_NAMES = 6
DELIMITER_NAMES = {
    ",": mark("Comma"),
    ";": mark("Semicolon"),
    "\t": mark("Tab"),
    "": mark("Blanks"),
    "|": mark("Bar |"),
    ":": mark("Colon"),
    "؛": mark("Arabic semicolon ؛"),
    "،": mark("Arabic comma ،"),
}
DECIMAL_NAMES = {".": mark("Point, as in 1.5"), ",": mark("Comma, as in 1,5"), "/": mark("Stroke, as in 1/5")}
TIPS = {
    "encoding_box": (
        mark("Encoding"),
        mark("Which letters the bytes of the file mean; right if the names below are."),
    ),
    "begin_box": (mark("The table begins in line"), mark("What is before this line of the file is left out.")),
    "missing_box": (
        mark("Leave out rows with missing values"),
        mark("Rows in which a used cell is empty, NA, NaN, null, ? or -."),
    ),
    "delimiter_box": (
        mark("Columns are separated by"),
        mark("What stands between columns; any character can be typed."),
    ),
    "decimal_box": (mark("Decimal sign"), mark("What stands between whole and tenth.")),
    "header_box": (mark("The first line has names"), mark("Whether the table begins with a row of names.")),
    "x_box": (
        mark("Across"),
        mark("The column of numbers that goes from left to right; or all columns of numbers."),
    ),
    "y_box": (mark("Upwards"), mark("The column of numbers that goes from bottom to top.")),
    "label_box": (mark("Class"), mark("The column that says which class a point is of.")),
    "table": (mark("First rows"), mark("The first rows; columns that are used are marked.")),
    "replace_button": (
        mark("Replace the drawing"),
        mark("The points that are there now go; undo brings them back."),
    ),
    "add_button": (mark("Add to the drawing"), mark("Classes of the same name are one; new ones are added.")),
}
"""The name of each field of the dialog for assistive tools, and its tip."""


def problem_of(sample: TableSample, columns: Columns, drawing: Dataset, *, adds: bool) -> str:
    """The reason why columns make no points, or none that fit the drawing; "" if they do."""
    n_features = len(columns.features)
    if n_features < 2:
        n_numeric = sum(sample.numeric)
        if n_numeric < 2:
            hint = wrong_cell(sample)
            if not n_numeric:
                return say("There is no column of numbers; two are needed. {hint}", hint=hint)
            return say("There is only one column of numbers; two are needed. {hint}", hint=hint)
        return say("There are too few columns of numbers chosen; two are needed.")
    if len({*columns.features, columns.label}) < n_features + 1:
        return say("One column is chosen twice; each can be one coordinate or the class.")
    if adds and n_features != drawing.n_features:
        return say(
            "The points of the drawing have {n_drawn} features, these have {n_features}. Choose as many columns, or"
            " replace the drawing.",
            n_drawn=drawing.n_features,
            n_features=n_features,
        )
    return ""


def classes_of(sample: TableSample, label: int | None) -> list[str]:
    """The classes that a column makes of the rows shown."""
    rows = sample.rows if label is not None else ()
    columns = Columns((), label)
    has_signs = labels_are_signs(rows, columns)
    texts = [row[label or 0].strip() for row in rows if not has_missing(row, columns, has_signs=has_signs)]
    names, places = named_classes(tuple(dict.fromkeys(texts)), sample.format.decimal)
    return list(names[: len(set(places))] if places else names if texts else ())


def problem_of_classes(names: list[str], drawing: Dataset, *, adds: bool) -> str:
    """The complaint that there are too many classes; "" if there are not."""
    classes = list(dict.fromkeys([*(drawing.class_names if adds else ()), *names]))
    if len(classes) > MAX_CLASSES:
        return say(
            "There would be {n_classes} classes or more; at most {most} are possible.",
            n_classes=len(classes),
            most=MAX_CLASSES,
        )
    return ""


def outcome_of(sample: TableSample, columns: Columns, classes: list[str], class_in_hand: str | None) -> str:
    """The outcome of an import, before it is done.

    Args:
        sample: what the table shows.
        columns: those that are chosen.
        classes: in the first rows.
        class_in_hand: what points without a class are given; None: a class of their own.
    """
    names = [isolated(sample.names[column]) for column in columns.features]
    if len(names) > 2:
        place = message(
            "{n_features} features, seen on the plane of their first two principal components", n_features=len(names)
        )
    else:
        place = message("{x} goes across, {y} upwards", x=names[0], y=names[1])
    if columns.label is not None:
        more = " …" if len(classes) > MAX_SHOWN_NAMES else ""
        named = ", ".join(map(isolated, classes[:MAX_SHOWN_NAMES]))
        outcome = count(
            "{place}; class in the first row: {classes}.",
            "{place}; classes in the first {n} rows: {classes}.",
            len(sample.rows),
            place=place,
            classes=f"{named}{more}",
        )
    elif class_in_hand is not None:
        outcome = say("{place}; all points are of the class {name}.", place=place, name=isolated(class_in_hand))
    else:
        outcome = say("{place}; all points are of one class.", place=place)
    proposed = columns == sample.columns  # what is told of the label and of columns left out is told of the proposal
    doubts = (*sample.doubts, *((sample.label_doubt,) if proposed and sample.label_doubt else ()))
    told = [with_isolated_quotes(say(fact)) for fact in (*(doubt.sentence for doubt in doubts), *sample.notes)]
    return "\n".join([outcome, *told])
