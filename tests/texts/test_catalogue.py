"""The catalogues of the repository have every text that is marked, as it is now."""

from __future__ import annotations

import pytest

from gui.text.language import FOLDER, read_language
from tests.texts.catalogue import HEADER, catalogue, pseudo
from tests.texts.marked import Marked, marked

NEWER = "Texts have changed: python -m tests.texts.catalogue writes the catalogues anew."


def test_the_template_for_translators_is_up_to_date() -> None:
    assert (FOLDER / "marz.pot").read_text(encoding="utf-8") == catalogue(marked()), NEWER


def test_the_pseudo_language_is_up_to_date_and_can_be_read() -> None:
    path = FOLDER / "pseudo.po"

    assert path.read_text(encoding="utf-8") == catalogue(marked(), pseudo), NEWER
    assert read_language(path).say("&Train") == pseudo("&Train")


@pytest.mark.parametrize("many", ["", "{n} dogs"])
def test_a_text_stands_once_with_all_its_places(many: str) -> None:
    texts = [Marked("pet", "{n} dog", many, "gui/b.py:7"), Marked("pet", "{n} dog", many, "gui/a.py:1")]

    written = catalogue(texts).removeprefix(HEADER)

    assert written.count('msgid "{n} dog"') == 1
    assert "#: gui/b.py gui/a.py" in written
    assert ('msgid_plural "{n} dogs"' in written) == bool(many)
