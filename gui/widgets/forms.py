"""The common look of forms."""

# Tests: tests/gui/settings/test_control_panel.py

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QLabel, QLayoutItem


def heading(text: str) -> QLabel:
    """The title of a group of fields."""
    label = QLabel(text)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    label.setContentsMargins(0, 4, 0, 0)
    return label


def make_form() -> QFormLayout:
    """A compact form."""
    form = QFormLayout()
    form.setContentsMargins(0, 0, 0, 0)
    form.setVerticalSpacing(4)
    form.setHorizontalSpacing(8)
    form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    return form


def form_width(form: QFormLayout) -> int:
    """The width that all rows of a form need, those that are hidden now too."""
    role = QFormLayout.ItemRole
    labels, fields, whole = [0], [0], [0]
    for row in range(form.rowCount()):
        labels.append(item_width(form.itemAt(row, role.LabelRole)))
        fields.append(item_width(form.itemAt(row, role.FieldRole)))
        whole.append(item_width(form.itemAt(row, role.SpanningRole)))
    return max(max(labels) + max(0, form.horizontalSpacing()) + max(fields), *whole)


def item_width(item: QLayoutItem | None) -> int:
    """The least width of what is in a layout; a label that wraps takes any."""
    if item is None:
        return 0
    widget = item.widget()
    if widget is None:
        return item.minimumSize().width()
    if isinstance(widget, QLabel):
        return 0 if widget.wordWrap() else widget.sizeHint().width()
    return widget.minimumSizeHint().expandedTo(widget.minimumSize()).width()
