"""Locks of registrations, who employed whom, and one draft."""

import json
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_OWNERS = ("declaration_id", "person_id", "enterprise_id", "objection_id", "consultation_id", "act_id")
_DRAFT = sa.text("state = 'draft'")


def _one_draft() -> None:
    """Of drafts that were begun twice the one that was changed last goes on; nothing is deleted."""
    bind, moment = op.get_bind(), datetime.now(UTC).replace(tzinfo=None)
    doubles = bind.execute(
        sa.text(
            """
            SELECT id, version FROM declaration
            WHERE state = 'draft' AND EXISTS (
                SELECT 1 FROM declaration AS later
                WHERE later.state = 'draft' AND later.person_id = declaration.person_id
                  AND later.type_key = declaration.type_key AND later.enterprise_id = declaration.enterprise_id
                  AND (later.changed_at > declaration.changed_at
                       OR (later.changed_at = declaration.changed_at AND later.id > declaration.id))
            )
            """
        )
    ).all()
    if doubles:
        bind.execute(sa.insert(_DECISION), [_lapse(*one, moment) for one in doubles])
        bind.execute(
            sa.text(
                "UPDATE declaration SET state = 'lapsed', version = version + 1, changed_at = :at WHERE id = :key"
            ).bindparams(sa.bindparam("at", type_=sa.DateTime())),
            [{"key": key, "at": moment} for key, _version in doubles],
        )
    op.create_index(
        "uq_declaration_draft",
        "declaration",
        ["person_id", "type_key", "enterprise_id"],
        unique=True,
        sqlite_where=_DRAFT,
        postgresql_where=_DRAFT,
    )


_DECISION = sa.table(
    "decision",
    *(
        sa.column(name)
        for name in (
            "declaration_id", "action", "from_state", "to_state", "actor_name", "role", "opinion", "field_reasons",
            "findings", "rule_version", "declaration_version",
        )
    ),
    sa.column("at", sa.DateTime()),
)  # fmt: skip


def _lapse(key: int, version: int, moment: datetime) -> dict:
    """The step in the course of the case, as the one by which a draft lapses that nobody has touched for long."""
    return {
        "declaration_id": key,
        "action": "lapse",
        "from_state": "draft",
        "to_state": "lapsed",
        "actor_name": "系统",
        "role": "System",
        "opinion": "同一人员在同一企业的同类申报另有草稿，保留最后修改的一份，本草稿失效。",
        "field_reasons": "{}",
        "findings": "[]",
        "rule_version": "",
        "declaration_version": version,
        "at": moment,
    }


def _one_owner(owners: tuple[str, ...]) -> None:
    """Every attachment belongs to exactly one of these."""
    count = " + ".join(f"CASE WHEN {owner} IS NULL THEN 0 ELSE 1 END" for owner in owners)
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_attachment_one_owner"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_attachment_one_owner"), f"{count} = 1")


def _locks() -> None:
    """Locks that stand are of the person as a whole, and stay so."""
    with op.batch_alter_table("registration_lock", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "registration_id", sa.Integer(), nullable=True, comment="被锁定注册；空为该人员的全部事项"
            )
        )
        batch_op.add_column(
            sa.Column("unlock_reason", sa.String(length=500), nullable=True, comment="解锁原因")
        )
        batch_op.alter_column(
            "locked_on", existing_type=sa.Date(), existing_nullable=False, comment="锁定起始日期"
        )
        batch_op.create_index(batch_op.f("ix_registration_lock_registration_id"), ["registration_id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_registration_lock_registration_id"), "registration", ["registration_id"], ["id"]
        )
    op.execute("UPDATE registration_lock SET unlock_reason = '—' WHERE unlocked_on IS NOT NULL")
    op.execute("UPDATE registration_lock SET until = locked_on WHERE until < locked_on")
    with op.batch_alter_table("registration_lock", schema=None) as batch_op:
        batch_op.create_check_constraint(
            batch_op.f("ck_registration_lock_ends_after_it_begins"), "until IS NULL OR until >= locked_on"
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_registration_lock_unlocked_why"),
            "unlocked_on IS NULL OR unlock_reason IS NOT NULL",
        )


_NEW_OWNERS = {
    "lock_id": ("registration_lock", "锁定"),
    "reply_id": ("consultation_reply", "咨询回复"),
}


def _attachments() -> None:
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        for column, (table, comment) in _NEW_OWNERS.items():
            batch_op.add_column(sa.Column(column, sa.Integer(), nullable=True, comment=comment))
            batch_op.create_index(batch_op.f(f"ix_attachment_{column}"), [column])
            batch_op.create_foreign_key(batch_op.f(f"fk_attachment_{column}"), table, [column], ["id"])
    _one_owner((*_OWNERS, *_NEW_OWNERS))


_DEPARTURE = sa.table(
    "departure",
    *(
        sa.column(name)
        for name in (
            "registration_id", "enterprise_id", "left_on", "at", "name", "id_number_shown", "number", "kind",
            "status", "specialties", "employed_since", "ends_on", "cancelled_on", "cancelled_reason",
        )
    ),
)  # fmt: skip
_AT_ONCE = 1000


def _employers() -> None:
    """Who employed at each change and at each issue, from what the history has kept; then the departures."""
    op.create_table(
        "departure",
        sa.Column("id", sa.Integer(), nullable=False, comment="序号"),
        sa.Column("registration_id", sa.Integer(), nullable=False, comment="注册"),
        sa.Column("enterprise_id", sa.Integer(), nullable=False, comment="原聘用企业"),
        sa.Column("left_on", sa.Date(), nullable=False, comment="离开日期"),
        sa.Column("at", sa.DateTime(), nullable=False, comment="离开时间；此前的变动可见"),
        sa.Column("name", sa.String(length=60), nullable=False, comment="姓名"),
        sa.Column("id_number_shown", sa.String(length=40), nullable=True, comment="证件号码（掩码）"),
        sa.Column("number", sa.String(length=17), nullable=False, comment="注册编号"),
        sa.Column("kind", sa.String(length=12), nullable=False, comment="注册类型"),
        sa.Column("status", sa.String(length=12), nullable=False, comment="离开时证书状态"),
        sa.Column("specialties", sa.String(length=120), nullable=False, comment="注册专业（代码）"),
        sa.Column("employed_since", sa.Date(), nullable=True, comment="在原聘用企业登记日期"),
        sa.Column("ends_on", sa.Date(), nullable=False, comment="有效期至"),
        sa.Column("cancelled_on", sa.Date(), nullable=True, comment="注销日期"),
        sa.Column("cancelled_reason", sa.String(length=200), nullable=True, comment="注销原因"),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_departure_enterprise_id")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registration.id"], name=op.f("fk_departure_registration_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_departure")),
    )
    with op.batch_alter_table("departure", schema=None) as batch_op:
        batch_op.create_index("ix_departure_enterprise", ["enterprise_id", "id"])
        batch_op.create_index(batch_op.f("ix_departure_registration_id"), ["registration_id"])
    for table, comment in (("registration_event", "变动后的聘用企业"), ("certificate", "发证时的聘用企业")):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("enterprise_id", sa.Integer(), nullable=True, comment=comment))
            batch_op.create_foreign_key(
                batch_op.f(f"fk_{table}_enterprise_id"), "enterprise", ["enterprise_id"], ["id"]
            )
    _fill()
    for table in ("registration_event", "certificate"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column("enterprise_id", existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table("registration_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_registration_event_enterprise_id"), ["enterprise_id"])


def _fill() -> None:
    """The history of each registration from its beginning: each event says whose it left the registration."""
    last = op.get_bind().scalar(sa.text("SELECT max(id) FROM registration")) or 0
    for first in range(1, last + 1, _AT_ONCE):
        _fill_some({"first": first, "last": first + _AT_ONCE - 1})


def _fill_some(span: dict[str, int]) -> None:
    bind = op.get_bind()
    rows = bind.execute(
        sa.text(
            """
            SELECT e.id, e.registration_id, e.declaration_id, e.content, e.at, r.enterprise_id, r.number, r.kind
            FROM registration_event e JOIN registration r ON r.id = e.registration_id
            WHERE r.id BETWEEN :first AND :last ORDER BY e.registration_id, e.id
            """
        ).columns(at=sa.DateTime()),
        span,
    ).all()
    known, left, lives, before = [], [], defaultdict(list), None
    for row in rows:
        said = json.loads(row.content)
        employer = said.get("enterprise_id") or row.enterprise_id
        known.append({"key": row.id, "employer": employer})
        lives[row.registration_id].append((_day(row.at), row.declaration_id, employer))
        since = _day(row.at)
        if before and before[0] == row.registration_id:
            if before[1] != employer:
                left.append(_left(row, before))
            else:
                since = before[3]  # the span of this employer began with an earlier event
        before = row.registration_id, employer, said, since
    if known:
        bind.execute(
            sa.text("UPDATE registration_event SET enterprise_id = :employer WHERE id = :key"), known
        )
    if left:
        bind.execute(sa.insert(_DEPARTURE), left)
    _issue(span, lives)


def _issue(span: dict[str, int], lives: dict[int, list]) -> None:
    """A certificate is of whom the declaration of its issue entered, else of whoever employed on that day."""
    bind = op.get_bind()
    held = bind.execute(
        sa.text(
            """
            SELECT c.id, c.registration_id, c.declaration_id, c.issued_on, r.enterprise_id
            FROM certificate c JOIN registration r ON r.id = c.registration_id
            WHERE r.id BETWEEN :first AND :last
            """
        ).columns(issued_on=sa.Date()),
        span,
    ).all()
    found = []
    for one in held:
        life = lives[one.registration_id]
        own = [e for _d, declaration, e in life if declaration and declaration == one.declaration_id]
        by_day = [e for day, _declaration, e in life if day <= one.issued_on] or [e for *_d, e in life]
        employer = (own or by_day or [one.enterprise_id])[-1]
        found.append({"key": one.id, "employer": employer})
    if found:
        bind.execute(sa.text("UPDATE certificate SET enterprise_id = :employer WHERE id = :key"), found)


def _day(at: datetime) -> date:
    return at.replace(tzinfo=UTC).astimezone(ZoneInfo("Asia/Shanghai")).date()


def _left(row: sa.Row, before: tuple) -> dict:
    """What the employer of before keeps: the registration as the event before this one left it."""
    said = before[2]

    def day(name: str) -> date | None:
        return date.fromisoformat(said[name]) if said.get(name) else None

    moved_on = _day(row.at)
    return {
        "registration_id": row.registration_id,
        "enterprise_id": before[1],
        "left_on": day("cancelled_on") or moved_on,
        "at": row.at - timedelta(microseconds=1),
        "name": said.get("name") or "",
        "id_number_shown": said.get("id_number"),
        "number": row.number,
        "kind": row.kind,
        "status": said.get("status") or "valid",
        "specialties": ",".join(dict.fromkeys(one[0] for one in said.get("specialties", ()))),
        "employed_since": day("employed_since") or before[3],
        "ends_on": day("ends_on") or moved_on,
        "cancelled_on": day("cancelled_on"),
        "cancelled_reason": said.get("cancelled_reason"),
    }


def upgrade() -> None:
    _one_draft()
    _locks()
    _attachments()
    _employers()


def downgrade() -> None:
    with op.batch_alter_table("registration_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_registration_event_enterprise_id"))
    for table in ("certificate", "registration_event"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_constraint(batch_op.f(f"fk_{table}_enterprise_id"), type_="foreignkey")
            batch_op.drop_column("enterprise_id")
    op.drop_table("departure")
    op.execute("DELETE FROM attachment WHERE lock_id IS NOT NULL OR reply_id IS NOT NULL")
    _one_owner(_OWNERS)
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        for column in reversed(_NEW_OWNERS):
            batch_op.drop_constraint(batch_op.f(f"fk_attachment_{column}"), type_="foreignkey")
            batch_op.drop_index(batch_op.f(f"ix_attachment_{column}"))
            batch_op.drop_column(column)
    with op.batch_alter_table("registration_lock", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_registration_lock_unlocked_why"), type_="check")
        batch_op.drop_constraint(batch_op.f("ck_registration_lock_ends_after_it_begins"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_registration_lock_registration_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_registration_lock_registration_id"))
        batch_op.alter_column(
            "locked_on", existing_type=sa.Date(), existing_nullable=False, comment="锁定日期"
        )
        batch_op.drop_column("unlock_reason")
        batch_op.drop_column("registration_id")
    op.drop_index(
        "uq_declaration_draft", table_name="declaration", sqlite_where=_DRAFT, postgresql_where=_DRAFT
    )
