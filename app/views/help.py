"""Help for everybody: how each kind of visitor gets on, a guide for each role, and what is asked most."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_appbuilder import expose
from flask_babel import lazy_gettext as _l
from werkzeug.exceptions import NotFound

from app.models.policy import DEFINITIONS
from app.views import objecting
from app.views.help_guides import GUIDES, TYPES
from app.views.help_pictures import PICTURES
from app.views.kit.access import PUBLIC, Screen
from app.views.kit.policies import policy_today
from app.workflow.states import LABELS
from app.workflow.steps import way
from app.workflow.types import registry


@dataclass(frozen=True)
class TypeLine:
    """A kind of declaration as the help explains it: what for, and the way it goes."""

    label: Any
    purpose: str
    way: str


def _values() -> Mapping[str, str]:
    """Every policy value of today by its key, as the sentences of the guides name it, and what is no policy."""
    policy = policy_today()
    values = {key: policy.text(key).replace(",", " / ") for key in DEFINITIONS}
    return values | {"most_files": str(objecting.SLOT.most)}


def _types(values: Mapping[str, str]) -> list[TypeLine]:
    return [
        TypeLine(
            kind.label,
            str(TYPES.get(kind.key, "")) % values,
            " → ".join(str(LABELS[state]) for state in way(kind.flow)),
        )
        for kind in registry
    ]


class HelpScreen(Screen):
    """One page with a place for each visitor, and a whole guide for each role; no account is needed."""

    route_base = "/help"
    default_view = "index"
    title = _l("Help")
    roles = {"index": PUBLIC, "guide": PUBLIC}

    @expose("/")
    def index(self) -> str:
        return self.page("public/help.html", guides=GUIDES.values(), values=_values())

    @expose("/<key>")
    def guide(self, key: str) -> str:
        guide = GUIDES.get(key)
        if guide is None:
            raise NotFound
        values = _values()
        return self.page(
            "public/guide.html", guide=guide, guides=GUIDES.values(), values=values, types=_types(values),
            pictures=PICTURES.get(key, {}),
        )  # fmt: skip


SCREENS = (HelpScreen,)
