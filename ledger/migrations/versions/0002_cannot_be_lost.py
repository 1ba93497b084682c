"""What a ledger needs so that nothing is lost in a crash: calls, rungs, tries, rests, alerts, outages and roots."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("cases", sa.Column("calls", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("cases", sa.Column("rung_at", TIME, nullable=True))
    op.create_index("ix_cases_rung", "cases", ["rung_at"])
    still_open = sa.text("closed_at IS NULL")
    op.create_index("ix_cases_open", "cases", ["case_no"], sqlite_where=still_open, postgresql_where=still_open)
    op.add_column("deliveries", sa.Column("due_at", TIME, nullable=True))
    op.add_column("deliveries", sa.Column("trying_since", TIME, nullable=True))
    op.add_column("deliveries", sa.Column("via", sa.String(length=20), nullable=True))
    op.add_column("endpoints", sa.Column("failures", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("endpoints", sa.Column("rests_until", TIME, nullable=True))
    op.add_column("endpoints", sa.Column("gone_at", TIME, nullable=True))
    op.create_table(
        "alerts",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("first_at", TIME, nullable=False),
        sa.Column("last_at", TIME, nullable=False),
        sa.Column("cleared_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("kind", "subject", name="pk_alerts"),
    )
    op.create_table(
        "marks",
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_marks"),
    )
    op.create_table(
        "outages",
        sa.Column("since", TIME, nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.PrimaryKeyConstraint("since", name="pk_outages"),
    )
    op.create_index("ix_outages_until", "outages", ["until"])
    op.create_table(
        "roots",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.Column("until", TIME, nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("root", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_roots"),
    )
    # What an administrator had set in a form was known by the runs that carried it only: it stays the district's.
    op.execute(
        "UPDATE policies SET source = 'form' WHERE source = 'run' AND used_at ="
        " (SELECT max(used_at) FROM policies AS each_other WHERE each_other.district = policies.district)"
    )


def downgrade() -> None:
    for table in ("roots", "outages", "marks", "alerts"):
        op.drop_table(table)
    for table, columns in (
        ("endpoints", ("failures", "rests_until", "gone_at")),
        ("deliveries", ("due_at", "trying_since", "via")),
    ):
        for column in columns:
            op.drop_column(table, column)
    op.drop_index("ix_cases_rung", "cases")
    op.drop_index("ix_cases_open", "cases")
    # Not in a batch: on SQLite that copies the table and drops it, which rows that refer to its rows forbid.
    op.drop_column("cases", "calls")
    op.drop_column("cases", "rung_at")
