"""Worker processes, and a cluster: who does the jobs of a study, and that nobody is left behind."""

from __future__ import annotations

import os
import sys
import types
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from engine import toy_datasets
from engine.config import TrainingConfig
from engine.errors import InputError
from engine.studies.executors import ONE_THREAD, InThisProcess, cluster_workers, local_workers, usual_workers
from engine.studies.grid import train_cell
from engine.studies.study import TrainingJob, on_one_thread

ENDLESS = TrainingJob(toy_datasets.make("moons", n_samples=60, seed=1), TrainingConfig(), 10**9)


def about_this_process(job: int) -> tuple[int, int, dict[str, str | None]]:
    """What a job sees where it is done: the process, torch's threads, and the environment."""
    import torch

    return os.getpid(), torch.get_num_threads(), {name: os.environ.get(name) for name in ONE_THREAD}


def end_this_process(job: int) -> None:
    """What the system does to a process that needs too much memory."""
    os._exit(9)


def refuse(job: int) -> None:
    """A job that cannot be done."""
    raise InputError(f"{job} is too many.")


@pytest.mark.slow
def test_workers_are_other_processes_with_one_thread_each_and_do_many_jobs() -> None:
    with local_workers(2) as workers:
        assert (workers.count, workers.ahead) == (2, 4)
        told = [future.result() for future in [workers.executor.submit(about_this_process, n) for n in range(8)]]

    assert os.getpid() not in {pid for pid, _, _ in told}
    assert len({pid for pid, _, _ in told}) <= 2
    assert {threads for _, threads, _ in told} == {1}
    assert [environment for _, _, environment in told] == [ONE_THREAD] * 8


@pytest.mark.slow
def test_an_error_comes_back_as_it_was_raised_and_a_worker_that_dies_is_told() -> None:
    with local_workers(1) as workers:
        with pytest.raises(InputError, match=r"^7 is too many\.$"):
            workers.executor.submit(refuse, 7).result()
        assert workers.executor.submit(about_this_process, 0).result()

    with pytest.raises(InputError, match="ended before its time"), local_workers(1) as workers:
        workers.executor.submit(end_this_process, 0).result()


@pytest.mark.slow
def test_leaving_ends_workers_in_the_middle_of_their_jobs() -> None:
    pids: set[int] = set()

    def be_interrupted() -> None:
        with local_workers(2) as workers:
            pids.update(workers.executor.submit(about_this_process, n).result()[0] for n in range(4))
            running = [workers.executor.submit(on_one_thread, train_cell, ENDLESS) for _ in range(2)]
            assert not any(future.done() for future in running)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        be_interrupted()

    assert pids
    assert [pid for pid in pids if is_alive(pid)] == []


def is_alive(pid: int) -> bool:
    """Whether there is a process of this number."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_there_are_as_many_workers_as_processors_that_may_be_used() -> None:
    assert 1 <= usual_workers() <= (os.cpu_count() or 1)


def cluster_module(client: Any) -> types.ModuleType:
    """A stand-in for the package distributed."""
    module = types.ModuleType("distributed")
    module.Client = client  # type: ignore[attr-defined]
    return module


def test_a_cluster_without_the_extra_is_told_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)

    with pytest.raises(InputError, match=r"needs the package “distributed”.*marz\[cluster\]"):
        cluster_workers("tcp://127.0.0.1:8786").__enter__()


@pytest.mark.parametrize("error", [TimeoutError(), OSError("refused"), ValueError("unknown address scheme")])
def test_a_cluster_that_does_not_answer_is_told_in_a_sentence(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    def client(address: str, timeout: float) -> None:
        raise error

    monkeypatch.setitem(sys.modules, "distributed", cluster_module(client))

    with pytest.raises(InputError, match="No cluster answers at “tcp://nowhere:1�”"):
        cluster_workers("tcp://nowhere:1\x07").__enter__()


class Client:
    """As much of Dask's client as is used."""

    threads: Mapping[str, int] = {}

    def __init__(self, address: str, timeout: float) -> None:
        self.is_open = True
        opened.append(self)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.is_open = False

    def nthreads(self) -> Mapping[str, int]:
        return self.threads

    def get_executor(self) -> InThisProcess:
        return InThisProcess()


opened: list[Client] = []


@contextmanager
def cluster(monkeypatch: pytest.MonkeyPatch, threads: dict[str, int]) -> Iterator[None]:
    """A cluster of these workers."""
    monkeypatch.setattr(Client, "threads", threads)
    monkeypatch.setitem(sys.modules, "distributed", cluster_module(Client))
    opened.clear()
    yield
    assert [client.is_open for client in opened] == [False]


def test_a_cluster_does_jobs_by_its_executor_and_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    with cluster(monkeypatch, {"one": 2, "two": 1}), cluster_workers("tcp://127.0.0.1:8786") as workers:
        assert workers.count == 3
        assert workers.executor.submit(about_this_process, 0).result()[0] == os.getpid()
        assert opened[0].is_open


def test_a_cluster_without_workers_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with cluster(monkeypatch, {}), pytest.raises(InputError, match="has no workers"):
        cluster_workers("tcp://127.0.0.1:8786").__enter__()
