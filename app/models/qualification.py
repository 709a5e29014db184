"""The 资格证 library: who passed the exam in which specialty, imported by the province."""

from datetime import date

from flask_appbuilder import Model
from flask_babel import lazy_gettext as _l
from sqlalchemy import Date, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions.columns import described
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
        ForeignKey("workbook_import.id"), index=True, comment="导入批次"
    )
