from __future__ import annotations

import unicodedata
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.dataset_checks import MAX_NAME_LENGTH
from engine.data.names import can_be_shown, one_writing, seen
from engine.dataset import Dataset, DatasetError, empty_dataset
from engine.experiment import Experiment, load, save
from engine.formats.npz import load_npz, save_npz
from engine.formats.table_columns import clean_name
from engine.formats.table_writing import as_text, write_table
from engine.formats.tables import open_table, table_from_text

NEEDED = {
    "Persian, benign": "خوش\u200cخیم",
    "Persian, abbreviated": "ه\u200d",
    "Hindi, a half letter": "क्\u200dष",
    "Hindi, none": "क्\u200cष",
    "Sinhala": "ක්\u200dෂ",
    "family": "👨\u200d👩\u200d👧",
    "rainbow flag": "🏳️\u200d🌈",
    "flag of Scotland": "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",
    "Arabic number sign": "\u0600۱۲",
    "Mongolian": "ᠮᠣᠩᠭᠣᠯ\u180eᠠ",
}
HARMFUL = (*"\u202a\u202b\u202d\u202e\u202c\u2066\u2067\u2068\u2069", "\0", "\x1b", "\x9b", "\u2028", "\ud800")
IDLE = ("\u200e", "\u200f", "\u061c", "\u00ad", "\u2060", "\ufeff", "\u2061", "\U000e0041", "\U000e007f", "\u200b")


def two_points(name: str) -> Dataset:
    return empty_dataset(2).with_points([[0.0, 1.0]], 0).with_points([[2.0, 3.0]], 1).renamed(0, name)


@pytest.mark.parametrize("name", NEEDED.values(), ids=list(NEEDED))
def test_a_name_keeps_what_its_language_needs(name: str) -> None:
    assert can_be_shown(name)
    assert seen(f" {name}\t") == clean_name(name) == name
    dataset = replace(two_points(name), feature_names=(name, "y"))
    assert (dataset.class_names[0], dataset.feature_names[0]) == (name, name)


@pytest.mark.parametrize("name", NEEDED.values(), ids=list(NEEDED))
def test_such_a_name_comes_back_from_every_kind_of_file(tmp_path: Path, name: str) -> None:
    dataset = two_points(name)
    save(tmp_path / "a.marz.json", Experiment(dataset))
    assert load(tmp_path / "a.marz.json").dataset.class_names == dataset.class_names
    save_npz(tmp_path / "a.npz", dataset)
    assert load_npz(tmp_path / "a.npz").class_names == dataset.class_names
    write_table(tmp_path / "a.csv", dataset)
    copied = as_text(dataset, np.ones(2, dtype=bool))
    for source in (open_table(tmp_path / "a.csv"), table_from_text(copied)):
        assert set(source.read_with_doubts("class").dataset.class_names) == set(dataset.class_names)


@pytest.mark.parametrize("mark", [*HARMFUL, *IDLE], ids=ascii)
def test_what_turns_words_or_cannot_be_seen_is_refused_in_a_dataset_and_left_out_of_what_is_typed(mark: str) -> None:
    for name in (f"a{mark}b", f"خوش{mark}خیم"):
        assert not can_be_shown(name)
        with pytest.raises(DatasetError, match="cannot be shown"):
            two_points(name)
        assert can_be_shown(seen(name))
        assert mark not in seen(name)


def test_names_that_look_alike_are_written_alike() -> None:
    assert seen("Cafe\u0301") == seen("Café") == "Café"
    assert seen("R\u200ced") == seen("Red\u200d") == seen("\u200eRed") == "Red"
    assert seen("خوش\u200c\u200cخیم") == seen("\u200cخوش\u200cخیم\u200c") == "خوش\u200cخیم"
    assert seen("خوشخیم") != seen("خوش\u200cخیم")


def test_labels_that_look_alike_are_one_class() -> None:
    rows = ["x,y,class", "0,1,Café", "1,0.5,Cafe\u0301", "2,1,\u200fBar", "3,0,Bar", "4,2,Café"]
    dataset = table_from_text("\n".join(rows)).read_with_doubts("class").dataset
    assert dict(zip(dataset.class_names, dataset.class_counts().tolist(), strict=True)) == {"Café": 3, "Bar": 2}


@given(
    text=st.text(
        st.one_of(st.characters(), st.sampled_from("\u200c\u200d\u200e\u202eاب👩🏴\U000e0067\U000e007f ")), max_size=60
    )
)
def test_whatever_is_typed_becomes_a_name_or_nothing(text: str) -> None:
    name = seen(text)
    assert can_be_shown(name)
    assert seen(name) == name
    assert one_writing(name) == name == unicodedata.normalize("NFC", name)
    cut = clean_name(text)
    assert len(cut) <= MAX_NAME_LENGTH
    assert can_be_shown(cut)
