"""What is known of a request when it is assigned, and in which respects earlier ones were like it."""

from dataclasses import dataclass
from datetime import datetime

Context = tuple[str, ...]

OFFICE_HOURS = range(9, 18)


@dataclass(frozen=True, slots=True)
class Facts:
    """Names or codes; an empty string where nothing is known. `at` is the time of receipt, in Asia/Shanghai.

    Nothing that is known only afterwards belongs here: neither whether it was in time nor who has closed it.
    """

    at: datetime
    sub: str = ""
    main: str = ""
    kind: str = ""
    street: str = ""
    community: str = ""
    channel: str = ""
    nature: str = ""

    @property
    def hours(self) -> str:
        """Whether offices are open: a weekday by day."""
        return "work" if self.at.weekday() < 5 and self.at.hour in OFFICE_HOURS else "rest"

    def key(self, context: Context) -> Context:
        """The request in these respects alone; equal for requests that are alike there."""
        return (*context, *map(self.__getattribute__, context))


def contexts(written: str) -> tuple[Context, ...]:
    """From words such as ``"sub sub+street"``; a dot is the context that all requests share."""
    return tuple(tuple(word.split("+")) if word != "." else () for word in written.split())
