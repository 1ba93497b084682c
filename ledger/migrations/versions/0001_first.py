"""The first tables: cases with their events, deliveries, policies, the vault, and who may speak."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "channel_keys",
        sa.Column("district", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("district", "channel", name="pk_channel_keys"),
    )
    op.create_table(
        "counters",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_counters"),
    )
    op.create_table(
        "endpoints",
        sa.Column("district", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("previous_secret", sa.LargeBinary(), nullable=True),
        sa.Column("previous_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("district", "unit", name="pk_endpoints"),
    )
    op.create_table(
        "policies",
        sa.Column("version", sa.String(length=80), nullable=False),
        sa.Column("district", sa.String(length=40), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("version", name="pk_policies"),
    )
    op.create_index("ix_policies_latest", "policies", ["district", "used_at"])
    op.create_table(
        "quarantine",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("district", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_quarantine"),
    )
    op.create_table(
        "tokens",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("district", sa.String(length=40), nullable=True),
        sa.Column("unit", sa.String(length=60), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("digest", name="pk_tokens"),
    )
    op.create_table(
        "cases",
        sa.Column("case_no", sa.String(length=40), nullable=False),
        sa.Column("district", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("external_id", sa.String(length=200), nullable=True),
        sa.Column("property", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("grade", sa.String(length=1), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=True),
        sa.Column("unit", sa.String(length=60), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("policy_version", sa.String(length=80), nullable=False),
        sa.Column("catalogue_version", sa.String(length=60), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("flow_run_id", sa.String(length=36), nullable=True),
        sa.Column("alarm_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("waking_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_epoch", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["policy_version"], ["policies.version"], name="fk_cases_policy_version"),
        sa.PrimaryKeyConstraint("case_no", name="pk_cases"),
        sa.UniqueConstraint("district", "channel", "external_id", name="uq_cases_external_id"),
    )
    op.create_index("ix_cases_alarm", "cases", ["alarm_at"])
    op.create_index("ix_cases_desk", "cases", ["district", "state", "next_due_at"])
    op.create_index("ix_cases_unit", "cases", ["unit", "state"])
    op.create_index("ix_cases_waking", "cases", ["waking_until"])
    op.create_table(
        "deliveries",
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("case_no", sa.String(length=40), nullable=False),
        sa.Column("case_seq", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("door", sa.String(length=10), nullable=False),
        sa.Column("addressee", sa.String(length=60), nullable=False),
        sa.Column("type", sa.String(length=40), nullable=False),
        sa.Column("task_id", sa.String(length=60), nullable=True),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_no"], ["cases.case_no"], name="fk_deliveries_case_no"),
        sa.PrimaryKeyConstraint("key", name="pk_deliveries"),
    )
    op.create_index("ix_deliveries_case", "deliveries", ["case_no", "state", "case_seq", "n"])
    op.create_table(
        "events",
        sa.Column("case_no", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("prev_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["case_no"], ["cases.case_no"], name="fk_events_case_no"),
        sa.PrimaryKeyConstraint("case_no", "seq", name="pk_events"),
    )
    op.create_table(
        "inbox",
        sa.Column("district", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("delivery_id", sa.String(length=200), nullable=False),
        sa.Column("body_hash", sa.String(length=64), nullable=False),
        sa.Column("case_no", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_no"], ["cases.case_no"], name="fk_inbox_case_no"),
        sa.PrimaryKeyConstraint("district", "unit", "delivery_id", name="pk_inbox"),
    )
    op.create_table(
        "unmaskings",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("case_no", sa.String(length=40), nullable=False),
        sa.Column("field", sa.String(length=80), nullable=False),
        sa.Column("actor", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_no"], ["cases.case_no"], name="fk_unmaskings_case_no"),
        sa.PrimaryKeyConstraint("id", name="pk_unmaskings"),
    )
    op.create_index("ix_unmaskings_case_no", "unmaskings", ["case_no"])
    op.create_table(
        "vault",
        sa.Column("case_no", sa.String(length=40), nullable=False),
        sa.Column("field", sa.String(length=80), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_no"], ["cases.case_no"], name="fk_vault_case_no"),
        sa.PrimaryKeyConstraint("case_no", "field", name="pk_vault"),
    )
    op.create_table(
        "vault_keys",
        sa.Column("case_no", sa.String(length=40), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_no"], ["cases.case_no"], name="fk_vault_keys_case_no"),
        sa.PrimaryKeyConstraint("case_no", name="pk_vault_keys"),
    )


def downgrade() -> None:
    op.drop_table("vault_keys")
    op.drop_table("vault")
    op.drop_table("unmaskings")
    op.drop_table("inbox")
    op.drop_table("events")
    op.drop_table("deliveries")
    op.drop_table("cases")
    op.drop_table("tokens")
    op.drop_table("quarantine")
    op.drop_table("policies")
    op.drop_table("endpoints")
    op.drop_table("counters")
    op.drop_table("channel_keys")
