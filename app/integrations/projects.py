"""Projects under construction: those that are not finished and that a person leads (docs/integrations/projects.md)."""

from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l

from app.extensions.clock import today
from app.integrations.answers import Answer
from app.integrations.signed_http import SignedClient, connect
from config import Config

PATH = "/v1/unfinished-projects"
_MOST_PROJECTS, _LONGEST_NAME = 50, 200


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
    """Asks the register of projects under construction; `client` signs, and knows the other side."""

    def __init__(self, client: SignedClient) -> None:
        self._client = client

    @classmethod
    def connected(cls, config: Config) -> "ProjectsRegister":
        """As the operator has set it up. Raises `NotConnected`."""
        source = _l("Register of projects under construction")
        return cls(connect(config.projects, source=source, production=config.production))

    def led_by(self, id_number: str) -> ProjectRecord:
        """The unfinished projects whose manager (项目负责人) this person is. Raises `Unreachable` or `WrongAnswer`."""
        answer = Answer(self._client, self._client.post(PATH, {"id_number": id_number}))
        answer.only("as_of", "projects")
        as_of = answer.day("as_of", today())
        return ProjectRecord(
            as_of, tuple(_project(one, as_of) for one in answer.objects("projects", _MOST_PROJECTS))
        )


def _project(answer: Answer, as_of: date) -> Project:
    answer.only("name", "enterprise", "since")
    return Project(
        answer.text("name", _LONGEST_NAME),
        answer.text("enterprise", _LONGEST_NAME),
        answer.day("since", as_of),
    )
