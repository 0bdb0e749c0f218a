"""A survey of the plane by compiled code, during which other threads run; see `engine.compiled.plane.survey`."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from engine.compiled import places
from engine.compiled.library import Library
from engine.data.features import Features
from engine.insight.field import STRENGTH_STEPS
from engine.insight.lines.contours import Heights, heights_of_logits
from engine.insight.survey import BENT, Mesh
from engine.machines.compiled_machine import CompiledEvaluation
from engine.mlp.activations import logit
from engine.mlp.kernels import in_engine
from engine.mlp.losses import OutputLayer, SoftmaxOutput
from engine.mlp.network import Network
from engine.mlp.pieces import Heed, nobody

EDGES_OF_NODE = 2
"""Those that begin at it: each may be crossed."""


class Room:
    """The arrays of surveys on one mesh; see `engine.compiled.plane.survey`. What is never used takes no memory."""

    def __init__(self, mesh: Mesh, n_units: int, features: Features, dtype: torch.dtype) -> None:
        self.mesh, (rows, columns) = mesh, mesh.shape
        size = rows * columns
        factors = np.array(features.factors, dtype=np.int64).ravel()
        self.whole = np.concatenate([np.zeros(places.FACTORS, dtype=np.int64), factors])
        self.whole[[places.ROWS, places.COLUMNS, places.SPACING]] = mesh.rows, mesh.columns, mesh.step
        self.whole[places.N_OUTPUTS], self.whole[places.STRENGTHS] = n_units, STRENGTH_STEPS
        self.whole[places.N_GIVEN] = features.n_inputs
        self.values = torch.empty((size + 1) * n_units, dtype=dtype)  # one more for a place that is no node
        self.edges = torch.empty(5 * EDGES_OF_NODE * size, dtype=dtype)
        self.grid = np.empty((4 + 2 * EDGES_OF_NODE) * size, dtype=np.int32)
        self.classes = np.empty(size, dtype=np.uint8)
        self.pixels = np.empty((rows, columns), dtype=np.uint32)
        self.lines = np.empty((4 * size, 4), dtype=np.float32)


class CompiledSurveyor:
    """Surveys the plane with a network as it is at each call.

    Args:
        network: that is asked.
        output: what makes probabilities of its logits; another loss does not matter.
        library: the code, for its precision.
        features: what the network is given of a place.
        heed: called between two calls of a long survey.
    """

    def __init__(
        self, network: Network, output: OutputLayer, library: Library, features: Features, heed: Heed = nobody
    ) -> None:
        self._network, self._is_softmax, self._features = network, isinstance(output, SoftmaxOutput), features
        self._evaluation = CompiledEvaluation(network, library, places.SURVEY, heed)
        self._reals = np.zeros(places.ACROSS + 3 * features.n_inputs)
        self._reals[places.BENT] = BENT
        self._room: Room | None = None

    @in_engine
    def survey(
        self,
        mesh: Mesh,
        inputs: NDArray[np.float32],
        colours: NDArray[np.uint32],
        threshold: float = 0.5,
        bisections: int = 0,
        *,
        has_entropy: bool = False,
    ) -> tuple[NDArray[np.uint32], NDArray[np.float32]]:
        """The picture and the lines of the boundary, as `engine.insight.survey.Survey` has them.

        Args:
            mesh: where the network is asked first.
            inputs: standardised, (3, at least n_inputs), of which others are not needed: by how much they change from a
                node of the finest grid to the next and to that below, and those of the first node.
            colours: of each class at each strength, see `engine.insight.field.colour_table`.
            threshold: above which the class of a single sigmoid is decided for.
            bisections: of edges along which the field is a step.
            has_entropy: whether strengths tell of the entropy of the probabilities, else of the lead of a class.
        """
        n_units = self._network.architecture.sizes[-1]
        if self._room is None or self._room.mesh != mesh:
            self._room = Room(mesh, n_units, self._features, self._network.dtype)
        room, reals = self._room, self._reals
        whole = room.whole
        whole[[places.STAGE, places.AT, places.N_LINES]] = 0
        whole[places.LEVEL], whole[places.HAS_ENTROPY] = mesh.step, has_entropy
        whole[places.HAS_SOFTMAX], whole[places.BISECTIONS] = self._is_softmax, bisections
        reals[places.THRESHOLD], reals[places.LOGIT] = threshold, logit(threshold)
        reals[places.ACROSS :] = inputs[:, : self._features.n_inputs].ravel()
        arrays = whole, reals, room.values, room.edges, room.grid, room.classes, colours, room.pixels, room.lines
        call = self._evaluation.bound(of_survey=arrays)
        self._evaluation.finish(call, lambda: whole[places.STAGE] == places.DONE)
        return room.pixels.copy(), room.lines[: whole[places.N_LINES]].copy()

    def heights(self) -> tuple[NDArray[np.int32], Heights]:
        """The nodes of the finest grid at which the last survey asked, and the heights of each class there.

        See `engine.insight.lines.contours`.
        """
        room = self._room
        assert room is not None
        rows, columns = room.mesh.shape
        n_asked, n_units = int(room.whole[places.N_ASKED]), int(room.whole[places.N_OUTPUTS])
        logits = room.values[: n_asked * n_units].numpy().reshape(n_asked, n_units).T
        nodes = room.grid[rows * columns : rows * columns + n_asked].copy()
        return nodes, heights_of_logits(logits, is_softmax=self._is_softmax)
