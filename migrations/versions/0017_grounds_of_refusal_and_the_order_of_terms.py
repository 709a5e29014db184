"""Keep on which ground a registration was refused, what was before a re-registration, and no term that is reversed."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_SPECIALTY = sa.table(
    "registered_specialty", sa.column("begins_on", sa.Date()), sa.column("ends_on", sa.Date())
)
_GIVEN = (
    sa.Column("original_certificate_number", sa.String(length=20), nullable=True, comment="原证书编号"),
    sa.Column("refused_on", sa.Date(), nullable=True, comment="不予注册日期"),
    sa.Column("refusal_ground", sa.String(length=24), nullable=True, comment="不予注册依据"),
)


def upgrade() -> None:
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ground", sa.String(length=24), nullable=True, comment="不予注册依据"))
    with op.batch_alter_table("re_registration", schema=None) as batch_op:
        for column in _GIVEN:
            batch_op.add_column(column)
    # A wrong date of birth could cut a term before its first day: it ends on that day, and lapses in the next night.
    op.execute(
        sa.update(_SPECIALTY)
        .where(_SPECIALTY.c.ends_on < _SPECIALTY.c.begins_on)
        .values(ends_on=_SPECIALTY.c.begins_on)
    )
    with op.batch_alter_table("registered_specialty", schema=None) as batch_op:
        batch_op.create_check_constraint(
            op.f("ck_registered_specialty_term_order"), sa.text("ends_on >= begins_on")
        )


def downgrade() -> None:
    with op.batch_alter_table("registered_specialty", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_registered_specialty_term_order"), type_="check")
    with op.batch_alter_table("re_registration", schema=None) as batch_op:
        for column in reversed(_GIVEN):
            batch_op.drop_column(column.name)
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_column("ground")
