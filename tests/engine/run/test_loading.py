"""Torch's libraries are loaded before it is imported."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import pytest

from engine.run import loading
from tests import ROOT

SCRIPT = """
import sys
from engine.run.loading import preload
loaded = preload()
assert "torch" not in sys.modules
maps = open("/proc/self/maps").read()
assert [path.name for path in loaded[:2]] == ["libc10.so", "libtorch_cpu.so"], loaded
assert [path.name for path in loaded[2:]] in ([], ["libllvmlite.so"])
assert all(str(path) in maps for path in loaded)
if loaded[2:]:
    import llvmlite.binding
    assert open("/proc/self/maps").read().count("libllvmlite.so") == maps.count("libllvmlite.so")
import torch
assert float(torch.ones(3).sum()) == 3
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_the_libraries_are_there_before_torch_is_and_torch_works_with_them() -> None:
    subprocess.run([sys.executable, "-c", SCRIPT], check=True, cwd=ROOT, timeout=120)


def test_without_torch_nothing_is_loaded_and_nothing_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    assert loading.preload() == []


def test_a_library_that_is_not_there_is_left_to_the_import(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "LIBRARIES", (("torch", "lib/libno_such_thing"),))
    assert loading.preload() == []
