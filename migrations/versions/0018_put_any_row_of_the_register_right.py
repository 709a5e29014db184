"""Put any row of the register right, and keep what is overwritten."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_DROPPED = (
    "right_standing",
    "right_cancelled_on",
    "right_without",
    "right_paper_number",
    "right_registered_on",
    "right_enterprise_code",
)
_LAST = """
    FROM registration r
    WHERE r.id = registration_event.registration_id
    AND registration_event.id IN (SELECT max(id) FROM registration_event GROUP BY registration_id)
"""
_KEEP = {
    "sqlite": """
        UPDATE registration_event SET content = json_set(
            registration_event.content, '$.gender', r.gender, '$.birth_date', r.birth_date,
            '$.employed_since', r.employed_since, '$.registered_on', r.registered_on,
            '$.paper_number', r.paper_number
        )
    """,
    "postgresql": """
        UPDATE registration_event SET content = (registration_event.content::jsonb || jsonb_build_object(
            'gender', r.gender, 'birth_date', r.birth_date, 'employed_since', r.employed_since,
            'registered_on', r.registered_on, 'paper_number', r.paper_number
        ))::text
    """,
}
"""What an event did not keep before. The register says of each registration what its last event has left."""
_OF_THE_ACT = "FROM register_act a WHERE a.id = registration_event.act_id"
_DOCUMENT = {
    "sqlite": """
        UPDATE registration_event
        SET content = json_set(registration_event.content, '$.document_number', a.document_number)
    """,
    "postgresql": """
        UPDATE registration_event SET content = (
            registration_event.content::jsonb || jsonb_build_object('document_number', a.document_number)
        )::text
    """,
}
"""Under which number an act was decided."""


def upgrade() -> None:
    with op.batch_alter_table("register_act", schema=None) as batch_op:
        for name, length, comment in (
            ("right_enterprise_code", 18, "更正后聘用企业的统一社会信用代码"),
            ("right_paper_number", 20, "更正后纸质证书编号"),
            ("right_without", 12, "误登记的专业"),
        ):
            batch_op.add_column(sa.Column(name, sa.String(length=length), nullable=True, comment=comment))
        for name, comment in (
            ("right_registered_on", "更正后首次注册日期"),
            ("right_cancelled_on", "更正后注销日期"),
        ):
            batch_op.add_column(sa.Column(name, sa.Date(), nullable=True, comment=comment))
        batch_op.add_column(
            sa.Column(
                "right_standing", sa.Boolean(), server_default=sa.false(), nullable=False, comment="恢复有效"
            )
        )
    for table, comment in (
        ("registration", "聘用企业；空为平台上没有的企业，只有名称"),
        ("registration_event", "变动后的聘用企业；空为平台上没有的企业"),
    ):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column("enterprise_id", existing_type=sa.Integer(), nullable=True, comment=comment)
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.create_check_constraint(
            op.f("ck_registration_employed_when"), "status <> 'valid' OR enterprise_id IS NOT NULL"
        )
    dialect = op.get_bind().dialect.name
    op.execute(_KEEP[dialect] + _LAST)
    op.execute(_DOCUMENT[dialect] + _OF_THE_ACT)


def downgrade() -> None:
    # The tables of before have no place for an employer without an account, and no row of the register is thrown away.
    nameless = op.get_bind().scalar(
        sa.text("SELECT count(DISTINCT registration_id) FROM registration_event WHERE enterprise_id IS NULL")
    )
    if nameless:
        raise RuntimeError(
            f"{nameless} registrations name an employer without an account: they cannot go back."
        )
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_registration_employed_when"), type_="check")
    for table, comment in (
        ("registration_event", "变动后的聘用企业"),
        ("registration", "聘用企业"),
    ):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column(
                "enterprise_id", existing_type=sa.Integer(), nullable=False, comment=comment
            )
    with op.batch_alter_table("register_act", schema=None) as batch_op:
        for name in _DROPPED:
            batch_op.drop_column(name)
