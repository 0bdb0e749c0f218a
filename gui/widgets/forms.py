"""The common look of forms: one rhythm of distances, and one edge at which all fields of a column begin."""

# Tests: tests/gui/settings/test_control_panel.py

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractSpinBox, QFormLayout, QHBoxLayout, QLabel, QLayoutItem, QWidget

GAP = 8  # pixels between what stands side by side; distances are one of it, or a half
NEAR = GAP // 2


def heading(text: str) -> QLabel:
    """The title of a group of fields."""
    label = QLabel(text)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    label.setContentsMargins(0, NEAR, 0, 0)
    return label


def make_form() -> QFormLayout:
    """A compact form."""
    form = QFormLayout()
    form.setContentsMargins(0, 0, 0, 0)
    form.setVerticalSpacing(NEAR)
    form.setHorizontalSpacing(GAP)
    form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    return form


def add_row(form: QFormLayout, label: str, box: QWidget, *others: QWidget) -> None:
    """Add a row of a box, to which the label leads, and of what stands to the right of it."""
    row = QHBoxLayout()
    row.setSpacing(NEAR)
    for widget in (box, *others):
        row.addWidget(widget, 1 if isinstance(widget, QAbstractSpinBox) else 0)
    form.addRow(label, row)
    text = form.labelForField(row)
    if isinstance(text, QLabel):
        text.setBuddy(box)


def align(forms: Sequence[QFormLayout]) -> None:
    """Give the labels of forms one width, so that all fields begin at one edge."""
    items = [form.itemAt(row, QFormLayout.ItemRole.LabelRole) for form in forms for row in range(form.rowCount())]
    labels = [widget for item in items if item is not None and (widget := item.widget()) is not None]
    for label in labels:
        label.setMinimumWidth(0)  # which was for the font of before, and which its hint is never below
    width = max((label.sizeHint().width() for label in labels), default=0)
    for label in labels:
        label.setMinimumWidth(width)


def form_width(form: QFormLayout) -> int:
    """The width that all rows of a form need, those that are hidden now too."""
    role = QFormLayout.ItemRole
    labels, fields, whole = [0], [0], [0]
    for row in range(form.rowCount()):
        labels.append(item_width(form.itemAt(row, role.LabelRole)))
        spanning = form.itemAt(row, role.SpanningRole)
        if spanning is None:
            fields.append(item_width(form.itemAt(row, role.FieldRole)))
        else:  # which Qt gives as the field, too
            whole.append(item_width(spanning))
    return max(max(labels) + max(0, form.horizontalSpacing()) + max(fields), *whole)


def item_width(item: QLayoutItem | None) -> int:
    """The least width of what is in a layout; a label that wraps takes any."""
    if item is None:
        return 0
    widget = item.widget()
    if widget is None:
        return item.minimumSize().width()
    if isinstance(widget, QLabel):
        return 0 if widget.wordWrap() else max(widget.sizeHint().width(), widget.minimumWidth())
    return widget.minimumSizeHint().expandedTo(widget.minimumSize()).width()
