"""Signed links: a citizen's to one case, a unit's to one task. Each expires, and says so itself."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer

from ledger.errors import RetryNeverHelps
from ledger.secrets import Keyring

CITIZEN_LIFE = timedelta(days=365)
TASK_LIFE = timedelta(days=180)  # a task may be paused and extended; a task that has passed on is refused anyway


class BadLink(RetryNeverHelps):
    """The link was not made here, or was not copied whole: use the one in the message."""


class LinkExpired(RetryNeverHelps):
    """The link is too old: a newer message has a newer one."""


@dataclass(frozen=True, slots=True)
class TaskLink:
    """What a unit's link opens: one piece of work."""

    case_no: str
    task_id: str
    unit: str


class Links:
    """Makes and reads links. `at` is when a link is issued, now unless given: the same `at` gives the same link."""

    def __init__(self, keyring: Keyring, base_url: str) -> None:
        self._base, self._keyring = base_url.rstrip("/"), keyring

    @property
    def _citizen(self) -> URLSafeSerializer:
        return _signer(self._keyring.derived("citizen-link"), "citizen-link")

    @property
    def _task(self) -> URLSafeSerializer:
        return _signer(self._keyring.derived("task-link"), "task-link")

    def citizen(self, case_no: str, at: datetime | None = None) -> str:
        """The URL of a case's page for its citizen. A receipt's `at` is the time of receipt: asked again, the same."""
        return f"{self._base}/c/{_sealed(self._citizen, (case_no,), at, CITIZEN_LIFE)}"

    def task(self, case_no: str, task_id: str, unit: str, at: datetime | None = None) -> str:
        """`ack_url`: the page on which a unit answers this one task."""
        return f"{self._base}/t/{_sealed(self._task, (case_no, task_id, unit), at, TASK_LIFE)}"

    def contact(self, case_no: str, task_id: str, unit: str, at: datetime | None = None) -> str:
        """`contact_url`: the page that shows the citizen's number, while the unit holds this task."""
        return f"{self.task(case_no, task_id, unit, at)}/contact"

    def read_citizen(self, token: str, now: datetime) -> str:
        """The case's number. Raises `BadLink`, `LinkExpired`."""
        (case_no,) = _opened(self._citizen, token, now)
        return case_no

    def read_task(self, token: str, now: datetime) -> TaskLink:
        """Raises `BadLink`, `LinkExpired`."""
        return TaskLink(*_opened(self._task, token, now))


def _signer(keys: tuple[bytes, ...], purpose: str) -> URLSafeSerializer:
    """Signs with the first of the keys, newest first, and knows what any of them has signed."""
    hmac_sha256 = {"digest_method": hashlib.sha256, "key_derivation": "hmac"}
    return URLSafeSerializer(list(reversed(keys)), salt=purpose, signer_kwargs=hmac_sha256)


def _sealed(signer: URLSafeSerializer, names: Sequence[str], at: datetime | None, life: timedelta) -> str:
    expires = (at or datetime.now(UTC)) + life
    token = signer.dumps([*names, int(expires.timestamp())])
    return token if isinstance(token, str) else token.decode()


def _opened(signer: URLSafeSerializer, token: str, now: datetime) -> list[str]:
    try:
        names: list[str]
        *names, expires = signer.loads(token)
    except BadData as error:
        raise BadLink("this link was not made here, or was not copied whole: use the one in the message") from error
    if now.timestamp() > expires:
        raise LinkExpired("this link is too old: a newer message has a newer one")
    return names
