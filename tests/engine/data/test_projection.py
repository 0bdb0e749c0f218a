"""The plane of the principal components, against scikit-learn's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler

from engine.data.projection import Projection, ProjectionError, plane_for, principal_plane


def cloud(n_samples: int, n_features: int, seed: int) -> np.ndarray:
    generator = np.random.default_rng(seed)
    mixing = generator.normal(size=(n_features, n_features)) * np.geomspace(1, 50, n_features)
    return (generator.normal(size=(n_samples, n_features)) @ mixing + 7).astype(np.float32)


@given(st.integers(3, 12), st.integers(0, 99))
def test_the_plane_is_that_of_the_first_two_principal_components(n_features: int, seed: int) -> None:
    points = cloud(80, n_features, seed)
    plane = principal_plane(points)
    standardised = StandardScaler().fit_transform(points.astype(np.float64))
    pca = PCA(n_components=2, svd_solver="full").fit(standardised)
    np.testing.assert_allclose(plane.explained, pca.explained_variance_ratio_, rtol=1e-6, atol=1e-9)
    wanted = pca.transform(standardised)
    signs = np.sign((wanted * plane.to_plane(points)).sum(axis=0))
    np.testing.assert_allclose(plane.to_plane(points), wanted * signs, atol=2e-3)


@given(st.integers(2, 9), st.integers(0, 99))
def test_a_place_of_the_plane_is_where_its_features_are_seen(n_features: int, seed: int) -> None:
    plane = principal_plane(cloud(40, n_features, seed))
    places = np.random.default_rng(seed).normal(size=(20, 2))
    np.testing.assert_allclose(plane.to_plane(plane.to_features(places)), places, atol=1e-4)


def test_a_feature_that_never_changes_and_a_plane_without_points_do_no_harm() -> None:
    points = cloud(30, 4, 1)
    points[:, 2] = 5.0
    plane = principal_plane(points)
    assert np.isfinite(plane.to_plane(points)).all()
    assert plane.axes[2].tolist() == [0.0, 0.0]
    assert principal_plane(points[:0]).to_plane(points).shape == (30, 2)


@pytest.mark.parametrize(
    ("mean", "scale", "axes", "message"),
    [
        ([0, 0], [1, 1], [[1, 0], [0, np.nan]], "not finite"),
        ([0, 0], [1, 0], np.eye(2), "larger than 0"),
        ([0, 0], [1, 1], np.ones((2, 2)), "right angles"),
        ([0, 0, 0], [1, 1], np.eye(2), "one number for each feature"),
        ("a", [1, 1], np.eye(2), "no list of numbers"),
    ],
)
def test_what_is_no_plane_is_refused(mean: object, scale: object, axes: object, message: str) -> None:
    with pytest.raises(ProjectionError, match=message):
        Projection(mean, scale, axes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("scale", "offset", "is_fine"),
    [
        ((1, 1), (0, 0), True),
        ((10, 2), (3, -3), True),
        ((0.05, 0.05), (0, 0), False),
        ((40, 40), (0, 0), False),
        ((1, 1), (500, 0), False),
        ((0.5, 9), (0, 0), False),
        ((40, 50_000), (30, 100_000), False),
    ],
)
def test_two_features_are_standardised_only_where_they_would_not_be_seen(
    scale: tuple[float, float], offset: tuple[float, float], is_fine: bool
) -> None:
    points = (np.random.default_rng(1).uniform(0, 1, (60, 2)) * scale + offset).astype(np.float32)
    plane = plane_for(points)
    assert (plane is None) == is_fine
    if plane is not None:
        np.testing.assert_allclose(
            plane.to_plane(points), StandardScaler().fit_transform(points.astype(float)), atol=1e-2
        )


def test_points_that_have_no_width_are_their_own_places() -> None:
    assert plane_for(np.array([[500.0, 1.0], [500.0, 2.0]], dtype=np.float32)) is None
    assert plane_for(np.array([[5e5, 1.0]], dtype=np.float32)) is None
    assert plane_for(cloud(10, 3, 1)) == principal_plane(cloud(10, 3, 1))
