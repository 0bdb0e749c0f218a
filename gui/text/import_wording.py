"""The outcome of an import, or the reason why it cannot be done, in sentences."""

# Tests: tests/gui/files/test_import_dialog.py

from __future__ import annotations

from engine.dataset import MAX_CLASSES, Dataset
from engine.formats.table_reading import has_missing, labels_are_signs, named_classes
from engine.formats.table_sample import wrong_cell
from engine.formats.tables import Columns, TableSample
from engine.isolates import isolated, with_isolated_quotes
from gui.text.language import say

MAX_SHOWN_NAMES = 6


def problem_of(sample: TableSample, columns: Columns, drawing: Dataset, *, adds: bool) -> str:
    """The reason why columns make no points, or none that fit the drawing; "" if they do."""
    n_features = len(columns.features)
    if n_features < 2:
        n_numeric = sum(sample.numeric)
        if n_numeric < 2:
            found = "only one column" if n_numeric else "no column"
            return f"There is {found} of numbers; two are needed. {say(wrong_cell(sample))}"
        return "There are too few columns of numbers chosen; two are needed."
    if len({*columns.features, columns.label}) < n_features + 1:
        return "One column is chosen twice; each can be one coordinate or the class."
    if adds and n_features != drawing.n_features:
        return (
            f"The points of the drawing have {drawing.n_features} features, these have {n_features}. "
            "Choose as many columns, or replace the drawing."
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
        return f"There would be {len(classes)} classes or more; at most {MAX_CLASSES} are possible."
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
        place = f"{len(names)} features, seen on the plane of their first two principal components"
    else:
        place = f"{names[0]} goes across, {names[1]} upwards"
    if columns.label is not None:
        more = " …" if len(classes) > MAX_SHOWN_NAMES else ""
        named = ", ".join(map(isolated, classes[:MAX_SHOWN_NAMES]))
        of = f"classes in the first {len(sample.rows)} rows: {named}{more}"
    elif class_in_hand is not None:
        of = f"all points are of the class {isolated(class_in_hand)}"
    else:
        of = "all points are of one class"
    proposed = columns == sample.columns  # what is told of the label and of columns left out is told of the proposal
    doubts = (*sample.doubts, *((sample.label_doubt,) if proposed and sample.label_doubt else ()))
    told = [with_isolated_quotes(say(fact)) for fact in (*(doubt.sentence for doubt in doubts), *sample.notes)]
    return "\n".join([f"{place[0].upper()}{place[1:]}; {of}.", *told])
