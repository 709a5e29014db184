"""Asking for work: the same page sent twice at one moment makes one job."""

import threading
import time

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.extensions.database import begin_writing
from app.models import Job
from app.services import jobs

_A_MOMENT = 0.5


@pytest.mark.both_engines
def test_two_who_send_one_key_at_once_get_one_job(session, cast):
    session.rollback()
    actor, engine = cast.wang_qiang.actor, session.get_bind()
    found: list[int] = []

    def ask() -> None:
        with Session(engine) as own:
            begin_writing(own)
            found.append(jobs.ask(own, actor, "export", "one key", {}).id)
            own.commit()

    begin_writing(session)
    first = jobs.ask(session, actor, "export", "one key", {}).id
    other = threading.Thread(target=ask)
    other.start()
    time.sleep(_A_MOMENT)  # long enough to stand before the key that is not committed yet
    session.commit()
    other.join(30)
    assert found == [first]
    assert session.scalar(select(func.count()).where(Job.key == "one key")) == 1
