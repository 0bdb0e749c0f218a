"""A survey by compiled code against that of numpy: the same colours and lines, of any network."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from engine import toy_datasets
from engine.compiled import cache
from engine.config import Activation, Loss, Output, TrainingConfig
from engine.data.projection import principal_plane
from engine.dataset import Dataset
from engine.insight.field import Field, Shading, View
from engine.insight.survey import Mesh
from engine.machines import compiled_machine
from engine.machines.compiled_survey import CompiledSurveyor
from engine.machines.kind import MachineKind
from engine.mlp.kernels import in_engine
from engine.run.measurements import Scene
from engine.training import Trainer
from tests.engine.fields import field_of, make_field

pytestmark = pytest.mark.skipif(not cache.has_compiler(), reason="no compiler is installed")

COLOURS = ((10, 20, 250), (250, 160, 0), (0, 160, 0), (200, 30, 200), (90, 90, 90))
VIEW = View(-2.2, 2.4, -1.6, 1.9, 460, 350, COLOURS, (255, 255, 255))
MESHES = [Mesh(12, 16), Mesh(12, 16, 1), Mesh(9, 7, 2), Mesh(5, 6, 3), Mesh(2, 2, 3)]
CONFIG = TrainingConfig(hidden_layers=(8, 7), learning_rate=0.02)


def trained(config: TrainingConfig, n_classes: int, dtype: torch.dtype = torch.float32, epochs: int = 60) -> Scene:
    dataset = toy_datasets.make("spiral", n_samples=120, n_classes=n_classes, noise=0.1, seed=2)
    trainer = Trainer(dataset, config, dtype, machine=MachineKind.COMPILED)
    assert trainer.machine is MachineKind.COMPILED
    trainer.steps(10**6, until=epochs)
    return Scene(trainer, dataset)


@in_engine
def by_numpy(scene: Scene, mesh: Mesh, exactness: float, view: View = VIEW) -> Field:
    asked, trainer = scene._probabilities_over(scene._inputs_over(view, mesh.shape)), scene.trainer
    return make_field(view, mesh, asked, trainer.threshold, exactness, is_distribution=trainer.is_distribution)


def middles(field: Field) -> NDArray[np.float32]:
    """The middles of the lines, (n, 2)."""
    found: NDArray[np.float32] = field.boundary.reshape(-1, 2, 2).mean(axis=1)
    return found


def compare(scene: Scene, mesh: Mesh, exactness: float, off: float = 0.01, view: View = VIEW) -> Field:
    wanted, found = by_numpy(scene, mesh, exactness, view), field_of(scene, view, mesh, exactness)
    channels = [np.stack([of.pixels >> shift & 255 for shift in (0, 8, 16)]).astype(int) for of in (wanted, found)]
    # the last bits of a probability may round to the next strength
    assert np.abs(channels[1] - channels[0]).max() <= 2
    assert len(found.boundary) == len(wanted.boundary)
    distances = np.abs(middles(found)[:, None] - middles(wanted)).max(axis=2)
    assert len(distances) == 0 or max(distances.min(axis=0).max(), distances.min(axis=1).max()) < off
    return found


@pytest.mark.parametrize("mesh", MESHES, ids=str)
@pytest.mark.parametrize("n_classes", [2, 3, 5])
def test_colours_and_lines_are_those_of_numpy_on_any_mesh(n_classes: int, mesh: Mesh) -> None:
    scene = trained(CONFIG, n_classes)

    for exactness in (np.inf, 0.5):
        assert len(compare(scene, mesh, exactness).boundary)


@pytest.mark.parametrize(
    ("config", "n_classes"),
    [
        (replace(CONFIG, output=Output.SOFTMAX), 2),
        (replace(CONFIG, output=Output.SOFTMAX, loss=Loss.MSE), 4),
        (replace(CONFIG, threshold=0.8), 2),
        (replace(CONFIG, threshold=0.03), 2),
        (replace(CONFIG, batch_norm=True), 3),
        (replace(CONFIG, hidden_layers=(8,) * 6, skip_connections=True, activation=Activation.GELU), 3),
        (replace(CONFIG, activation=Activation.STEP), 3),
        (replace(CONFIG, hidden_layers=(60, 60), activation=Activation.RELU), 2),
        (replace(CONFIG, squares=True, products=True, sines=True), 3),
        (replace(CONFIG, hidden_layers=(), squares=True), 2),
    ],
    ids=lambda value: None,
)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
def test_they_are_so_with_any_network(config: TrainingConfig, n_classes: int, dtype: torch.dtype) -> None:
    scene = trained(config, n_classes, dtype)

    for mesh in MESHES[1:3]:
        compare(scene, mesh, 0.5)


@pytest.mark.parametrize("n_classes", [2, 3])
def test_independent_sigmoids_are_equal_where_their_logits_are(n_classes: int) -> None:
    scene = trained(replace(CONFIG, output=Output.INDEPENDENT_SIGMOIDS), n_classes)

    # between two nodes differences of logits are not those of log probabilities, so only what is bisected agrees
    assert len(compare(scene, Mesh(30, 40, 2), 0.05, off=0.02).boundary)


@pytest.mark.parametrize("shading", list(Shading))
@pytest.mark.parametrize(
    ("output", "n_classes"),
    [(Output.SIGMOID, 2), (Output.SOFTMAX, 2), (Output.SOFTMAX, 4), (Output.INDEPENDENT_SIGMOIDS, 3)],
)
def test_colours_mean_the_same_with_any_shading(output: Output, n_classes: int, shading: Shading) -> None:
    scene = trained(replace(CONFIG, output=output), n_classes)

    field = compare(scene, Mesh(30, 40), 0.05, off=0.02, view=replace(VIEW, shading=shading))

    n_colours = len(np.unique(field.pixels))
    assert n_colours <= n_classes + 1 if shading is Shading.CLASSES else n_colours > 20


def test_a_table_of_many_features_is_surveyed_on_its_plane() -> None:
    generator = np.random.default_rng(3)
    labels = np.arange(150) % 3
    points = (generator.normal(size=(150, 30)) + labels[:, None]).astype(np.float32)
    dataset = Dataset(points, labels, ("A", "B", "C"), projection=principal_plane(points))
    trainer = Trainer(dataset, CONFIG, machine=MachineKind.COMPILED)
    trainer.steps(10**6, until=30)

    compare(Scene(trainer, dataset), Mesh(12, 16, 2), 0.5)


@in_engine
def scaled_weights(scene: Scene, factor: float) -> Scene:
    scene.trainer._network.parameters.vector.mul_(factor)
    return scene


def test_a_network_that_has_overflowed_decides_for_nobody() -> None:
    scene = scaled_weights(trained(CONFIG, 3), np.nan)

    field = field_of(scene, VIEW, Mesh(9, 7, 2), 0.5)

    assert len(field.boundary) == 0
    assert (field.pixels == 0xFFFFFFFF).all()


def test_infinite_logits_leave_finite_lines() -> None:
    scene = scaled_weights(trained(replace(CONFIG, activation=Activation.RELU), 3), 1e20)
    assert not np.isfinite(scene.trainer.probabilities([(0.5, 0.5)])).all()

    assert np.isfinite(field_of(scene, VIEW, Mesh(9, 7, 2), 0.5).boundary).all()


def test_a_long_survey_heeds_others_between_pieces_and_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    scene, heeded = trained(CONFIG, 3), list[int]()
    whole = field_of(scene, VIEW, Mesh(30, 40, 2), 0.5)
    monkeypatch.setattr(compiled_machine, "blocks_at_once", lambda network, block: 1)
    network, output, library = scene.trainer._network, scene.trainer._output, scene.trainer._library
    assert library is not None
    heed = partial(heeded.append, 1)
    scene.trainer.surveyor = CompiledSurveyor(network, output, library, scene.trainer.features, heed)

    pieces = field_of(scene, VIEW, Mesh(30, 40, 2), 0.5)

    assert len(heeded) > 5
    np.testing.assert_array_equal(pieces.pixels, whole.pixels)
    np.testing.assert_array_equal(pieces.boundary, whole.boundary)


def test_a_field_stays_when_the_next_is_made() -> None:
    scene = trained(CONFIG, 3)
    field = field_of(scene, VIEW, Mesh(9, 7, 2), 0.5)
    before = field.pixels.copy(), field.boundary.copy()

    scene.trainer.steps(10**6, until=200)
    after = field_of(scene, VIEW, Mesh(9, 7, 2), 0.5)

    assert (after.pixels != field.pixels).any()
    np.testing.assert_array_equal(field.pixels, before[0])
    np.testing.assert_array_equal(field.boundary, before[1])
