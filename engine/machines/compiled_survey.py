"""A survey of the plane by compiled code: one call, during which other threads run; see `engine.compiled.survey`."""

from __future__ import annotations

import math

import numpy as np
import torch
from numpy.typing import NDArray

from engine.compiled import places
from engine.compiled.library import Library
from engine.compiled.plan import make_plan
from engine.insight.field import STRENGTH_STEPS
from engine.insight.survey import BENT, Mesh
from engine.machines.compiled_machine import MIN_BLOCK, blocks_at_once, place
from engine.mlp.losses import OutputLayer, SoftmaxOutput
from engine.mlp.network import Network
from engine.mlp.pieces import Heed, nobody

EDGES_OF_NODE = 2
"""Those that begin at it: each may be crossed."""


class Room:
    """The arrays of surveys on one mesh; see `engine.compiled.survey`. What is never used takes no memory."""

    def __init__(self, mesh: Mesh, n_units: int, dtype: torch.dtype) -> None:
        self.mesh, (rows, columns) = mesh, mesh.shape
        size = rows * columns
        self.whole = np.zeros(places.N_WHOLE, dtype=np.int64)
        self.whole[[places.ROWS, places.COLUMNS, places.SPACING]] = mesh.rows, mesh.columns, mesh.step
        self.whole[places.N_OUTPUTS] = n_units
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
        heed: called between two calls of a long survey.
    """

    def __init__(self, network: Network, output: OutputLayer, library: Library, heed: Heed = nobody) -> None:
        self._network, self._library, self._heed = network, library, heed
        self._is_softmax = isinstance(output, SoftmaxOutput)
        plan = make_plan(network.architecture, network.parameters, *[MIN_BLOCK] * 3, has_dropout=False)
        self._plan, self._blocks = plan, 3 * blocks_at_once(network, MIN_BLOCK)
        plan.fields[places.TASK] = places.SURVEY
        self._memory = torch.zeros(plan.size, dtype=network.dtype)
        self._reals = np.zeros(places.ACROSS + 3 * network.architecture.sizes[0])
        self._room: Room | None = None

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
            inputs: of the network, (3, n_features + 1), of which the last is not needed: by how much they change from a
                node of the finest grid to the next and to that below, and those of the first node.
            colours: of each class at each strength, see `engine.insight.field.colour_table`.
            threshold: above which the class of a single sigmoid is decided for.
            bisections: of edges along which the field is a step.
            has_entropy: whether strengths tell of the entropy of the probabilities, else of the lead of a class.
        """
        network, nothing = self._network, self._memory
        n_units = network.architecture.sizes[-1]
        if self._room is None or self._room.mesh != mesh:
            self._room = Room(mesh, n_units, network.dtype)
        room, fields, reals = self._room, self._plan.fields, self._reals
        whole = room.whole
        whole[[places.STAGE, places.AT, places.N_LINES]] = 0
        whole[places.LEVEL], whole[places.HAS_ENTROPY] = mesh.step, has_entropy
        whole[places.STRENGTHS], reals[places.BENT] = STRENGTH_STEPS, BENT
        whole[places.HAS_SOFTMAX], whole[places.BISECTIONS] = self._is_softmax, bisections
        reals[places.THRESHOLD], reals[places.LOGIT] = threshold, math.log(threshold / (1 - threshold))
        reals[places.ACROSS :] = inputs[:, : network.architecture.sizes[0]].ravel()
        statistics = (nothing, nothing) if network.norm is None else (network.norm.mean, network.norm.variance)
        call = self._library.bound(
            *map(place, (self._plan.table, fields, self._plan.numbers, nothing, nothing, nothing)),
            *map(place, (network.parameters.vector, nothing, nothing, nothing, nothing, nothing, nothing)),
            *map(place, (*statistics, nothing, nothing, nothing, nothing)),
            *map(place, (whole, reals, room.values, room.edges, room.grid)),
            *map(place, (room.classes, colours, room.pixels, room.lines)),
        )
        while whole[places.STAGE] != places.DONE:
            if whole[places.STAGE] or whole[places.AT]:
                self._heed()
            fields[places.N_BLOCKS] = self._blocks
            call()
        return room.pixels.copy(), room.lines[: whole[places.N_LINES]].copy()
