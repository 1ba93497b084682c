"""The tables. Times are aware UTC; JSON is text in canonical form where a hash covers it."""

from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    ColumnElement,
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
    literal_column,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, synonym
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


STILL_OPEN: ColumnElement[bool] = literal_column("closed_at IS NULL")


class Carried:
    """What a run carries: which run it is, when to look again, who wakes it and who has claimed it."""

    generation: Mapped[int] = mapped_column(Integer, default=0)
    flow_run_id: Mapped[str | None] = mapped_column(String(36))
    alarm_at: Mapped[datetime | None]
    waking_until: Mapped[datetime | None]
    lease_epoch: Mapped[int] = mapped_column(Integer, default=0)
    lease_until: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(Integer, default=0)
    calls: Mapped[int] = mapped_column(
        Integer, default=0, server_default="0"
    )  # how often the alarm was set from outside a run


class CaseRow(Carried, Base):
    """A case's place in the queue and what lists are read by. The truth is its events."""

    __tablename__ = "cases"
    case_no: Mapped[str] = mapped_column(String(40), primary_key=True)
    key: Mapped[str] = synonym("case_no")  # by what it is claimed and woken
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
    rung_at: Mapped[datetime | None]  # when the next rung of any clock is due, a part's or an ownership's too
    merged_into: Mapped[str | None] = mapped_column(String(40), index=True)
    suspect: Mapped[str | None] = mapped_column(String(40))  # the case of which it is likeliest to be the same matter

    __table_args__ = (
        UniqueConstraint("district", "channel", "external_id", name="uq_cases_external_id"),
        Index("ix_cases_alarm", "alarm_at"),
        Index("ix_cases_rung", "rung_at"),
        Index("ix_cases_waking", "waking_until"),
        Index("ix_cases_desk", "district", "state", "next_due_at"),
        Index("ix_cases_unit", "unit", "state"),
        Index(
            "ix_cases_matter",
            "district",
            "item",
            "received_at",
            sqlite_where=STILL_OPEN,
            postgresql_where=STILL_OPEN,
        ),
        # Of the open cases alone, few among many: reconcile goes through them round and round.
        Index("ix_cases_open", "case_no", sqlite_where=STILL_OPEN, postgresql_where=STILL_OPEN),
    )


class ChildRow(Carried, Base):
    """A called unit's part or an ownership, with a run of its own beside its case's. The truth is the case's events."""

    __tablename__ = "children"
    child_id: Mapped[str] = mapped_column(String(60), primary_key=True)  # the case's number and the strand
    key: Mapped[str] = synonym("child_id")  # by what it is claimed and woken
    case_no: Mapped[str] = mapped_column(ForeignKey("cases.case_no"), index=True)
    strand: Mapped[str] = mapped_column(String(20))
    flow: Mapped[str] = mapped_column(String(20))
    district: Mapped[str] = mapped_column(String(40))
    grade: Mapped[str] = mapped_column(String(1))
    unit: Mapped[str] = mapped_column(String(60))
    role: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(30))
    next_due_at: Mapped[datetime | None]
    rung_at: Mapped[datetime | None]  # when the next rung of its own clocks is due
    task_run_id: Mapped[str | None] = mapped_column(String(36))  # the step under which the case's run shows it
    opened_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (Index("ix_children_alarm", "alarm_at"), Index("ix_children_waking", "waking_until"))


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
    """One field of personal data, encrypted with its case's key."""

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
    strand: Mapped[str] = mapped_column(String(20), default="", server_default=text("''"))  # whose run sends it
    data: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(12))  # pending, trying, sent, dropped, unknown
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    next_try_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]  # of the clock that the message is about: it is of little use later
    trying_since: Mapped[datetime | None]
    via: Mapped[str | None] = mapped_column(String(20))  # the channel that took it
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
    failures: Mapped[int] = mapped_column(Integer, default=0, server_default="0")  # in a row, until one succeeds
    rests_until: Mapped[datetime | None]  # nothing is sent there before (its breaker is open)
    gone_at: Mapped[datetime | None]  # it said 410: nothing is sent there until it is connected anew


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


class BatchRow(Base):
    """How far a file's import has come. Its key is a keyed hash of the file, where it goes and how it is read."""

    __tablename__ = "batches"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    district: Mapped[str] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(40))
    source: Mapped[str] = mapped_column(String(300))  # what the file was called when it was last imported
    columns: Mapped[str] = mapped_column(Text)  # the mapping that was asked for, as JSON
    done: Mapped[int] = mapped_column(Integer)  # the number of the last row that has been settled
    read: Mapped[int] = mapped_column(Integer)
    accepted: Mapped[int] = mapped_column(Integer)
    repeated: Mapped[int] = mapped_column(Integer)
    quarantined: Mapped[int] = mapped_column(Integer)
    started_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


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
    batch: Mapped[str | None] = mapped_column(String(64))  # none in what an earlier release put away
    kinds: Mapped[str] = mapped_column(String(200), default="", server_default=text("''"))  # of its faults, in order
    case_no: Mapped[str | None] = mapped_column(String(40))  # what it became when somebody released it

    __table_args__ = (
        Index("ix_quarantine_batch", "batch", "row"),
        Index("ix_quarantine_place", "district", "source", "row"),
    )


class AlertRow(Base):
    """Something that an operator must know, open until it is cleared; said once however often it happens."""

    __tablename__ = "alerts"
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    subject: Mapped[str] = mapped_column(String(120), primary_key=True)
    words: Mapped[str] = mapped_column(Text)
    times: Mapped[int] = mapped_column(Integer)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    cleared_at: Mapped[datetime | None]


class MarkRow(Base):
    """A remembered place or moment: how far a round has come, when the gateway was last alive."""

    __tablename__ = "marks"
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class OutageRow(Base):
    """A stretch in which no gateway was alive: nobody could act, so nobody but the system is charged for it."""

    __tablename__ = "outages"
    since: Mapped[datetime] = mapped_column(primary_key=True)
    until: Mapped[datetime] = mapped_column(index=True)


class RootRow(Base):
    """One day's root over the heads of all chains that grew since the root before it, which it covers too."""

    __tablename__ = "roots"
    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    since: Mapped[datetime]
    until: Mapped[datetime]
    cases: Mapped[int] = mapped_column(Integer)
    previous: Mapped[str] = mapped_column(String(64))
    root: Mapped[str] = mapped_column(String(64))


class PrecedentRow(Base):
    """A ruling: which unit has the matter of an item in an area, until the catalogue's next version."""

    __tablename__ = "precedents"
    case_no: Mapped[str] = mapped_column(ForeignKey("cases.case_no"), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    district: Mapped[str] = mapped_column(String(40))
    item: Mapped[str] = mapped_column(String(40))
    street: Mapped[str] = mapped_column(String(60))  # empty where the case has none
    unit: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(Text)
    catalogue_version: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]

    __table_args__ = (Index("ix_precedents_matter", "district", "item", "street", "catalogue_version"),)


class GapRow(Base):
    """A matter that no item of the catalogue fits (研判): what was guessed, and who has it nevertheless."""

    __tablename__ = "gaps"
    case_no: Mapped[str] = mapped_column(ForeignKey("cases.case_no"), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    district: Mapped[str] = mapped_column(String(40), index=True)
    guess: Mapped[str | None] = mapped_column(String(40))
    unit: Mapped[str] = mapped_column(String(60))
    reason: Mapped[str] = mapped_column(Text)
    catalogue_version: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]


class ChoiceRow(Base):
    """What a dispatcher decided of an item in a place; the same again and again becomes the system's own choice."""

    __tablename__ = "choices"
    case_no: Mapped[str] = mapped_column(ForeignKey("cases.case_no"), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    district: Mapped[str] = mapped_column(String(40))
    item: Mapped[str] = mapped_column(String(40))
    street: Mapped[str] = mapped_column(String(60))
    community: Mapped[str] = mapped_column(String(60))  # empty where the case has none
    unit: Mapped[str] = mapped_column(String(60))
    catalogue_version: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]

    __table_args__ = (
        Index("ix_choices_street", "district", "item", "street", "catalogue_version", "at"),
        Index("ix_choices_community", "district", "item", "street", "community", "catalogue_version", "at"),
    )


class AssetRow(Base):
    """A thing with a code of its own: whose it is, and who keeps it in order."""

    __tablename__ = "assets"
    district: Mapped[str] = mapped_column(String(40), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    owner: Mapped[str | None] = mapped_column(String(60))
    maintainer: Mapped[str | None] = mapped_column(String(60))
    place: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[datetime]
