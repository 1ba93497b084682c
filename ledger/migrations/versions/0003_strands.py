"""Parts and ownerships with runs of their own, cases that follow another, rulings as precedents, the catalogue's gaps."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("cases", sa.Column("merged_into", sa.String(length=40), nullable=True))
    op.create_index("ix_cases_merged_into", "cases", ["merged_into"])
    op.add_column("deliveries", sa.Column("strand", sa.String(length=20), nullable=False, server_default=sa.text("''")))
    op.create_table(
        "children",
        sa.Column("child_id", sa.String(length=60), nullable=False),
        sa.Column("case_no", sa.String(length=40), nullable=False),
        sa.Column("strand", sa.String(length=20), nullable=False),
        sa.Column("flow", sa.String(length=20), nullable=False),
        sa.Column("district", sa.String(length=40), nullable=False),
        sa.Column("grade", sa.String(length=1), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=30), nullable=False),
        sa.Column("next_due_at", TIME, nullable=True),
        sa.Column("rung_at", TIME, nullable=True),
        sa.Column("task_run_id", sa.String(length=36), nullable=True),
        sa.Column("opened_at", TIME, nullable=False),
        sa.Column("ended_at", TIME, nullable=True),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("flow_run_id", sa.String(length=36), nullable=True),
        sa.Column("alarm_at", TIME, nullable=True),
        sa.Column("waking_until", TIME, nullable=True),
        sa.Column("lease_epoch", sa.Integer(), nullable=False),
        sa.Column("lease_until", TIME, nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False, server_default="0"),
        sa.ForeignKeyConstraint(["case_no"], ["cases.case_no"], name="fk_children_case_no"),
        sa.PrimaryKeyConstraint("child_id", name="pk_children"),
    )
    op.create_index("ix_children_alarm", "children", ["alarm_at"])
    op.create_index("ix_children_case_no", "children", ["case_no"])
    op.create_index("ix_children_waking", "children", ["waking_until"])
    op.create_table(
        "precedents",
        *_place(),
        sa.Column("district", sa.String(length=40), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("street", sa.String(length=60), nullable=False),
        *_said(),
        sa.ForeignKeyConstraint(["case_no"], ["cases.case_no"], name="fk_precedents_case_no"),
        sa.PrimaryKeyConstraint("case_no", "seq", name="pk_precedents"),
    )
    op.create_index("ix_precedents_matter", "precedents", ["district", "item", "street", "catalogue_version"])
    op.create_table(
        "gaps",
        *_place(),
        sa.Column("district", sa.String(length=40), nullable=False),
        sa.Column("guess", sa.String(length=40), nullable=True),
        *_said(),
        sa.ForeignKeyConstraint(["case_no"], ["cases.case_no"], name="fk_gaps_case_no"),
        sa.PrimaryKeyConstraint("case_no", "seq", name="pk_gaps"),
    )
    op.create_index("ix_gaps_district", "gaps", ["district"])


def downgrade() -> None:
    for table in ("gaps", "precedents", "children"):
        op.drop_table(table)
    op.drop_column("deliveries", "strand")
    op.drop_index("ix_cases_merged_into", "cases")
    op.drop_column("cases", "merged_into")


def _place() -> tuple[sa.Column[str], sa.Column[int]]:
    """The event that said so."""
    return (
        sa.Column("case_no", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
    )


def _said() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("catalogue_version", sa.String(length=60), nullable=False),
        sa.Column("at", TIME, nullable=False),
    )
