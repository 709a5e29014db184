"""补办申报: each check of the type is kept once and broken once, after a loss and after damage."""

from app.declarations.replacement import TYPE
from tests.declarations.kept import TODAY, TOMORROW, YESTERDAY, kept, values, without
from tests.declarations.proving import Proof, Proved

KEPT = kept(
    TYPE,
    replacement_reason="loss",
    declared_lost_in="湖南日报",
    declared_lost_on=YESTERDAY,
    circumstances="搬迁时遗失。",
)
DAMAGED = values(KEPT, replacement_reason="damage", declared_lost_in=None, declared_lost_on=None)


class TestRules(Proved):
    proof = Proof(
        TYPE,
        KEPT,
        broken={
            "the loss was declared nowhere": ("loss", values(KEPT, declared_lost_in=""), "declared_lost_in"),
            "the loss was declared on no day": (
                "loss", values(KEPT, declared_lost_on=None), "declared_lost_on",
            ),
            "the loss is declared tomorrow": (
                "loss", values(KEPT, declared_lost_on=TOMORROW), "declared_lost_on",
            ),
            "nobody shows the damaged certificate": (
                "attachments", {**DAMAGED, **without(KEPT, "damaged_certificate")}, "attachment_damaged_certificate",
            ),
        },
        limits={
            "the loss was declared today": ("loss", values(KEPT, declared_lost_on=TODAY)),
            "damage needs no statement": ("loss", DAMAGED),
            "damage needs no published statement": ("attachments", {**DAMAGED, **without(KEPT, "loss_statement")}),
        },
    )  # fmt: skip
