"""What took long when durations were recorded is marked as slow."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests import conftest


class Item:
    """As much of a test as the mark needs."""

    def __init__(self, nodeid: str) -> None:
        self.nodeid, self.marks = nodeid, list[str]()

    def add_marker(self, mark: pytest.MarkDecorator) -> None:
        self.marks.append(mark.name)


def test_all_parameters_together_decide(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conftest, "DURATIONS", tmp_path / "durations.json")
    monkeypatch.setattr(conftest, "taken", defaultdict(float))
    for nodeid, seconds in (("a.py::slow[1]", 1.5), ("a.py::slow[2]", 1.5), ("a.py::fast[1]", 0.7), ("a.py::no", 0.1)):
        conftest.pytest_runtest_logreport(SimpleNamespace(nodeid=nodeid, duration=seconds))  # type: ignore[arg-type]
    config = SimpleNamespace(getoption=lambda name: name == "--record-durations")
    conftest.pytest_sessionfinish(SimpleNamespace(config=config))  # type: ignore[arg-type]
    assert json.loads(conftest.DURATIONS.read_text()) == {"a.py::fast": 0.7, "a.py::slow": 3.0}

    items = [Item(nodeid) for nodeid in ("a.py::slow[1]", "a.py::slow[3]", "a.py::fast[1]", "b.py::new")]
    conftest.pytest_collection_modifyitems(items)  # type: ignore[arg-type]
    assert [item.marks for item in items] == [["slow"], ["slow"], [], []]


def test_what_is_recorded_are_test_functions() -> None:
    recorded = json.loads(conftest.DURATIONS.read_text())

    assert recorded
    # a file may have moved since; its tests count as fast until durations are recorded again
    assert all(name.startswith("tests/") and "::test_" in name and seconds > 0 for name, seconds in recorded.items())
