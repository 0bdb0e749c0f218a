from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.run.plot_notes import dodged


@given(st.lists(st.floats(0, 100), max_size=8))
def test_no_name_lies_over_another_and_all_lie_inside(places: list[float]) -> None:
    made = dodged(places, 12.0, 0.0, 100.0)
    order = sorted(range(len(places)), key=places.__getitem__)
    assert all(made[b] - made[a] >= 12.0 - 1e-9 for a, b in pairwise(order))
    assert all(6.0 - 1e-9 <= place <= 94.0 + 1e-9 for place in made)


def test_names_that_have_room_stay_where_they_are_wanted() -> None:
    assert dodged([80.0, 20.0, 50.0], 12.0, 0.0, 100.0) == [80.0, 20.0, 50.0]


def test_where_there_is_too_little_room_names_share_it() -> None:
    assert dodged([5.0, 5.0, 5.0], 12.0, 0.0, 24.0) == pytest.approx([4.0, 12.0, 20.0])
