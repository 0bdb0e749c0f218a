"""A study trains many networks apart from the lanes: a list of jobs, what is done with each, and what they come to.

Where the jobs are done is the business of an executor, see `engine.studies.executors`; the results do not depend on it,
nor on the order in which jobs end. Importing this loads no torch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass
from itertools import islice
from typing import Any, Generic, TypeVar

from engine.compiled import cache
from engine.config import TrainingConfig
from engine.dataset import Dataset

JobT = TypeVar("JobT")
ResultT = TypeVar("ResultT")


@dataclass(frozen=True)
class Study(Generic[JobT, ResultT]):
    """Many networks.

    Attributes:
        jobs: values that can be pickled, each all that its network needs to know.
        run: does a job; a function of a module, so that it can be called in another process, and one whose small result
            depends on the job alone.
        as_json: a result as what JSON can hold; it names its job.
        summary: what all results come to, which are given in the order of the jobs; what JSON can hold.
    """

    jobs: Sequence[JobT]
    run: Callable[[JobT], ResultT]
    as_json: Callable[[ResultT], dict[str, Any]]
    summary: Callable[[Sequence[ResultT]], dict[str, Any]]


@dataclass(frozen=True, eq=False)
class TrainingJob:
    """One network to train: on which data, with which settings, for how many epochs."""

    dataset: Dataset
    config: TrainingConfig
    epochs: int


def results(study: Study[JobT, ResultT], executor: Executor, ahead: int) -> Iterator[tuple[int, ResultT]]:
    """The number and the result of each job as it ends; who stops asking cancels those that have not begun.

    Args:
        study: whose jobs are done.
        executor: that does them.
        ahead: how many jobs it holds at a time, so that it is never idle and never holds thousands of datasets.

    Raises:
        Exception: what the first job raised that could not be done.
    """
    jobs, waiting = enumerate(study.jobs), dict[Future[ResultT], int]()
    has_code = cache.state() is cache.CodeState.READY  # what becomes ready meanwhile is for the next study
    try:
        while True:
            for number, job in islice(jobs, ahead - len(waiting)):
                waiting[executor.submit(on_one_thread, study.run, job, has_code)] = number
            if not waiting:
                return
            for future in sorted(wait(waiting, return_when=FIRST_COMPLETED).done, key=waiting.__getitem__):
                yield waiting.pop(future), future.result()
    finally:
        for future in waiting:
            future.cancel()


def lines(study: Study[JobT, ResultT], executor: Executor, ahead: int) -> Iterator[dict[str, Any]]:
    """A line for each job as it ends, and a last one, “summary”."""
    done: dict[int, ResultT] = {}
    for number, result in results(study, executor, ahead):
        done[number] = result
        yield study.as_json(result)
    yield {"summary": study.summary([done[number] for number in sorted(done)])}


def on_one_thread(run: Callable[[JobT], ResultT], job: JobT, has_code: bool = True) -> ResultT:
    """The result of a job when torch uses one thread, as in every process: sums round otherwise with more.

    Without `has_code` compiled code is left out, even if there is some now.
    """
    import torch

    torch.set_num_threads(1)
    with cache.left_out(is_so=not has_code):
        return run(job)
