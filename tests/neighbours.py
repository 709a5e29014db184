"""The systems of others as tests meet them: simulators in threads, and a platform that is connected with them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.cli.demo.makers import credit_code
from app.extensions.clock import now
from app.models import Comparison, Declaration, Job, JobState
from app.security.access import limits
from app.tasks.worker import run_next
from app.workflow.comparing import JOB
from config import Config, OutsideSystem
from simulators.projects import Projects
from simulators.server import running
from simulators.social_insurance import SocialInsurance
from tests.outside import KEY_ID, SECRET

OWN, OTHER = credit_code(1), credit_code(902)
"""The enterprise of 李娟, and a unit that is none of the cast's."""
OTHER_NAME = "湖南示例劳务派遣有限公司（演示）"


@dataclass
class Neighbours:
    """What the other sides know; a test may change it, or let them fail."""

    insurance: SocialInsurance
    projects: Projects

    def insure(self, id_number: str, *codes: str) -> None:
        """These units have the person insured for years."""
        self.insurance.insured[id_number] = [{"credit_code": code, "from": "2010-01"} for code in codes]

    def silence(self, *numbers: str) -> None:
        """Neither side answers about these persons."""
        self.insurance.silent |= set(numbers)
        self.projects.silent |= set(numbers)

    def speak(self) -> None:
        self.insurance.silent.clear()
        self.projects.silent.clear()


@contextmanager
def connected(app) -> Iterator[Neighbours]:
    """The platform asks simulators that know nobody yet."""
    found = Neighbours(SocialInsurance(KEY_ID, SECRET), Projects(KEY_ID, SECRET))
    for known in (found.insurance.insured, found.projects.led):
        known.clear()
    found.speak()
    before: Config = app.extensions["platform_config"]
    with running(found.insurance) as insurance, running(found.projects) as projects:
        app.extensions["platform_config"] = replace(
            before,
            social_insurance=OutsideSystem(insurance, KEY_ID, SECRET),
            projects=OutsideSystem(projects, KEY_ID, SECRET),
        )
        yield found
    app.extensions["platform_config"] = before


def work(app) -> int:
    """Do every job that is due now; how many."""
    done = 0
    with app.app_context():
        while run_next(app):
            done += 1
    return done


def jobs(session, state: JobState | None = None) -> list[Job]:
    """What is to be compared, or was, in the order in which it was asked for."""
    session.rollback()
    found = select(Job).where(Job.kind == JOB).order_by(Job.id)
    return list(session.scalars(found.where(Job.state == state) if state else found))


def minutes_until(job: Job) -> float:
    return (job.run_after - now()) / timedelta(minutes=1)


def resting(session, kind: str) -> None:
    """This system has just let somebody wait in vain."""
    limits.count_attempt(session, f"comparison:{kind}:down")
    session.commit()


def known(session, key: int) -> dict[str, tuple[str, str | None]]:
    """Of each kind what counts now, and why it is not known."""
    session.rollback()
    rows = session.scalars(
        select(Comparison).where(Comparison.declaration_id == key, Comparison.superseded_at.is_(None))
    )
    return {one.kind: (one.result, one.unanswered) for one in rows}


def detail(session, key: int, kind: str) -> Any:
    """What was found of this kind."""
    session.rollback()
    row = session.scalars(
        select(Comparison).where(
            Comparison.declaration_id == key, Comparison.kind == kind, Comparison.superseded_at.is_(None)
        )
    ).one()
    return json.loads(row.detail)


def mark(session, key: int) -> str | None:
    """What the lists say of it."""
    session.rollback()
    return session.scalar(select(Declaration.comparison).where(Declaration.id == key))
