"""The opponents that the engine is compared with: each side trains one epoch of a case when it is called."""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from engine.config import Activation, Optimizer, Output, TrainingConfig
from engine.dataset import Dataset
from engine.machines.kind import MachineKind
from engine.training import Trainer

LEARNING_RATE = 0.001
CONVNET = "convnetjs@0.3.0"
FOLDER = Path(__file__).parent

Speed = Callable[[float], float]
"""Trains for at least so many seconds and one epoch; returns epochs per second."""


@dataclass(frozen=True)
class Case:
    """A network and its work."""

    name: str
    hidden_layers: tuple[int, ...]
    n_points: int
    batch_size: int | None
    optimizer: Optimizer = Optimizer.SGD
    output: Output = Output.SIGMOID
    has_values: bool = False


def engine_side(
    case: Case, dataset: Dataset, activation: Activation = Activation.TANH, machine: MachineKind | None = None
) -> Trainer:
    """The engine's side of a case."""
    config = TrainingConfig(
        hidden_layers=case.hidden_layers,
        activation=activation,
        output=case.output,
        optimizer=case.optimizer,
        learning_rate=LEARNING_RATE,
        batch_size=case.batch_size,
        validation_fraction=0.0,
    )
    return Trainer(dataset, config, machine=machine)


def standardised(dataset: Dataset) -> NDArray[np.float32]:
    """The points as the engine trains on them."""
    points = dataset.points.astype(np.float64)
    result: NDArray[np.float32] = ((points - points.mean(axis=0)) / points.std(axis=0)).astype(np.float32)
    return result


def autograd_side(case: Case, dataset: Dataset, trainer: Trainer) -> Callable[[], float]:
    """``nn.Sequential`` and ``torch.optim``, beginning with the weights of `trainer`; returns the last loss."""
    layers: list[nn.Module] = []
    for weight, bias in trainer.weights():
        fan_in, fan_out = weight.shape
        linear = nn.Linear(fan_in, fan_out)
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(weight.T.copy()))
            linear.bias.copy_(torch.from_numpy(bias))
        layers += [linear, nn.Tanh()]
    net = nn.Sequential(*layers[:-1])
    criterion = nn.MSELoss() if case.has_values else nn.BCEWithLogitsLoss()
    optimizer: torch.optim.Optimizer
    if case.optimizer is Optimizer.ADAM:
        optimizer = torch.optim.Adam(net.parameters(), lr=LEARNING_RATE)
    else:
        optimizer = torch.optim.SGD(net.parameters(), lr=LEARNING_RATE)
    points = torch.from_numpy(standardised(dataset))
    inputs = points[:, : dataset.n_inputs].contiguous()
    targets = (
        points[:, -1:].contiguous() if case.has_values else torch.from_numpy(dataset.labels.copy()).float()[:, None]
    )
    n_points, size = len(dataset), case.batch_size

    def step(batch_inputs: torch.Tensor, batch_targets: torch.Tensor) -> torch.Tensor:
        optimizer.zero_grad(set_to_none=True)
        loss: torch.Tensor = criterion(net(batch_inputs), batch_targets)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        return loss

    def epoch() -> float:
        if size is None:
            return step(inputs, targets).item()
        order = torch.randperm(n_points)
        for members in torch.split(order, size):
            loss = step(inputs[members], targets[members])
        return loss.item()

    return epoch


def scikit_learn_speed(case: Case, dataset: Dataset, dtype: type[np.floating]) -> Speed:
    """Epochs per second of ``MLPClassifier.fit`` on points of a dtype, in which it then computes throughout."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier

    points, labels = standardised(dataset).astype(dtype), dataset.labels
    model = MLPClassifier(
        hidden_layer_sizes=case.hidden_layers,
        activation="tanh",
        solver="adam" if case.optimizer is Optimizer.ADAM else "sgd",
        alpha=0.0,
        batch_size=case.batch_size or len(dataset),
        learning_rate_init=LEARNING_RATE,
        momentum=0.0,
        nesterovs_momentum=False,
        tol=0.0,
        n_iter_no_change=10**9,
        random_state=1,
    )
    epochs = 1

    def speed(seconds: float) -> float:
        nonlocal epochs
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.set_params(max_iter=epochs)
            started = time.perf_counter()
            model.fit(points, labels)
            result = epochs / (time.perf_counter() - started)
        epochs = max(1, int(result * seconds))  # next time so many as fill the turn
        return result

    return speed


def matrix_products(sizes: tuple[int, ...], n_points: int, piece: int) -> Callable[[], object]:
    """Nothing but the matrix products of an epoch in full batch: one forward and two backward for each layer."""
    matrices = [torch.randn(after, before) for before, after in pairwise(sizes)]
    gradients = [torch.empty_like(matrix) for matrix in matrices]
    outputs = [torch.randn(size, piece) for size in sizes]
    deltas = [torch.randn(size, piece) for size in sizes]

    def epoch() -> None:
        for _ in range(n_points // piece):
            for layer, matrix in enumerate(matrices):
                torch.mm(matrix, outputs[layer], out=outputs[layer + 1])
            for layer in range(len(matrices) - 1, -1, -1):
                torch.mm(deltas[layer + 1], outputs[layer].t(), out=gradients[layer])
                if layer:
                    torch.mm(matrices[layer].t(), deltas[layer + 1], out=deltas[layer])

    return epoch


@contextmanager
def convnet_package() -> Iterator[Path | None]:
    """ConvNetJS from npm in a temporary folder; None, and a notice, where Node.js or the package cannot be had."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        print("ConvNetJS is skipped: there is no Node.js here.")
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        command = [
            npm,
            "install",
            "--silent",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--prefix",
            folder,
            CONVNET,
        ]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        except subprocess.TimeoutExpired:
            done = None
        script = Path(folder) / "node_modules" / "convnetjs" / "build" / "convnet.js"
        if done is None or done.returncode or not script.exists():
            print("ConvNetJS is skipped: npm could not fetch it.")
            yield None
        else:
            yield script


@contextmanager
def node_speed(script: str, case: Case, dataset: Dataset, trainer: Trainer, *arguments: str) -> Iterator[Speed]:
    """Epochs per second of a script under Node.js, in a process of its own, which sleeps while it is not asked.

    It is given the points and, if it can take them over, the weights of `trainer`.
    """
    work = {
        "hidden_layers": case.hidden_layers,
        "batch_size": case.batch_size,
        "learning_rate": LEARNING_RATE,
        "points": standardised(dataset).tolist(),
        "labels": dataset.labels.tolist(),
        "weights": [(weight.tolist(), bias.tolist()) for weight, bias in trainer.weights()],
    }
    command = ["node", str(FOLDER / script), *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(work) + "\n")

        def speed(seconds: float) -> float:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(f"{seconds}\n")
            process.stdin.flush()
            return float(process.stdout.readline())

        yield speed
        process.stdin.close()
