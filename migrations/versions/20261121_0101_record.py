"""The deployment and the trail with its guards.

The guards' text is frozen here; `sopbot/store/guards.py` holds what they must be today, and a test compares.
A later migration that rebuilds the table `trail` has to create them again: SQLite drops them with the table.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261121_0101"
down_revision = "20261121_0100"
branch_labels = None
depends_on = None

SQLITE_GUARDS = (
    """
CREATE TRIGGER trail_no_update BEFORE UPDATE ON trail
BEGIN SELECT RAISE(ABORT, 'the trail only grows at its end'); END""",
    """
CREATE TRIGGER trail_no_delete BEFORE DELETE ON trail
BEGIN SELECT RAISE(ABORT, 'the trail only grows at its end'); END""",
    """
CREATE TRIGGER trail_append BEFORE INSERT ON trail
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM trail WHERE office = NEW.office)
  OR EXISTS (SELECT 1 FROM trail WHERE leaf = NEW.leaf)
  OR EXISTS (SELECT 1 FROM trail WHERE instance = NEW.instance AND instance_seq = NEW.instance_seq)
BEGIN SELECT RAISE(ABORT, 'the trail only grows at its end'); END""",
)
POSTGRESQL_GUARDS = (
    """
CREATE OR REPLACE FUNCTION trail_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.seq = (SELECT coalesce(max(seq), 0) + 1 FROM trail WHERE office = NEW.office) THEN
      RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'the trail only grows at its end';
END $$""",
    """
CREATE TRIGGER trail_row BEFORE INSERT OR UPDATE OR DELETE ON trail
FOR EACH ROW EXECUTE FUNCTION trail_guard()""",
    "ALTER TABLE trail ENABLE ALWAYS TRIGGER trail_row",
    """
CREATE TRIGGER trail_truncate BEFORE TRUNCATE ON trail
FOR EACH STATEMENT EXECUTE FUNCTION trail_guard()""",
    "ALTER TABLE trail ENABLE ALWAYS TRIGGER trail_truncate",
)


def upgrade() -> None:
    op.create_table(
        "deployment",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("uuid", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_deployment_single")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deployment")),
    )
    op.create_table(
        "meta",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_meta")),
    )
    op.create_table(
        "chain",
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("link", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("office", name=op.f("pk_chain")),
    )
    op.create_table(
        "trail",
        sa.Column("office", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("instance", sa.BigInteger(), nullable=True),
        sa.Column("instance_seq", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("leaf", sa.LargeBinary(), nullable=False),
        sa.Column("link", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("office", "seq", name=op.f("pk_trail")),
        sa.UniqueConstraint("instance", "instance_seq", name=op.f("uq_trail_instance_instance_seq")),
        sa.UniqueConstraint("leaf", name=op.f("uq_trail_leaf")),
    )
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for guard in SQLITE_GUARDS if on_sqlite else POSTGRESQL_GUARDS:
        op.execute(guard)


def downgrade() -> None:
    op.drop_table("trail")
    op.drop_table("chain")
    op.drop_table("meta")
    op.drop_table("deployment")
    if op.get_bind().dialect.name != "sqlite":
        op.execute("DROP FUNCTION trail_guard()")
