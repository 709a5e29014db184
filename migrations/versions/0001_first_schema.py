"""First schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ab_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("label", sa.String(length=150), nullable=True),
        sa.Column("description", sa.String(length=512), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_group")),
        sa.UniqueConstraint("name", name=op.f("uq_ab_group_name")),
    )
    op.create_table(
        "ab_permission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_permission")),
        sa.UniqueConstraint("name", name=op.f("uq_ab_permission_name")),
    )
    op.create_table(
        "ab_register_user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_name", sa.String(length=64), nullable=False),
        sa.Column("last_name", sa.String(length=64), nullable=False),
        sa.Column("username", sa.String(length=128), nullable=False),
        sa.Column("password", sa.String(length=256), nullable=True),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("registration_date", sa.DateTime(), nullable=True),
        sa.Column("registration_hash", sa.String(length=256), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_register_user")),
        sa.UniqueConstraint("email", name=op.f("uq_ab_register_user_email")),
        sa.UniqueConstraint("username", name=op.f("uq_ab_register_user_username")),
    )
    op.create_table(
        "ab_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_role")),
        sa.UniqueConstraint("name", name=op.f("uq_ab_role_name")),
    )
    op.create_table(
        "ab_view_menu",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=250), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_view_menu")),
        sa.UniqueConstraint("name", name=op.f("uq_ab_view_menu_name")),
    )
    op.create_table(
        "attempt_count",
        sa.Column("subject", sa.String(length=80), nullable=False, comment="对象（哈希）"),
        sa.Column("window", sa.DateTime(), nullable=False, comment="时间窗起点"),
        sa.Column("count", sa.Integer(), nullable=False, comment="次数"),
        sa.PrimaryKeyConstraint("subject", "window", name=op.f("pk_attempt_count")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False, comment="序号"),
        sa.Column("at", sa.DateTime(), nullable=False, comment="时间"),
        sa.Column("actor_id", sa.Integer(), nullable=True, comment="操作账号；空为系统或公众"),
        sa.Column("actor_name", sa.String(length=100), nullable=False, comment="操作人"),
        sa.Column("role", sa.String(length=30), nullable=False, comment="角色"),
        sa.Column("action", sa.String(length=40), nullable=False, comment="操作"),
        sa.Column("subject", sa.String(length=40), nullable=False, comment="对象"),
        sa.Column("subject_id", sa.String(length=40), nullable=False, comment="对象编号"),
        sa.Column("outcome", sa.String(length=12), nullable=False, comment="结果"),
        sa.Column("address", sa.String(length=45), nullable=True, comment="IP 地址"),
        sa.Column("request_id", sa.String(length=32), nullable=True, comment="请求编号"),
        sa.Column("detail", sa.Text(), nullable=False, comment="详情（JSON，不含个人信息）"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_action"), ["action"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_at"), ["at"], unique=False)

    op.create_table(
        "audit_seal",
        sa.Column("id", sa.Integer(), nullable=False, comment="序号"),
        sa.Column("first_entry_id", sa.Integer(), nullable=False, comment="首行"),
        sa.Column("last_entry_id", sa.Integer(), nullable=False, comment="末行"),
        sa.Column("entry_count", sa.Integer(), nullable=False, comment="行数"),
        sa.Column("hash", sa.String(length=64), nullable=False, comment="链式哈希"),
        sa.Column("at", sa.DateTime(), nullable=False, comment="封存时间"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_seal")),
        sa.UniqueConstraint("last_entry_id", name=op.f("uq_audit_seal_last_entry_id")),
    )
    op.create_table(
        "counter",
        sa.Column("series", sa.String(length=60), nullable=False, comment="编号序列"),
        sa.Column("value", sa.Integer(), nullable=False, comment="最后编号"),
        sa.PrimaryKeyConstraint("series", name=op.f("pk_counter")),
    )
    op.create_table(
        "data_key",
        sa.Column("id", sa.Integer(), nullable=False, comment="密钥编号"),
        sa.Column("purpose", sa.String(length=10), nullable=False, comment="用途"),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False, comment="被主密钥加密的数据密钥"),
        sa.Column("wrapped_by", sa.String(length=20), nullable=False, comment="主密钥名称"),
        sa.Column("created_at", sa.DateTime(), nullable=False, comment="生成时间"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_key")),
    )
    op.create_table(
        "dictionary_entry",
        sa.Column("id", sa.Integer(), nullable=False, comment="序号"),
        sa.Column("dictionary", sa.String(length=40), nullable=False, comment="字典"),
        sa.Column("code", sa.String(length=40), nullable=False, comment="代码"),
        sa.Column("label_zh", sa.String(length=100), nullable=False, comment="中文名称"),
        sa.Column("label_en", sa.String(length=120), nullable=False, comment="英文名称"),
        sa.Column("short_zh", sa.String(length=20), nullable=True, comment="简称"),
        sa.Column("position", sa.Integer(), nullable=False, comment="排序"),
        sa.Column("active", sa.Boolean(), nullable=False, comment="启用"),
        sa.Column("source", sa.String(length=200), nullable=True, comment="来源"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dictionary_entry")),
        sa.UniqueConstraint("dictionary", "code", name=op.f("uq_dictionary_entry_dictionary_code")),
    )
    op.create_table(
        "holiday",
        sa.Column("day", sa.Date(), nullable=False, comment="日期"),
        sa.Column("working", sa.Boolean(), nullable=False, comment="是否上班"),
        sa.Column("name", sa.String(length=60), nullable=False, comment="名称"),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_holiday")),
    )
    op.create_table(
        "region",
        sa.Column("code", sa.String(length=6), nullable=False, comment="行政区划代码"),
        sa.Column("name", sa.String(length=60), nullable=False, comment="名称"),
        sa.Column("name_en", sa.String(length=80), nullable=False, comment="英文名称"),
        sa.Column("parent_code", sa.String(length=6), nullable=True, comment="上级行政区划代码"),
        sa.Column("valid_from", sa.Date(), nullable=True, comment="启用日期"),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="停用日期"),
        sa.Column("account_name", sa.String(length=40), nullable=True, comment="市州拼音（账号名）"),
        sa.ForeignKeyConstraint(["parent_code"], ["region.code"], name=op.f("fk_region_parent_code")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_region")),
        sa.UniqueConstraint("account_name", name=op.f("uq_region_account_name")),
    )
    with op.batch_alter_table("region", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_region_parent_code"), ["parent_code"], unique=False)

    op.create_table(
        "stored_file",
        sa.Column("id", sa.Integer(), nullable=False, comment="序号"),
        sa.Column("sha256", sa.String(length=64), nullable=False, comment="内容哈希（明文）"),
        sa.Column("media_type", sa.String(length=60), nullable=False, comment="内容类型"),
        sa.Column("size", sa.Integer(), nullable=False, comment="明文字节数"),
        sa.Column("path", sa.String(length=120), nullable=False, comment="在文件目录下的相对路径"),
        sa.Column("created_at", sa.DateTime(), nullable=False, comment="存入时间"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
        sa.UniqueConstraint("path", name=op.f("uq_stored_file_path")),
    )
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stored_file_sha256"), ["sha256"], unique=False)

    op.create_table(
        "ab_group_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("role_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["group_id"], ["ab_group.id"], name=op.f("fk_ab_group_role_group_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["role_id"], ["ab_role.id"], name=op.f("fk_ab_group_role_role_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_group_role")),
        sa.UniqueConstraint("group_id", "role_id", name=op.f("uq_ab_group_role_group_id_role_id")),
    )
    with op.batch_alter_table("ab_group_role", schema=None) as batch_op:
        batch_op.create_index("idx_group_id", ["group_id"], unique=False)
        batch_op.create_index("idx_group_role_id", ["role_id"], unique=False)

    op.create_table(
        "ab_permission_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("permission_id", sa.Integer(), nullable=False),
        sa.Column("view_menu_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["permission_id"], ["ab_permission.id"], name=op.f("fk_ab_permission_view_permission_id")
        ),
        sa.ForeignKeyConstraint(
            ["view_menu_id"], ["ab_view_menu.id"], name=op.f("fk_ab_permission_view_view_menu_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_permission_view")),
        sa.UniqueConstraint(
            "permission_id", "view_menu_id", name=op.f("uq_ab_permission_view_permission_id_view_menu_id")
        ),
    )
    with op.batch_alter_table("ab_permission_view", schema=None) as batch_op:
        batch_op.create_index("idx_permission_id", ["permission_id"], unique=False)
        batch_op.create_index("idx_view_menu_id", ["view_menu_id"], unique=False)

    op.create_table(
        "enterprise",
        sa.Column("id", sa.Integer(), nullable=False, comment="序号"),
        sa.Column("name", sa.String(length=200), nullable=False, comment="企业名称"),
        sa.Column("uscc", sa.String(length=18), nullable=False, comment="社会统一信用代码"),
        sa.Column("founded_on", sa.Date(), nullable=True, comment="成立日期"),
        sa.Column("former_name", sa.String(length=200), nullable=True, comment="曾用名"),
        sa.Column("enterprise_type", sa.String(length=8), nullable=False, comment="企业类型"),
        sa.Column("province_code", sa.String(length=6), nullable=False, comment="注册所在省"),
        sa.Column("region_code", sa.String(length=6), nullable=False, comment="注册所在地市"),
        sa.Column("county_code", sa.String(length=6), nullable=True, comment="注册所在区县"),
        sa.Column("legal_representative", sa.String(length=60), nullable=True, comment="法定代表人"),
        sa.Column("business_address", sa.String(length=200), nullable=True, comment="企业营业地址"),
        sa.Column("postal_code", sa.String(length=6), nullable=True, comment="邮政编码"),
        sa.Column("registration_type", sa.String(length=8), nullable=True, comment="企业登记注册类型"),
        sa.Column(
            "registered_capital",
            sa.Numeric(precision=15, scale=3),
            nullable=True,
            comment="注册资本金（万元）",
        ),
        sa.Column("capital_currency", sa.String(length=3), nullable=True, comment="注册资本币种"),
        sa.Column("office_phone", sa.String(length=30), nullable=True, comment="办公电话"),
        sa.Column("fax", sa.String(length=30), nullable=True, comment="传真号码"),
        sa.Column("contact_name", sa.String(length=60), nullable=True, comment="联系人姓名"),
        sa.Column("website", sa.String(length=200), nullable=True, comment="企业网址"),
        sa.Column("email", sa.String(length=100), nullable=True, comment="电子邮箱"),
        sa.Column("qualification_kind", sa.String(length=8), nullable=True, comment="企业资质类型"),
        sa.Column("insurance_site", sa.String(length=200), nullable=True, comment="社保网址"),
        sa.Column("insurance_user", sa.LargeBinary(), nullable=True, comment="社保登录用户名（只写）"),
        sa.Column("insurance_password", sa.LargeBinary(), nullable=True, comment="社保登录密码（只写）"),
        sa.Column("business_scope", sa.Text(), nullable=True, comment="营业执照经营范围"),
        sa.Column("active", sa.Boolean(), nullable=False, comment="启用"),
        sa.Column("version", sa.Integer(), nullable=False, comment="版本，防止互相覆盖"),
        sa.Column("mobile_cipher", sa.LargeBinary(), nullable=True, comment="手机号码（加密）"),
        sa.Column("mobile_masked", sa.String(length=20), nullable=True, comment="手机号码（掩码）"),
        sa.Column("mobile_index", sa.String(length=40), nullable=True, comment="手机号码（盲索引）"),
        sa.ForeignKeyConstraint(["county_code"], ["region.code"], name=op.f("fk_enterprise_county_code")),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_enterprise_region_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprise")),
        sa.UniqueConstraint("uscc", name=op.f("uq_enterprise_uscc")),
    )
    with op.batch_alter_table("enterprise", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_enterprise_mobile_index"), ["mobile_index"], unique=False)
        batch_op.create_index(batch_op.f("ix_enterprise_region_code"), ["region_code"], unique=False)

    op.create_table(
        "person",
        sa.Column("id", sa.Integer(), nullable=False, comment="序号"),
        sa.Column("emergency_name", sa.String(length=60), nullable=True, comment="紧急联系人姓名"),
        sa.Column("emergency_mobile", sa.LargeBinary(), nullable=True, comment="紧急联系人手机号码"),
        sa.Column("real_name_state", sa.String(length=12), nullable=False, comment="实名认证状态"),
        sa.Column("verified_at", sa.DateTime(), nullable=True, comment="实名认证时间"),
        sa.Column(
            "verified_by_id",
            sa.Integer(),
            nullable=True,
            comment="窗口核验人账号；不设外键，因账号表指向本表",
        ),
        sa.Column("verified_how", sa.String(length=12), nullable=True, comment="认证方式"),
        sa.Column("rejected_reason", sa.String(length=500), nullable=True, comment="未通过原因"),
        sa.Column("region_code", sa.String(length=6), nullable=True, comment="办理市州"),
        sa.Column("version", sa.Integer(), nullable=False, comment="版本，防止互相覆盖"),
        sa.Column("name", sa.String(length=60), nullable=False, comment="姓名"),
        sa.Column("gender", sa.String(length=2), nullable=True, comment="性别"),
        sa.Column("id_type", sa.String(length=4), nullable=False, comment="证件类型"),
        sa.Column("birth_date", sa.Date(), nullable=True, comment="出生日期"),
        sa.Column("ethnicity", sa.String(length=4), nullable=True, comment="民族"),
        sa.Column("school", sa.String(length=100), nullable=True, comment="毕业院校"),
        sa.Column("major", sa.String(length=100), nullable=True, comment="所学专业"),
        sa.Column("graduation_date", sa.Date(), nullable=True, comment="毕业时间"),
        sa.Column("education", sa.String(length=4), nullable=True, comment="学历"),
        sa.Column("degree", sa.String(length=4), nullable=True, comment="学位"),
        sa.Column("id_number_cipher", sa.LargeBinary(), nullable=True, comment="证件号码（加密）"),
        sa.Column("id_number_masked", sa.String(length=40), nullable=True, comment="证件号码（掩码）"),
        sa.Column("id_number_index", sa.String(length=40), nullable=True, comment="证件号码（盲索引）"),
        sa.Column("mobile_cipher", sa.LargeBinary(), nullable=True, comment="手机号码（加密）"),
        sa.Column("mobile_masked", sa.String(length=20), nullable=True, comment="手机号码（掩码）"),
        sa.Column("mobile_index", sa.String(length=40), nullable=True, comment="手机号码（盲索引）"),
        sa.CheckConstraint(
            "real_name_state <> 'verified' OR verified_at IS NOT NULL", name=op.f("ck_person_verified_when")
        ),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_person_region_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_id_number_index"), ["id_number_index"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_mobile_index"), ["mobile_index"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_real_name_state"), ["real_name_state"], unique=False)
        batch_op.create_index(batch_op.f("ix_person_region_code"), ["region_code"], unique=False)
        batch_op.create_index("uq_person_id_number_index", ["id_number_index"], unique=True)

    op.create_table(
        "ab_permission_view_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("permission_view_id", sa.Integer(), nullable=True),
        sa.Column("role_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["permission_view_id"],
            ["ab_permission_view.id"],
            name=op.f("fk_ab_permission_view_role_permission_view_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["role_id"], ["ab_role.id"], name=op.f("fk_ab_permission_view_role_role_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_permission_view_role")),
        sa.UniqueConstraint(
            "permission_view_id",
            "role_id",
            name=op.f("uq_ab_permission_view_role_permission_view_id_role_id"),
        ),
    )
    with op.batch_alter_table("ab_permission_view_role", schema=None) as batch_op:
        batch_op.create_index("idx_permission_view_id", ["permission_view_id"], unique=False)
        batch_op.create_index("idx_role_id", ["role_id"], unique=False)

    op.create_table(
        "ab_user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_name", sa.String(length=64), nullable=False),
        sa.Column("last_name", sa.String(length=64), nullable=False),
        sa.Column("username", sa.String(length=128), nullable=False),
        sa.Column("password", sa.String(length=256), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=True),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("last_login", sa.DateTime(), nullable=True),
        sa.Column("login_count", sa.Integer(), nullable=True),
        sa.Column("fail_login_count", sa.Integer(), nullable=True),
        sa.Column("created_on", sa.DateTime(), nullable=True),
        sa.Column("changed_on", sa.DateTime(), nullable=True),
        sa.Column("created_by_fk", sa.Integer(), nullable=True),
        sa.Column("changed_by_fk", sa.Integer(), nullable=True),
        sa.Column("login_name", sa.String(length=40), nullable=True, comment="账号名"),
        sa.Column("display_name", sa.String(length=100), nullable=False, comment="姓名（显示）"),
        sa.Column("enterprise_id", sa.Integer(), nullable=True, comment="所属企业"),
        sa.Column("person_id", sa.Integer(), nullable=True, comment="本人"),
        sa.Column("region_code", sa.String(length=6), nullable=True, comment="所辖市州"),
        sa.Column(
            "credential_version",
            sa.Integer(),
            nullable=False,
            comment="凭据版本：修改密码或停用时加一，使所有会话失效",
        ),
        sa.Column("must_change_password", sa.Boolean(), nullable=False, comment="下次登录须改密码"),
        sa.Column("second_factor", sa.LargeBinary(), nullable=True, comment="动态口令密钥（加密）"),
        sa.Column(
            "second_factor_step", sa.Integer(), nullable=True, comment="最后使用的动态口令时间步，防重放"
        ),
        sa.Column("password_changed_at", sa.DateTime(), nullable=True, comment="密码修改时间"),
        sa.Column("language", sa.String(length=2), nullable=True, comment="界面语言"),
        sa.ForeignKeyConstraint(["changed_by_fk"], ["ab_user.id"], name=op.f("fk_ab_user_changed_by_fk")),
        sa.ForeignKeyConstraint(["created_by_fk"], ["ab_user.id"], name=op.f("fk_ab_user_created_by_fk")),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprise.id"], name=op.f("fk_ab_user_enterprise_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_ab_user_person_id")),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_ab_user_region_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_user")),
        sa.UniqueConstraint("email", name=op.f("uq_ab_user_email")),
        sa.UniqueConstraint("login_name", name=op.f("uq_ab_user_login_name")),
        sa.UniqueConstraint("person_id", name=op.f("uq_ab_user_person_id")),
        sa.UniqueConstraint("username", name=op.f("uq_ab_user_username")),
    )
    with op.batch_alter_table("ab_user", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ab_user_enterprise_id"), ["enterprise_id"], unique=False)

    op.create_table(
        "enterprise_qualification",
        sa.Column("id", sa.Integer(), nullable=False, comment="序号"),
        sa.Column("enterprise_id", sa.Integer(), nullable=False, comment="企业"),
        sa.Column("certificate_number", sa.String(length=60), nullable=False, comment="资质证书编号"),
        sa.Column("category", sa.String(length=8), nullable=False, comment="资质类别"),
        sa.Column("specialty", sa.String(length=60), nullable=False, comment="资质专业"),
        sa.Column("grade", sa.String(length=8), nullable=False, comment="资质等级"),
        sa.Column("issued_on", sa.Date(), nullable=True, comment="发证日期"),
        sa.Column("valid_until", sa.Date(), nullable=True, comment="有效期至"),
        sa.Column("authority", sa.String(length=100), nullable=True, comment="发证机关"),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_enterprise_qualification_enterprise_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprise_qualification")),
    )
    with op.batch_alter_table("enterprise_qualification", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_enterprise_qualification_enterprise_id"), ["enterprise_id"], unique=False
        )

    op.create_table(
        "registration",
        sa.Column("id", sa.Integer(), nullable=False, comment="序号"),
        sa.Column("person_id", sa.Integer(), nullable=False, comment="注册人员"),
        sa.Column("kind", sa.String(length=12), nullable=False, comment="注册类型"),
        sa.Column("number", sa.String(length=17), nullable=False, comment="注册编号"),
        sa.Column("status", sa.String(length=12), nullable=False, comment="证书状态"),
        sa.Column("name", sa.String(length=60), nullable=False, comment="姓名"),
        sa.Column("gender", sa.String(length=2), nullable=True, comment="性别"),
        sa.Column("birth_date", sa.Date(), nullable=False, comment="出生日期"),
        sa.Column("enterprise_id", sa.Integer(), nullable=False, comment="聘用企业"),
        sa.Column("enterprise_name", sa.String(length=200), nullable=False, comment="聘用企业"),
        sa.Column("region_code", sa.String(length=6), nullable=False, comment="主管部门"),
        sa.Column("seal_check_code", sa.Integer(), nullable=False, comment="执业印章校验码"),
        sa.Column("registered_on", sa.Date(), nullable=False, comment="首次注册日期"),
        sa.Column("ends_on", sa.Date(), nullable=False, comment="有效期至"),
        sa.Column("cancelled_on", sa.Date(), nullable=True, comment="注销日期"),
        sa.Column("cancelled_reason", sa.String(length=200), nullable=True, comment="注销原因"),
        sa.Column("changed_at", sa.DateTime(), nullable=False, comment="修改时间"),
        sa.Column("id_number_cipher", sa.LargeBinary(), nullable=True, comment="证件号码（加密）"),
        sa.Column("id_number_masked", sa.String(length=40), nullable=True, comment="证件号码（掩码）"),
        sa.Column("id_number_index", sa.String(length=40), nullable=True, comment="证件号码（盲索引）"),
        sa.CheckConstraint("seal_check_code BETWEEN 0 AND 99", name=op.f("ck_registration_seal_check_code")),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_registration_enterprise_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_registration_person_id")),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_registration_region_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration")),
        sa.UniqueConstraint("number", name=op.f("uq_registration_number")),
    )
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_registration_ends_on"), ["ends_on"], unique=False)
        batch_op.create_index("ix_registration_enterprise", ["enterprise_id", "status", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_registration_id_number_index"), ["id_number_index"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_registration_name"), ["name"], unique=False)
        batch_op.create_index(batch_op.f("ix_registration_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_registration_region_code"), ["region_code"], unique=False)
        batch_op.create_index(
            "uq_registration_live",
            ["person_id", "kind"],
            unique=True,
            sqlite_where=sa.text("status = 'valid'"),
            postgresql_where=sa.text("status = 'valid'"),
        )

    op.create_table(
        "ab_api_key",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=256), nullable=False),
        sa.Column("key_hash", sa.String(length=256), nullable=False),
        sa.Column("lookup_hash", sa.String(length=256), nullable=True),
        sa.Column("key_prefix", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_on", sa.DateTime(), nullable=True),
        sa.Column("expires_on", sa.DateTime(), nullable=True),
        sa.Column("revoked_on", sa.DateTime(), nullable=True),
        sa.Column("last_used_on", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["ab_user.id"], name=op.f("fk_ab_api_key_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_api_key")),
        sa.UniqueConstraint("lookup_hash", name=op.f("uq_ab_api_key_lookup_hash")),
        sa.UniqueConstraint("uuid", name=op.f("uq_ab_api_key_uuid")),
    )
    with op.batch_alter_table("ab_api_key", schema=None) as batch_op:
        batch_op.create_index("idx_api_key_lookup_hash", ["lookup_hash"], unique=True)
        batch_op.create_index("idx_api_key_prefix", ["key_prefix"], unique=False)
        batch_op.create_index("idx_api_key_user_id", ["user_id"], unique=False)

    op.create_table(
        "ab_user_group",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["group_id"], ["ab_group.id"], name=op.f("fk_ab_user_group_group_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["ab_user.id"], name=op.f("fk_ab_user_group_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_user_group")),
        sa.UniqueConstraint("user_id", "group_id", name=op.f("uq_ab_user_group_user_id_group_id")),
    )
    with op.batch_alter_table("ab_user_group", schema=None) as batch_op:
        batch_op.create_index("idx_user_group_id", ["group_id"], unique=False)
        batch_op.create_index("idx_user_id", ["user_id"], unique=False)

    op.create_table(
        "ab_user_role",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("role_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["role_id"], ["ab_role.id"], name=op.f("fk_ab_user_role_role_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["ab_user.id"], name=op.f("fk_ab_user_role_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ab_user_role")),
        sa.UniqueConstraint("user_id", "role_id", name=op.f("uq_ab_user_role_user_id_role_id")),
    )
    op.create_table(
        "announcement",
        sa.Column("id", sa.Integer(), nullable=False, comment="序号"),
        sa.Column("number", sa.String(length=20), nullable=False, comment="公告批次"),
        sa.Column("type_key", sa.String(length=40), nullable=False, comment="申报类型"),
        sa.Column("announced_on", sa.Date(), nullable=False, comment="公告日期"),
        sa.Column("size", sa.Integer(), nullable=False, comment="人数"),
        sa.Column("created_by_id", sa.Integer(), nullable=True, comment="公告人"),
        sa.Column("created_at", sa.DateTime(), nullable=False, comment="公告时间"),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["ab_user.id"], name=op.f("fk_announcement_created_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcement")),
        sa.UniqueConstraint("number", name=op.f("uq_announcement_number")),
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False, comment="序号"),
        sa.Column("account_id", sa.Integer(), nullable=False, comment="账号"),
        sa.Column("purpose", sa.String(length=40), nullable=False, comment="目的"),
        sa.Column("wording", sa.String(length=20), nullable=False, comment="文本版本"),
        sa.Column("at", sa.DateTime(), nullable=False, comment="同意时间"),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True, comment="撤回时间"),
        sa.ForeignKeyConstraint(["account_id"], ["ab_user.id"], name=op.f("fk_consent_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_account_id"), ["account_id"], unique=False)

    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False, comment="序号"),
        sa.Column("kind", sa.String(length=40), nullable=False, comment="任务"),
        sa.Column("key", sa.String(length=100), nullable=False, comment="幂等键"),
        sa.Column("payload", sa.Text(), nullable=False, comment="参数（JSON，不含个人信息）"),
        sa.Column("state", sa.String(length=12), nullable=False, comment="状态"),
        sa.Column("attempts", sa.Integer(), nullable=False, comment="已试次数"),
        sa.Column("run_after", sa.DateTime(), nullable=False, comment="不早于"),
        sa.Column("leased_by", sa.String(length=60), nullable=True, comment="执行进程"),
        sa.Column("leased_until", sa.DateTime(), nullable=True, comment="租约到期"),
        sa.Column("progress", sa.Integer(), nullable=False, comment="已完成"),
        sa.Column("total", sa.Integer(), nullable=False, comment="总数"),
        sa.Column("error", sa.Text(), nullable=True, comment="最后一次错误（不含个人信息）"),
        sa.Column("result", sa.Text(), nullable=False, comment="结果（JSON）"),
        sa.Column("file_id", sa.Integer(), nullable=True, comment="结果文件"),
        sa.Column("file_name", sa.String(length=120), nullable=True, comment="结果文件名"),
        sa.Column("created_by_id", sa.Integer(), nullable=True, comment="发起人"),
        sa.Column("created_at", sa.DateTime(), nullable=False, comment="发起时间"),
        sa.Column("finished_at", sa.DateTime(), nullable=True, comment="完成时间"),
        sa.ForeignKeyConstraint(["created_by_id"], ["ab_user.id"], name=op.f("fk_job_created_by_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_job_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("key", name=op.f("uq_job_key")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_job_created_by_id"), ["created_by_id"], unique=False)
        batch_op.create_index("ix_job_next", ["state", "run_after", "id"], unique=False)

    op.create_table(
        "login_session",
        sa.Column("id", sa.Integer(), nullable=False, comment="序号"),
        sa.Column("token_hash", sa.String(length=64), nullable=False, comment="会话令牌的哈希"),
        sa.Column("account_id", sa.Integer(), nullable=True, comment="账号；空为未登录"),
        sa.Column("credential_version", sa.Integer(), nullable=True, comment="登录时的凭据版本"),
        sa.Column(
            "role_names", sa.String(length=200), nullable=False, comment="登录时的角色：角色变动即失效"
        ),
        sa.Column(
            "stage", sa.String(length=10), nullable=False, comment="登录阶段：open 以外不能打开任何业务页面"
        ),
        sa.Column("content", sa.Text(), nullable=False, comment="会话内容（JSON，不含个人信息）"),
        sa.Column("created_at", sa.DateTime(), nullable=False, comment="登录时间"),
        sa.Column("seen_at", sa.DateTime(), nullable=False, comment="最近活动"),
        sa.Column("expires_at", sa.DateTime(), nullable=False, comment="最迟失效时间"),
        sa.Column("ended_at", sa.DateTime(), nullable=True, comment="退出时间"),
        sa.Column("address", sa.String(length=45), nullable=True, comment="IP 地址"),
        sa.Column("agent", sa.String(length=200), nullable=True, comment="浏览器"),
        sa.ForeignKeyConstraint(["account_id"], ["ab_user.id"], name=op.f("fk_login_session_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_login_session_token_hash")),
    )
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_session_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_login_session_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "performed_call",
        sa.Column("key", sa.String(length=64), nullable=False, comment="幂等键"),
        sa.Column("actor_id", sa.Integer(), nullable=True, comment="操作人"),
        sa.Column("answer", sa.Text(), nullable=False, comment="结果（JSON）"),
        sa.Column("at", sa.DateTime(), nullable=False, comment="时间"),
        sa.ForeignKeyConstraint(["actor_id"], ["ab_user.id"], name=op.f("fk_performed_call_actor_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_performed_call")),
    )
    op.create_table(
        "policy_value",
        sa.Column("id", sa.Integer(), nullable=False, comment="序号"),
        sa.Column("key", sa.String(length=40), nullable=False, comment="政策项"),
        sa.Column("value", sa.String(length=200), nullable=False, comment="值"),
        sa.Column("valid_from", sa.Date(), nullable=False, comment="生效日期"),
        sa.Column("valid_to", sa.Date(), nullable=True, comment="失效日期"),
        sa.Column("source", sa.String(length=200), nullable=False, comment="依据"),
        sa.Column("note", sa.Text(), nullable=True, comment="说明"),
        sa.Column("changed_by_id", sa.Integer(), nullable=True, comment="设置人"),
        sa.Column("changed_at", sa.DateTime(), nullable=False, comment="设置时间"),
        sa.ForeignKeyConstraint(
            ["changed_by_id"], ["ab_user.id"], name=op.f("fk_policy_value_changed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_value")),
    )
    with op.batch_alter_table("policy_value", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_policy_value_key"), ["key"], unique=False)

    op.create_table(
        "publicity",
        sa.Column("id", sa.Integer(), nullable=False, comment="序号"),
        sa.Column("number", sa.String(length=20), nullable=False, comment="公示批次"),
        sa.Column("type_key", sa.String(length=40), nullable=False, comment="申报类型"),
        sa.Column("opens_on", sa.Date(), nullable=False, comment="公示开始"),
        sa.Column("closes_on", sa.Date(), nullable=False, comment="公示结束"),
        sa.Column("size", sa.Integer(), nullable=False, comment="人数"),
        sa.Column("created_by_id", sa.Integer(), nullable=True, comment="公示人"),
        sa.Column("created_at", sa.DateTime(), nullable=False, comment="公示时间"),
        sa.ForeignKeyConstraint(["created_by_id"], ["ab_user.id"], name=op.f("fk_publicity_created_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publicity")),
        sa.UniqueConstraint("number", name=op.f("uq_publicity_number")),
    )
    op.create_table(
        "qualification_import",
        sa.Column("id", sa.Integer(), nullable=False, comment="序号"),
        sa.Column("file_name", sa.String(length=200), nullable=False, comment="文件名"),
        sa.Column("content_hash", sa.String(length=64), nullable=False, comment="文件哈希"),
        sa.Column(
            "content", sa.LargeBinary(), nullable=True, comment="上传的工作簿（加密；导入或放弃后即删除）"
        ),
        sa.Column("stage", sa.String(length=12), nullable=False, comment="进度"),
        sa.Column("row_count", sa.Integer(), nullable=False, comment="总行数"),
        sa.Column("good_count", sa.Integer(), nullable=False, comment="可导入行数"),
        sa.Column("known_count", sa.Integer(), nullable=False, comment="已在库中"),
        sa.Column("bad_count", sa.Integer(), nullable=False, comment="有误行数"),
        sa.Column("loaded_count", sa.Integer(), nullable=False, comment="已导入行数"),
        sa.Column("findings", sa.Text(), nullable=False, comment="逐行错误（JSON，不含个人信息）"),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True, comment="上传人；空为命令行"),
        sa.Column("uploaded_at", sa.DateTime(), nullable=False, comment="上传时间"),
        sa.Column("loaded_at", sa.DateTime(), nullable=True, comment="导入时间"),
        sa.Column("discarded_at", sa.DateTime(), nullable=True, comment="放弃时间"),
        sa.CheckConstraint(
            "(stage = 'checked') = (content IS NOT NULL)",
            name=op.f("ck_qualification_import_content_only_while_open"),
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["ab_user.id"], name=op.f("fk_qualification_import_uploaded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_qualification_import")),
    )
    with op.batch_alter_table("qualification_import", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_qualification_import_content_hash"), ["content_hash"], unique=False
        )

    op.create_table(
        "registration_lock",
        sa.Column("id", sa.Integer(), nullable=False, comment="序号"),
        sa.Column("person_id", sa.Integer(), nullable=False, comment="被锁定人员"),
        sa.Column("reason", sa.String(length=500), nullable=False, comment="锁定原因"),
        sa.Column("locked_on", sa.Date(), nullable=False, comment="锁定日期"),
        sa.Column("until", sa.Date(), nullable=True, comment="锁定至"),
        sa.Column("unlocked_on", sa.Date(), nullable=True, comment="解锁日期"),
        sa.Column("locked_by_id", sa.Integer(), nullable=True, comment="锁定人"),
        sa.Column("unlocked_by_id", sa.Integer(), nullable=True, comment="解锁人"),
        sa.ForeignKeyConstraint(
            ["locked_by_id"], ["ab_user.id"], name=op.f("fk_registration_lock_locked_by_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_registration_lock_person_id")),
        sa.ForeignKeyConstraint(
            ["unlocked_by_id"], ["ab_user.id"], name=op.f("fk_registration_lock_unlocked_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_lock")),
    )
    with op.batch_alter_table("registration_lock", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_registration_lock_person_id"), ["person_id"], unique=False)

    op.create_table(
        "declaration",
        sa.Column("id", sa.Integer(), nullable=False, comment="序号"),
        sa.Column("type_key", sa.String(length=40), nullable=False, comment="申报类型"),
        sa.Column("registration_kind", sa.String(length=12), nullable=False, comment="注册类型"),
        sa.Column("number", sa.String(length=20), nullable=True, comment="申报编号"),
        sa.Column("state", sa.String(length=12), nullable=False, comment="状态"),
        sa.Column("version", sa.Integer(), nullable=False, comment="版本，防止互相覆盖"),
        sa.Column("region_code", sa.String(length=6), nullable=False, comment="申报主管部门"),
        sa.Column("initiator", sa.String(length=16), nullable=False, comment="发起方"),
        sa.Column("counterparty", sa.String(length=16), nullable=True, comment="须确认的另一方"),
        sa.Column("enterprise_id", sa.Integer(), nullable=False, comment="聘用企业"),
        sa.Column("former_enterprise_id", sa.Integer(), nullable=True, comment="原聘用企业（变更时）"),
        sa.Column("person_id", sa.Integer(), nullable=False, comment="申报人员"),
        sa.Column("registration_id", sa.Integer(), nullable=True, comment="所涉注册；初始注册在公告时写入"),
        sa.Column("phone", sa.String(length=30), nullable=True, comment="联系电话"),
        sa.Column("employed_from", sa.Date(), nullable=True, comment="聘用开始时间"),
        sa.Column("employed_to", sa.Date(), nullable=True, comment="聘用结束时间"),
        sa.Column("employed_open_ended", sa.Boolean(), nullable=False, comment="是否长期"),
        sa.Column("misconduct", sa.Text(), nullable=True, comment="处罚或不良情形"),
        sa.Column("specialties_text", sa.String(length=120), nullable=False, comment="注册专业（列表用）"),
        sa.Column("created_by_id", sa.Integer(), nullable=True, comment="填报人"),
        sa.Column("created_at", sa.DateTime(), nullable=False, comment="填报时间"),
        sa.Column("changed_at", sa.DateTime(), nullable=False, comment="修改时间"),
        sa.Column("submitted_at", sa.DateTime(), nullable=True, comment="上报时间"),
        sa.Column("due_on", sa.Date(), nullable=True, comment="办理期限"),
        sa.Column("extended", sa.Boolean(), nullable=False, comment="已延长办理期限"),
        sa.Column("endorsement", sa.String(length=8), nullable=True, comment="市级意见"),
        sa.Column("endorsed_by_id", sa.Integer(), nullable=True, comment="市级审查人"),
        sa.Column("decided_by_id", sa.Integer(), nullable=True, comment="省级决定人"),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True, comment="对方确认人"),
        sa.Column("decided_on", sa.Date(), nullable=True, comment="决定日期"),
        sa.Column("publicity_id", sa.Integer(), nullable=True, comment="公示批次"),
        sa.Column("announcement_id", sa.Integer(), nullable=True, comment="公告批次"),
        sa.Column("name", sa.String(length=60), nullable=False, comment="姓名"),
        sa.Column("gender", sa.String(length=2), nullable=True, comment="性别"),
        sa.Column("id_type", sa.String(length=4), nullable=False, comment="证件类型"),
        sa.Column("birth_date", sa.Date(), nullable=True, comment="出生日期"),
        sa.Column("ethnicity", sa.String(length=4), nullable=True, comment="民族"),
        sa.Column("school", sa.String(length=100), nullable=True, comment="毕业院校"),
        sa.Column("major", sa.String(length=100), nullable=True, comment="所学专业"),
        sa.Column("graduation_date", sa.Date(), nullable=True, comment="毕业时间"),
        sa.Column("education", sa.String(length=4), nullable=True, comment="学历"),
        sa.Column("degree", sa.String(length=4), nullable=True, comment="学位"),
        sa.Column("id_number_cipher", sa.LargeBinary(), nullable=True, comment="证件号码（加密）"),
        sa.Column("id_number_masked", sa.String(length=40), nullable=True, comment="证件号码（掩码）"),
        sa.Column("id_number_index", sa.String(length=40), nullable=True, comment="证件号码（盲索引）"),
        sa.Column("mobile_cipher", sa.LargeBinary(), nullable=True, comment="手机号码（加密）"),
        sa.Column("mobile_masked", sa.String(length=20), nullable=True, comment="手机号码（掩码）"),
        sa.Column("mobile_index", sa.String(length=40), nullable=True, comment="手机号码（盲索引）"),
        sa.Column("enterprise_name", sa.String(length=200), nullable=False, comment="企业名称"),
        sa.Column("enterprise_uscc", sa.String(length=18), nullable=True, comment="统一社会信用代码"),
        sa.Column("enterprise_type", sa.String(length=8), nullable=True, comment="企业类型"),
        sa.Column("legal_representative", sa.String(length=60), nullable=True, comment="法定代表人"),
        sa.Column("county_code", sa.String(length=6), nullable=True, comment="所在市州(县区)"),
        sa.Column("enterprise_nature", sa.String(length=8), nullable=True, comment="企业性质"),
        sa.Column("enterprise_address", sa.String(length=200), nullable=True, comment="通讯地址"),
        sa.Column(
            "qualification_certificate_number",
            sa.String(length=100),
            nullable=True,
            comment="企业资质证书编号",
        ),
        sa.Column("qualification_grade", sa.String(length=200), nullable=True, comment="企业资质等级"),
        sa.CheckConstraint(
            "state <> 'completed' OR decided_by_id IS NOT NULL OR confirmed_by_id IS NOT NULL",
            name=op.f("ck_declaration_completed_when"),
        ),
        sa.CheckConstraint(
            "state = 'draft' OR state = 'lapsed' OR submitted_at IS NOT NULL",
            name=op.f("ck_declaration_submitted_when"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'publicised', 'announced', 'refused') OR decided_by_id IS NOT NULL",
            name=op.f("ck_declaration_decided_when"),
        ),
        sa.CheckConstraint(
            "counterparty IS NULL OR counterparty <> initiator", name=op.f("ck_declaration_two_parties")
        ),
        sa.ForeignKeyConstraint(
            ["announcement_id"], ["announcement.id"], name=op.f("fk_declaration_announcement_id")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["ab_user.id"], name=op.f("fk_declaration_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["ab_user.id"], name=op.f("fk_declaration_created_by_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["ab_user.id"], name=op.f("fk_declaration_decided_by_id")),
        sa.ForeignKeyConstraint(
            ["endorsed_by_id"], ["ab_user.id"], name=op.f("fk_declaration_endorsed_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_declaration_enterprise_id")
        ),
        sa.ForeignKeyConstraint(
            ["former_enterprise_id"], ["enterprise.id"], name=op.f("fk_declaration_former_enterprise_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_declaration_person_id")),
        sa.ForeignKeyConstraint(["publicity_id"], ["publicity.id"], name=op.f("fk_declaration_publicity_id")),
        sa.ForeignKeyConstraint(["region_code"], ["region.code"], name=op.f("fk_declaration_region_code")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_declaration_registration_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration")),
        sa.UniqueConstraint("number", name=op.f("uq_declaration_number")),
    )
    with op.batch_alter_table("declaration", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_declaration_announcement_id"), ["announcement_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_declaration_due_on"), ["due_on"], unique=False)
        batch_op.create_index("ix_declaration_enterprise", ["enterprise_id", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_declaration_former_enterprise_id"), ["former_enterprise_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_declaration_id_number_index"), ["id_number_index"], unique=False)
        batch_op.create_index(batch_op.f("ix_declaration_mobile_index"), ["mobile_index"], unique=False)
        batch_op.create_index(batch_op.f("ix_declaration_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_declaration_publicity_id"), ["publicity_id"], unique=False)
        batch_op.create_index("ix_declaration_region_state", ["region_code", "state", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_declaration_registration_id"), ["registration_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_declaration_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_declaration_submitted_at"), ["submitted_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_declaration_type_key"), ["type_key"], unique=False)
        batch_op.create_index(
            "uq_declaration_person_under_way",
            ["person_id"],
            unique=True,
            sqlite_where=sa.text(
                "state IN ('awaiting', 'submitted', 'returned', 'accepted', 'endorsed', 'approved', 'publicised', 'announced')"
            ),
            postgresql_where=sa.text(
                "state IN ('awaiting', 'submitted', 'returned', 'accepted', 'endorsed', 'approved', 'publicised', 'announced')"
            ),
        )

    op.create_table(
        "qualification",
        sa.Column("id", sa.Integer(), nullable=False, comment="序号"),
        sa.Column("certificate_number", sa.String(length=40), nullable=False, comment="资格证书编号"),
        sa.Column("management_number", sa.String(length=40), nullable=True, comment="管理号"),
        sa.Column("name", sa.String(length=60), nullable=False, comment="姓名"),
        sa.Column("gender", sa.String(length=2), nullable=True, comment="性别"),
        sa.Column("id_type", sa.String(length=4), nullable=False, comment="证件类型"),
        sa.Column("province_code", sa.String(length=6), nullable=True, comment="省份"),
        sa.Column("specialty", sa.String(length=12), nullable=False, comment="专业类别"),
        sa.Column("year_obtained", sa.Integer(), nullable=False, comment="取得年份"),
        sa.Column("method", sa.String(length=4), nullable=False, comment="取得方式"),
        sa.Column("issued_on", sa.Date(), nullable=False, comment="签发日期"),
        sa.Column("school", sa.String(length=100), nullable=True, comment="毕业学校"),
        sa.Column("graduation_date", sa.Date(), nullable=True, comment="毕业时间"),
        sa.Column("major", sa.String(length=100), nullable=True, comment="所学专业"),
        sa.Column("education", sa.String(length=4), nullable=True, comment="最高学历"),
        sa.Column("employer", sa.String(length=200), nullable=True, comment="工作单位"),
        sa.Column("import_id", sa.Integer(), nullable=True, comment="导入批次"),
        sa.Column("id_number_cipher", sa.LargeBinary(), nullable=True, comment="证件号码（加密）"),
        sa.Column("id_number_masked", sa.String(length=40), nullable=True, comment="证件号码（掩码）"),
        sa.Column("id_number_index", sa.String(length=40), nullable=True, comment="证件号码（盲索引）"),
        sa.ForeignKeyConstraint(
            ["import_id"], ["qualification_import.id"], name=op.f("fk_qualification_import_id")
        ),
        sa.ForeignKeyConstraint(
            ["province_code"], ["region.code"], name=op.f("fk_qualification_province_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_qualification")),
        sa.UniqueConstraint("certificate_number", name=op.f("uq_qualification_certificate_number")),
    )
    with op.batch_alter_table("qualification", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_qualification_id_number_index"), ["id_number_index"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_qualification_import_id"), ["import_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_qualification_name"), ["name"], unique=False)
        batch_op.create_index(
            "ix_qualification_person_specialty", ["id_number_index", "specialty"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_qualification_specialty"), ["specialty"], unique=False)

    op.create_table(
        "certificate",
        sa.Column("id", sa.Integer(), nullable=False, comment="序号"),
        sa.Column("registration_id", sa.Integer(), nullable=False, comment="注册"),
        sa.Column("declaration_id", sa.Integer(), nullable=True, comment="据以发证的申报"),
        sa.Column("number", sa.String(length=20), nullable=False, comment="证书编号"),
        sa.Column("version", sa.Integer(), nullable=False, comment="版本"),
        sa.Column("token", sa.String(length=43), nullable=False, comment="验证令牌（二维码）"),
        sa.Column("status", sa.String(length=12), nullable=False, comment="状态"),
        sa.Column("face", sa.Text(), nullable=False, comment="证书内容（JSON，不含证件号码）"),
        sa.Column("issued_on", sa.Date(), nullable=False, comment="发证日期"),
        sa.Column("file_id", sa.Integer(), nullable=True, comment="证书文件"),
        sa.Column("sha256", sa.String(length=64), nullable=True, comment="证书文件哈希"),
        sa.Column("signed_at", sa.DateTime(), nullable=True, comment="签章时间"),
        sa.CheckConstraint(
            "status = 'issuing' OR file_id IS NOT NULL", name=op.f("ck_certificate_issued_when")
        ),
        sa.ForeignKeyConstraint(
            ["declaration_id"], ["declaration.id"], name=op.f("fk_certificate_declaration_id")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_certificate_file_id")),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_certificate_registration_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("declaration_id", name=op.f("uq_certificate_declaration_id")),
        sa.UniqueConstraint(
            "registration_id", "version", name=op.f("uq_certificate_registration_id_version")
        ),
        sa.UniqueConstraint("token", name=op.f("uq_certificate_token")),
    )
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_number"), ["number"], unique=False)

    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False, comment="序号"),
        sa.Column("declaration_id", sa.Integer(), nullable=False, comment="申报"),
        sa.Column("action", sa.String(length=24), nullable=False, comment="操作"),
        sa.Column("from_state", sa.String(length=12), nullable=False, comment="原状态"),
        sa.Column("to_state", sa.String(length=12), nullable=False, comment="新状态"),
        sa.Column("actor_id", sa.Integer(), nullable=True, comment="操作人；空为系统"),
        sa.Column("actor_name", sa.String(length=100), nullable=False, comment="操作人"),
        sa.Column("role", sa.String(length=30), nullable=False, comment="角色"),
        sa.Column("opinion", sa.Text(), nullable=True, comment="意见"),
        sa.Column("positive", sa.Boolean(), nullable=True, comment="审查意见：同意或不同意"),
        sa.Column("field_reasons", sa.Text(), nullable=False, comment="逐项退回原因（JSON：字段→原因）"),
        sa.Column("findings", sa.Text(), nullable=False, comment="当时的核查结果（JSON）"),
        sa.Column("rule_version", sa.String(length=20), nullable=False, comment="规则版本"),
        sa.Column("declaration_version", sa.Integer(), nullable=False, comment="申报版本"),
        sa.Column("at", sa.DateTime(), nullable=False, comment="时间"),
        sa.ForeignKeyConstraint(["actor_id"], ["ab_user.id"], name=op.f("fk_decision_actor_id")),
        sa.ForeignKeyConstraint(
            ["declaration_id"], ["declaration.id"], name=op.f("fk_decision_declaration_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_decision_declaration_id"), ["declaration_id"], unique=False)

    op.create_table(
        "declared_specialty",
        sa.Column("id", sa.Integer(), nullable=False, comment="序号"),
        sa.Column("declaration_id", sa.Integer(), nullable=False, comment="申报"),
        sa.Column("qualification_id", sa.Integer(), nullable=True, comment="资格证"),
        sa.Column("specialty", sa.String(length=12), nullable=False, comment="注册专业"),
        sa.Column("certificate_number", sa.String(length=40), nullable=True, comment="资格证书编号"),
        sa.Column("issued_on", sa.Date(), nullable=True, comment="签发日期"),
        sa.Column("mandatory_hours", sa.Integer(), nullable=True, comment="必修学时"),
        sa.Column("elective_hours", sa.Integer(), nullable=True, comment="选修学时"),
        sa.ForeignKeyConstraint(
            ["declaration_id"], ["declaration.id"], name=op.f("fk_declared_specialty_declaration_id")
        ),
        sa.ForeignKeyConstraint(
            ["qualification_id"], ["qualification.id"], name=op.f("fk_declared_specialty_qualification_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declared_specialty")),
        sa.UniqueConstraint(
            "declaration_id", "specialty", name=op.f("uq_declared_specialty_declaration_id_specialty")
        ),
    )
    op.create_table(
        "initial_registration",
        sa.Column("id", sa.Integer(), nullable=False, comment="申报"),
        sa.Column("other_registrations", sa.Text(), nullable=True, comment="其它注册情况"),
        sa.ForeignKeyConstraint(["id"], ["declaration.id"], name=op.f("fk_initial_registration_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_initial_registration")),
    )
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False, comment="序号"),
        sa.Column("enterprise_id", sa.Integer(), nullable=True, comment="收件企业"),
        sa.Column("person_id", sa.Integer(), nullable=True, comment="收件个人"),
        sa.Column("kind", sa.String(length=40), nullable=False, comment="通知类型"),
        sa.Column("parameters", sa.Text(), nullable=False, comment="参数（JSON，不含个人信息）"),
        sa.Column("declaration_id", sa.Integer(), nullable=True, comment="所涉申报"),
        sa.Column("at", sa.DateTime(), nullable=False, comment="时间"),
        sa.Column("read_at", sa.DateTime(), nullable=True, comment="阅读时间"),
        sa.ForeignKeyConstraint(
            ["declaration_id"], ["declaration.id"], name=op.f("fk_notice_declaration_id")
        ),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprise.id"], name=op.f("fk_notice_enterprise_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notice_person_id"), ["person_id"], unique=False)

    op.create_table(
        "objection",
        sa.Column("id", sa.Integer(), nullable=False, comment="序号"),
        sa.Column("receipt", sa.String(length=20), nullable=False, comment="回执编号"),
        sa.Column("declaration_id", sa.Integer(), nullable=False, comment="申报"),
        sa.Column("objector", sa.LargeBinary(), nullable=False, comment="异议人"),
        sa.Column("contact", sa.LargeBinary(), nullable=False, comment="联系方式"),
        sa.Column("content", sa.Text(), nullable=False, comment="异议内容"),
        sa.Column("state", sa.String(length=12), nullable=False, comment="处理状态"),
        sa.Column("reason", sa.Text(), nullable=True, comment="处理意见"),
        sa.Column("raised_at", sa.DateTime(), nullable=False, comment="提出时间"),
        sa.Column("settled_at", sa.DateTime(), nullable=True, comment="处理时间"),
        sa.Column("settled_by_id", sa.Integer(), nullable=True, comment="处理人"),
        sa.ForeignKeyConstraint(
            ["declaration_id"], ["declaration.id"], name=op.f("fk_objection_declaration_id")
        ),
        sa.ForeignKeyConstraint(["settled_by_id"], ["ab_user.id"], name=op.f("fk_objection_settled_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
        sa.UniqueConstraint("receipt", name=op.f("uq_objection_receipt")),
    )
    with op.batch_alter_table("objection", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_objection_declaration_id"), ["declaration_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_objection_state"), ["state"], unique=False)

    op.create_table(
        "registered_specialty",
        sa.Column("id", sa.Integer(), nullable=False, comment="序号"),
        sa.Column("registration_id", sa.Integer(), nullable=False, comment="注册"),
        sa.Column("specialty", sa.String(length=12), nullable=False, comment="注册专业"),
        sa.Column("begins_on", sa.Date(), nullable=False, comment="有效期起"),
        sa.Column("ends_on", sa.Date(), nullable=False, comment="有效期止"),
        sa.Column("qualification_id", sa.Integer(), nullable=True, comment="资格证"),
        sa.Column("entered_by_id", sa.Integer(), nullable=False, comment="据以登记的申报"),
        sa.Column("removed_on", sa.Date(), nullable=True, comment="移出日期；空为在册"),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["declaration.id"], name=op.f("fk_registered_specialty_entered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["qualification_id"], ["qualification.id"], name=op.f("fk_registered_specialty_qualification_id")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_registered_specialty_registration_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registered_specialty")),
    )
    with op.batch_alter_table("registered_specialty", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_registered_specialty_ends_on"), ["ends_on"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_registered_specialty_registration_id"), ["registration_id"], unique=False
        )

    op.create_table(
        "registration_event",
        sa.Column("id", sa.Integer(), nullable=False, comment="序号"),
        sa.Column("registration_id", sa.Integer(), nullable=False, comment="注册"),
        sa.Column("declaration_id", sa.Integer(), nullable=True, comment="据以变动的申报"),
        sa.Column("action", sa.String(length=24), nullable=False, comment="事项"),
        sa.Column("content", sa.Text(), nullable=False, comment="变动后的登记内容（JSON，不含证件号码）"),
        sa.Column("at", sa.DateTime(), nullable=False, comment="时间"),
        sa.ForeignKeyConstraint(
            ["declaration_id"], ["declaration.id"], name=op.f("fk_registration_event_declaration_id")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_registration_event_registration_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_event")),
    )
    with op.batch_alter_table("registration_event", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_registration_event_registration_id"), ["registration_id"], unique=False
        )

    op.create_table(
        "revision",
        sa.Column("id", sa.Integer(), nullable=False, comment="序号"),
        sa.Column("declaration_id", sa.Integer(), nullable=False, comment="申报"),
        sa.Column("number", sa.Integer(), nullable=False, comment="第几次上报"),
        sa.Column("content", sa.LargeBinary(), nullable=False, comment="上报内容（JSON，加密）"),
        sa.Column("at", sa.DateTime(), nullable=False, comment="上报时间"),
        sa.ForeignKeyConstraint(
            ["declaration_id"], ["declaration.id"], name=op.f("fk_revision_declaration_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
        sa.UniqueConstraint("declaration_id", "number", name=op.f("uq_revision_declaration_id_number")),
    )
    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False, comment="序号"),
        sa.Column("kind", sa.String(length=40), nullable=False, comment="附件类型"),
        sa.Column("file_name", sa.String(length=120), nullable=False, comment="文件名"),
        sa.Column("file_id", sa.Integer(), nullable=False, comment="文件"),
        sa.Column("declaration_id", sa.Integer(), nullable=True, comment="申报"),
        sa.Column("person_id", sa.Integer(), nullable=True, comment="个人"),
        sa.Column("enterprise_id", sa.Integer(), nullable=True, comment="企业"),
        sa.Column("objection_id", sa.Integer(), nullable=True, comment="异议"),
        sa.Column("uploaded_by_id", sa.Integer(), nullable=True, comment="上传人"),
        sa.Column("uploaded_at", sa.DateTime(), nullable=False, comment="上传时间"),
        sa.CheckConstraint(
            "CASE WHEN declaration_id IS NULL THEN 0 ELSE 1 END + CASE WHEN person_id IS NULL THEN 0 ELSE 1 END + CASE WHEN enterprise_id IS NULL THEN 0 ELSE 1 END + CASE WHEN objection_id IS NULL THEN 0 ELSE 1 END = 1",
            name=op.f("ck_attachment_one_owner"),
        ),
        sa.ForeignKeyConstraint(
            ["declaration_id"], ["declaration.id"], name=op.f("fk_attachment_declaration_id")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_attachment_enterprise_id")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_attachment_file_id")),
        sa.ForeignKeyConstraint(["objection_id"], ["objection.id"], name=op.f("fk_attachment_objection_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_attachment_person_id")),
        sa.ForeignKeyConstraint(
            ["uploaded_by_id"], ["ab_user.id"], name=op.f("fk_attachment_uploaded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attachment_declaration_id"), ["declaration_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachment_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachment_objection_id"), ["objection_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_attachment_person_id"), ["person_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attachment_person_id"))
        batch_op.drop_index(batch_op.f("ix_attachment_objection_id"))
        batch_op.drop_index(batch_op.f("ix_attachment_enterprise_id"))
        batch_op.drop_index(batch_op.f("ix_attachment_declaration_id"))

    op.drop_table("attachment")
    op.drop_table("revision")
    with op.batch_alter_table("registration_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_registration_event_registration_id"))

    op.drop_table("registration_event")
    with op.batch_alter_table("registered_specialty", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_registered_specialty_registration_id"))
        batch_op.drop_index(batch_op.f("ix_registered_specialty_ends_on"))

    op.drop_table("registered_specialty")
    with op.batch_alter_table("objection", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_objection_state"))
        batch_op.drop_index(batch_op.f("ix_objection_declaration_id"))

    op.drop_table("objection")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notice_person_id"))
        batch_op.drop_index(batch_op.f("ix_notice_enterprise_id"))

    op.drop_table("notice")
    op.drop_table("initial_registration")
    op.drop_table("declared_specialty")
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_decision_declaration_id"))

    op.drop_table("decision")
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_certificate_number"))

    op.drop_table("certificate")
    with op.batch_alter_table("qualification", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_qualification_specialty"))
        batch_op.drop_index("ix_qualification_person_specialty")
        batch_op.drop_index(batch_op.f("ix_qualification_name"))
        batch_op.drop_index(batch_op.f("ix_qualification_import_id"))
        batch_op.drop_index(batch_op.f("ix_qualification_id_number_index"))

    op.drop_table("qualification")
    with op.batch_alter_table("declaration", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_declaration_person_under_way",
            sqlite_where=sa.text(
                "state IN ('awaiting', 'submitted', 'returned', 'accepted', 'endorsed', 'approved', 'publicised', 'announced')"
            ),
            postgresql_where=sa.text(
                "state IN ('awaiting', 'submitted', 'returned', 'accepted', 'endorsed', 'approved', 'publicised', 'announced')"
            ),
        )
        batch_op.drop_index(batch_op.f("ix_declaration_type_key"))
        batch_op.drop_index(batch_op.f("ix_declaration_submitted_at"))
        batch_op.drop_index(batch_op.f("ix_declaration_state"))
        batch_op.drop_index(batch_op.f("ix_declaration_registration_id"))
        batch_op.drop_index("ix_declaration_region_state")
        batch_op.drop_index(batch_op.f("ix_declaration_publicity_id"))
        batch_op.drop_index(batch_op.f("ix_declaration_person_id"))
        batch_op.drop_index(batch_op.f("ix_declaration_mobile_index"))
        batch_op.drop_index(batch_op.f("ix_declaration_id_number_index"))
        batch_op.drop_index(batch_op.f("ix_declaration_former_enterprise_id"))
        batch_op.drop_index("ix_declaration_enterprise")
        batch_op.drop_index(batch_op.f("ix_declaration_due_on"))
        batch_op.drop_index(batch_op.f("ix_declaration_announcement_id"))

    op.drop_table("declaration")
    with op.batch_alter_table("registration_lock", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_registration_lock_person_id"))

    op.drop_table("registration_lock")
    with op.batch_alter_table("qualification_import", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_qualification_import_content_hash"))

    op.drop_table("qualification_import")
    op.drop_table("publicity")
    with op.batch_alter_table("policy_value", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_policy_value_key"))

    op.drop_table("policy_value")
    op.drop_table("performed_call")
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_session_expires_at"))
        batch_op.drop_index(batch_op.f("ix_login_session_account_id"))

    op.drop_table("login_session")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index("ix_job_next")
        batch_op.drop_index(batch_op.f("ix_job_created_by_id"))

    op.drop_table("job")
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_consent_account_id"))

    op.drop_table("consent")
    op.drop_table("announcement")
    op.drop_table("ab_user_role")
    with op.batch_alter_table("ab_user_group", schema=None) as batch_op:
        batch_op.drop_index("idx_user_id")
        batch_op.drop_index("idx_user_group_id")

    op.drop_table("ab_user_group")
    with op.batch_alter_table("ab_api_key", schema=None) as batch_op:
        batch_op.drop_index("idx_api_key_user_id")
        batch_op.drop_index("idx_api_key_prefix")
        batch_op.drop_index("idx_api_key_lookup_hash")

    op.drop_table("ab_api_key")
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_registration_live",
            sqlite_where=sa.text("status = 'valid'"),
            postgresql_where=sa.text("status = 'valid'"),
        )
        batch_op.drop_index(batch_op.f("ix_registration_region_code"))
        batch_op.drop_index(batch_op.f("ix_registration_person_id"))
        batch_op.drop_index(batch_op.f("ix_registration_name"))
        batch_op.drop_index(batch_op.f("ix_registration_id_number_index"))
        batch_op.drop_index("ix_registration_enterprise")
        batch_op.drop_index(batch_op.f("ix_registration_ends_on"))

    op.drop_table("registration")
    with op.batch_alter_table("enterprise_qualification", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enterprise_qualification_enterprise_id"))

    op.drop_table("enterprise_qualification")
    with op.batch_alter_table("ab_user", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ab_user_enterprise_id"))

    op.drop_table("ab_user")
    with op.batch_alter_table("ab_permission_view_role", schema=None) as batch_op:
        batch_op.drop_index("idx_role_id")
        batch_op.drop_index("idx_permission_view_id")

    op.drop_table("ab_permission_view_role")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index("uq_person_id_number_index")
        batch_op.drop_index(batch_op.f("ix_person_region_code"))
        batch_op.drop_index(batch_op.f("ix_person_real_name_state"))
        batch_op.drop_index(batch_op.f("ix_person_mobile_index"))
        batch_op.drop_index(batch_op.f("ix_person_id_number_index"))

    op.drop_table("person")
    with op.batch_alter_table("enterprise", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enterprise_region_code"))
        batch_op.drop_index(batch_op.f("ix_enterprise_mobile_index"))

    op.drop_table("enterprise")
    with op.batch_alter_table("ab_permission_view", schema=None) as batch_op:
        batch_op.drop_index("idx_view_menu_id")
        batch_op.drop_index("idx_permission_id")

    op.drop_table("ab_permission_view")
    with op.batch_alter_table("ab_group_role", schema=None) as batch_op:
        batch_op.drop_index("idx_group_role_id")
        batch_op.drop_index("idx_group_id")

    op.drop_table("ab_group_role")
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stored_file_sha256"))

    op.drop_table("stored_file")
    with op.batch_alter_table("region", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_region_parent_code"))

    op.drop_table("region")
    op.drop_table("holiday")
    op.drop_table("dictionary_entry")
    op.drop_table("data_key")
    op.drop_table("counter")
    op.drop_table("audit_seal")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_at"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_actor_id"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_action"))

    op.drop_table("audit_entry")
    op.drop_table("attempt_count")
    op.drop_table("ab_view_menu")
    op.drop_table("ab_role")
    op.drop_table("ab_register_user")
    op.drop_table("ab_permission")
    op.drop_table("ab_group")
