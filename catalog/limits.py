"""A limit of time as a policy writes it: ``90s``, ``10m``, ``24h``, ``3d``, ``5wd``."""

import re
from dataclasses import dataclass
from datetime import timedelta

_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
LIMIT_PATTERN = r"^[1-9][0-9]{0,4}(s|m|h|d|wd)$"


class BadLimit(ValueError):
    """A limit is not a whole number followed by s, m, h, d or wd."""


@dataclass(frozen=True, slots=True)
class Limit:
    """So many seconds on the natural clock, or so many Chinese working days (工作日)."""

    amount: int
    unit: str

    @classmethod
    def parse(cls, written: str) -> "Limit":
        """Read ``5wd``. Raises `BadLimit`."""
        if not re.match(LIMIT_PATTERN, written):
            raise BadLimit(f"“{written}” is not a limit: write a whole number and s, m, h, d or wd, such as 10m or 5wd")
        unit = written.lstrip("0123456789")
        return cls(int(written[: -len(unit)]), unit)

    @property
    def in_working_days(self) -> bool:
        return self.unit == "wd"

    @property
    def natural(self) -> timedelta:
        """Length on the natural clock. Raises `BadLimit` for working days, which have no fixed length."""
        if self.in_working_days:
            raise BadLimit(f"{self} has no fixed length: count it with a calendar")
        return timedelta(seconds=self.amount * _SECONDS[self.unit])

    def __str__(self) -> str:
        return f"{self.amount}{self.unit}"
