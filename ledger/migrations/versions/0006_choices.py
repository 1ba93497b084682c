"""What dispatchers decide again and again, and the register of things with codes of their own."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "choices",
        sa.Column("case_no", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("district", sa.String(length=40), nullable=False),
        sa.Column("item", sa.String(length=40), nullable=False),
        sa.Column("street", sa.String(length=60), nullable=False),
        sa.Column("community", sa.String(length=60), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=False),
        sa.Column("catalogue_version", sa.String(length=60), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["case_no"], ["cases.case_no"], name="fk_choices_case_no"),
        sa.PrimaryKeyConstraint("case_no", "seq", name="pk_choices"),
    )
    matter = ["district", "item", "street"]
    op.create_index("ix_choices_street", "choices", [*matter, "catalogue_version", "at"])
    op.create_index("ix_choices_community", "choices", [*matter, "community", "catalogue_version", "at"])
    op.create_table(
        "assets",
        sa.Column("district", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("owner", sa.String(length=60), nullable=True),
        sa.Column("maintainer", sa.String(length=60), nullable=True),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("district", "code", name="pk_assets"),
    )


def downgrade() -> None:
    op.drop_table("assets")
    op.drop_table("choices")
