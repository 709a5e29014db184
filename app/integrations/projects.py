"""Unfinished projects: those that a person leads (docs/integrations/projects.md)."""

from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l

from app.integrations.fields import Fields
from app.integrations.signed_http import SignedClient, connect
from config import Config

PATH = "/v1/unfinished-projects"
_MOST_PROJECTS, _LONGEST = 50, 200


@dataclass(frozen=True)
class Project:
    """A project that is not finished: what it is called, who builds it, and since when the person leads it."""

    name: str
    enterprise: str
    since: date


@dataclass(frozen=True)
class ProjectRecord:
    """What the register of projects knew on the day `as_of`; no project: the person leads none."""

    as_of: date
    projects: tuple[Project, ...]


class ProjectsRegister:
    """Asks the register of unfinished projects; `client` signs, and knows the other side."""

    def __init__(self, client: SignedClient) -> None:
        self._client = client

    @classmethod
    def connected(cls, config: Config) -> "ProjectsRegister":
        """As the operator has set it up. Raises `NotConnected`."""
        source = _l("Register of unfinished projects")
        return cls(connect(config.projects, source=source, production=config.production))

    def led_by(self, id_number: str) -> ProjectRecord:
        """The unfinished projects whose manager (项目负责人) this person is. Raises `Unreachable` or `WrongAnswer`."""
        answer = Fields(self._client.post(PATH, {"id_number": id_number}), self._client, "answer")
        as_of = answer.past_day("as_of")
        projects = answer.objects("projects", _MOST_PROJECTS)
        return ProjectRecord(as_of, tuple(_project(one, as_of) for one in projects))


def _project(answer: Fields, as_of: date) -> Project:
    since = answer.past_day("since")
    if since > as_of:
        answer.refuse("since")
    return Project(answer.word("name", _LONGEST), answer.word("enterprise", _LONGEST), since)
