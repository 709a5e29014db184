"""身份证号变更申报: each check of the type is kept once and broken once; which numbers are possible, and whose."""

from dataclasses import replace

import pytest

from app.cli.demo.filing import file_declaration
from app.declarations.id_correction import TYPE
from app.models import Person
from app.workflow.facts import declared, gather
from app.workflow.types import registry
from tests.cast import ZHANG_WEI, add_constructor
from tests.declarations.kept import POLICY, kept, values, without
from tests.declarations.proving import Proof, Proved
from tests.registered import registered

RIGHT, OF_SOMEBODY = "439900198506150035", "439900199002280025"
KEPT = replace(
    kept(TYPE, new_id_number=RIGHT, cause="首次登记时录入错误。"),
    further={"in_library": True, "taken": False, "unchanged": False},
)
NOT_IN_LIBRARY = {"further": {**KEPT.further, "in_library": False}}
CHECKS = {one.rule: one for one in TYPE.checks}


class TestRules(Proved):
    proof = Proof(
        TYPE,
        KEPT,
        broken={
            "a wrong check character": ("right_number", values(KEPT, new_id_number=RIGHT[:-1] + "6"), "new_id_number"),
            "a 15-digit number": ("right_number", values(KEPT, new_id_number="439900850615003"), "new_id_number"),
            "the number of a passport": (
                "right_number",
                values(KEPT, id_type="3", new_id_number="E12345678"),
                "new_id_number",
            ),
            "a residence permit of another place": (
                "right_number",
                values(KEPT, id_type="7", new_id_number=RIGHT),
                "new_id_number",
            ),
            "a day that never was": (
                "right_number", values(KEPT, new_id_number="439900198502300016"), "new_id_number",
            ),
            "somebody else has it": ("free_number", {"further": {**KEPT.further, "taken": True}}, "new_id_number"),
            "by the right number he is 65": (
                "right_age", values(KEPT, new_id_number="439900196105310019"), "new_id_number",
            ),
            "it is the number that he has": (
                "another_number", {"further": {**KEPT.further, "unchanged": True}}, "new_id_number",
            ),
            "not in the library and no proof of the police": (
                "attachments", {**NOT_IN_LIBRARY, **without(KEPT, "police_proof")}, "attachment_police_proof",
            ),
        },
        limits={
            "by the right number he is 65 today": (
                "right_age", values(KEPT, new_id_number="439900196106010018"),
            ),
            "a small x at the end": ("right_number", values(KEPT, new_id_number="34052419800101001x")),
            "the proof of the police in place of the library": ("attachments", NOT_IN_LIBRARY),
        },
    )  # fmt: skip


@pytest.mark.both_engines
@pytest.mark.parametrize(
    ("number", "stops"),
    [
        (RIGHT, {"attachments"}),
        (ZHANG_WEI, {"another_number"}),
        (OF_SOMEBODY, {"free_number", "attachments"}),
    ],
)
def test_the_register_and_the_library_say_whose_number_it_is(session, cast, number, stops):
    """Nobody's number and not in the library; his own; and 王芳's, who stands in the library under her own name."""
    add_constructor(session, cast.wang_qiang, "王芳", OF_SOMEBODY)
    row = registered(session, cast.li_juan, cast.zhang_wei)
    person = session.get_one(Person, row.person_id)
    filed = file_declaration(
        session, registry["id_correction"], cast.li_juan.actor, person, row, new_id_number=number
    )
    session.flush()
    case = gather(session, TYPE, declared(session, TYPE, filed, {"id_card": 1, "police_proof": 0}))
    assert {one.rule for one in TYPE.checks if one.findings(case, POLICY)} == stops
