"""Importance × urgency."""

import pytest

from catalog.grades import Weight, grade_of


@pytest.mark.parametrize(
    ("importance", "urgency", "grade"),
    [(3, 3, "A"), (3, 2, "B"), (2, 3, "B"), (2, 2, "C"), (3, 1, "C"), (1, 3, "C"), (1, 1, "C")],
)
def test_only_what_is_grave_and_pressing_is_a_and_b_needs_one_of_both(
    importance: Weight, urgency: Weight, grade: str
) -> None:
    assert grade_of(importance, urgency) == grade
