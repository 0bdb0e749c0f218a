"""Compiled code in the memory of a process: without the compiler, and without the interpreter's lock."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from itertools import pairwise
from pathlib import Path

import pytest

from engine import toy_datasets
from engine.compiled import cache
from engine.compiled.library import Library
from engine.config import TrainingConfig
from engine.training import Trainer
from tests import ROOT

WITHOUT_NUMBA = """
import sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "numba":
            raise ImportError(name)
sys.meta_path.insert(0, Blocker())
from engine.compiled import cache
from engine.compiled.library import Library
for kind in cache.KINDS:
    name, code = cache.stored(kind)
    Library(code, name)
print("numba" in sys.modules, "torch" in sys.modules)
"""


def test_it_is_loaded_without_the_compiler(made: Path) -> None:
    done = subprocess.run([sys.executable, "-c", WITHOUT_NUMBA], cwd=ROOT, capture_output=True, text=True, timeout=100)

    assert (done.stdout, done.stderr) == ("False False\n", "")


def test_a_function_that_is_not_there_is_no_address_0(made: Path) -> None:
    found = cache.stored("float32")
    assert found is not None

    with pytest.raises(ValueError, match="nothing"):
        Library(found[1], "nothing")


def test_python_goes_on_during_a_call(made: Path) -> None:
    trainer = Trainer(toy_datasets.make("moons", n_samples=300), TrainingConfig(hidden_layers=(8,) * 6))
    assert trainer._library is not None
    ticks = list[float]()
    longest = 0.0
    is_over = threading.Event()

    def tick() -> None:
        while not is_over.is_set():
            ticks.append(time.perf_counter())
            time.sleep(0.0005)

    switch = sys.getswitchinterval()
    sys.setswitchinterval(1000)  # nobody gives the lock away who is not asked for it
    thread = threading.Thread(target=tick)
    try:
        thread.start()
        started = time.perf_counter()
        while time.perf_counter() - started < 0.2:
            trainer.epoch()
        longest = max(after - before for before, after in pairwise(ticks))
    finally:
        is_over.set()
        sys.setswitchinterval(switch)
        thread.join()

    assert len(ticks) > 20
    assert longest < 0.15
