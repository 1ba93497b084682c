"""What is planned for Prefect."""

from catalog.policy import Policy
from deployments.plan import plan
from ledger.city import City
from ledger.settings import Settings

CITY = City.of(Settings())
PLANS = {planned.full_name: planned for planned in plan(CITY.districts.values())}


def test_each_district_has_a_deployment_that_holds_its_policy_and_no_case() -> None:
    for code, district in CITY.districts.items():
        planned = PLANS[f"request/{code}"]
        assert set(planned.parameters) == {"policy"}
        assert Policy.model_validate(planned.parameters["policy"]) == district.policy
        assert planned.tags == (f"district:{code}", "政策")
        assert district.name in planned.description


def test_reconcile_runs_each_minute_and_nightly_in_full_behind_everything_else() -> None:
    planned = PLANS["reconcile/huiyin"]
    assert planned.queue == "system"
    assert [(each.slug, each.cron, each.parameters) for each in planned.schedules] == [
        ("each-minute", "* * * * *", {}),
        ("nightly", "20 3 * * *", {"full": True}),
    ]


def test_the_ledger_is_checked_each_night_and_on_sundays_whole() -> None:
    planned = PLANS["data-quality/huiyin"]
    assert planned.queue == "system"
    assert [(each.slug, each.cron, each.parameters) for each in planned.schedules] == [
        ("nightly", "50 3 * * 1-6", {}),
        ("weekly", "50 3 * * 0", {"everything": True}),
    ]
