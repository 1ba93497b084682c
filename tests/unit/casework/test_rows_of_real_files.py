"""What people really write, and how offices really export it, passes every rule."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from casework.elsewhere import Bounds
from casework.row_facts import RowFacts, row_facts
from ledger.city import City
from ledger.settings import Settings

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"
MESSAGES = [
    ("messages_labelled.csv", {"text": "detail"}),
    ("messages_hot.csv", {"text": "留言详情", "created_at": "留言时间"}),
    ("messages_replies.csv", {"text": "留言详情", "created_at": "留言时间"}),
    ("pingshan_events.csv", {"text": "SUB_TYPE_NAME", "created_at": "CREATE_TIME", "place": "STREET_NAME"}),
]


def measured(name: str, mapping: dict[str, str]) -> Iterator[RowFacts]:
    districts = City.of(Settings()).districts
    bounds = Bounds.of(districts["pingshan"], districts.values())
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            fields = {field: row[column] for field, column in mapping.items()}
            yield row_facts(row, fields, bounds, datetime.now(UTC))


@pytest.mark.shared_data
@pytest.mark.parametrize(("name", "mapping"), MESSAGES)
def test_no_real_row_has_a_fault(name: str, mapping: dict[str, str]) -> None:
    if not DATA.exists():
        pytest.skip(f"{DATA} is not there: the public data is kept beside the project")
    faults = ("garbled", "formula", "control", "markup", "unread_time", "elsewhere", "form")
    found = [facts for facts in measured(name, mapping) if any(getattr(facts, fault) for fault in faults)]
    assert found == []
