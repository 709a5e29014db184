"""Transferring: what every move to another employer writes: the register, and the certificate that names him."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from app.models import Declaration, Ending, Registration
from app.models.policy import Policy
from app.security.access.roles import Actor
from app.services import announcing, register_changes
from app.services.register_changes import Employer


def transfer(session: Session, rows: Sequence[Declaration], actor: Actor, on: date) -> None:
    """公告: the employer and its city are new, the terms and numbers stay (注册建造师管理规定 第十三条; notes: 2.9)."""

    def write(row: Declaration, registration: Registration, _policy: Policy) -> None:
        employer = Employer(row.enterprise_id, row.enterprise_name, row.region_code)
        register_changes.transfer(session, registration, employer, declaration_id=row.id, on=on)

    announcing.change(session, rows, actor, on, write=write, because=Ending.TRANSFER)
