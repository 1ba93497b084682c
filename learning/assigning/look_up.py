"""What looking up identical requests reaches: by that a learner is measured, whatever it is built of."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class LookUp:
    """Shares (0..1) of the requests.

    `hindsight_top1`, `hindsight_top3`: the commonest units of identical requests, the request itself among them. Who
    knew the whole future and nothing else could reach that; a request that is like no other is always right there.
    `alike`: requests with at least one other identical to them. Of those, `others_top1` and `others_top3`: right by
    the others, past and future alone; `twins_agree`: went where the last identical one before went.
    `first_of_kind`: none before was identical.
    """

    hindsight_top1: float
    hindsight_top3: float
    alike: float
    others_top1: float
    others_top3: float
    twins_agree: float
    first_of_kind: float


def look_up(rows: Sequence[tuple[Hashable, Hashable]]) -> LookUp:
    """`rows` are (all that is known of a request, its unit) in order of time; at least one."""
    by_key: dict[Hashable, list[Hashable]] = defaultdict(list)
    for key, unit in rows:
        by_key[key].append(unit)
    groups = list(by_key.values())
    alike = [units for units in groups if len(units) > 1]
    twins = [(one, other) for units in alike for one, other in pairwise(units)]
    return LookUp(
        hindsight_top1=_share((sum(n for _, n in Counter(units).most_common(1)) for units in groups), len(rows)),
        hindsight_top3=_share((sum(n for _, n in Counter(units).most_common(3)) for units in groups), len(rows)),
        alike=_share((len(units) for units in alike), len(rows)),
        others_top1=_share((_by_others(units, 1) for units in alike), sum(map(len, alike))),
        others_top3=_share((_by_others(units, 3) for units in alike), sum(map(len, alike))),
        twins_agree=_share((one == other for one, other in twins), len(twins)),
        first_of_kind=len(groups) / len(rows),
    )


def _by_others(units: Sequence[Hashable], best: int) -> int:
    """How many are among the `best` commonest units of the rest; of units as common the earlier known is preferred."""
    counts = Counter(units)
    right = 0
    for unit in units:
        counts[unit] -= 1
        right += unit in [one for one, n in counts.most_common(best) if n]
        counts[unit] += 1
    return right


def _share(parts: Iterable[int], whole: int) -> float:
    return sum(parts) / whole if whole else 0.0
