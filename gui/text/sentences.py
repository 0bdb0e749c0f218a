"""Sentences on what the program does: the state of a run, what stands in its way, and what is on the plane."""

from __future__ import annotations

import math
from collections.abc import Sequence

from engine.dataset import MAX_POINTS, Dataset, names_of_features
from engine.errors import InputError
from engine.experiment import Obstacle
from engine.insight.verdict import Cause, Divergence
from engine.isolates import isolated
from engine.messages import Message, counted, message
from engine.run.snapshot import LaneSnapshot, RunState, Snapshot
from gui.drawing.plane import Units, units_of
from gui.text.language import count, mark, say
from gui.text.names import listed
from gui.text.numbers import decimal, loss, percent, power_of_ten

STATES = {
    RunState.LOADING: mark("Loading the training engine …"),
    RunState.BLOCKED: mark("Cannot train yet"),
    RunState.READY: mark("Ready to train"),
    RunState.RUNNING: mark("Training", "state"),
    RunState.PAUSED: mark("Paused"),
    RunState.DIVERGED: mark("Diverged"),
    RunState.FAILED: mark("Stopped by an error"),
    RunState.UNAVAILABLE: mark("Training is not available"),
    RunState.ENDED: mark(
        "Training ended by an error that needs a new start: save your work, close Marz and start it again."
    ),
}
OBSTACLES = {
    Obstacle.NO_POINTS: mark("There are no points yet: draw points of two classes, or choose a dataset."),
    Obstacle.ONE_CLASS: mark("Only one class has points to train on: draw points of a second class."),
    Obstacle.ONE_X: mark("All points to train on stand at one x: draw points at another, or there is no curve."),
    Obstacle.LARGE_BATCH: mark(
        "The batch is too large for batch normalization, which takes it whole: choose a smaller one."
    ),
}
SMALLER_RATE = mark("Press Reset and try a smaller learning rate.")
OTHER_WEIGHTS = mark("The first weights are too large: choose another initialization.")
NO_ROOM = message("There is no room for more points: at most {most:,} are possible. Erase some first.", most=MAX_POINTS)


def what_helps(divergence: Divergence) -> str:
    """Advice about a divergence; before the first step no learning rate is to blame."""
    return say(OTHER_WEIGHTS if math.isnan(divergence.learning_rate) else SMALLER_RATE)


def state_sentence(snapshot: Snapshot) -> str:
    """A sentence about the state of the run and, if something is wrong, what to do."""
    if snapshot.state is RunState.BLOCKED and snapshot.obstacle is not None:
        return say(OBSTACLES[snapshot.obstacle])
    if snapshot.state is RunState.DIVERGED:
        return _divergence(snapshot)
    if snapshot.state is RunState.UNAVAILABLE:
        return say(
            "PyTorch could not be loaded, so training is off; drawing works. "
            "Install it with “pip install -r requirements.txt” and start again."
        )
    if snapshot.state is RunState.FAILED:
        return say("Training stopped by an unexpected error. Your points are safe; press Reset to start a new run.")
    said = say(STATES[snapshot.state], "state" if snapshot.state is RunState.RUNNING else "")
    return _early_stop(snapshot.lanes, said) if has_stopped_early(snapshot) else said


def has_stopped_early(snapshot: Snapshot) -> bool:
    """True if a lane of a run is trained no more, since its validation loss has not fallen for so long."""
    is_usual = snapshot.state in (RunState.RUNNING, RunState.PAUSED)
    return is_usual and any(lane.has_stopped_early for lane in snapshot.lanes)


def _early_stop(lanes: Sequence[LaneSnapshot], state: str) -> str:
    """A sentence about the lanes that have stopped early, or about the only one."""
    stops = [
        message("lane {number} at epoch {epoch:,}, best at {best:,}", number=number, epoch=lane.epochs, best=best)
        for number, lane in enumerate(lanes, 1)
        if lane.has_stopped_early and (best := lane.best_epoch) is not None
    ]
    if len(lanes) > 1:
        return say("{state}. Stopped early: {stops}.", state=state, stops=listed(stops))
    lane, best = lanes[0], lanes[0].best_epoch or 0
    return say(
        "Stopped early at epoch {epoch:,}: no lower validation loss for {epochs}; best at {best:,}.",
        epoch=lane.epochs,
        epochs=counted("{n:,} epoch", "{n:,} epochs", lane.epochs - best),
        best=best,
    )


def best_places(lanes: Sequence[LaneSnapshot]) -> object | None:
    """The epoch with the lowest validation loss of each lane, as one fact; None without any."""
    places = [
        message("epoch {epoch:,}, {loss}", epoch=lane.best_epoch, loss=loss(lane.best_loss))
        if len(lanes) == 1
        else message(
            "lane {number} epoch {epoch:,}, {loss}", number=number, epoch=lane.best_epoch, loss=loss(lane.best_loss)
        )
        for number, lane in enumerate(lanes, 1)
        if lane.best_epoch is not None and lane.best_loss is not None
    ]
    return listed(places) if places else None


def best_tip(lanes: Sequence[LaneSnapshot]) -> Message:
    """The best weights that can be gone back to, or the reason why there are none."""
    places = best_places(lanes)
    if places is None and lanes and not any(lane.n_validation for lane in lanes):
        return message("No points are kept for validation, so it is not known which epoch was the best")
    if places is None:
        return message("Back to the weights of the lowest validation loss, as soon as one is measured")
    known = [lane for lane in lanes if lane.best_epoch is not None]
    if all(lane.epochs + lane.epoch_share == lane.best_epoch for lane in known):
        return message("These are the weights of the lowest validation loss: {places}", places=places)
    return message("Back to the weights of the lowest validation loss: {places}; can be undone", places=places)


def _divergence(snapshot: Snapshot) -> str:
    """Sentences about the lane that diverged, where it did, and what helps."""
    for number, lane in enumerate(snapshot.lanes, 1):
        if lane.divergence is not None:
            said = divergence_sentence(lane.divergence, len(lane.activations) + 1)
            helps = what_helps(lane.divergence)
            if len(snapshot.lanes) == 1:
                return f"{said} {helps}"
            return say("Lane {number}: {what} All lanes stop with it. {advice}", number=number, what=said, advice=helps)
    return say("Diverged. {advice}", advice=message(SMALLER_RATE))


def divergence_sentence(divergence: Divergence, n_layers: int) -> str:
    """A sentence about the place where a run of a network of so many layers diverged, and by which rule."""
    layer = divergence.layer
    is_output, number = layer == n_layers - 1, None if layer is None else layer + 1
    match divergence.cause:
        case Cause.VALUE if is_output:
            what = message("first non-finite value in the output layer")
        case Cause.VALUE:
            what = message("first non-finite value in layer {layer}", layer=number)
        case Cause.GRADIENT if is_output:
            what = message("first non-finite derivative in the output layer")
        case Cause.GRADIENT:
            what = message("first non-finite derivative in layer {layer}", layer=number)
        case Cause.NORM:
            what = message("the gradient is too large for single precision")
    step, rate = divergence.step, divergence.learning_rate
    if math.isfinite(rate):
        return say("Diverged at step {step:,}: {what}, last learning rate {rate:g}.", step=step, what=what, rate=rate)
    return say("Diverged at step {step:,}: {what}.", step=step, what=what)


def axis_captions(dataset: Dataset) -> tuple[str, str]:
    """The names of the axes of the plane; empty where there is nothing to say."""
    names = names_of_features(dataset)
    if dataset.projection is None:
        return (names[0], names[1]) if dataset.feature_names else ("", "")
    if dataset.n_features == 2:
        units = units_of(dataset)
        is_turned = units == (Units(), Units())  # the axes are no columns
        across, up = (axis_caption(name, None if is_turned else unit) for name, unit in zip(names, units, strict=True))
        return across, up
    first, second = dataset.projection.explained
    return (
        say("1st principal component ({share})", share=percent(first)),
        say("2nd principal component ({share})", share=percent(second)),
    )


def axis_caption(name: str, units: Units | None) -> str:
    """The name of a column along an axis, with the power of ten of the numbers there."""
    if units is None:
        return say("{name}, standard deviations from its mean", name=isolated(name))
    if units.power == 0:
        return name
    return say("{name}, in {power}", name=isolated(name), power=power_of_ten(units.power))


def place_text(dataset: Dataset, place: tuple[float, float]) -> str:
    """A place of the plane in words."""
    if dataset.projection is not None and dataset.n_features > 2:
        return say("component 1 {first:.3f}   component 2 {second:.3f}", first=place[0], second=place[1])
    names = names_of_features(dataset)
    x, y = place if dataset.projection is None else dataset.features_at([place])[0].tolist()
    return f"{isolated(names[0])} {decimal(x)}   {isolated(names[1])} {decimal(y)}"


def outside_note(n: int) -> str:
    """The note on points that are not in sight."""
    return count("{n:,} point lies outside: Home shows all", "{n:,} points lie outside: Home shows all", n)


def sentence_of(error: InputError) -> str:
    """An error that stands alone: what the engine says after “{file} cannot be read: ” begins small."""
    sentence = say(error)
    return f"{sentence[:1].upper()}{sentence[1:]}"
