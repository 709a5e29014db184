"""What comes over a person from outside in a search over histories: nights, acts, locks, a renamed employer."""

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule
from sqlalchemy import select

from app.cli.demo.makers import attach
from app.extensions.clock import now, today
from app.extensions.refused import Refused
from app.models import Enterprise, EnterpriseChange, Person, RegisterAct, Registration, RegistrationLock
from app.models.enterprise_change import CHANGED
from app.security.access.roles import SYSTEM
from app.services import changed_employers, locks, register_acts
from app.services.history_import.kind import HISTORY
from app.services.imports import life_cycle
from app.services.lapsing import strike_off_ended
from tests.workbooks import workbook


class Authority:
    """Rules of a state machine that has `session`, `clock`, `people`, `person_id` and `rows`."""

    session: Any
    clock: Any
    people: Any
    person_id: int
    rows: Any
    one_is_filed: Any
    somebody_stops_a_case: Any
    imported = 0
    """Records of the paper era so far: each has a number of its own."""

    @rule(just_ended=st.sampled_from([True, True, False]), settled=st.sampled_from([True, True, False]))
    def the_night_comes(self, just_ended, settled):
        """Terms that have ended are struck off, and whoever is too old; most often the next one has just ended.

        An open case holds the night back, so most often all cases are settled before.
        """
        for action in ("withdraw", "refuse", "lapse") if settled else ():
            self.somebody_stops_a_case(action)
        ends = min(
            (one.ends_on for row in self.rows() if row.status == "valid" for one in row.held), default=None
        )
        if just_ended and ends is not None and (left := (ends - today()).days) >= 0:
            self.clock.shift(timedelta(days=left + 1))
        strike_off_ended(self.session, today())
        self.session.commit()

    @rule(
        kind=st.sampled_from(["annul", "revoke", "correct", "correct"]),
        wrong=st.sampled_from(["name", "birth", "employer", "term", "added", "taken_out", "stands", "paper"]),
        decided=st.booleans(),
        turn=st.integers(0, 9),
    )
    def the_province_acts(self, kind, wrong, decided, turn):
        """撤销, 吊销 or 更正 of a registration in any state; what cannot be is refused and leaves no trace."""
        rows = self.rows()
        if not rows:
            return
        row = rows[turn % len(rows)]
        act = RegisterAct(
            registration_number=row.number, kind=kind, reason="经查证属实。", document_number=f"{turn}号",
            **(self.right(row, wrong, turn) if kind == "correct" else {}),
        )  # fmt: skip
        first, other = self.people.chen_jing.actor, self.people.zhou_min.actor
        try:
            register_acts.propose(self.session, first, act)
            self.session.add(act)
            self.session.flush()
            attach(self.session, register_acts.EVIDENCE, b"evidence", act_id=act.id)
            self.session.commit()
            if decided:
                register_acts.confirm(self.session, other, act.id)
            else:
                register_acts.withdraw(self.session, first, act.id)
            self.session.commit()
        except Refused:
            self.session.rollback()
            self.take_back(first)

    def take_back(self, actor) -> None:
        """What was proposed and could not be carried out any more does not hold up the next act."""
        for key in self.session.scalars(select(RegisterAct.id).where(RegisterAct.stage == "proposed")).all():
            register_acts.withdraw(self.session, actor, key)
        self.session.commit()

    def right(self, row: Registration, wrong: str, turn: int) -> dict:
        held = row.held[0]
        begins = max(one.begins_on for one in row.held)
        codes = [one.uscc for one in self.session.scalars(select(Enterprise).order_by(Enterprise.id))]
        return {
            "name": {"right_name": ("演示", "演士")[turn % 2]},
            "birth": {"right_birth_date": row.birth_date - timedelta(days=turn)},
            "employer": {"right_enterprise_code": codes[turn % len(codes)]},
            "term": {"right_specialty": held.specialty, "right_ends_on": held.ends_on - timedelta(days=turn)},
            "added": {"right_specialty": "highway", "right_begins_on": begins, "right_ends_on": row.ends_on},
            "taken_out": {"right_without": held.specialty},
            "stands": {"right_standing": True},
            "paper": {"right_paper_number": f"湘P{row.id}"},
        }[wrong]

    @rule(everything=st.booleans())
    def the_province_locks_and_unlocks(self, everything):
        rows = self.rows()
        person = self.session.get_one(Person, self.person_id)
        lock = RegistrationLock(reason="核查。", locked_on=today())
        of = locks.Target(person, None if everything or not rows else rows[0])
        locks.lock(self.session, self.people.chen_jing.actor, lock, of)
        self.session.commit()
        self.one_is_filed(0, "li_juan", 1, 9, lost=False)
        locks.unlock(self.session, self.people.chen_jing.actor, lock.id, reason="未发现问题。")
        self.session.commit()

    @rule(name=st.sampled_from(["长沙新名建设有限公司（演示）", "长沙旧名建设有限公司（演示）"]))
    def the_employer_gets_another_name(self, name):
        """企业信息变更 as it is carried out: every registration that stands with it follows."""
        enterprise = self.session.get_one(Enterprise, self.people.li_juan.actor.enterprise_id)
        if enterprise.name == name:
            return
        before = {one: getattr(enterprise, column) for one, column in CHANGED.items()}
        decider = self.people.chen_jing.actor
        change = EnterpriseChange(
            enterprise_id=enterprise.id, state="completed", region_code=enterprise.region_code,
            submitted_at=now(), decided_by_id=decider.account_id,
            **{f"old_{one}": value for one, value in before.items()},
            **{f"new_{one}": value for one, value in (before | {"name": name}).items()},
        )  # fmt: skip
        self.session.add(change)
        self.session.flush()
        changed_employers.carry_out(self.session, decider, change, enterprise, today())
        self.session.commit()

    @rule(
        kind=st.sampled_from(["二级注册建造师", "二级注册临时建造师"]),
        status=st.sampled_from(["有效", "注销"]),
        several=st.sampled_from([1, 2, 2]),
        one_went=st.booleans(),
        left=st.sampled_from([40, 400]),
    )
    def a_record_of_the_paper_era_comes_in(self, kind, status, several, one_went, left):
        """历史数据导入 about the same person; what contradicts the register is found, and nothing of it is loaded."""
        self.session.rollback()
        Authority.imported += 1
        day = today()
        begins, ended = day - timedelta(days=700), day - timedelta(days=30)
        person = self.session.get_one(Person, self.person_id)
        enterprise = self.session.get_one(Enterprise, self.people.li_juan.actor.enterprise_id)
        row = {
            "name": person.name, "id_number": person.id_number, "kind": kind, "status": status,
            "number": f"湘24310{begins:%y}{Authority.imported:05d}", "registered_on": begins,
            "certificate_number": f"湘纸{Authority.imported:06d}", "begins_on": begins,
            "ends_on": day + timedelta(days=left), "enterprise_name": enterprise.name, "uscc": enterprise.uscc,
        }  # fmt: skip
        if status == "注销":
            row |= {"cancelled_on": ended, "cancelled_reason": "聘用企业破产"}
        rows = [row | {"specialty": one} for one in ("公路工程", "建筑工程")[:several]]
        if one_went and several > 1:
            rows[0] |= {"specialty_ended_on": begins + timedelta(days=100)}
        headings = [column.heading for column in HISTORY.columns]
        data = workbook(
            [headings, *([one.get(column.attribute) for column in HISTORY.columns] for one in rows)]
        )
        kept = life_cycle.check(self.session, HISTORY, data, "history.xlsx", SYSTEM)
        assert kept.good_count in (0, several)
        if kept.good_count:
            assert life_cycle.load(self.session, HISTORY, kept.id, SYSTEM).loaded_count == several
        self.session.commit()
