"""Whatever case a sentence is of, all of it is said: in the pseudo language no word stands outside ⟦ and ⟧."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from itertools import product

import numpy as np
import pytest

from engine import toy_datasets
from engine.config import SETTINGS, Activation, Initialization, Loss, Optimizer, Output, Schedule, TrainingConfig
from engine.experiment import Experiment, Obstacle
from engine.insight.diagnosis import Complaint, ComplaintKind, UnitState, UnitVerdict
from engine.insight.verdict import Cause, Divergence, GradientState, GradientVerdict
from engine.run.history import Change, Measured
from engine.run.snapshot import RunState
from engine.studies.grid import CellRun, summary_of
from gui.drawing.tools import Tool
from gui.layers.activation_lens import share_in_words, units_in_words
from gui.layers.course_table import departures_sentence, place_in_run
from gui.layers.lane_chain import chain_of
from gui.run.curves import changes_in_words
from gui.run.run_bar import speed_text
from gui.run.status_bar import of_lane
from gui.studies.matrix_window import to_train, would_train
from gui.system.preferences import SPEEDS
from gui.text import lab_wording, language, matrix_text, measures, names, numbers, probabilities, sentences
from gui.text import verdict_wording as verdicts
from gui.text.edits import config_edit, stroke_edit
from gui.text.language import Language, read_entries, say
from tests.gui.diagnoses import make_diagnosis, make_layer
from tests.gui.snapshots import make_lane, make_snapshot
from tests.texts.catalogue import catalogue, pseudo
from tests.texts.marked import marked
from tests.texts.shown import escaped

CONFIG = TrainingConfig()
OTHER = TrainingConfig(
    hidden_layers=(3, 4), activation=Activation.ELU, layer_activations=(Activation.TANH, Activation.STEP),
    leaky_slope=0.5, elu_alpha=2.0, batch_norm=True, skip_connections=True, initialization=Initialization.NORMAL,
    initialization_sigma=0.5, output=Output.SOFTMAX, loss=Loss.MSE, threshold=0.7, optimizer=Optimizer.SGD,
    learning_rate=0.5, schedule=Schedule.STEP, schedule_epochs=3, schedule_factor=0.5, clip_norm=1.0, batch_size=None,
    l1=0.1, l2=0.1, dropout=0.5, validation_fraction=0.5, test_fraction=0.1, patience=4, seed=9,
)  # fmt: skip
NUMBERS = (0.0, 1.0, 3e-9, math.nan, math.inf)


@pytest.fixture(scope="module")
def spoken() -> Language:
    """The pseudo language, made of what is marked now."""
    entries, plural = read_entries(catalogue(marked(), pseudo))
    return Language("pseudo", entries, plural)


@pytest.fixture(autouse=True)
def pseudo_language(spoken: Language) -> Iterator[None]:
    before = language.current()
    language.use(spoken)
    yield
    language.use(before)


def assert_said(texts: Sequence[str]) -> None:
    assert texts
    assert [text for text in texts if escaped(text)] == []


def test_a_text_that_is_not_marked_is_found() -> None:
    with pytest.raises(AssertionError):
        assert_said([say("Gradient norm of each layer"), "of each layer"])


def test_numbers() -> None:
    written = (numbers.scientific, numbers.signed, numbers.measured, numbers.measured_briefly, numbers.loss)
    assert_said([write(value) for write in written for value in NUMBERS])
    assert_said([lab_wording.weight_factor_text(math.nan), *map(speed_text, SPEEDS)])
    assert_said([numbers.duration(seconds) for seconds in (0, 5, 500)])


def test_names() -> None:
    assert_said([names.name_of(member) for kind in names.NAMES for member in kind])
    settings = [(field.name, config) for field in fields(TrainingConfig) for config in (CONFIG, OTHER)]
    assert_said([names.named_setting(name, getattr(config, name)) for name, config in settings])
    assert_said(names.lane_titles([CONFIG, OTHER, OTHER]))
    assert_said(names.lane_titles([CONFIG, CONFIG]))


def test_undo_steps() -> None:
    assert_said([say(stroke_edit(tool, n, "①")) for tool in Tool for n in (1, 2)])
    one_by_one = [replace(CONFIG, **{field.name: getattr(OTHER, field.name)}) for field in fields(TrainingConfig)[:1]]
    assert_said([say(config_edit(CONFIG, config)[0]) for config in (*one_by_one, OTHER)])


def test_states_and_divergences() -> None:
    lanes = [
        make_lane(divergence=Divergence(3, cause, layer, rate), activations=[Activation.RELU])
        for cause, layer, rate in product(Cause, (0, 1), (0.1, math.nan))
    ]
    assert_said([sentences.state_sentence(make_snapshot(state)) for state in RunState])
    assert_said([sentences.state_sentence(make_snapshot(RunState.BLOCKED, obstacle=each)) for each in Obstacle])
    assert_said([sentences.state_sentence(make_snapshot(RunState.DIVERGED, lane)) for lane in lanes])
    several = replace(make_snapshot(RunState.DIVERGED), lanes=(make_lane(), lanes[0]))
    assert_said([sentences.state_sentence(several), say(sentences.NO_ROOM), sentences.outside_note(1)])


def test_what_lies_on_the_plane() -> None:
    dataset = toy_datasets.make("blobs", n_samples=20, n_classes=2, seed=1)
    shares = np.array([0.1, 0.2, 0.3, 0.4])
    assert_said([sentences.place_text(dataset, (0.5, 0.5)).replace("x", "").replace("y", ""), of_lane(1, "①")])
    classes = ["①", "②", "③", "④"]
    assert_said([
        probabilities.class_probabilities(classes, shares, is_distribution=is_distribution).replace("P", "")
        for is_distribution in (True, False)
    ])  # fmt: skip


def test_verdicts() -> None:
    made = [
        GradientVerdict(state, value, layer) for state in GradientState for value in (1.0, 2.0) for layer in (0, 1, 2)
    ]
    assert_said([verdicts.gradient_sentence(verdict, 3) for verdict in made])
    assert_said([verdicts.looked_at(1, 2), verdicts.looked_at(0, 1)])


def test_the_laboratory() -> None:
    factors = ([1.0], [0.0, 1.0, 1.0], [0.5, 0.0], [math.nan] * 2, [math.inf] * 2, [0.5, 0.5], [3.0, 3.0])
    diagnoses = [make_diagnosis(each, slope=0.2, bound=bound) for each in factors for bound in (0.0, 0.25, 1.0)]
    panels = [chain_of(diagnosis, "①") for diagnosis in [None, *diagnoses]]
    assert_said([text for panel in panels for text in (panel.sentence, panel.bound, *(row.tip for row in panel.rows))])
    assert_said([lab_wording.units_sentence(UnitVerdict(state, 0, 3, 4)) for state in UnitState])
    assert_said([lab_wording.layer_of(title, index, 2) for title in ("", "①") for index in (0, 1)])
    layers = [make_layer(1.0, activation=activation) for activation in (Activation.RELU, Activation.SOFTMAX)]
    layers.append(replace(layers[0], is_zero_centred=False))
    assert_said([line for layer in layers for line in units_in_words(layer)])
    assert_said([share_in_words(0.01), share_in_words(0.3)])
    assert_said([measures.measure_title(part, size) for part in measures.Part for size in measures.Size])
    assert_said([measures.measure_rule(size) for size in measures.Size])


@pytest.mark.parametrize("kind", ComplaintKind)
def test_complaints(kind: ComplaintKind) -> None:
    made: list[Complaint | None] = [
        Complaint(kind, holds, value, 0.1, layer, guessing)
        for holds, value, layer, guessing in product((True, False), (0.5, math.nan), (None, 1), (0.9, math.nan))
    ]
    said = [lab_wording.complaint_sentence(title, complaint) for complaint in [None, *made] for title in ("", "①")]
    tables = (lab_wording.COMPLAINTS, lab_wording.SHOW_TIPS, lab_wording.RULE_TIPS)
    assert_said([*said, lab_wording.complaint_rule(kind, 0.1), *(say(table[kind]) for table in tables)])
    assert_said([say(table[cure]) for table in (lab_wording.CURES, lab_wording.CURE_TIPS) for cure in table])


def test_the_matrix() -> None:
    dataset = toy_datasets.make("blobs", n_samples=20, n_classes=2, seed=1)
    runs = [
        CellRun(CONFIG.activation, CONFIG.initialization, seed, 1e-9, 0.5, 0.5 + 0.1 * seed, 1.0, seed == 1, 9)
        for seed in range(3)
    ]
    cell = runs[0].activation, runs[0].initialization
    summaries = [None, summary_of(runs[:1]), summary_of(runs)]
    assert_said([matrix_text.cell_sentence(cell, summary, 0.5) for summary in summaries])
    assert_said([line for summary in summaries for line in matrix_text.cell_lines(summary, 0.5)])
    experiments = [Experiment(dataset, lanes) for lanes in ((CONFIG,), (OTHER,), (CONFIG, OTHER))]
    assert_said([words(experiment) for words in (to_train, would_train) for experiment in experiments])
    assert_said([matrix_text.legend(0.5), matrix_text.failure_sentence(None)])


def test_curves_and_the_table_of_the_course() -> None:
    change = Change(1.0, tuple(Measured), (0.0,) * 5)
    assert_said([changes_in_words([change]), *map(place_in_run, (0, 100, 10**6))])
    assert_said([departures_sentence(("data", "seed")), departures_sentence(tuple(SETTINGS))])
