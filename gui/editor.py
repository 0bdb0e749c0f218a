"""Turns what the views ask for into named, undoable edits of the session."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from engine import toy_datasets
from engine.config import MAX_SEED, TrainingConfig
from engine.dataset import Dataset
from engine.errors import InputError
from engine.experiment import Experiment
from gui.sample import Sample
from gui.session import Session
from gui.wording import TOY_DATASETS, config_edit, points_edit

REMEMBERED_SAMPLES = 50


class Editor(QObject):
    """The edits.

    Signals:
        refused(str): an edit could not be made; a sentence that says why. Nothing has changed then.
        noticed(str): an edit took away more than one may have meant to.
    """

    refused = Signal(str)
    noticed = Signal(str)

    def __init__(self, session: Session, sample: Sample | None, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._samples = [] if sample is None else [(session.experiment.dataset, sample)]

    def sample_of(self, dataset: Dataset) -> Sample | None:
        """The sample a dataset is, as it was made; None if it was drawn on."""
        return next((sample for made, sample in self._samples if made is dataset), None)

    @Slot(Dataset, int, bool)
    def commit_stroke(self, dataset: Dataset, changed: int, erased: bool) -> None:
        """Make a finished stroke one undo step."""
        if not changed:
            self._session.cancel_draft()
            return
        self._session.draft(dataset)
        label = int(dataset.labels[-1]) if len(dataset) else 0
        self._session.commit_draft(points_edit(changed, None if erased else dataset.class_names[label]))

    @Slot(TrainingConfig)
    def use_config(self, config: TrainingConfig) -> None:
        """Other settings for the first lane."""
        before = self._session.experiment.lanes[0]
        text, key = config_edit(before, config)
        self._try(lambda experiment: experiment.with_lane(0, config), text, key)

    def new_seed(self) -> None:
        """Another seed, so other first weights."""
        config = self._session.experiment.lanes[0]
        self.use_config(replace(config, seed=random.randint(0, min(MAX_SEED, 9999))))

    @Slot(Sample)
    def use_sample(self, sample: Sample) -> None:
        """Replace all points by a toy dataset."""

        def make(experiment: Experiment) -> Experiment:
            dataset = toy_datasets.make(
                sample.kind,
                n_samples=sample.n_samples,
                n_classes=sample.n_classes,
                noise=sample.noise,
                seed=sample.seed,
            )
            self._samples = [*self._samples[-REMEMBERED_SAMPLES:], (dataset, sample)]
            return experiment.with_dataset(dataset)

        self._try(make, f"New Sample ({TOY_DATASETS[sample.kind]})")

    def clear(self) -> None:
        """Remove all points."""
        self._edit_dataset(Dataset.cleared, "Clear All Points")

    def add_class(self) -> None:
        """One more class."""
        self._edit_dataset(Dataset.with_class, "Add Class")

    @Slot(int)
    def remove_class(self, label: int) -> None:
        """One class less."""
        dataset = self._session.experiment.dataset
        name, count = dataset.class_names[label], int(dataset.class_counts()[label])
        self._edit_dataset(lambda dataset: dataset.without_class(label), f"Remove Class {name}")
        if count and self._session.experiment.dataset is not dataset:
            self.noticed.emit(f"{name} and its {count:,} points are removed; Ctrl+Z brings them back.")

    @Slot(int, str)
    def rename_class(self, label: int, name: str) -> None:
        """Another name for a class."""
        self._edit_dataset(lambda dataset: dataset.renamed(label, name), f"Rename Class to {name.strip()}")

    def _edit_dataset(self, change: Callable[[Dataset], Dataset], text: str) -> None:
        self._try(lambda experiment: experiment.with_dataset(change(experiment.dataset)), text)

    def _try(self, change: Callable[[Experiment], Experiment], text: str, key: str = "") -> None:
        self._session.finish_draft()
        try:
            self._session.edit(change(self._session.experiment), text, key)
        except InputError as error:
            self.refused.emit(str(error))
            # the views go back to what holds
            self._session.experiment_changed.emit(self._session.experiment)
