"""What casework refuses. None of these is helped by trying again."""

from collections.abc import Sequence


class Refused(Exception):
    """An act that the rules do not admit; nothing has changed."""


class NotAllowed(Refused):
    """The act makes no sense in the case's present state, or the actor does not hold the task."""

    def __init__(self, state: str, allowed: Sequence[str], why: str = "") -> None:
        self.state = state
        self.allowed = tuple(allowed)
        self.why = why
        super().__init__(
            why or f"not allowed while the case is {state}: allowed are {', '.join(self.allowed) or 'none'}"
        )


class BadAct(Refused):
    """A field of the act has a value that the rules cannot take."""

    def __init__(self, field: str, why: str) -> None:
        self.field = field
        super().__init__(f"{field}: {why}")
