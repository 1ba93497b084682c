"""Which parts of the stack are killed when: a plan that follows from its seed, and the hand that carries it out."""

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations

from deployments.child import Child

PARTS = ("worker", "gateway", "prefect")
GROUPS = tuple(chain.from_iterable(combinations(PARTS, n) for n in range(1, len(PARTS) + 1)))
"""Each part alone, each two together, and all at once."""
LOOKS_EVERY = 0.05


@dataclass(frozen=True, slots=True)
class Kill:
    """These parts, at the same moment, so many seconds after the beginning."""

    at: float
    parts: tuple[str, ...]


def planned(seed: int, kills: int, within: float) -> tuple[Kill, ...]:
    """So many kills at random moments within so many seconds, in order of time; the same for the same seed.

    No group comes for the second time before every group has come once.
    """
    dice = random.Random(seed)  # noqa: S311  a plan that can be made again, not a secret
    moments = sorted(dice.uniform(0, within) for _ in range(kills))
    groups: list[tuple[str, ...]] = []
    while len(groups) < kills:
        groups += dice.sample(GROUPS, len(GROUPS))
    return tuple(Kill(at, parts) for at, parts in zip(moments, groups, strict=False))


async def strike(plan: Sequence[Kill], children: Mapping[str, Child], told: Callable[[Kill], None]) -> None:
    """Carry out the plan with SIGKILL; `told` hears of each kill once the parts are dead.

    A part that is dead at its moment is killed as soon as it has been started again.
    """
    loop = asyncio.get_running_loop()
    begin = loop.time()
    for kill in plan:
        await asyncio.sleep(max(begin + kill.at - loop.time(), 0))
        victims = [children[part] for part in kill.parts]
        while any(victim.exit_code is not None for victim in victims):  # noqa: ASYNC110  a start sets no event
            await asyncio.sleep(LOOKS_EVERY)
        await asyncio.gather(*(victim.kill() for victim in victims))
        told(kill)
