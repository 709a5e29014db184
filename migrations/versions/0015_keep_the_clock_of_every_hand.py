"""Keep the clock of every hand: of the province after the publicity, and of changes of enterprises."""

from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_DAYS = 5
"""As the policy values of both terms begin. What the province has set as days off is not asked here."""
_SATURDAY = 5
_CHANGE = "enterprise_change"
_FILED_WHEN = "ck_enterprise_change_submitted_when"


def _after(day: date) -> date:
    left = _DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < _SATURDAY
    return day


def _publicised() -> None:
    """Cases that stand in publicity are due after it."""
    bind = op.get_bind()
    lists = bind.execute(
        sa.text(
            "SELECT id, closes_on FROM publicity WHERE id IN "
            "(SELECT publicity_id FROM declaration WHERE state = 'publicised')"
        ).columns(closes_on=sa.Date())
    ).all()
    if lists:
        bind.execute(
            sa.text(
                "UPDATE declaration SET due_on = :due WHERE publicity_id = :key AND state = 'publicised'"
            ).bindparams(sa.bindparam("due", type_=sa.Date())),
            [{"key": one.id, "due": _after(one.closes_on)} for one in lists],
        )


def _changes() -> None:
    """Changes that lie with an authority are due like those that come to it today."""
    op.get_bind().execute(
        sa.text(
            "UPDATE enterprise_change SET due_on = :due WHERE state IN ('submitted', 'endorsed')"
        ).bindparams(sa.bindparam("due", _after(datetime.now(UTC).date()), type_=sa.Date()))
    )


def upgrade() -> None:
    # What was extended is said by the course of the case.
    op.drop_column("declaration", "extended")
    with op.batch_alter_table(_CHANGE, schema=None) as batch_op:
        batch_op.add_column(sa.Column("due_on", sa.Date(), nullable=True, comment="办理期限"))
        batch_op.drop_constraint(batch_op.f(_FILED_WHEN), type_="check")
        batch_op.create_check_constraint(
            batch_op.f(_FILED_WHEN), "state = 'draft' OR state = 'lapsed' OR submitted_at IS NOT NULL"
        )
    _publicised()
    _changes()


def downgrade() -> None:
    op.execute("UPDATE declaration SET due_on = NULL WHERE state = 'publicised'")
    op.execute(
        "UPDATE enterprise_change SET submitted_at = changed_at WHERE state = 'lapsed' AND submitted_at IS NULL"
    )
    with op.batch_alter_table(_CHANGE, schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f(_FILED_WHEN), type_="check")
        batch_op.create_check_constraint(
            batch_op.f(_FILED_WHEN), "state = 'draft' OR submitted_at IS NOT NULL"
        )
        batch_op.drop_column("due_on")
    op.add_column(
        "declaration",
        sa.Column(
            "extended", sa.Boolean(), nullable=False, server_default=sa.false(), comment="已延长办理期限"
        ),
    )
    op.execute(
        "UPDATE declaration SET extended = true WHERE id IN "
        "(SELECT declaration_id FROM decision WHERE action = 'extend')"
    )
