from pathlib import Path
from string import Formatter

import pytest

from catalog.marked import LoadError
from catalog.texts import UnknownText, all_texts, read_texts, text

STATES = """received triage awaiting_ack awaiting_contact in_progress in_dispute joint_handling owned paused
awaiting_referral awaiting_recheck awaiting_callback closed awaiting_report_in awaiting_arrival done excused
awaiting_acceptance awaiting_approval dissolved"""
OUTCOMES = "resolved explained unrated withdrawn merged not_accepted referred_out concluded"
CLOCKS = """triage feedback contact first_round completion adjudication callback recheck referral
report_in arrival part joint accept visit plan review approval"""
ACTIONS = "remind urge urge_head supervise own notify_supervisor ask_citizen close_unrated resume"
EVENTS = """request.received policy.pinned case.classified case.triaged case.graded case.assigned task.notified
clock.rung case.extended case.paused case.resumed callback.asked citizen.evaluated citizen.reopened citizen.withdrew
case.closed task.assigned task.reminded task.urged task.supervised task.decided task.reassigned task.withdrawn
task.reopened whistle.called ownership.assigned task.acknowledged task.contacted task.visited task.first_round
task.declined task.delegated task.progress task.extension_requested task.pause_requested task.resumed task.completed
referral.confirmed whistle.requested whistle.reported_in whistle.arrived whistle.part_completed whistle.declined
whistle.joint_result whistle.excused whistle.signed_off ownership.accepted ownership.visited ownership.planned
ownership.reviewed ownership.dissolution_requested ownership.approved ownership.refused"""
NAMED = {
    "state": STATES,
    "outcome": OUTCOMES,
    "clock": CLOCKS,
    "action": ACTIONS,
    "event": EVENTS,
    "grade": "A B C",
    "property": "complaint help question suggestion thanks report",
    "holder": "dispatcher department adjudicator citizen system",
    "disposition": "solved explained helped lawful_handling",
}


class Anything:
    """Stands in for any value a text may be filled with, whatever format it asks for."""

    def __format__(self, spec: str) -> str:
        return "某"


@pytest.mark.parametrize(("section", "names"), NAMED.items(), ids=NAMED)
def test_everything_the_contract_names_has_its_chinese_name(section: str, names: str) -> None:
    for name in names.split():
        assert text(f"{section}.{name}")


@pytest.mark.parametrize("key", all_texts())
def test_every_text_formats(key: str) -> None:
    fields = [field for _, field, _, _ in Formatter().parse(all_texts()[key]) if field is not None]

    assert all(field.isidentifier() for field in fields), "name each value: {place}, not {} or {0} or {case.no}"
    filled = text(key, **dict.fromkeys(fields, Anything()))
    assert filled.strip()
    assert filled.count("某") >= len(fields)


def test_a_text_is_filled_in() -> None:
    assert text("state.received") == "已收"
    assert "路灯故障" in text("routing.by_default", item="路灯故障", unit="城管局", place="示范区")


def test_an_unknown_key_says_where_to_add_it() -> None:
    with pytest.raises(UnknownText, match=r"there is no text “state.lost”: add it to zh_CN.yaml"):
        text("state.lost")


def test_a_value_that_is_not_given_is_named() -> None:
    with pytest.raises(UnknownText, match=r"the text “routing.by_default” needs the value 'item'"):
        text("routing.by_default", unit="城管局")


def test_a_key_written_twice_or_a_value_that_is_no_text_is_told_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "zh_CN.yaml"
    file.write_text("state:\n  received: 已收\n  received: 收到\n  closed: 12\n", encoding="utf-8")

    with pytest.raises(LoadError) as refused:
        read_texts(file)

    assert str(refused.value).splitlines() == [
        f"{file}:3: state.received: written twice, first in line 2: keep one",
        f"{file}:4: state.closed: “12” is not a text: put it in quotes",
    ]
