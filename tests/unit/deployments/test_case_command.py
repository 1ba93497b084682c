"""`huiyin case`: one case, as people read it."""

from lives import DISPATCHER, Life, after

from casework.events import Kind
from casework.view import Names, case_json
from catalog.policy import Policy
from deployments.commands.case import _lines

PLAIN = Policy(calendar="none", quiet_hours=None)


def clocks(life: Life, minutes: float) -> list[str]:
    shown = case_json(life.case, Names({}, {}), after(minutes))
    return [line for line in _lines({**shown, "text": "路灯不亮", "timeline": []}) if line.startswith("时限：")]


def test_each_clock_is_told_running_met_or_paused() -> None:
    life = Life.begun(PLAIN).assigned().notified().handled(5)
    assert any("签收并反馈" in line and "完成" in line for line in clocks(life, 6))
    assert any("办结" in line and "计时中" in line for line in clocks(life, 6))
    life.paused(20, 600)
    assert any(line == "时限：办结 暂停计时" for line in clocks(life, 30))
    life.act(Kind.RESUMED, DISPATCHER, after(40))
    assert not any("暂停" in line for line in clocks(life, 41) if "办结" in line)
