"""Versions of SOPs, instances, assignments."""

import sqlalchemy as sa
from alembic import op

revision = "20261121_0102"
down_revision = "20261121_0101"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "sop_version",
        sa.Column("hash", sa.Text(), nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("loaded_at", sa.BigInteger(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_sop_version")),
    )
    op.create_index(
        "uq_sop_version_current_slug",
        "sop_version",
        ["slug"],
        unique=True,
        sqlite_where=sa.text("current"),
        postgresql_where=sa.text("current"),
    )
    op.create_table(
        "instance",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("started_by", ID, nullable=True),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["definition"], ["sop_version.hash"], name=op.f("fk_instance_definition")),
        sa.ForeignKeyConstraint(["started_by"], ["officer.id"], name=op.f("fk_instance_started_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_instance")),
    )
    op.create_index(
        "ix_instance_running",
        "instance",
        ["office", "id"],
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "assignment",
        sa.Column("instance", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("task", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("holder", sa.BigInteger(), nullable=True),
        sa.Column("assigned_at", sa.BigInteger(), nullable=False),
        sa.Column("accept_by", sa.BigInteger(), nullable=True),
        sa.Column("started_at", sa.BigInteger(), nullable=True),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("next_at", sa.BigInteger(), nullable=True),
        sa.Column("next_rung", sa.Text(), nullable=True),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.CheckConstraint("next_at IS NULL OR ended_at IS NULL", name=op.f("ck_assignment_ended")),
        sa.ForeignKeyConstraint(["holder"], ["officer.id"], name=op.f("fk_assignment_holder")),
        sa.ForeignKeyConstraint(["instance"], ["instance.id"], name=op.f("fk_assignment_instance")),
        sa.PrimaryKeyConstraint("instance", "n", name=op.f("pk_assignment")),
    )
    op.create_index(
        "ix_assignment_holder",
        "assignment",
        ["holder"],
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "ix_assignment_next_at",
        "assignment",
        ["next_at"],
        sqlite_where=sa.text("ended_at IS NULL AND next_at IS NOT NULL"),
        postgresql_where=sa.text("ended_at IS NULL AND next_at IS NOT NULL"),
    )
    op.create_index(
        "ix_assignment_unheld",
        "assignment",
        ["office", "role"],
        sqlite_where=sa.text("ended_at IS NULL AND holder IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL AND holder IS NULL"),
    )


def downgrade() -> None:
    op.drop_table("assignment")
    op.drop_table("instance")
    op.drop_table("sop_version")
