"""A platform with one type more, in a process of its own: what its screens, grants, papers and matrix say, as JSON."""

import json
import sys
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import time_machine

from tests.prepared import TEST_TIME

TOY = '''
"""玩具申报: an enterprise wishes one of its constructors something."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions.columns import described
from app.models import Declaration, RegistrationKind
from app.models.details import RegistrationDetails
from app.services import closing
from app.workflow import blocks, register_rules, rules
from app.workflow.checks import Check, Finding
from app.workflow.flows import REVIEWED_WITHOUT_PUBLICITY
from app.workflow.types import Asked, DeclarationType, Hours, Picker


class Toy(RegistrationDetails, Declaration):
    """A wish."""

    __tablename__ = "toy"
    __mapper_args__ = {"polymorphic_identity": "toy"}

    id: Mapped[int] = mapped_column(ForeignKey("declaration.id"), primary_key=True, comment="申报")
    wish: Mapped[str | None] = mapped_column(String(40), **described("愿望", "愿望", required=True))


def _modest(case, _policy):
    if case.values.get("wish") == "月亮":
        yield Finding("愿望太大。", "wish")


def _grant(session, rows, actor, on):
    for row in rows:
        row.wish = f"{row.wish}（已实现）"
    closing.ask_to_close(session, actor, [row.id for row in rows])


TYPE = DeclarationType(
    key="toy",
    code="99",
    model=Toy,
    label="玩具申报",
    title="玩具申报一览",
    registration_kind=RegistrationKind.REGISTERED,
    flow=REVIEWED_WITHOUT_PUBLICITY,
    position=900,
    picker=Picker.CERTIFICATE,
    specialties=Asked.ALL,
    hours=Hours.NEVER,
    fieldsets=[blocks.CONTACT, blocks.REGISTRATION, ("愿望", ["wish"])],
    attachments=[blocks.ID_CARD],
    checks=[
        rules.COMPLETE,
        register_rules.REGISTERED,
        register_rules.EMPLOYED,
        Check("modest", "注册建造师管理规定 第零条", "愿望适度", _modest),
        rules.ATTACHMENTS,
    ],
    effect=_grant,
)
'''
"""The one file: nothing else of the platform knows of it."""


def add_toy(folder: Path) -> None:
    """Put the file beside the others, as far as this process is concerned."""
    import app.declarations

    folder.mkdir(parents=True)
    (folder / "toy.py").write_text(TOY, encoding="utf-8")
    app.declarations.__path__.append(str(folder))


def main(folder: Path) -> dict[str, Any]:
    add_toy(folder)
    from sqlalchemy.orm import Session

    from app import create_app
    from app.extensions.database import db
    from app.security.login import grants
    from app.security.login.manager import sync_roles
    from tests.cast import assemble
    from tests.house.test_matrix import routes

    app = create_app()
    with app.app_context(), app.test_request_context():
        import_module("app.declarations.toy").Toy.__table__.create(db.engine)
        sync_roles(db.session, app.extensions["appbuilder"])
        db.session.commit()
        declared = grants.declared(app.extensions["appbuilder"].baseviews)
        found: dict[str, Any] = {
            "routes": sorted(
                {rule.rule for rule, _verb, screen, _m in routes(app) if "Toy" in type(screen).__name__}
            ),
            "grants": {
                str(role): sorted(permission for permission, view in of_role if "Toy" in view)
                for role, of_role in declared.items()
            },
        }
        engine = db.engine
    with Session(engine) as session:
        cast = assemble(session)
        found |= told(app, session, cast)
        found |= walked(app, session, cast)
    return found


def told(app: Any, session: Any, cast: Any) -> dict[str, Any]:
    """The story of a wish at the browsers of those who may, and of those who may not."""
    from app.models import Declaration
    from tests.cast import take
    from tests.flows.browser import Browser
    from tests.flows.papers import text_of
    from tests.flows.standing import chosen, menu, refuses
    from tests.flows.steps import Story, sample
    from tests.registered import registered

    registered(session, cast.li_juan, cast.zhang_wei, certified=False)
    clock = SimpleNamespace()
    story = Story(app, session, cast, clock)
    clerk: Browser = story.at(cast.li_juan)
    form = chosen(clerk, "玩具申报一览")
    clerk.press("保存", {"联系电话": "0731-88880001", "愿望": "月亮", "身份证扫描件": sample("id-front.jpg")})
    refused = refuses(clerk, form, "modest")
    clerk.open(form).press("保存并上报", {"愿望": "一朵花"}).says("上报成功。")
    sent, key = clerk.last, int(form.split("/")[-2])
    for other in story.others("fang_yuan", "liu_yang", "zhang_wei", "zhao_min", "admin"):
        other.is_kept_from(sent)
    menu(clerk, "玩具申报一览")
    paper = text_of(clerk.fetch("打印", within=clerk.row("张伟")))
    officer = story.at(cast.wang_qiang).open("/review/")
    officer.follow("办理", officer.row("张伟", "玩具申报")).says("一朵花")
    take(session, cast, key, "accept", "endorse", "approve", "announce")
    story.work()
    session.rollback()
    row = session.get_one(Declaration, key)
    return {"refused": refused, "paper": paper, "granted": [row.state, row.wish]}


def walked(app: Any, session: Any, cast: Any) -> dict[str, Any]:
    """The rows of the permission matrix that the toy's routes bring: what each role is answered."""
    from app.security.access.roles import Role
    from tests.cast import login
    from tests.house.test_matrix import Walk, routes
    from tests.pages import page

    answers, faults = {}, []
    for member, role in (
        (cast.li_juan, Role.ENTERPRISE),
        (cast.liu_yang, Role.ENTERPRISE),
        (cast.wang_qiang, Role.MUNICIPAL),
    ):
        client = login(app.test_client(), member)
        token = page(client, "/account/sessions").find("input", attrs={"name": "csrf_token"})["value"]
        walk = Walk(app, session, client, member.actor, role, token)
        for rule, verb, screen, method in routes(app):
            if "Toy" in type(screen).__name__:
                walk.try_route(rule, verb, screen, method)
        answers[member.name], faults = dict(walk.answers), faults + walk.faults
    return {"matrix": answers, "faults": faults}


if __name__ == "__main__":
    with time_machine.travel(TEST_TIME, tick=True):
        sys.stdout.write(json.dumps(main(Path(sys.argv[1])), ensure_ascii=False))
