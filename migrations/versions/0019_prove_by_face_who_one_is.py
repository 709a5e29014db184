"""Prove by face who one is."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_REJECTED = """
    UPDATE person SET rejected_at = (
        SELECT max(audit_entry.at) FROM audit_entry
        WHERE audit_entry.subject = 'person' AND audit_entry.action = 'real_name.reject'
        AND audit_entry.subject_id = CAST(person.id AS VARCHAR)
    )
    WHERE real_name_state <> 'verified'
"""
"""Whom an officer had found not to be who he says, before that was kept with the person."""


def upgrade() -> None:
    op.create_table(
        "face_check",
        sa.Column("id", sa.Integer(), nullable=False, comment="序号"),
        sa.Column("person_id", sa.Integer(), nullable=False, comment="个人"),
        sa.Column(
            "stage",
            sa.String(length=12),
            nullable=False,
            comment="阶段：进行中、通过、未通过、逾期、未采用、已重新发起、已撤回同意",
        ),
        sa.Column("nonce", sa.String(length=32), nullable=False, comment="本次核验的随机数，答复须原样带回"),
        sa.Column("receipt", sa.String(length=64), nullable=False, comment="核验服务的回执号"),
        sa.Column(
            "address", sa.LargeBinary(), nullable=True, comment="本人刷脸的网址（加密）；核验结束即清除"
        ),
        sa.Column(
            "subject_mark",
            sa.String(length=40),
            nullable=False,
            comment="发起时身份信息与五张照片的带密钥摘要；有变动则结果不予采用",
        ),
        sa.Column("opened_at", sa.DateTime(), nullable=False, comment="发起时间"),
        sa.Column("expires_at", sa.DateTime(), nullable=False, comment="有效期至"),
        sa.Column("answered_at", sa.DateTime(), nullable=True, comment="本平台得知结果的时间"),
        sa.Column("decided_at", sa.DateTime(), nullable=True, comment="核验服务作出结果的时间"),
        sa.Column("reason", sa.String(length=40), nullable=True, comment="未通过的原因代码"),
        sa.Column("frame_salt", sa.String(length=32), nullable=True, comment="采集图像摘要所用的盐"),
        sa.Column(
            "frame_digest", sa.String(length=64), nullable=True, comment="采集图像的加盐摘要（SHA-256）"
        ),
        sa.Column(
            "frame_attachment_id",
            sa.Integer(),
            nullable=True,
            comment="采集图像的附件序号；附件到期删除，故不设外键",
        ),
        sa.Column("frame_deleted_at", sa.DateTime(), nullable=True, comment="采集图像的删除时间"),
        sa.CheckConstraint(
            "(stage = 'open') = (answered_at IS NULL)", name=op.f("ck_face_check_answered_when")
        ),
        sa.CheckConstraint(
            "stage <> 'passed' OR frame_digest IS NOT NULL", name=op.f("ck_face_check_passed_with_frame")
        ),
        sa.CheckConstraint("stage <> 'failed' OR reason IS NOT NULL", name=op.f("ck_face_check_failed_why")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_face_check_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_face_check")),
        sa.UniqueConstraint("receipt", name=op.f("uq_face_check_receipt")),
    )
    with op.batch_alter_table("face_check", schema=None) as batch_op:
        batch_op.create_index("ix_face_check_person", ["person_id", "id"], unique=False)
        batch_op.create_index("ix_face_check_frame", ["frame_deleted_at", "answered_at"], unique=False)
        batch_op.create_index(
            "uq_face_check_open",
            ["person_id"],
            unique=True,
            sqlite_where=sa.text("stage = 'open'"),
            postgresql_where=sa.text("stage = 'open'"),
        )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "rejected_at",
                sa.DateTime(),
                nullable=True,
                comment="窗口核验未通过的时间；此后只能由窗口核验，直至通过",
            )
        )
    op.execute(_REJECTED)


def downgrade() -> None:
    # Who was verified by face stays so: that stands with the person. The pictures go, since nothing would delete them
    # when their hours are over; their files are swept with whatever else belongs to nothing.
    op.execute("DELETE FROM attachment WHERE kind = 'face_capture'")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("rejected_at")
    op.drop_table("face_check")
