"""The engine's last line of a run: an error only where it is one."""

import logging

import pytest
from prefect.client.schemas.objects import State
from prefect.states import Cancelled, Crashed, Failed, Paused, Scheduled

from tasks.engine_logs import FLOW_RUNS, EngineFilter, quieten_engine


@pytest.fixture(autouse=True)
def as_in_the_worker(caplog: pytest.LogCaptureFixture) -> None:
    """Prefect's logging is at INFO there."""
    caplog.set_level(logging.INFO, logger=FLOW_RUNS)


def named(state: State[object], name: str) -> State[object]:
    return state.model_copy(update={"name": name})


def last_line(state: State[object]) -> logging.LogRecord:
    """As `prefect.flow_engine` writes it."""
    return logging.LogRecord(FLOW_RUNS, logging.ERROR, __file__, 1, f"Finished in state {state}", None, None)


@pytest.mark.parametrize(
    "state",
    [
        named(Paused(reschedule=True), "待签收 10:30前"),
        named(Paused(reschedule=True, message="等待 城管局(一队)"), "待报到 11:00前"),
        Paused(reschedule=True),
        Scheduled(),
        named(Scheduled(), "待续办"),
    ],
)
def test_a_park_is_said_at_info(state: State[object]) -> None:
    record = last_line(state)
    assert EngineFilter().filter(record)
    assert (record.levelno, record.levelname) == (logging.INFO, "INFO")


@pytest.mark.parametrize("state", [Failed(message="type=PAUSED)"), Crashed(), Cancelled(), named(Failed(), "Paused")])
def test_every_other_end_stays_an_error(state: State[object]) -> None:
    record = last_line(state)
    assert EngineFilter().filter(record)
    assert record.levelno == logging.ERROR


def test_other_errors_stay_errors() -> None:
    record = logging.LogRecord(FLOW_RUNS, logging.ERROR, __file__, 1, "state 待签收(type=PAUSED) refused", None, None)
    assert EngineFilter().filter(record)
    assert record.levelno == logging.ERROR


def test_a_park_is_not_said_at_all_where_info_is_not(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, logger=FLOW_RUNS)
    assert not EngineFilter().filter(last_line(named(Paused(reschedule=True), "待签收")))


def test_that_nothing_was_stored_is_no_news() -> None:
    said = "Failed to write result: [Errno 20] Not a directory: '/dev/null/huiyin' Execution will continue, but the"
    for message, told in ((f"{said} result has not been written", False), ("Failed to write the report", True)):
        assert EngineFilter().filter(logging.LogRecord(FLOW_RUNS, logging.WARNING, "", 1, message, None, None)) is told


def test_it_is_put_on_the_logger_once() -> None:
    quieten_engine()
    quieten_engine()
    assert [type(known) for known in logging.getLogger(FLOW_RUNS).filters].count(EngineFilter) == 1
