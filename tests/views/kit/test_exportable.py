"""The cells that the database makes are those of the list, value for value, whatever somebody typed."""

from datetime import date
from decimal import Decimal

import pytest
from flask_babel import force_locale
from hypothesis import HealthCheck, Phase, given, settings, strategies as st
from sqlalchemy.orm import Session

from app.models import Enterprise
from app.security.access.roles import Actor, Role
from app.services.exports.harmless import fit, harmless
from app.services.exports.lists import Wanted, exportable
from app.services.exports.plan import ExportColumn
from tests.services.exports.test_harmless import HOSTILE

CITY = Actor(1, "王强", frozenset({Role.MUNICIPAL}), region_code="430100")
PROVINCE = Actor(2, "陈静", frozenset({Role.PROVINCIAL}))
EVERY = (
    "name", "uscc", "mobile", "enterprise_type", "region_code", "county_code", "founded_on",
    "registered_capital", "shout", "active", "business_scope", "insurance_password", "contact_name",
)  # fmt: skip


def cells(list_, columns=EVERY, actor=PROVINCE, *, by_rows=False, **wanted):
    """All cells of the export as a file holds them; `by_rows` has each made from the row, as a page does."""
    from dataclasses import replace

    from app.extensions.database import db

    with Session(db.engine) as reader:
        export = exportable(list_).export(
            reader, actor, Wanted(list_, "csv", columns=tuple(columns), **wanted)
        )
        if by_rows:
            screen = exportable(list_).screen
            known = {one.name: one for one in screen.all_columns()}
            slow = [
                ExportColumn(one.label, text=lambda row, name=name: screen.cell(known[name], row).text)
                for one, name in zip(export.columns, columns, strict=True)
            ]
            export = replace(export, columns=slow)
        return [
            [fit(cell.encode()).decode() for cell in row] for chunk in export.chunks(reader) for row in chunk
        ]


@pytest.fixture
def wide(monkeypatch, trial_app):
    """The trial list with a column of every kind."""
    from tests.views.kit.trial import TrialScreen

    monkeypatch.setattr(
        TrialScreen,
        "further_columns",
        [
            one
            for one in EVERY
            if one
            not in {
                "name",
                "uscc",
                "mobile",
                "enterprise_type",
                "region_code",
                "founded_on",
                "registered_capital",
                "shout",
                "active",
            }
        ],
    )
    return trial_app


ROWS = 25
WRITTEN = st.fixed_dictionaries(
    {
        "name": HOSTILE.map(lambda text: f"x{text}"),
        "contact_name": HOSTILE,
        "business_scope": HOSTILE,
        "insurance_password": st.sampled_from(["=1", None]),
        "enterprise_type": st.sampled_from(["1", "2", "=9"]),
        "county_code": st.sampled_from(["430102", None]),
        "registered_capital": st.sampled_from([None, *map(Decimal, ("0", "-12.5", "3000.1200", "100"))]),
        "founded_on": st.dates(date(1900, 1, 1), date(2199, 1, 1)),
        "active": st.booleans(),
    }
)


def write(engine, given_rows):
    """The enterprises of the city, as many as are given, with these values."""
    from app.extensions.database import db
    from tests.views.kit.conftest import CHANGSHA, enterprise

    found = list(db.session.query(Enterprise).filter_by(region_code=CHANGSHA).order_by(Enterprise.id))
    found += [enterprise("", CHANGSHA, 100 + number) for number in range(len(given_rows) - len(found))]
    for row, values in zip(found, given_rows, strict=True):
        for name, value in values.items():
            plain = value.replace("\0", "") if isinstance(value, str) and engine == "postgresql" else value
            setattr(row, name, plain)
    db.session.add_all(found)
    db.session.commit()


@pytest.mark.both_engines
@settings(suppress_health_check=list(HealthCheck), max_examples=4, phases=[Phase.generate])
@given(rows=st.lists(WRITTEN, min_size=ROWS, max_size=ROWS), language=st.sampled_from(["zh", "en"]))
def test_the_database_and_the_row_make_the_same_cells(people, wide, engine, rows, language):
    with wide.app_context(), force_locale(language):
        write(engine, rows)
        quick, slow = cells("TrialScreen"), cells("TrialScreen", by_rows=True)
    assert len(quick) == ROWS + 1
    assert quick == slow
    assert all(cell == harmless(cell) or cell.startswith("'") for row in quick for cell in row)


@pytest.mark.both_engines
def test_a_column_that_python_makes_costs_the_others_nothing(people, wide):
    with wide.app_context():
        plan = exportable("TrialScreen").export
        from app.extensions.database import db

        export = plan(db.session(), PROVINCE, Wanted("TrialScreen", "csv", columns=EVERY))
    assert [one.label for one in export.columns if one.sql is None] == ["Shout"]


@pytest.mark.both_engines
def test_personal_data_is_decrypted_for_the_province_alone(people):
    from werkzeug.exceptions import NotFound

    with people.app.app_context():
        masked = cells("TrialPersonScreen", ("name", "id_number", "mobile"), PROVINCE)
        full = cells(
            "TrialPersonScreen", ("name", "id_number", "mobile"), PROVINCE, unmasked=True, reason="核对"
        )
        assert masked == [["张伟", "4399**********0015", "139****0001"]]
        assert full == [["张伟", "439900198501010015", "13900000001"]]
        for actor in (CITY, Actor(3, "李娟", frozenset({Role.ENTERPRISE}), enterprise_id=1)):
            with pytest.raises(NotFound):
                cells("TrialPersonScreen", ("name", "id_number"), actor, unmasked=True, reason="核对")


def test_a_role_that_may_not_export_gets_404_from_the_job_too(people):
    from werkzeug.exceptions import NotFound

    with people.app.app_context():
        for role in (Role.AUDITOR, Role.PUBLIC, Role.INDIVIDUAL):
            with pytest.raises(NotFound):
                cells("TrialScreen", ("name",), Actor(9, "x", frozenset({role})))
        assert cells(
            "TrialScreen", ("name",), Actor(9, "赵敏", frozenset({Role.MUNICIPAL}), region_code="430500")
        ) == [["邵阳示例路桥有限公司"]]
