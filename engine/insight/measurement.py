"""Long measurements, made piece by piece, with training or commands in between."""

# Tests: tests/engine/insight/probing/test_probes.py

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Generic, TypeVar

from engine.mlp.kernels import in_engine

R = TypeVar("R")


class Measurement(Generic[R]):
    """Something that is measured of a network as it was when that began.

    Args:
        pieces: measures a piece at each `next`, and returns the result.

    Attributes:
        result: what was found, once all is measured.
    """

    def __init__(self, pieces: Generator[None, None, R]) -> None:
        self._pieces = pieces
        self.result: R | None = None

    @in_engine
    def go_on(self, is_time: Callable[[], bool]) -> bool:
        """Measure at least one piece more, until all is measured or it is time for something else; whether all is."""
        if self.result is not None:
            return True
        try:
            next(self._pieces)
            while not is_time():
                next(self._pieces)
        except StopIteration as end:
            self.result = end.value
            return True
        return False

    def finished(self) -> R:
        """The result, measured to the end."""
        self.go_on(lambda: False)
        assert self.result is not None
        return self.result
