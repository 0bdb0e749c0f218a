from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter

from engine.data.shares import Shares
from engine.dataset import Dataset, empty_dataset, is_extension
from gui.canvas.point_layer import PointLayer
from gui.drawing.plane import Plane
from gui.paint.scene import PlaneScene
from gui.paint.theme import CLASS_COLOURS, DARK, LIGHT
from tests.gui.pictures import of_colour, pixels

pytestmark = pytest.mark.usefixtures("qapp")
SIZE = QSize(200, 160)


@pytest.fixture(autouse=True, params=["few", "many"])
def how_many(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Everything holds for points that are painted one by one, and for those that are composed."""
    if request.param == "many":
        monkeypatch.setattr("gui.canvas.point_layer.FEW", 0)
    return str(request.param)


PLANE = Plane(x=40, y=10, width=150, height=130, scale=60.0)


def picture(layer: PointLayer, plane: Plane = PLANE, ratio: float = 1.0) -> NDArray[np.uint32]:
    return pixels(layer.pixmap(plane, LIGHT, SIZE, ratio))


def random_dataset(count: int, seed: int = 1) -> Dataset:
    generator = np.random.default_rng(seed)
    return empty_dataset(3).with_points(generator.uniform(-1, 1, (count, 2)), generator.integers(0, 3, count))


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_a_point_is_drawn_where_it_is_within_a_pixel_of_the_screen(ratio: float) -> None:
    for place in ([0.0, 0.0], [0.513, -0.287], [-0.9, 0.8]):
        layer = PointLayer()
        dataset = empty_dataset().with_points([place], 0)
        layer.show(dataset, Shares(0.0))
        rows, columns = np.nonzero(picture(layer, ratio=ratio) >> 24)
        x, y = PLANE.to_pixels(dataset.points)[0]
        assert (columns.min() + columns.max() + 1) / 2 == pytest.approx(x * ratio, abs=1.01)
        assert (rows.min() + rows.max() + 1) / 2 == pytest.approx(y * ratio, abs=1.01)


def test_each_class_has_its_colour() -> None:
    layer = PointLayer()
    layer.show(empty_dataset(3).with_points([[-0.5, 0.0], [0.0, 0.0], [0.5, 0.0]], [0, 1, 2]), Shares(0.0))
    painted = picture(layer)
    columns = [np.nonzero(of_colour(painted, name))[1].mean() for name in CLASS_COLOURS[:3]]
    np.testing.assert_allclose(columns, [85, 115, 145], atol=1.5)


def test_a_class_keeps_its_marker_when_one_before_it_is_removed() -> None:
    dataset = empty_dataset(3).with_points([[-0.5, 0.0], [0.0, 0.0], [0.5, 0.0]], [0, 1, 2])
    layer = PointLayer()
    layer.show(dataset, Shares(0.0))
    before = picture(layer)
    layer.show(dataset.without_class(0), Shares(0.0))
    np.testing.assert_array_equal(picture(layer)[:, 100:], before[:, 100:])
    assert not picture(layer)[:, :100].any()


def test_points_for_validation_are_hollow() -> None:
    dataset = empty_dataset().with_points([[x / 10, 0] for x in range(-8, 9, 4)], 0)
    layer = PointLayer()
    layer.show(dataset, Shares(0.5))
    painted = picture(layer)
    for (x, y), is_validation in zip(
        PLANE.to_pixels(dataset.points).tolist(), dataset.validation_mask(0.5), strict=True
    ):
        middle = painted[round(y - 0.5), round(x - 0.5)]
        assert bool(of_colour(np.array(middle), LIGHT.surface)) is bool(is_validation)


def test_nothing_is_painted_for_no_points() -> None:
    layer = PointLayer()
    layer.show(empty_dataset(), Shares(0.2))
    painted = picture(layer)
    assert painted.shape == (160, 200)
    assert not painted.any()


def test_points_that_are_added_look_as_if_they_had_always_been_there() -> None:
    dataset = random_dataset(40)
    growing, whole = PointLayer(), PointLayer()
    for count in (0, 1, 15, 39, 40):
        keep = np.arange(40) >= count
        growing.show(dataset.without(keep), Shares(0.3))
        step = picture(growing)
    whole.show(dataset, Shares(0.3))
    # the order of overlapping points may differ; where something is painted may not
    assert ((step >> 24 > 0) == (picture(whole) >> 24 > 0)).all()


def test_a_stroke_paints_only_its_new_points(monkeypatch: pytest.MonkeyPatch) -> None:
    painted: list[int] = []
    original = PointLayer._paint

    def counting(self: PointLayer, dataset: Dataset, first: int, *rest: object) -> None:
        painted.append(len(dataset) - first)
        original(self, dataset, first, *rest)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(PointLayer, "_paint", counting)
    layer = PointLayer()
    dataset = random_dataset(30)
    layer.show(dataset, Shares(0.2))
    picture(layer)
    picture(layer)  # nothing new
    layer.show(dataset.with_points([[0.0, 0.0], [0.1, 0.0]], 1), Shares(0.2))
    picture(layer)
    assert painted == [30, 2]


@pytest.mark.parametrize("change", ["erased", "moved", "relabelled", "fraction", "plane", "ratio"])
def test_any_other_change_paints_everything_anew(change: str) -> None:
    dataset = random_dataset(20)
    old = PointLayer()
    old.show(dataset, Shares(0.3))
    picture(old)
    plane, fraction, ratio = PLANE, 0.3, 1.0
    if change == "erased":
        dataset = dataset.without(np.arange(20) == 4)
    elif change == "moved":
        dataset = Dataset(dataset.points[::-1].copy(), dataset.labels, dataset.class_names)
    elif change == "relabelled":
        dataset = Dataset(dataset.points, (dataset.labels + 1) % 3, dataset.class_names)
    elif change == "fraction":
        fraction = 0.0
    elif change == "plane":
        plane = PLANE.panned(10, 5)
    else:
        ratio = 2.0
    fresh = PointLayer()
    for layer in (old, fresh):
        layer.show(dataset, Shares(fraction))
    np.testing.assert_array_equal(picture(old, plane, ratio), picture(fresh, plane, ratio))


def test_another_theme_paints_anew() -> None:
    layer = PointLayer()
    layer.show(random_dataset(5), Shares(0.5))
    light = picture(layer)
    assert (pixels(layer.pixmap(PLANE, DARK, SIZE, 1.0)) != light).any()


def test_points_far_beyond_the_edge_are_not_painted_and_harm_nothing() -> None:
    layer = PointLayer()
    layer.show(empty_dataset().with_points([[3e38, -3e38], [1e30, 0.0]], 0), Shares(0.0))
    assert not picture(layer).any()


def test_a_point_half_over_the_edge_is_drawn() -> None:
    layer = PointLayer()
    edge = list(PLANE.to_data(40 - 2, 75))
    layer.show(empty_dataset().with_points([edge], 0), Shares(0.0))
    assert picture(layer).any()


def test_a_dataset_extends_another_only_if_all_its_points_come_first() -> None:
    dataset = random_dataset(10)
    assert is_extension(dataset, dataset)
    assert is_extension(dataset.with_points([[0, 0]], 0), dataset)
    assert is_extension(dataset, empty_dataset(3))
    assert not is_extension(dataset.without(np.arange(10) == 0), dataset)
    assert not is_extension(dataset.without(np.arange(10) == 0).with_points([[0, 0], [1, 1]], 0), dataset)
    relabelled = Dataset(dataset.points, (dataset.labels + 1) % 3, dataset.class_names)
    assert not is_extension(relabelled, dataset)


def covered(layer: PointLayer, count: int) -> float:
    """The share of the plane that so many points spread evenly over it cover."""
    generator = np.random.default_rng(1)
    layer.show(
        empty_dataset(3).with_points(generator.uniform(-1, 1, (count, 2)), generator.integers(0, 3, count)), Shares(0.2)
    )
    return float((picture(layer) >> 24 > 127)[10:140, 40:190].mean())


def test_the_more_points_there_are_the_smaller_are_their_markers() -> None:
    layer = PointLayer()
    alone, few, many = (covered(layer, count) / count for count in (1, 20, 400))
    assert alone == pytest.approx(few, rel=0.35)
    assert many < few / 2
    assert covered(layer, 400) > 0.2


def test_what_was_large_is_painted_anew_when_there_are_many() -> None:
    growing, whole, dataset = PointLayer(), PointLayer(), random_dataset(400)
    for count in (5, 60, 200, 400):
        growing.show(dataset.without(np.arange(400) >= count), Shares(0.3))
        step = picture(growing)
    whole.show(dataset, Shares(0.3))
    assert ((step >> 24 > 0) == (picture(whole) >> 24 > 0)).all()


def test_points_follow_the_size_of_the_letters() -> None:
    layer = PointLayer()
    layer.show(empty_dataset().with_points([[0.0, 0.0]], 0), Shares(0.0))
    widths = [
        int((pixels(layer.pixmap(PLANE, LIGHT, SIZE, 1.0, scale)) >> 24 > 127).any(axis=0).sum()) for scale in (1, 2)
    ]
    assert widths[1] == pytest.approx(2 * widths[0], abs=2)


@pytest.mark.parametrize(("count", "chosen"), [(3, False), (4000, False), (4000, True)])
def test_the_field_is_seen_through_many_points_unless_some_are_selected(count: int, chosen: bool) -> None:
    scene = PlaneScene(
        plane=PLANE,
        size=SIZE,
        ratio=1.0,
        chrome=LIGHT,
        font=QGuiApplication.font(),
        dataset=empty_dataset().with_points(np.zeros((count, 2)), 0),
        shares=Shares(),
        selected=np.arange(count) < chosen,
    )
    seen = []
    for ground in ("#FFFFFF", "#000000"):
        image = QImage(SIZE, QImage.Format.Format_RGB32)
        image.fill(ground)
        with QPainter(image) as painter:
            PointLayer().paint(painter, scene)
        seen.append(QColor(image.pixel(115, 75)).red())
    assert (seen[0] > seen[1] + 60) is (count > 3 and not chosen)


# many points


@pytest.fixture
def composed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gui.canvas.point_layer.FEW", 0)


def steps_of_a_stroke(dataset: Dataset) -> dict[str, Dataset]:
    near = np.hypot(*(dataset.places - [0.3, 0.2]).T) < 0.15
    return {
        "erased": dataset.without(near),
        "moved": dataset.moved(near, (0.05, 0.02)),
        "relabelled": dataset.relabelled(near, 2),
        "stamped": dataset.with_points([[0.3, 0.2], [0.31, 0.2]], 1),
    }


@pytest.mark.usefixtures("composed")
@pytest.mark.parametrize("ratio", [1.0, 2.0])
@pytest.mark.parametrize("step", ["erased", "moved", "relabelled", "stamped"])
def test_of_many_points_only_what_a_stroke_changed_is_painted(step: str, ratio: float) -> None:
    dataset = random_dataset(3000)
    layer, fresh = PointLayer(), PointLayer()
    layer.show(dataset, Shares(0.3))
    picture(layer, ratio=ratio)
    assert layer.painted == (200 * ratio, 160 * ratio)
    after = steps_of_a_stroke(dataset)[step]
    for points in (after, dataset, after):  # there, undone, and done again
        layer.show(points, Shares(0.3))
        now = picture(layer, ratio=ratio)
        assert 0 < max(layer.painted) < 90 * ratio
    fresh.show(after, Shares(0.3))

    if step == "stamped":  # painted over what was there, where rims between rims were left out
        assert (now != picture(fresh, ratio=ratio)).mean() < 0.002
    else:
        np.testing.assert_array_equal(now, picture(fresh, ratio=ratio))
    assert layer.n_outside == fresh.n_outside


@pytest.mark.usefixtures("composed")
def test_of_many_points_a_selection_paints_what_is_selected() -> None:
    dataset = random_dataset(2000)
    layer, fresh = PointLayer(), PointLayer()
    layer.show(dataset, Shares(0.3))
    plain = picture(layer)
    mask = np.hypot(*(dataset.places - [-0.4, -0.3]).T) < 0.1
    layer.show(dataset, Shares(0.3), mask)
    fresh.show(dataset, Shares(0.3), mask)

    np.testing.assert_array_equal(picture(layer), picture(fresh))
    assert max(layer.painted) < 80
    assert (picture(layer) != plain).any()
    layer.show(dataset, Shares(0.3))
    np.testing.assert_array_equal(picture(layer), plain)


@pytest.mark.usefixtures("composed")
def test_a_stroke_that_adds_to_many_points_goes_on_where_the_last_one_ended() -> None:
    growing, whole, dataset = PointLayer(), PointLayer(), random_dataset(500)
    for count in (100, 101, 300, 500):
        growing.show(dataset.without(np.arange(500) >= count), Shares(0.3))
        step = picture(growing)
    whole.show(dataset, Shares(0.3))

    np.testing.assert_array_equal(step >> 24 > 0, picture(whole) >> 24 > 0)


def test_few_and_many_look_alike_whatever_is_selected(monkeypatch: pytest.MonkeyPatch) -> None:
    dataset, pictures = random_dataset(60), []
    for few in (1000, 0):
        monkeypatch.setattr("gui.canvas.point_layer.FEW", few)
        layer = PointLayer()
        layer.show(dataset, Shares(0.4), np.arange(60) % 3 == 0)
        pictures.append(picture(layer, ratio=2.0))
    channels = [image.view(np.uint8).astype(int) for image in pictures]

    assert (np.abs(channels[0] - channels[1]) > 8).mean() < 0.01


def test_no_call_for_each_of_many_points(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []
    monkeypatch.setattr("gui.canvas.point_layer.FEW", 100)
    monkeypatch.setattr(PointLayer, "_paint_each", lambda _layer, markers, *_: drawn.append(len(markers.kinds)))
    for count in (50, 100, 101, 5000):
        layer = PointLayer()
        layer.show(random_dataset(count), Shares(0.2))
        picture(layer)

    assert drawn == [50, 100]
