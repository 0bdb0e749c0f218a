"""Turns what the views ask for into named, undoable edits of the session."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from weakref import ref

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from engine.data.names import seen
from engine.data.targets import Target
from engine.dataset import Dataset
from engine.errors import InputError
from engine.experiment import Experiment
from engine.isolates import isolated
from engine.messages import Message, counted, message
from engine.population import sampled
from engine.toy_datasets import Recipe
from gui.drawing.brushes import Mask
from gui.editing.session import Session
from gui.text.names import name_fact

REMEMBERED_SAMPLES = 50


class Editor(QObject):
    """The edits.

    Signals:
        refused(InputError): an edit could not be made, and why. Nothing has changed then.
        noticed(Message): an edit took away more than one may have meant to.
    """

    refused = Signal(object)
    noticed = Signal(object)

    def __init__(self, session: Session, sample: Recipe | None, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._samples = [] if sample is None else [(ref(session.experiment.dataset), sample)]

    def sample_of(self, dataset: Dataset) -> Recipe | None:
        """The sample a dataset is, as it was made; None if it was drawn on."""
        return next((sample for made, sample in self._samples if made() is dataset), None)

    @Slot(Recipe)
    def use_sample(self, sample: Recipe) -> None:
        """Replace all points by a toy dataset."""

        def make(experiment: Experiment) -> Experiment:
            dataset = sample.make()
            self._samples = [*self._samples[-REMEMBERED_SAMPLES:], (ref(dataset), sample)]
            return experiment.with_dataset(dataset)

        self._try(make, message("New Sample ({shape})", shape=name_fact(sample.kind)))

    @Slot(Target)
    def use_target(self, target: Target) -> None:
        """Let the values of the same points be learned, or their classes."""
        name = message("Learn Values") if target is Target.VALUES else message("Learn Classes")
        self._edit_dataset(lambda dataset: replace(dataset, target=target), name)

    @Slot(Recipe)
    def add_sample(self, sample: Recipe) -> None:
        """Add the points of a toy dataset to what is there, on the plane that is seen, and the classes they need."""

        def add(dataset: Dataset) -> Dataset:
            made = sample.make()
            while dataset.n_classes < made.n_classes:
                dataset = dataset.with_class()
            return dataset.with_points(dataset.features_at(made.points), made.labels)

        shape = name_fact(sample.kind)
        name = counted("Add {n:,} point ({shape})", "Add {n:,} points ({shape})", sample.n_samples, shape=shape)
        self._edit_dataset(add, name)

    def delete(self, mask: Mask) -> None:
        """Remove points, bool ndarray of shape (n_samples,)."""
        name = counted("Delete {n:,} point", "Delete {n:,} points", int(mask.sum()))
        self._edit_dataset(lambda dataset: dataset.without(mask), name)

    def move(self, mask: Mask, x: float, y: float) -> None:
        """Move points on the plane; moves in a row are one step."""
        self._try(
            lambda experiment: experiment.with_dataset(experiment.dataset.moved(mask, (x, y))),
            counted("Move {n:,} point", "Move {n:,} points", int(mask.sum())),
            key=f"move {hash(mask.tobytes())}",
        )

    def join(self, other: Dataset, name: Message, steps: tuple[float, float]) -> None:
        """Add the points of another dataset, moved so far on the plane."""

        def joined(dataset: Dataset) -> Dataset:
            both = dataset.joined(other)
            return both.moved(np.arange(len(both)) >= len(dataset), steps) if any(steps) else both

        self._edit_dataset(joined, name)

    def draw_more(self, n_points: int, width: float) -> None:
        """Add points that are drawn from those there are, see `engine.population.sampled`."""
        name = counted("Draw {n:,} point more", "Draw {n:,} points more", n_points)
        self._edit_dataset(lambda dataset: sampled(dataset, n_points, len(dataset), width), name)

    def clear(self) -> None:
        """Remove all points."""
        self._edit_dataset(Dataset.cleared, message("Clear All Points"))

    def add_class(self) -> None:
        """One more class."""
        self._edit_dataset(Dataset.with_class, message("Add Class"))

    @Slot(int)
    def remove_class(self, label: int) -> None:
        """One class less."""
        self._session.finish_draft()
        dataset = self._session.experiment.dataset
        name, n_points = isolated(dataset.class_names[label]), int(dataset.class_counts()[label])
        step = message("Remove Class {name}", name=name)
        self._edit_dataset(lambda dataset: dataset.without_class(label), step)
        if n_points and self._session.experiment.dataset is not dataset:
            self.noticed.emit(
                counted(
                    "{name} and its point are removed; Ctrl+Z brings them back.",
                    "{name} and its {n:,} points are removed; Ctrl+Z brings them back.",
                    n_points,
                    name=name,
                )
            )

    @Slot(int, str)
    def rename_class(self, label: int, name: str) -> None:
        """Another name for a class; what of it cannot be seen is left out."""
        name = seen(name)
        step = message("Rename Class to {name}", name=isolated(name))
        self._edit_dataset(lambda dataset: dataset.renamed(label, name), step)

    def recolour_class(self, label: int, colour: int) -> None:
        """Another colour and marker for a class; one that has it takes the old one."""
        name = isolated(self._session.experiment.dataset.class_names[label])
        step = message("Recolour Class {name}", name=name)
        self._edit_dataset(lambda dataset: dataset.recoloured(label, colour), step)

    def reorder_class(self, label: int, to: int) -> None:
        """Another place in the list for a class."""
        dataset = self._session.experiment.dataset
        order = [other for other in range(dataset.n_classes) if other != label]
        order.insert(to, label)
        step = message("Move Class {name}", name=isolated(dataset.class_names[label]))
        self._edit_dataset(lambda dataset: dataset.reordered(order), step)

    def merge_class(self, label: int, into: int) -> None:
        """The points of one class become those of another, and there is one class less."""
        names = [isolated(name) for name in self._session.experiment.dataset.class_names]
        step = message("Merge {name} into {other}", name=names[label], other=names[into])
        self._edit_dataset(lambda dataset: dataset.merged(label, into), step)

    def _edit_dataset(self, change: Callable[[Dataset], Dataset], name: Message) -> None:
        self._try(lambda experiment: experiment.with_dataset(change(experiment.dataset)), name)

    def _try(self, change: Callable[[Experiment], Experiment], name: Message, key: str = "") -> None:
        self._session.finish_draft()
        try:
            self._session.edit(change(self._session.experiment), name, key)
        except InputError as error:
            self.refused.emit(error)
            # the views go back to what holds
            self._session.experiment_changed.emit(self._session.experiment)
