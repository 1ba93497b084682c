"""Which other case a case may be the same matter as, and an index by which the open cases of one matter are found."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

OPEN = sa.text("closed_at IS NULL")


def upgrade() -> None:
    op.add_column("cases", sa.Column("suspect", sa.String(length=40), nullable=True))
    op.create_index(
        "ix_cases_matter",
        "cases",
        ["district", "item", "received_at"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade() -> None:
    op.drop_index("ix_cases_matter", "cases")
    op.drop_column("cases", "suspect")
