"""`huiyin policy move`: open cases to another policy, one by one, each shown before with every live clock."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from casework.errors import Refused
from casework.events import Act, Actor, Kind, Role
from casework.move_preview import ClockMoved, obstacle, preview
from casework.moving import Move
from casework.view import iso
from catalog.policy import Policy
from catalog.texts import text
from deployments.office import Office
from deployments.policy_versions import policy_of
from ledger.errors import LedgerError, NoSuchCase
from ledger.lists import Query
from ledger.tables import CaseRow

PAGE = 200
UNREADABLE = (LedgerError, LookupError, ValueError, TypeError)


@dataclass(frozen=True, slots=True)
class CaseMove:
    """One case: from which version, what its clocks would be, and why it cannot be moved."""

    case_no: str
    state: str | None = None
    former: str | None = None
    clocks: tuple[ClockMoved, ...] = field(default=())
    problem: str | None = None
    moved: bool = False

    def document(self) -> dict[str, Any]:
        return {
            "case_no": self.case_no,
            "state": self.state,
            "from": self.former,
            "moved": self.moved,
            "problem": self.problem,
            "clocks": [_clock(clock) for clock in self.clocks],
        }


@dataclass(frozen=True, slots=True)
class Moving:
    """Moves to one version of a district. `carry_out`: not only shown."""

    office: Office
    district: str
    version: str
    policy: Policy
    carry_out: bool

    async def all(self) -> AsyncIterator[CaseMove]:
        """Every open case of the district that lives under another version."""
        after = ""
        while page := await self._page(after):
            for row in page:
                if row.policy_version != self.version:
                    yield await self._of(row)
            after = page[-1].case_no

    async def these(self, case_nos: Sequence[str]) -> AsyncIterator[CaseMove]:
        """These cases, in this order; what is wrong with a number is told in its place."""
        for case_no in dict.fromkeys(case_nos):
            try:
                row = await self.office.ledger.cases.row(case_no)
            except NoSuchCase:
                yield CaseMove(case_no, problem=text("policy.problem.unknown"))
                continue
            yield await self._of(row)

    async def _page(self, after: str) -> list[CaseRow]:
        return await self.office.ledger.lists.cases(
            Query(district=self.district, open_only=True, after=after, limit=PAGE)
        )

    async def _of(self, row: CaseRow) -> CaseMove:
        """Judge a case, and move it if that is asked for."""
        found = CaseMove(row.case_no, row.state, row.policy_version)
        wrong = self._wrong(row)
        if wrong:
            return replace(found, problem=text(f"policy.problem.{wrong}"))
        try:
            return await self._moved(found)
        except Refused as refused:  # it went on while we looked
            return replace(found, problem=str(refused))
        except UNREADABLE as error:
            return replace(found, problem=text("policy.problem.unreadable", error=type(error).__name__))

    def _wrong(self, row: CaseRow) -> str | None:
        if row.district != self.district:
            return "elsewhere"
        return "already" if row.policy_version == self.version else None

    async def _moved(self, found: CaseMove) -> CaseMove:
        ledger = self.office.ledger
        loaded, now = await ledger.cases.load(found.case_no), await ledger.now()
        hindered = obstacle(loaded.case)
        if hindered:
            return replace(found, problem=text(f"policy.problem.{hindered}"))
        clocks = preview(loaded.case, Move(loaded.policy, self.policy, now))
        if self.carry_out:
            act = Act(Kind.MOVED, Actor(Role.ADMIN), now, {"policy_version": self.version})
            await ledger.cases.record(found.case_no, act)
        return replace(found, clocks=clocks, moved=self.carry_out)


async def moving(office: Office, district: str, version: str | None, *, carry_out: bool) -> Moving:
    """To this version, or to the district's of today. Raises `UnknownDistrict`, `UnknownPolicy`."""
    code = office.city.district(district).code
    version = version or (await office.ledger.policies.current(code)).version
    return Moving(office, code, version, await policy_of(office, code, version), carry_out)


def _clock(clock: ClockMoved) -> dict[str, Any]:
    times = {"due_before": iso(clock.due_before), "due_after": iso(clock.due_after)}
    return {**asdict(clock), **times, "changes": clock.changes}
