"""An import that is broken off goes on where it stopped, and no row is received twice."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from deployments import batch as importing
from deployments.batch import Batch
from deployments.office import Office
from ledger.batches import BatchTaken, Import, Settled, Standing
from tests.integration.deployments.planted import COMMAND, MAPPING, planted, write

KINDS = ("garbled", "missing", "formula", "doubled", "elsewhere")
PATIENCE = 120.0  # seconds


class Broken(Exception):
    """The process dies here."""


async def test_what_was_settled_before_a_crash_is_not_read_again(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "PIECE", 20)
    kinds = write(tmp_path / "made.csv", planted(100, 15, KINDS))
    batch = Batch(tmp_path / "made.csv", "demo", "hotline", MAPPING)

    def dies(standing: Standing, about: int | None) -> None:
        if standing.read == 40:
            raise Broken

    with pytest.raises(Broken):
        await batch.receive(office, dies)
    told: list[tuple[int, int | None]] = []
    done = await batch.receive(office, lambda standing, about: told.append((standing.read, about)))
    assert [read for read, _ in told] == [40, 60, 80, 100, 100]
    assert told[-1] == (100, 100)
    assert done.standing.resumed_after == 41  # the header is row 1
    assert (done.standing.accepted, done.standing.repeated, done.standing.quarantined) == (85, 0, 15)
    assert {row.row: row.kinds for row in done.bad_rows} == {row: (kind,) for row, kind in kinds.items()}
    assert len(done.case_nos) < 60
    assert sum((await office.ledger.lists.by_state()).values()) == 85


async def test_a_file_that_another_process_goes_on_with_is_left_to_it(office: Office) -> None:
    what = Import("demo", "hotline", "a.csv", "[]", "digest")
    mine, theirs = [await office.ledger.batches.take_up(what) for _ in range(2)]
    bad = [Settled(2, (), kinds=("missing",), reason="空", content="{}")]
    await office.ledger.batches.settle(theirs, bad)
    with pytest.raises(BatchTaken):
        await office.ledger.batches.settle(mine, bad)
    assert len(await office.ledger.quarantine.of_district("demo")) == 1


def asked(ledger: Path, question: str) -> int:
    with closing(sqlite3.connect(f"file:{ledger}?mode=ro", uri=True)) as looking:
        (answer,) = looking.execute(question).fetchone()
    return int(answer)


def settled(ledger: Path) -> int:
    """How many rows the ledger says are settled; none while there is no ledger yet."""
    try:
        return asked(ledger, "select coalesce(sum(read), 0) from batches")
    except sqlite3.OperationalError:
        return 0


@pytest.mark.slow
def test_killed_in_the_middle_and_run_again(tmp_path: Path) -> None:
    rows, bad, home = 2_000, 100, tmp_path / "home"
    kinds = write(tmp_path / "made.csv", planted(rows, bad, KINDS))
    command = (sys.executable, "-m", "deployments", "import", str(tmp_path / "made.csv"), "--district", "demo")
    whole = (*command, "--channel", "hotline", *COMMAND, "--json")
    environment = {**os.environ, "HUIYIN_HOME": str(home)}
    first = subprocess.Popen(whole, env=environment, stdout=subprocess.DEVNULL)
    until = time.monotonic() + PATIENCE
    while not settled(home / "ledger.db") and first.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    first.send_signal(signal.SIGKILL)
    assert first.wait() == -signal.SIGKILL
    before = settled(home / "ledger.db")
    assert 0 < before < rows

    done = subprocess.run(whole, env=environment, capture_output=True, text=True, check=True)
    document = json.loads(done.stdout)
    assert document["resumed_after"] == before + 1
    counts = {name: document[name] for name in ("read", "accepted", "repeated", "quarantined")}
    assert counts == {"read": rows, "accepted": rows - bad, "repeated": 0, "quarantined": bad}
    assert {each["row"]: each["kinds"] for each in document["bad_rows"]} == {row: [kind] for row, kind in kinds.items()}
    assert asked(home / "ledger.db", "select count(*) from cases") == rows - bad
