"""Say on forms what the register says."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def _held() -> sa.Column:
    return sa.Column("held_specialties", sa.Text(), nullable=True, comment="已注册专业及有效期")


def _former_employer() -> list[sa.Column]:
    return [
        sa.Column(
            "former_legal_representative",
            sa.String(length=60),
            nullable=True,
            comment="原聘用企业法定代表人",
        ),
        sa.Column("former_county_code", sa.String(length=6), nullable=True, comment="原聘用企业工商注册地"),
        sa.Column("former_contact", sa.String(length=60), nullable=True, comment="原聘用企业联系人"),
        sa.Column("former_phone", sa.String(length=30), nullable=True, comment="原聘用企业联系电话"),
    ]


def _added() -> dict[str, list[sa.Column]]:
    """The new columns of each table. What was filed before says nothing in them until it is filed again."""
    return {
        "addition": [_held()],
        "renewal": [
            _held(),
            sa.Column("other_registrations", sa.Text(), nullable=True, comment="其它注册情况"),
            sa.Column("remarks", sa.Text(), nullable=True, comment="备注"),
        ],
        "replacement": [
            sa.Column("seal_check_code", sa.String(length=2), nullable=True, comment="执业印章校验码"),
        ],
        "id_correction": [
            sa.Column("new_gender", sa.String(length=2), nullable=True, comment="正确的性别"),
            sa.Column("new_birth_date", sa.Date(), nullable=True, comment="正确的出生日期"),
        ],
        "transfer": _former_employer(),
        "temporary_transfer": _former_employer(),
    }


def upgrade() -> None:
    for table, columns in _added().items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.add_column(column)


def downgrade() -> None:
    for table, columns in reversed(_added().items()):
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in reversed(columns):
                batch_op.drop_column(column.name)
