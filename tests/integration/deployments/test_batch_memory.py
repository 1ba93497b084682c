"""However long a file is, it takes no more memory to read and to judge it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.integration.deployments.planted import FAULTS, planted, write

JUDGING = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from casework.elsewhere import Bounds
from deployments.batch import chunks
from deployments.batch_columns import Columns
from deployments.batch_file import open_batch_file
from deployments.batch_judging import Judging
from deployments.batch_twins import Twins
from ledger.city import City
from ledger.settings import Settings
from tests.integration.deployments.planted import MAPPING

city, read, bad = City.of(Settings()), 0, 0
demo = city.district("demo")
with open_batch_file(Path(sys.argv[1])) as file, Twins() as twins:
    columns, bounds = Columns.of(file.header, MAPPING), Bounds.of(demo, city.districts.values())
    judging = Judging(demo, "hotline", city.catalogue, file.header, columns, bounds)
    for chunk in chunks(judging.candidates(file.rows, twins)):
        read += len(chunk)
        if sys.argv[2] == "judge":
            bad += sum(row.request is None for row in judging.settled(chunk, datetime.now(UTC)))
print(read, bad, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
ROOT = Path(__file__).parents[3]
SHORT = tuple(kind for kind in FAULTS if kind != "too_long")
GROWTH_KB = 32 * 1024


def measured(path: Path, what: str) -> tuple[int, int, int]:
    """How many rows there are, how many are bad, and the process's peak in KiB."""
    command = [sys.executable, "-c", JUDGING, str(path), what]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    read, bad, peak = said.split()
    return int(read), int(bad), int(peak)


@pytest.mark.slow
@pytest.mark.parametrize(("what", "few", "many"), [("read", 10_000, 100_000), ("judge", 6_000, 18_000)])
def test_many_more_rows_take_no_more_memory(tmp_path: Path, what: str, few: int, many: int) -> None:
    peaks = []
    for rows in (few, many):
        write(tmp_path / "made.csv", planted(rows, rows // 20, SHORT))
        read, bad, peak = measured(tmp_path / "made.csv", what)
        assert (read, bad) == (rows, rows // 20 if what == "judge" else 0)
        peaks.append(peak)
    assert peaks[1] - peaks[0] < GROWTH_KB
