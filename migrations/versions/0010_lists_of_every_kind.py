"""Let lists of every kind be imported."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_OPEN = "(stage = 'checked') = (content IS NOT NULL)"


def _rename(old: str, new: str) -> None:
    """The table with everything that is named after it."""
    op.drop_index(op.f(f"ix_{old}_content_hash"), table_name=old)
    op.rename_table(old, new)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE {new} RENAME CONSTRAINT pk_{old} TO pk_{new}")
        op.execute(f"ALTER SEQUENCE {old}_id_seq RENAME TO {new}_id_seq")
    with op.batch_alter_table(new, schema=None) as batch_op:
        batch_op.drop_constraint(op.f(f"ck_{old}_content_only_while_open"), type_="check")
        batch_op.create_check_constraint(op.f(f"ck_{new}_content_only_while_open"), _OPEN)
        batch_op.drop_constraint(op.f(f"fk_{old}_uploaded_by_id"), type_="foreignkey")
        batch_op.create_foreign_key(op.f(f"fk_{new}_uploaded_by_id"), "ab_user", ["uploaded_by_id"], ["id"])
        batch_op.create_index(op.f(f"ix_{new}_content_hash"), ["content_hash"], unique=False)


def upgrade() -> None:
    _rename("qualification_import", "workbook_import")
    with op.batch_alter_table("workbook_import", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "kind",
                sa.String(length=24),
                nullable=False,
                comment="导入类型",
                server_default="qualification",
            )
        )
        batch_op.add_column(
            sa.Column("enterprise_id", sa.Integer(), nullable=True, comment="所属企业；空为省级")
        )
        batch_op.create_index(op.f("ix_workbook_import_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_foreign_key(
            op.f("fk_workbook_import_enterprise_id"), "enterprise", ["enterprise_id"], ["id"]
        )
    with op.batch_alter_table("workbook_import", schema=None) as batch_op:
        batch_op.alter_column("kind", server_default=None)
        batch_op.alter_column(
            "known_count", existing_type=sa.Integer(), existing_nullable=False, comment="已有行数"
        )
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("paper_number", sa.String(length=20), nullable=True, comment="纸质证书编号")
        )
        batch_op.create_index(op.f("ix_registration_paper_number"), ["paper_number"], unique=False)
    with op.batch_alter_table("registration_event", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("import_id", sa.Integer(), nullable=True, comment="据以登记的历史数据导入")
        )
        batch_op.create_foreign_key(
            op.f("fk_registration_event_import_id"), "workbook_import", ["import_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("registration_event", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_registration_event_import_id"), type_="foreignkey")
        batch_op.drop_column("import_id")
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.drop_index(op.f("ix_registration_paper_number"))
        batch_op.drop_column("paper_number")
    op.execute("DELETE FROM workbook_import WHERE kind <> 'qualification'")
    with op.batch_alter_table("workbook_import", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_workbook_import_enterprise_id"), type_="foreignkey")
        batch_op.drop_index(op.f("ix_workbook_import_enterprise_id"))
        batch_op.drop_column("enterprise_id")
        batch_op.drop_column("kind")
        batch_op.alter_column(
            "known_count", existing_type=sa.Integer(), existing_nullable=False, comment="已在库中"
        )
    _rename("workbook_import", "qualification_import")
