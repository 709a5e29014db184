"""Compare cases with other registers."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "comparison",
        sa.Column("id", sa.Integer(), nullable=False, comment="序号"),
        sa.Column("declaration_id", sa.Integer(), nullable=False, comment="申报"),
        sa.Column(
            "kind", sa.String(length=12), nullable=False, comment="比对项：重复注册、在施项目、社会保险"
        ),
        sa.Column("result", sa.String(length=8), nullable=False, comment="比对结果：无异常、有异常、未知"),
        sa.Column("unanswered", sa.String(length=16), nullable=True, comment="未知的原因；仅当结果未知"),
        sa.Column("submitted_at", sa.DateTime(), nullable=False, comment="所比对的那次上报的时间"),
        sa.Column("checked_at", sa.DateTime(), nullable=False, comment="比对时间"),
        sa.Column("as_of", sa.Date(), nullable=True, comment="对方数据截止日期"),
        sa.Column(
            "detail",
            sa.LargeBinary(),
            nullable=False,
            comment="比对所见（JSON，加密）：单位、项目、月份；不含证件号码",
        ),
        sa.Column("tries", sa.Integer(), nullable=False, comment="连续未获答复的次数"),
        sa.Column(
            "asked_again_at",
            sa.DateTime(),
            nullable=True,
            comment="得到本结果后再次比对而未获答复的时间",
        ),
        sa.Column("superseded_at", sa.DateTime(), nullable=True, comment="被新结果取代的时间；空为现行"),
        sa.CheckConstraint(
            "(result = 'unknown') = (unanswered IS NOT NULL)", name=op.f("ck_comparison_unknown_why")
        ),
        sa.CheckConstraint("result IN ('clear', 'flagged', 'unknown')", name=op.f("ck_comparison_result")),
        sa.ForeignKeyConstraint(
            ["declaration_id"], ["declaration.id"], name=op.f("fk_comparison_declaration_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comparison")),
    )
    with op.batch_alter_table("comparison", schema=None) as batch_op:
        batch_op.create_index("ix_comparison_declaration", ["declaration_id", "id"], unique=False)
        batch_op.create_index(
            "uq_comparison_current",
            ["declaration_id", "kind"],
            unique=True,
            sqlite_where=sa.text("superseded_at IS NULL"),
            postgresql_where=sa.text("superseded_at IS NULL"),
        )
    with op.batch_alter_table("declaration", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "comparison",
                sa.String(length=8),
                nullable=True,
                comment="比对结果：各项之中最须留意者；空为无须比对",
            )
        )
        batch_op.create_index(
            "ix_declaration_comparison",
            ["comparison", "region_code", "state", "submitted_at"],
            unique=False,
        )


def downgrade() -> None:
    with op.batch_alter_table("declaration", schema=None) as batch_op:
        batch_op.drop_index("ix_declaration_comparison")
        batch_op.drop_column("comparison")
    op.drop_table("comparison")
