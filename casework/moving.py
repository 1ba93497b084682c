"""A case that is moved to another policy: what its running clocks are then.

Only what differs between the two policies changes a clock. Stopped clocks are past, judged by the policy of their time;
so is what a pause's review date was set to.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from casework.case import Case
from casework.clocks import PROMISES, Clock, ClockKind, start_clock
from casework.extending import extended
from casework.handover import whole_limit
from casework.new_ladders import with_ladder
from casework.new_limits import with_limit
from catalog.policy import Policy


@dataclass(frozen=True, slots=True)
class Move:
    """From one policy to another, at a moment."""

    former: Policy
    policy: Policy
    at: datetime

    def case(self, case: Case) -> Case:
        """Running clocks take the new policy's limits from their own start, and its ladders from where they stand."""
        moved = [self._clock(case, clock) for clock in case.clocks]
        due = next((self._due(c) for c in moved if c.running and c.kind is ClockKind.COMPLETION), None)
        if due is not None and moved != list(case.clocks):
            moved = [self._capped(clock, max(due, self.at)) for clock in moved]
        return replace(case, clocks=tuple(moved))

    def _clock(self, case: Case, clock: Clock) -> Clock:
        if not clock.running or clock.kind is ClockKind.PAUSE:
            return clock
        old, new = (_limit(case, policy, clock) for policy in (self.former, self.policy))
        limited = clock
        if (old.total, old.time) != (new.total, new.time) and not clock.breached(self.at):
            limited = with_limit(clock, self._own(case, clock, new), self.at)
        return with_ladder(clock, limited, new.ladder, self.at)

    def _own(self, case: Case, clock: Clock, new: Clock) -> Clock:
        """The new limit as this clock has it: a later holder's share of the limit is kept, and so are the days of an
        extension.
        """
        own = replace(clock.resume(self.at), time=new.time, total=new.total * clock.share)
        return extended(own, self.policy, case.grade, clock.extension_days, self.at) if clock.extension_days else own

    def _capped(self, clock: Clock, due: datetime) -> Clock:
        """No promise is due after completion, unless it was late before: that is past."""
        if clock.kind not in PROMISES or not clock.running or clock.breached(self.at):
            return clock
        return replace(clock.resume(self.at).capped(due), pauses=clock.pauses)

    def _due(self, clock: Clock) -> datetime | None:
        return clock.resume(self.at).due_at


def _limit(case: Case, policy: Policy, clock: Clock) -> Clock:
    """What a policy gives a clock of this kind, from the same start and to the same holder."""
    if clock.kind is ClockKind.COMPLETION:
        return whole_limit(case, policy, clock.holder, clock.started_at)
    return start_clock(policy, clock.kind, case.grade, clock.holder, clock.started_at)
