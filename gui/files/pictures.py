"""Pictures of what is shown, to the clipboard and to files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction, QGuiApplication, QImage, QPixmap
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from engine.files.whole_files import replace_file
from engine.messages import message
from gui.actions import Action
from gui.files import questions
from gui.paint.picture import image_of, png_of, svg_of
from gui.paint.type_size import scale_of
from gui.system.file_work import FileWork
from gui.system.preferences import Preferences
from gui.text.language import mark, say
from gui.text.words import shown_path
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.forms import make_form

RATIOS = (1, 2, 3, 4)
PREVIEW = 460, 260  # pixels beside the usual font


class PicturePart(StrEnum):
    """The part of the window that a picture shows."""

    PLANES = "planes"
    VIEW = "view"
    STAGE = "stage"
    WINDOW = "window"


PARTS = {
    PicturePart.PLANES: mark("Plane, or planes of all lanes"),
    PicturePart.VIEW: mark("Chosen view of the laboratory"),
    PicturePart.STAGE: mark("Planes and views"),
    PicturePart.WINDOW: mark("Whole window"),
}


@dataclass
class PictureWish:
    """A wish for a picture.

    Attributes:
        part: that it shows.
        ratio: of its pixels to those of the window.
        is_light: whether on a light ground, whatever the theme is.
    """

    part: PicturePart = PicturePart.STAGE
    ratio: int = 2
    is_light: bool = False


class Pictures(QObject):
    """Copies and exports pictures.

    Args:
        work: does it.
        preferences: remember folders.
        actions: by which it is asked for.
        find: finds the widgets that show the parts, in their order.

    Signals:
        told(object): a sentence on what was done.

    Attributes:
        wish: as chosen last; that is what is copied, too.
    """

    told = Signal(object)

    def __init__(
        self,
        work: FileWork,
        preferences: Preferences,
        actions: Mapping[str, QAction],
        find: Callable[[], tuple[QWidget, ...]],
    ) -> None:
        super().__init__(work.window)
        self._work, self._preferences, self._find, self.wish = work, preferences, find, PictureWish()
        actions[Action.COPY_PICTURE].triggered.connect(self.copy)
        actions[Action.EXPORT_PICTURE].triggered.connect(work.alone(self._ask))

    @property
    def widget(self) -> QWidget:
        """The widget that is on the picture."""
        return self._find()[list(PicturePart).index(self.wish.part)]

    def image(self) -> QImage:
        """The picture as wished for, in pixels."""
        return image_of(self.widget, self.wish.ratio, is_light=self.wish.is_light)

    def size(self, ratio: int) -> tuple[int, int]:
        """Width and height in pixels that the picture has with a ratio."""
        size = self.widget.size() * ratio
        return size.width(), size.height()

    @Slot()
    def copy(self) -> None:
        """To the clipboard."""
        image = self.image()
        image.setDevicePixelRatio(1)
        QGuiApplication.clipboard().setImage(image)
        width, height = image.width(), image.height()
        self.told.emit(message("Picture of {width} × {height} pixels copied.", width=width, height=height))

    def _ask(self) -> None:
        dialog = PictureDialog(self, self._work.window)
        dialog.exec()
        dialog.deleteLater()

    def save(self) -> bool:
        """To a file that is asked for; returns whether it was."""
        name = say("Marz {time}.png", time=f"{datetime.now():%Y-%m-%d %H.%M.%S}")
        path = questions.ask_picture_path(self._work.window, self._preferences.proposal("picture", name))
        if not path:
            return False

        def write(*_: object) -> bool:
            is_svg = Path(path).suffix.lower() == ".svg"
            widget, is_light = self.widget, self.wish.is_light
            content = svg_of(widget, Path(path).stem, is_light=is_light) if is_svg else png_of(self.image())
            replace_file(path, content)
            return True

        # not in the background: only the thread of the window paints widgets
        if not self._work.result(say("Export Picture"), "", write, is_long=False):
            return False
        self._preferences.remember_folder("picture", path)
        self.told.emit(message("Picture saved in {file}.", file=shown_path(path)))
        return True


class PictureDialog(QDialog):
    """Asks which picture is wanted, and shows it."""

    def __init__(self, pictures: Pictures, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("picture_dialog")
        self.setWindowTitle(say("Export Picture"))
        self._pictures, wish = pictures, pictures.wish
        self.part_box = ChoiceBox("picture_part_box", {part: say(name) for part, name in PARTS.items()})
        self.part_box.show_whole()
        self.part_box.show_choice(wish.part)
        self.size_box = QComboBox()
        self.size_box.setObjectName("picture_size_box")
        self.size_box.addItems([""] * len(RATIOS))
        self.size_box.setCurrentIndex(RATIOS.index(wish.ratio))
        self.light_box = QCheckBox(say("&Light background"))
        self.light_box.setObjectName("picture_light_box")
        self.light_box.setChecked(wish.is_light)
        self.preview = QLabel()
        self.preview.setAccessibleName(say("Preview of the picture"))
        self.preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._lay_out()
        self.part_box.chosen.connect(self._show)
        self.size_box.currentIndexChanged.connect(self._show)
        self.light_box.toggled.connect(self._show)
        self._show()

    def _lay_out(self) -> None:
        form = make_form()
        for text, tip, box in (
            (say("&Show"), say("The part of the window that is on the picture"), self.part_box),
            (
                say("Si&ze"),
                say("Pixels of the picture; the curves of an SVG file are sharp in any size"),
                self.size_box,
            ),
            (
                "",
                say("For print, and for slides with a light ground, whatever the colours of the window are"),
                self.light_box,
            ),
        ):
            box.setToolTip(f"<p>{tip}</p>")
            box.setAccessibleDescription(tip)
            form.addRow(text, box)
        self.part_box.setAccessibleName(say("Part of the window"))
        self.size_box.setAccessibleName(say("Size of the picture"))
        buttons = QDialogButtonBox()
        save = buttons.addButton(say("&Save …"), QDialogButtonBox.ButtonRole.AcceptRole)
        copy = buttons.addButton(say("&Copy"), QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(say("Cancel"), QDialogButtonBox.ButtonRole.RejectRole)
        save.setDefault(True)
        save.clicked.connect(self._save)
        copy.clicked.connect(self._copy)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self.preview, 1)
        column.addWidget(buttons)

    @Slot()
    def _show(self, *_: object) -> None:
        """Take the wish, and show the picture that comes of it."""
        wish = self._pictures.wish
        wish.part = self.part_box.choice() or wish.part
        wish.ratio, wish.is_light = RATIOS[self.size_box.currentIndex()], self.light_box.isChecked()
        for index, ratio in enumerate(RATIOS):
            width, height = self._pictures.size(ratio)
            text = say("{ratio} ×, {width:,} by {height:,} pixels", ratio=ratio, width=width, height=height)
            self.size_box.setItemText(index, text)
        screen, scale = self.devicePixelRatioF(), scale_of(self.font())
        width, height = (round(scale * screen * side) for side in PREVIEW)
        flags = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        image = image_of(self._pictures.widget, screen, is_light=wish.is_light)  # small: it is painted at each choice
        picture = QPixmap.fromImage(image.scaled(width, height, *flags))
        picture.setDevicePixelRatio(screen)
        self.preview.setFixedSize(round(width / screen), round(height / screen))
        self.preview.setPixmap(picture)

    @Slot()
    def _copy(self) -> None:
        self._pictures.copy()
        self.accept()

    @Slot()
    def _save(self) -> None:
        if self._pictures.save():
            self.accept()
