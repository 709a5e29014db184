"""Running numbers without gaps or doubles: a counter row, taken inside the transaction that uses the number."""

from datetime import date

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.models import Counter


def next_number(session: Session, series: str) -> int:
    """The next number of the series. It is given back when the transaction rolls back.

    Take it as late as possible: on PostgreSQL the row stays locked until the commit.
    """
    return next_numbers(session, series, 1)[0]


def next_numbers(session: Session, series: str, count: int) -> range:
    """The next so many numbers of the series, in one statement. The caller uses every one of them, or rolls back."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    fresh = insert(Counter).values(series=series, value=count)
    last: int = session.execute(
        fresh.on_conflict_do_update(
            index_elements=[Counter.series], set_={"value": Counter.value + count}
        ).returning(Counter.value)
    ).scalar_one()
    return range(last - count + 1, last + 1)


def declaration_numbers(session: Session, code: str, day: date, count: int) -> list[str]:
    """申报编号: date, type, and a running number of five digits for that day and type (notes: 5.6)."""
    numbers = next_numbers(session, f"declaration:{day:%Y%m%d}:{code}", count)
    return [f"{day:%Y%m%d}{code}{number:05d}" for number in numbers]


def batch_number(session: Session, letter: str, code: str, day: date) -> str:
    """公示 S…, 公告 G…: letter, date, type, and a running number of three digits (notes: 5.6)."""
    return f"{letter}{day:%Y%m%d}{code}{next_number(session, f'batch:{letter}:{day:%Y%m%d}:{code}'):03d}"


def receipt_number(session: Session, day: date) -> str:
    return f"Y{day:%Y%m%d}{next_number(session, f'objection:{day:%Y%m%d}'):04d}"
