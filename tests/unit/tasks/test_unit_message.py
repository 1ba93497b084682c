"""What a unit's duty desk is told in a short message."""

import re
from pathlib import Path

import pytest

from casework import beside_effects, effects
from casework.owing import ABOUT_WORK
from catalog.texts import text

SAID = "".join(Path(str(each.__file__)).read_text(encoding="utf-8") for each in (effects, beside_effects))
KINDS = sorted(set(re.findall(r'"((?:task|case|whistle|ownership)\.[a-z]+)"', SAID)))


def test_every_message_that_a_unit_may_be_owed_is_known_here() -> None:
    assert set(KINDS) >= {*ABOUT_WORK, "task.reassigned", "task.withdrawn", "case.closed"}


@pytest.mark.parametrize("kind", KINDS)
def test_each_has_its_short_message_and_its_name(kind: str) -> None:
    said = text(f"unit_message.{kind}", unit="区城市管理局", case_no="SF2026112300001", until="，最迟 10:30")
    assert "SF2026112300001" in said
    assert "区城市管理局" in said
    assert text(f"event.{kind}")
