"""Bias and variance along axes: for each combination of their values the same training sets, as far as they go.

Importing this loads no torch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.errors import InputError
from engine.studies.fit.bias_variance import (
    MAX_OUTPUTS,
    BiasVarianceTask,
    NetworkJob,
    NetworkRun,
    bias_variance_study,
    train_network,
)
from engine.studies.lists import MAX_NETWORKS
from engine.studies.study import Study


@dataclass(frozen=True, eq=False)
class SweepCell:
    """One combination of values.

    Attributes:
        values: by the names of the axes; what JSON can hold.
        task: what is measured there.
    """

    values: dict[str, Any]
    task: BiasVarianceTask


@dataclass(frozen=True, eq=False)
class SweepJob:
    """A network of the cell of that number."""

    cell: int
    network: NetworkJob


@dataclass(frozen=True, eq=False)
class SweepRun:
    """A network that was trained for the cell of that number."""

    cell: int
    network: NetworkRun


def sweep_study(cells: Sequence[SweepCell]) -> Study[SweepJob, SweepRun]:
    """The networks of all cells as one study, whose summary has a table for each cell.

    All have the same training sets and as many first weights. The first networks of all cells come first, so that the
    whole is seen early.

    Raises:
        InputError: there would be too many networks.
    """
    n_networks = sum(cell.task.n_networks for cell in cells)
    n_outputs = sum(cell.task.n_networks * cell.task.n_test for cell in cells)
    if n_networks > MAX_NETWORKS or n_outputs > MAX_OUTPUTS:
        raise InputError(
            "These are {n_networks:,} networks; at most {most:,} can be compared. Take fewer values, or fewer seeds.",
            n_networks=n_networks,
            most=min(MAX_NETWORKS, MAX_OUTPUTS * n_networks // n_outputs),
        )
    studies = [bias_variance_study(cell.task) for cell in cells]
    of_each = zip(*(study.jobs for study in studies), strict=True)
    jobs = [SweepJob(number, job) for of_all in of_each for number, job in enumerate(of_all)]

    def as_json(run: SweepRun) -> dict[str, Any]:
        return {"values": cells[run.cell].values} | studies[run.cell].as_json(run.network)

    def summary(runs: Sequence[SweepRun]) -> dict[str, Any]:
        of_cells: list[list[NetworkRun]] = [[] for _ in cells]
        for run in runs:
            of_cells[run.cell].append(run.network)
        return {
            "cells": [
                {"values": cell.values} | study.summary(of_cell)
                for cell, study, of_cell in zip(cells, studies, of_cells, strict=True)
            ]
        }

    return Study(jobs, train_of_cell, as_json, summary)


def train_of_cell(job: SweepJob) -> SweepRun:
    """Train a network of a cell."""
    return SweepRun(job.cell, train_network(job.network))
