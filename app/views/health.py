"""What machines ask: whether the process lives, whether it may get requests, and a few numbers."""

import shutil
from collections.abc import Callable, Iterator
from ipaddress import ip_address, ip_network

from flask import Response, current_app, jsonify, request
from flask_appbuilder import expose
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import NotFound

from app.extensions.clock import now
from app.extensions.database import db
from app.extensions.vault import VaultClosed, vault
from app.models import Job, JobState, LoginSession
from app.security.login.browser import OPEN, browser
from app.services.schema import current_revision, newest_revision
from app.views.kit.access import PUBLIC, Screen
from config import Config

_LEAST_FREE = 200 * 1024 * 1024
_UNAVAILABLE = 503


class HealthScreen(Screen):
    """No page here reads a session: a database that is away must not keep the answer away."""

    route_base = ""
    default_view = "livez"
    roles = dict.fromkeys(("livez", "readyz", "metrics"), PUBLIC)

    @expose("/livez")
    def livez(self) -> Response:
        """The process answers. It depends on nothing else, so that nothing else gets it killed."""
        browser().leave_unread()
        return Response("ok\n", content_type="text/plain; charset=utf-8")

    @expose("/readyz")
    def readyz(self) -> Response:
        """200, or 503 with the names of what is not ready; the reasons are for the log of the operator."""
        browser().leave_unread()
        failing = [name for name, holds in _CHECKS.items() if not holds()]
        answer: Response = jsonify(ready=not failing, failing=failing)
        answer.status_code = _UNAVAILABLE if failing else 200
        answer.cache_control.no_store = True
        return answer

    @expose("/metrics")
    def metrics(self) -> Response:
        """Numbers for Prometheus, told to the network that METRICS_FROM names.

        Without one they are told to this machine, and in production to nobody.
        """
        browser().leave_unread()
        if not _may_read_metrics(request.remote_addr):
            raise NotFound
        return Response("".join(_metrics()), content_type="text/plain; version=0.0.4; charset=utf-8")


def _database() -> bool:
    try:
        with db.engine.connect() as connection:
            return bool(connection.scalar(select(1)))
    except SQLAlchemyError:
        return False


def _migrations() -> bool:
    try:
        with db.engine.connect() as connection:
            return current_revision(connection) == newest_revision()
    except SQLAlchemyError:
        return False


def _disk() -> bool:
    config: Config = current_app.extensions["platform_config"]
    try:
        return shutil.disk_usage(config.data_dir).free >= _LEAST_FREE
    except OSError:
        return False


def _keys() -> bool:
    try:
        return vault.decrypt(vault.encrypt(b"ready")) == b"ready"
    except (VaultClosed, SQLAlchemyError):
        return False


_CHECKS: dict[str, Callable[[], bool]] = {
    "database": _database,
    "migrations": _migrations,
    "disk": _disk,
    "keys": _keys,
}


def _may_read_metrics(address: str | None) -> bool:
    config: Config = current_app.extensions["platform_config"]
    try:
        asking = ip_address(address or "")
    except ValueError:
        return False
    if config.metrics_from:
        return asking in ip_network(config.metrics_from)
    # Behind a reverse proxy on the same machine every visitor would come from here.
    return asking.is_loopback and not config.production


def _metrics() -> Iterator[str]:
    counted = db.session.execute(select(Job.state, func.count()).group_by(Job.state)).all()
    jobs = {row[0]: row[1] for row in counted}
    oldest = db.session.scalar(
        select(func.min(Job.run_after)).where(Job.state == JobState.QUEUED, Job.run_after <= now())
    )
    sessions = db.session.scalar(
        select(func.count())
        .select_from(LoginSession)
        .where(LoginSession.stage == OPEN, LoginSession.ended_at.is_(None), LoginSession.expires_at > now())
    )
    yield "# HELP platform_jobs Jobs by state.\n# TYPE platform_jobs gauge\n"
    for state in JobState:
        yield f'platform_jobs{{state="{state.value}"}} {jobs.get(state.value, 0)}\n'
    yield "# HELP platform_oldest_job_seconds How long the oldest due job has waited.\n"
    yield "# TYPE platform_oldest_job_seconds gauge\n"
    yield f"platform_oldest_job_seconds {(now() - oldest).total_seconds() if oldest else 0:.0f}\n"
    yield "# HELP platform_sessions Browsers that are logged in.\n# TYPE platform_sessions gauge\n"
    yield f"platform_sessions {sessions or 0}\n"


SCREENS = (HealthScreen,)
