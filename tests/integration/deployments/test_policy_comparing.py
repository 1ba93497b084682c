"""`huiyin policy diff`: file, form and ledger, and what open cases live under."""

from typing import Any

import pytest

from casework.events import Kind
from catalog.policy import Policy
from deployments.office import Office
from deployments.policy_comparing import Form, compared
from ledger.city import City
from ledger.ledger import Ledger
from ledger.policies import version_of
from ledger.seeding import seed_policies
from ledger.settings import Settings
from tests.integration.ledger.made import Made

CITY = City.of(Settings())
FILE = CITY.district("pingshan").policy
MINE = FILE.model_copy(update={"reopen_days": 3})


@pytest.fixture
async def office(ledger: Ledger) -> Office:
    await seed_policies(ledger, CITY)
    return Office(Settings(), CITY, ledger)


def body(policy: Policy, **change: Any) -> dict[str, Any]:
    return {**policy.model_dump(mode="json"), **change}


async def test_three_that_agree(office: Office) -> None:
    document = await compared(office, "pingshan", Form(body(FILE)))
    version = version_of("pingshan", FILE)
    assert (document["file"]["version"], document["form"]["version"]) == (version, version)
    assert (document["ledger"]["version"], document["ledger"]["source"]) == (version, "file")
    assert document["fields"] == []


async def test_each_field_that_differs_has_its_name_and_its_three_values(office: Office) -> None:
    await office.ledger.policies.pin("pingshan", MINE, "form")
    form = body(MINE, quiet_hours=None)
    form["clocks"]["feedback"]["a"] = "7m"
    document = await compared(office, "pingshan", Form(form))
    fields = {field.pop("field"): field for field in document["fields"]}
    assert set(fields) == {"quiet_hours", "reopen_days", "clocks.feedback.a"}
    assert fields["reopen_days"] == {"name": "结案后可重开（天）", "file": FILE.reopen_days, "form": 3, "ledger": 3}
    assert fields["clocks.feedback.a"]["name"] == "时限与逐级催办·签收并反馈·A 类时限"
    assert fields["clocks.feedback.a"]["form"] == "7m"


async def test_a_form_that_makes_no_sense_is_shown_as_it_is_with_its_fault(office: Office) -> None:
    document = await compared(office, "pingshan", Form(body(FILE, reopen_days=-1, invented=1)))
    assert document["form"]["version"] is None
    assert "结案后可重开（天）" in document["form"]["fault"]
    fields = {field["field"]: field for field in document["fields"]}
    assert fields["reopen_days"]["form"] == -1
    assert fields["invented"] == {"field": "invented", "name": "invented", "form": 1}


@pytest.mark.parametrize("form", [Form(None), Form("strict"), Form(away="没有应答")])
async def test_without_a_form_file_and_ledger_are_compared(form: Form, office: Office) -> None:
    await office.ledger.policies.pin("pingshan", MINE, "form")
    document = await compared(office, "pingshan", form)
    (field,) = document["fields"]
    assert (field["file"], field["ledger"]) == (FILE.reopen_days, 3)
    assert "form" not in field
    assert document["form"]["version"] is None
    assert document["form"]["away"] or document["form"]["fault"]


async def test_every_version_is_listed_with_the_open_cases_that_live_under_it(office: Office) -> None:
    made = Made(office.ledger)
    first = (await office.ledger.policies.current("pingshan")).version
    await made.receive()
    carried = await office.ledger.policies.pin("pingshan", Policy(reopen_days=9), "run")
    case_no = await made.receive()
    await made.act(case_no, Kind.PINNED, policy_version=carried, catalogue_version="c1")
    mine = await office.ledger.policies.pin("pingshan", MINE, "form")
    document = await compared(office, "pingshan", Form(body(MINE)))
    listed = [(each["version"], each["current"], each["source"], each["open_cases"]) for each in document["versions"]]
    assert listed == [(mine, True, "form", 0), (first, False, "file", 1), (carried, False, "run", 1)]
    assert [each["used_at"] is None for each in document["versions"]] == [False, False, True]
