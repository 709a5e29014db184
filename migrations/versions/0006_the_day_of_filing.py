"""Keep the day on which a declaration was filed first."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

# Instants are stored in UTC, and the day of filing is a day of Shanghai.
_FILL = {
    "sqlite": "UPDATE declaration SET filed_on = date(submitted_at, '+8 hours')",
    "postgresql": "UPDATE declaration SET filed_on = CAST(submitted_at + INTERVAL '8 hours' AS DATE)",
}


def upgrade() -> None:
    with op.batch_alter_table("declaration", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "filed_on",
                sa.Date(),
                nullable=True,
                comment="首次上报日期；退回补正不改变，撤回后重新上报则为新的日期",
            )
        )
    op.execute(_FILL[op.get_bind().dialect.name])


def downgrade() -> None:
    with op.batch_alter_table("declaration", schema=None) as batch_op:
        batch_op.drop_column("filed_on")
