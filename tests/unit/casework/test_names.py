"""Whatever the core can name has its Chinese text."""

from enum import StrEnum

import pytest

from casework.clocks import ClockKind
from casework.effects import LEVELS
from casework.events import Kind
from casework.messages import MESSAGES
from casework.owing import ABOUT_WORK
from casework.states import Outcome, State
from catalog.policy import Action, Grade
from catalog.texts import all_texts

NAMED: list[tuple[str, type[StrEnum]]] = [
    ("event", Kind),
    ("state", State),
    ("outcome", Outcome),
    ("action", Action),
    ("clock", ClockKind),
    ("grade", Grade),
]


@pytest.mark.parametrize("key", [f"{section}.{value}" for section, values in NAMED for value in values])
def test_every_name_has_its_text(key: str) -> None:
    assert all_texts()[key].strip()


@pytest.mark.parametrize(
    "type_", sorted({kind for kind, _ in LEVELS.values()} | ABOUT_WORK | {str(kind) for kind in MESSAGES})
)
def test_every_message_between_city_and_units_has_its_name(type_: str) -> None:
    assert all_texts()[f"event.{type_}"].strip()


@pytest.mark.parametrize(("section", "values"), NAMED, ids=[section for section, _ in NAMED])
def test_no_two_names_are_the_same(section: str, values: type[StrEnum]) -> None:
    if section == "event":  # two events may read alike: a dispatcher's resumption and a unit's
        return
    texts = [all_texts()[f"{section}.{value}"] for value in values]
    assert len(set(texts)) == len(texts)
