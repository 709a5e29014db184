"""Questions of the demonstration: what enterprises have asked, and how far each answer has come."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.demo.makers import as_actor
from app.cli.demo.people import account_named
from app.extensions.clock import as_of, now
from app.models import Consultation, Enterprise
from app.services import consultations

_QUESTIONS: tuple[tuple[str, int, str, str, tuple[tuple[str, str, str], ...]], ...] = (
    (
        "qiye-changsha-1", 12, "延续申报的办理时间",
        "本单位一名建造师的建筑专业还有四十天到期，现在可以申报延续吗？需要哪些材料？",
        (("changsha", "reply", "可以申报，请在期满三十日前上报，并上传继续教育证明和劳动合同。"),
         ("qiye-changsha-1", "close", "")),
    ),
    (
        "qiye-changsha-1", 5, "毕业证书遗失如何上传",
        "申报人员毕业证书遗失，可否以学信网学历证书电子注册备案表代替？",
        (("changsha", "reply", "可以，请在附件中上传备案表。"),),
    ),
    (
        "qiye-changsha-1", 40, "二级临时建造师延期的年限",
        "二级临时建造师本次延期后，是否还可以再次申报延期？",
        (("changsha", "forward", ""),
         ("province", "reply", "延期至规定的年龄为止，期满前可以再次申报，请以届时公布的政策值为准。"),
         ("qiye-changsha-1", "close", "")),
    ),
    (
        "qiye-changsha-2", 3, "临时建造师跨市变更",
        "原聘用企业在邵阳，变更到长沙的企业后，主管部门是否随之变更？",
        (("changsha", "forward", ""),),
    ),
    ("qiye-changsha-2", 1, "劳动合同续签", "合同将于下月到期，申报期间续签的合同应在哪个环节补充？", ()),
    (
        "qiye-shaoyang-1", 2, "注销确认逾期",
        "人员已离职且联系不上，注销申报无人确认，应如何办理？",
        (("shaoyang", "reply", "逾期未确认后申报会退回，请上传解除劳动合同证明后报请省级决定。"),
         ("qiye-shaoyang-1", "ask_again", "证明需要本人签字吗？")),
    ),
)  # fmt: skip
"""Who asked how many days ago, under which topic, what, and what was said since."""


def load_questions(session: Session) -> None:
    """Ask and answer; the caller commits. What is there already is not asked again."""
    if session.scalar(select(Consultation.id).limit(1)) is not None:
        return
    for asker, ago, subject, question, steps in _QUESTIONS:
        account = account_named(session, asker)
        enterprise = session.get_one(Enterprise, account.enterprise_id)
        with as_of(now() - timedelta(days=ago)):
            row = Consultation(
                enterprise_id=enterprise.id, region_code=enterprise.region_code, asked_by_id=account.id,
                subject=subject, question=question,
            )  # fmt: skip
            session.add(row)
            session.flush()
        for hours, (who, action, text) in enumerate(steps, 2):
            with as_of(now() - timedelta(days=ago) + timedelta(hours=hours)):
                actor = as_actor(account_named(session, who))
                consultations.take(session, actor, action, row.id, row.version, text=text)
