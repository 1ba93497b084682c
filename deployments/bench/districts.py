"""The districts that are measured in: the demo's, with limits that suit what is measured."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import yaml

from catalog.districts import District
from catalog.policy import Action, ClockPolicy, Clocks, Policy, Rung

WAITING, PROBING, PROMPT = "waiting", "probing", "prompt"
HOURS = "48h"
"""A limit whose first rung is a day away: nothing rings while somebody measures."""
PROBED, PROBED_PERCENT = "50s", 50
"""The first rung of a probed case is due 25 seconds after receipt: by then all probes have been sent and parked."""
FAR = 1000
"""Per cent of the limit: the last rung, too far away to ring while somebody measures."""


def districts(demo: District) -> tuple[District, ...]:
    """`waiting` where every limit is days, `probing` where one rung comes at once, `prompt` where units are quick."""
    policy = _policy({kind: _limits(HOURS, clock.ladder) for kind, clock in _default_clocks()})
    probe = _limits(PROBED, (Rung(at_percent=PROBED_PERCENT, action=Action.REMIND), _far(Action.URGE)))
    # No grace: what is measured is how late the machinery is; a policy's own grace comes on top.
    probing = policy.model_copy(
        update={"rung_grace_seconds": 0.0, "clocks": policy.clocks.model_copy(update={"feedback": probe})}
    )
    prompt = _policy({kind: _limits("10s", (_far(clock.ladder[-1].action),)) for kind, clock in _default_clocks()})
    return (_like(demo, WAITING, "WA", policy), _like(demo, PROBING, "PR", probing), _like(demo, PROMPT, "QU", prompt))


def write_districts(made: Sequence[District], folder: Path) -> None:
    """One file each, as the stack reads them."""
    folder.mkdir(parents=True)
    for district in made:
        content = district.model_dump(mode="json", exclude_none=True)
        content["policy"].setdefault("quiet_hours", None)  # none is meant: left out it would be the default's
        (folder / f"{district.code}.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


def _like(demo: District, code: str, prefix: str, policy: Policy) -> District:
    return demo.model_copy(update={"code": code, "number_prefix": prefix, "policy": policy})


def _policy(clocks: dict[str, ClockPolicy]) -> Policy:
    return Policy(calendar="none", quiet_hours=None, clocks=Clocks(**clocks))


def _default_clocks() -> Iterable[tuple[str, ClockPolicy]]:
    return iter(Clocks())


def _limits(limit: str, ladder: tuple[Rung, ...]) -> ClockPolicy:
    return ClockPolicy(a=limit, b=limit, c=limit, ladder=ladder)


def _far(action: Action) -> Rung:
    return Rung(at_percent=FAR, action=action)
