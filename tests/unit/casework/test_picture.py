"""The picture in the docs is the table."""

from pathlib import Path

import pytest

from casework.life_cycle import LIFE_CYCLE, OWNERSHIP_LIFE, PART_LIFE
from casework.picture import Table, diagram, page

DOCS = Path(__file__).parents[3] / "docs"


def test_the_page_in_the_docs_is_drawn_from_the_table() -> None:
    assert (DOCS / "life-cycle.md").read_text(encoding="utf-8") == page(), "run: make life-cycle"


@pytest.mark.parametrize(
    ("rows", "begins", "ends"),
    [
        (LIFE_CYCLE, "received", ["closed"]),
        (PART_LIFE, "awaiting_report_in", ["done"]),
        (OWNERSHIP_LIFE, "awaiting_acceptance", ["dissolved"]),
    ],
    ids=["request", "part", "ownership"],
)
def test_each_drawing_shows_its_own_states_and_every_one_of_them(rows: Table, begins: str, ends: list[str]) -> None:
    lines = diagram(rows).splitlines()
    assert f"    [*] --> {begins}" in lines
    assert [line.split()[0] for line in lines if line.endswith("--> [*]")] == ends
    named = {line.split()[0] for line in lines if " : " in line and "-->" not in line}
    assert named == {str(state) for row in rows for state in (row.state, row.next)}
