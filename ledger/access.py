"""Who may speak: units' endpoints and secrets, channels' keys, staff tokens."""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from ledger.database import Database
from ledger.hurrying import hurry
from ledger.receiver_alerts import GONE, REFUSES, UNREACHABLE, receiver_name, take_back
from ledger.secrets import Keyring
from ledger.tables import ChannelKeyRow, EndpointRow, TokenRow

ROTATION = timedelta(days=1)
TOKEN_LIFE = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a unit listens, and the live secrets, newest first (two while they rotate)."""

    url: str
    secrets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Badge:
    """What a bearer token says of who holds it."""

    role: str
    district: str | None
    unit: str | None
    name: str


class Access:
    """Secrets are sealed or hashed in the ledger, shown once when made."""

    def __init__(self, database: Database, keyring: Keyring) -> None:
        self._database, self._keyring = database, keyring

    async def connect(self, district: str, unit: str, url: str) -> str:
        """Set a unit's endpoint with a new secret (`whsec_…`); the one before stays good for a day.

        Whatever was wrong with the endpoint before is forgotten, and what waits for the unit goes at once.
        """
        secret = f"whsec_{base64.b64encode(secrets.token_bytes(24)).decode()}"
        try:
            await self._connect(district, unit, url, secret)
        except IntegrityError:  # connected for the first time by two at once: this one comes after
            await self._connect(district, unit, url, secret)
        return secret

    async def _connect(self, district: str, unit: str, url: str, secret: str) -> None:
        now = await self._database.now()
        sealed = self._keyring.seal(secret.encode())
        async with self._database.write() as session:
            row = await session.get(EndpointRow, (district, unit), with_for_update=True)
            if row is None:
                row = EndpointRow(district=district, unit=unit)
                session.add(row)
            else:
                row.previous_secret, row.previous_until = row.secret, now + ROTATION
            row.url, row.secret, row.updated_at = url, sealed, now
            row.failures, row.rests_until, row.gone_at = 0, None, None
            await take_back(session, {UNREACHABLE, REFUSES, GONE}, receiver_name(district, unit), now)
            await hurry(session, district, unit, now)

    async def endpoint(self, district: str, unit: str) -> Endpoint | None:
        """A unit's endpoint, or None while it has none."""
        now = await self._database.now()
        async with self._database.read() as session:
            row = await session.get(EndpointRow, (district, unit))
        return endpoint_of(row, self._keyring, now) if row else None

    async def channel_key(self, district: str, channel: str) -> str:
        """The channel's intake key, made when first asked for."""
        try:
            return await self._channel_key(district, channel)
        except IntegrityError:  # asked for the first time by two at once: the other one made it
            return await self._channel_key(district, channel)

    async def _channel_key(self, district: str, channel: str) -> str:
        now = await self._database.now()
        async with self._database.write() as session:
            row = await session.get(ChannelKeyRow, (district, channel))
            if row is None:
                key = self._keyring.seal(secrets.token_urlsafe(24).encode())
                row = ChannelKeyRow(district=district, channel=channel, key=key, created_at=now)
                session.add(row)
            return self._keyring.open_sealed(row.key).decode()

    async def channel_of(self, district: str, channel: str, key: str) -> bool:
        """Whether this is the channel's key."""
        async with self._database.read() as session:
            row = await session.get(ChannelKeyRow, (district, channel))
        return row is not None and secrets.compare_digest(self._keyring.open_sealed(row.key), key.encode())

    async def token(self, role: str, district: str | None, unit: str | None, life: timedelta = TOKEN_LIFE) -> str:
        """A new bearer token; only its hash is kept."""
        now = await self._database.now()
        token = f"hy_{secrets.token_urlsafe(32)}"
        async with self._database.write() as session:
            session.add(
                TokenRow(
                    digest=_digest(token),
                    role=role,
                    district=district,
                    unit=unit,
                    created_at=now,
                    expires_at=now + life,
                )
            )
        return token

    async def badge(self, token: str) -> Badge | None:
        """Whose token this is; None for one that is unknown, expired or revoked."""
        now: datetime = await self._database.now()
        async with self._database.read() as session:
            row = await session.scalar(select(TokenRow).where(TokenRow.digest == _digest(token)))
        if row is None or row.expires_at <= now or row.revoked_at is not None:
            return None
        return Badge(row.role, row.district, row.unit, row.digest[:8])


def endpoint_of(row: EndpointRow, keyring: Keyring, now: datetime) -> Endpoint:
    """What the row says, its live secrets opened."""
    live = [row.secret]
    if row.previous_secret and row.previous_until and row.previous_until > now:
        live.append(row.previous_secret)
    return Endpoint(row.url, tuple(keyring.open_sealed(one).decode() for one in live))


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
