"""prefect.yaml says what is planned, and the one in the repository is of today's districts."""

from pathlib import Path

import yaml
from prefect.cli.deploy._models import PrefectYamlModel

from deployments.plan import plan
from deployments.prefect_yaml import PREFECT_YAML, render, stale
from ledger.city import City
from ledger.settings import Settings

PLANS = plan(City.of(Settings()).districts.values())


def test_the_file_in_the_repository_is_of_todays_districts() -> None:
    assert not stale(PLANS), "run make prefect-yaml"
    assert PREFECT_YAML.name == "prefect.yaml"


def test_a_changed_district_makes_it_stale(tmp_path: Path) -> None:
    (tmp_path / "prefect.yaml").write_text(render(PLANS[1:]), encoding="utf-8")
    assert stale(PLANS, tmp_path / "prefect.yaml")
    assert stale(PLANS, tmp_path / "missing.yaml")


def test_prefect_reads_it_as_it_is_meant() -> None:
    document = yaml.safe_load(render(PLANS))
    read = PrefectYamlModel.model_validate(document)
    assert [each.name for each in read.deployments] == [planned.name for planned in PLANS]
    assert all(each.pull == [] for each in read.deployments)
    assert [each["parameters"] for each in document["deployments"]] == [dict(planned.parameters) for planned in PLANS]
