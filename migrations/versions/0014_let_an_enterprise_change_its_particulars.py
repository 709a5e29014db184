"""Let an enterprise change its particulars."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_OWNERS = (
    "declaration_id", "person_id", "enterprise_id", "objection_id", "consultation_id", "act_id", "lock_id", "reply_id",
)  # fmt: skip
_CHANGE = "enterprise_change_id"


def _one_owner(batch_op: Any, owners: tuple[str, ...]) -> None:
    """A file belongs to exactly one of these."""
    batch_op.drop_constraint(op.f("ck_attachment_one_owner"), type_="check")
    counted = " + ".join(f"CASE WHEN {owner} IS NULL THEN 0 ELSE 1 END" for owner in owners)
    batch_op.create_check_constraint(op.f("ck_attachment_one_owner"), sa.text(f"{counted} = 1"))


def upgrade() -> None:
    op.create_table(
        "enterprise_change",
        sa.Column("id", sa.Integer(), nullable=False, comment="序号"),
        sa.Column("enterprise_id", sa.Integer(), nullable=False, comment="申请企业"),
        sa.Column("number", sa.String(length=20), nullable=True, comment="申报编号"),
        sa.Column("state", sa.String(length=12), nullable=False, comment="状态"),
        sa.Column("version", sa.Integer(), nullable=False, comment="版本，防止互相覆盖"),
        sa.Column("region_code", sa.String(length=6), nullable=False, comment="审查主管部门（变更前）"),
        sa.Column("old_name", sa.String(length=200), nullable=False, comment="变更前企业名称"),
        sa.Column("old_uscc", sa.String(length=18), nullable=False, comment="变更前信用代码"),
        sa.Column("old_region_code", sa.String(length=6), nullable=False, comment="变更前注册所在地市"),
        sa.Column("old_county_code", sa.String(length=6), nullable=True, comment="变更前注册所在区县"),
        sa.Column("old_address", sa.String(length=200), nullable=True, comment="变更前营业地址"),
        sa.Column("old_representative", sa.String(length=60), nullable=True, comment="变更前法定代表人"),
        sa.Column("new_name", sa.String(length=200), nullable=False, comment="变更后企业名称"),
        sa.Column("new_uscc", sa.String(length=18), nullable=False, comment="变更后信用代码"),
        sa.Column("new_region_code", sa.String(length=6), nullable=False, comment="变更后注册所在地市"),
        sa.Column("new_county_code", sa.String(length=6), nullable=True, comment="变更后注册所在区县"),
        sa.Column("new_address", sa.String(length=200), nullable=True, comment="变更后营业地址"),
        sa.Column("new_representative", sa.String(length=60), nullable=True, comment="变更后法定代表人"),
        sa.Column("changed_on", sa.Date(), nullable=True, comment="市场监管部门核准变更日期"),
        sa.Column("reason", sa.String(length=500), nullable=True, comment="变更原因"),
        sa.Column("followed", sa.Integer(), nullable=False, comment="随同变更的注册人数"),
        sa.Column("created_by_id", sa.Integer(), nullable=True, comment="填报人"),
        sa.Column("created_at", sa.DateTime(), nullable=False, comment="填报时间"),
        sa.Column("changed_at", sa.DateTime(), nullable=False, comment="修改时间"),
        sa.Column("submitted_at", sa.DateTime(), nullable=True, comment="上报时间"),
        sa.Column("decided_by_id", sa.Integer(), nullable=True, comment="省级决定人"),
        sa.Column("decided_on", sa.Date(), nullable=True, comment="决定日期"),
        sa.CheckConstraint(
            "state = 'draft' OR submitted_at IS NOT NULL", name=op.f("ck_enterprise_change_submitted_when")
        ),
        sa.CheckConstraint(
            "state NOT IN ('completed', 'refused') OR decided_by_id IS NOT NULL",
            name=op.f("ck_enterprise_change_decided_when"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["ab_user.id"], name=op.f("fk_enterprise_change_created_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["ab_user.id"], name=op.f("fk_enterprise_change_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_enterprise_change_enterprise_id")
        ),
        sa.ForeignKeyConstraint(
            ["new_county_code"], ["region.code"], name=op.f("fk_enterprise_change_new_county_code")
        ),
        sa.ForeignKeyConstraint(
            ["new_region_code"], ["region.code"], name=op.f("fk_enterprise_change_new_region_code")
        ),
        sa.ForeignKeyConstraint(
            ["old_county_code"], ["region.code"], name=op.f("fk_enterprise_change_old_county_code")
        ),
        sa.ForeignKeyConstraint(
            ["old_region_code"], ["region.code"], name=op.f("fk_enterprise_change_old_region_code")
        ),
        sa.ForeignKeyConstraint(
            ["region_code"], ["region.code"], name=op.f("fk_enterprise_change_region_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprise_change")),
        sa.UniqueConstraint("number", name=op.f("uq_enterprise_change_number")),
    )
    with op.batch_alter_table("enterprise_change", schema=None) as batch_op:
        batch_op.create_index("ix_enterprise_change_enterprise", ["enterprise_id", "id"], unique=False)
        batch_op.create_index("ix_enterprise_change_region", ["region_code", "state", "id"], unique=False)
        batch_op.create_index("ix_enterprise_change_state", ["state", "id"], unique=False)
        batch_op.create_index(
            "uq_enterprise_change_open",
            ["enterprise_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('draft', 'submitted', 'returned', 'endorsed')"),
            postgresql_where=sa.text("state IN ('draft', 'submitted', 'returned', 'endorsed')"),
        )

    op.create_table(
        "enterprise_change_step",
        sa.Column("id", sa.Integer(), nullable=False, comment="序号"),
        sa.Column("change_id", sa.Integer(), nullable=False, comment="企业信息变更"),
        sa.Column("action", sa.String(length=24), nullable=False, comment="操作"),
        sa.Column("from_state", sa.String(length=12), nullable=False, comment="原状态"),
        sa.Column("to_state", sa.String(length=12), nullable=False, comment="新状态"),
        sa.Column("actor_id", sa.Integer(), nullable=True, comment="操作人"),
        sa.Column("actor_name", sa.String(length=100), nullable=False, comment="操作人姓名"),
        sa.Column("role", sa.String(length=30), nullable=False, comment="角色"),
        sa.Column("opinion", sa.Text(), nullable=True, comment="意见"),
        sa.Column("at", sa.DateTime(), nullable=False, comment="时间"),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["ab_user.id"], name=op.f("fk_enterprise_change_step_actor_id")
        ),
        sa.ForeignKeyConstraint(
            ["change_id"], ["enterprise_change.id"], name=op.f("fk_enterprise_change_step_change_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprise_change_step")),
    )
    with op.batch_alter_table("enterprise_change_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enterprise_change_step_change_id"), ["change_id"], unique=False)

    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("enterprise_change_id", sa.Integer(), nullable=True, comment="企业信息变更")
        )
        batch_op.create_index(
            batch_op.f("ix_attachment_enterprise_change_id"), ["enterprise_change_id"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_attachment_enterprise_change_id"),
            "enterprise_change",
            ["enterprise_change_id"],
            ["id"],
        )
        _one_owner(batch_op, (*_OWNERS, _CHANGE))

    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("enterprise_change_id", sa.Integer(), nullable=True, comment="所涉企业信息变更")
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_notice_enterprise_change_id"),
            "enterprise_change",
            ["enterprise_change_id"],
            ["id"],
        )

    with op.batch_alter_table("registration_event", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("enterprise_change_id", sa.Integer(), nullable=True, comment="据以变动的企业信息变更")
        )
        batch_op.create_index(
            batch_op.f("ix_registration_event_enterprise_change_id"), ["enterprise_change_id"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_registration_event_enterprise_change_id"),
            "enterprise_change",
            ["enterprise_change_id"],
            ["id"],
        )


def downgrade() -> None:
    # Files and notices of a change go with its table; what the files held is swept with what nothing names.
    op.execute("DELETE FROM attachment WHERE enterprise_change_id IS NOT NULL")
    op.execute("DELETE FROM notice WHERE enterprise_change_id IS NOT NULL")
    with op.batch_alter_table("registration_event", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_registration_event_enterprise_change_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_registration_event_enterprise_change_id"))
        batch_op.drop_column("enterprise_change_id")

    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_notice_enterprise_change_id"), type_="foreignkey")
        batch_op.drop_column("enterprise_change_id")

    with op.batch_alter_table("attachment", schema=None) as batch_op:
        _one_owner(batch_op, _OWNERS)
        batch_op.drop_constraint(batch_op.f("fk_attachment_enterprise_change_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_attachment_enterprise_change_id"))
        batch_op.drop_column("enterprise_change_id")

    with op.batch_alter_table("enterprise_change_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enterprise_change_step_change_id"))

    op.drop_table("enterprise_change_step")
    with op.batch_alter_table("enterprise_change", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_enterprise_change_open",
            sqlite_where=sa.text("state IN ('draft', 'submitted', 'returned', 'endorsed')"),
            postgresql_where=sa.text("state IN ('draft', 'submitted', 'returned', 'endorsed')"),
        )
        batch_op.drop_index("ix_enterprise_change_state")
        batch_op.drop_index("ix_enterprise_change_region")
        batch_op.drop_index("ix_enterprise_change_enterprise")

    op.drop_table("enterprise_change")
