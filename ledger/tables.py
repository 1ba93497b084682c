"""The tables. Times are aware UTC; JSON is text in canonical form where a hash covers it."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class Instant(TypeDecorator[datetime]):
    """An aware UTC time. SQLite keeps no zone, so it is taken off and put back here."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if dialect.name != "sqlite" else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """All tables of the ledger. Constraints have names, so that a later migration can speak of them on SQLite too."""

    metadata = MetaData(
        naming_convention={
            "pk": "pk_%(table_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ix": "ix_%(table_name)s_%(column_0_name)s",
        }
    )
    type_annotation_map: ClassVar = {datetime: Instant(), dict[str, Any]: JSON()}


class CaseRow(Base):
    """A case's place in the queue and what lists are read by. The truth is its events."""

    __tablename__ = "cases"
    case_no: Mapped[str] = mapped_column(String(40), primary_key=True)
    district: Mapped[str] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(40))
    external_id: Mapped[str | None] = mapped_column(String(200))
    property: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(30))
    outcome: Mapped[str | None] = mapped_column(String(20))
    grade: Mapped[str] = mapped_column(String(1))
    item: Mapped[str | None] = mapped_column(String(40))
    unit: Mapped[str | None] = mapped_column(String(60))
    text: Mapped[str] = mapped_column(Text)
    received_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    next_due_at: Mapped[datetime | None]
    seq: Mapped[int] = mapped_column(Integer)
    head: Mapped[str] = mapped_column(String(64))
    policy_version: Mapped[str] = mapped_column(ForeignKey("policies.version"))
    catalogue_version: Mapped[str] = mapped_column(String(60))
    generation: Mapped[int] = mapped_column(Integer, default=0)
    flow_run_id: Mapped[str | None] = mapped_column(String(36))
    alarm_at: Mapped[datetime | None]
    waking_until: Mapped[datetime | None]
    lease_epoch: Mapped[int] = mapped_column(Integer, default=0)
    lease_until: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(Integer, default=0)

    __table_args__ = (
        UniqueConstraint("district", "channel", "external_id", name="uq_cases_external_id"),
        Index("ix_cases_alarm", "alarm_at"),
        Index("ix_cases_waking", "waking_until"),
        Index("ix_cases_desk", "district", "state", "next_due_at"),
        Index("ix_cases_unit", "unit", "state"),
    )


class EventRow(Base):
    """One admitted event; never updated, never deleted. `hash` covers `prev_hash` and all the rest."""

    __tablename__ = "events"
    case_no: Mapped[str] = mapped_column(ForeignKey("cases.case_no"), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    version: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(40))
    actor: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime]
    recorded_at: Mapped[datetime]
    data: Mapped[str] = mapped_column(Text)
    prev_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class VaultRow(Base):
    """One field of personal data, encrypted with its case's key, and the salted commitment the chain may cover."""

    __tablename__ = "vault"
    case_no: Mapped[str] = mapped_column(ForeignKey("cases.case_no"), primary_key=True)
    field: Mapped[str] = mapped_column(String(80), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class VaultKeyRow(Base):
    """A case's own key, wrapped by the master key. Without this row the case's vault is forgotten."""

    __tablename__ = "vault_keys"
    case_no: Mapped[str] = mapped_column(ForeignKey("cases.case_no"), primary_key=True)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)


class UnmaskingRow(Base):
    """Each opening of personal data by somebody: who, whose, which field, when."""

    __tablename__ = "unmaskings"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    case_no: Mapped[str] = mapped_column(ForeignKey("cases.case_no"), index=True)
    field: Mapped[str] = mapped_column(String(80))
    actor: Mapped[str] = mapped_column(String(120))
    at: Mapped[datetime]


class DeliveryRow(Base):
    """A message owed (outbox). Its key names its cause, so it is owed once."""

    __tablename__ = "deliveries"
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    case_no: Mapped[str] = mapped_column(ForeignKey("cases.case_no"))
    case_seq: Mapped[int] = mapped_column(Integer)
    n: Mapped[int] = mapped_column(Integer)  # its place among the messages of one event
    door: Mapped[str] = mapped_column(String(10))
    addressee: Mapped[str] = mapped_column(String(60))
    type: Mapped[str] = mapped_column(String(40))
    task_id: Mapped[str | None] = mapped_column(String(60))
    data: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(12))
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    next_try_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (Index("ix_deliveries_case", "case_no", "state", "case_seq", "n"),)


class InboxRow(Base):
    """A department's delivery that was accepted: its id is remembered with its body's hash for the case's life."""

    __tablename__ = "inbox"
    district: Mapped[str] = mapped_column(String(40), primary_key=True)
    unit: Mapped[str] = mapped_column(String(60), primary_key=True)
    delivery_id: Mapped[str] = mapped_column(String(200), primary_key=True)
    body_hash: Mapped[str] = mapped_column(String(64))
    case_no: Mapped[str] = mapped_column(ForeignKey("cases.case_no"))
    at: Mapped[datetime]


class PolicyRow(Base):
    """A district's policy as some case was received under it; a version never changes."""

    __tablename__ = "policies"
    version: Mapped[str] = mapped_column(String(80), primary_key=True)
    district: Mapped[str] = mapped_column(String(40))
    body: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]
    used_at: Mapped[datetime]

    __table_args__ = (Index("ix_policies_latest", "district", "used_at"),)


class EndpointRow(Base):
    """Where a unit receives its webhooks, and the secrets both sides sign with (sealed by the master key)."""

    __tablename__ = "endpoints"
    district: Mapped[str] = mapped_column(String(40), primary_key=True)
    unit: Mapped[str] = mapped_column(String(60), primary_key=True)
    url: Mapped[str] = mapped_column(Text)
    secret: Mapped[bytes] = mapped_column(LargeBinary)
    previous_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    previous_until: Mapped[datetime | None]
    updated_at: Mapped[datetime]


class ChannelKeyRow(Base):
    """A channel's intake key, sealed."""

    __tablename__ = "channel_keys"
    district: Mapped[str] = mapped_column(String(40), primary_key=True)
    channel: Mapped[str] = mapped_column(String(40), primary_key=True)
    key: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]


class TokenRow(Base):
    """A staff token, by its hash alone."""

    __tablename__ = "tokens"
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    role: Mapped[str] = mapped_column(String(20))
    district: Mapped[str | None] = mapped_column(String(40))
    unit: Mapped[str | None] = mapped_column(String(60))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class CounterRow(Base):
    """A row that counts: case numbers by district and day."""

    __tablename__ = "counters"
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[int] = mapped_column(Integer)


class QuarantineRow(Base):
    """A row of an import that could not become a case, with its reason, so that nothing is lost."""

    __tablename__ = "quarantine"
    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    district: Mapped[str] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(String(300))
    row: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(Text)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime]
