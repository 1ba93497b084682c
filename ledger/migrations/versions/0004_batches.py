"""How far each file's import has come; the faults of a bad row by kind, and the case it became when it was released."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
COUNTS = ("done", "read", "accepted", "repeated", "quarantined")


def upgrade() -> None:
    op.create_table(
        "batches",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("district", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=300), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        sa.Column("started_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("finished_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_batches"),
    )
    op.add_column("quarantine", sa.Column("batch", sa.String(length=64), nullable=True))
    op.add_column("quarantine", sa.Column("kinds", sa.String(length=200), nullable=False, server_default=sa.text("''")))
    op.add_column("quarantine", sa.Column("case_no", sa.String(length=40), nullable=True))
    op.create_index("ix_quarantine_batch", "quarantine", ["batch", "row"])
    op.create_index("ix_quarantine_place", "quarantine", ["district", "source", "row"])


def downgrade() -> None:
    op.drop_index("ix_quarantine_place", "quarantine")
    op.drop_index("ix_quarantine_batch", "quarantine")
    for column in ("case_no", "kinds", "batch"):
        op.drop_column("quarantine", column)
    op.drop_table("batches")
