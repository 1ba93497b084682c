"""What the tests of whistle calls, ownership and disputes share: the demo's clocks, and units that speak."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from parties import Stack, Unit

DISTRICT = "demo"
NOISE = "小区对面的工地连着一个星期通宵施工，打桩机轰隆隆响，渣土车还把路口堵死了，住建、环保、城管各说各的。"
PLACE = "临江街道柳岸社区柳岸东街工地"
STREET, LEAD = "street-linjiang", "eco-water"
Connect = Callable[[str, str], Unit]


@contextmanager
def clocks(stack: Stack, **limits: str) -> Iterator[None]:
    """The demo's district with these limits (`report_in="4s"`), every other so long that it does not ring meanwhile."""
    policy = httpx.get(f"{stack.prefect}/deployments/name/request/{DISTRICT}").json()["parameters"]["policy"]
    changed = {
        kind: {**clock, **dict.fromkeys("abc", limits.get(kind, "8h"))} for kind, clock in policy["clocks"].items()
    }
    stack.change_policy(DISTRICT, clocks=changed)
    yield
    stack.huiyin("deploy", DISTRICT, "--policy-from-file")


@dataclass
class Parties:
    """The units and leaders' offices of the demo's district, each connected when it first has something to say."""

    stack: Stack
    connect: Connect
    known: dict[str, Unit] = field(default_factory=dict)

    def __getitem__(self, code: str) -> Unit:
        if code not in self.known:
            self.known[code] = self.connect(DISTRICT, code)
        return self.known[code]

    def submit(self, text: str, place: str) -> dict[str, Any]:
        return self.stack.submit(district=DISTRICT, text=text, place=place)

    def whistled(self, *others: str) -> "Call":
        """A noisy night site whose street has called the units that it needs; the one that handles it leads."""
        for code in (STREET, LEAD, *others):
            self[code]  # connected before there is something to hear
        receipt = self.submit(NOISE, PLACE)
        case_no = receipt["case_no"]
        order = self[LEAD].message("task.assigned", case_no)
        work = {"case_no": case_no, "task_id": order["task_id"]}
        said = self[LEAD].send("task.acknowledged", **work, handler="李工", feedback="今晚就去现场")
        assert said.is_success, said.text
        asked = {"units": [LEAD, *others], "lead": LEAD, "reason": "涉及几个部门"}
        called = self[STREET].send("whistle.requested", case_no=case_no, **asked)
        assert called.json() == {"status": "accepted"}, called.text
        parts = {code: self[code].message("whistle.called", case_no) for code in (LEAD, *others)}
        return Call(self, case_no, receipt["receipt_url"], parts)


@dataclass
class Call:
    """One whistle call under way: what each called unit was told, by its code."""

    parties: Parties
    case_no: str
    page: str
    parts: dict[str, dict[str, Any]]

    @property
    def call_id(self) -> str:
        return str(next(iter(self.parts.values()))["call_id"])

    def says(self, code: str, kind: str, **said: Any) -> httpx.Response:
        """A called unit of its part."""
        known = {"case_no": self.case_no, "task_id": self.parts[code]["task_id"], "call_id": self.call_id}
        return self.parties[code].send(kind, **known, **said)

    def comes(self, code: str) -> None:
        for kind in ("whistle.reported_in", "whistle.arrived"):
            taken(self.says(code, kind, note="两人"))

    def does_its_part(self, code: str) -> None:
        self.comes(code)
        taken(self.says(code, "whistle.part_completed", note="已处置"))

    def caller_says(self, kind: str, **said: Any) -> httpx.Response:
        return self.parties[STREET].send(kind, case_no=self.case_no, call_id=self.call_id, **said)

    def states(self) -> dict[str, str]:
        """Where each part stands."""
        (call,) = self.parties.stack.case(self.case_no)["whistles"]
        return {part["department"]["code"]: part["state"] for part in call["parts"]}


def taken(answer: httpx.Response) -> None:
    assert answer.status_code == 200, f"{answer.status_code} {answer.text}"


def refused(answer: httpx.Response, status: int, *naming: str) -> None:
    """Refused with this status, the words naming all of this."""
    assert answer.status_code == status, f"{answer.status_code} {answer.text}"
    for word in naming:
        assert word in answer.text


def told(unit: Unit, kind: str, case_no: str) -> list[dict[str, Any]]:
    """Every message of a kind about a case that has come so far."""
    return [one["data"] for one in unit.received if one["type"] == kind and one["data"]["case_no"] == case_no]
