"""Enterprises, and the construction qualifications they hold."""

from datetime import date
from decimal import Decimal
from typing import Any

from flask_appbuilder import Model
from flask_babel import lazy_gettext as _l
from sqlalchemy import Boolean, Date, ForeignKey, Integer, Numeric, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions.columns import EncryptedText, described
from app.extensions.search import gram_index
from app.models.personal import HasMobile
from app.models.region import HUNAN

OF_THE_PROVINCE = "1"
"""The enterprise type 省内企业."""
BUILDING_CATEGORIES = ("general", "trade", "labour", "overall", "crew")
"""The categories of qualifications for building works (施工), before and after the reform of 2020."""


class Enterprise(HasMobile, Model):
    """An employer of constructors: every field of 企业基本信息 (manual 3.2.2.1)."""

    __tablename__ = "enterprise"
    __table_args__ = (gram_index("enterprise", "name"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, comment="序号")
    name: Mapped[str] = mapped_column(String(200), **described("企业名称", _l("Enterprise name"), fixed=True))
    uscc: Mapped[str] = mapped_column(
        String(18), unique=True, **described("社会统一信用代码", _l("Unified social credit code"), fixed=True)
    )
    founded_on: Mapped[date | None] = mapped_column(
        Date, **described("成立日期", _l("Founded on"), required=True)
    )
    former_name: Mapped[str | None] = mapped_column(String(200), **described("曾用名", _l("Former name")))
    enterprise_type: Mapped[str] = mapped_column(
        String(8), default="1", **described("企业类型", _l("Enterprise type"), dictionary="enterprise_type")
    )
    province_code: Mapped[str] = mapped_column(
        String(6),
        default=HUNAN,
        **described("注册所在省", _l("Registered province"), region=True, fixed=True),
    )
    region_code: Mapped[str] = mapped_column(
        ForeignKey("region.code"),
        index=True,
        **described("注册所在地市", _l("Registered city"), region=True, fixed=True),
    )
    county_code: Mapped[str | None] = mapped_column(
        ForeignKey("region.code"), **described("注册所在区县", _l("Registered county"), region=True)
    )
    legal_representative: Mapped[str | None] = mapped_column(
        String(60), **described("法定代表人", _l("Legal representative"), required=True)
    )
    business_address: Mapped[str | None] = mapped_column(
        String(200), **described("企业营业地址", _l("Business address"), required=True)
    )
    postal_code: Mapped[str | None] = mapped_column(String(6), **described("邮政编码", _l("Postal code")))
    registration_type: Mapped[str | None] = mapped_column(
        String(8),
        **described(
            "企业登记注册类型", _l("Type of registration"), dictionary="registration_type", required=True
        ),
    )
    registered_capital: Mapped[Decimal | None] = mapped_column(
        Numeric(15, 3), **described("注册资本金（万元）", _l("Registered capital (10,000)"), required=True)
    )
    capital_currency: Mapped[str | None] = mapped_column(
        String(3),
        default="156",
        **described("注册资本币种", _l("Currency"), dictionary="currency", required=True),
    )
    office_phone: Mapped[str | None] = mapped_column(
        String(30), **described("办公电话", _l("Office telephone"), required=True)
    )
    fax: Mapped[str | None] = mapped_column(String(30), **described("传真号码", _l("Fax")))
    contact_name: Mapped[str | None] = mapped_column(
        String(60), **described("联系人姓名", _l("Contact person's name"), required=True)
    )
    website: Mapped[str | None] = mapped_column(String(200), **described("企业网址", _l("Website")))
    email: Mapped[str | None] = mapped_column(String(100), **described("电子邮箱", _l("E-mail")))
    qualification_kind: Mapped[str | None] = mapped_column(
        String(8),
        default="2",
        **described("企业资质类型", _l("Kind of qualification"), dictionary="qualification_kind"),
    )
    insurance_site: Mapped[str | None] = mapped_column(
        String(200), **described("社保网址", _l("Social insurance website"))
    )
    insurance_user: Mapped[str | None] = mapped_column(
        EncryptedText, deferred=True, **described("社保登录用户名（只写）", _l("Social insurance user name"))
    )
    insurance_password: Mapped[str | None] = mapped_column(
        EncryptedText, deferred=True, **described("社保登录密码（只写）", _l("Social insurance password"))
    )
    business_scope: Mapped[str | None] = mapped_column(
        Text, **described("营业执照经营范围", _l("Business scope"))
    )
    active: Mapped[bool] = mapped_column(Boolean, default=True, **described("启用", _l("In use")))
    version: Mapped[int] = mapped_column(Integer, default=1, comment="版本，防止互相覆盖")

    qualifications: Mapped[list["EnterpriseQualification"]] = relationship(
        back_populates="enterprise", order_by="EnterpriseQualification.id"
    )
    __mapper_args__ = {"version_id_col": version}

    def __str__(self) -> str:
        return self.name


class EnterpriseQualification(Model):
    """资质: a licence of the enterprise to take on works of one kind and grade."""

    __tablename__ = "enterprise_qualification"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, comment="序号")
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"), index=True, comment="企业")
    certificate_number: Mapped[str] = mapped_column(
        String(60), **described("资质证书编号", _l("Certificate number"), required=True)
    )
    category: Mapped[str] = mapped_column(
        String(8), **described("资质类别", _l("Category"), dictionary="qualification_category", required=True)
    )
    specialty: Mapped[str] = mapped_column(
        String(60), **described("资质专业", _l("Specialty of the qualification"), required=True)
    )
    grade: Mapped[str] = mapped_column(
        String(8), **described("资质等级", _l("Grade"), dictionary="qualification_grade", required=True)
    )
    issued_on: Mapped[date | None] = mapped_column(Date, **described("发证日期", _l("Issued on")))
    valid_until: Mapped[date | None] = mapped_column(Date, **described("有效期至", _l("Valid until")))
    authority: Mapped[str | None] = mapped_column(
        String(100), **described("发证机关", _l("Issuing authority"))
    )

    enterprise: Mapped[Enterprise] = relationship(back_populates="qualifications")


def missing_labels(enterprise: Enterprise) -> list[Any]:
    """The labels of the starred fields that are still empty: until there are none, nothing can be declared."""
    columns = Enterprise.__table__.columns
    missing = [
        column.info["label"]
        for column in columns
        if column.info.get("required") and getattr(enterprise, column.name) in (None, "")
    ]
    if not enterprise.mobile_masked:
        missing.append(_l("Contact person's mobile number"))
    return missing
