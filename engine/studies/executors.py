"""Executors of `concurrent.futures` that do the jobs of a study: processes of this machine, a cluster, or here and now.

Importing this needs the standard library only.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from engine.errors import InputError, shown

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

P = ParamSpec("P")
T = TypeVar("T")

ONE_THREAD = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "MKL", "OPENBLAS")}
"""For what a worker loads: several workers with several threads each would only wait for one another."""
MAX_WORKERS = 61  # what Windows can wait for
CLUSTER_PATIENCE = 10  # seconds until a cluster must have answered


@dataclass(frozen=True)
class Workers:
    """An executor, and how many jobs it does at a time."""

    executor: Executor
    count: int

    @property
    def ahead(self) -> int:
        """The number of jobs it should hold, so that no worker waits for the next."""
        return 2 * self.count


def usual_workers() -> int:
    """One for each processor that this process may use."""
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(usable, MAX_WORKERS)


@contextmanager
def local_workers(count: int) -> Iterator[Workers]:
    """Worker processes of this machine, which load torch once and end with this process or this context.

    They are started anew and not forked, as a fork of a process with threads may stand still for ever. Each holds the
    reading end of a pipe of which only this process has the writing end: when that is closed, by the end of the context
    or because the process was killed, they end at once, in the middle of a job too.

    Raises:
        InputError: within the context, if the system has ended a worker.
    """
    # not with this module, which the window imports when it starts
    import multiprocessing
    from concurrent.futures.process import BrokenProcessPool, ProcessPoolExecutor

    context = multiprocessing.get_context("spawn")
    reading, writing = context.Pipe(duplex=False)
    executor = ProcessPoolExecutor(count, context, _begin_worker, (reading,))
    try:
        yield Workers(executor, count)
        executor.shutdown()
    except BrokenProcessPool as error:
        raise InputError(
            "A process that trained ended before its time, perhaps for want of memory. Fewer workers need less."
        ) from error
    finally:
        writing.close()
        executor.shutdown(cancel_futures=True)
        reading.close()


def _begin_worker(reading: Connection) -> None:
    """Make a worker ready; imports torch, which takes a second, before the first job."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches the process that started this, too
    threading.Thread(target=_end_with, args=(reading,), daemon=True).start()
    os.environ.update(ONE_THREAD)
    import torch

    torch.set_num_threads(1)


def _end_with(reading: Connection) -> None:
    """End this process when the other end of a pipe is closed."""
    reading.poll(None)
    os._exit(0)


@contextmanager
def cluster_workers(address: str) -> Iterator[Workers]:
    """The workers of a Dask cluster that runs already and has Marz installed.

    Raises:
        InputError: the package `distributed` is not installed, or no cluster answers at the address.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise InputError(
            "A cluster needs the package “distributed”: install Marz as marz[cluster], or train on this machine."
        ) from error
    try:
        client = Client(address, timeout=CLUSTER_PATIENCE)
    except (OSError, ValueError) as error:  # TimeoutError is an OSError
        raise InputError("No cluster answers at “{address}”.", address=shown(address)) from error
    with client:
        if not (count := sum(client.nthreads().values())):
            raise InputError("The cluster at “{address}” has no workers.", address=shown(address))
        yield Workers(client.get_executor(), count)


class InThisProcess(Executor):
    """Does each job when it is submitted."""

    def submit(self, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """The future is done when it is returned."""
        future: Future[T] = Future()
        try:
            future.set_result(call(*args, **kwargs))
        except Exception as error:  # noqa: BLE001  # raised where the result is wanted
            future.set_exception(error)
        return future


def here() -> Workers:
    """This process, one job after the other."""
    return Workers(InThisProcess(), 1)
