"""Whole fields, with their contours, as the worker makes them in two goes."""

from __future__ import annotations

from typing import Any

from engine.insight.field import Field, View, survey_field, with_contours
from engine.insight.survey import Mesh, Probabilities
from engine.run.measurements import Scene


def make_field(view: View, mesh: Mesh, probabilities: Probabilities, *wanted: float, **more: Any) -> Field:
    """The field of a view by numpy; see `engine.insight.field.survey_field`."""
    field, heights = survey_field(view, mesh, probabilities, *wanted, **more)
    return with_contours(field, mesh, heights)


def field_of(scene: Scene, view: View, mesh: Mesh, exactness: float) -> Field:
    """The field of a view by what surveys it in a scene."""
    field, heights = scene.survey(view, mesh, exactness)
    return with_contours(field, mesh, heights)
