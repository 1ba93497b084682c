"""How urgent an item is: what is at stake, by how soon harm comes (重要性 × 紧急性)."""

from typing import Literal

from catalog.policy import Grade

Weight = Literal[1, 2, 3]
"""Importance: 3 life, property or safety, 2 basic living, rights or public order, 1 convenience.
Urgency: 3 harm within hours, 2 within days, 1 it can wait.
"""

A_FROM, B_FROM = 9, 6
"""Products of the two: only 3 × 3 is A, and B needs a 3 beside at least a 2."""


def grade_of(importance: Weight, urgency: Weight) -> Grade:
    product = importance * urgency
    if product >= A_FROM:
        return Grade.A
    return Grade.B if product >= B_FROM else Grade.C
