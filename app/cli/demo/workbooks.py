"""Workbooks of the demonstration: of each kind one that was checked and has faults, one loaded, and one discarded."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.cli.demo.makers import NOWHERE, as_actor, credit_code, id_number
from app.cli.demo.people import account_named
from app.extensions.clock import as_of, now, today
from app.models import ImportStage, Person, WorkbookImport
from app.services.declaration_import.kind import declarations_of
from app.services.history_import.kind import HISTORY
from app.services.imports import life_cycle
from app.services.imports.kinds import ImportKind
from app.services.qualification_import.kind import QUALIFICATIONS
from app.workflow.types import registry

Rows = Sequence[Mapping[str, object]]

_QUALIFIED = (
    ("文博远", date(1991, 3, 4), 51, "建筑工程"),
    ("苏晓岚", date(1994, 6, 7), 52, "市政公用工程"),
    ("柳成荫", date(1989, 9, 12), 53, "机电工程"),
    ("韦一笑", date(1992, 11, 30), 55, "公路工程"),
    ("米兰", date(1995, 1, 25), 56, "水利水电工程"),
)
_QUALIFIED_SINCE = (
    ("尚可为", date(1990, 2, 17), 57, "建筑工程"),
    ("冷杉", date(1993, 4, 28), 58, "机电工程"),
    ("甘露", date(1996, 7, 6), 60, "市政公用工程"),
    ("华一鸣", date(1987, 10, 10), 65, "公路工程"),
    ("安之若", date(1991, 12, 24), 66, "园林工程"),
    ("易水寒", date(1988, 5, 1), 67, "建筑工程"),
)
_REGISTERED = (
    ("周正清", date(1969, 4, 1), 61, "二级注册建造师", "注销", "建筑工程"),
    ("杜若飞", date(1972, 8, 15), 62, "二级注册建造师", "注销", "公路工程"),
    ("鲍国安", date(1974, 10, 9), 63, "二级注册临时建造师", "有效", "建筑工程"),
    ("苗长青", date(1976, 12, 3), 65, "二级注册临时建造师", "有效", "市政公用工程"),
)
_REGISTERED_SINCE = (
    ("成大业", date(1970, 1, 19), 71, "二级注册建造师", "注销", "建筑工程"),
    ("岳建林", date(1973, 3, 21), 73, "二级注册建造师", "注销", "机电工程"),
    ("霍东来", date(1975, 5, 23), 75, "二级注册临时建造师", "挂失", "公路工程"),
)
_EMPLOYER = ("长沙示例建设有限公司（演示）", credit_code(1))


def load_workbooks(session: Session) -> None:
    """Each step commits by itself; begun again after a crash, it leaves alone what is there."""
    declarations = declarations_of(registry)
    lists: tuple[tuple[ImportKind[Any], str, str, Rows, Rows], ...] = (
        (
            QUALIFICATIONS, "province", "二级建造师资格证", _qualified(_QUALIFIED),
            [*_qualified(_QUALIFIED), *_spoilt(_qualified(_QUALIFIED_SINCE), "id_number", "year_obtained")],
        ),
        (
            HISTORY, "province-2", "建造师历史数据", _registered(_REGISTERED),
            [*_registered(_REGISTERED), *_spoilt(_registered(_REGISTERED_SINCE), "number")],
        ),
        (
            declarations, "qiye-changsha-1", "批量申报",
            _leaving(session, "龚雪松"), _leaving(session, "岑溪", "贺子轩", "苗长青", "向芊"),
        ),
    )  # fmt: skip
    for kind, login_name, title, good, faulty in lists:
        _bring(session, kind, login_name, (f"{title}（初稿）.xlsx", faulty, 24, ImportStage.DISCARDED))
        _bring(session, kind, login_name, (f"{title}.xlsx", good, 23, ImportStage.LOADED))
        _bring(session, kind, login_name, (f"{title}（续）.xlsx", faulty, 2, ImportStage.CHECKED))


def _bring(
    session: Session, kind: ImportKind[Any], login_name: str, book: tuple[str, Rows, int, ImportStage]
) -> None:
    """Upload the workbook so many days ago, and do with it what its stage says."""
    file_name, rows, ago, stage = book
    actor = as_actor(account_named(session, login_name))
    with as_of(now() - timedelta(days=ago)):
        kept = session.scalar(select(WorkbookImport).where(WorkbookImport.file_name == file_name))
        kept = kept or life_cycle.check(session, kind, _workbook(kind, rows), file_name, actor)
        if kept.stage != ImportStage.CHECKED:
            return
        if stage == ImportStage.LOADED:
            life_cycle.load(session, kind, kept.id, actor)
        elif stage == ImportStage.DISCARDED:
            life_cycle.discard(session, kind, kept.id, actor)


def _workbook(kind: ImportKind[Any], rows: Rows) -> bytes:
    book, headings = Workbook(), kind.columns.headings
    sheet: Any = book.active
    sheet.append(list(headings.values()))
    for row in rows:
        sheet.append([str(row.get(name, "")) for name in headings])
    data = BytesIO()
    book.save(data)
    return data.getvalue()


def _spoilt(rows: Rows, *attributes: str) -> Rows:
    """The last rows with one sign too few, each in another of these columns."""
    spoilt = [dict(row) for row in rows]
    for row, attribute in zip(reversed(spoilt), attributes, strict=False):
        row[attribute] = str(row[attribute])[:-1]
    return spoilt


def _qualified(people: Sequence[tuple[str, date, int, str]]) -> Rows:
    issued_on = today().replace(day=1) - timedelta(days=200)
    return [
        {
            "certificate_number": f"{NOWHERE}{issued_on.year}BK{serial:04d}",
            "name": name,
            "id_number": id_number(born, serial),
            "year_obtained": issued_on.year,
            "specialty": specialty,
            "issued_on": issued_on,
        }
        for name, born, serial, specialty in people
    ]


def _registered(people: Sequence[tuple[str, date, int, str, str, str]]) -> Rows:
    first, begins = date(2011, 6, 20), today() - timedelta(days=600)
    return [
        {
            "name": name,
            "id_number": id_number(born, serial),
            "number": f"湘2431011{serial:05d}",
            "certificate_number": f"湘建2011{serial:06d}",
            "kind": kind,
            "registered_on": first,
            "specialty": specialty,
            "begins_on": begins if status == "有效" else first,
            "ends_on": (begins if status == "有效" else first) + timedelta(days=1095),
            "enterprise_name": _EMPLOYER[0],
            "uscc": _EMPLOYER[1],
            "status": status,
            "cancelled_on": "" if status == "有效" else date(2013, 3, 20),
            "cancelled_reason": "" if status == "有效" else "已与聘用企业解除聘用合同关系",
        }
        for name, born, serial, kind, status, specialty in people
    ]


def _leaving(session: Session, *names: str) -> Rows:
    """注销 of constructors who have left, by name and ID number."""
    persons = session.scalars(select(Person).where(Person.name.in_(names)).order_by(Person.id))
    return [
        {
            "name": person.name,
            "id_number": person.id_number,
            "type": "注销",
            "phone": "0731-00000000",
            "cancellation_reason": "已与聘用企业解除聘用合同关系",
            "dismissed_on": today() - timedelta(days=30),
        }
        for person in persons
    ]
