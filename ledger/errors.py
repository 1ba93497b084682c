"""What the ledger refuses, and what the outside failed at. Two branches: a retry helps, a retry never helps."""


class LedgerError(Exception):
    """Something the ledger cannot do; says what to do."""


class RetryHelps(LedgerError):
    """The same call may succeed later."""


class RetryNeverHelps(LedgerError):
    """The same call will fail again."""


class NoSuchCase(RetryNeverHelps):
    """There is no case of this number: check it on the receipt."""

    def __init__(self, case_no: str) -> None:
        super().__init__(f"there is no case {case_no}: check the number on the receipt")


class NoSuchChild(NoSuchCase):
    """A case has no such part or ownership: its strand was named wrongly, or its case is another."""

    def __init__(self, child_id: str) -> None:
        RetryNeverHelps.__init__(self, f"there is no part or ownership {child_id}: its case lists those that there are")


class ClaimLost(RetryNeverHelps):
    """Another run has claimed the case, or the child, since; whatever this one was about to write is refused."""

    def __init__(self, key: str) -> None:
        super().__init__(f"the claim on {key} has passed to another run: this run stops here")


class DeliveryReused(RetryNeverHelps):
    """A delivery id came again with another body: use a new id for a new message."""


class UnknownPolicy(RetryNeverHelps):
    """No policy of this version is in the ledger: run `huiyin deploy`."""


class KeyFileUnusable(RetryNeverHelps):
    """The key file does not hold a key: put it back from its safe."""
