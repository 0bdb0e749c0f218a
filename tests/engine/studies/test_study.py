"""A study gives the same results whoever does its jobs, and in whatever order they end."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any

import pytest

from engine import toy_datasets
from engine.compiled import cache
from engine.compiled.cache import CodeState
from engine.config import Activation, Initialization, TrainingConfig
from engine.errors import InputError
from engine.machines.kind import MachineKind
from engine.studies.executors import InThisProcess, Workers, here, local_workers
from engine.studies.folds import FoldsTask, folds_study
from engine.studies.grid import GridTask, grid_study
from engine.studies.seeds import SeedsTask, seeds_study
from engine.studies.study import Study, lines, results
from engine.training import Trainer

TASK = GridTask(
    toy_datasets.make("moons", n_samples=60, seed=1),
    TrainingConfig(hidden_layers=(6, 6)),
    (Activation.TANH, Activation.RELU),
    (Initialization.HE_UNIFORM, Initialization.ZEROS),
    (5, 6),
    4,
)
STUDIES: dict[str, Study[Any, Any]] = {
    "grid": grid_study(TASK),
    "folds": folds_study(FoldsTask(TASK.dataset, TASK.config, 8, 4)),
    "seeds": seeds_study(SeedsTask(TASK.dataset, TASK.config, tuple(range(8)), 4)),
}
"""One of each kind, of eight jobs."""


class Backwards(Executor):
    """Holds so many jobs, then does the last first."""

    def __init__(self, n_jobs: int) -> None:
        self._n_jobs, self._held = n_jobs, list[tuple[Future[Any], Callable[[], Any]]]()

    def submit(self, call: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self._held.append((future, lambda: call(*args, **kwargs)))
        if len(self._held) == self._n_jobs:
            for held, do in reversed(self._held):
                held.set_result(do())
        return future


class Never(Executor):
    """Keeps what it is given, and does the first job only."""

    def __init__(self) -> None:
        self.futures: list[Future[Any]] = []

    def submit(self, call: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.futures.append(Future())
        if len(self.futures) == 1:
            self.futures[0].set_result(call(*args, **kwargs))
        return self.futures[-1]


def doubled(job: int) -> int:
    """A small job."""
    return 2 * job


def refusing(job: int) -> int:
    """A job that cannot be done if it is 3."""
    if job == 3:
        raise InputError("3 is too many.")
    return job


def small(run: Callable[[int], int], n_jobs: int = 6) -> Study[int, int]:
    """A study of numbers."""
    return Study(range(n_jobs), run, lambda result: {"result": result}, lambda all_of_them: {"all": list(all_of_them)})


@pytest.mark.slow
def test_the_lines_are_the_same_bit_for_bit_whoever_does_the_jobs() -> None:
    wanted = {kind: list(lines(study, InThisProcess(), 1)) for kind, study in STUDIES.items()}
    for kind, study in STUDIES.items():
        assert len(wanted[kind]) == 8 + 1
        for ahead in (3, 8):
            assert list(lines(study, InThisProcess(), ahead)) == wanted[kind]
        assert in_order(lines(study, Backwards(8), 8)) == in_order(wanted[kind])
    for count in (1, 2):
        with local_workers(count) as workers:
            for kind, study in STUDIES.items():
                assert in_order(lines(study, workers.executor, workers.ahead)) == in_order(wanted[kind])


def in_order(found: Any) -> list[str]:
    """The lines sorted, and the last one, which must be the summary."""
    *jobs, last = found
    assert list(last) == ["summary"]
    return [*sorted(map(repr, jobs)), repr(last)]


def test_results_come_as_they_end_and_the_summary_has_them_in_the_order_of_the_jobs() -> None:
    *found, last = lines(small(doubled, 3), Backwards(3), 3)

    assert sorted(line["result"] for line in found) == [0, 2, 4]
    assert last == {"summary": {"all": [0, 2, 4]}}


def test_no_more_jobs_are_held_than_asked_for_and_the_others_are_cancelled() -> None:
    never = Never()
    running = results(small(doubled, 1000), never, 4)

    assert next(running) == (0, 0)
    assert len(never.futures) == 4
    running.close()  # type: ignore[attr-defined]  # a generator
    assert [future.cancelled() for future in never.futures] == [False, True, True, True]


def test_what_a_job_raises_is_raised_here() -> None:
    found = lines(small(refusing), InThisProcess(), 1)

    assert [next(found)["result"] for _ in range(3)] == [0, 1, 2]
    with pytest.raises(InputError, match="3 is too many"):
        next(found)


def test_a_study_without_jobs_has_a_summary_only() -> None:
    assert list(lines(small(doubled, 0), InThisProcess(), 2)) == [{"summary": {"all": []}}]


def test_this_process_does_one_job_after_the_other() -> None:
    workers = here()

    assert isinstance(workers, Workers)
    assert (workers.count, workers.executor.submit(doubled, 4).result()) == (1, 8)


def machine_of(number: int) -> str:
    config = TrainingConfig(hidden_layers=(4,))
    return Trainer(toy_datasets.make("moons", n_samples=40 + number), config).machine.value


@pytest.mark.skipif(not cache.has_compiler(), reason="no compiler is installed")
@pytest.mark.parametrize(
    ("state", "machine"), [(CodeState.IN_THE_MAKING, MachineKind.TORCH), (CodeState.READY, MachineKind.COMPILED)]
)
def test_all_networks_of_a_study_have_the_machine_that_there_was_at_its_begin(
    monkeypatch: pytest.MonkeyPatch, state: CodeState, machine: MachineKind
) -> None:
    monkeypatch.setattr(cache, "state", lambda: state)
    study = Study([1, 2], machine_of, lambda result: {"machine": result}, lambda results: {"all": results})

    told = [result for _, result in results(study, InThisProcess(), 1)]

    assert told == [machine.value] * 2
    assert Trainer(toy_datasets.make("moons"), TrainingConfig()).machine is MachineKind.COMPILED
