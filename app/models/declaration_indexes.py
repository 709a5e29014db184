"""The indexes that lists, counts and searches of declarations are read by (decision 15)."""

from typing import Any

from sqlalchemy import Index, TextClause

from app.extensions.search import gram_index


def indexes(under_way: TextClause) -> tuple[Any, ...]:
    """`under_way` is the condition of the states in which a declaration waits for somebody."""
    return (
        # A desk: one city, some states, by the days that are left. The time of submission is there for the count over
        # every work list; as a column of the index itself, since SQLite has none beside it.
        _index("region_state", "region_code", "state", "due_on", "id", "submitted_at"),
        _index("state_due", "state", "due_on", "id", "submitted_at"),
        # All states of a city or of the province; the name is there for what a search counts.
        _index("region_due", "region_code", "due_on", "id", beside=("state", "submitted_at", "name")),
        _index("due", "due_on", "id", beside=("state", "submitted_at", "name")),
        # By the time of submission, which the statistics of a city and of a period go by as well.
        _index("region_submitted", "region_code", "submitted_at", "id", beside=_COUNTED),
        _index("submitted", "submitted_at", "id", beside=("state",)),
        # What other registers say, counted without the rows; with the days left in it, SQLite took it for a desk too.
        _index("comparison", "comparison", "region_code", "state", "submitted_at"),
        _index("name", "name", "id"),
        # What is under way is a few in a hundred: the home pages count it by type, state and days left.
        Index(
            "ix_declaration_under_way",
            "region_code", "state", "due_on", "type_key", "submitted_at", "id",
            sqlite_where=under_way,
            postgresql_where=under_way,
        ),
        Index("ix_declaration_enterprise", "enterprise_id", "id"),
        gram_index("declaration", "name", within="region_code"),
        gram_index("declaration", "enterprise_name", within="region_code"),
    )  # fmt: skip


_COUNTED = ("state", "type_key", "registration_kind", "endorsed_by_id", "decided_by_id")


def _index(name: str, *columns: str, beside: tuple[str, ...] = ()) -> Index:
    """`beside`: what a question needs besides the order, so that it is answered without the row."""
    included: dict[str, Any] = {"postgresql_include": list(beside)} if beside else {}
    return Index(f"ix_declaration_{name}", *columns, **included)
