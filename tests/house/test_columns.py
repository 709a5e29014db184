"""Every column tells in the law's words what it holds; the words reach the database."""

import importlib
import pkgutil

import pytest
from sqlalchemy import Column, Integer, MetaData, Table

from tests.house.tree import nothing

# Flask-AppBuilder describes its own tables; what we add to its user is ours.
_FOREIGN = "ab_"
_FOREIGN_USER = {
    "id", "first_name", "last_name", "username", "password", "active", "email", "last_login", "login_count",
    "fail_login_count", "created_on", "changed_on", "created_by_fk", "changed_by_fk",
}  # fmt: skip


def silent_columns(metadata: MetaData) -> list[str]:
    return [
        f"{table.name}.{column.name}: has no comment; say in the law's words what it holds"
        for table in metadata.sorted_tables
        if not table.name.startswith(_FOREIGN) or table.name == "ab_user"
        for column in table.columns
        if not column.comment and not (table.name == "ab_user" and column.name in _FOREIGN_USER)
    ]


@pytest.fixture
def metadata():
    """All tables: those of the models, and those of every kind of declaration."""
    import app.declarations
    import app.models

    for package in (app.models, app.declarations):
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{package.__name__}.{module.name}")
    return app.models.Account.metadata


def test_every_column_has_a_comment(metadata):
    assert "declaration" in metadata.tables
    nothing(silent_columns(metadata))


def test_a_column_without_a_comment_is_found():
    metadata = MetaData()
    Table("seat", metadata, Column("id", Integer, comment="序号"), Column("age", Integer))
    Table("ab_role", metadata, Column("id", Integer))
    Table("ab_user", metadata, Column("id", Integer), Column("city", Integer))
    assert [finding.split(":")[0] for finding in silent_columns(metadata)] == ["ab_user.city", "seat.age"]
