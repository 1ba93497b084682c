"""Faults of a form are told without what was written in it."""

import pytest
from pydantic import ValidationError

from catalog.form_faults import form_faults
from ledger.intake import IntakeForm

PHONE = "138-0013-8000x"


def faults_of(**fields: object) -> str:
    with pytest.raises(ValidationError) as caught:
        IntakeForm.model_validate({"district": "demo", "text": "路灯不亮", **fields})
    return form_faults(caught.value)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"text": "  "}, "text：不能为空"),
        ({"text": "灯" * 20_001}, "text：不能超过 20000 个字"),
        ({"contact": {"phone": PHONE}}, "contact.phone：格式不对"),
        ({"contact": {"mail": "a@b"}}, "contact.mail：没有这一项"),
        ({"property": "rumour"}, "property：只能是"),
    ],
)
def test_each_fault_names_its_field(fields: dict[str, object], told: str) -> None:
    assert faults_of(**fields).startswith(told)


def test_what_was_written_is_not_repeated() -> None:
    told = faults_of(contact={"phone": PHONE}, place="江畔" * 200, longitude="东经一百一十四度")
    assert told.count("；") == 2
    assert not any(written in told for written in (PHONE, "江畔", "东经"))
