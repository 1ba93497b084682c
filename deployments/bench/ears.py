"""Units that listen and do nothing: they answer each delivery at once, and it is kept when they heard what."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Heard:
    """One message, to which unit it came (``district.unit``), and when."""

    unit: str
    data: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class Ears:
    """What all units of all districts have heard: the first message of each kind about each case, and each unit's."""

    _first: dict[tuple[str, str, str | None], asyncio.Future[Heard]] = field(default_factory=dict)

    def hear(self, unit: str, message: dict[str, Any]) -> None:
        for whose in (None, unit):
            first = self._of(message["data"]["case_no"], message["type"], whose)
            if not first.done():
                first.set_result(Heard(unit, message["data"], datetime.now(UTC)))

    async def first(self, case_no: str, kind: str, unit: str | None = None) -> Heard:
        """The first message of a kind about a case, to this unit or to any, once it has come."""
        return await asyncio.shield(self._of(case_no, kind, unit))  # who stops waiting must not end it for the others

    def _of(self, case_no: str, kind: str, unit: str | None) -> asyncio.Future[Heard]:
        return self._first.setdefault((case_no, kind, unit), asyncio.get_running_loop().create_future())
