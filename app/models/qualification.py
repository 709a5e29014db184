"""The 资格证 library: who passed the exam in which specialty, imported by the province."""

from datetime import date, datetime
from enum import StrEnum

from flask_appbuilder import Model
from flask_babel import lazy_gettext as _l
from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Integer, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions.clock import now
from app.extensions.columns import UtcDateTime, described
from app.models.account import Account
from app.models.personal import HasIdNumber


class Qualification(HasIdNumber, Model):
    """One certificate of one specialty, valid for life. Its number is unique (notes: 6.2)."""

    __tablename__ = "qualification"
    __table_args__ = (Index("ix_qualification_person_specialty", "id_number_index", "specialty"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, comment="序号")
    certificate_number: Mapped[str] = mapped_column(
        String(40), unique=True, **described("资格证书编号", _l("Qualification certificate number"))
    )
    management_number: Mapped[str | None] = mapped_column(
        String(40), **described("管理号", _l("Management number"))
    )
    name: Mapped[str] = mapped_column(String(60), index=True, **described("姓名", _l("Name")))
    gender: Mapped[str | None] = mapped_column(
        String(2), **described("性别", _l("Gender"), dictionary="gender")
    )
    id_type: Mapped[str] = mapped_column(
        String(4), default="1", **described("证件类型", _l("ID type"), dictionary="id_type")
    )
    province_code: Mapped[str | None] = mapped_column(
        ForeignKey("region.code"), **described("省份", _l("Province"), region=True)
    )
    specialty: Mapped[str] = mapped_column(
        String(12), index=True, **described("专业类别", _l("Qualification specialty"), dictionary="specialty")
    )
    year_obtained: Mapped[int] = mapped_column(Integer, **described("取得年份", _l("Year obtained")))
    method: Mapped[str] = mapped_column(
        String(4), default="1", **described("取得方式", _l("How obtained"), dictionary="qualification_method")
    )
    issued_on: Mapped[date] = mapped_column(Date, **described("签发日期", _l("Issued on")))
    school: Mapped[str | None] = mapped_column(String(100), **described("毕业学校", _l("School")))
    graduation_date: Mapped[date | None] = mapped_column(Date, **described("毕业时间", _l("Graduation date")))
    major: Mapped[str | None] = mapped_column(String(100), **described("所学专业", _l("Major")))
    education: Mapped[str | None] = mapped_column(
        String(4), **described("最高学历", _l("Education"), dictionary="education")
    )
    employer: Mapped[str | None] = mapped_column(String(200), **described("工作单位", _l("Place of work")))
    import_id: Mapped[int | None] = mapped_column(
        ForeignKey("qualification_import.id"), index=True, comment="导入批次"
    )


class ImportStage(StrEnum):
    """How far an import has come."""

    CHECKED = "checked"
    LOADED = "loaded"
    DISCARDED = "discarded"


class QualificationImport(Model):
    """One uploaded workbook: what the dry run found in it, and whether its good rows were loaded.

    The workbook is full of personal data: it is kept encrypted, and only until it is loaded or discarded.
    """

    __tablename__ = "qualification_import"
    __table_args__ = (
        CheckConstraint("(stage = 'checked') = (content IS NOT NULL)", name="content_only_while_open"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True, comment="序号")
    file_name: Mapped[str] = mapped_column(String(200), **described("文件名", _l("File name")))
    content_hash: Mapped[str] = mapped_column(String(64), index=True, comment="文件哈希")
    content: Mapped[bytes | None] = mapped_column(
        LargeBinary, deferred=True, comment="上传的工作簿（加密；导入或放弃后即删除）"
    )
    stage: Mapped[str] = mapped_column(
        String(12), default=ImportStage.CHECKED, **described("进度", _l("Progress"))
    )
    row_count: Mapped[int] = mapped_column(Integer, default=0, **described("总行数", _l("Rows")))
    good_count: Mapped[int] = mapped_column(Integer, default=0, **described("可导入行数", _l("Good rows")))
    known_count: Mapped[int] = mapped_column(
        Integer, default=0, **described("已在库中", _l("Already in the library"))
    )
    bad_count: Mapped[int] = mapped_column(
        Integer, default=0, **described("有误行数", _l("Rows with errors"))
    )
    loaded_count: Mapped[int] = mapped_column(
        Integer, default=0, **described("已导入行数", _l("Rows loaded"))
    )
    findings: Mapped[str] = mapped_column(
        Text, default='{"rows": [], "notices": []}', deferred=True, comment="逐行错误（JSON，不含个人信息）"
    )
    uploaded_by_id: Mapped[int | None] = mapped_column(ForeignKey("ab_user.id"), comment="上传人；空为命令行")
    uploaded_at: Mapped[datetime] = mapped_column(
        UtcDateTime, default=now, **described("上传时间", _l("Uploaded at"))
    )
    loaded_at: Mapped[datetime | None] = mapped_column(UtcDateTime, **described("导入时间", _l("Loaded at")))
    discarded_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime, **described("放弃时间", _l("Discarded at"))
    )

    uploaded_by: Mapped[Account | None] = relationship(foreign_keys=[uploaded_by_id])
